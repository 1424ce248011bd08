"""Where facts come from: what the graph holds of them, who says each, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Triple

from rallynov_graph.rules.justifications import graphs_of
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node


@dataclass(frozen=True)
class ExplainedFact:
    """A fact that the graph holds, with all there is for it, the surest first."""

    subject: Node
    property: Node
    object: Node
    evidence: tuple[Evidence, ...]
    explanation: str
    """The address of the page that says why it holds, empty where there is none."""


def explained_facts(view: GraphView, facts: Sequence[Triple]) -> tuple[ExplainedFact, ...]:
    """Return those facts that the graph holds, in their order."""
    graphs = graphs_of(view.store, facts)
    nodes = view.nodes(
        term for fact in facts for term in (fact.subject, fact.predicate, fact.object)
    )
    evidence = evidence_of_graphs(
        view, (graph for found in graphs.values() for graph in found if graph)
    )
    return tuple(
        ExplainedFact(
            nodes[fact.subject],
            nodes[fact.predicate],
            nodes[fact.object],
            tuple(
                sorted(
                    (evidence[graph] for graph in graphs[fact] if graph in evidence),
                    key=lambda piece: piece.rank,
                )
            ),
            _explanation(view, fact),
        )
        for fact in facts
        if graphs[fact]
    )


def _explanation(view: GraphView, fact: Triple) -> str:
    if not isinstance(fact.subject, NamedNode):
        return ""
    return view.note_address(fact.subject.value, fact.predicate.value, fact.object) or ""
