"""The remote store: any SPARQL 1.1 server, asked as the embedded store is."""

from collections.abc import Iterator

from pyoxigraph import (
    QueryBoolean,
    QuerySolutions,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

from rallynov_graph.base.errors import EndpointError, Failure, QueryError, UnknownNameError
from rallynov_graph.base.terms import RowTerms, Solutions
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import columns_of, form_of, names_graphs
from rallynov_graph.sparql.graph_scope import graphs_named_by
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
        """Return the solutions of a SELECT; raise QueryError when it has none to give."""
        found = self._table(query)
        if not isinstance(found, QuerySolutions):
            if form_of(query) == "SELECT":
                raise self._no_table(TypeError("true or false is no table"))
            raise QueryError("This query is not a SELECT, so it has no table of answers.")
        try:
            rows = tuple(tuple(solution) for solution in found)
        except (SyntaxError, ValueError) as error:
            raise self._no_table(error) from error
        return self._in_order_of_query(
            tuple(v.value for v in found.variables), rows, columns_of(query)
        )

    def _in_order_of_query(
        self, columns: tuple[str, ...], rows: tuple[RowTerms, ...], wanted: tuple[str, ...] | None
    ) -> Solutions:
        """Return a table with the columns that were asked for, in their order."""
        if wanted is None or wanted == columns:
            return Solutions(columns, rows)
        if not rows:
            return Solutions(wanted, ())
        if sorted(wanted) != sorted(columns):
            listed = " ".join(f"?{name}" for name in columns[:_SHOWN]) or "none"
            raise self._no_table(ValueError(f"the columns are {listed}, not those of the query"))
        order = [columns.index(name) for name in wanted]
        return Solutions(wanted, tuple(tuple(row[place] for place in order) for row in rows))

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK; raise QueryError when it is not one."""
        found = self._table(query)
        if not isinstance(found, QueryBoolean):
            if form_of(query) == "ASK":
                raise self._no_table(TypeError("a table is neither true nor false"))
            raise QueryError("This query is not an ASK, so it is neither true nor false.")
        return bool(found)

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError when it is not one."""
        if form_of(query) not in ("CONSTRUCT", "DESCRIBE"):
            raise QueryError("This query is neither a CONSTRUCT nor a DESCRIBE: it has no triples.")
        return iter(self._triples(self.received(query)))

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
        graph = form_of(query) in ("CONSTRUCT", "DESCRIBE")
        form = formats.by_media_type(media_type, formats.GRAPHS if graph else formats.RESULTS)
        if form is None:
            raise UnknownNameError(f"This answer is not given as {media_type!r}.")
        return self.written(self.received(query), form)

    def received(self, query: str, dataset: Dataset | None = None) -> Received:
        """Return the server's own answer to a query; raise EndpointError.

        A query that names its graphs by FROM is asked of those.
        """
        if dataset is None:
            dataset = self._named_by(query) if names_graphs(query) else self.dataset
        if dataset.scope is None:
            return self._received(query, dataset)
        scoped = dataset.scope.scoped(query)
        try:
            return self._received(scoped.text, dataset)
        except EndpointError as error:
            if error.line is not None:
                error.line, error.column = scoped.position(error.line, error.column)
            raise

    def _named_by(self, query: str) -> Dataset:
        """Return the dataset of a query with FROM; the server reads it there, where it can."""
        if self.dataset.scope is None:
            return DEFAULT_DATASET
        return Dataset(*graphs_named_by(query)).exact()

    def _received(self, query: str, dataset: Dataset) -> Received:
        return self.server.query(query, dataset, seconds=self.timeout, longest=self.longest)

    def written(self, received: Received, form: Format) -> bytes:
        """Return an answer in a format of its kind; raise EndpointError where it is none."""
        if form.rdf is not None:
            content = serialize(self._triples(received), format=form.rdf)
            assert content is not None  # it is None only when it went into a file
            return content
        try:
            found = parse_query_results(received.content, received.form.results)
            table = found.serialize(format=form.results)
        except (SyntaxError, ValueError) as error:
            raise self._no_table(error) from error
        assert table is not None
        return table

    def _table(self, query: str) -> QuerySolutions | QueryBoolean:
        if form_of(query) in ("CONSTRUCT", "DESCRIBE"):
            raise QueryError("This query answers with triples, not with a table.")
        received = self.received(query)
        try:
            found = parse_query_results(received.content, received.form.results)
        except (SyntaxError, ValueError) as error:
            raise self._no_table(error) from error
        assert isinstance(found, QuerySolutions | QueryBoolean)
        return found

    def _triples(self, received: Received) -> list[Triple]:
        try:
            return [quad.triple for quad in parse(received.content, format=received.form.rdf)]
        except (SyntaxError, ValueError) as error:
            raise EndpointError(
                f"{self.url} did not answer with triples: {error}.", Failure.STRANGE
            ) from error

    def _no_table(self, error: Exception) -> EndpointError:
        return EndpointError(
            f"{self.url} did not answer with SPARQL results: {error}.", Failure.STRANGE
        )
