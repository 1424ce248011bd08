"""A reader's own file of a document: its words on every page of the tab, and nothing sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

import edition_pages
import trial
from browsing import HEIGHT, PHONE, WIDE, visiting
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore
from servers import serving

TEXT: Final = trial.TRIAL / trial.TEXTS[trial.FIRST]
PASSAGE: Final = "/page/passage/estran-7-821-829"
NEXT: Final = "/page/passage/estran-7-963-978"
SENTENCE: Final = "Organisé par la coopérative Bezhinou, avec le laboratoire Limnoria"
OPEN: Final = "Ouvrir le fichier du carnet…"


@dataclass(frozen=True)
class Site:
    """A site without the text: of a server, or an edition that a plain one serves."""

    address: str
    suffix: str = ""
    folder: Path | None = None


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the invented letter."""
    folder = tmp_path_factory.mktemp("letter")
    trial.alone(folder / "data")
    return build(folder / "out", data=folder / "data", checked=False)


@pytest.fixture(scope="module", params=["server", "edition"])
def site(
    request: pytest.FixtureRequest, letter: Release, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    if request.param == "server":
        with serving("--release", str(letter.path)) as server:
            yield Site(server.address)
    else:
        folder = tmp_path_factory.mktemp("edition")
        pages = (PASSAGE, NEXT, "/carnet/estran-7", "/carnet/texts.json")
        edition_pages.write(EmbeddedStore.of_release(letter), letter, folder, pages)
        with edition_pages.served(folder) as address:
            yield Site(address, ".html", folder)


def give(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=OPEN).first.click()
    chooser.value.set_files(file)


def test_the_file_shows_its_words_in_the_tab_and_is_kept_and_removed_as_the_reader_says(
    browser: Browser, site: Site
) -> None:
    with visiting(browser, site.address, viewport={"width": WIDE, "height": HEIGHT}) as visit:
        # Without a certificate a site has no `crypto.subtle`.
        visit.page.add_init_script("delete Crypto.prototype.subtle")
        page = visit.open(PASSAGE + site.suffix)
        assert page.evaluate("crypto.subtle === undefined")
        assert SENTENCE not in page.inner_text("main")
        page.get_by_role("button", name=OPEN).click(trial=True)
        sent: list[str] = []
        page.on("request", lambda it: sent.append(f"{it.method} {it.url} {it.post_data}"))
        give(page, TEXT)
        expect(page.locator("main mark").first).to_have_text("Bezhinou")
        assert SENTENCE in page.inner_text("main blockquote").replace("\n", " ")
        own = f"GET {site.address}/"
        published = f"{own}static/built/", f"{own}carnet/texts.json "
        assert [it for it in sent if not it.startswith(published)] == []
        assert visit.barriers() == []
        visit.open(f"/carnet/estran-7{site.suffix}")
        expect(page.locator(".part")).to_contain_text(f"{SENTENCE}\n34 participants")
        page.locator(".part .own-words a", has_text="Goumon-Plak").click()
        expect(page.locator(".part-facts > li:target")).to_contain_text("Goumon-Plak")
        assert not visit.overflows() and visit.barriers() == []
        # On the next page of the tab, and not in another one, until it is kept.
        visit.open(NEXT + site.suffix)
        expect(page.locator("main mark").first).to_have_text("panneau isolant")
        expect(page.get_by_text("Il reste dans cet onglet")).to_be_visible()
        other = page.context.new_page()
        other.goto(site.address + PASSAGE + site.suffix)
        expect(other.get_by_role("button", name=OPEN)).to_be_visible()
        page.get_by_role("button", name="Le garder dans ce navigateur").click()
        expect(page.get_by_text("Il est gardé dans ce navigateur")).to_be_visible()
        other.reload()
        expect(other.locator("main mark").first).to_have_text("Bezhinou")
        other.close()
        page.get_by_role("button", name="Le retirer de ce navigateur").click()
        expect(page.get_by_role("button", name=OPEN)).to_be_visible()
        assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_copy_is_marked_unverified_and_what_is_no_text_of_it_is_told_the_way_on(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    copied = re.sub(r"(?<!\n)\n(?!\n)", " ", TEXT.read_text("utf-8")).replace("Limno", "Lim-\r\nno")
    files = {
        "copie.txt": f"Bonjour,\r\n\r\n{copied.replace('’', chr(39))}".encode(),
        "lettre.pdf": b"%PDF-1.7\n",
        "lettre.docx": b"PK\x03\x04",
        "autre.txt": b"Une autre lettre, de la ferme Bezhinou.",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with visiting(browser, site.address, viewport={"width": PHONE, "height": HEIGHT}) as visit:
        page = visit.open(PASSAGE + site.suffix)
        for name, sentence in (
            ("lettre.pdf", "sélectionnez tout, copiez"),
            ("lettre.docx", "n’est pas un fichier texte"),
            ("autre.txt", "n’est le texte d’aucun carnet"),
        ):
            give(page, tmp_path / name)
            expect(page.locator(".own-file [role=status]")).to_contain_text(sentence)
            assert page.locator("main mark").count() == 0
        give(page, tmp_path / "copie.txt")
        expect(page.locator("main mark").first).to_have_text("Bezhinou")
        expect(page.locator("main figure").first).to_contain_text(
            "D’après votre copie, non vérifié"
        )
        assert not visit.overflows() and visit.barriers() == []
    with visiting(browser, site.address, java_script_enabled=False) as visit:
        assert visit.open(PASSAGE + site.suffix).get_by_role("button", name=OPEN).count() == 0
    if site.folder:
        with browser.new_page() as page:
            page.goto((site.folder / f"{PASSAGE[1:]}.html").as_uri())
            expect(page.locator(".own-file")).to_contain_text("servez-la par le web")
            expect(page.locator(".own-file p")).to_be_visible()
