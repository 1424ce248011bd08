"""A question built in a real browser, by keyboard alone, in a window as narrow as a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import NARROW, WIDE, intercepted, visiting
from servers import Server

TOLD = "[data-follows=told]"
COUNT = "strong.count"
EMPLOYEES = "input[value='beneficiary/salaries']"
CHILDREN = "input[value='beneficiary/enfants']"


MOST_KEYS = 60
"""So many keys are enough to build that question, Tabs included; it took 42."""


def to(page: Page, control: str) -> None:
    """Press Tab until a control has the focus."""
    for _ in range(80):
        if page.evaluate("control => document.activeElement.matches(control)", control):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached by keyboard")


def presses(page: Page, control: str, key: str) -> int:
    """Press Tab until a control has the focus, then a key; return how many keys that took."""
    for tabs in range(80):
        if page.evaluate("control => document.activeElement.matches(control)", control):
            page.keyboard.press(key)
            return tabs + 1
        page.keyboard.press("Tab")
    raise AssertionError(f"{control} is not reached by keyboard")


def test_innovations_for_employees_on_employment_in_five_clicks(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address) as visit:
        visit.look(WIDE, "light")
        page = visit.open("/builder")
        page.get_by_role("link", name="innovation", exact=True).click()
        page.get_by_role("button", name="thème").click()
        page.wait_for_url("**#c-1")
        page.get_by_label("Emploi et compétences").check()
        expect(page.locator(TOLD)).to_contain_text("(ou plus précis)")
        expect(page.locator(COUNT)).to_have_text("4 innovations")
        # Each further condition and each value says what it would leave.
        expect(page.locator("button[value='rn:beneficiary']")).to_contain_text("4")
        expect(page.locator("button[value='rn:providedBy']")).to_contain_text("0")
        page.locator("button[value='rn:beneficiary']").click()
        page.wait_for_url("**#c-2")
        expect(page.locator("label", has=page.locator(CHILDREN))).to_contain_text("0")
        page.locator(EMPLOYEES).check()
        expect(page.locator(TOLD)).to_contain_text("pour bénéficiaire « salariés »")
        expect(page.locator(COUNT)).to_have_text("4 innovations")
        # What empties the answer is named at once, with what would be found otherwise.
        page.locator(EMPLOYEES).uncheck()
        page.locator(CHILDREN).check()
        expect(page.locator(TOLD)).to_contain_text("si l’on retire la condition « thème »")
        assert visit.barriers() == []
        answer = page.locator(".built-answer")
        assert answer.evaluate("(it) => getComputedStyle(it).overflowY") == "visible"
        page.locator(".emptied a").first.click()
        expect(page.locator(COUNT)).to_have_text("1 innovation")
        assert visit.complaints == []


def test_the_same_by_keyboard_on_a_narrow_page(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        visit.look(NARROW, "light")
        page = visit.open("/builder")
        assert visit.barriers() == []
        assert not visit.overflows()
        keys = presses(page, ".skip", "Enter") + presses(page, "main a[href*=Innovation]", "Enter")
        page.wait_for_url("**?kind=*")
        keys += presses(page, ".skip", "Enter")
        keys += presses(page, "button[value='dcterms:subject']", "Enter")
        page.wait_for_url("**#c-1")
        keys += presses(page, "input[value='theme/emploi-et-competences']", "Space")
        expect(page.locator(COUNT)).to_have_text("4 innovations")
        keys += presses(page, "button[value='rn:beneficiary']", "Enter")
        page.wait_for_url("**#c-2")
        keys += presses(page, EMPLOYEES, "Space")
        expect(page.locator(TOLD)).to_contain_text("pour bénéficiaire « salariés »")
        expect(page.locator(COUNT)).to_have_text("4 innovations")
        assert "1.is=theme%2Femploi-et-competences" in page.url
        assert keys < MOST_KEYS
        to(page, "#c-2 > details > summary")
        page.keyboard.press("Enter")
        assert visit.barriers() == []
        assert not visit.overflows()
        to(page, "a[href*='/sparql?query=']")
        page.keyboard.press("Enter")
        page.wait_for_url("**/sparql?query=*")
        assert visit.complaints == []


THEMED = "/builder?kind=org:Organization&1=rn:linkedToTheme"
"""So many themes that one writes a name."""
CELLS = "main td"


def write(page: Page, text: str) -> None:
    """Write so much into the field for a theme, until names are proposed."""
    page.locator("#f-1").click()
    page.keyboard.insert_text(text)
    page.locator("#f-1__listbox [role=option]").first.wait_for()


def settings(page: Page) -> Locator:
    """Return the list of what a condition means, unfolded."""
    if not page.locator("#f-1-how").is_visible():
        page.locator("#c-1 > details > summary").click()
    return page.locator("#f-1-how")


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
        proposed = page.locator("#f-1__listbox [role=option]").first
        expect(proposed).to_contain_text(re.compile(r"\d organisations?"))
        page.locator("h1").click()
        settings(page).select_option("hidden")
        expect(page.locator("main th")).to_have_count(1)
        assert page.locator(CELLS).count() and before
        page.locator("button[value='^rn:carriedBy']").click()
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
        settings(page).select_option("hidden")
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
        expect(page.locator(TOLD)).to_contain_text("« Gouvernance »")
        assert "1.is=theme%2Fgouvernance" in page.url
        page.keyboard.press("Backspace")
        page.keyboard.press("Tab")
        expect(page.locator(TOLD)).not_to_contain_text("Gouvernance")
        assert page.locator(CELLS).count() > 1


def test_an_answer_that_did_not_come_is_asked_for_again(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open(THEMED)
        intercepted(page, "**/builder?*", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            settings(page).select_option("hidden")
        page.unroute_all()
        settings(page).focus()
        page.locator("button[name=add]").first.focus()
        expect(page.locator("main th")).to_have_count(1)
