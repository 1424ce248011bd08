"""The frame: a menu of six, a path, and a certainty that every link keeps and no page hides."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient

from rallynov_graph.base.kinds import NAVIGATION
from reading_pages import Page, read

MFFC = "organisation/mutualite-francaise-franche-comte"
SECTIONS = {
    "fr": ["Le carnet", "Explorer", "Questions", "Doutes", "Télécharger", "Aide"],
    "en": ["Logbook", "Explore", "Questions", "Doubts", "Download", "Help"],
}
PAGES = {
    "Le carnet": ("/carnet/carnet-2",),
    "Explorer": (
        *("/explore", "/list/person", "/page/stage/vesoul", "/network"),
        "/resource?iri=https://schema.org/Event",
    ),
    "Questions": ("/questions/stages", "/builder"),
    "Télécharger": ("/downloads", "/changes"),
    "Aide": ("/ontology/Stage", "/report", "/accessibility", "/api", "/docs/entering"),
}
"""Sections, and pages of each; the walk over all pages finds each of them in one section."""


def sections(page: Page) -> dict[str, str]:
    """Return the sections of the header with what they say of the page."""
    links = [a for a in page.all("a") if {"header", "nav"} <= {*a.inside}]
    return {a.text: a["aria-current"] for a in links}


def kept(page: Page, name: str) -> set[str]:
    """Return the values of a parameter in the links of a page to other pages of the site."""
    found = set()
    for a in page.all("a"):
        place = urlsplit(a["href"])
        is_page = not place.netloc and "." not in place.path.rpartition("/")[2]
        is_of_frame = ("nofollow" in a["rel"] and "main" in a.inside) or a[
            "class"
        ] == "other-language"
        if place.path and is_page and not is_of_frame and "/cite" not in place.path:
            found |= {*parse_qs(place.query).get(name, [""])}
    return found


def test_the_header_names_six_sections_and_each_page_is_in_one(client: FlaskClient) -> None:
    for language, names in SECTIONS.items():
        assert [*sections(read(client, f"/?lang={language}"))] == names
    for section, addresses in PAGES.items():
        for address in addresses:
            told = sections(read(client, address))
            assert [name for name, current in told.items() if current] == [section], address
    assert not any(sections(read(client, "/")).values()), "the home is in none"


def test_a_path_and_three_words_stand_above_the_title(client: FlaskClient) -> None:
    page = read(client, "/page/stage/vesoul")
    title, path = page.one("h1"), page.one("nav", **{"class": "path"})
    assert [a["href"] for a in page.all("a") if a.inside[-3:] == ("nav", "ol", "li")] == [
        "/explore",
        "/list/stage",
    ]
    acts = page.one("ul", **{"class": "acts"})
    assert path.start < acts.start < title.start
    assert [e.text for e in page.all("summary") if acts.start <= e.start < (acts.end or 0)] == [
        *("Citer", "BibTeX, RIS, CSL-JSON, Markdown", "Exporter")
    ]


def test_explore_and_help_lead_to_what_they_hold(client: FlaskClient) -> None:
    led = {a["href"] for a in read(client, "/explore").all("a")}
    assert {*(f"/list/{kind}" for kind in NAVIGATION), "/network"} <= led
    led = {a["href"] for a in read(client, "/docs?lang=en").all("a")}
    assert {f"/{it}?lang=en" for it in ("about", "api", "ontology", "accessibility")} <= led


def test_comparing_and_relating_begin_at_a_thing_and_stand_in_no_menu(client: FlaskClient) -> None:
    for path in ("/", "/list/person", "/network", "/compare", "/between"):
        offered = {urlsplit(a["href"]).path for a in read(client, path).all("a", rel="")}
        examples = {path} if path in ("/compare", "/between") else set()
        assert not offered & {"/compare", "/between"} - examples, path
    page = read(client, "/page/person/bruno-herry")
    assert {e["action"] for e in page.all("form")} >= {"/compare", "/between"}
    fields = {e["name"] for e in page.all("input", value="person/bruno-herry")}
    assert fields == {"a", "from"}


def test_every_link_keeps_the_certainty(client: FlaskClient) -> None:
    for address in (
        "/",
        "/list/person",
        "/page/stage/vesoul",
        "/list/organisation?view=matrix",
        "/questions",
        "/about",
    ):
        joined = "&" if "?" in address else "?"
        page = read(client, f"{address}{joined}certainty=explicit")
        assert kept(page, "certainty") == {"explicit"}, address
        page = read(client, f"{address}{joined}certainty=inferred&lang=en")
        assert kept(page, "certainty") == {"inferred"} and kept(page, "lang") == {"en"}, address
        assert kept(read(client, address), "certainty") == {""}, address


def test_forms_keep_the_certainty(client: FlaskClient) -> None:
    page = read(client, "/between?certainty=explicit&lang=en")
    values = {e["value"] for e in page.all("input", name="certainty")}
    forms = len(page.all("form"))
    assert values == {"explicit"} and len(page.all("input", name="certainty")) == forms > 1


def test_the_least_certainty_is_not_written_out(client: FlaskClient) -> None:
    for address in ("/list/person", "/page/stage/vesoul", "/questions/stages"):
        answer = client.get(f"{address}?certainty=tentative&lang=en")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"{address}?lang=en")
    for address in ("/list/person.csv", "/api/questions/stages", "/questions/stages.csv"):
        assert client.get(f"{address}?certainty=tentative").status_code == 200, address


def test_a_question_is_asked_at_the_certainty_of_its_address(client: FlaskClient) -> None:
    page = read(client, "/questions/themes_of_organisation?certainty=explicit")
    (asked,) = [e for e in page.all("input", name="certainty") if "main" in e.inside]
    assert (asked["type"], asked["value"]) == ("hidden", "explicit")
    every = read(client, "/questions/themes_of_organisation")
    assert not [e for e in every.all("input", name="certainty") if "main" in e.inside]
    assert len(page.all("tr")) < len(every.all("tr"))


ENGLISH = {"Accept-Language": "de, en;q=0.8, fr;q=0.5"}


def test_an_address_decides_the_language_and_the_first_page_alone_asks_the_browser(
    client: FlaskClient,
) -> None:
    for asked, now in (
        ("/", "/?lang=en"),
        ("/?certainty=explicit", "/?certainty=explicit&lang=en"),
    ):
        led = client.get(asked, headers=ENGLISH)
        assert (led.status_code, led.headers["Location"]) == (302, now)
        assert "Accept-Language" in led.headers["Vary"]
    assert "Accept-Language" in client.get("/").headers["Vary"]
    for address in ("/?lang=fr", "/docs", "/list/stage", "/nowhere", "/search?q=dole"):
        answer = client.get(address, headers=ENGLISH)
        assert '<html lang="fr">' in answer.text, address
        assert "Accept-Language" not in answer.headers.get("Vary", ""), address
    home = {a["href"] for a in read(client, "/docs").all("a", **{"class": "brand"})}
    assert home == {"/?lang=fr"}, "a reader of French stays with it"


def test_forms_redirects_and_errors_keep_the_language(client: FlaskClient) -> None:
    for address in ("/nowhere", "/page/stage/nowhere", "/list/stage?certainty=x", "/search?kind=x"):
        joined = "&" if "?" in address else "?"
        page = Page(client.get(f"{address}{joined}lang=en", headers={"Accept": "text/html"}).text)
        assert page.one("html")["lang"] == "en" and kept(page, "lang") == {"en"}, address
    for address in ("/page/stage/vesoul?certainty=tentative", "/carnet"):
        joined = "&" if "?" in address else "?"
        led = client.get(f"{address}{joined}lang=en")
        assert led.status_code // 100 == 3 and led.headers["Location"].endswith("lang=en"), address
    for address in (
        "/docs",
        "/doubts",
        "/questions/themes_of_organisation",
        "/network",
        "/builder",
    ):
        page = read(client, f"{address}?lang=en")
        forms = [e for e in page.all("form") if e["method"] == "get"]
        assert forms and len(page.all("input", name="lang", value="en")) == len(forms), address


EVERY_KIND = (
    *("/", "/explore", "/list/stage", "/list/theme", "/list/organisation?view=matrix"),
    *("/list/stage?view=map", f"/page/{MFFC}", "/page/stage/vesoul", "/page/theme/formation"),
    *("/page/passage/carnet-2-843-904", "/page/document/carnet-2", "/carnet/carnet-2"),
    *("/network", "/network?centre=stage/vesoul", "/questions/themes_of_organisation"),
    *("/compare?a=organisation/legeni&b=organisation/indibat", "/ontology/carriedBy"),
    "/between?from=organisation/legeni&to=organisation/indibat",
)
"""Pages of each kind that show fewer facts at a higher certainty."""
SAME = (
    *("/about", "/doubts", "/docs", "/downloads", "/questions", "/ontology", "/search?q=dole"),
    *("/builder", "/changes", "/nowhere", "/sparql", "/report"),
)
"""Pages that say the same at every certainty."""
STATE = re.compile(
    r'<input type="hidden" name="certainty"[^>]*>'
    r"|(?:[?&]|&amp;|%3F|%26)certainty(?:=|%3D)\w+|<[^>]*>"
)
"""Where a page says which certainty it was asked at, and its tags."""


def content(client: FlaskClient, address: str, certainty: str) -> tuple[str, str]:
    """Return what a page says at a certainty, and what it says of facts that are hidden."""
    joined = "&" if "?" in address else "?"
    html = client.get(f"{address}{joined}certainty={certainty}", follow_redirects=True).text
    said = html.partition('<div class="page">')[2].partition("<footer")[0]
    notes = [e.text for e in Page(html).all("p", **{"class": "hidden-facts"})]
    return " ".join(STATE.sub(" ", said).split()), " ".join(notes)


def test_no_page_hides_facts_in_silence(client: FlaskClient) -> None:
    for address in EVERY_KIND + SAME:
        every, note = content(client, address, "tentative")
        assert not note, address
        for certainty in ("inferred", "explicit"):
            said, note = content(client, address, certainty)
            assert note.endswith("tout montrer") or said == every, (address, certainty)
            assert not note or address not in SAME, address
    for certainty, hidden in (("inferred", 1), ("explicit", 2)):
        _, note = content(client, "/page/organisation/indibat", certainty)
        assert note.startswith(f"{hidden} fait")
