"""Things by what somebody types of their name: those of this document first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.namespaces import ID, PREFIXES, RN, kind_of_iri
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.short_terms import TYPE
from rallynov_graph.matching.words import folded

MOST: Final = 20
_BOOKKEEPING: Final = frozenset(
    {"", "passage", "selector", "graph", "part", "extraction", "assertion-set", "reading", "agent"}
    | {"question", "decision", "identity", "method", "collection"}
)
_NAMES: Final = frozenset(
    {
        *(f"{PREFIXES['skos']}{it}" for it in ("prefLabel", "altLabel")),
        f"{PREFIXES['rdfs']}label",
        *(f"{RN}{it}" for it in ("nameAsPrinted", "acronym", "expansion")),
    }
)
_IN_SCHEME: Final = f"{PREFIXES['skos']}inScheme"


@dataclass(frozen=True)
class FoundThing:
    """A thing whose name has what was typed."""

    address: str
    is_own: bool
    links: int


class ThingIndex:
    """Things with their names, classes and lists, and how often each is linked."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.names: dict[str, set[str]] = defaultdict(set)
        self.classes: dict[str, set[str]] = defaultdict(set)
        self.schemes: dict[str, set[str]] = defaultdict(set)
        self.links: Counter[str] = Counter()
        for quad in quads:
            if isinstance(quad.subject, NamedNode):
                self._add(quad.subject.value, quad.predicate.value, quad.object)

    @classmethod
    def of_reading(cls, reading: DocumentReading) -> ThingIndex:
        """Return the things that a reading speaks of."""
        found = cls(())
        for entry in reading.entries.values():
            for subject, said in ((entry.address, entry.says), *entry.facts.items()):
                for name, values in said.items():
                    for value in values:
                        found._add(subject, name, value)
        return found

    def _add(self, subject: str, name: str, value: object) -> None:
        if kind_of_iri(subject) in _BOOKKEEPING:
            return
        if isinstance(value, Literal):
            if name in _NAMES:
                self.names[subject].add(folded(value.value))
        elif isinstance(value, NamedNode):
            if name == TYPE:
                self.classes[subject].add(value.value)
            elif name == _IN_SCHEME:
                self.schemes[subject].add(value.value)
            elif value.value.startswith(ID) and kind_of_iri(value.value) not in _BOOKKEEPING:
                self.links[subject] += 1
                self.links[value.value] += 1


def found_things(
    typed: str, own: ThingIndex, others: ThingIndex, fits: Mapping[str, bool] | None = None
) -> list[FoundThing]:
    """Return the things whose names have what was typed, the likeliest first.

    Those that fit come before those that do not.
    """
    wanted = folded(typed).strip()
    found: dict[str, tuple[int, bool]] = {}
    for index, is_own in ((own, True), (others, False)):
        for address, names in index.names.items():
            rank = _rank(wanted, names)
            if rank is not None and address not in found:
                found[address] = rank, is_own
    for address in own.links:
        if address in found and address in others.names:
            found[address] = found[address][0], True
    every = [
        FoundThing(address, is_own, own.links[address] + others.links[address])
        for address, (_, is_own) in found.items()
    ]
    return sorted(
        every,
        key=lambda it: (
            not (fits is None or fits.get(it.address, True)),
            not it.is_own,
            found[it.address][0],
            -it.links,
            it.address,
        ),
    )


def _rank(wanted: str, names: Iterable[str]) -> int | None:
    """Return how well names begin with what was typed, 0 for best; None where they lack it."""
    ranks = [*_ranks(wanted, names)]
    return min(ranks, default=None)


def _ranks(wanted: str, names: Iterable[str]) -> Iterator[int]:
    for name in names:
        if not wanted or name == wanted:
            yield 0
        elif name.startswith(wanted):
            yield 1
        elif f" {wanted}" in name.replace("-", " ").replace("'", " "):
            yield 2
        elif wanted in name:
            yield 3
