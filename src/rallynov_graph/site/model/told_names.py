"""What scripts are told of things: what they are called, and where their pages are."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from rallynov_graph.site.model.nodes import GraphView


def names_of(view: GraphView, things: Iterable[NamedNode]) -> dict[str, dict[str, object]]:
    """Return what each thing is called, and where its page is, by IRI."""
    wanted = [*things]
    nodes = view.nodes(wanted)
    return {
        iri.value: {
            "label": node.text,
            "language": node.language,
            "address": node.href,
            "external": node.external,
            "shape": node.shape,
        }
        for iri, node in ((iri, nodes[iri]) for iri in wanted)
    }
