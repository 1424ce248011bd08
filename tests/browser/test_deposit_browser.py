"""The page of a deposit asks again from a file, without a server or a network."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as BrowserPage

from asking import answering
from rallynov_graph.questions import catalogue
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore

STAGES = catalogue.load()["stages"].text
GRAPH = "CONSTRUCT { ?s a ?o } { ?s a ?o FILTER (STRENDS(STR(?o), '#Stage')) }"
OPENED = 30_000
"""Milliseconds in which the engine is compiled and has the release."""


@pytest.fixture(scope="module")
def page(still_browser: Browser) -> BrowserPage:
    page = still_browser.new_page(offline=True)
    page.on("pageerror", lambda error: pytest.fail(f"{error}"))
    return page


@pytest.mark.parametrize(
    ("query", "language", "said"),
    [
        (STAGES, "fr", "La réponse est celle du dépôt."),
        (GRAPH, "en", "The answer is the one in the deposit."),
        ("ASK { ?s ?p ?o }", "en", "The answer is the one in the deposit."),
    ],
    ids=("rows", "triples", "yes-or-no"),
)
def test_the_answer_is_the_one_in_the_deposit(
    store: EmbeddedStore,
    release: Release,
    page: BrowserPage,
    tmp_path: Path,
    query: str,
    language: str,
    said: str,
) -> None:
    client = answering(create_app(store, release), store).test_client()
    deposit = client.get("/sparql/cite.zip", query_string={"query": query, "lang": language})
    with zipfile.ZipFile(io.BytesIO(deposit.data)) as archive:
        archive.extractall(tmp_path)
        answer = next(name for name in archive.namelist() if name.startswith("answer."))
    file = tmp_path / "ask-again.html"
    page.goto(file.as_uri())
    status = page.get_by_role("status")
    expect(status).to_have_text(said, timeout=OPENED)
    lines = (tmp_path / answer).read_text("utf-8").splitlines()
    assert page.locator("tr").count() == len(lines)
    if query is not STAGES:
        return
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.locator("tr").nth(1).bounding_box()["y"] < 800
    page.fill("textarea", "SELECT ?s { ?s")
    page.get_by_role("button").press("Enter")
    expect(status).to_contain_text("La requête ne peut pas être exécutée.")
    page.fill("textarea", "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
    page.get_by_role("button").press("Enter")
    expect(status).to_contain_text("La requête a été changée")
    counts = release.manifest.counts
    assert int(page.locator("td").inner_text()) >= counts["quads"]
    text = file.read_text("utf-8")
    file.write_text(re.sub(r'"sha256": "\w{4}', '"sha256": "dead', text), "utf-8")
    page.goto(file.as_uri())
    expect(status).to_contain_text("La réponse diffère", timeout=OPENED)
