"""Evidence: for each graph that states a fact, what kind of graph it is and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, weakest
from rallynov_graph.base.languages import day_of
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
_ATTRIBUTED_TO: Final = PREFIXES["prov"] + "wasAttributedTo"
_MADE_AT: Final = PREFIXES["prov"] + "generatedAtTime"
_CERTAINTY: Final = RN + "certainty"
_PASSAGE: Final = RN + "passage"
_REASON: Final = RN + "reason"
_VOICE: Final = RN + "voice"
_PROPERTIES: Final = tuple(
    NamedNode(iri)
    for iri in (
        TYPE,
        _CERTAINTY,
        _PASSAGE,
        _REASON,
        _VOICE,
        _ATTRIBUTED_TO,
        _MADE_AT,
    )
)


@dataclass(frozen=True)
class Interpretation:
    """Who concluded what a document does not say in so many words, and when."""

    by: tuple[Node, ...]
    at: str = ""
    """As the data have it."""
    day: str = ""
    """In words."""


@dataclass(frozen=True)
class Evidence:
    """A graph that states a fact: an assertion set, or one of rules, curators or other sources."""

    kind: str
    """explicit, inferred, tentative, derived, curation, outside, or graph for any other."""
    source: Node
    """The graph that states it."""
    passages: tuple[Node, ...] = ()
    reason: Text | None = None
    certainty: str = ""
    """The certainty of an assertion set, or that of a rule's premises; empty for others."""
    voices: tuple[Node, ...] = ()
    """The speakers that are quoted; none where the document itself speaks."""
    basis: str = ""
    """What a rule concludes from where no document says any of it: curation or outside."""
    interpretation: Interpretation | None = None
    """Who concluded an assertion set that is not explicit; None for others, or where unknown."""

    @property
    def said(self) -> tuple[object, ...]:
        """What sets have alike that say the same of themselves: pages show what they state as one.

        How facts are split over such sets is no matter of the reader's.
        """
        return self.kind, self.passages, self.reason, self.voices, self.interpretation

    @cached_property
    def rank(self) -> tuple[int, str]:
        """A key that sorts the surest evidence first."""
        return _ORDER.index(self.kind), self.source.text


def has_note(evidence: Iterable[Evidence]) -> bool:
    """Return whether a claim with this evidence has a note: a document or a rule states it."""
    return any(piece.kind in CERTAINTIES or piece.kind == DERIVED for piece in evidence)


def evidence_of_graphs(view: GraphView, graphs: Iterable[str]) -> dict[str, Evidence]:
    """Return the evidence that each graph is, by its IRI."""
    cache = view.graph.evidence
    assertion_graphs = [iri for iri in dict.fromkeys(graphs) if iri != ONTOLOGY]
    found: dict[str, Evidence] = {
        iri: evidence
        for iri in assertion_graphs
        if (evidence := cache.get((view.addresses, iri))) is not None
    }
    read = _read_evidence(view, [iri for iri in assertion_graphs if iri not in found])
    for iri, evidence in read.items():
        cache.keep((view.addresses, iri), evidence)
    return found | read


def _read_evidence(view: GraphView, graphs: list[str]) -> dict[str, Evidence]:
    descriptions: dict[str, dict[str, list[Term]]] = {iri: {} for iri in graphs}
    rows = view.queries.rows("values", thing=map(NamedNode, graphs), property=_PROPERTIES).rows
    for graph, prop, value in rows:
        assert isinstance(graph, NamedNode) and isinstance(prop, NamedNode) and value is not None
        descriptions[graph.value].setdefault(prop.value, []).append(value)
    terms: list[Term] = [NamedNode(iri) for iri in graphs]
    for description in descriptions.values():
        for linked in (_PASSAGE, _VOICE, _ATTRIBUTED_TO):
            terms += description.get(linked, ())
    nodes = view.nodes(term for term in terms if isinstance(term, NamedNode))
    return {iri: _evidence(view, iri, descriptions[iri], nodes) for iri in graphs}


def _evidence(
    view: GraphView, iri: str, description: dict[str, list[Term]], nodes: dict[Term, Node]
) -> Evidence:
    reasons = [
        Text(reason.value, reason.language or "")
        for reason in description.get(_REASON, ())
        if isinstance(reason, Literal)
    ]
    kind = _kind_of(description)
    return Evidence(
        kind,
        nodes[NamedNode(iri)],
        tuple(
            nodes[passage]
            for passage in sorted(description.get(_PASSAGE, ()), key=_position)
            if isinstance(passage, NamedNode)
        ),
        view.best(reasons),
        _certainty(description),
        tuple(
            nodes[voice]
            for voice in description.get(_VOICE, ())
            if voice in nodes and nodes[voice].shape
        ),
        _basis(view, description) if kind == DERIVED else "",
        _interpretation(view, description, nodes) if kind in CERTAINTIES else None,
    )


def _interpretation(
    view: GraphView, description: dict[str, list[Term]], nodes: dict[Term, Node]
) -> Interpretation | None:
    by = tuple(nodes[who] for who in description.get(_ATTRIBUTED_TO, ()) if who in nodes)
    times = sorted(it.value for it in description.get(_MADE_AT, ()) if isinstance(it, Literal))
    if not by:
        return None
    return (
        Interpretation(by, times[-1], day_of(times[-1], view.language))
        if times
        else Interpretation(by)
    )


def _basis(view: GraphView, description: dict[str, list[Term]]) -> str:
    rules = [
        rule.value for rule in description.get(_ATTRIBUTED_TO, ()) if isinstance(rule, NamedNode)
    ]
    return next((basis for rule in rules if (basis := view.graph.bases.get(rule, ""))), "")


def _kind_of(description: dict[str, list[Term]]) -> str:
    classes = {c.value for c in description.get(TYPE, ()) if isinstance(c, NamedNode)}
    for class_iri, kind in _KINDS.items():
        if class_iri in classes:
            return kind
    return _certainty(description) or GRAPH


def _certainty(description: dict[str, list[Term]]) -> str:
    """Return the certainty of a graph, the weakest of several, the empty string without any."""
    stated = description.get(_CERTAINTY, ())
    names = {c.value.removeprefix(RN) for c in stated if isinstance(c, NamedNode)}
    return weakest(names.intersection(CERTAINTIES)) or ""


def _position(passage: Term) -> tuple[list[int | str], str]:
    """Return a key that orders passages by the numbers in their addresses."""
    iri = passage.value if isinstance(passage, NamedNode) else str(passage)
    parts = iri.rpartition("/")[2].split("-")
    return [int(p) for p in parts if p.isdigit()], iri
