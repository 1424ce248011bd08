"""The carnet as an edition in a real browser: words and facts light each other, by keyboard too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from browsing import PHONE, WIDE, Visit, visiting
from made_up_carnet import TEXT, serving_document
from rallynov_graph.base.namespaces import ID
from servers import Server

WORDS = "a.said-words"
CARNET = "/carnet/carnet-2"


@pytest.fixture(scope="module")
def essay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site of the made-up document with its text."""
    with serving_document(TEXT, tmp_path_factory.mktemp("essai")) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, essay: str) -> Iterator[Visit]:
    """Reads the made-up document."""
    with visiting(browser, essay) as visit:
        visit.look(WIDE, "light")
        visit.open("/carnet/essai")
        yield visit
        assert visit.complaints == []


def lit(page: Page) -> list[str]:
    """Return what is lit: the name of each card, the words of each mark."""
    found: list[str] = page.locator(".lit").evaluate_all(
        "them => them.map(it => it.id.startsWith('f-') ? it.id : it.textContent)"
    )
    return found


def too_wide(page: Page) -> list[str]:
    """Return what of the page leaves the window at a side."""
    found: list[str] = page.locator("main *").evaluate_all(
        """them => them.filter(it => {
            const { left, right } = it.getBoundingClientRect();
            return !it.closest(".unseen, .chapters") && (left < -1 || right > innerWidth + 1);
        }).map(it => it.outerHTML.slice(0, 120))"""
    )
    return found


def names(words: Locator) -> list[str]:
    """Return the facts that words carry."""
    return (words.get_attribute("data-fact") or "").split()


def test_the_text_beside_its_facts_has_no_barrier(visit: Visit) -> None:
    for dark, width in enumerate((WIDE, PHONE)):
        visit.look(width, "dark" if dark else "light")
        visit.open("/carnet/essai")
        assert visit.barriers() == []
        for details in visit.page.locator("main details").all():
            details.evaluate("it => it.open = true")
        assert visit.barriers() == [], "unfolded"


def test_words_light_their_facts_and_facts_their_words(visit: Visit) -> None:
    page = visit.page
    anne = page.locator(WORDS, has_text="<b>")
    anne.hover()
    said, inferred = names(anne)
    assert lit(page) == ["<b>", said, inferred]
    page.locator(f"#{inferred}").hover()
    assert lit(page) == ["<b>", "Anne</b>", " parle", inferred]
    page.locator("h1").hover()
    assert lit(page) == []


def test_what_has_the_focus_is_lit_as_what_is_pointed_at(visit: Visit) -> None:
    page = visit.page
    anne = page.locator(WORDS, has_text="<b>")
    anne.focus()
    said, inferred = names(anne)
    assert lit(page) == ["<b>", said, inferred]
    page.locator(f"#{said} a").first.focus()
    assert lit(page) == ["<b>", "Anne</b>", said]
    page.locator("#find-box").focus()
    assert lit(page) == []


def test_letters_go_from_passage_to_passage_and_enter_opens_the_evidence(visit: Visit) -> None:
    page = visit.page
    steps = []
    for key in ("j", "j", "k", "j"):
        page.keyboard.press(key)
        steps.append(page.evaluate("document.activeElement.textContent"))
    first, second = page.locator(WORDS).all_text_contents()
    assert steps == [first, second, first, second]
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    drawer = page.locator(".drawer")
    expect(drawer).to_contain_text("Anne Essai")
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.textContent") == second, "one goes on from there"


def test_letters_are_letters_in_a_field_and_when_they_are_turned_off(visit: Visit) -> None:
    page = visit.page
    page.locator("#find-box").focus()
    page.keyboard.type("jk")
    assert page.locator("#find-box").input_value() == "jk"
    page.locator("#letter-keys").uncheck()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "letter-keys"
    page.reload()
    expect(page.locator("#letter-keys")).not_to_be_checked()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement === document.body")


def test_without_scripts_words_lead_to_their_fact_which_stays_lit(
    browser: Browser, essay: str
) -> None:
    with visiting(browser, essay, java_script_enabled=False) as visit:
        page = visit.open("/carnet/essai")
        words = page.locator(WORDS).first
        words.click()
        card = page.locator(f"#{names(words)[0]}")
        ground = "it => getComputedStyle(it).backgroundColor"
        others = page.locator(".card:not(:target)").first.evaluate(ground)
        assert page.locator(".card:target").count() == 1
        assert card.evaluate(ground) != others
        assert page.locator(".letter-keys").is_hidden()


