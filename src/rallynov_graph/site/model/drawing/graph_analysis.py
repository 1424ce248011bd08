"""What networkx works out of a network: its communities, a shortest way; always the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from rallynov_graph.site.model.drawing.force import Edge

_SEED: Final = 1


def communities(count: int, edges: Iterable[Edge]) -> tuple[tuple[int, ...], ...]:
    """Return the numbers of the nodes of each community, the largest first.

    They are Louvain's, and depend neither on the order of the edges nor on that of their ends.
    """
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from(sorted({(min(edge), max(edge)) for edge in edges}))
    found = networkx.community.louvain_communities(graph, seed=_SEED)
    return tuple(
        sorted((tuple(sorted(members)) for members in found), key=lambda them: (-len(them), them))
    )


def shortest_way(weights: Mapping[tuple[str, str], int], start: str, end: str) -> tuple[str, ...]:
    """Return the nodes of the way of least weight, with both ends; none where there is no way.

    An edge goes both ways.
    """
    import networkx

    graph = networkx.Graph()
    graph.add_nodes_from(sorted({start, end}))
    graph.add_weighted_edges_from((one, other, weight) for (one, other), weight in weights.items())
    try:
        return tuple(networkx.dijkstra_path(graph, start, end))
    except networkx.NetworkXNoPath:
        return ()
