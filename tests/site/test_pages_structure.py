"""Every page of the site, reached by its links: nothing dead, nothing broken, in both languages."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from rallynov_graph.base.resources import web_dir
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, read
from site_walk import Walk, faults_of_answer
from tongues import said_only

FAULTY = {
    "<p><b>x</p>": "</p> closes <b>",
    "<p>x</p></div>": "</div> closes <nothing>",
    "<main><p>x</p>": "<main> is not closed",
    "<p id=a ID='b'>x</p>": "an attribute twice on <p>",
    '<p class="a"b>x</p>': "'b' is no attribute on <p>",
    "<p>1 < 2</p>": "< begins no tag: < 2",
    '<p title="a>x</p>': '< begins no tag: <p title="a>x',
}


def test_a_page_is_read_as_a_browser_reads_it_and_what_is_wrong_is_seen() -> None:
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
    for html, fault in FAULTY.items():
        assert fault in Page(html).faults


def test_every_page_in_french_is_whole_and_leads_somewhere(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    assert Walk(client, "fr", said_only(store), each_kind=12).faults("/") == []


def test_every_kind_of_page_in_english_is_whole_and_stays_english(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    assert Walk(client, "en", said_only(store), each_kind=2).faults("/?lang=en") == []


def test_no_style_sheet_says_certainty_by_a_kind_of_line() -> None:
    rules = re.compile(r"([^{}]*)\{[^{}]*(?:dashed|dotted|dasharray|repeating-\w+-gradient)")
    sheets = [it for it in web_dir().rglob("*.css") if not {"node_modules", "built"} & {*it.parts}]
    found = {it.strip() for sheet in sheets for it in rules.findall(sheet.read_text("utf-8"))}
    drawn = {".onto-above", *(f".plot .plot-line-{number}" for number in range(1, 6))}
    assert len(sheets) > 20 and found == drawn, "classes above others, and series of a chart"


def test_a_class_of_its_own_is_styled_by_one_feature() -> None:
    styled: dict[str, set[str]] = {}
    for sheet in web_dir().rglob("style.css"):
        feature = str(sheet.relative_to(web_dir()).parent)
        if feature == "base" or "node_modules" in sheet.parts:
            continue
        for selectors in re.findall(r"([^{}]+)\{", sheet.read_text("utf-8")):
            for name in re.findall(r"(?:^|,)\s*(\.[\w-]+)\s*(?=,|$)", selectors):
                styled.setdefault(name, set()).add(feature)
    assert len(styled) > 100
    assert {name: of for name, of in styled.items() if len(of) > 1} == {}


def test_an_error_and_a_file_have_the_headers_of_every_answer(client: FlaskClient) -> None:
    for address in ("/page/stage/nowhere", "/static/logo.svg", "/ontology.ttl", "/?lang=xx"):
        assert [*faults_of_answer(client.get(address))] == [], address


def test_a_page_leads_to_itself_in_the_other_language(client: FlaskClient) -> None:
    asked = "/list/stage?sort=name&certainty=explicit"
    french = read(client, asked)
    (other,) = french.all("a", hreflang="en")
    assert other["href"] == f"{asked}&lang=en"
    english = read(client, other["href"])
    assert english.one("h1").text.endswith("stages")
    (back,) = english.all("a", hreflang="fr")
    assert back["href"] == asked


def test_files_are_kept_by_browsers_until_they_change(client: FlaskClient) -> None:
    page = read(client, "/")
    named = [it["href"] for it in page.all("link", rel="stylesheet")]
    named += [it["src"] for it in page.all("script") if it["src"]]
    assert len(named) > 2
    for address, is_kept in (*((it, True) for it in named), ("/static/logo.svg", False)):
        told = client.get(address).headers["Cache-Control"]
        assert told == ("public, max-age=31536000, immutable" if is_kept else "no-cache")
    fonts, style = (client.get(it).text for it in named[:2])
    assert fonts.count("font-display:swap") == fonts.count("url(") and "http" not in fonts
    assert "url(" not in style and "@import" not in style
    assert "prefers-color-scheme:dark" in style and "@media print" in style
    assert "prefers-reduced-motion" in style and ":focus-visible" in style
