"""An edition of somebody's graph: its lists, things, evidence and search, without our pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect
from pyoxigraph import RdfFormat, parse

import edition_pages
from browsing import visiting
from edition_links import broken_links, ignored_choices
from others_evidence import EX, PREFIXES, RANKS, WRITTEN
from rallynov_graph.edition.addresses import SiteAddress
from rallynov_graph.edition.publishing import publish
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page

BASE = "https://data.example.org/bugs/"
OURS = ("carnet", "questions", "ontology", "downloads", "list/stage", "void")


@dataclass(frozen=True)
class Published:
    name: str
    folder: Path

    def page(self, path: str, **asked: str) -> Page:
        address = SiteAddress(f"/{path}", (*asked.items(),), "en")
        return Page((self.folder / address.file).read_text("utf-8"))


@pytest.fixture(scope="module", params=["rdf12", "ranks"])
def others(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("others") / "site"
    written = PREFIXES + {**WRITTEN, "ranks": RANKS}[request.param]
    store = EmbeddedStore.of_quads(parse(written, RdfFormat.TRIG))
    publish(store, folder, BASE, processes=1)
    return Published(request.param, folder)


def test_each_link_leads_to_a_file_and_our_own_pages_are_not_there(others: Published) -> None:
    assert [*broken_links(others.folder, "/bugs/")] == []
    assert [*ignored_choices(others.folder, "/bugs/")] == []
    assert (others.folder / "doubts.html").exists() == (others.name == "ranks")
    assert [it for it in OURS if [*others.folder.glob(f"{it}*")]] == []


def test_a_list_leads_to_a_thing_and_its_evidence(others: Published) -> None:
    assert "ladybird" in others.page("list", **{"class": f"{EX}Beetle"}).text
    prop = f"{EX}t1" if others.name == "ranks" else f"{EX}eats"
    assert "evidence" in others.page("resource", iri=f"{EX}ladybird").text
    note = others.page("why", subject=f"{EX}ladybird", property=prop, object=f"{EX}aphid")
    assert "ladybird — eats: aphid" in note.text
    assert ("Claire Ecolo" in note.text) == (others.name != "ranks")


def test_in_a_browser_it_is_searched_and_asked_in_sparql(
    others: Published, browser: Browser
) -> None:
    asked = f"?query=SELECT+%3Fs+WHERE+%7B+%3Fs+a+%3C{EX}Beetle%3E+%7D"
    with edition_pages.served(others.folder) as address, visiting(browser, address) as visit:
        page = visit.open("/search.en.html?q=ladybird")
        page.get_by_role("link", name="ladybird", exact=True).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("ladybird")
        page = visit.open(f"/sparql.en.html{asked}")
        page.get_by_role("button", name="Run").click()
        rows = 3 if others.name == "ranks" else 1
        expect(page.get_by_text(re.compile(f"^{rows} rows? ·")).first).to_be_visible()
        assert visit.barriers() == []
