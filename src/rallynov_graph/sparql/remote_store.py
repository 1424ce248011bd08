"""The remote store: any SPARQL 1.1 server, asked as the embedded store is."""

from collections.abc import Iterator
from typing import NoReturn

from pyoxigraph import (
    QueryBoolean,
    QuerySolutions,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from rallynov_graph.base.errors import EndpointError, Failure, QueryError, UnknownNameError
from rallynov_graph.base.terms import Solutions
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import columns_of, form_of, names_graphs
from rallynov_graph.sparql.graph_scope import ScopedQuery, graphs_named_by
from rallynov_graph.sparql.remote_server import (
    DEFAULT_DATASET,
    LONGEST,
    TIMEOUT,
    Dataset,
    Received,
    Server,
)

_SHOWN = 8
"""How many columns of a table that does not fit the query are named."""
_OF_TRIPLES = ("CONSTRUCT", "DESCRIBE")


class RemoteStore:
    """A SPARQL 1.1 server that answers queries, asked of one dataset."""

    def __init__(
        self,
        server: str | Server,
        *,
        dataset: Dataset = DEFAULT_DATASET,
        timeout: float = TIMEOUT,
        longest: int = LONGEST,
    ) -> None:
        self.server = Server(server) if isinstance(server, str) else server
        self.dataset, self.timeout, self.longest = dataset, timeout, longest

    @property
    def url(self) -> str:
        """The address that is asked."""
        return self.server.url

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT, in its columns; raise QueryError when it has none."""
        found = self._table(query)
        if not isinstance(found, QuerySolutions):
            if form_of(query) == "SELECT":
                self._refuse(TypeError("true or false is no table"))
            raise QueryError("This query is not a SELECT, so it has no table of answers.")
        try:
            rows = tuple(tuple(solution) for solution in found)
        except (SyntaxError, ValueError) as error:
            self._refuse(error)
        columns = tuple(variable.value for variable in found.variables)
        wanted = columns_of(query) or columns
        if wanted == columns or not rows:
            return Solutions(wanted, rows)
        if sorted(wanted) != sorted(columns):
            listed = " ".join(f"?{name}" for name in columns[:_SHOWN]) or "none"
            self._refuse(ValueError(f"the columns are {listed}, not those of the query"))
        order = [columns.index(name) for name in wanted]
        return Solutions(wanted, tuple(tuple(row[place] for place in order) for row in rows))

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK; raise QueryError when it is not one."""
        found = self._table(query)
        if not isinstance(found, QueryBoolean):
            if form_of(query) == "ASK":
                self._refuse(TypeError("a table is neither true nor false"))
            raise QueryError("This query is not an ASK, so it is neither true nor false.")
        return bool(found)

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError when it is not one."""
        if form_of(query) not in _OF_TRIPLES:
            raise QueryError("This query is neither a CONSTRUCT nor a DESCRIBE: it has no triples.")
        return iter(self._triples(self.received(query)))

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        of_triples = form_of(query) in _OF_TRIPLES
        form = formats.by_media_type(media_type, formats.GRAPHS if of_triples else formats.RESULTS)
        if form is None:
            raise UnknownNameError(f"This answer is not given as {media_type!r}.")
        return self.written(self.received(query), form)

    def received(self, query: str, dataset: Dataset | None = None) -> Received:
        """Return the server's own answer to a query; raise EndpointError.

        A query that names its graphs by FROM is asked of those: the server reads them in the query,
        and in the request where each query is asked inside a graph.
        """
        if dataset is None:
            dataset = self.dataset
            if names_graphs(query):
                scoped = dataset.scope is not None
                dataset = Dataset(*graphs_named_by(query)).exact() if scoped else DEFAULT_DATASET
        asked = ScopedQuery(query, query) if dataset.scope is None else dataset.scope.scoped(query)
        try:
            return self.server.query(
                asked.text, dataset, seconds=self.timeout, longest=self.longest
            )
        except EndpointError as error:
            if error.line is not None:
                error.line, error.column = asked.position(error.line, error.column)
            raise

    def written(self, received: Received, form: Format) -> bytes:
        """Return an answer in a format of its kind; raise EndpointError where it is none."""
        if form.rdf is not None:
            content = serialize(self._triples(received), format=form.rdf)
        else:
            try:
                found = parse_query_results(received.content, received.form.results)
                content = found.serialize(format=form.results)
            except (SyntaxError, ValueError) as error:
                self._refuse(error)
        assert content is not None  # it is None only when it went into a file
        return content

    def _table(self, query: str) -> QuerySolutions | QueryBoolean:
        if form_of(query) in _OF_TRIPLES:
            raise QueryError("This query answers with triples, not with a table.")
        received = self.received(query)
        try:
            found = parse_query_results(received.content, received.form.results)
        except (SyntaxError, ValueError) as error:
            self._refuse(error)
        assert isinstance(found, QuerySolutions | QueryBoolean)
        return found

    def _triples(self, received: Received) -> list[Triple]:
        try:
            return [quad.triple for quad in parse(received.content, format=received.form.rdf)]
        except (SyntaxError, ValueError) as error:
            self._refuse(error, "triples")

    def _refuse(self, error: Exception, expected: str = "SPARQL results") -> NoReturn:
        words = f"{self.url} did not answer with {expected}: {error}."
        raise EndpointError(words, Failure.STRANGE) from error
