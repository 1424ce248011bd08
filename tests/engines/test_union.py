"""Servers whose default graph is all graphs together: each query is asked inside one of them."""

from pathlib import Path

import pytest

import standin
from engines import oxigraph
from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.namespaces import LOADED, MERGED
from rallynov_graph.questions.datasets import of_server
from rallynov_graph.release.building import build
from rallynov_graph.release.loading import load
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from rallynov_graph.sparql.remote.graph_scope import GraphScope
from rallynov_graph.sparql.remote.remote_server import Server
from rallynov_graph.sparql.remote.remote_store import RemoteStore

PREFIXES = """PREFIX rn: <https://w3id.org/rallynov/ontology#>
PREFIX id: <https://w3id.org/rallynov/id/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <https://schema.org/>
PREFIX g: <https://w3id.org/rallynov/id/graph/>
"""
TABLES = {
    "a triple of several graphs": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "graphs of facts": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s a rn:Stage } } GROUP BY ?g",
    "a sub-select": """SELECT ?s ?n { ?s a rn:Stage
        { SELECT ?s (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?s } }""",
    "the whole is a sub-select": "SELECT ?s { SELECT DISTINCT ?s { ?s a rn:Stage } VALUES ?q {1} }",
    "a path": "SELECT ?a ?b { ?a a rn:Stage . ?a (schema:superEvent|^schema:subEvent)+ ?b }",
    "EXISTS": """SELECT ?s { ?s a rn:Stage
        FILTER EXISTS { GRAPH ?g { ?s schema:location ?w } ?g rn:certainty rn:explicit }
        FILTER NOT EXISTS { ?s rn:noSuchProperty ?o } }""",
    "EXISTS in a column": "SELECT (EXISTS { ?s a rn:Stage } AS ?there) (1 AS ?one) {}",
    "EXISTS in HAVING": """SELECT ?c (COUNT(*) AS ?n) { ?s a ?c } GROUP BY ?c
        HAVING (EXISTS { ?c rdfs:label ?l })""",
    "MINUS and OPTIONAL": """SELECT ?s ?g { ?s a rn:Stage MINUS { ?s rn:number 1 }
        OPTIONAL { GRAPH ?g { ?s schema:location ?w } } }""",
    "UNION": "SELECT * { { ?s a rn:Stage } UNION { GRAPH ?g { ?s rn:number ?n } . } }",
    "VALUES": "SELECT * { VALUES (?s) { (rn:Stage) } ?s rdfs:label ?l } VALUES ?l { UNDEF }",
    "FROM": "SELECT (COUNT(*) AS ?n) FROM <https://w3id.org/rallynov/ontology> { ?s ?p ?o }",
    "FROM NAMED": """PREFIX o: <https://w3id.org/rallynov/> SELECT ?g (COUNT(*) AS ?n)
        FROM o:none FROM NAMED o:ontology { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g""",
    "escapes": r"""SELECT * { ?s a <https://w3id.org/rallynov/ontology#St\u0061ge> ;
        rdfs:label ?l FILTER(?l != '}\u0041') }""",
    "braces in comments": "SELECT * { ?s a rn:Stage # }\n ; rdfs:label ?l # { \n }",
}
GRAPHS = {
    "a pattern alone": "CONSTRUCT WHERE { ?s rn:number ?n } ",
    "a template": "CONSTRUCT { ?s rn:x [] , ?n } WHERE { ?s a rn:Stage ; rn:number ?n } LIMIT 0",
    "things named": "DESCRIBE rn:Stage <https://w3id.org/rallynov/ontology#number>",
    "things found": "DESCRIBE ?s ?l WHERE { ?s a rn:Stage OPTIONAL { ?s rn:none ?l } } LIMIT 1000",
    "things in every column": "DESCRIBE * { ?s a rn:Stage ; schema:location ?w }",
}


@pytest.fixture(scope="module")
def union(loaded_union: Server) -> RemoteStore:
    return RemoteStore(loaded_union, dataset=of_server(loaded_union))


@pytest.mark.parametrize("query", TABLES.values(), ids=TABLES)
def test_a_table_is_the_same(union: RemoteStore, store: EmbeddedStore, query: str) -> None:
    there, here = union.select(PREFIXES + query), store.select(PREFIXES + query)
    assert sorted(map(str, there.rows)) == sorted(map(str, here.rows))
    assert there.variables == here.variables


@pytest.mark.parametrize("query", GRAPHS.values(), ids=GRAPHS)
def test_triples_are_the_same(union: RemoteStore, store: EmbeddedStore, query: str) -> None:
    assert {*union.construct(PREFIXES + query)} == {*store.construct(PREFIXES + query)}


def test_raw_the_default_graph_is_another(union: RemoteStore) -> None:
    """Without the scope, the questions above are not worth asking."""
    raw, count = RemoteStore(union.server), "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    assert raw.select(count) != union.select(count)


@pytest.mark.parametrize(
    ("query", "line", "column"),
    [
        ("SELECT *\n{ ?s ?p ?o . GRAPH ?g { ?s ?p ?o }\n  ?s ?p }", 3, 9),
        ("SELECT * { ?s ?p ?o ", None, None),
    ],
)
def test_a_fault_is_where_the_asker_has_it(
    union: RemoteStore, query: str, line: int | None, column: int | None
) -> None:
    with pytest.raises(EndpointError) as refused:
        union.select(query)
    assert refused.value.failure is Failure.REFUSED
    if line is not None:
        assert (refused.value.line, refused.value.column) == (line, column)


def test_a_brace_that_is_escaped_is_one() -> None:
    query = r"ASK \u007B ?s ?p '\u007B' }"
    assert GraphScope("urn:m").scoped(query).text == "ASK { GRAPH <urn:m> { ?s ?p '{'  }}"


def test_each_place_of_a_scoped_query_is_found_again() -> None:
    query = "SELECT *\n{ ?s ?p ?o . GRAPH ?g { ?a ?b ?c }\n ?d }"
    scoped = GraphScope("urn:m", ("urn:m",)).scoped(query)
    assert scoped.text.replace("GRAPH <urn:m> {", "") != scoped.text
    for sign in "?s", "?a", "?d", "*":
        before = scoped.text[: scoped.text.index(sign)]
        place = before.count("\n") + 1, len(before) - before.rfind("\n")
        start = query[: query.index(sign)]
        assert scoped.position(*place) == (start.count("\n") + 1, len(start) - start.rfind("\n"))


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
