"""What networkx works out of a network: its communities, a shortest way; always the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

FEWEST: Final = 3
"""A community of fewer things has no name."""
NAMING: Final = ("stage", "theme")
"""The kinds that a community is named by, if it has one of them."""
_SEED: Final = 1

Edge = tuple[int, int]
"""The numbers of two nodes that are linked."""


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


def best_linked(
    groups: Iterable[Sequence[int]], edges: Iterable[Edge], naming: Collection[int]
) -> list[int]:
    """Return the node of each community with most links inside it, of those that name one first.

    Of several, it is the one with the lowest number.
    """
    groups = [*groups]
    group_of = {node: number for number, group in enumerate(groups) for node in group}
    inside = Counter(
        end
        for edge in edges
        if group_of.get(edge[0], -1) == group_of.get(edge[1], -2)
        for end in edge
    )
    return [
        min([node for node in group if node in naming] or group, key=lambda n: (-inside[n], n))
        for group in groups
    ]


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
