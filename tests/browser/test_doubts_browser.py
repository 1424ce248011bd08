"""What is open, found in a real browser: by how many clicks, and how far down the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, expect

from browsing import HEIGHT, PHONE, WIDE, Visit, visiting
from reader_tasks import Reader, what_is_uncertain, who_spoke_for_the_pole
from servers import Server

WORDS = {
    "fr": {
        "question": "Au nom de qui parlent Nathalie Pepe-Aubry, Pascal Mollier et José Monteiro",
        "reading": "Au nom du Pôle des microtechniques.",
        "open": "30 questions restées ouvertes",
        "tentative": "Faits incertains hors de toute question",
    },
    "en": {
        "question": "On whose behalf do Nathalie Pepe-Aubry, Pascal Mollier and José Monteiro",
        "reading": "On behalf of the Pôle des microtechniques.",
        "open": "30 questions left open",
        "tentative": "Uncertain facts outside any question",
    },
}
COUNTS = {
    "fr": ("7 Change un compte", "4 Change la lecture des mots"),
    "en": ("7 Changes a count", "4 Changes how words are read"),
}
WINDOWS = pytest.mark.parametrize("width", [WIDE, PHONE])
LANGUAGES = pytest.mark.parametrize("language", ["fr", "en"])


def screens_down(target: Locator) -> int:
    """How many screens below the first the end of something lies, where the page begins."""
    box = target.evaluate("it => it.getBoundingClientRect().bottom + window.scrollY")
    return int(box // HEIGHT)


@contextmanager
def opened(
    browser: Browser, server: Server, path: str, width: int, language: str
) -> Iterator[Visit]:
    """A visit of a page in a window of some width, in a language."""
    with visiting(browser, server.address) as visit:
        visit.look(width, "light")
        visit.open(path if language == "fr" else f"{path}?lang=en")
        yield visit


@WINDOWS
@LANGUAGES
def test_who_spoke_for_the_pole_gives_the_question_that_is_open(
    browser: Browser, server: Server, width: int, language: str
) -> None:
    with opened(browser, server, "/", width, language) as visit:
        words, page = WORDS[language], visit.page
        reader = Reader(page, language)
        who_spoke_for_the_pole(reader)
        question = page.get_by_role("heading", name=words["question"])
        expect(question).to_be_visible()
        expect(page.get_by_text(words["reading"], exact=True)).to_be_visible()
        assert reader.clicks <= (3 if width == WIDE else 4), "one of them a choice from a menu"
        assert reader.screens <= 1
        assert screens_down(question) <= (1 if width == WIDE else 2)
        assert visit.complaints == [] and not visit.overflows()


@WINDOWS
@LANGUAGES
def test_an_answer_of_the_catalogue_leads_to_it_too(
    browser: Browser, server: Server, width: int, language: str
) -> None:
    path = "/questions/who_speaks_for_whom"
    with opened(browser, server, path, width, language) as visit:
        page = visit.page
        link = page.locator("main").get_by_role("link", name=WORDS[language]["question"])
        expect(link).to_be_visible()
        link.click()
        expect(page.get_by_text(WORDS[language]["reading"]).first).to_be_visible()
        assert visit.complaints == []


@WINDOWS
@LANGUAGES
def test_what_is_uncertain_is_one_section_of_the_header(
    browser: Browser, server: Server, width: int, language: str
) -> None:
    with opened(browser, server, "/", width, language) as visit:
        words, page = WORDS[language], visit.page
        reader = Reader(page, language)
        what_is_uncertain(reader)
        expect(page.get_by_role("heading", level=1)).to_have_text(words["open"])
        assert reader.clicks == (1 if width == WIDE else 2)
        counts = page.locator(".consequences li")
        for number, text in zip((0, 3), COUNTS[language], strict=True):
            expect(counts.nth(number)).to_have_text(text, use_inner_text=True)
            assert screens_down(counts.nth(number)) <= (0 if width == WIDE else 1)
        expect(page.get_by_role("heading", name=words["tentative"])).to_be_attached()
        widths = page.locator(".consequences rect").evaluate_all(
            "all => all.map(it => it.getBoundingClientRect().width)"
        )
        numbers = page.locator(".consequences b").all_inner_texts()
        shares = [width / int(number) for width, number in zip(widths, numbers, strict=True)]
        assert max(shares) - min(shares) < 1, "bars are as long as their numbers"


def test_doubts_are_narrowed_and_opened_by_keyboard(browser: Browser, server: Server) -> None:
    with visiting(browser, server.address) as visit:
        visit.look(PHONE, "dark")
        page = visit.open("/doubts")
        page.locator("#touches").focus()
        page.keyboard.press("End")  # the Pôle is the last of the organisations
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**touches=organisation**")
        expect(page.locator("article.doubt")).to_have_count(3)
        page.locator("article.doubt summary").first.focus()
        page.keyboard.press("Enter")
        expect(page.locator("article.doubt details").first).to_have_attribute("open", "")
        page.locator("a.try").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**try=reading**#tried")
        expect(page.locator("#tried")).to_be_in_viewport()
        assert "touches=organisation" in page.url, "still narrowed"
        assert visit.barriers() == [] and not visit.overflows()


@WINDOWS
def test_what_is_folded_has_no_barrier_either(browser: Browser, server: Server, width: int) -> None:
    with visiting(browser, server.address) as visit:
        visit.look(width, "light")
        page = visit.open("/doubts?touches=stage/pole-des-microtechniques")
        page.evaluate(
            "document.querySelectorAll('details:not(.export)').forEach(it => it.open = true)"
        )
        assert visit.barriers() == []
        assert not visit.overflows() and visit.overlaps(width) == []
