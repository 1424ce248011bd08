"""The forms of the desk in a real browser, by keyboard: what rules find is mended there."""

from __future__ import annotations

import json
import re
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from browsing import WIDE, Visit, visiting
from desks import Desk, desk, small_desk
from small_programme import TEXT
from waiting import eventually

LENDS = "prête des outils entre voisins"
FORM = "[data-desk=factForm]"
LIT = """() => [...CSS.highlights.get("desk-lit") ?? []].map(it => it.toString())"""
FINDINGS = "[data-desk=findings]"
PRACTICE: dict[str, Any] = {
    "words": [[TEXT.index(LENDS), TEXT.index(LENDS) + len(LENDS)]],
    "subject": {"new": "Prêt d’outils", "class": "rn:Innovation"},
    "property": "rn:nature",
    "object": "nature/pratique",
}


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Desk]:
    small = small_desk(tmp_path)
    with desk(small.root, small.slug, slug=small.slug) as window:
        window.done("state", **PRACTICE)
        assert eventually(lambda: not window.state()["checking"], 120)
        window.version = window.state()["version"]
        yield window


def opened(visit: Visit, running: Desk) -> Page:
    """Return the page of the document, in a browser that has come in by its address."""
    visit.look(WIDE, "light")
    page = visit.open(running.entry())
    page.locator("body[data-ready]").wait_for()
    return page


def test_what_rules_find_is_mended_by_a_key(browser: Browser, running: Desk) -> None:
    summary = "Cette innovation n’a pas de résumé."
    with visiting(browser, running.origin) as visit:
        page = opened(visit, running)
        line = page.locator(f"{FINDINGS} li", has_text=summary)
        expect(line).to_be_visible()
        # A key goes to the next finding's remedy: here the form, with what it is to say. What
        # happens to be selected is no evidence of it.
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
        assert visit.complaints == []


def test_after_a_form_the_next_proposal_is_lit(browser: Browser, running: Desk) -> None:
    with visiting(browser, running.origin) as visit:
        page = opened(visit, running)
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
        assert visit.complaints == []


def test_parts_identities_and_questions_have_forms_of_their_own(
    browser: Browser, running: Desk
) -> None:
    running.done("state", **{**PRACTICE, "subject": {"new": "Entraide", "class": "rn:Innovation"}})
    with visiting(browser, running.origin) as visit:
        page = opened(visit, running)
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
        (asked,) = running.state()["questions"]
        assert [it["label"] for it in asked["about"]] == ["Entraide"]
        assert visit.complaints == []


def test_what_cannot_be_written_down_is_said_and_stays(browser: Browser, tmp_path: Path) -> None:
    small = small_desk(tmp_path)
    limit, endless = resource.RLIMIT_FSIZE, resource.RLIM_INFINITY
    with desk(small.root, small.slug, slug=small.slug) as running:
        running.done("state", **PRACTICE)
        (decisions,) = (small.folder.path / "decisions").glob("*.jsonl")
        pid, size = running.process.pid, decisions.stat().st_size
        with visiting(browser, running.origin) as visit:
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
            folder = small.folder.path
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
