"""A proposal: words of a text that may name or state something, and why."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from rallynov_graph.desk.words import Remark

KINDS: Final = (
    *("person", "organisation", "place", "date", "figure", "quotation"),
    *("theme", "stage", "event", "innovation", "relation", "contact"),
)
NAME_KINDS: Final = ("person", "organisation", "place")
"""The kinds that one name has one of: what speaks for them is weighed against each other."""

_DIGITS: Final = 6
_FEWEST: Final = 4
"""So many decisions say something of a reason."""
_MANY: Final = 10
"""The number of decisions after which a reason is dropped, if at most one in ten accepted it."""


@dataclass(frozen=True)
class Why(Remark):
    """Why something is proposed, in French and English."""

    cue: str = ""
    """The name of the reason among those of ``cues.toml``."""


@dataclass(frozen=True)
class DecidedBefore:
    """How often proposals for a reason were accepted and refused in a folder."""

    accepted: int = 0
    refused: int = 0

    @property
    def factor(self) -> float:
        """The factor for the weight of the reason; 1 after too few decisions."""
        every = self.accepted + self.refused
        return 1.0 if every < _FEWEST else 2 * (self.accepted + 1) / (every + 2)

    @property
    def is_withheld(self) -> bool:
        """Whether the reason was refused so often that it no longer suffices alone."""
        every = self.accepted + self.refused
        return every >= _MANY and self.accepted * _MANY <= every


@dataclass(frozen=True)
class Candidate:
    """A possible meaning of words: a known thing, by its address, a value, or a new name."""

    label: str = ""
    iri: str = ""
    value: str = ""
    datatype: str = ""
    """The address of the value's type."""
    inferred: str = ""
    """The part of the value that is not printed."""


@dataclass(frozen=True)
class Party:
    """An end of a relation: words of the text, and the thing that they name."""

    start: int
    end: int
    label: str
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """Words from start to end, in code points, with a proposed kind; a person decides."""

    kind: str
    start: int
    end: int
    why: Why
    proposer: str = ""
    candidates: tuple[Candidate, ...] = ()
    weight: float = 1.0
    """Its weight; the weights for one name are added up, and the highest sum wins."""
    label: str = ""
    """The name, if it differs from the words."""
    subject: Party | None = None
    property: str = ""
    object: Party | None = None

    @cached_property
    def name(self) -> str:
        """Its reason, and digits of its content: ``places/waterside/3fa1b2``."""
        what: tuple[object, ...] = (self.kind, self.start, self.end, self.label)
        if self.subject:
            what += (self.subject.label, self.property, self.object and self.object.label)
        return f"{self.reason}/{hashlib.sha256(repr(what).encode()).hexdigest()[:_DIGITS]}"

    @cached_property
    def reason(self) -> str:
        """Its proposer and its strongest reason, by which decisions are counted."""
        return "/".join(filter(None, (self.proposer, self.why.cue)))

    @cached_property
    def id(self) -> str:
        return self.name.rpartition("/")[2]

    def overlaps(self, other: Proposal) -> bool:
        """Return whether both have a character in common."""
        return self.start < other.end and other.start < self.end

    def holds(self, other: Proposal) -> bool:
        """Return whether the other one is within this one, and is shorter."""
        inside = self.start <= other.start and other.end <= self.end
        return inside and (self.start, self.end) != (other.start, other.end)
