"""The store that keeps its answers: the same as the engine's, which is asked once."""

import pytest

from rallynov_graph.rdf.formats import GRAPHS, RESULTS, Format
from rallynov_graph.sparql.embedded import Answer, EmbeddedStore, RememberingStore, StoreQuery

ROWS = """SELECT ?thing ?said ?unknown WHERE {
  { ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?said }
  UNION { ?thing <https://w3id.org/rallynov/ontology#stopNumber> ?said }
} ORDER BY ?thing ?said LIMIT 50"""
TRUTH = "ASK { ?s ?p ?o }"
TRIPLES = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 50"


class CountingStore(RememberingStore):
    """Counts what the engine is asked."""

    asked = 0

    def answer(self, request: StoreQuery) -> Answer:
        """Return the engine's answer."""
        self.asked += 1
        return super().answer(request)


@pytest.mark.parametrize(("query", "forms"), [(ROWS, RESULTS), (TRUTH, RESULTS), (TRIPLES, GRAPHS)])
def test_each_format_is_written_as_the_engine_writes_it(
    store: EmbeddedStore, query: str, forms: tuple[Format, ...]
) -> None:
    remembering = RememberingStore(store.pages())
    for form in forms:
        written = remembering.serialize(query, form.media_type)
        assert written == store.pages().serialize(query, form.media_type), form.name


def test_the_engine_finds_the_rows_of_all_formats_once(store: EmbeddedStore) -> None:
    counting = CountingStore(store.pages())
    for form in RESULTS:
        counting.serialize(ROWS, form.media_type)
    assert counting.asked == 1
