"""Which graphs of a server are asked, so that it shows a release as our own store does.

The default graph then has each triple once, and ``GRAPH`` reaches the graphs that tell where each
fact comes from. Three kinds of servers need three ways; docs/decisions tells what was tried.
"""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.errors import EndpointError, Failure
from rallynov_graph.namespaces import LOADED, MERGED
from rallynov_graph.questions.catalogue import Catalogue, load
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.resources import queries_dir
from rallynov_graph.store import Store

if TYPE_CHECKING:
    from rallynov_graph.engines.remote import Dataset, Server

LISTED: Final = 1000
"""How many graphs a request can name."""


@cache
def _catalogue() -> Catalogue:
    return load(queries_dir() / "server")


def about(store: Store) -> PageQueries:
    """Return what is asked of a server about itself."""
    return PageQueries(store, _catalogue())


def of_server(server: "Server") -> "Dataset":
    """Return the graphs to ask a server for; raise EndpointError if none will do.

    A server that is told nothing shows its own default graph. Where ``load`` found that this one
    is all graphs together, it has put ours into a named one. Servers that then still reach the
    other graphs are told that one alone; those that follow the protocol to the letter are told
    all.
    """
    from rallynov_graph.engines.remote import SERVERS_OWN, Dataset, RemoteStore

    if not about(RemoteStore(server)).ask("holds", graph=NamedNode(MERGED)):
        return SERVERS_OWN
    merged = Dataset((MERGED,))
    if about(RemoteStore(server, dataset=merged)).ask("holds"):
        return merged
    graphs = tuple(graph for graph in names(RemoteStore(server)) if graph not in (MERGED, LOADED))
    if len(graphs) > LISTED:
        raise EndpointError(
            f"{server.url} must be told every graph by name, and {len(graphs)} are too many: "
            "switch its default graph from all graphs to one of its own, and load it again.",
            Failure.BROKEN,
        )
    return Dataset((MERGED,), graphs)


def is_ours(store: Store) -> bool:
    """Tell whether a store holds the Rally'nov graph, not somebody else's."""
    return about(store).ask("is_ours")


def names(store: Store) -> Iterator[str]:
    """Yield the names of all graphs, whatever number a server gives at a time."""
    asked, after = about(store), ""
    while rows := asked.rows("graphs", after=Literal(after)).rows:
        for (graph,) in rows:
            if isinstance(graph, NamedNode):
                yield graph.value
                after = graph.value


def records(store: Store) -> dict[str, str]:
    """Return what a server was told of each graph that was loaded into it."""
    asked, after, found = about(store), "", dict[str, str]()
    while rows := asked.rows("records", after=Literal(after)).rows:
        for graph, content in rows:
            if isinstance(graph, Literal) and isinstance(content, Literal):
                found[graph.value] = max(content.value, found.get(graph.value, ""))
                after = graph.value
    return found
