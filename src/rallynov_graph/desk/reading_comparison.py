"""Two readings of a document beside each other: what they differ in, and how far they agree."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import RN, kind_of_iri, short_iri
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.short_terms import CERTAINTY, LABEL, NAME, Value
from rallynov_graph.matching.words import folded

QUESTION = f"{RN}OpenQuestion"
_DIGITS = 6
_NAMES = (LABEL, NAME)

Unit = tuple[str, str]
"""A thing and a property of it."""


@dataclass(frozen=True)
class StatedValue:
    """A value that a reading states, how surely, and the set that has it."""

    value: Value
    certainty: str
    set: str = field(compare=False)
    spans: tuple[tuple[int, int], ...] = field(default=(), compare=False)


@dataclass(frozen=True)
class ReadingDifference:
    """A difference between two readings about a thing."""

    subject: str
    prop: str
    first: tuple[StatedValue, ...]
    second: tuple[StatedValue, ...]

    @property
    def id(self) -> str:
        """Identifies it among the others, and its states as readers change something."""
        sides = (*_keys(self.first), "", *_keys(self.second))
        said = "|".join((self.subject, self.prop, *sides))
        return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]

    @property
    def key(self) -> str:
        return f"{short_iri(self.subject)} {short_iri(self.prop)} {self.id}"


@dataclass(frozen=True)
class Agreement:
    """The agreement of two readings on a kind of fact."""

    prop: str
    both: int
    first: int
    second: int
    """How many facts both state, and each alone."""
    kappa: float | None
    """Cohen's κ; None if chance alone would make them agree in everything."""


@dataclass(frozen=True)
class Comparison:
    """Two readings beside each other."""

    differences: tuple[ReadingDifference, ...]
    agreements: tuple[Agreement, ...]
    same: Mapping[str, str]
    """The first reading's address for a thing that the second one names differently."""


def compared(first: DocumentReading, second: DocumentReading) -> Comparison:
    """Return two readings beside each other.

    Compared is what the sets state, and which open questions there are; the names, summaries and
    reasons that readers write are theirs. The items of a kind of fact are the things that either
    reading says it of, with those of the same kind of which neither does; what a reader says of a
    thing, nothing included, is the category.
    """
    same = matched(first, second) | _same_questions(first, second)
    one, other = _stated(first, {}), _stated(second, same)
    units = sorted({*one, *other})
    differences = tuple(
        ReadingDifference(*unit, one.get(unit, ()), other.get(unit, ()))
        for unit in units
        if {*one.get(unit, ())} != {*other.get(unit, ())}
    )
    return Comparison(differences, (*_agreements(one, other), _of_certainty(one, other)), same)


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float | None:
    """Return Cohen's κ of two readers' categories of the same items; None if it is undefined."""
    if not pairs:
        return None
    count = len(pairs)
    observed = sum(a == b for a, b in pairs) / count
    left, right = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(left[it] * right[it] for it in left) / count**2
    return None if expected == 1 else (observed - expected) / (1 - expected)


def _stated(
    reading: DocumentReading, same: Mapping[str, str]
) -> dict[Unit, tuple[StatedValue, ...]]:
    found: dict[Unit, list[StatedValue]] = defaultdict(list)
    for entry in reading.of_kind("set"):
        spans = tuple(it.span for it in entry.words)
        for it in entry.stated():
            value = moved_value(it.value, same)
            stated = StatedValue(value, entry.certainty, entry.address, spans)
            found[same.get(it.subject, it.subject), it.property].append(stated)
    for entry in reading.of_kind("question"):
        address = same.get(entry.address, entry.address)
        spans = tuple(it.span for it in entry.words)
        stated = StatedValue(NamedNode(address), CERTAINTIES[0], entry.address, spans)
        found[address, QUESTION].append(stated)
    return {unit: tuple(values) for unit, values in found.items()}


def _same_questions(first: DocumentReading, second: DocumentReading) -> dict[str, str]:
    """Return the questions of the second reading that are asked of the same words in the first."""
    asked = {frozenset(it.span for it in q.words): q.address for q in first.of_kind("question")}
    return {
        q.address: asked[spans]
        for q in second.of_kind("question")
        if (spans := frozenset(it.span for it in q.words)) in asked
    }


