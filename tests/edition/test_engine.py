"""The engine that an edition gives to a browser answers as the service does."""

from __future__ import annotations

import hashlib

import pytest
import zstandard
from flask import Flask
from flask.testing import FlaskClient

import engine_answers
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release.release import Release
from rallynov_graph.site import edition
from rallynov_graph.site.application import create_app
from rallynov_graph.site.edition import routes
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore


@pytest.fixture(scope="module")
def app(store: EmbeddedStore, release: Release) -> Flask:
    """The site as an edition is made from it."""
    app = create_app(store.pages(), release)
    app.testing = True
    edition.register(app)
    return app


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
    monkeypatch.setattr(routes, "MOST_QUADS", 100)
    monkeypatch.setattr(routes, "MOST_SEARCHED", 100)
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
