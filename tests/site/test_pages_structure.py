"""Every page of the site, reached by its links: nothing dead, nothing broken, in both languages."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator, Mapping

import pytest
from flask.testing import FlaskClient

from plain_words import old_words
from rallynov_graph.site.web.headers import SECURITY
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import DATA, Page, anchor, faults, read, without_anchor
from tongues import mistaken, said_only

MANY = 15
"""So many choices and downloads of a kind of page are read, then each hundredth."""
EACH_KIND = 2
"""How many things of each kind the English crawl reads; the French one reads all."""

LOOSE = re.compile(r"[ \N{NO-BREAK SPACE}]([?!;»%]|:(?=\s|$))|«[ \N{NO-BREAK SPACE}]")
"""French that is not set with the narrow spaces that it wants."""
LEAD_ON = {"/carnet"}
"""What leads to another page: the list of documents, to the only one.

The page of a value of a small list leads for good to the list that it narrows.
"""


def is_one_of_many(address: str) -> bool:
    """Tell whether an address chooses among what a page shows, or downloads it."""
    return "?" in address or address.startswith(("/data/", "/cite/")) or "." in address


def faults_of(
    page: Page, address: str, language: str, said: Mapping[str, frozenset[str]]
) -> Iterator[str]:
    """Yield what is wrong in a page."""
    yield from faults(page, language)
    yield from (f"no words of {told}: {it}" for it, told in mistaken(page, said))
    yield from (f"old word: {it}" for it in old_words(page, address, language))
    if not address.startswith("/docs"):  # documents are written with plain spaces
        loose = (it for it, told in page.spoken if told == "fr" and LOOSE.search(it))
        yield from (f"spaces: {it}" for it in loose)


def crawl(
    client: FlaskClient, store: EmbeddedStore, start: str, language: str, each_kind: int = 10_000
) -> list[str]:
    """Return what is wrong anywhere on the site, page by page from a first one."""
    said = said_only(store)
    wrong: list[str] = []
    known: dict[str, set[str]] = {}
    wanted: list[tuple[str, str, str]] = []
    read_of_kind: dict[str, int] = {}
    met: Counter[str] = Counter()
    seen, queue = {start}, deque([start])
    while queue:
        address = queue.popleft()
        kind = "/".join(address.partition("?")[0].split("/")[:3])
        read_of_kind[kind] = read_of_kind.get(kind, 0) + 1
        if address.startswith("/page/") and read_of_kind[kind] > each_kind:
            continue
        answer = client.get(address)
        target = answer.headers.get("Location", "")
        is_value = address.startswith("/page/") and target.startswith("/list/")
        if answer.status_code == (301 if is_value else 303) and (
            is_value or address.partition("?")[0] in LEAD_ON
        ):
            queue += [target] * (target not in seen)
            seen.add(target)
            continue
        if answer.status_code != 200:
            wrong.append(f"{address}: {answer.status_code}")
            continue
        if answer.mimetype != "text/html":
            continue
        page = Page(answer.get_data(as_text=True))
        wrong += [f"{address}: {it}" for it in faults_of(page, address, language, said)]
        known[address] = {element["id"] for element in page.elements if element["id"]}
        for link in page.links():
            target = without_anchor(link)
            if anchor(link):
                wanted.append((address, target or address, anchor(link)))
            same_language = ("lang=en" in target) == (language == "en")
            if target not in seen and (same_language or target.startswith("/static/")):
                seen.add(target)
                alike = "/".join(target.split("?")[0].split("/")[:2]) + "?" * ("?" in target)
                met[alike] += 1
                if not is_one_of_many(target) or met[alike] <= MANY or met[alike] % 100 == 0:
                    queue.append(target)
    wrong += [
        f"{address}: {target}#{part} is not there"
        for address, target, part in wanted
        if target in known and part not in known[target]
    ]
    return wrong


@pytest.mark.parametrize(
    ("html", "fault"),
    [
        ("<p><b>x</p>", "</p> closes <b>"),
        ("<p>x</p></div>", "</div> closes <nothing>"),
        ("<main><p>x</p>", "<main> is not closed"),
        ("<p id=a ID='b'>x</p>", "an attribute twice on <p>"),
        ('<p class="a"b>x</p>', "'b' is no attribute on <p>"),
        ("<p>1 < 2</p>", "< begins no tag: < 2"),
        ('<p title="a>x</p>', '< begins no tag: <p title="a>x'),
    ],
)
def test_what_is_wrong_in_a_page_is_seen(html: str, fault: str) -> None:
    assert fault in Page(html).faults


def test_a_page_is_read_as_a_browser_reads_it() -> None:
    page = Page(
        "<!DOCTYPE html><!-- <p> --><P Title='a>b' hidden>&eacute;<br>&lt;é</P>"
        "<svg><path d=1 /></svg>"
        "<script>if (a < b) '</p>'</script><template><i>later</i></template><em>x</em>"
    )
    assert page.faults == []
    assert [(e.tag, e.attributes, e.inside, e.text) for e in page.elements] == [
        ("p", {"title": "a>b", "hidden": ""}, (), "é<é"),
        ("br", {}, ("p",), ""),
        ("svg", {}, (), ""),
        ("path", {"d": "1"}, ("svg",), ""),
        ("script", {}, (), "if (a < b) '</p>'"),
        ("template", {}, (), "later"),
        ("i", {}, ("template",), "later"),
        ("em", {}, (), "x"),
    ]


@pytest.mark.usefixtures("uncounted")
def test_every_page_in_french_is_whole_and_leads_somewhere(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    assert crawl(client, store, "/", "fr") == []


@pytest.mark.usefixtures("uncounted")
def test_every_kind_of_page_in_english_is_whole_and_stays_english(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    assert crawl(client, store, "/?lang=en", "en", EACH_KIND) == []


def test_every_answer_has_the_security_headers(client: FlaskClient) -> None:
    for address in ("/", "/page/stage/nowhere", "/static/logo.svg", "/ontology.ttl", "/?lang=xx"):
        answer = client.get(address)
        missing = {name for name in SECURITY if name not in answer.headers}
        assert not missing, address
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers


def test_no_page_asks_for_anything_from_elsewhere(client: FlaskClient) -> None:
    page = read(client, "/")
    loaded = [
        e["src"] or e["href"]
        for e in page.elements
        if e.tag in ("img", "link", "script")
        and e["rel"] in ("", "stylesheet", "icon")
        and e["type"] != DATA
    ]
    assert loaded
    assert [address for address in loaded if not address.startswith("/")] == []


def test_a_page_leads_to_itself_in_the_other_language(client: FlaskClient) -> None:
    french = read(client, "/list/stage?sort=name")
    (other,) = french.all("a", hreflang="en")
    english = read(client, other["href"])
    assert other["href"] == "/list/stage?sort=name&lang=en"
    assert english.one("h1").text == "9 stages"
    (back,) = english.all("a", hreflang="fr")
    assert back["href"] == "/list/stage?sort=name"
    for page in (french, english):
        told = [(e["hreflang"], e["href"]) for e in page.all("link") if e["hreflang"]]
        assert told == [("fr", "/list/stage?sort=name"), ("en", "/list/stage?sort=name&lang=en")]


def test_a_page_of_the_same_release_is_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/list/stage")
    again = client.get("/list/stage", headers={"If-None-Match": first.headers["ETag"]})
    other = client.get("/list/person", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200


def test_style_is_kept_by_browsers_until_it_changes(client: FlaskClient) -> None:
    styles = read(client, "/").all("link", rel="stylesheet")
    for style in styles:
        assert "immutable" in client.get(style["href"]).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/logo.svg").headers["Cache-Control"]


def test_the_style_loads_nothing_and_uses_no_colour_but_its_own(client: FlaskClient) -> None:
    _, style = read(client, "/").all("link", rel="stylesheet")
    css = client.get(style["href"]).get_data(as_text=True)
    assert "url(" not in css and "@import" not in css
    assert "prefers-color-scheme:dark" in css and "@media print" in css
    assert "prefers-reduced-motion" in css and ":focus-visible" in css


def test_the_robots_file_leaves_queries_alone(client: FlaskClient) -> None:
    assert b"Disallow: /sparql" in client.get("/robots.txt").data
