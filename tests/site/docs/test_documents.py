"""The documents as pages of the site: by need, in both languages, with a search."""

from __future__ import annotations

import re
from pathlib import Path

from flask.testing import FlaskClient

from places import ROOT
from rallynov_graph.site.docs.documents import documents, files
from rallynov_graph.site.docs.markdown_pages import CodeWords, html_of, markdown_text
from rallynov_graph.site.model.addresses import Address
from reading_pages import Page, faults, read, without_anchor

WORDS = CodeWords("example", "table", "drawing")


def test_the_list_leads_to_each_document_in_its_language(client: FlaskClient) -> None:
    for language, asked in (("fr", ""), ("en", "?lang=en")):
        page = read(client, f"/docs{asked}")
        shown = {without_anchor(a["href"]).partition("?")[0] for a in page.all("a")}
        assert {f"/docs/{name}" for name in documents()} <= shown
        assert ("n’existent que" in page.text) == (language == "fr")
        about = {without_anchor(a["href"]) for a in read(client, f"/about{asked}").all("a")}
        assert f"/docs{asked}" in about


def test_each_document_says_in_which_language_it_is_and_shows_its_pictures(
    client: FlaskClient,
) -> None:
    pictures = set()
    for name, document in documents().items():
        page, told = read(client, f"/docs/{name}"), document.language_for("fr")
        assert page.one("h1")["lang"] == ("" if told == "fr" else told), name
        notes = [it.text for it in page.all("p", role="note")]
        assert ["n’existe qu’en anglais" in it for it in notes] == [True] * (told == "en"), name
        pictures |= {img["src"] for img in page.all("img")}
    assert pictures and [it for it in pictures if client.get(it).status_code != 200] == []
    assert read(client, "/docs/architecture?lang=en").all("p", role="note") == []


def test_a_search_finds_what_has_the_words_whatever_their_accents(client: FlaskClient) -> None:
    page = read(client, "/docs?q=edition+chiffres")
    assert faults(page, "fr") == []
    [found] = [it for it in page.all("ol") if "docs-found" in it["class"]]
    links = [a["href"] for a in page.all("a") if a["href"].startswith("/docs/")]
    assert "/docs/how-to/edition" in map(without_anchor, links)
    marked = {it.text.lower() for it in page.all("mark")}
    assert "édition" in marked and found.text
    some = read(client, "/docs?q=edition+xylophone&lang=en")
    assert "at least one" in some.text
    nothing = read(client, '/docs?q=xylophone"%3Czyx%3E+kwkwk(')
    assert "Aucun document" in nothing.text and faults(nothing, "fr") == []
    long = read(client, "/docs?q=" + "a" * 5000)
    assert len(long.one("input", id="docs-q")["value"]) == 200


def test_what_documents_link_to_is_served_and_the_rest_of_the_repository_is_plain_text(
    client: FlaskClient,
) -> None:
    nginx = client.get("/docs/deploy/nginx.conf.txt")
    assert nginx.data == (ROOT / "deploy" / "nginx.conf").read_bytes()
    assert nginx.mimetype == "text/plain"
    name = next(it for it in files() if it.endswith(".webp"))
    assert client.get(f"/docs/{name}").data[8:12] == b"WEBP"
    page = read(client, "/docs/architecture?lang=en")
    assert "CONTRIBUTING.md" in page.text
    links = [a["href"] for a in page.all("a")]
    assert [it for it in links if "CONTRIBUTING" in it or "decisions" in it] == []


def test_html_in_a_document_is_never_that_of_a_page(tmp_path: Path) -> None:
    path = tmp_path / "x.md"
    path.write_text(
        "# A <b>\n\n<script>alert(1)</script> [x](javascript:alert(1)) `<i>`\n\n"
        "## Twice\n\n## Twice\n\n```sh\na < b\n```\n\n```text\na   b\n```\n\n"
        "| a |\n| --- |\n| <u> |\n",
        "utf-8",
    )
    text = markdown_text(path, "en")
    html = html_of(text, Address, WORDS)
    assert text.title == "A <b>"
    assert [it.anchor for it in text.headings] == ["twice", "twice-1"]
    assert "<script" not in html and "<u>" not in html and "<i>" not in html
    assert 'href="javascript' not in html
    assert html.count("<pre") == 2 and html.count('<pre class="wide-code"') == 1
    assert Page(f"<main>{html}</main>").faults == []


PLACES = re.compile(r"`(/[\w./-]*)`")
NOT_PAGES = re.compile(
    r"/(id/|r/|cite$|metrics|readyz|healthz|\.well-known/security|only/|var/|etc/|opt/)"
)
"""What begins an address, or is the server's or the machine's own."""


def test_each_address_that_a_page_for_readers_names_is_there(client: FlaskClient) -> None:
    named = {
        place
        for name, document in documents().items()
        if document.need in ("tutorial", "how-to", "explanation")
        or name in ("glossary", "citing", "linked-data")
        for path in document.files.values()
        for place in PLACES.findall(path.read_text("utf-8"))
        if not NOT_PAGES.match(place)
    }
    statuses = {place: client.get(place, headers={"Accept": "*/*"}).status_code for place in named}
    assert {it: status for it, status in statuses.items() if status not in (200, 303)} == {}
    assert len(named) > 20
