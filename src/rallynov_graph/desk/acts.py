"""What a reader of a document does: each act says what is true of the reading from then on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.desk.short_terms import Value
from rallynov_graph.desk.words import ActFault

_DIGITS: Final = 6
_SELECTION: Final = re.compile(r"(\d+)-(\d+)(?::([0-9a-f]+))?(?:@(\S+))?")

Says = Mapping[str, Sequence[Value] | None]
"""Values by the address of a property; None goes back to what is implied."""


def digest_of(words: str) -> str:
    """Return what tells selected words from others, and not what they are."""
    return hashlib.sha256(words.encode()).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class TextSelection:
    """Words of the text: their positions in code points, and their digest where it is known."""

    start: int
    end: int
    digest: str = ""
    name: str = ""
    """What the passage is called in its address, where that is not by its positions."""

    def __str__(self) -> str:
        digest = f":{self.digest}" if self.digest else ""
        return f"{self.start}-{self.end}{digest}{f'@{self.name}' if self.name else ''}"

    @property
    def slug(self) -> str:
        """The last part of the passage's address, without the document's name."""
        return self.name or f"{self.start}-{self.end}"

    @property
    def span(self) -> tuple[int, int]:
        """Start and end."""
        return self.start, self.end

    def is_of(self, text: str) -> bool:
        """Whether a text has these words at this place; unknown words are taken for the same."""
        return self.end <= len(text) and (
            not self.digest or digest_of(text[self.start : self.end]) == self.digest
        )

    @classmethod
    def read(cls, written: str) -> TextSelection:
        """Return what is written in short; raise ValueError where it is no selection."""
        found = _SELECTION.fullmatch(written)
        if found is None or int(found[1]) >= int(found[2]):
            raise ActFault("selection", written=written)
        return cls(int(found[1]), int(found[2]), found[3] or "", found[4] or "")


@dataclass(frozen=True)
class Kind:
    """What an entry may be: how its address begins, its class."""

    address: str
    iri: str


KINDS: Final[Mapping[str, Kind]] = {
    "graph": Kind("graph", f"{RN}CurationGraph"),
    "extraction": Kind("extraction", f"{RN}Extraction"),
    "part": Kind("part", f"{RN}DocumentPart"),
    "passage": Kind("passage", f"{RN}Passage"),
    "set": Kind("assertion-set", f"{RN}AssertionSet"),
    "question": Kind("question", f"{RN}OpenQuestion"),
    "reading": Kind("reading", f"{RN}Reading"),
    "term": Kind("", f"{PREFIXES['skos']}Concept"),
    "thing": Kind("", ""),
}
"""The kinds of entries by the key that names one; ``thing`` is any other."""


@dataclass(frozen=True)
class DocumentText:
    """What was read: a text of a document, and in which languages the reading is written down."""

    document: str
    extraction: str
    sha256: str
    length: int
    languages: tuple[str, ...]
    called: Mapping[str, str] = field(default_factory=dict)
    """The short name of the document by language, as names of passages have it."""


@dataclass(frozen=True)
class Opened:
    """A file of decisions begins, or its document is read in another text from here on."""

    text: DocumentText
    reader: str = ""
    settles: tuple[str, ...] = ()
    """The names of the files that it settles, the one that it goes on from first."""


@dataclass(frozen=True)
class Stated:
    """What is said of something; what an earlier act says of it and this one does not, stays."""

    kind: str
    address: str
    graph: str = ""
    """The graph that describes it; empty for the first one."""
    words: tuple[TextSelection, ...] | None = None
    says: Says = field(default_factory=dict)
    facts: Mapping[str, Says] = field(default_factory=dict)
    """By subject: what a set states."""
    file: str = ""
    """Of a graph: the name of its file."""
    head: str | None = None
    """Of a graph: the remark at its file's head."""
    proposer: str = ""
    """Who proposed what is accepted here."""
    is_changed: bool = False
    """Whether it was proposed otherwise."""


@dataclass(frozen=True)
class Dropped:
    """Something is not stated any more."""

    address: str
    graph: str = ""


@dataclass(frozen=True)
class RefusedProposal:
    """A proposal is not taken. Of a contact, the words have no digest."""

    kind: str
    words: tuple[TextSelection, ...]
    proposer: str


@dataclass(frozen=True)
class Undone:
    """The act on a line does not count; undone itself, that act counts again."""

    line: int


@dataclass(frozen=True)
class FilesSeen:
    """Files of the data hold what the acts above say: digests by name, empty for one that went."""

    digests: Mapping[str, str]


@dataclass(frozen=True)
class Settled:
    """A difference between two readings is decided: whose reading is taken."""

    difference: str
    taken: str


Act = Opened | Stated | Dropped | RefusedProposal | Undone | FilesSeen | Settled


@dataclass(frozen=True)
class Recorded:
    """An act with its place in the file, and when it was done."""

    line: int
    at: str
    act: Act
    begins: bool = field(default=False, compare=False)
    """Whether it is the first of what was done together."""


def counting(acts: Iterable[Recorded]) -> list[Recorded]:
    """Return the acts that count: without those undone, and without the undoing."""
    every = list(acts)
    undone: set[int] = set()
    for it in reversed(every):
        if isinstance(it.act, Undone) and it.line not in undone:
            undone.add(it.act.line)
    return [it for it in every if it.line not in undone and not isinstance(it.act, Undone)]
