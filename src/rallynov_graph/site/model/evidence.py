"""Where a fact comes from: one piece of evidence for each graph that states it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, weakest
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE, Text
from rallynov_graph.site.model.nodes import GraphView, Node

DERIVED: Final = "derived"
CURATION: Final = "curation"
OUTSIDE: Final = "outside"
GRAPH: Final = "graph"
_ORDER: Final = (*CERTAINTIES, DERIVED, OUTSIDE, CURATION, GRAPH)

_KINDS: Final = {
    RN + "Inference": DERIVED,
    RN + "CurationGraph": CURATION,
    RN + "OutsideGraph": OUTSIDE,
}
_OWED_TO: Final = PREFIXES["prov"] + "wasAttributedTo"
_CERTAINTY: Final = RN + "certainty"
_PASSAGE: Final = RN + "passage"
_REASON: Final = RN + "reason"
_VOICE: Final = RN + "voice"
_ASKED: Final = tuple(
    NamedNode(iri)
    for iri in (
        TYPE,
        _CERTAINTY,
        _PASSAGE,
        _REASON,
        _VOICE,
        _OWED_TO,
    )
)


@dataclass(frozen=True)
class Evidence:
    """Who says so: a certainty of an assertion set, a rule, the curators, an outside source."""

    how: str
    """explicit, inferred, tentative, derived, curation, outside, or graph for any other."""
    source: Node
    """The graph that states it."""
    passages: tuple[Node, ...] = ()
    reason: Text | None = None
    certainty: str = ""
    """Of what a rule concludes, as sure as what it concludes from."""
    voices: tuple[Node, ...] = ()
    """Who is quoted, where it is not the document that speaks."""
    basis: str = ""
    """What a rule concludes from where no document says any of it: curation or outside."""

    @cached_property
    def rank(self) -> tuple[int, str]:
        """The surest first."""
        return _ORDER.index(self.how), self.source.text


def of_graphs(view: GraphView, graphs: Iterable[str]) -> dict[str, Evidence]:
    """Return the evidence that each graph is, by its IRI."""
    kept = view.graph.evidence
    named = [iri for iri in dict.fromkeys(graphs) if iri != ONTOLOGY]
    found: dict[str, Evidence] = {
        iri: evidence for iri in named if (evidence := kept.get((view.addresses, iri))) is not None
    }
    asked = _asked(view, [iri for iri in named if iri not in found])
    for iri, evidence in asked.items():
        kept.keep((view.addresses, iri), evidence)
    return found | asked


def _asked(view: GraphView, wanted: list[str]) -> dict[str, Evidence]:
    told: dict[str, dict[str, list[Term]]] = {iri: {} for iri in wanted}
    rows = view.queries.rows("values", thing=map(NamedNode, wanted), property=_ASKED).rows
    for graph, prop, value in rows:
        assert isinstance(graph, NamedNode) and isinstance(prop, NamedNode) and value is not None
        told[graph.value].setdefault(prop.value, []).append(value)
    terms: list[Term] = [NamedNode(iri) for iri in wanted]
    for facts in told.values():
        terms += (*facts.get(_PASSAGE, ()), *facts.get(_VOICE, ()))
    nodes = view.nodes(term for term in terms if isinstance(term, NamedNode))
    return {iri: _evidence(view, iri, told[iri], nodes) for iri in wanted}


def _evidence(
    view: GraphView, iri: str, told: dict[str, list[Term]], nodes: dict[Term, Node]
) -> Evidence:
    reasons = [
        Text(r.value, r.language or "") for r in told.get(_REASON, ()) if isinstance(r, Literal)
    ]
    return Evidence(
        _how(told),
        nodes[NamedNode(iri)],
        tuple(
            nodes[p]
            for p in sorted(told.get(_PASSAGE, ()), key=_position)
            if isinstance(p, NamedNode)
        ),
        view.best(reasons),
        _certainty(told),
        tuple(nodes[v] for v in told.get(_VOICE, ()) if v in nodes and nodes[v].shape),
        _basis(view, told) if _how(told) == DERIVED else "",
    )


def _basis(view: GraphView, told: dict[str, list[Term]]) -> str:
    rules = [rule.value for rule in told.get(_OWED_TO, ()) if isinstance(rule, NamedNode)]
    return next((b for rule in rules if (b := view.graph.bases.get(rule, ""))), "")


def _how(told: dict[str, list[Term]]) -> str:
    classes = {c.value for c in told.get(TYPE, ()) if isinstance(c, NamedNode)}
    for known, kind in _KINDS.items():
        if known in classes:
            return kind
    return _certainty(told) or GRAPH


def _certainty(told: dict[str, list[Term]]) -> str:
    """Return the certainty of a graph, the weakest where it says several, else nothing."""
    stated = told.get(_CERTAINTY, ())
    names = {c.value.removeprefix(RN) for c in stated if isinstance(c, NamedNode)}
    return weakest(names.intersection(CERTAINTIES)) or ""


def _position(passage: Term) -> tuple[list[int | str], str]:
    """Return a key that orders passages by the numbers in their addresses."""
    iri = passage.value if isinstance(passage, NamedNode) else str(passage)
    parts = iri.rpartition("/")[2].split("-")
    return [int(p) for p in parts if p.isdigit()], iri
