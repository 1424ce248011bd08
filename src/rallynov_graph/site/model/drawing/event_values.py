"""The values of an event's properties, each with its evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import Evidence, evidence_of_graphs


@dataclass(frozen=True)
class EventValue:
    """A value with its evidence."""

    node: Node
    evidence: tuple[Evidence, ...]
    term: Term

    @property
    def certainty(self) -> str:
        """The kind of its surest evidence."""
        return self.evidence[0].kind if self.evidence else ""

    @property
    def sets(self) -> frozenset[str]:
        """The graphs that state it."""
        return frozenset(piece.source.iri for piece in self.evidence)


def event_value(
    node: Node, graphs: Iterable[str], evidence: dict[str, Evidence], term: Term
) -> EventValue:
    """Return a value with the evidence of its graphs, the surest first."""
    pieces = sorted((evidence[g] for g in graphs if g in evidence), key=lambda piece: piece.rank)
    return EventValue(node, tuple(pieces), term)


def values_by_thing(
    view: GraphView, iris: list[str], properties: Iterable[str], least: NamedNode
) -> dict[str, dict[str, list[EventValue]]]:
    """Return the values of each thing by property, each once, with all its evidence.

    They are at least this certain.
    """
    rows = view.queries.rows(
        "values_said",
        thing=map(NamedNode, iris),
        property=map(NamedNode, properties),
        certainty=least,
    ).rows
    found: dict[str, dict[str, dict[Term, list[str]]]] = {}
    for thing, path, value, graph in rows:
        assert isinstance(thing, NamedNode) and isinstance(path, NamedNode) and value is not None
        values = found.setdefault(thing.value, {}).setdefault(path.value, {})
        if isinstance(graph, NamedNode):
            values.setdefault(value, []).append(graph.value)
    evidence = evidence_of_graphs(view, (g.value for *_, g in rows if isinstance(g, NamedNode)))
    shown = {
        (path, value): in_carnet_language(view, path, value)
        for facts in found.values()
        for path, values in facts.items()
        for value in values
    }
    nodes = view.nodes(shown.values())
    return {
        thing: {
            path: [
                event_value(nodes[shown[path, value]], graphs, evidence, value)
                for value, graphs in values.items()
            ]
            for path, values in facts.items()
        }
        for thing, facts in found.items()
    }
