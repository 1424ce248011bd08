"""The reading desk in a real browser: by keyboard alone, by mouse, and when things go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import NARROW, WIDE, Visit, intercepted, visiting
from decided import rallynov
from decided_trial import Entered, at_desk, to_enter_alone
from desk_entering import DeskEntering, wanted
from desk_keyboard import DeskKeyboard
from desk_mending import DeskMending
from desks import Desk, desk, small_desk
from rallynov_graph.release import building
from small_programme import TEXT
from waiting import eventually

ENTERED = (
    "organisations/org-bezhinou",
    "organisations/org-bezhinou/kind",
    "persons/p-trevalouarn",
    "persons/p-trevalouarn/role_or_title",
    "innovations/inn-goumon",
    "relations/rel-18",
    "relations/rel-19",
)
"""Entries of the list: names, a kind, a title, who presents something, who perhaps carries it."""
MOST_KEYS = 37
"""So many keys a fact are a tenth of the characters of its TriG."""
WORKSHOP = "L'Atelier du Lac prête des outils entre voisins"
SELECTED = "[data-text=size]"
MESSAGE = "[data-desk=message]"
FORM = "[data-desk=factForm]"
NO_STORAGE = """Object.defineProperty(window, "localStorage", {
  get() { throw new DOMException("no", "SecurityError"); } })"""


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Entered:
    """Document C, of which nothing is entered at first."""
    return at_desk(to_enter_alone(tmp_path_factory.mktemp("desk") / "programme"))


@pytest.fixture(scope="module")
def running(entered: Entered) -> Iterator[Desk]:
    with desk(entered.root, entered.document.slug) as found:
        yield found


def opened(visit: Visit, running: Desk) -> Page:
    """Return the page of the document, in a browser that has come in by its address."""
    page = visit.open(running.entry())
    page.locator("body[data-ready]").wait_for()
    return page


def test_a_document_becomes_facts_by_keyboard_alone(
    browser: Browser, running: Desk, entered: Entered, tmp_path: Path
) -> None:
    document = entered.document
    chosen = [it for it in document.statements if it.entry in ENTERED]
    assert len(chosen) == len(ENTERED)
    with visiting(browser, running.origin) as visit:
        visit.look(WIDE, "light")
        page = opened(visit, running)
        hand = DeskKeyboard.at(page)
        someone = DeskEntering(document, hand)
        someone.note()
        someone.state_all(chosen)
        facts = [fact for it in chosen for fact in wanted(it)]
        assert all(map(someone.has, facts)), someone.missed
        assert hand.keys < MOST_KEYS * len(facts)
        assert visit.barriers() == []
        # What was said is underlined, and listed for the words that say it.
        expect(page.locator(".sheet .is-explicit.of-organisation").first).to_be_visible()
        expect(page.locator(".facts")).to_contain_text("portée par")
        # A reason is asked for where words do not say it; what is missing is said at its field.
        hand.press("f")
        page.locator("#fact-property").wait_for()
        hand.press("Control+Enter")
        expect(page.locator("#fact-property-error")).to_have_text("À remplir.")
        assert visit.barriers() == []
        someone.leave()
        # Undone by a key, and done again.
        number = page.locator("[data-desk=facts]")
        before = number.inner_text()
        hand.press("u")
        expect(number).not_to_have_text(before)
        hand.press("Control+y")
        expect(number).to_have_text(before)
        # What rules find is mended by keys, and the first build has no fault.
        assert eventually(lambda: not hand.state()["checking"], 120)
        mending = DeskMending(someone)
        assert mending.mend() > 0
        assert mending.left == []
        assert rallynov("write", entered.root).status == 0
        data = entered.root / "data"
        assert building.build(tmp_path, data=data).manifest.findings["Violation"] == 0
        assert visit.complaints == []


def test_proposals_are_decided_by_keys_and_nothing_is_lost(
    browser: Browser, running: Desk, entered: Entered
) -> None:
    with visiting(browser, running.origin) as visit:
        visit.look(NARROW, "dark")
        visit.page.add_init_script(NO_STORAGE)
        page = opened(visit, running)
        assert not visit.overflows()
        page.keyboard.press("j")
        current = page.locator("li.is-current")
        expect(current.locator(".why")).not_to_be_empty()
        assert visit.barriers() == []
        name = current.locator(".proposal-name").inner_text()
        page.keyboard.press("a")
        line = page.locator("li.proposal", has_text=name).first
        expect(line).to_contain_text("accepté")
        page.keyboard.press("r")
        expect(page.locator("li.is-refused")).to_have_count(1)
        # The connection is lost: the page says so, and does it once it is back.
        intercepted(page, "**/acts*", lambda route: route.abort())
        page.keyboard.press("a")
        expect(page.locator(MESSAGE)).to_contain_text("connexion")
        page.unroute_all()
        expect(page.locator(MESSAGE)).to_be_empty()
        expect(page.locator("body:not([data-busy])")).to_be_attached()
        # Another window decided something: this one is told, and keeps what was typed.
        other = running.window(entered.document.slug)
        waiting = [it for it in other.state()["proposals"] if it["status"] == "waiting"]
        other.act("refuse", proposal=waiting[-1]["id"])
        page.keyboard.press("/")
        page.keyboard.type("ocrev..cons")
        page.keyboard.press("Enter")
        expect(page.locator(SELECTED)).to_have_text("2 mots")
        page.keyboard.press("n")
        page.locator("#fact-subject-list[data-for]").wait_for(state="attached")
        page.keyboard.press("Enter")
        page.keyboard.type("organisation")
        page.locator('#fact-subject-kind-list[data-for="organisation"]').wait_for(state="attached")
        page.keyboard.press("Enter")
        expect(page.locator(MESSAGE)).to_contain_text("rien n’a été fait")
        expect(page.locator("#fact-subject")).to_have_value("Ocrevoile Conseil")
        page.keyboard.press("Control+Enter")
        expect(page.locator(FORM)).to_be_hidden()
        # Letters can be switched off; the rest goes on.
        page.keyboard.press("?")
        page.locator("[data-desk=letters]").uncheck()
        page.keyboard.press("Escape")
        page.keyboard.press("n")
        expect(page.locator(FORM)).to_be_hidden()
        assert [it for it in visit.complaints if "ERR_FAILED" not in it and "409" not in it] == []


def test_the_mouse_selects_whole_words(browser: Browser, running: Desk) -> None:
    with visiting(browser, running.origin) as visit:
        visit.look(WIDE, "light")
        page = opened(visit, running)
        words = page.locator(".sheet p", has_text="Lettre d’information").first
        words.scroll_into_view_if_needed()
        words.click(position={"x": 30, "y": 12})
        expect(page.locator(SELECTED)).to_have_text("1 mot")
        page.locator("[data-desk=widen]").click()
        expect(page.locator(SELECTED)).not_to_have_text("1 mot")
        page.locator("[data-desk=newFact]").click()
        expect(page.locator(FORM)).to_be_visible()


def test_without_scripts_a_sentence_says_what_to_do(browser: Browser, running: Desk) -> None:
    with visiting(browser, running.origin, java_script_enabled=False) as visit:
        page = visit.open(running.entry())
        # The browser that is driven parses what only others show.
        assert "a besoin de JavaScript" in (page.locator("noscript").text_content() or "")


def test_two_readings_are_settled_by_keys(browser: Browser, tmp_path: Path) -> None:
    small = small_desk(tmp_path)
    place = [[TEXT.index(WORKSHOP), TEXT.index(WORKSHOP) + len(WORKSHOP)]]
    subject = {"new": "Prêt d’outils", "class": "rn:Innovation"}
    said = {"words": place, "subject": subject, "property": "rn:nature"}
    with desk(small.root, small.slug, slug=small.slug) as first:
        first.done("state", **said, object="nature/pratique")
    with desk(small.root, small.slug, "--reader", "agent/anne", slug=small.slug) as second:
        second.done("state", **said, object="nature/projet")
        with visiting(browser, second.origin) as visit:
            visit.look(WIDE, "dark")
            page = opened(visit, second)
            page.keyboard.press("d")
            difference = page.locator(".difference")
            expect(difference).to_contain_text("pratique")
            expect(difference).to_contain_text("projet")
            assert visit.barriers() == []
            page.keyboard.press("1")
            expect(page.locator(".settling h2")).to_contain_text("0 différence ouverte")
            page.keyboard.press("Escape")
            expect(page.locator(".settling")).to_be_hidden()
            assert visit.complaints == []


def test_a_reason_is_asked_for_in_each_language(browser: Browser, tmp_path: Path) -> None:
    small = small_desk(tmp_path)
    dataset = small.root / "data" / "dataset.trig"
    french = "<http://publications.europa.eu/resource/authority/language/FRA>"
    both = f"{french}, {french.replace('FRA', 'ENG')}"
    dataset.write_text(dataset.read_text("utf-8").replace(french, both), "utf-8")
    with (
        desk(small.root, small.slug, slug=small.slug) as running,
        visiting(browser, running.origin) as visit,
    ):
        visit.look(WIDE, "light")
        page = opened(visit, running)
        page.keyboard.press("f")
        expect(page.locator("#fact-subject-option-0")).to_be_visible()
        page.locator("[name=certainty][value=inferred]").press("Space")
        error = page.locator("[data-fact=reasonError]")
        reasons = page.locator("[data-fact=reasonFields] textarea")
        expect(reasons).to_have_count(2)
        page.keyboard.press("Control+Enter")
        expect(error).to_contain_text("Dites pourquoi")
        reasons.first.fill("Prêter est lu comme une pratique.")
        page.keyboard.press("Control+Enter")
        expect(error).to_have_text("Dites la raison dans chaque langue.")
        reasons.last.fill("Lending is read as a practice.")
        expect(error).to_be_empty()
        page.keyboard.press("Control+Enter")
        expect(error).to_be_empty()
        expect(page.locator("#fact-subject-error")).to_have_text("À remplir.")
