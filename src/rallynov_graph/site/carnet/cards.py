"""The facts that passages carry, each as a card for the margin of the text."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE, Text, last_part
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.facts import LINKING
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_fact

_POINTERS: Final = frozenset({RN + "passage", RN + "quotedSegment"})
"""Where a thing says itself which words it is about."""
_SEEN: Final = RN + "emphasis"
"""What the text shows by itself."""
_NAMES: Final = frozenset({RN + "nameAsPrinted", RN + "acronym", RN + "expansion"})
"""The forms of a name that are looked for in the text."""
_FORMS: Final = _NAMES | {
    TYPE,
    RN + "asPrinted",
    RN + "roleAsPrinted",
    RN + "dateAsPrinted",
    RN + "timeAsPrinted",
    RN + "inferredPart",
    RN + "inList",
}
"""What says how something is printed, or what it is: shown after what it did."""
_WORDS: Final = RN + "asPrinted"
_LINK, _EVENT, _VALUE, _FORM = range(4)
"""What a card says: a link between things, what happened, a value, how something is printed."""


@dataclass(frozen=True)
class PropertyValues:
    """A property and its values."""

    label: Text
    values: tuple[Node, ...]


@dataclass(frozen=True, eq=False)
class Card:
    """A fact, or what a voice says of an event: who says so, and which passages."""

    key: str
    """Its name on the page, the same for each reader."""
    subject: Node
    properties: tuple[PropertyValues, ...]
    evidence: Evidence
    why: str | None
    """Where the evidence for it is read."""
    passages: tuple[str, ...]
    """The IRIs of the passages that carry it."""
    shape: str
    """The kind in whose colour its words are underlined."""
    forms: tuple[str, ...]
    """The names of its subject as they are printed, to be found in its passages."""
    words: str
    """The printed words that are its subject, where they are known."""
    things: frozenset[str]
    """What it speaks of, and its voices: what a reader may follow through the document."""
    questions: tuple[OpenQuestionMark, ...]
    """The open questions on which it hangs."""
    sort: int

    @property
    def rank(self) -> tuple[int, bool, int]:
        """What is done before what is printed, then what is in question, and the surest first."""
        return self.sort, not self.questions, self.evidence.rank[0]


def cards(
    view: GraphView, sets: Mapping[str, Sequence[str]], passages: Container[str]
) -> tuple[Card, ...]:
    """Return what assertion sets say; for each, the passages of the page that carry it are given.

    A thing that points to passages of the page itself stands beside those.
    """
    found: dict[tuple[str, str], list[tuple[str, Term]]] = {}
    evidence = evidence_of_graphs(view, sets)
    first: dict[tuple[object, ...], str] = {}
    rows = view.queries.rows("facts_of_sets", graph=map(NamedNode, sets)).rows
    terms: list[Term] = []
    for graph, subject, prop, value in rows:
        if not (isinstance(graph, NamedNode) and isinstance(subject, NamedNode)):
            continue
        assert isinstance(prop, NamedNode) and value is not None
        card = first.setdefault(evidence[graph.value].said, graph.value), subject.value
        if (prop.value, value) not in found.setdefault(card, []):
            found[card].append((prop.value, value))
        terms += [subject, in_carnet_language(view, prop.value, value), prop]
    writer = _CardWriter(view, evidence, view.nodes(terms), found, sets, passages)
    return tuple(
        card
        for (graph, subject), facts in found.items()
        for card in writer.cards(graph, subject, facts)
    )


class _CardWriter:
    """Writes cards; what they show was asked of the graph at once."""

    def __init__(
        self,
        view: GraphView,
        evidence: Mapping[str, Evidence],
        nodes: Mapping[Term, Node],
        found: Mapping[tuple[str, str], Sequence[tuple[str, Term]]],
        sets: Mapping[str, Sequence[str]],
        passages: Container[str],
    ) -> None:
        self._view, self._evidence, self._nodes, self._sets = view, evidence, nodes, sets
        self._described = view.described(
            iri for key, facts in found.items() for iri in (key[1], *(prop for prop, _ in facts))
        )
        self._own: dict[str, list[str]] = {}
        for (_, subject), facts in found.items():
            for prop, value in facts:
                if prop in _POINTERS and isinstance(value, NamedNode) and value.value in passages:
                    self._own.setdefault(subject, []).append(value.value)

    def cards(self, graph: str, subject: str, facts: Sequence[tuple[str, Term]]) -> Iterable[Card]:
        """Yield a card for what happened as a whole; for any other thing, one for each property."""
        by_property: dict[str, list[Term]] = {}
        for prop, value in facts:
            if prop not in _POINTERS and prop != _SEEN:
                by_property.setdefault(prop, []).append(value)
        classes = self._described[subject].classes
        is_event = not LINKING.isdisjoint(classes)
        if len(by_property) > 1 or is_event:
            by_property.pop(TYPE, None)
        forms = tuple(
            value.value
            for prop, values in by_property.items()
            for value in values
            if prop in _NAMES and isinstance(value, Literal)
        )
        order = sorted(by_property, key=lambda prop: (prop in _FORMS, self._order(classes, prop)))
        groups = [order] if is_event else [[prop] for prop in order]
        for props in groups:
            if props:
                statements = {prop: by_property[prop] for prop in props}
                yield self._card(graph, subject, statements, forms, is_event)

    def _card(
        self,
        graph: str,
        subject: str,
        statements: Mapping[str, Sequence[Term]],
        forms: tuple[str, ...],
        is_event: bool,
    ) -> Card:
        evidence, node = self._evidence[graph], self._nodes[NamedNode(subject)]
        displayed = {
            prop: values
            for prop, values in statements.items()
            if prop != _WORDS or len(statements) == 1
        }
        shown = [self._property_values(prop, values) for prop, values in displayed.items()]
        facts = [
            Triple(NamedNode(subject), NamedNode(prop), value)
            for prop, values in statements.items()
            for value in values
        ]
        things = {
            subject,
            *(iri for values in statements.values() for v in values if (iri := _iri(v))),
        }
        words = next((v.value for v in statements.get(_WORDS, ()) if isinstance(v, Literal)), "")
        shapes = (node.shape, *(value.shape for it in shown for value in it.values))
        return Card(
            _key(graph, subject, *statements),
            node,
            tuple(shown),
            evidence,
            self._why(graph, subject, statements),
            tuple(self._own.get(subject) or self._sets[graph]),
            next((shape for shape in shapes if shape), ""),
            forms,
            words,
            frozenset(things.union(voice.iri for voice in evidence.voices)),
            self._questions(facts),
            self._sort(statements, is_event, node),
        )

    def _sort(self, statements: Mapping[str, Sequence[Term]], is_event: bool, node: Node) -> int:
        if all(prop in _FORMS for prop in statements):
            return _FORM
        if is_event:
            return _EVENT
        values = (self._nodes.get(value) for values in statements.values() for value in values)
        is_link = node.shape and any(value.shape for value in values if value)
        return _LINK if is_link else _VALUE

    def _questions(self, facts: Iterable[Triple]) -> tuple[OpenQuestionMark, ...]:
        marks = (mark for fact in facts for mark in touching_fact(self._view, fact))
        return tuple({mark.node.iri: mark for mark in marks}.values())

    def _property_values(self, prop: str, values: Sequence[Term]) -> PropertyValues:
        name = self._view.best(self._described[prop].names) or Text(last_part(prop))
        return PropertyValues(
            name,
            tuple(self._nodes[in_carnet_language(self._view, prop, value)] for value in values),
        )

    def _order(self, classes: tuple[str, ...], prop: str) -> tuple[float, float]:
        layout = self._view.graph.layout
        place = layout.place(self._view.graph.with_superclasses(classes), prop)
        return layout.order(place.group), place.order

    def _why(
        self, graph: str, subject: str, statements: Mapping[str, Sequence[Term]]
    ) -> str | None:
        """Return where the evidence is read: for the first link that a card says, else a value."""
        every = [(prop, value) for prop, values in statements.items() for value in values]
        every.sort(key=lambda it: it[0] in _FORMS or not isinstance(it[1], NamedNode))
        for prop, value in every:
            found = self._view.note_address(subject, prop, value)
            if found is not None:
                return found
        return self._evidence[graph].source.href


def _key(*parts: str) -> str:
    """Return a short name for what these say together, the same on every page."""
    return f"f-{blake2s(' '.join(parts).encode(), digest_size=5).hexdigest()}"


def _iri(term: Term) -> str:
    return term.value if isinstance(term, NamedNode) else ""
