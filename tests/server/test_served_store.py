"""The store that pages ask while they are served gives the answers of the store at hand."""

import pytest
from pyoxigraph import QueryTriples

from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.http.query_jobs import Outcome, Reply
from rallynov_graph.http.served_store import ServedStore
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, RESULTS_CSV, TURTLE, Format
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore, StoreQuery, serialized

TERMS = """SELECT * {
  VALUES (?term ?other) {
    (<urn:é> UNDEF) ("a\\nb\\t\\"c" "é"@fr) (01 1.50) (1e0 true) ("x"^^<urn:own> " ")
    (<<( <urn:a> <urn:b> "c"@en )>> UNDEF)
  }
}"""
TABLE = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 500"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <http://www.w3.org/ns/org#Organization> ; ?p ?o }"
TRUTH = "ASK { ?s ?p ?o }"


@pytest.fixture(scope="module")
def served(store: EmbeddedStore) -> ServedStore:
    """A store that is asked as the server lets pages ask: answers come as bytes."""

    def ask(query: str, results: Format | None, graph: Format | None) -> Reply:
        answer = store.answer(StoreQuery(query))
        form = graph if isinstance(answer, QueryTriples) else results
        assert form is not None
        return Reply(Outcome.ANSWERED, serialized(answer, form), form)

    return ServedStore(ask)


@pytest.mark.parametrize("query", [TERMS, TABLE, "SELECT ?x {}"])
def test_a_table_has_the_same_terms(served: ServedStore, store: EmbeddedStore, query: str) -> None:
    assert served.select(query) == store.select(query)


def test_triples_are_the_same(served: ServedStore, store: EmbeddedStore) -> None:
    found = {*served.construct(GRAPH)}
    assert found == {*store.construct(GRAPH)}
    assert found


@pytest.mark.parametrize("query", [TRUTH, "ASK { <urn:a> <urn:b> <urn:c> }"])
def test_true_and_false_are_the_same(served: ServedStore, store: EmbeddedStore, query: str) -> None:
    assert served.ask(query) is store.ask(query)


@pytest.mark.parametrize(("query", "forms"), [(TABLE, RESULTS), (TRUTH, RESULTS), (GRAPH, GRAPHS)])
def test_files_are_the_same_bytes(
    served: ServedStore, store: EmbeddedStore, query: str, forms: tuple[Format, ...]
) -> None:
    for form in forms:
        assert served.serialize(query, form.media_type) == store.serialize(query, form.media_type)


def test_a_query_of_another_kind_is_refused_as_by_the_store(served: ServedStore) -> None:
    for ask, query in [
        (served.select, TRUTH),
        (served.select, GRAPH),
        (served.ask, TABLE),
        (served.ask, GRAPH),
        (served.construct, TABLE),
    ]:
        with pytest.raises(QueryError):
            ask(query)
    for query, form in [(TABLE, TURTLE), (GRAPH, RESULTS_CSV)]:
        with pytest.raises(UnknownNameError):
            served.serialize(query, form.media_type)
