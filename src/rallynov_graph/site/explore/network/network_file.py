"""The network as GEXF: the places and groups of the drawing, for Gephi and its like."""

from __future__ import annotations

from rallynov_graph.exports import gexf
from rallynov_graph.exports.citation_formats import CREATORS
from rallynov_graph.exports.link_graphs import Network, NetworkEdge, NetworkNode, NodePlace
from rallynov_graph.site.explore.network.drawn_links import DrawnLink
from rallynov_graph.site.explore.network.page import NetworkPage
from rallynov_graph.site.model.drawing.placement import Dot


def written(page: NetworkPage, title: str, issued: str, licence: str) -> bytes:
    """Return what a network shows as a file; each pair of things has one link, with all labels."""
    groups = tuple(community.node.text for community in page.communities)
    nodes = tuple(_node(dot, groups) for dot in page.dots)
    return gexf.written(
        Network(
            title,
            CREATORS,
            issued,
            nodes,
            tuple(map(_edge, page.lines)),
            directed=False,
            licence=licence,
        )
    )


def _node(dot: Dot, groups: tuple[str, ...]) -> NetworkNode:
    attributes = {"kind": dot.node.shape, "links": str(dot.degree)}
    if dot.community is not None:
        attributes["group"] = f"{dot.community + 1}. {groups[dot.community]}"
    return NetworkNode(dot.node.iri, dot.node.text, attributes, NodePlace(dot.x, dot.y, dot.radius))


def _edge(line: DrawnLink) -> NetworkEdge:
    attributes = {"computed": "yes" if line.is_computed else "no"}
    if line.certainty:
        attributes["certainty"] = line.certainty
    return NetworkEdge(
        line.one.node.iri, line.other.node.iri, line.label, len(line.links), "", attributes
    )
