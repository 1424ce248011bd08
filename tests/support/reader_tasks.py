"""What readers come for, done in a real browser by mouse or by keyboard; each step is counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

MOST_TABS = 400
"""A reader who has pressed Tab so often without arriving has given up."""
WORDS = {
    "fr": {
        "menu": "Menu",
        "health": "Solidarité et santé",
        "housing": "Colocation",
        "doubts": "Doutes",
        "narrow": "Choisir",
        "open": "questions restées ouvertes",
        "note": "Note complète",
    },
    "en": {
        "menu": "Menu",
        "health": "Solidarity and health",
        "housing": "Shared housing",
        "doubts": "Doubts",
        "narrow": "Choose",
        "open": "questions left open",
        "note": "Full note",
    },
}


@dataclass
class Reader:
    """Somebody on a page of the site: the clicks, the keys and the screens scrolled so far."""

    page: Page
    language: str
    by_keyboard: bool = False
    clicks: int = 0
    keys: int = 0
    screens: float = field(default=0, init=False)

    @property
    def words(self) -> dict[str, str]:
        """The words of the site's language that lead on."""
        return WORDS[self.language]

    def choose(self, target: Locator) -> None:
        """Follow a link or press a button."""
        expect(target).to_be_visible()
        if self.by_keyboard:
            self.arrive(target)
            self.press("Enter")
        else:
            target.scroll_into_view_if_needed()
            self._note_scroll()
            self.clicks += 1
            target.click()

    def select(self, target: Locator, value: str) -> None:
        """Choose an entry of a list; by keyboard its first letters would be typed."""
        if self.by_keyboard:
            self.arrive(target)
            self.keys += 1
        else:
            self.clicks += 1
        target.select_option(value)

    def go_to(self, section: str) -> None:
        """Go to a section of the header, by the menu where the window is narrow."""
        header = self.page.locator("header")
        link = header.get_by_role("link", name=self.words[section], exact=True).first
        if not link.is_visible():
            self.choose(self.page.get_by_role("button", name=self.words["menu"], exact=True))
        self.choose(link)

    def arrive(self, target: Locator) -> None:
        """Press Tab until an element has the focus."""
        wanted = target.element_handle()
        for _ in range(MOST_TABS):
            if self.page.evaluate("it => it === document.activeElement", wanted):
                self._note_scroll()
                return
            self.press("Tab")
        raise AssertionError(f"no way by {MOST_TABS} times Tab to {target}")

    def press(self, key: str) -> None:
        """Press a key."""
        self.keys += 1
        self.page.keyboard.press(key)

    def _note_scroll(self) -> None:
        down = self.page.evaluate("scrollY / innerHeight")
        self.screens = max(self.screens, down)


def who_is_linked_to_health(reader: Reader) -> None:
    """Which innovations are linked to health, who says so, in which words."""
    page = reader.page
    main = page.locator("main")
    reader.choose(main.get_by_role("link", name=reader.words["health"]).first)
    row = page.locator("table tbody tr").filter(has_text=reader.words["housing"]).first
    reader.choose(row.locator("a[data-evidence]").first)
    expect(page.locator(".drawer .note")).to_contain_text("Agés et Vie")
    expect(page.locator(".drawer mark").first).to_be_visible()


def who_spoke_for_the_pole(reader: Reader) -> None:
    """Who spoke for the Pôle des microtechniques: a question that is open, with its readings."""
    page = reader.page
    reader.go_to("doubts")
    reader.select(page.locator("#touches"), "organisation/pole-des-microtechniques")
    reader.choose(page.get_by_role("button", name=reader.words["narrow"]))
    page.wait_for_url("**touches=organisation**")
    expect(page.locator("h3, h2").filter(has_text="Nathalie Pepe-Aubry").first).to_be_visible()


def what_is_uncertain(reader: Reader) -> None:
    """What is uncertain."""
    reader.go_to("doubts")
    expect(reader.page.get_by_role("heading", level=1)).to_contain_text(reader.words["open"])


def themes_of_an_organisation(reader: Reader) -> None:
    """The themes of an organisation, each with its strength."""
    name, main = "Mutualité Française Franche-Comté", reader.page.locator("main")
    box = main.get_by_role("searchbox").or_(main.get_by_role("combobox"))
    if reader.by_keyboard:
        while not reader.page.evaluate("document.activeElement.matches('main input')"):
            reader.press("Tab")
    else:
        reader.choose(box)
    reader.page.keyboard.type(name)
    reader.press("Enter")
    reader.choose(main.get_by_role("link", name=name, exact=True).first)
    expect(reader.page.locator("h1")).to_have_text(name)


def citation_for_zotero(reader: Reader) -> None:
    """The citation of a link, as a file that Zotero imports."""
    page = reader.page
    who_is_linked_to_health(reader)
    reader.choose(page.locator(".drawer").get_by_role("link", name=reader.words["note"]).first)
    page.wait_for_url("**/r/**")
    cite = page.locator(".acts details", has=page.locator(".cite"))
    reader.choose(cite.locator("> summary"))
    reader.choose(cite.locator(".cite-forms > summary"))
    ris = cite.get_by_role("link", name="RIS")
    with page.expect_download() as download:
        reader.choose(ris)
    cited = Path(download.value.path()).read_text("utf-8")
    assert cited.startswith("TY  - ") and "Agés et Vie" in cited


def network_for_gephi(reader: Reader) -> None:
    """The network as a file for Gephi, from its page."""
    export = reader.page.locator("details.export")
    reader.choose(export.locator("summary"))
    with reader.page.expect_download() as download:
        reader.choose(export.get_by_role("link", name="Gephi"))
    drawn = Path(download.value.path()).read_text("utf-8")
    assert "<gexf" in drawn and "viz:color" in drawn


def chart_saved_and_cited(reader: Reader) -> None:
    """The answer in the workbench as a chart, as a file, with its citation."""
    page = reader.page
    chart = page.get_by_role("tab", name="Graphique")
    if reader.by_keyboard:
        reader.arrive(page.get_by_role("tab", selected=True))
        reader.press("ArrowRight")
        expect(chart).to_be_focused()
        reader.press("Enter")
    else:
        reader.choose(chart)
    expect(page.locator("[data-chart=place] svg")).to_be_visible()
    with page.expect_download() as download:
        reader.choose(page.locator("[data-chart=svg]"))
    assert Path(download.value.path()).read_bytes().startswith(b"<svg")
    if reader.by_keyboard:
        reader.arrive(chart)
        reader.press("End")
    else:
        reader.choose(page.get_by_role("tab", name="Fichiers"))
    reader.choose(page.locator("summary", has_text="Citer"))
    expect(page.locator("[data-cite=txt]")).to_contain_text("Innovations par thème")


TASKS: dict[str, Callable[[Reader], None]] = {
    "who is linked to health, in which words": who_is_linked_to_health,
    "who spoke for the Pôle": who_spoke_for_the_pole,
    "what is uncertain": what_is_uncertain,
    "an organisation's themes": themes_of_an_organisation,
    "a link's citation for Zotero": citation_for_zotero,
}
