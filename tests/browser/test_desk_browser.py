"""The reading desk in a real browser: by keyboard alone, by mouse, and when things go wrong."""

from __future__ import annotations

import json
import re
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import NARROW, WIDE, Visit, intercepted, visiting
from decided_trial import Entered, at_desk, to_enter_alone
from desks import Desk, desk, small_desk
from small_programme import TEXT
from waiting import eventually

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
    with desk(entered.root, entered.slug) as found:
        yield found


def opened(visit: Visit, running: Desk) -> Page:
    """Return the page of the document, in a browser that has come in by its address."""
    page = visit.open(running.entry())
    page.locator("body[data-ready]").wait_for()
    return page


COUNTED = """window.keysPressed = 0;
addEventListener("keydown", () => { window.keysPressed += 1; }, true);"""
"""Has a page count the keys that are pressed."""


def chosen(page: Page, name: str, text: str) -> None:
    """Write into a field and take the first line that its list has for it."""
    page.keyboard.type(text)
    page.locator(f'#{name}-list[data-for="{text}"]').wait_for(state="attached")
    page.keyboard.press("Enter")


def named(page: Page, words: str, kind: str) -> None:
    """Say by keys of what kind the thing is that words name."""
    page.keyboard.press("/")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    page.keyboard.press("n")
    page.locator("#fact-subject-list[data-for]").wait_for(state="attached")
    page.keyboard.press("Enter")
    chosen(page, "fact-subject-kind", kind)
    expect(page.locator(FORM)).to_be_hidden()


def test_a_document_becomes_facts_by_keyboard_alone(
    browser: Browser, running: Desk, entered: Entered
) -> None:
    with visiting(browser, running.origin) as visit:
        visit.look(WIDE, "light")
        visit.page.add_init_script(COUNTED)
        page = opened(visit, running)
        named(page, "bezhinou", "organisation")
        named(page, "goumon-plak", "innovation s")
        page.keyboard.press("/")
        page.keyboard.type("membre de bez..plak")
        page.keyboard.press("Enter")
        page.keyboard.press("f")
        page.locator("#fact-property").wait_for()
        if page.locator("#fact-subject").input_value() != "Goumon-Plak":
            page.keyboard.press("Shift+Tab")
            chosen(page, "fact-subject", "goumon")
        chosen(page, "fact-property", "portée par")
        chosen(page, "fact-object", "bezhinou")
        page.keyboard.press("3")
        page.locator("[data-fact=reasons][data-ready]").wait_for(state="attached")
        page.keyboard.type("Elle le présente.")
        page.keyboard.press("Control+Enter")
        expect(page.locator(FORM)).to_be_hidden()
        facts = running.window(entered.slug).state()["facts"]
        (carried,) = (it for it in facts if it["property"]["label"] == "portée par")
        assert (carried["certainty"], carried["value"]["label"]) == ("tentative", "Bezhinou")
        assert page.evaluate("window.keysPressed") < MOST_KEYS * len(facts)
        assert visit.barriers() == []
        # What was said is underlined, and listed for the words that say it.
        expect(page.locator(".sheet .is-read.of-organisation").first).to_be_visible()
        expect(page.locator(".facts")).to_contain_text("portée par")
        # What is missing is said at its field.
        page.keyboard.press("f")
        page.locator("#fact-property").wait_for()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#fact-property-error")).to_have_text("À remplir.")
        assert visit.barriers() == []
        while page.locator(FORM).is_visible():  # a list that is open is closed first
            page.keyboard.press("Escape")
        # Undone by a key, and done again.
        number = page.locator("[data-desk=facts]")
        before = number.inner_text()
        page.keyboard.press("u")
        expect(number).not_to_have_text(before)
        page.keyboard.press("Control+y")
        expect(number).to_have_text(before)


def test_proposals_are_decided_by_keys_and_nothing_is_lost(
    browser: Browser, running: Desk, entered: Entered
) -> None:
    with visiting(browser, running.origin, expected=("ERR_FAILED", "409")) as visit:
        visit.look(NARROW, "dark")
        visit.page.add_init_script(NO_STORAGE)
        page = opened(visit, running)
        assert not visit.overflows()
        page.keyboard.press("j")
        current = page.locator("li.is-current")
        expect(current.locator(".why")).not_to_be_empty()
        assert "0" not in current.inner_text().split()
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
        other = running.window(entered.slug)
        waiting = [it for it in other.state()["proposals"] if it["status"] == "waiting"]
        page.wait_for_timeout(1500)  # by then it no longer asks what the checks found
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


