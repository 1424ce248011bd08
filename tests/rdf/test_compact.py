"""JSON-LD that is short by the context says exactly what was to be said."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, NamedNode, RdfFormat, Triple, parse

import strategies
from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.rdf.compact import Context, written

ME, YOU = NamedNode(f"{ID}stage/me"), NamedNode(f"{ID}stage/you")
CONTEXT = Context.read((ontology_dir() / "context.jsonld").read_bytes())


def read(text: bytes) -> set[Triple]:
    return {q.triple for q in parse(text, format=RdfFormat.JSON_LD)}


@given(st.sets(strategies.triples, max_size=8))
def test_what_is_said_is_read_back(said: set[Triple]) -> None:
    assert read(written(said, CONTEXT)) == said


def test_a_node_without_a_name_stays_one() -> None:
    said = [Triple(ME, NamedNode(f"{RN}carriedBy"), it) for it in (BlankNode("b0"), YOU)]
    found = read(written(said, CONTEXT))
    assert len(found) == 2 and any(isinstance(it.object, BlankNode) for it in found)


def test_every_name_of_the_context_is_used_as_it_is_defined() -> None:
    said = {Triple(ME, NamedNode(iri), YOU) for iri in CONTEXT.terms}
    text = written(said, CONTEXT)
    [node] = json.loads(text)["@graph"]
    assert {*node} == {"id", *(short.name for short in CONTEXT.terms.values())}
    assert read(text) == said


def test_an_iri_that_a_prefix_would_change_is_refused() -> None:
    with pytest.raises(UnwritableError, match="foaf:a"):
        written([Triple(ME, NamedNode(f"{RN}p"), NamedNode("foaf:a"))], CONTEXT)
