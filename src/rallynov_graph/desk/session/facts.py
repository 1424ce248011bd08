"""The facts of a reading, one by one, and the sets that give their things a kind."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import kind_of_iri
from rallynov_graph.desk.document_reading import Entry, Fact, Key
from rallynov_graph.desk.short_terms import LABEL, NAME, PREFERRED, TYPE, Value
from rallynov_graph.desk.terms import IN_SCHEME, TOP, UNNAMED, kind_of_class

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
