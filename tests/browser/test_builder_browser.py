"""A question built in a real browser, by keyboard alone, in a window as narrow as a phone."""

from __future__ import annotations

import pytest
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


THEMED = "/builder?kind=rn:Stage&1=dcterms:subject"
CELLS = "main td"


def write(page: Page, text: str) -> None:
    """Write so much into the field for a theme, until names are proposed."""
    page.locator("#f-1").click()
    page.keyboard.insert_text(text)
    page.locator("#f-1__listbox [role=option]").first.wait_for()


def sent(page: Page) -> list[str]:
    """Return a list to which each address that asks the builder for its page is added."""
    asked: list[str] = []
    page.on("request", lambda it: asked.append(it.url) if "/builder?" in it.url else None)
    return asked


def test_a_word_that_is_half_written_is_no_value(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open(THEMED)
        before = page.locator(CELLS).count()
        asked = sent(page)
        write(page, "gou")
        page.locator("h1").click()
        page.locator("#f-1-how").select_option("hidden")
        expect(page.locator("main th")).to_have_count(1)
        assert page.locator(CELLS).count() and before
        page.locator("#add").select_option("rn:carriedBy")
        page.locator("#add + button").click()
        page.wait_for_url("**#c-2")
        expect(page.locator(TOLD)).not_to_contain_text("n’est pas comprise")
        assert page.locator(CELLS).count()
        assert asked and not [address for address in asked if "gou" in address]
        assert visit.complaints == []


def test_enter_sends_what_was_written_and_the_page_tells_what_is_near(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open(THEMED)
        write(page, "gouv")
        page.keyboard.press("Enter")
        page.wait_for_url("**1.is=gouv*")
        expect(page.locator(TOLD)).to_contain_text("n’est pas comprise")
        assert page.locator(CELLS).count() == 0
        # The answer comes back as soon as something else is asked for.
        page.locator("#f-1-how").select_option("hidden")
        expect(page.locator(TOLD)).not_to_contain_text("n’est pas comprise")
        expect(page.locator(CELLS).first).to_be_visible()
        assert "gouv" not in page.url
        # Or once the word names something.
        page.locator("#f-1-1").fill("Gouvernance")
        expect(page.locator(TOLD)).to_contain_text("Gouvernance")
        assert "1.is=theme%2Fgouvernance" in page.url


@pytest.mark.parametrize("how", ["by a click", "in full"])
def test_what_is_chosen_or_written_in_full_is_answered_at_once(
    browser: Browser, server: Server, how: str
) -> None:
    """Before one leaves the field."""
    with visiting(browser, server.address) as visit:
        page = visit.open(THEMED)
        write(page, "gouv" if how == "by a click" else "gouvernance")
        if how == "by a click":
            page.locator("#f-1__listbox [role=option]").first.click()
        expect(page.locator(TOLD)).to_contain_text("1 chose trouvée")
        assert "1.is=theme%2Fgouvernance" in page.url
        page.keyboard.press("Backspace")
        page.keyboard.press("Tab")
        expect(page.locator(TOLD)).not_to_contain_text("Gouvernance")
        assert page.locator(CELLS).count() > 1


def test_an_answer_that_did_not_come_is_asked_for_again(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open(THEMED)
        page.route("**/builder?*", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            page.locator("#f-1-how").select_option("hidden")
        page.unroute_all()
        page.locator("#f-1-how").focus()
        page.locator("#add").focus()
        expect(page.locator("main th")).to_have_count(1)
