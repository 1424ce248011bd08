"""What else the passages of a claim carry: the other links that the same words support."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node

MOST_LINKS: Final = 6
"""So many other links are shown; the others are counted."""
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")


@dataclass(frozen=True)
class OtherLink:
    """A link between two things that the same passages carry."""

    subject: Node
    property: Node
    object: Node
    evidence: Evidence
    """The surest that it has in these passages."""
    note: str | None
    """The address of its own note."""


@dataclass(frozen=True)
class SameSource:
    """The other links of some passages."""

    links: tuple[OtherLink, ...] = ()
    more: int = 0
    """How many are not shown."""


def same_source(
    view: GraphView, claim: Triple, passages: Iterable[str], without: Collection[Triple]
) -> SameSource:
    """Return what else these passages carry, without the claims that a note shows itself.

    Links of the things of the claim come first.
    """
    wanted = [NamedNode(iri) for iri in dict.fromkeys(passages)]
    if not wanted:
        return SameSource()
    graphs: dict[Triple, set[str]] = {}
    for graph, subject, prop, value in view.queries.rows("facts_of_passage", passage=wanted).rows:
        if not isinstance(graph, NamedNode) or not isinstance(subject, NamedNode):
            continue
        if not isinstance(prop, NamedNode) or not isinstance(value, NamedNode) or prop == _TYPE:
            continue
        triple = Triple(subject, prop, value)
        if triple not in without:
            graphs.setdefault(triple, set()).add(graph.value)
    known = evidence_of_graphs(view, {iri for of_triple in graphs.values() for iri in of_triple})
    surest = {
        triple: min((known[iri] for iri in of_triple), key=lambda it: it.rank)
        for triple, of_triple in graphs.items()
    }
    ends = {claim.subject, claim.object}
    ordered = sorted(
        surest, key=lambda it: (ends.isdisjoint((it.subject, it.object)), surest[it].rank)
    )
    shown = ordered[:MOST_LINKS]
    nodes = view.nodes(term for triple in shown for term in triple)
    links = tuple(_link(view, nodes, triple, surest[triple]) for triple in shown)
    return SameSource(links, len(ordered) - len(shown))


def _link(
    view: GraphView, nodes: Mapping[Term, Node], triple: Triple, evidence: Evidence
) -> OtherLink:
    subject, prop, value = triple
    assert isinstance(subject, NamedNode) and isinstance(prop, NamedNode)
    note = view.note_address(subject.value, prop.value, value)
    return OtherLink(nodes[subject], nodes[prop], nodes[value], evidence, note)
