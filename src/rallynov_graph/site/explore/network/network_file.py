"""The network as GEXF: the places and groups of the drawing, for Gephi and its like."""

from __future__ import annotations

from rallynov_graph.exports.networks import empty_network, gexf
from rallynov_graph.site.explore.network.page import NetworkPage


def written(page: NetworkPage, title: str, issued: str, licence: str) -> bytes:
    """Return what a network shows as a file; each pair of things has one link, with all labels."""
    groups = [community.node.text for community in page.communities]
    network = empty_network(title, issued, licence, is_directed=False)
    for dot in page.dots:
        network.add_node(
            dot.node.iri,
            label=dot.node.text,
            kind=dot.node.shape,
            links=str(dot.degree),
            place=(dot.x, dot.y, dot.radius),
        )
        if dot.community is not None:
            name = f"{dot.community + 1}. {groups[dot.community]}"
            network.nodes[dot.node.iri]["group"] = name
    for line in page.lines:
        certainty = {"certainty": line.certainty} if line.certainty else {}
        network.add_edge(
            line.one.node.iri,
            line.other.node.iri,
            kind=line.label,
            weight=len(line.links),
            computed="yes" if line.is_computed else "no",
            **certainty,
        )
    return gexf(network)
