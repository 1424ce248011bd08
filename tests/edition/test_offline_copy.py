"""A reader keeps an edition: it is read and queried without a server, and goes when he wants."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

import edition_pages
from browsing import visiting
from waiting import eventually

IS_NEW = """caches.match(new URL("absent/offline.html", location.href).href)
    .then(it => it.text()).then(text => text.includes("<h1>Anew"))"""
ASKED = """fetch(
    document.querySelector("meta[name=rallynov-engine]").dataset.offline, {cache: "no-store"}
).then(answer => answer.text())"""
KEPT = "caches.keys().then(names => names.length)"


@pytest.fixture(scope="module")
def folder(some_pages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with some pages of an edition below a path, and those alone to be kept."""
    folder = tmp_path_factory.mktemp("kept")
    shutil.copytree(some_pages, folder / "deep", symlinks=True)
    listed = folder / "deep/engine/offline.json"
    told = json.loads(listed.read_text())
    places = {it: Path(os.path.normpath(listed.parent / it)) for it in told["files"]}
    told["files"] = [it for it, place in places.items() if place.is_file()]
    assert {"../about.html", "../sparql.en.html"} <= {*told["files"]}
    listed.write_text(json.dumps(told))
    return folder


def publish_again(edition: Path) -> None:
    """Have the folder hold another edition, with another page of what is not in a copy."""
    listed, page = edition / "engine/offline.json", edition / "absent/offline.html"
    listed.write_text(json.dumps(json.loads(listed.read_text()) | {"release": "another"}))
    page.write_text(page.read_text("utf-8").replace("<h1>", "<h1>Anew: "), "utf-8")


def test_a_copy_is_made_answers_offline_and_is_removed(browser: Browser, folder: Path) -> None:
    with edition_pages.served(folder) as address, visiting(browser, address) as visit:
        page = visit.open("/deep/about.html")
        page.click("#offline summary")
        kept = page.locator("#offline [role=status]")
        expect(kept).to_contain_text("La copie demande environ")
        page.get_by_role("button", name="Garder une copie").click()
        expect(kept).to_contain_text("La copie est là")
        assert visit.complaints == []
        page.goto(f"{address}/deep/questions/innovations_on_theme.html")
        page.context.set_offline(True)
        try:
            page.goto(f"{address}/deep/sparql.html?query=ASK%20{{%20?s%20?p%20?o%20}}")
            expect(page.locator("[data-answer]").get_by_text("Oui.")).to_be_visible()
            page.goto(f"{address}/deep/questions/innovations_on_theme.html?theme=theme/gouvernance")
            expect(page.locator("[data-answer] [role=status]")).to_have_text("1 ligne")
            page.goto(f"{address}/deep/page/stage/dole.en.html")
            expect(page.locator("h1")).to_have_text("This page is not in your copy")
        finally:
            page.context.set_offline(False)
        page.goto(f"{address}/deep/search.html", wait_until="networkidle")
        publish_again(folder / "deep")
        page.evaluate(ASKED)  # as by a page that was left before all files had come
        page.goto(f"{address}/deep/search.html")
        assert eventually(lambda: page.evaluate(IS_NEW))
        page.goto(f"{address}/deep/about.html")
        page.click("#offline summary")
        page.get_by_role("button", name="Enlever la copie").click()
        expect(kept).to_contain_text("La copie demande environ")
        assert page.evaluate(KEPT) == 0
        registered = "navigator.serviceWorker.getRegistrations().then(them => them.length)"
        assert page.evaluate(registered) == 0


def test_a_browser_that_keeps_nothing_says_so(browser: Browser, folder: Path) -> None:
    refuse = """for (const name of ["caches", "indexedDB", "localStorage", "sessionStorage"])
        Object.defineProperty(window, name,
            { get() { throw new DOMException("", "SecurityError"); } })"""
    with edition_pages.served(folder) as address, visiting(browser, address) as visit:
        visit.page.add_init_script(refuse)
        page = visit.open("/deep/about.en.html")
        page.click("#offline summary")
        told = page.locator("#offline [role=status]")
        expect(told).to_contain_text("refuses to keep anything")
        expect(page.locator("#offline button")).to_be_hidden()
        assert visit.barriers() == []
        assert visit.complaints == []