def test_the_mouse_selects_whole_words_and_without_scripts_a_sentence_says_what_to_do(
    browser: Browser, running: Desk
) -> None:
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


# Forms: what rules find is mended there

LENDS = "prête des outils entre voisins"
LIT = """() => [...CSS.highlights.get("desk-lit") ?? []].map(it => it.toString())"""
FINDINGS = "[data-desk=findings]"
PRACTICE: dict[str, Any] = {
    "words": [[TEXT.index(LENDS), TEXT.index(LENDS) + len(LENDS)]],
    "subject": {"new": "Prêt d’outils", "class": "rn:Innovation"},
    "property": "rn:nature",
    "object": "nature/pratique",
}


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Desk]:
    """A small document of which one fact is stated."""
    made = small_desk(tmp_path)
    with desk(made.root, made.slug, slug=made.slug) as window:
        window.done("state", **PRACTICE)
        assert eventually(lambda: not window.state()["checking"], 120)
        window.version = window.state()["version"]
        yield window


def test_what_rules_find_is_mended_by_a_key(browser: Browser, small: Desk) -> None:
    summary = "Cette innovation n’a pas de résumé."
    with visiting(browser, small.origin) as visit:
        page = opened(visit, small)
        line = page.locator(f"{FINDINGS} li", has_text=summary)
        expect(line).to_be_visible()
        # A key goes to the next finding's remedy: here the form, with what it is to say. What
        # happens to be selected is not evidence of it.
        page.keyboard.press("/")
        page.keyboard.type("luc..stand")
        page.keyboard.press("Enter")
        for _ in range(page.locator(f"{FINDINGS} button").count()):
            page.keyboard.press("m")
            expect(page.locator(FORM)).to_be_visible()
            expect(page.locator("[data-fact=words]")).not_to_contain_text("stand")
            if page.locator("[data-fact=because]").inner_text() == summary:
                break
            page.keyboard.press("Escape")
        expect(page.locator("#fact-property")).to_have_value("résumé")
        expect(page.locator("#fact-object")).to_be_focused()
        page.keyboard.type("Des outils sont prêtés.")
        page.locator('#fact-object-list[data-for="Des outils sont prêtés."]').wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("Control+Enter")
        expect(page.locator(FORM)).to_be_hidden()
        expect(page.locator(f"{FINDINGS} .is-healed")).to_contain_text(summary)
        # In the list arrows go from remedy to remedy, and the key mends that one.
        page.keyboard.press("g")
        first = page.locator(f"{FINDINGS} button").first
        expect(first).to_be_focused()
        page.keyboard.press("ArrowDown")
        expect(first).not_to_be_focused()
        said = page.locator(f"{FINDINGS} li:focus-within span").inner_text()
        page.keyboard.press("m")
        because = page.locator("[data-fact=because]")
        expect(because).to_be_visible()
        assert because.inner_text() in said
        page.keyboard.press("Escape")
        # What is left before anything can be built is said at the head, and once more after saving.
        left = page.locator("[data-desk=toMend]").inner_text().split()[0]
        page.keyboard.press("Control+s")
        expect(page.locator("[data-desk=message]")).to_contain_text(f"Il reste {left} infraction")
        assert visit.barriers() == []


def test_a_declared_form_states_several_facts_by_keys(browser: Browser, small: Desk) -> None:
    small.done("state", **{**PRACTICE, "subject": {"new": "Foire", "class": "schema:Event"},
        "property": "schema:startDate", "object": {"value": "2014-04-03"}})  # fmt: skip
    with visiting(browser, small.origin) as visit:
        page = opened(visit, small)
        page.keyboard.press("/")
        page.keyboard.type("luc..stand")
        page.keyboard.press("Enter")
        page.keyboard.press("t")
        chosen(page, "fact-form", "role")
        for at, (text, kind) in enumerate(
            (("Luc Essart", "personne"), ("tient un stand", ""), ("Foire", ""))
        ):
            page.locator(f"#form-field-{at}").wait_for()
            chosen(page, f"form-field-{at}", text)
            if kind:
                chosen(page, f"form-field-{at}-kind", kind)
        assert visit.barriers() == []
        page.locator("#form-field-3-list[data-for]").wait_for(state="attached")
        page.keyboard.press("Tab")
        expect(page.locator("#form-field-4")).to_be_focused()
        page.keyboard.press("Control+Enter")
        expect(page.locator(FORM)).to_be_hidden()
        facts = small.state()["facts"]
        said = {it["property"]["label"]: it["value"].get("label") for it in facts}
        tops = (
            "[...document.querySelectorAll('.desk-top > *')].map(it => it.getBoundingClientRect())"
        )
        page.set_viewport_size({"width": 1280, "height": 800})
        rows = page.evaluate(f"{tops}.map(it => Math.round((it.top + it.bottom) / 2))")
        assert max(rows) - min(rows) <= 4, "the head is one row, and says when all was kept"
        assert page.evaluate("document.documentElement.scrollWidth") <= 1280
        page.set_viewport_size({"width": WIDE, "height": 800})
        assert said["participant"] == "Luc Essart" and said["à l’occasion de"] == "Foire"
        page.keyboard.press("u")
        expect(page.locator("[data-desk=facts]")).to_have_text("4 faits")
        # What is missing is said at its field.
        page.keyboard.press("t")
        chosen(page, "fact-form", "chiffre")
        page.locator("#form-field-0").wait_for()
        page.keyboard.press("Control+Enter")
        expect(page.locator("#form-field-0-error")).to_have_text("À remplir.")


