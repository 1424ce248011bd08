"""Citations in a real browser: the day of reading, and what the buttons put on the clipboard."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import rispy
from playwright.sync_api import Browser, Page, expect

from browsing import HEIGHT, PHONE, WIDE, Visit, intercepted, visiting
from claims import short
from rallynov_graph.base.typography import day
from rallynov_graph.release.release import Release
from servers import Server, serving

PARTNER = short("rally/rallynov", "partner", "organisation/rifc")
TODAY = date(2026, 3, 1)
PLACE = {"fr": "carnet de route n° 2, « partenaires »", "en": "carnet de route no. 2, “partners”"}
CLAIMS = {
    "fr": f"« Rally’nov a pour partenaire RIFC » (explicite ; {PLACE['fr']}",
    "en": f"“Rally’nov has RIFC as a partner” (explicit; {PLACE['en']}",
}
READ = {"fr": f"Consulté le {day('2026-03-01', 'fr')}.", "en": "Accessed 1 March 2026."}
NAMES = {
    "fr": ("Copier la citation", "pour Word", "pour Markdown", "pour Zotero"),
    "en": ("Copy the citation", "for Word", "for Markdown", "for Zotero"),
}
STATUS = "[data-citation=status]"


def copied(page: Page, form: str = "text/plain") -> str:
    """What the clipboard holds in a form."""
    text: str = page.evaluate(
        """async (form) => {
          const [item] = await navigator.clipboard.read();
          return (await item.getType(form)).text();
        }""",
        form,
    )
    return text


def pressed(visit: Visit, name: str) -> None:
    """Press a button by its key, and wait until the page says what came of it."""
    button = visit.page.get_by_role("button", name=name, exact=True)
    button.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(STATUS)).not_to_be_empty()
    expect(button).to_be_focused()


@pytest.fixture(scope="module")
def site(release: Release) -> Iterator[Server]:
    with serving("--release", str(release.path)) as server:
        yield server


@pytest.mark.parametrize(("language", "width"), [("fr", WIDE), ("en", PHONE)])
def test_the_citation_of_a_link_is_copied_by_keyboard_in_each_form(
    browser: Browser, site: Server, release: Release, language: str, width: int
) -> None:
    permissions = ["clipboard-read", "clipboard-write"]
    query = "" if language == "fr" else "?lang=en"
    claim, (line, word, markdown, zotero) = CLAIMS[language], NAMES[language]
    with visiting(
        browser,
        site.address,
        viewport={"width": width, "height": HEIGHT},
        permissions=permissions,
    ) as visit:
        visit.page.clock.set_fixed_time(f"{TODAY}T12:00:00")
        page = visit.open(f"{PARTNER}{query}")
        shown = page.locator("[data-citation=line]").inner_text()
        assert shown.endswith(READ[language]) and claim in " ".join(shown.split())
        assert release.id[:16] in shown and f"{site.address}{PARTNER}{query}. " in shown
        assert not visit.overflows() and visit.barriers() == []

        pressed(visit, line)
        assert copied(page) == shown
        pressed(visit, word)
        assert copied(page) == shown
        assert f'<a href="{site.address}{PARTNER}{query}">' in copied(page, "text/html")
        pressed(visit, markdown)
        assert f"]({site.address}{PARTNER}{query})" in copied(page)
        assert copied(page).endswith(READ[language])
        pressed(visit, zotero)
        expect(page.locator(STATUS)).to_contain_text("Zotero")
        (reference,) = rispy.loads(copied(page))
        assert reference["type_of_reference"] == "ELEC", "a web page, to Zotero"
        assert reference["access_date"] == "2026/03/01/"
        assert reference["urls"] == [f"{site.address}{PARTNER}{query}"]

        intercepted(page, "**/cite/**", lambda route: route.abort())
        pressed(visit, zotero)
        assert page.evaluate("String(getSelection())").strip() == shown, "to be copied by hand"
        assert [it for it in visit.complaints if "ERR_FAILED" not in it] == []


def test_without_scripts_the_line_and_its_files_are_there_and_no_button(
    browser: Browser, site: Server
) -> None:
    with visiting(browser, site.address, java_script_enabled=False) as visit:
        page = visit.open(PARTNER)
        cite = page.locator(".cite")
        assert cite.locator("[data-citation=line]").inner_text().endswith("Licence CC BY 4.0.")
        expect(cite.get_by_role("button")).to_have_count(0)
        cite.locator("summary").click()
        expect(cite.get_by_role("link", name="RIS", exact=True)).to_be_visible()
        expect(cite.locator("[data-citation=markdown]")).to_be_visible()
