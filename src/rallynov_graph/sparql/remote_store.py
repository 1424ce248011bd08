"""The remote store: any SPARQL 1.1 server, with the interface of the embedded store."""

from typing import NoReturn

from pyoxigraph import serialize

from rallynov_graph.base.errors import EndpointError, Failure
from rallynov_graph.base.terms import Solutions
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import columns_of, names_graphs
from rallynov_graph.sparql.graph_scope import ScopedQuery, graphs_named_by
from rallynov_graph.sparql.remote_server import (
    DEFAULT_DATASET,
    LONGEST,
    TIMEOUT,
    Dataset,
    Server,
)
from rallynov_graph.sparql.store import Received, TransferredStore

_SHOWN = 8
"""How many columns of a table that does not fit the query are named."""


class RemoteStore(TransferredStore):
    """A SPARQL 1.1 server that answers queries on one dataset."""

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
        return self.server.url

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT, in its columns; raise QueryError."""
        found = super().select(query)
        wanted = columns_of(query)
        if wanted in (None, found.variables) or not found.rows:
            return Solutions(wanted or found.variables, found.rows)
        assert wanted is not None
        if sorted(wanted) != sorted(found.variables):
            listed = " ".join(f"?{name}" for name in found.variables[:_SHOWN]) or "none"
            self.unfit(ValueError(f"the columns are {listed}, not those of the query"))
        order = [found.variables.index(name) for name in wanted]
        return Solutions(wanted, tuple(tuple(row[place] for place in order) for row in found.rows))

    def received(self, query: str, dataset: Dataset | None = None) -> Received:
        """Return the server's own answer to a query; raise EndpointError.

        A query with FROM uses its own graphs: the server reads them in the query, and in the
        request if queries run inside a graph.
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

    def written(self, query: str, form: Format, dataset: Dataset | None = None) -> bytes:
        """Return the answer to a query in a format of its kind; raise EndpointError."""
        received = self.received(query, dataset)
        if form.rdf is not None:
            content = serialize(self.triples(received), format=form.rdf)
        else:
            try:
                content = self.table(received).serialize(format=form.results)
            except (SyntaxError, ValueError) as error:
                self.unfit(error)
        assert content is not None  # it is None only when it went into a file
        return content

    def unfit(self, error: Exception, expected: str = "SPARQL results") -> NoReturn:
        """Raise EndpointError: the server's answer does not fit the query."""
        words = f"{self.url} did not answer with {expected}: {error}."
        raise EndpointError(words, Failure.STRANGE) from error
