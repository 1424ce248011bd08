"""The store that keeps its answers: the same as the engine's, which is asked once."""

from rallynov_graph.sparql.embedded import Answer, EmbeddedStore, RememberingStore, StoreQuery

ROWS = """SELECT ?thing ?said ?unknown WHERE {
  { ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?said }
  UNION { ?thing <https://w3id.org/rallynov/ontology#stopNumber> ?said }
} ORDER BY ?thing ?said LIMIT 50"""


class CountingStore(RememberingStore):
    """Counts what the engine is asked."""

    asked = 0

    def answer(self, request: StoreQuery) -> Answer:
        """Return the engine's answer."""
        self.asked += 1
        return super().answer(request)


def test_the_engine_finds_the_rows_of_a_table_once(store: EmbeddedStore) -> None:
    counting = CountingStore(store.pages())
    rows = [counting.select(ROWS) for _ in range(2)]
    assert rows == [store.pages().select(ROWS)] * 2
    assert counting.asked == 1
