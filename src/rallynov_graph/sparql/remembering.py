"""A store that keeps its answers, for who asks the same many times of data that do not change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, cast

from pyoxigraph import QueryResultsFormat, QueryTriples, Triple, parse_query_results

from rallynov_graph.base.cache import Cache, memory
from rallynov_graph.base.terms import Solutions
from rallynov_graph.rdf.formats import RESULTS_JSON
from rallynov_graph.sparql.embedded import Answer, EmbeddedStore, serialized

ROOM: Final = 64 << 20
"""How much memory the answers may take, in bytes."""


class RememberingStore(EmbeddedStore):
    """The data of another store, whose answers are kept while there is room."""

    def __init__(self, store: EmbeddedStore) -> None:
        super().__init__(store._oxigraph, complete=True, folder=store._folder)
        self._kept: Cache[tuple[str, str], Any] = Cache(ROOM, memory)

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError when it has none to give."""
        found = super().select
        return cast(Solutions, self._kept.once(("select", query), lambda: found(query)))

    def construct(self, query: str) -> Iterator[Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE; raise QueryError when it is not one."""
        found = super().construct
        triples = self._kept.once(("construct", query), lambda: tuple(found(query)))
        return iter(cast("tuple[Triple, ...]", triples))

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        found = super().serialize
        return cast(bytes, self._kept.once((media_type, query), lambda: found(query, media_type)))

    def _answer_for_file(self, query: str) -> Answer:
        """Return an answer; rows are asked of the engine once, and read for each format again."""
        key = RESULTS_JSON.media_type, query
        written = self._kept.get(key)
        if written is None:
            answer = super()._answer_for_file(query)
            if isinstance(answer, QueryTriples):
                return answer
            written = self._kept.keep(key, serialized(answer, RESULTS_JSON))
        return parse_query_results(written, format=QueryResultsFormat.JSON)
