"""The facts of a reading, and the sets that state them: what no fact links is parted."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

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
    PREFERRED,
    REASON,
    TYPE,
    VOICE,
    Value,
    first_free,
    slug_of,
)
from rallynov_graph.desk.terms import IN_SCHEME, TOP, UNNAMED, kind_of_class
from rallynov_graph.desk.things import Things

_WITH_TEXTS: Final = ("thing", "term", "part")
_OF_NAMES: Final = frozenset({LABEL, TYPE, IN_SCHEME, TOP, PREFERRED})
_DIGITS: Final = 10


class StatedFact(NamedTuple):
    """A fact of a reading, and the set that states it."""

    entry: Entry
    subject: str
    name: str
    """The address of its property."""
    value: Value

    @property
    def id(self) -> str:
        """What identifies it among facts."""
        said = f"{self.entry.address} {self.subject} {self.name} {self.value}"
        return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]


def facts_of(entry: Entry) -> Iterator[StatedFact]:
    """Yield the facts that a set states, or what its curators say of a thing beside its name."""
    yield from (StatedFact(entry, it.subject, it.property, it.value) for it in entry.stated())
    if entry.kind in _WITH_TEXTS and kind_of_iri(entry.address):
        for name, values in entry.says.items():
            if name not in _OF_NAMES:
                yield from (StatedFact(entry, entry.address, name, value) for value in values)


def speaks_of(entry: Entry, address: str) -> bool:
    """Return whether an entry speaks of something, other than as itself."""
    is_subject = address in entry.facts
    return is_subject or any(it.value.value == address for it in entry.every())


def with_kinds(
    entries: Mapping[Key, Entry], fact: StatedFact, *, with_words: bool
) -> dict[Key, Entry]:
    """Return entries in which the set of a fact also gives the kinds of its things.

    The kinds are taken from sets that state nothing else with the same certainty, which are
    removed. Their words are added unless the words of the fact already include them.
    """
    found = dict(entries)
    entry = found[fact.entry.key]
    says_more = any(it.property != TYPE for it in entry.stated())
    if entry.kind != "set" or not says_more or _is_in_question(entry, found):
        return found
    for thing in (fact.subject, fact.value.value):
        for lone in [*_lone_kinds(found, thing, entry)]:
            del found[lone.key]
            entry = _joined(entry, lone, thing, with_words=with_words)
    found[entry.key] = entry
    return found


def kinds_of_named(fact: Fact, classes: Iterable[str], entries: Iterable[Entry]) -> list[Fact]:
    """Return the kind of a known thing whose printed name a fact states.

    It is empty if a set of the document states the kind already. A name is all that an organisation
    gets that is only mentioned.
    """
    if fact.property != NAME or any(TYPE in it.facts.get(fact.subject, {}) for it in entries):
        return []
    kinds = kinds_of(fact.subject, classes)
    return [Fact(fact.subject, TYPE, NamedNode(it)) for it in sorted(kinds)]


def kinds_of(address: str, classes: Iterable[str]) -> set[str]:
    """Return the classes of a known thing that its address shows."""
    return {it for it in classes if kind_of_class(it) == kind_of_iri(address)} - {UNNAMED}


def _lone_kinds(entries: Mapping[Key, Entry], thing: str, beside: Entry) -> Iterator[Entry]:
    """Yield the sets that only state the kind of a thing, which another set states too."""
    for it in entries.values():
        is_alone = it.kind == "set" and it.facts.keys() == {thing} and {*it.facts[thing]} == {TYPE}
        is_like = is_alone and it.key != beside.key and it.graph == beside.graph
        if is_like and it.set_says == beside.set_says and not _is_in_question(it, entries):
            yield it


def _joined(entry: Entry, lone: Entry, thing: str, *, with_words: bool) -> Entry:
    said = entry.facts.get(thing, {})
    kinds = tuple(dict.fromkeys((*said.get(TYPE, ()), *lone.facts[thing][TYPE])))
    facts = {**entry.facts, thing: {TYPE: kinds, **{k: v for k, v in said.items() if k != TYPE}}}
    more = tuple(
        it
        for it in lone.words
        if not any(one.start <= it.start and it.end <= one.end for one in entry.words)
    )
    return replace(entry, facts=facts, words=(*entry.words, *(more if with_words else ())))


def _is_in_question(entry: Entry, entries: Mapping[Key, Entry]) -> bool:
    """Return whether something else names a set: a reading of a question, a decision."""
    return any(
        it.value.value == entry.address
        for other in entries.values()
        if other.kind != "set"
        for it in other.every()
    )


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
