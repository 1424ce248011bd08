"""Evidence in a real browser: the words beside the link, by mouse and keyboard, in few clicks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from browsing import HEIGHT, PHONE, WIDE, Visit, intercepted, visiting
from claims import short
from rallynov_graph.release.release import Release
from servers import Server, serving

MUTUALITE = "organisation/mutualite-francaise-franche-comte"
BALANCE = short(MUTUALITE, "linkedToTheme", "theme/articulation-des-temps-de-vie")


@pytest.fixture(scope="module")
def with_text(
    release: Release, source_text: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that has the text of the carnet."""
    path = tmp_path_factory.mktemp("text") / "carnet.txt"
    path.write_bytes(source_text.encode())
    with serving("--release", str(release.path), "--source", str(path)) as server:
        yield server


def way(page: Page, address: str = BALANCE) -> Locator:
    """The link of a page to the evidence of a claim; the page of a thing folds some of them."""
    folded = page.locator("details.every-link:not([open]) > summary")
    if folded.count():
        folded.click()
    return page.locator(f"a[data-evidence][href^='{address}']").first


def opened(page: Page) -> Locator:
    """The drawer, once it has been filled."""
    page.locator(".drawer-claim").wait_for()
    return page.locator(".drawer")


@pytest.mark.parametrize("width", [WIDE, PHONE])
def test_evidence_opens_by_keyboard_and_escape_gives_the_focus_back(
    browser: Browser, with_text: Server, width: int
) -> None:
    with visiting(browser, with_text.address, viewport={"width": width, "height": HEIGHT}) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        link = way(page)
        link.focus()
        page.keyboard.press("Enter")
        drawer = opened(page)
        assert page.evaluate("document.activeElement.closest('.drawer') !== null")
        assert "porte Mamhique" in drawer.inner_text()
        assert drawer.locator("mark").count() and drawer.locator("blockquote").count()
        assert link.get_attribute("aria-expanded") == "true"
        assert visit.barriers() == []
        box = drawer.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= width
        page.keyboard.press("Escape")
        expect(page.locator(".drawer")).to_have_count(0)
        assert page.evaluate("document.activeElement.getAttribute('href')") == BALANCE
        assert link.get_attribute("aria-expanded") is None
        assert page.url.endswith(MUTUALITE), "nobody was led away"
        assert visit.complaints == []


BOXES = (
    "JSON.stringify([...document.querySelectorAll('main *')].map(it => it.getBoundingClientRect()))"
)


@pytest.mark.parametrize("width", [320, PHONE, 600, 900, 1024, WIDE])
def test_the_drawer_lies_over_the_page_which_stays_where_it_is(
    browser: Browser, server: Server, width: int
) -> None:
    with visiting(browser, server.address, viewport={"width": width, "height": HEIGHT}) as visit:
        page = visit.open("/page/organisation/indibat")
        link = page.locator("a.evidence").first
        link.scroll_into_view_if_needed()
        before = page.evaluate(BOXES)
        link.click()
        box = opened(page).bounding_box()
        assert box and box["width"] >= 280 and box["x"] >= 0 and box["x"] + box["width"] <= width
        assert page.evaluate(BOXES) == before
        assert not visit.overflows()
        page.get_by_role("button", name="Fermer").click()
        expect(page.locator(".drawer")).to_have_count(0)
        expect(link).to_be_focused()
        assert page.evaluate(BOXES) == before


def test_another_way_closes_the_one_before_and_the_same_closes_itself(
    browser: Browser, with_text: Server
) -> None:
    with visiting(browser, with_text.address, viewport={"width": WIDE, "height": HEIGHT}) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        ways = page.locator(".strengths a.evidence")
        ways.nth(0).click()
        first = opened(page).locator(".drawer-claim").inner_text()
        ways.nth(1).click()
        expect(page.locator(".drawer-claim")).not_to_have_text(first)
        expect(page.locator(".drawer")).to_have_count(1)
        ways.nth(1).click()
        expect(page.locator(".drawer")).to_have_count(0)
        assert visit.complaints == []


def test_without_scripts_the_link_opens_a_note_that_begins_with_the_words(
    browser: Browser, with_text: Server
) -> None:
    with visiting(browser, with_text.address, java_script_enabled=False) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        way(page).click()
        page.wait_for_url(f"**{BALANCE}")
        words = page.locator("main blockquote").first.bounding_box()
        assert words and words["y"] < HEIGHT, "on the first screen"


def test_without_the_text_the_drawer_says_where_the_words_are(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        way(page).click()
        drawer = opened(page)
        assert drawer.locator("blockquote").count() == 0
        place = drawer.locator("figcaption").first.inner_text()
        assert place.startswith("carnet de route") and "«" in place
        assert "ne sont pas publiés ici" in drawer.inner_text()
        assert drawer.locator("a[href^='/carnet/carnet-2']").count()


def test_a_drawer_that_cannot_be_filled_says_so_and_leads_to_the_note(
    browser: Browser, server: Server
) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        intercepted(page, "**/r/**", lambda route: route.abort())
        way(page).click()
        expect(page.locator(".drawer a")).to_have_text("Ouvrir la note de preuve")
        assert "n’a pas pu être lue" in page.locator(".drawer").inner_text()


def test_a_modified_click_opens_the_note_elsewhere(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        with page.context.expect_page() as other:
            way(page).click(modifiers=["Control"])
        other.value.wait_for_url(f"**{BALANCE}")
        assert page.locator(".drawer").count() == 0


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_note_has_no_barrier_and_no_text_over_another(
    browser: Browser, with_text: Server, width: int, scheme: str, language: str
) -> None:
    with visiting(browser, with_text.address) as visit:
        visit.look(width, scheme)  # type: ignore[arg-type]
        page = visit.open(BALANCE + ("?lang=en" if language == "en" else ""))
        page.locator("details:not(.export)").evaluate_all(
            "them => them.forEach(it => it.open = true)"
        )
        assert visit.barriers() == []
        assert visit.overlaps(width) == []
        assert visit.complaints == []


def test_the_scripts_of_the_drawer_come_with_the_first_click(
    browser: Browser, server: Server
) -> None:
    def scripts(visit: Visit) -> set[str]:
        loaded = visit.page.evaluate(
            "performance.getEntriesByType('resource').map(it => it.name)"
            ".filter(it => it.endsWith('.js'))"
        )
        return {*map(str, loaded)}

    with visiting(browser, server.address) as visit:
        page = visit.open(f"/page/{MUTUALITE}")
        page.wait_for_load_state("networkidle")
        page.mouse.move(1, 1)  # brings the combobox of the search
        page.locator(".suggests").first.wait_for()
        before = scripts(visit)
        way(page).click()
        opened(page)
        assert len(scripts(visit) - before) == 1
