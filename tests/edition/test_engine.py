"""The engine that an edition gives to a browser answers as the service does."""

from __future__ import annotations

import gzip
import hashlib
import json

import engine_answers
from rallynov_graph.base.resources import web_dir
from rallynov_graph.edition import engine
from rallynov_graph.edition.engine import engine_files
from rallynov_graph.questions.catalogue import load
from rallynov_graph.site.web import assets


def test_every_question_has_the_same_answer_in_a_browser(release, store):
    queries = engine_answers.queries_at(load(), "inferred")
    queries["default graph"] = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    queries["named graphs"] = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    expected = engine_answers.hashes_of_service(store, queries)
    assert engine_answers.hashes_of_engine(release, queries) == expected


def test_the_files_of_the_engine_are_those_that_it_is_told(release):
    static = web_dir() / "static"
    files = dict(engine_files(release, assets.load(), static))
    told = json.loads(files["engine/engine.json"])
    packed = files[f"engine/{told['data']['address']}"]
    assert told["data"]["bytes"] == len(packed)
    assert told["data"]["sha256"] == hashlib.sha256(gzip.decompress(packed)).hexdigest()
    program = (static.parent / "engine" / told["wasm"]["packed"]["address"]).resolve()
    unpacked = gzip.decompress(program.read_bytes())
    assert told["wasm"]["packed"]["bytes"] == program.stat().st_size
    assert told["wasm"]["sha256"] == hashlib.sha256(unpacked).hexdigest()
    assert told["wasm"]["bytes"] == len(unpacked)


def test_a_release_too_large_for_browsers_has_no_engine_and_says_so(release, monkeypatch):
    monkeypatch.setattr(engine, "MOST_QUADS", 100)
    [file] = engine_files(release, assets.load(), web_dir() / "static")
    assert json.loads(file.content)["too_large"]["most"] == 100