def _agreements(
    one: Mapping[Unit, tuple[StatedValue, ...]], other: Mapping[Unit, tuple[StatedValue, ...]]
) -> list[Agreement]:
    found = []
    for name in sorted({prop for _, prop in (*one, *other)}):
        items = _items(name, (*one, *other))
        pairs = [(_values(one, (it, name)), _values(other, (it, name))) for it in items]
        found.append(
            Agreement(
                name,
                sum(len(a & b) for a, b in pairs),
                sum(len(a - b) for a, b in pairs),
                sum(len(b - a) for a, b in pairs),
                kappa(pairs),
            )
        )
    return found


def _items(name: str, units: Iterable[Unit]) -> list[str]:
    """Return the things of the kinds that have a property in either reading."""
    every = list(units)
    kinds = {kind_of_iri(subject) for subject, prop in every if prop == name}
    return sorted({subject for subject, _ in every if kind_of_iri(subject) in kinds})


def _values(stated: Mapping[Unit, tuple[StatedValue, ...]], unit: Unit) -> frozenset[Value]:
    return frozenset(it.value for it in stated.get(unit, ()))


def _of_certainty(
    one: Mapping[Unit, tuple[StatedValue, ...]], other: Mapping[Unit, tuple[StatedValue, ...]]
) -> Agreement:
    """Return how far readings agree on the certainty of the facts that both state."""
    pairs = []
    for unit in sorted({*one} & {*other}):
        sure, too = ({it.value: it.certainty for it in side[unit]} for side in (one, other))
        pairs += [(sure[value], too[value]) for value in sorted({*sure} & {*too}, key=str)]
    agreed = sum(a == b for a, b in pairs)
    return Agreement(CERTAINTY, agreed, len(pairs) - agreed, len(pairs) - agreed, kappa(pairs))


def _keys(values: Iterable[StatedValue]) -> list[str]:
    return sorted(f"{it.value} {it.certainty}" for it in values)


def matched(first: DocumentReading, second: DocumentReading) -> dict[str, str]:
    """Return the first reading's address for each thing of the second that it also has.

    Two things are the same if they have the same address; else the same kind and name; else, if
    neither has a name that the other lacks, the same kind and most statements.
    """
    there, here = _facts(first), _facts(second)
    names = _names(first)
    found = {address: address for address in here if address in there}
    for address, own in _names(second).items():
        if address in found:
            continue
        alike = {
            it
            for it, others in names.items()
            if kind_of_iri(it) == kind_of_iri(address) and own & others
        } - set(found.values())
        if len(alike) == 1:
            found[address] = alike.pop()
    _match_by_facts(there, here, found)
    return found


def _match_by_facts(
    there: Mapping[str, set[tuple[str, Value]]],
    here: Mapping[str, set[tuple[str, Value]]],
    found: dict[str, str],
) -> None:
    shared = []
    for address, said in here.items():
        if address in found:
            continue
        moved = {(name, moved_value(value, found)) for name, value in said}
        for other, others in there.items():
            if kind_of_iri(other) == kind_of_iri(address) and moved & others:
                alike = len(moved & others) / len(moved | others)
                shared.append((-alike, other, address))
    taken = set(found.values())
    for alike, other, address in sorted(shared):
        if -alike >= 1 / 2 and other not in taken and address not in found:
            found[address] = other
            taken.add(other)


def moved_value(value: Value, to: Mapping[str, str]) -> Value:
    """Return a value with the address that it has in another reading."""
    if isinstance(value, NamedNode):
        return NamedNode(to.get(value.value, value.value))
    return value


def _facts(reading: DocumentReading) -> dict[str, set[tuple[str, Value]]]:
    found: dict[str, set[tuple[str, Value]]] = defaultdict(set)
    for entry in reading.of_kind("set"):
        for it in entry.stated():
            found[it.subject].add((it.property, it.value))
    return dict(found)


def _names(reading: DocumentReading) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for entry in reading.entries.values():
        for it in entry.every():
            if it.property in _NAMES and isinstance(it.value, Literal):
                found[it.subject].add(folded(it.value.value))
    return dict(found)
