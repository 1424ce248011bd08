"""A store whose answers that are kept beside its release are not worked out again."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import RESULTS_JSON
from rallynov_graph.release.kept_answers import KeptAnswers
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore


class AnsweredStore:
    """The store of a release with what is kept; what is not, the store answers."""

    def __init__(self, store: EmbeddedStore, kept: KeptAnswers) -> None:
        self._store, self._kept = store, kept

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError when it has none to give."""
        found = self._found(query)
        if not isinstance(found, QuerySolutions):
            return self._store.select(query)
        variables = tuple(variable.value for variable in found.variables)
        return Solutions(variables, tuple(tuple(solution) for solution in found))

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK; raise QueryError when it is not one."""
        found = self._found(query)
        return bool(found) if isinstance(found, QueryBoolean) else self._store.ask(query)

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError when it is not one."""
        return self._store.construct(query)

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        form = formats.by_media_type(media_type, formats.RESULTS)
        content = self._kept.find(readable(query)) if form else None
        if form is None or content is None:
            return self._store.serialize(query, media_type)
        if form is RESULTS_JSON:
            return content
        written = parse_query_results(content, format=RESULTS_JSON.results).serialize(
            format=form.results
        )
        assert written is not None  # None only where a file is named
        return written

    def quads(
        self,
        subject: NamedNode | None = None,
        value: NamedNode | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """Yield the quads with this subject, value and graph; None stands for any."""
        return self._store.quads(subject, value, graph)

    def _found(self, query: str) -> QuerySolutions | QueryBoolean | None:
        content = self._kept.find(readable(query))
        if content is None:
            return None
        return parse_query_results(content, format=RESULTS_JSON.results)
