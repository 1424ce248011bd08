"""Choose the graphs to query on a server, so that it answers like the embedded store.

The default graph then has each triple once, and ``GRAPH`` reaches the graphs that give the source
of each fact. Three kinds of servers need three methods; docs/decisions says what was tried.
"""

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import LOADED, MERGED
from rallynov_graph.questions.catalogue import shipped
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.graph_scope import GraphScope
from rallynov_graph.sparql.store import Store

if TYPE_CHECKING:
    from rallynov_graph.sparql.remote_server import Dataset, Server


def queries_about(store: Store) -> PageQueries:
    """Return the queries about the content of a server."""
    return PageQueries(store, shipped(Path(__file__).parent / "server"))


def of_server(server: "Server", seconds: float = inf) -> "Dataset":
    """Return the graphs to query on a server; ``seconds`` bounds each request.

    Raises EndpointError if it does not answer.

    Without named graphs in the request, a server shows its own default graph. If ``load`` found
    that this is the union of all graphs, it put our default graph into a named graph. That graph
    alone is requested from a server that then shows nothing else by default and still reaches the
    named graphs; for any other server, each query is wrapped in this graph.
    """
    from rallynov_graph.sparql.remote_server import DEFAULT_DATASET, TIMEOUT, Dataset
    from rallynov_graph.sparql.remote_store import RemoteStore

    timeout = min(seconds, TIMEOUT)
    plain = RemoteStore(server, timeout=timeout)
    if not queries_about(plain).ask("holds", graph=NamedNode(MERGED)):
        return DEFAULT_DATASET
    merged = Dataset((MERGED,))
    told = queries_about(RemoteStore(server, dataset=merged, timeout=timeout))
    if told.ask("holds") and not told.ask("is_told", graph=Literal(MERGED)):
        return merged
    return Dataset(scope=GraphScope(MERGED, (MERGED, LOADED)))


def is_ours(store: Store) -> bool:
    """Whether a store holds a graph of this program."""
    return queries_about(store).ask("is_ours")


def records(store: Store) -> dict[str, str]:
    """Return the server's record of each graph that was loaded into it.

    They are requested in sixteen parts, by the first digit of their hashes: with pages of a list
    sorted by text, Virtuoso loses half of them.
    """
    queries, found = queries_about(store), dict[str, str]()
    for digit in "0123456789abcdef":
        for graph, content in queries.rows("records", start=Literal(f"{LOADED}#{digit}")).rows:
            if isinstance(graph, Literal) and isinstance(content, Literal):
                found[graph.value] = max(content.value, found.get(graph.value, ""))
    return found
