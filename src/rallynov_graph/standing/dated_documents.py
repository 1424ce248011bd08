"""The sets whose statements may be superseded, and the documents that state them."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Literal, Quad

from rallynov_graph.base.certainty import CERTAINTIES, certainty_of, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.identity.decisions import iri_of

_VOICE: Final = f"{RN}voice"
_CERTAINTY: Final = f"{RN}certainty"
_PART_OF: Final = f"{PREFIXES['dcterms']}isPartOf"
_DIGITS: Final = re.compile(r"\d+")

ISSUED: Final = f"{PREFIXES['dcterms']}issued"
NUMBER: Final = f"{PREFIXES['schema']}issueNumber"


@dataclass
class Document:
    """A document's date of publication, and its number in its series."""

    issued: set[str] = field(default_factory=set)
    numbers: set[int] = field(default_factory=set)
    series: set[str] = field(default_factory=set)

    def is_later_than(self, other: Document) -> bool:
        """Whether it certainly appeared later: by its date, else by its number."""
        if not self.issued or not other.issued:
            return False
        first, last = min(self.issued), max(other.issued)
        length = min(len(first), len(last))
        if first[:length] != last[:length]:
            return first > last
        of_one_series = not self.series.isdisjoint(other.series)
        numbered = bool(self.numbers and other.numbers)
        return of_one_series and numbered and min(self.numbers) > max(other.numbers)

    @property
    def order(self) -> tuple[str, int]:
        """Return a sort key that puts later documents last, where the order is certain."""
        return min(self.issued, default=""), min(self.numbers, default=0)


@dataclass
class Sources:
    """The documents, and the voice and certainty of the relevant sets."""

    documents: dict[str, Document] = field(default_factory=dict)
    voices: dict[str, str] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)

    def add_document(self, quad: Quad) -> None:
        """Add a statement about when a document appeared."""
        prop, value = quad.predicate.value, quad.object
        if prop not in (ISSUED, NUMBER) or not isinstance(value, Literal):
            return
        document = self.documents.setdefault(iri_of(quad.subject), Document())
        if prop == ISSUED:
            document.issued.add(value.value)
        elif digits := _DIGITS.search(value.value):
            document.numbers.add(int(digits[0]))

    def add_set(self, quad: Quad, sets: Set[str]) -> None:
        """Add a statement about one of these sets, or about a document's series."""
        prop, subject, value = quad.predicate.value, iri_of(quad.subject), iri_of(quad.object)
        if prop == _PART_OF and subject in self.documents:
            self.documents[subject].series.add(value)
        elif prop == _VOICE and subject in sets:
            self.voices[subject] = value
        elif prop == _CERTAINTY and subject in sets and (name := certainty_of(value)):
            rank = rank_of(name)
            self.ranks[subject] = max(rank, self.ranks.get(subject, rank))

    def document_of(self, named_set: str) -> str | None:
        """Return the document whose voice a set has; None if it is somebody else's."""
        voice = self.voices.get(named_set)
        return voice if voice in self.documents else None

    def rank(self, named_set: str) -> int:
        """Return the rank of a set, 0 for the surest; without a certainty, it is the least sure."""
        return self.ranks.get(named_set, len(CERTAINTIES))
