"""Servers whose default graph is all graphs together: each query is asked inside one of them."""

import tomllib
from pathlib import Path

import pytest

import standin
from engines import oxigraph
from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.namespaces import LOADED, MERGED
from rallynov_graph.questions.datasets import of_server
from rallynov_graph.release.building import build
from rallynov_graph.release.loading import load
from rallynov_graph.sparql.embedded import EmbeddedStore
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore

PREFIXES = """PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX id: <https://w3id.org/rallynov/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX g: <https://w3id.org/rallynov/id/graph/>
"""


ASKED = tomllib.loads(Path(__file__).with_name("scoped_queries.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def union(loaded_union: Server) -> RemoteStore:
    return RemoteStore(loaded_union, dataset=of_server(loaded_union))


def test_answers_are_the_same(
    union: RemoteStore, store: EmbeddedStore, subtests: pytest.Subtests
) -> None:
    for name, query in ASKED["tables"].items():
        with subtests.test(name):
            there, here = union.select(PREFIXES + query), store.select(PREFIXES + query)
            assert sorted(map(str, there.rows)) == sorted(map(str, here.rows))
            assert there.variables == here.variables
    for name, query in ASKED["graphs"].items():
        with subtests.test(name):
            assert {*union.construct(PREFIXES + query)} == {*store.construct(PREFIXES + query)}


def test_a_fault_is_where_the_asker_has_it(union: RemoteStore) -> None:
    with pytest.raises(EndpointError) as refused:
        union.select("SELECT *\n{ ?s ?p ?o . GRAPH ?g { ?s ?p ?o }\n  ?s ?p }")
    assert refused.value.failure is Failure.REFUSED
    assert (refused.value.line, refused.value.column) == (3, 9)


def test_more_graphs_than_a_request_can_name_and_others_beside_ours(tmp_path: Path) -> None:
    sources = standin.make(tmp_path)
    made = build(tmp_path / "out", data=sources.data, ontology=sources.ontology, checked=False)
    with oxigraph("--union-default-graph") as server:
        others = " ".join(
            f"GRAPH <urn:other:{n}> {{ <https://example.org/one> <urn:is> {n} }}"
            for n in range(1500)
        )
        server.update(f"INSERT DATA {{ {others} }}")
        load(made, server)
        there, here = RemoteStore(server, dataset=of_server(server)), EmbeddedStore.of_release(made)
        everything = "CONSTRUCT WHERE { ?s ?p ?o }"
        assert {*there.construct(everything)} == {*here.construct(everything)}
        described = "SELECT ?g ?s { ?g a ?kind GRAPH ?g { ?s ?p ?o } } ORDER BY ?g ?s"
        assert there.select(described) == here.select(described)
        names = {row[0].value for row in there.select("SELECT ?g { GRAPH ?g { } }").rows}  # type: ignore[union-attr]
        assert not names & {MERGED, LOADED} and len(names) > 1500
        assert load(made, server).sent == 0