def test_a_telephone_shows_the_text_and_unfolds_the_facts_below_it(visit: Visit) -> None:
    visit.look(PHONE, "light")
    page = visit.open("/carnet/essai")
    row = page.locator(".row").first
    expect(row.locator(".card").first).to_be_hidden()
    box = row.locator(".words").bounding_box()
    assert box and box["width"] == PHONE
    row.get_by_text("2 faits", exact=True).click()
    expect(row.locator(".card").first).to_be_visible()
    below = row.locator(".card").first.bounding_box()
    assert below and below["y"] >= box["y"] + box["height"]
    assert too_wide(page) == []


def test_words_on_a_telephone_open_what_is_folded(visit: Visit) -> None:
    visit.look(PHONE, "light")
    page = visit.open("/carnet/essai")
    words = page.locator(WORDS).first
    words.click()
    expect(page.locator(f"#{names(words)[0]}")).to_be_visible()


def test_on_paper_every_fact_stands_and_nothing_is_to_be_pressed(
    browser: Browser, essay: str, server: Server
) -> None:
    paper: ViewportSize = {"width": 794, "height": 1123}
    pressed = "button, input, select, .pills, nav, summary"
    for site, path in ((essay, "/carnet/essai"), (server.address, CARNET)):
        with visiting(browser, site, viewport=paper, media={"media": "print"}) as visit:
            page = visit.open(path)
            assert too_wide(page) == []
            seen = "them => them.filter(it => it.checkVisibility()).length"
            assert page.locator("main").locator(pressed).evaluate_all(seen) == 0
            shown = page.locator(".card").evaluate_all(
                "them => them.map(it => it.checkVisibility() && it.clientHeight > 0)"
            )
            assert shown and all(shown)


def test_a_page_is_drawn_without_moving_and_with_little_script(
    browser: Browser, server: Server
) -> None:
    for width in (WIDE, PHONE):
        with visiting(browser, server.address) as visit:
            visit.look(width, "light")
            page = visit.open(CARNET)
            moved = page.evaluate(
                """() => new Promise(done => {
                    let sum = 0;
                    new PerformanceObserver(list => {
                        for (const it of list.getEntries()) sum += it.value;
                    }).observe({ type: "layout-shift", buffered: true });
                    setTimeout(() => done(sum), 500);
                })"""
            )
            assert moved < 0.02
            script = page.evaluate(
                """() => performance.getEntriesByType("resource")
                    .filter(it => /carnet-[^/]*\\.js$/.test(it.name))
                    .map(it => it.decodedBodySize)"""
            )
            assert len(script) == 1 and script[0] < 5_000


def test_the_bar_stays_and_says_which_stage_is_read(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address, media={"reduced_motion": "reduce"}) as visit:
        visit.look(WIDE, "light")
        page = visit.open(CARNET)
        page.locator(".chapters a", has_text="Vesoul").click()
        current = page.locator(".chapters a[aria-current]")
        expect(current).to_have_text("Étape de Vesoul")
        bar = page.locator(".chapters").bounding_box()
        part = page.locator("#part-5526-5649").bounding_box()
        assert bar and part
        assert bar["y"] == 0 and part["y"] >= bar["height"], "the bar covers no heading"


def test_what_is_written_from_right_to_left_stays_in_its_place(
    browser: Browser, tmp_path: Path
) -> None:
    text = f"{TEXT}\n\nשלום עולם, זה טקסט.\n\n{'לא' * 300}"
    name = "\u202e" + "שם" * 250
    more = f"""
    <{ID}assertion-set/oui> a rn:AssertionSet ; rn:certainty rn:tentative ;
        rn:passage <{ID}passage/essai-elan> .
    GRAPH <{ID}assertion-set/oui> {{ <{ID}person/paul> rdfs:label "{name}" }}
    """
    with serving_document(text, tmp_path, more) as site, visiting(browser, site) as visit:
        for width in (WIDE, PHONE):
            visit.look(width, "light")
            page = visit.open("/carnet/essai")
            assert too_wide(page) == []
            hebrew = page.locator(".words p", has_text="שלום")
            assert hebrew.evaluate("it => getComputedStyle(it).direction") == "rtl"
            french = page.locator(".words p", has_text="Élan")
            assert french.evaluate("it => getComputedStyle(it).direction") == "ltr"
        assert visit.overlaps(WIDE, PHONE) == []
