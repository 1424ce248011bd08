"""A thing's page in a real browser: what a telephone shows first, the menu, the way to themes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import HEIGHT, PHONE, WIDE, visiting
from rallynov_graph.release.release import Release
from servers import Server, serving

MUTUALITE = "/page/organisation/mutualite-francaise-franche-comte"
TELEPHONE = 844
"""How high the screen of a telephone is that is 390 wide."""
NAMES = {
    "": ("Menu", "Explorer", "Mutualité Française Franche-Comté", "Exporter", "Citer"),
    "?lang=en": ("Menu", "Explore", "Mutualité Française Franche-Comté", "Export", "Cite"),
}


@pytest.fixture(scope="module")
def site(release: Release) -> Iterator[Server]:
    """A server of the shipped data."""
    with serving("--release", str(release.path)) as server:
        yield server


def bottom(page: Page, selector: str) -> float:
    """Where something ends, counted from the top of the first screen."""
    box = page.locator(selector).first.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("query", NAMES)
def test_the_themes_of_an_organisation_are_two_clicks_and_no_scroll_away_on_a_telephone(
    browser: Browser, site: Server, query: str
) -> None:
    menu, explore, mutualite, *_ = NAMES[query]
    with visiting(browser, site.address, viewport={"width": PHONE, "height": TELEPHONE}) as visit:
        page = visit.open(f"/{query}")
        page.get_by_role("button", name=menu).click()  # opens the sections, leads nowhere
        page.get_by_role("link", name=explore, exact=True).first.click()
        page.get_by_role("link", name=mutualite, exact=True).first.click()
        expect(page.locator("h1")).to_have_text(mutualite)
        assert page.evaluate("scrollY") == 0
        assert bottom(page, ".sentence") < TELEPHONE
        assert bottom(page, ".weakest") < TELEPHONE
        assert bottom(page, ".strengths > li:nth-child(1)") < TELEPHONE
        assert bottom(page, ".strengths > li:nth-child(2) .blocks") < TELEPHONE
        first = page.locator(".strengths > li").first
        expect(first.locator(".block")).to_have_count(3)
        expect(first.locator("a.evidence")).to_be_visible()
        assert bottom(page, ".strengths > li:last-child") < 2 * TELEPHONE


@pytest.mark.parametrize("thing", ["stage/dole", "person/bruno-herry", "innovation/mamhique"])
def test_other_things_begin_with_a_fact_and_their_themes_on_a_telephone(
    browser: Browser, site: Server, thing: str
) -> None:
    with visiting(browser, site.address, viewport={"width": PHONE, "height": TELEPHONE}) as visit:
        page = visit.open(f"/page/{thing}")
        assert bottom(page, ".sentence") < TELEPHONE
        assert bottom(page, ".strengths > li") < TELEPHONE


@pytest.mark.parametrize("query", NAMES)
@pytest.mark.parametrize("width", [PHONE, WIDE])
def test_the_menu_opens_by_key_and_closes_by_escape_and_a_press_elsewhere(
    browser: Browser, site: Server, width: int, query: str
) -> None:
    export, cite = NAMES[query][3:]
    with visiting(browser, site.address, viewport={"width": width, "height": HEIGHT}) as visit:
        page = visit.open(f"{MUTUALITE}{query}")
        summary = page.locator("details.export > summary")
        expect(summary).to_have_text(export)
        summary.focus()
        page.keyboard.press("Enter")
        turtle = page.get_by_role("link", name="Turtle", exact=True)
        expect(turtle).to_be_visible()
        assert visit.barriers() == []
        page.keyboard.press("Tab")
        page.keyboard.press("Escape")
        expect(turtle).to_be_hidden()
        expect(summary).to_be_focused()
        summary.click()
        expect(turtle).to_be_visible()
        page.locator("h1").click()
        expect(turtle).to_be_hidden()
        page.get_by_role("link", name=cite, exact=True).click()
        expect(page.locator("#cite")).to_be_in_viewport()


def test_evidence_opens_beside_the_themes(browser: Browser, site: Server) -> None:
    with visiting(browser, site.address, viewport={"width": WIDE, "height": HEIGHT}) as visit:
        page = visit.open(MUTUALITE)
        drawing = page.locator(".around").bounding_box()
        text = page.locator(".thing-first").bounding_box()
        assert drawing is not None and text is not None
        assert drawing["y"] < 250 and drawing["x"] > text["x"] + text["width"]
        page.locator(".strengths a.evidence").first.click()
        page.locator(".drawer-claim").wait_for()
        drawer = page.locator(".drawer").bounding_box()
        themes = page.locator(".strengths").bounding_box()
        assert drawer is not None and themes is not None
        assert drawer["x"] >= themes["x"] + themes["width"]
        assert visit.barriers("color-contrast", "region") == []


def test_a_page_of_a_thing_has_no_barriers(browser: Browser, site: Server) -> None:
    with visiting(browser, site.address) as visit:
        for path in (MUTUALITE, "/page/stage/dole", "/page/theme/innovation?lang=en"):
            visit.open(path)
            visit.look(PHONE, "light")
            assert visit.barriers() == [], path
            visit.look(WIDE, "dark")
            assert visit.barriers() == [], path
