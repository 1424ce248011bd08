"""The facts that passages carry, each as a card for the margin of the text."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import RN
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.facts import LINKING
from rallynov_graph.site.model.layout import PASSAGE
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_fact
from rallynov_graph.site.model.statement import (
    Evidence,
    StatedTriple,
    Statement,
    evidence_of_graphs,
    shown,
)

_POINTERS: Final = frozenset({PASSAGE, RN + "quotedSegment"})
"""The properties by which a thing points to its words."""
_SEEN: Final = RN + "emphasis"
"""The properties that the text itself shows."""
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
"""The properties of printed forms and classes, shown after events."""
_WORDS: Final = RN + "asPrinted"
_LINK, _EVENT, _VALUE, _FORM = range(4)
"""The types of cards: a link between things, an event, a value, a printed form."""


@dataclass(frozen=True, eq=False)
class Card:
    """A fact, or what a voice says of an event: who says so, and which passages."""

    key: str
    """Its name on the page, the same for each reader."""
    subject: Node
    properties: tuple[tuple[Statement, ...], ...]
    """Its statements, property by property."""
    evidence: Evidence
    why: str | None
    """The address of its evidence."""
    passages: tuple[str, ...]
    """The IRIs of the passages that carry it."""
    forms: tuple[str, ...]
    """The names of its subject as they are printed, to be found in its passages."""
    words: str
    """The printed words that are its subject, if they are known."""
    things: frozenset[str]
    """Its things and its voices."""
    questions: tuple[OpenQuestionMark, ...]
    """The open questions on which it hangs."""
    sort: int

    @property
    def certainty(self) -> str:
        """Its mark."""
        return self.evidence.mark

    @property
    def explanation(self) -> str | None:
        return self.why

    @property
    def has_note(self) -> bool:
        return self.evidence.has_note

    @property
    def in_words(self) -> str:
        return self.properties[0][0].in_words

    @property
    def is_event(self) -> bool:
        return self.sort == _EVENT

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The sort key: events before printed names, open ones last, and the surest first."""
        return self.sort, not self.questions, self.evidence.rank[0]


def cards(
    view: GraphView, sets: Mapping[str, Sequence[str]], passages: Container[str]
) -> tuple[Card, ...]:
    """Return the cards of assertion sets, each with the passages of the page that carry it.

    A thing that points to passages of the page itself is beside those.
    """
    evidence = evidence_of_graphs(view, sets)
    first: dict[tuple[object, ...], str] = {}
    found: dict[tuple[str, str], dict[StatedTriple, None]] = {}
    own: dict[str, list[str]] = {}
    for graph, subject, prop, value in view.queries.rows(
        "facts_of_sets", graph=map(NamedNode, sets)
    ).rows:
        if not (isinstance(graph, NamedNode) and isinstance(subject, NamedNode)):
            continue
        assert isinstance(prop, NamedNode) and value is not None
        of_set = first.setdefault(evidence[graph.value].said, graph.value)
        it = StatedTriple(subject, prop.value, value, (of_set,))
        group = found.setdefault((of_set, subject.value), {})
        if it.path in _POINTERS and it.iri in passages and it not in group:
            own.setdefault(subject.value, []).append(it.iri)
        group[it] = None
    every = {it: (evidence[it.graphs[0]],) for facts in found.values() for it in facts}
    statements = shown(view, every)
    described = view.described(dict.fromkeys(subject for _, subject in found))
    return tuple(
        _card(view, graph, group, forms, is_event, own.get(subject) or sets[graph])
        for (graph, subject), facts in found.items()
        for group, forms, is_event in _groups(
            view, described[subject].classes, [statements[it] for it in facts]
        )
    )


def _groups(
    view: GraphView, classes: tuple[str, ...], facts: Iterable[Statement]
) -> Iterator[tuple[dict[str, list[Statement]], tuple[str, ...], bool]]:
    """Yield the statements of each card about a thing, with printed names, and whether it happened.

    An event has one card for everything; any other thing has one for each property.
    """
    by_property: dict[str, list[Statement]] = {}
    for it in facts:
        if it.stated.path not in _POINTERS and it.stated.path != _SEEN:
            by_property.setdefault(it.stated.path, []).append(it)
    is_event = not LINKING.isdisjoint(classes)
    if len(by_property) > 1 or is_event:
        by_property.pop(TYPE, None)
    forms = tuple(
        it.stated.value.value
        for path, values in by_property.items()
        for it in values
        if path in _NAMES and isinstance(it.stated.value, Literal)
    )
    layout, with_superclasses = view.graph.layout, view.graph.with_superclasses(classes)

    def order(path: str) -> tuple[bool, float, float]:
        place = layout.place(with_superclasses, path)
        return path in _FORMS, layout.order(place.group), place.order

    ordered = {path: by_property[path] for path in sorted(by_property, key=order)}
    for group in [ordered] if is_event else [{path: them} for path, them in ordered.items()]:
        if group:
            yield group, forms, is_event


def _card(
    view: GraphView,
    graph: str,
    group: Mapping[str, Sequence[Statement]],
    forms: tuple[str, ...],
    is_event: bool,
    passages: Iterable[str],
) -> Card:
    every = [it for them in group.values() for it in them]
    first, (evidence,) = every[0], every[0].evidence
    displayed = [them for path, them in group.items() if path != _WORDS or len(group) == 1]
    words = (it.stated.value for it in group.get(_WORDS, ()))
    things = (*(it.stated.iri for it in every), *(voice.iri for voice in evidence.voices))
    links_first = sorted(every, key=lambda it: it.stated.path in _FORMS or not it.stated.iri)
    marks = (mark for it in every for mark in touching_fact(view, it.stated.triple))
    return Card(
        _key(graph, first.subject.iri, *group),
        first.subject,
        tuple(map(tuple, displayed)),
        evidence,
        next((it.note for it in links_first if it.note), evidence.source.href),
        tuple(passages),
        forms,
        next((it.value for it in words if isinstance(it, Literal)), ""),
        frozenset(filter(None, (first.subject.iri, *things))),
        tuple({mark.node.iri: mark for mark in marks}.values()),
        _sort(group, is_event),
    )


def _sort(group: Mapping[str, Sequence[Statement]], is_event: bool) -> int:
    if all(path in _FORMS for path in group):
        return _FORM
    if is_event:
        return _EVENT
    every = (it for them in group.values() for it in them)
    return _LINK if any(it.subject.shape and it.value.shape for it in every) else _VALUE


def _key(*parts: str) -> str:
    """Return a short name for these statements together, the same on every page."""
    return f"f-{blake2s(' '.join(parts).encode(), digest_size=5).hexdigest()}"
