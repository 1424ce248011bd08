"""Forms of pages that are files are answered in the browser, as the service answers them."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from browsing import visiting
from edition_links import ignored_choices
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from reading_pages import Page

WAY = {"from": "organisation/bge-franche-comte", "to": "organisation/pole-des-microtechniques"}


@pytest.fixture(scope="module")
def server(store: EmbeddedStore, release: Release) -> Flask:
    """The site as a server has it."""
    return create_app(store.pages(), release)


def test_each_form_is_answered_by_a_script_of_its_page(some_pages: Path) -> None:
    assert [*ignored_choices(some_pages)] == []


def test_without_scripts_each_of_them_says_that_it_takes_them(
    browser: Browser, address: str
) -> None:
    with visiting(browser, address, java_script_enabled=False) as visit:
        for path in ("doubts", "network", "search", "sparql", "questions/innovations_on_theme"):
            page = visit.open(f"/{path}.html")
            expect(page.locator("main noscript p").first).to_be_visible()


def test_doubts_are_narrowed_to_a_thing_as_on_a_server(
    browser: Browser, address: str, server: Flask
) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/doubts.html")
        menu = page.get_by_label("Questions qui touchent")
        thing = menu.locator("option").nth(1).get_attribute("value") or ""
        menu.select_option(thing)
        page.get_by_role("button", name="Choisir").click()
        told = Page(server.test_client().get("/doubts", query_string={"touches": thing}).text)
        expect(page.locator("h1")).to_have_text(" ".join(told.one("h1").text.split()))
        shown = page.locator(".doubt:visible").evaluate_all("them => them.map(it => it.id)")
        assert sorted(shown) == sorted(it["id"] for it in told.all("article", **{"class": "doubt"}))
        assert visit.barriers() == []
        assert visit.complaints == []


def test_the_way_between_two_things_is_that_of_a_server(
    browser: Browser, address: str, server: Flask
) -> None:
    data = server.test_client().get("/network.json", query_string=WAY).json
    names = [data["things"][number]["name"] for number in data["way"]]
    assert len(names) > 2
    with visiting(browser, address) as visit:
        page = visit.open("/network.html")
        for name, value in WAY.items():
            page.locator(f"#f-{name}").select_option(value)
        page.get_by_role("button", name="Montrer le chemin").click()
        steps = page.locator("[data-chain] > li")
        expect(steps).to_have_count(len(names))
        assert steps.locator("[data-thing]").all_text_contents() == names
        expect(steps.locator("[data-note] a")).to_have_count(len(names) - 1)
        assert visit.barriers() == []
        assert visit.complaints == []
