"""The store in memory: what it holds, what it answers, what it says of a faulty query."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.errors import QueryError, SourceError, UnknownNameError
from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore, StoreQuery
from servers import DATA

EXAMPLE = "https://example.org/"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


@pytest.fixture
def of_files(tmp_path: Path) -> EmbeddedStore:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    return EmbeddedStore.of_files([file])


def number(store: EmbeddedStore, query: str) -> int:
    [[term]] = store.select(query).rows
    assert isinstance(term, Literal)
    return int(term.value)


def test_a_release_holds_each_distinct_triple_once(release: Release, store: EmbeddedStore) -> None:
    quads = parse(path=str(release.data), format=RdfFormat.N_QUADS)
    triples = {q.triple for q in quads if is_current(q.graph_name)}
    terms = {q.triple for q in parse(path=str(release.ontology), format=RdfFormat.N_TRIPLES)}
    assert number(store, COUNT) == len(triples | terms)


def test_a_release_keeps_every_quad_in_its_graph(release: Release, store: EmbeddedStore) -> None:
    quads = set(parse(path=str(release.data), format=RdfFormat.N_QUADS))
    asked = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g != <{ONTOLOGY}>) }}"
    assert number(store, asked) == len(quads)


def test_the_ontology_is_a_named_graph_of_a_release(store: EmbeddedStore) -> None:
    assert store.ask(f"ASK {{ GRAPH <{ONTOLOGY}> {{ <{ONTOLOGY}> ?p ?o }} }}")


def test_files_are_served_as_the_dataset_that_they_are(of_files: EmbeddedStore) -> None:
    assert number(of_files, COUNT) == 4
    graphs = of_files.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g")
    assert graphs.rows == ((NamedNode(f"{EXAMPLE}g1"),), (NamedNode(f"{EXAMPLE}g2"),))


def test_pages_read_all_graphs_without_duplicates(of_files: EmbeddedStore) -> None:
    likes = f"SELECT (COUNT(*) AS ?n) {{ ?s <{EXAMPLE}likes> ?o }}"
    assert (number(of_files, likes), number(of_files.pages(), likes)) == (0, 1)
    evidence = f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s <{EXAMPLE}likes> ?o }} }}"
    assert number(of_files.pages(), evidence) == 2


def test_pages_of_a_release_read_the_release(store: EmbeddedStore) -> None:
    assert store.pages() is store


def test_blank_nodes_of_two_files_are_two(tmp_path: Path) -> None:
    files = [tmp_path / "one.ttl", tmp_path / "two.ttl"]
    for file in files:
        file.write_text(f'_:b <{EXAMPLE}is> "here" .', "utf-8")
    assert number(EmbeddedStore.of_files(files), COUNT) == 2


def test_a_missing_file_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="absent"):
        EmbeddedStore.of_files([tmp_path / "absent.ttl"])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("SELECT ?s WHERE { ?s ?p ", "line 1, column 25: unexpected end of the query"),
        ("SELECT ?s\nWHERE { ?s foaf:name ?o }", "line 2, column 12: the prefix foaf: is not"),
        ("SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o }", "contains a variable that is unbound"),
        ("SELECT ?x { ?x <https://example.org/p> <o> }", "IRI parsing failed"),
    ],
)
def test_a_faulty_query_is_told_with_its_place(
    of_files: EmbeddedStore, query: str, words: str
) -> None:
    with pytest.raises(QueryError, match=words) as told:
        of_files.select(query)
    assert told.value.line
    assert told.value.column


def test_a_query_of_another_form_is_refused(of_files: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match="not a SELECT"):
        of_files.select("ASK {}")
    with pytest.raises(QueryError, match="not an ASK"):
        of_files.ask(COUNT)
    with pytest.raises(QueryError, match="no triples"):
        of_files.construct("ASK {}")


def test_a_function_that_nobody_has_is_an_error(of_files: EmbeddedStore) -> None:
    with pytest.raises(QueryError, match="not supported"):
        of_files.select(f"SELECT ?s {{ ?s ?p ?o FILTER(<{EXAMPLE}f>(?o)) }}")


def test_the_dataset_of_the_asker_wins(of_files: EmbeddedStore) -> None:
    g1, g2 = f"{EXAMPLE}g1", f"{EXAMPLE}g2"

    def found(asked: StoreQuery) -> int:
        return len(list(of_files.answer(asked)))  # type: ignore[arg-type]

    everything = "SELECT ?s { ?s ?p ?o }"
    named = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
    assert found(StoreQuery(everything, default_graphs=(g1,))) == 2
    assert found(StoreQuery(f"SELECT ?s FROM <{g2}> {{ ?s ?p ?o }}", default_graphs=(g1,))) == 2
    assert found(StoreQuery(named, default_graphs=(g1,))) == 0
    assert found(StoreQuery(named, named_graphs=(g1,))) == 2
    assert found(StoreQuery(everything, named_graphs=(g1,))) == 0
    assert found(StoreQuery(everything, default_graphs=(f"{EXAMPLE}unknown",))) == 0


def test_an_answer_is_written_in_the_format_asked_for(of_files: EmbeddedStore) -> None:
    csv = of_files.serialize("SELECT ?o { ?s ?p ?o } ORDER BY STR(?o) LIMIT 1", "text/csv")
    assert csv == b"o\r\n1\r\n"
    turtle = of_files.serialize("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle")
    assert len(list(parse(turtle, format=RdfFormat.TURTLE))) == 4
    with pytest.raises(UnknownNameError, match="text/turtle"):
        of_files.serialize("ASK {}", "text/turtle")
