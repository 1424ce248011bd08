"""The interface of a store, of the embedded engine or of a SPARQL server."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NoReturn, Protocol

from pyoxigraph import QueryBoolean, QuerySolutions, Triple, parse, parse_query_results

from rallynov_graph.base.errors import QueryError, UnknownNameError
from rallynov_graph.base.terms import Solutions
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import form_of

_OF_TRIPLES: Final = ("CONSTRUCT", "DESCRIBE")


@dataclass(frozen=True)
class Received:
    """A complete answer in a lossless format."""

    content: bytes
    form: Format


class Store(Protocol):
    """A read-only RDF dataset that answers SPARQL 1.1.

    For a release, the default graph has each distinct triple of all graphs once, except for graphs
    of statements that are not current.
    """

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError."""

    def ask(self, query: str) -> bool:
        """Return the result of an ASK; raise QueryError for any other form."""

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError for any other form."""

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""


class TransferredStore(ABC):
    """A store whose answers arrive complete, from another process or another machine."""

    @abstractmethod
    def received(self, query: str) -> Received:
        """Return the answer to a query as received."""

    @abstractmethod
    def written(self, query: str, form: Format) -> bytes:
        """Return the answer to a query in a format of its kind."""

    def unfit(self, error: Exception, expected: str = "SPARQL results") -> NoReturn:
        """Raise the error for an answer that does not fit the query."""
        raise error

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError."""
        found = self._table(query)
        if not isinstance(found, QuerySolutions):
            if form_of(query) == "SELECT":
                self.unfit(TypeError("true or false is not a table"))
            raise QueryError("This query is not a SELECT, so it has no table of answers.")
        try:
            rows = tuple(tuple(solution) for solution in found)
        except (SyntaxError, ValueError) as error:
            self.unfit(error)
        return Solutions(tuple(variable.value for variable in found.variables), rows)

    def ask(self, query: str) -> bool:
        """Return the result of an ASK; raise QueryError for any other form."""
        found = self._table(query)
        if not isinstance(found, QueryBoolean):
            if form_of(query) == "ASK":
                self.unfit(TypeError("a table is neither true nor false"))
            raise QueryError("This query is not an ASK, so it is neither true nor false.")
        return bool(found)

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError for any other form."""
        if form_of(query) not in _OF_TRIPLES:
            raise QueryError("This query is neither a CONSTRUCT nor a DESCRIBE: it has no triples.")
        return iter(self.triples(self.received(query)))

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        of_triples = form_of(query) in _OF_TRIPLES
        form = formats.by_media_type(media_type, formats.GRAPHS if of_triples else formats.RESULTS)
        if form is None:
            raise UnknownNameError(f"This answer is not given as {media_type!r}.")
        return self.written(query, form)

    def triples(self, received: Received) -> list[Triple]:
        try:
            return [quad.triple for quad in parse(received.content, format=received.form.rdf)]
        except (SyntaxError, ValueError) as error:
            self.unfit(error, "triples")

    def table(self, received: Received) -> QuerySolutions | QueryBoolean:
        """Return the table of an answer, or the result of an ASK."""
        try:
            found = parse_query_results(received.content, received.form.results)
        except (SyntaxError, ValueError) as error:
            self.unfit(error)
        assert isinstance(found, QuerySolutions | QueryBoolean)
        return found

    def _table(self, query: str) -> QuerySolutions | QueryBoolean:
        if form_of(query) in _OF_TRIPLES:
            raise QueryError("This query answers with triples, not with a table.")
        return self.table(self.received(query))