def test_after_a_form_the_next_proposal_is_lit(browser: Browser, small: Desk) -> None:
    with visiting(browser, small.origin) as visit:
        page = opened(visit, small)
        persons = page.locator("[data-kind=person] .proposal-name")
        first, second = persons.all_inner_texts()
        persons.first.click()
        assert page.evaluate(LIT) == [first]
        page.keyboard.press("e")
        page.locator("#fact-subject-list[data-for]").wait_for(state="attached")
        page.keyboard.press("Escape")
        page.keyboard.press("Escape")
        expect(page.locator(FORM)).to_be_hidden()
        assert page.evaluate(LIT) == [first], "it waits, and is lit again"
        page.keyboard.press("e")
        page.locator("#fact-subject-list[data-for]").wait_for(state="attached")
        page.keyboard.press("Enter")
        page.keyboard.type("personne")
        page.locator('#fact-subject-kind-list[data-for="personne"]').wait_for(state="attached")
        page.keyboard.press("Enter")
        expect(page.locator(FORM)).to_be_hidden()
        expect(page.locator("li.is-current .proposal-name")).to_have_text(second)
        assert page.evaluate(LIT) == [second]
        expect(page.locator("[data-text=size]")).to_have_text("aucun mot")


def test_parts_identities_and_questions_have_forms_of_their_own(
    browser: Browser, small: Desk
) -> None:
    small.done("state", **{**PRACTICE, "subject": {"new": "Entraide", "class": "rn:Innovation"}})
    with visiting(browser, small.origin) as visit:
        page = opened(visit, small)
        page.goto(f"{page.url}?lang=en")
        page.locator("body[data-ready]").wait_for()

        # Without words a part is asked for them; with words, its name is proposed.
        page.keyboard.press("p")
        part = page.locator("[data-desk=partForm]")
        expect(part).to_be_visible()
        page.keyboard.press("Control+Enter")
        expect(part.locator(".field-error")).to_contain_text("Choose the words")
        page.keyboard.press("Escape")
        page.keyboard.press("/")
        page.keyboard.type("luc..stand")
        page.keyboard.press("Enter")
        page.locator("[data-desk=newPart]").click()
        expect(part.locator("input")).to_have_value("Luc Essart tient un stand")
        page.keyboard.type("Stand")
        page.keyboard.press("Control+Enter")
        expect(part).to_be_hidden()
        page.keyboard.press("p")
        expect(part.locator(".parts")).to_contain_text("Stand")
        assert visit.barriers() == []
        part.locator(".parts button", has_text="drop").last.click()
        expect(part.locator(".parts")).not_to_contain_text("Stand")
        page.keyboard.press("Escape")

        # Whether two things are one: a reason is asked for, and the evidence is shown.
        page.keyboard.press("/")
        page.keyboard.type("prete..outils")
        page.keyboard.press("Enter")
        page.keyboard.press("i")
        same = page.locator("[data-desk=sameForm]")
        page.locator("#same-thing").fill("Prêt")
        page.locator('#same-thing-list[data-for="Prêt"] li').first.wait_for()
        page.keyboard.press("Enter")
        expect(same.locator("[data-same=evidence]")).to_contain_text("The evidence: ")
        page.locator("#same-other").fill("Entr")
        page.locator('#same-other-list[data-for="Entr"] li').first.wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("2")
        page.keyboard.press("Control+Enter")
        expect(same.locator("[data-same=reasonError]")).to_contain_text("Say why")
        assert visit.barriers() == []
        page.keyboard.type("Deux usages distincts.")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-desk=message]")).to_contain_text("The decision is written")

        # A fact is tied to a question from its own form, a new one too.
        page.locator("[data-desk=newFact]").click()
        page.locator("#fact-subject").fill("Entr")
        page.locator('#fact-subject-list[data-for="Entr"] li').first.wait_for()
        page.keyboard.press("Enter")
        page.keyboard.type("benefici")
        page.locator('#fact-property-list[data-for="benefici"] li').first.wait_for()
        page.keyboard.press("Enter")
        page.locator('#fact-object-list[data-for=""] li').first.wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("q")
        expect(page.locator("#fact-question")).to_be_focused()
        page.locator("#fact-question-list li", has_text="new question").wait_for()
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        question = page.locator("[data-desk=questionForm]")
        expect(question).to_be_visible()
        assert visit.barriers() == []

        # Its readings may state no facts; then it says what it is about.
        for name, text in (("label", "For whom?"), ("reading-1", "All."), ("reading-2", "Some.")):
            question.locator(f"[name={name}-fr]").fill(text)
        page.keyboard.press("Control+Enter")
        expect(question.locator(".field-error")).to_contain_text("Say what it is about")
        question.locator("label", has_text="Entraide").locator("[name=about]").focus()
        page.keyboard.press("Space")
        page.keyboard.press("Control+Enter")
        expect(question).to_be_hidden()
        (asked,) = small.state()["questions"]
        assert [it["label"] for it in asked["about"]] == ["Entraide"]


