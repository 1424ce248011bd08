"""The accessibility statement claims what the tests show, and says what nobody tried."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

import test_browser
from browsing import NARROW, WIDE
from reading_pages import read

TESTS = Path(__file__).parent
CLAIMS = {
    "fr": (
        "axe ne trouve pas d’obstacle",
        "le clavier suffit",
        "sans JavaScript",
        "s’impriment",
        "lecteur d’écran simulé",
    ),
    "en": (
        "axe finds no barrier",
        "the keyboard is enough",
        "without JavaScript",
        "printed",
        "simulated screen reader",
    ),
}
UNTRIED = {
    "fr": ("véritable lecteur d’écran", "200", "d’autres navigateurs"),
    "en": ("real screen reader", "200%", "other browsers"),
}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_statement_says_what_was_tried_and_what_was_not(
    client: FlaskClient, language: str
) -> None:
    text = read(client, f"/about?lang={language}").text.partition("WCAG 2.2")[2]
    tried, _, untried = text.partition(
        "Ce qui n’a pas été essayé" if language == "fr" else "What was not tried"
    )
    assert all(claim in tried for claim in CLAIMS[language])
    assert all(words in untried and words not in tried for words in UNTRIED[language])
    assert ("aucun audit indépendant" if language == "fr" else "no independent audit") in tried
    assert {str(NARROW), str(WIDE)} <= {*tried.split()}


def test_the_widths_and_looks_claimed_are_those_tried_in_the_browser() -> None:
    looks = {
        (language, width, scheme)
        for language, looks in test_browser.LOOKS.items()
        for width, scheme, _ in looks
    }
    assert looks == {("fr", WIDE, "light"), ("fr", NARROW, "dark"), ("en", NARROW, "light")}
    assert (NARROW, WIDE) == (320, 1280)


def test_nobody_has_tried_another_browser_or_a_real_screen_reader_meanwhile() -> None:
    """Who adds such a test changes the statement with it."""
    texts = [p.read_text("utf-8") for p in TESTS.glob("*.py") if p.name != Path(__file__).name]
    for untried in ("firefox.launch", "webkit.launch", "device_scale_factor", "orca"):
        assert not any(untried in text for text in texts), untried
