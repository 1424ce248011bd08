"""A reader's own file of a document: its words on every page of the tab, and nothing sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Page, expect

import trial
from browsing import HEIGHT, PHONE, WIDE, visiting
from rallynov_graph.release.building import build
from servers import serving

TEXT: Final = trial.TRIAL / trial.TEXTS[trial.FIRST]
PASSAGE: Final = "/page/passage/estran-7-821-829"
SENTENCE: Final = "Organisé par la coopérative Bezhinou, avec le laboratoire Limnoria"
OPEN: Final = "Ouvrir le fichier du carnet…"


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of the invented letter, without its text."""
    folder = tmp_path_factory.mktemp("letter")
    trial.alone(folder / "data")
    release = build(folder / "out", data=folder / "data", checked=False)
    with serving("--release", str(release.path)) as server:
        yield server.address


def give(page: Page, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name=OPEN).first.click()
    chooser.value.set_files(file)


def test_the_file_shows_its_words_in_the_tab_and_is_kept_and_removed_as_the_reader_says(
    browser: Browser, letter: str
) -> None:
    with visiting(browser, letter, viewport={"width": WIDE, "height": HEIGHT}) as visit:
        # Without a certificate a site has no `crypto.subtle`.
        visit.page.add_init_script("delete Crypto.prototype.subtle")
        page = visit.open(PASSAGE)
        assert page.evaluate("crypto.subtle === undefined")
        assert SENTENCE not in page.inner_text("main")
        page.get_by_role("button", name=OPEN).click(trial=True)
        sent: list[str] = []
        page.on("request", lambda it: sent.append(f"{it.method} {it.url} {it.post_data}"))
        give(page, TEXT)
        expect(page.locator("main mark").first).to_have_text("Bezhinou")
        assert SENTENCE in page.inner_text("main blockquote").replace("\n", " ")
        published = (f"GET {letter}/static/built/", f"GET {letter}/carnet/texts.json None")
        assert [it for it in sent if not it.startswith(published)] == []
        assert visit.barriers() == []
        # On the next page of the tab, and not in another one, until it is kept.
        visit.open("/page/passage/estran-7-963-978")
        expect(page.locator("main mark").first).to_have_text("panneau isolant")
        expect(page.get_by_text("Il reste dans cet onglet")).to_be_visible()
        other = page.context.new_page()
        other.goto(letter + PASSAGE)
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
    browser: Browser, letter: str, tmp_path: Path
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
    with visiting(browser, letter, viewport={"width": PHONE, "height": HEIGHT}) as visit:
        page = visit.open(PASSAGE)
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
    with visiting(browser, letter, java_script_enabled=False) as visit:
        assert visit.open(PASSAGE).get_by_role("button", name=OPEN).count() == 0
