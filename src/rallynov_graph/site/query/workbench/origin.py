"""Where facts come from: what the graph holds of them, who says each, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from rallynov_graph.rules import explanation as why
from rallynov_graph.site.model.evidence import Evidence, of_graphs
from rallynov_graph.site.model.nodes import Lens, Node


@dataclass(frozen=True)
class Held:
    """A fact that the graph holds, with all there is for it, the surest first."""

    subject: Node
    property: Node
    object: Node
    evidence: tuple[Evidence, ...]
    why: str
    """The address of the page that says why it holds, empty where there is none."""


def held(lens: Lens, facts: Sequence[Triple]) -> tuple[Held, ...]:
    """Return those facts that the graph holds, in their order."""
    graphs = why.graphs_of(lens.store, facts)
    nodes = lens.nodes(
        term for fact in facts for term in (fact.subject, fact.predicate, fact.object)
    )
    said = of_graphs(lens, (graph for found in graphs.values() for graph in found if graph))
    return tuple(
        Held(
            nodes[fact.subject],
            nodes[fact.predicate],
            nodes[fact.object],
            tuple(sorted((said[g] for g in graphs[fact] if g in said), key=lambda it: it.rank)),
            _why(lens, fact),
        )
        for fact in facts
        if graphs[fact]
    )


def _why(lens: Lens, fact: Triple) -> str:
    if lens.foreign or not isinstance(fact.object, NamedNode):
        return ""
    return lens.addresses.why(str(fact.subject)[1:-1], fact.predicate.value, fact.object.value)
