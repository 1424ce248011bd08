"""Which graphs a server is asked for, so that it shows a release as the embedded store does.

The default graph then has each triple once, and ``GRAPH`` reaches the graphs that tell where each
fact comes from. Three kinds of servers need three ways; docs/decisions says what was tried.
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
    """Return the queries about what a server holds."""
    return PageQueries(store, shipped(Path(__file__).parent / "server"))


def of_server(server: "Server", seconds: float = inf) -> "Dataset":
    """Return the graphs to ask a server for; each request may take so many seconds.

    Raises EndpointError where it does not answer.

    A server that is asked for no graphs shows its own default graph. Where ``load`` found that this
    is all graphs together, it has put ours into a named graph. A server that, told this one alone,
    has nothing else in its default graph and still reaches the named ones is told it; of any other
    each query is asked inside this graph.
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
    """Return whether a store holds the Rally'nov graph, not somebody else's."""
    return queries_about(store).ask("is_ours")


def records(store: Store) -> dict[str, str]:
    """Return the record that a server has of each graph that was loaded into it.

    They are asked for in sixteen parts, by the first digit of their hashes: of a list in the order
    of its texts, asked for page by page, Virtuoso loses half.
    """
    queries, found = queries_about(store), dict[str, str]()
    for digit in "0123456789abcdef":
        for graph, content in queries.rows("records", start=Literal(f"{LOADED}#{digit}")).rows:
            if isinstance(graph, Literal) and isinstance(content, Literal):
                found[graph.value] = max(content.value, found.get(graph.value, ""))
    return found
