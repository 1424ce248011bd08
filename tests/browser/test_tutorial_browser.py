"""What the tutorial tells its reader to click is there, and its pictures show what the site shows.

A newcomer gets from the README to an answer with its passage by one command and four clicks.
"""

import json
import re
import sys
from collections.abc import Iterator
from types import ModuleType

import pytest
from playwright.sync_api import Browser, Page

from browsing import visiting
from places import ROOT
from servers import Server

DOCS = ROOT / "docs"
STEPS = {
    "fr": (
        ("link", "Interroger"),
        ("link", "Quelles innovations abordent ce thème, ou un thème plus précis ?"),
        ("option", "Solidarité et santé"),
        ("button", "Demander"),
        ("row", "Colocation pour personnes âgées.*déduit"),
    ),
    "en": (
        ("link", "Query"),
        ("link", "Which innovations address this theme, or a narrower one?"),
        ("option", "Solidarity and health"),
        ("button", "Ask"),
        ("row", "Shared housing for older people.*inferred"),
    ),
}
MOST_CLICKS = 4


@pytest.fixture(scope="module")
def tutorial() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DOCS))
    import tutorial_pictures

    yield tutorial_pictures
    sys.path.remove(str(DOCS))
    del sys.modules["tutorial_pictures"]


def go(page: Page, role: str, name: str) -> int:
    """Do a step; return how many clicks it is."""
    words = re.compile(name.replace(" ?", "\\s\\?").replace("?", "\\?").replace("\\\\", "\\"))
    if role == "option":
        page.get_by_role("combobox").first.select_option(label=name)
        return 0
    if role == "row":
        page.get_by_role("row", name=re.compile(name)).locator("a.how-link").click()
    else:
        exact = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
        loose = page.locator("main").get_by_role(role, name=words)  # type: ignore[arg-type]
        (exact.or_(loose)).first.click()
    return 1


@pytest.mark.parametrize("language", STEPS)
def test_a_newcomer_reaches_a_passage_in_one_command_and_four_clicks(
    browser: Browser, server: Server, language: str
) -> None:
    readme = (ROOT / f"README{'.fr' if language == 'fr' else ''}.md").read_text("utf-8")
    first, *_ = re.findall(r"^```sh\n(.*?)\n", readme, re.MULTILINE)
    assert first == "make serve" and "http://127.0.0.1:8000" in readme
    text = (DOCS / f"tutorial{'.fr' if language == 'fr' else ''}.md").read_text("utf-8")
    with visiting(browser, server.address) as visit:
        page = visit.open(f"/?lang={language}")
        clicks = sum(go(page, *step) for step in STEPS[language])
        page.locator(".drawer-claim").wait_for()
        shown = page.locator(".drawer").inner_text()
        assert clicks <= MOST_CLICKS
        assert "carnet de route n" in shown, "its passages are named"
        assert visit.complaints == []
    assert ("*Note de preuve*" if language == "fr" else "*Evidence note*") in text
    told = [name for role, name in STEPS[language] if role != "row"]
    assert [it for it in told if f"*{it}*" not in text.replace("\N{NO-BREAK SPACE}", " ")] == []


def test_each_picture_of_the_tutorial_shows_what_the_site_shows(
    browser: Browser, server: Server, tutorial: ModuleType
) -> None:
    recorded = json.loads(tutorial.WORDS.read_text("utf-8"))
    assert [*recorded] == [*tutorial.names()]
    assert {it.name for it in tutorial.PICTURES.glob("*.webp")} == {*recorded}
    page = tutorial.still_page(browser)
    stale = []
    for language in tutorial.PAGES:
        for name, shot in tutorial.shots(language).items():
            page.goto(server.address + shot.address(language))
            if tutorial.words(page, shot) != recorded[f"{name}.{language}.webp"]:
                stale.append(f"{name}.{language}.webp")
    assert stale == [], "`make pictures` makes them anew"
    page.goto(server.address + tutorial.shots("fr")["answer"].address("fr") + "&certainty=explicit")
    other = tutorial.words(page, tutorial.shots("fr")["answer"])
    assert other != recorded["answer.fr.webp"], "what has changed is found"
    page.context.close()