def test_what_cannot_be_written_down_is_said_and_stays(browser: Browser, tmp_path: Path) -> None:
    made = small_desk(tmp_path)
    limit, endless = resource.RLIMIT_FSIZE, resource.RLIM_INFINITY
    with desk(made.root, made.slug, slug=made.slug) as running:
        running.done("state", **PRACTICE)
        (decisions,) = (made.folder.path / "decisions").glob("*.jsonl")
        pid, size = running.process.pid, decisions.stat().st_size
        with visiting(browser, running.origin, expected=("Failed to load",)) as visit:
            page = opened(visit, running)
            facts = page.locator("[data-desk=facts]")
            before = facts.inner_text()
            message = page.locator("[data-desk=message]")
            # A full disk: the proposal waits, and the form keeps what is in it.
            resource.prlimit(pid, limit, (size + 10, endless))
            page.keyboard.press("j")
            name = page.locator("li.is-current .proposal-name").inner_text()
            page.keyboard.press("a")
            expect(message).to_contain_text("disque est plein")
            line = page.locator("li.proposal", has_text=name).first
            expect(line).to_have_class(re.compile("is-waiting"))
            page.keyboard.press("Escape")
            page.keyboard.press("/")
            page.keyboard.type("luc..ess")
            page.keyboard.press("Enter")
            page.keyboard.press("p")
            part = page.locator("[data-desk=partForm]")
            page.keyboard.press("Control+Enter")
            expect(part.locator(".field-error")).to_contain_text("disque est plein")
            expect(part.locator("input")).to_have_value("Luc Essart")
            resource.prlimit(pid, limit, (endless, endless))
            # A folder that cannot be written: its place is taken.
            folder = made.folder.path
            folder.rename(folder.with_name("away"))
            folder.write_text("in the way", "utf-8")
            page.keyboard.press("Control+Enter")
            expect(part.locator(".field-error")).to_contain_text("ce n’est pas un dossier")
            expect(part.locator("input")).to_have_value("Luc Essart")
            folder.unlink()
            folder.with_name("away").rename(folder)
            page.keyboard.press("Control+Enter")
            expect(part).to_be_hidden()
            expect(facts).to_have_text(before)
            # The document is another one under the page: nothing is done, and it says what to do.
            whole = decisions.read_text("utf-8")
            opening = {**json.loads(whole.splitlines()[0]), "sha256": "0" * 64}
            decisions.write_text(f"{whole}{json.dumps(opening)}\n", "utf-8")
            page.keyboard.press("u")
            expect(message).to_contain_text("rouvrez-le avec ce texte")
            decisions.write_text(whole, "utf-8")
            page.keyboard.press("u")
            expect(message).to_be_empty()
            assert page.locator("[data-desk=redo]").is_enabled()
