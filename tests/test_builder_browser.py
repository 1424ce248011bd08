"""A question built in a real browser, by keyboard alone, in a window as narrow as a phone."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from browsing import NARROW, visiting
from servers import Server

TOLD = "[data-follows=told]"


def to(page: Page, control: str) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(80):
        if page.evaluate("control => document.activeElement.matches(control)", control):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached by keyboard")


def choose(page: Page, control: str, text: str) -> None:
    """Choose in a list by writing the beginning of its text."""
    to(page, control)
    page.keyboard.type(text)


def test_a_question_is_built_by_keyboard_on_a_narrow_page(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        visit.look(NARROW, "light")
        page = visit.open("/builder")
        assert visit.barriers() == []
        assert not visit.overflows()
        to(page, "main a[href*=Stage]")
        page.keyboard.press("Enter")
        page.wait_for_url("**?kind=*")
        choose(page, "#add", "th")
        to(page, "#add + button")
        page.keyboard.press("Enter")
        page.wait_for_url("**#c-1")
        assert page.evaluate("document.activeElement.id") in ("", "c-1"), "one goes on from there"
        to(page, "#f-1")
        page.keyboard.insert_text("gouv")
        page.locator("#f-1__listbox [role=option]").first.wait_for()
        page.keyboard.press("ArrowDown")
        page.wait_for_timeout(400)  # somebody who reads the proposals has not written a name yet
        page.keyboard.press("Enter")
        # What was chosen is told without asking for the page again.
        page.keyboard.press("Tab")
        expect(page.locator(TOLD)).to_contain_text("Gouvernance")
        expect(page.locator(TOLD)).to_contain_text("1 chose trouvée")
        assert "1.is=theme%2Fgouvernance" in page.url
        assert page.locator("main td").count() == 1
        choose(page, "#add", "port")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**#c-2")
        choose(page, "#f-2", "BGE")
        page.keyboard.press("Tab")
        expect(page.locator(TOLD)).to_contain_text("BGE Franche-Comté")
        to(page, "#c-2 summary")
        page.keyboard.press("Enter")
        assert visit.barriers() == []
        assert not visit.overflows()
        to(page, "a[href*='/sparql?query=']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sparql?query=*")
        assert visit.complaints == []
