"""Facts that the same words carry, put into sets: what no fact links is parted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID, RN, kind_of_iri
from rallynov_graph.desk.acts import TextSelection
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Fact, Key, things_in
from rallynov_graph.desk.quotations import QuotedText
from rallynov_graph.desk.short_terms import (
    CERTAINTY,
    LABEL,
    NAME,
    REASON,
    TYPE,
    VOICE,
    Value,
    first_free,
    slug_of,
)
from rallynov_graph.desk.things import Things

_NAMED: Final = frozenset({"person", "organisation", "group"})
"""The kinds whose printed name is taken from the words if they contain it."""
_ALSO_NAMED: Final = _NAMED | {"innovation", "post", "series", "rally"}
"""The same, if a person selected the name itself."""


@dataclass(frozen=True)
class Carrier:
    """The common properties of a set's facts."""

    words: tuple[TextSelection, ...]
    voices: tuple[str, ...]
    certainty: str
    reasons: tuple[Literal, ...]
    name: str


class SetsOfFacts:
    """Puts facts into the sets of a reading, whose entries change."""

    def __init__(
        self,
        reading: DocumentReading,
        entries: dict[Key, Entry],
        things: Things,
        text: QuotedText,
    ) -> None:
        self._reading, self._entries = reading, entries
        self._things, self._text = things, text
        self._graph = reading.first_graph
        self._of_words: dict[frozenset[tuple[int, int]], list[Key]] = defaultdict(list)
        for entry in entries.values():
            if entry.kind == "set":
                self._of_words[_spans(entry.words)].append(entry.key)

    def add(self, carrier: Carrier, facts: Sequence[Fact]) -> None:
        """Put facts into a set, or into several if they have nothing in common."""
        for part in [facts] if carrier.name else _linked(facts):
            self._add_set(carrier, self._with_names(carrier, part))

    def join(self, carrier: Carrier, facts: Sequence[Fact]) -> str:
        """Put facts into a set that says alike and is linked to them, else into a new one.

        Returns the address of the set, that which has the facts already too.
        """
        facts = self._with_names(carrier, facts, _ALSO_NAMED)
        said = _said_of(carrier)
        for key in self._of_words[_spans(carrier.words)]:
            entry = self._entries[key]
            there = entry.stated()
            if entry.set_says == said and _are_linked(there, facts):
                self._entries[key] = entry.stating([*there, *facts])
                return entry.address
        return self._add_set(carrier, facts)

    def add_to(self, entry: Entry, carrier: Carrier, facts: Sequence[Fact]) -> None:
        """Put facts into a set, whose words, voice and certainty are those of the carrier then."""
        facts = self._with_names(carrier, facts, _ALSO_NAMED)
        labels = {name: values for name, values in entry.says.items() if name == LABEL}
        carried = replace(entry, words=carrier.words, says={**labels, **_said_of(carrier)})
        self._entries[entry.key] = carried.stating([*entry.stated(), *facts])

    def _with_names(
        self, carrier: Carrier, facts: Sequence[Fact], kinds: frozenset[str] = _NAMED
    ) -> list[Fact]:
        """Return facts with the printed names of the things that they are about."""
        named = {it.subject for it in facts if it.property == NAME}
        found: dict[Fact, None] = {}
        for fact in facts:
            found[fact] = None
            is_new = fact.property == TYPE and fact.subject not in named
            if is_new and kind_of_iri(fact.subject) in kinds:
                name = self._things.label(fact.subject)
                forms = (self._text.printed(it, carrier.words) for it in (name, name.strip("« »")))
                if form := next(filter(None, forms), ""):
                    found[Fact(fact.subject, NAME, Literal(form))] = None
        return [*found]

    def _add_set(self, carrier: Carrier, facts: Sequence[Fact]) -> str:
        """Put facts without a set into one; return its address, empty if there are no facts."""
        says, spans = _said_of(carrier), _spans(carrier.words)
        sets = (self._entries[key] for key in self._of_words[spans])
        there = {fact for it in sets if it.set_says == says for fact in it.stated()}
        new = [it for it in facts if it not in there]
        if not new:
            return ""
        address = self._address(carrier)
        self._things.take(address)
        before = self._entries.get((self._graph, address))
        if before is None:
            self._of_words[spans].append((self._graph, address))
        entry = Entry("set", address, self._graph, carrier.words, says)
        self._entries[entry.key] = entry.stating([*(before.stated() if before else ()), *new])
        return address

    def _address(self, carrier: Carrier) -> str:
        if carrier.name:
            return set_address(self._reading, self._things, carrier.name)
        first = carrier.words[0]
        address = f"{ID}assertion-set/{self._reading.slug}-{first.start}-{first.end}"
        return first_free(address, self._things.known)


def _said_of(carrier: Carrier) -> dict[str, tuple[Value, ...]]:
    """Return the statements of a set about itself, beyond those that its words imply."""
    says: dict[str, tuple[Value, ...]] = {}
    if carrier.certainty != CERTAINTIES[0]:
        says[CERTAINTY] = (NamedNode(RN + carrier.certainty),)
    if carrier.reasons:
        says[REASON] = carrier.reasons
    if carrier.voices:
        says[VOICE] = tuple(map(NamedNode, carrier.voices))
    return says


def _spans(words: Iterable[TextSelection]) -> frozenset[tuple[int, int]]:
    return frozenset(it.span for it in words)


def set_address(reading: DocumentReading, things: Things, name: str) -> str:
    """Return the address of the set that is called so."""
    return things.address(name) or f"{ID}assertion-set/{reading.slug}-{slug_of(name)}"


def _linked(facts: Sequence[Fact]) -> list[list[Fact]]:
    """Return facts by the things that they are about: those that no fact links are parted."""
    subjects = {it.subject for it in facts}
    groups: list[tuple[set[str], list[Fact]]] = []
    for fact in facts:
        things = {fact.subject, *({fact.value.value} & subjects)}
        joined = [it for it in groups if it[0] & things]
        groups = [it for it in groups if not it[0] & things]
        every = set(things).union(*(it[0] for it in joined))
        groups.append((every, [*(f for it in joined for f in it[1]), fact]))
    return [found for _, found in groups]


def _are_linked(some: Sequence[Fact], others: Sequence[Fact]) -> bool:
    """Return whether facts are about one thing, or some name what the others are about."""
    subjects, of_others = {it.subject for it in some}, {it.subject for it in others}
    return bool(subjects & {*things_in(others)} or of_others & {*things_in(some)})
