"""Letters whose names, dates, figures and quotations are marked in their text, and how they score.

``{P:…}`` is a person, ``{O:…}`` an organisation, ``{L:…}`` a place, ``{D:…}`` a date or time,
``{Q:…}`` what is said, ``{F:…}`` a figure, ``{S:…}`` a stage, ``{E:…}`` another event,
``{I:…}`` an innovation, ``{K:…}`` a theme, ``{T}`` a telephone number; marks may lie in each other.
After a line ``%%`` come relations, ``subject | property | object``, and who said what:
``first words | said | X``. ``bench/proposals.py`` reads other letters that are marked so.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "P": "person",
    "O": "organisation",
    "L": "place",
    "D": "date",
    "Q": "quotation",
    "F": "figure",
    "S": "stage",
    "E": "event",
    "I": "innovation",
    "K": "theme",
}
TELEPHONE = " ".join(("01", "99", "00", "31", "08"))
"""Of a range that is reserved for fiction; no file holds a number as such."""
_MARK = re.compile(r"\{([POLDQFSEIK]):|\}")

Marked = tuple[str, int, int]
"""A kind, with where its words begin and end."""

Related = tuple[str, ...]
"""What a relation is between, in words of the text: subject, property, object."""


@dataclass(frozen=True)
class Score:
    """How many were proposed and wanted, how many of each touch or are one of the other."""

    proposed: int
    wanted: int
    right: int
    found: int
    exact: int

    @property
    def precision(self) -> float:
        """The share of what was proposed that touches something wanted."""
        return self.right / max(1, self.proposed)

    @property
    def recall(self) -> float:
        """The share of what is wanted that something proposed touches."""
        return self.found / max(1, self.wanted)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.proposed + other.proposed,
            self.wanted + other.wanted,
            self.right + other.right,
            self.found + other.found,
            self.exact + other.exact,
        )


def read(path: Path) -> tuple[str, list[Marked]]:
    """Return the text of a letter without its marks, and what they mark."""
    return unmarked(path.read_text("utf-8").split("\n%%\n")[0])


def related(path: Path) -> set[Related]:
    """Return the relations that a letter lists at its end."""
    _, _, listed = path.read_text("utf-8").partition("\n%%\n")
    return {tuple(map(str.strip, it.split("|"))) for it in listed.splitlines()}


def unmarked(marked: str) -> tuple[str, list[Marked]]:
    """Return a text without its marks, and what they mark."""
    marked = marked.replace("{T}", TELEPHONE)
    text, found, open_marks, place = "", [], [], 0
    for mark in _MARK.finditer(marked):
        text += marked[place : mark.start()]
        place = mark.end()
        if mark[1]:
            open_marks.append((KINDS[mark[1]], len(text)))
        else:
            kind, start = open_marks.pop()
            found.append((kind, start, len(text)))
    assert not open_marks, marked
    return text + marked[place:], sorted(found)


def score(kind: str, proposed: Iterable[Marked], wanted: Iterable[Marked]) -> Score:
    """Return how what was proposed of a kind fits what is wanted."""
    ours = {(start, end) for it, start, end in proposed if it == kind}
    theirs = {(start, end) for it, start, end in wanted if it == kind}
    return Score(
        len(ours),
        len(theirs),
        sum(_touches(it, theirs) for it in ours),
        sum(_touches(it, ours) for it in theirs),
        len(ours & theirs),
    )


def score_related(proposed: Iterable[Related], wanted: Iterable[Related]) -> Score:
    """Return how proposed relations fit: each end is named, maybe with more words or fewer."""
    ours, theirs = {*map(_flat, proposed)}, {*map(_flat, wanted)}
    same = {(one, two) for one in ours for two in theirs if _are_same(one, two)}
    right, found = len({one for one, _ in same}), len({two for _, two in same})
    return Score(len(ours), len(theirs), right, found, len(ours & theirs))


def _flat(related: Related) -> Related:
    return tuple(" ".join(it.replace("’", "'").casefold().split()) for it in related)


def _are_same(one: Related, other: Related) -> bool:
    ends = zip(one[::2], other[::2], strict=True)
    return one[1] == other[1] and all(it in that or that in it for it, that in ends)


def _touches(span: tuple[int, int], others: Iterable[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
