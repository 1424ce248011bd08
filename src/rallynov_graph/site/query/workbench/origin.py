"""Where facts come from: what the graph holds of them, who says each, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from rallynov_graph.rules import explanation as why
from rallynov_graph.site.model.evidence import Evidence, of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node


@dataclass(frozen=True)
class Held:
    """A fact that the graph holds, with all there is for it, the surest first."""

    subject: Node
    property: Node
    object: Node
    evidence: tuple[Evidence, ...]
    why: str
    """The address of the page that says why it holds, empty where there is none."""


def held(view: GraphView, facts: Sequence[Triple]) -> tuple[Held, ...]:
    """Return those facts that the graph holds, in their order."""
    graphs = why.graphs_of(view.store, facts)
    nodes = view.nodes(
        term for fact in facts for term in (fact.subject, fact.predicate, fact.object)
    )
    said = of_graphs(view, (graph for found in graphs.values() for graph in found if graph))
    return tuple(
        Held(
            nodes[fact.subject],
            nodes[fact.predicate],
            nodes[fact.object],
            tuple(sorted((said[g] for g in graphs[fact] if g in said), key=lambda it: it.rank)),
            _why(view, fact),
        )
        for fact in facts
        if graphs[fact]
    )


def _why(view: GraphView, fact: Triple) -> str:
    if view.foreign or not isinstance(fact.object, NamedNode):
        return ""
    return view.addresses.why(str(fact.subject)[1:-1], fact.predicate.value, fact.object.value)
