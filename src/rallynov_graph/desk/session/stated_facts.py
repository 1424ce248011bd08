"""The facts of a reading, one by one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES, kind_of_iri
from rallynov_graph.desk.document_reading import Entry
from rallynov_graph.desk.session.lists_of_terms import IN_SCHEME
from rallynov_graph.desk.short_terms import TYPE, Value

LABEL: Final = f"{PREFIXES['rdfs']}label"
TOP: Final = f"{PREFIXES['skos']}topConceptOf"
_WITH_TEXTS: Final = ("thing", "term", "part")
_OF_NAMES: Final = frozenset({LABEL, TYPE, IN_SCHEME, TOP, f"{PREFIXES['skos']}prefLabel"})
_DIGITS: Final = 10


@dataclass(frozen=True)
class StatedFact:
    """A fact of a reading, and the set that states it."""

    entry: Entry
    subject: str
    name: str
    """The address of its property."""
    value: Value

    @property
    def id(self) -> str:
        """What tells it from the others."""
        said = f"{self.entry.address} {self.subject} {self.name} {self.value}"
        return hashlib.sha256(said.encode()).hexdigest()[:_DIGITS]


def facts_of(entry: Entry) -> Iterator[StatedFact]:
    """Yield the facts that a set states, or what its curators say of a thing beside its name."""
    for subject, said in entry.facts.items():
        for name, values in said.items():
            yield from (StatedFact(entry, subject, name, value) for value in values)
    if entry.kind in _WITH_TEXTS and kind_of_iri(entry.address):
        for name, values in entry.says.items():
            if name not in _OF_NAMES:
                yield from (StatedFact(entry, entry.address, name, value) for value in values)


def speaks_of(entry: Entry, address: str) -> bool:
    """Return whether an entry speaks of something, other than as itself."""
    return address in entry.facts or any(
        it.value == address
        for said in (entry.says, *entry.facts.values())
        for values in said.values()
        for it in values
    )
