"""In a real browser, an edition answers queries by itself, and says what to do where it cannot."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

import edition_pages
from browsing import visiting

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
EXAMPLE = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENGINE = "engine/engine.json"
FAULT = "[data-answer] .fault"


def ask(page: Page, query: str) -> None:
    """Ask a query in the workbench."""
    if not page.locator(".cm-content").count():
        page.locator("#query").focus()
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(query)
    page.get_by_role("button", name="Exécuter").click()


def test_the_workbench_answers_by_itself(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        asked: list[str] = []
        visit.page.on("request", lambda request: asked.append(request.url))
        page = visit.open("/sparql.html?query=ASK%20{%20%3Fs%20%3Fp%20%3Fo%20}")
        answer = page.locator("[data-answer]")
        expect(answer.get_by_text("Oui.")).to_be_visible()
        with page.expect_download() as saving:
            answer.get_by_role("link", name="XML").click()
        assert "<boolean>true</boolean>" in saving.value.path().read_text()
        ask(page, "SELECT ?x { ?x foo:bar 1 }")
        expect(answer.locator(".fault")).to_contain_text("Le préfixe foo: n’est pas déclaré")
        ask(page, ENDLESS)
        answer.get_by_role("button", name="Arrêter").click()
        expect(answer).to_contain_text("La requête est arrêtée")
        ask(page, f"CONSTRUCT {{ ?s a ?o }} {{ ?s a ?o }} LIMIT 3 # {'(' * 400}")
        expect(answer.locator(".fault")).to_contain_text("trop de mémoire")
        ask(page, "CONSTRUCT { ?s a ?o } { ?s a ?o } LIMIT 3")
        expect(answer).to_contain_text("3 triplets")
        with page.expect_download() as saving:
            answer.get_by_role("link", name="Turtle").click()
        assert saving.value.path().read_text().count(" a ") + 1 >= 3
        packed = [it for it in asked if it.endswith(".wasm.zst")]
        assert len(packed) == 1, "a worker that is started again gets nothing again"
        assert visit.complaints == []


def test_a_query_that_does_not_end_is_ended(browser: Browser, address: str) -> None:
    def soon(route: Route) -> None:
        told = route.fetch().json()
        route.fulfill(json={**told, "seconds": 0.2})

    with visiting(browser, address) as visit:
        visit.page.route(f"**/{ENGINE}", soon)
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        expect(page.locator("[data-format]")).to_be_visible()
        expect(page.locator(".cm-content")).to_have_count(0)
        ask(page, ENDLESS)
        fault = page.locator("[data-answer] .fault")
        expect(fault).to_contain_text("La requête prend trop de temps")


def test_the_editor_comes_after_the_first_answer_of_who_writes_nothing(
    browser: Browser, address: str
) -> None:
    with visiting(browser, address, locale="fr-FR") as visit:  # a window with an empty cache
        scripts: list[str] = []
        visit.page.on("request", lambda it: scripts.append(it.url.rpartition("/")[2]))
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        expect(page.locator("[data-format]")).to_be_visible()
        assert page.locator("#query").is_editable()
        page.get_by_role("button", name="Exécuter").click()
        expect(page.locator("[data-answer] [data-part=status]")).to_contain_text("ligne")
        expect(page.locator(".cm-content")).to_contain_text("SELECT")
        engine = next(place for place, it in enumerate(scripts) if it.endswith(".wasm.zst"))
        assert scripts.index("terms.json") > engine, "the terms are for the editor"
        assert visit.complaints == []


def test_a_question_is_asked_with_any_value_on_its_page(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/questions/innovations_on_theme.inferred.html")
        page.get_by_label("Thème", exact=True).select_option("theme/gouvernance")
        page.get_by_role("button", name="Demander").click()
        answer = page.locator("[data-answer]")
        expect(answer.get_by_role("status")).to_have_text("1 ligne")
        link = answer.get_by_role("link", name="Gouvernance sans chef de production")
        expect(link).to_have_attribute(
            "href", re.compile(r"/page/innovation/[a-z-]+\.inferred\.html$")
        )
        assert "theme=theme%2Fgouvernance" in page.url
        expect(page.locator("h1")).to_contain_text(" — Gouvernance")
        expect(page.locator("[data-citation=line]")).to_contain_text(" — Gouvernance")
        expect(page.locator("[data-citation=address]")).to_contain_text("theme=theme%2Fgouvernance")
        page.locator("details.export > summary").click()
        with page.expect_download() as download:
            page.locator(".export-menu").get_by_role("link", name="CSV", exact=True).click()
        assert len(Path(download.value.path()).read_text("utf-8").splitlines()) == 1 + 1
        query = page.locator(".export-query a").first.get_attribute("href") or ""
        assert "theme%2Fgouvernance" in query
        assert visit.barriers() == []
        assert visit.complaints == []


def too_large(folder: Path) -> str:
    told = json.loads((folder / ENGINE).read_text())
    (folder / ENGINE).write_text(
        json.dumps(told | {"too_large": {"quads": 1000000, "most": 300000}})
    )
    return "Téléchargez-les"


def missing(folder: Path) -> str:
    [program] = folder.glob("static/built/oxigraph-*.wasm.zst")
    program.unlink()
    return "à cette édition : static/"


def damaged(folder: Path) -> str:
    [data] = folder.glob("engine/data-*.zst")
    data.write_bytes(b"x" * 1000)
    return "n’est pas celui qui a été publié"


@pytest.mark.parametrize("harm", [too_large, missing, damaged])
def test_what_hinders_the_engine_is_said_with_what_to_do(
    browser: Browser, some_pages: Path, tmp_path: Path, harm: Callable[[Path], str]
) -> None:
    """Each hindrance is real: the folder lies so in its web space."""
    folder = Path(shutil.copytree(some_pages, tmp_path / "site"))
    sentence = harm(folder)
    with edition_pages.served(folder) as address, visiting(browser, address) as visit:
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        ask(page, EXAMPLE)
        expect(page.locator(FAULT)).to_contain_text(sentence)


def test_a_web_space_that_is_out_of_reach_is_said(browser: Browser, some_pages: Path) -> None:
    web_space = ExitStack()
    address = web_space.enter_context(edition_pages.served(some_pages))
    with web_space, visiting(browser, address) as visit:
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        page.locator("#query").focus()
        expect(page.locator(".cm-content")).to_be_visible()
        web_space.close()
        ask(page, EXAMPLE)
        expect(page.locator(FAULT)).to_contain_text("Vérifiez la connexion")


def test_a_browser_without_webassembly_is_said_to_be_too_old(
    browser: Browser, address: str
) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/sparql.html")
        page.mouse.move(9, 9)
        page.evaluate("delete window.WebAssembly")
        ask(page, EXAMPLE)
        expect(page.locator(FAULT)).to_contain_text("trop ancien")
