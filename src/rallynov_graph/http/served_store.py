"""The store as pages ask it while it is served: each query runs where those of visitors do."""

from collections.abc import Callable, Iterator
from typing import Final

from pyoxigraph import QueryBoolean, QuerySolutions, Triple, parse, parse_query_results

from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.base.terms import Solutions
from rallynov_graph.http.query_jobs import Reply
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import N_TRIPLES, RESULTS_JSON, Format
from rallynov_graph.rdf.tokens import form_of

Ask = Callable[..., Reply]
"""Is called with a query, the formats for a table and for a graph, and perhaps the graphs that are
asked; raises Refused."""

_OF_TRIPLES: Final = ("CONSTRUCT", "DESCRIBE")


class ServedStore:
    """A store whose queries have the limits and the share of the visitor for whom they are asked.

    Every method raises Refused where the visitor has asked too much, or nobody is free.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError when it has none to give."""
        found = self._table(query)
        if not isinstance(found, QuerySolutions):
            raise QueryError("This query is not a SELECT, so it has no table of answers.")
        variables = tuple(variable.value for variable in found.variables)
        return Solutions(variables, tuple(tuple(solution) for solution in found))

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK; raise QueryError when it is not one."""
        found = self._table(query)
        if not isinstance(found, QueryBoolean):
            raise QueryError("This query is not an ASK, so it is neither true nor false.")
        return bool(found)

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError when it is not one."""
        if form_of(query) not in _OF_TRIPLES:
            raise QueryError("This query is neither a CONSTRUCT nor a DESCRIBE: it has no triples.")
        content = self._ask(query, None, N_TRIPLES).content
        return (quad.triple for quad in parse(content, format=N_TRIPLES.rdf))

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        graph = form_of(query) in _OF_TRIPLES
        form = formats.by_media_type(media_type, formats.GRAPHS if graph else formats.RESULTS)
        if form is None:
            raise UnknownNameError(f"This answer is not given as {media_type!r}.")
        return self._ask(query, *_either(form, graph)).content

    def _table(self, query: str) -> QuerySolutions | QueryBoolean:
        if form_of(query) in _OF_TRIPLES:
            raise QueryError("This query answers with triples, not with a table.")
        content = self._ask(query, RESULTS_JSON, None).content
        found = parse_query_results(content, format=RESULTS_JSON.results)
        assert isinstance(found, QuerySolutions | QueryBoolean)
        return found


def _either(form: Format, graph: bool) -> tuple[Format | None, Format | None]:
    return (None, form) if graph else (form, None)
