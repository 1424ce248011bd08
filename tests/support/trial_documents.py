"""The two invented documents as data: their lists of facts become TriG, a set for each entry.

Document C lies in ``tests/trial`` with its follow-up, C2; document A, which names people of carnet
2, lies beside the repository in the folder that ``RALLYNOV_TRIAL`` names. What the list calls
``inferred-high`` is inferred, ``-medium`` and ``-low`` tentative; what is ambiguous is an open
question; what the text does not plainly assert (``modality``) is a reading that was not taken.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from rallynov_graph.matching.folding import folded

Span = tuple[int, int]
Triple = tuple[str, str, str]
"""Subject, predicate and object as Turtle has them, with ``@base`` at the addresses of things."""
Entry = Mapping[str, Any]

CERTAINTIES: Final = {
    "explicit": "explicit",
    "inferred-high": "inferred",
    "inferred-medium": "tentative",
    "inferred-low": "tentative",
    "ambiguous": "tentative",
}
FRENCH: Final = "<http://publications.europa.eu/resource/authority/language/FRA>"
NEWSLETTER: Final = "<http://vocab.getty.edu/aat/300026652>"
_MONTHS: Final = (
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
)


@dataclass(frozen=True)
class Statement:
    """What an entry of the list states: facts that the same words carry."""

    entry: str
    """The entry's address in the list: its section and its id."""
    facts: tuple[Triple, ...]
    spans: tuple[Span, ...]
    certainty: str = "explicit"
    voice: str = ""
    """Who speaks, where it is not the document."""
    reason: str = ""

    @property
    def slug(self) -> str:
        """The last part of the address of its set, without the document's name."""
        return folded_slug(self.entry)


@dataclass(frozen=True)
class Question:
    """What the document leaves open."""

    entry: str
    about: tuple[str, ...]
    label: str
    readings: tuple[str, ...]
    spans: tuple[Span, ...]
    not_taken: tuple[tuple[int, Statement], ...] = ()
    """Statements that are a reading's own, with the number of the reading."""


@dataclass
class Document:
    """A document as its list has it: what it states, and the things that it speaks of."""

    name: str
    """``A``, ``C``, or ``C2``, which follows ``C``."""
    slug: str
    text: str
    entries: Entry
    known: Container[str] = ()
    """The addresses that other files describe."""
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The label of each thing; in two languages for what is no proper name."""
    terms: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Terms of lists: their scheme and their label."""
    summaries: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    """What kind of place each is."""
    statements: list[Statement] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    addresses: dict[str, str] = field(default_factory=dict)
    """The address of each id of the list."""
    gave_way: dict[str, str] = field(default_factory=dict)
    """Entries that the document itself takes back, with the entry that took their place."""
    not_taken: list[str] = field(default_factory=list)
    """Entries that contradict an earlier document, whose value curators keep."""
    left_out: dict[str, str] = field(default_factory=dict)
    """Entries that state no fact, with the reason."""

    def words(self, span: Span) -> str:
        """Return the words of a span, with one space for a line end."""
        return " ".join(self.text[slice(*span)].split())

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


def folded_slug(text: str) -> str:
    """Return the last part of an address for a name."""
    return re.sub(r"[^a-z0-9]+", "-", folded(text)).strip("-")


def certainty(entry: Entry, key: str = "certainty", default: str = "explicit") -> str:
    """Return the certainty of an entry, in our words."""
    return CERTAINTIES[entry.get(key, default)]


def spans(entry: Entry) -> tuple[Span, ...]:
    """Return the spans that an entry names, whatever it calls them."""
    found: list[Span] = []
    for key in ("span", "mention", "heading_span"):
        if key in entry:
            found.append(tuple(entry[key]))
    for key in ("spans", "mentions"):
        found += [tuple(one) for one in entry.get(key, ()) if not isinstance(one, str)]
    return tuple(dict.fromkeys(found))


def quoted(text: str, language: str = "") -> str:
    """Return a text as Turtle has it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"@{language}' if language else f'"{escaped}"'
