"""The accessibility statement claims what the tests show, and says what nobody tried."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import looks
from browsing import NARROW, PHONE, WIDE
from places import TESTS
from rallynov_graph.release.publication import Publication
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page, faults, read

CLAIMS = {
    "fr": (
        "axe ne trouve pas d’obstacle",
        "à 200",
        "n’en recouvre un autre",
        "clavier suffit",
        "sans JavaScript",
        "s’imp",
        "lecteur d’écran simulé",
    ),
    "en": (
        "axe finds no barrier",
        "to 200%",
        "No text lies over another",
        "keyboard is enough",
        "without JavaScript",
        "print",
        "simulated screen reader",
    ),
}
UNTRIED = {
    "fr": ("véritable lecteur d’écran", "d’autres navigateurs"),
    "en": ("real screen reader", "other browsers"),
}
PARTS = {
    "fr": ("Ce qui reste moins accessible", "Ce qui n’a pas été essayé", "aucun audit indépendant"),
    "en": ("What remains less accessible", "What was not tried", "no independent audit"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_statement_says_what_was_tried_and_what_was_not(
    client: FlaskClient, language: str
) -> None:
    page = read(client, f"/accessibility?lang={language}")
    assert faults(page, language) == []
    less, not_tried, no_audit = PARTS[language]
    tried, _, others = page.text.partition(less)
    untried = others.partition(not_tried)[2]
    assert all(claim in tried for claim in CLAIMS[language])
    assert all(words in untried and words not in tried for words in UNTRIED[language])
    assert no_audit in tried
    assert {str(NARROW), str(PHONE), str(WIDE)} <= {*re.findall(r"\d+", tried)}


def test_every_page_leads_to_the_statement(client: FlaskClient) -> None:
    for address in ("/", "/page/stage/vesoul", "/list/nowhere"):
        page = Page(client.get(address).text)
        assert "/accessibility" in [a["href"] for a in page.all("a") if "footer" in a.inside]


def test_whom_to_tell_is_named_where_the_operator_is_known(
    release: Release, store: EmbeddedStore
) -> None:
    told = Publication.of("", "An archive", "https://example.org/archive")
    client = create_app(store.pages(), release, publication=told).test_client()
    link = read(client, "/accessibility").one("a", href="https://example.org/archive")
    assert link.text == "An archive"


def test_the_widths_and_looks_claimed_are_those_tried_in_the_browser() -> None:
    seen = {
        (language, width, scheme)
        for language, tried in looks.LOOKS.items()
        for width, scheme, _ in tried
    }
    assert seen == {("fr", WIDE, "light"), ("fr", NARROW, "dark"), ("en", NARROW, "light")}
    assert looks.WIDTHS == (WIDE, PHONE, NARROW) == (1280, 390, 320)


def test_nobody_has_tried_another_browser_or_a_real_screen_reader_meanwhile() -> None:
    """Who adds such a test changes the statement with it."""
    texts = [p.read_text("utf-8") for p in TESTS.rglob("*.py") if p.name != Path(__file__).name]
    for untried in ("firefox.launch", "webkit.launch", "orca"):
        assert not any(untried in text for text in texts), untried
