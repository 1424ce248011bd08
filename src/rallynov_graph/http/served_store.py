"""The store as pages ask it while it is served: each query runs where those of visitors do."""

from collections.abc import Callable

from rallynov_graph.http.query_jobs import Reply
from rallynov_graph.rdf.formats import N_TRIPLES, RESULTS_JSON, Format
from rallynov_graph.sparql.store import Received, TransferredStore

Ask = Callable[..., Reply]
"""Is called with a query, the formats for a table and for a graph, and perhaps the graphs that are
asked; raises Refused."""


class ServedStore(TransferredStore):
    """A store whose queries have the limits and the share of the visitor for whom they are asked.

    Every method raises Refused where the visitor has asked too much, or nobody is free.
    """

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def received(self, query: str) -> Received:
        """Return the answer to a query as it came."""
        reply = self._ask(query, RESULTS_JSON, N_TRIPLES)
        return Received(reply.content, reply.form or RESULTS_JSON)

    def written(self, query: str, form: Format) -> bytes:
        """Return the answer to a query in a format of its kind."""
        forms = (None, form) if form.rdf is not None else (form, None)
        return self._ask(query, *forms).content
