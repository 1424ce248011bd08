"""Where a line ends and its sentence goes on: told by how full lines are, and how they begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.matching.words import folded

_FULL: Final = 0.7
"""A line goes on in the next where it has this share of the longest line of its paragraph."""
_SHORTEST_FULL: Final = 24
_FEW: Final = 3
_NARROW: Final = 0.6
"""So few lines that are so much narrower than the text's longest are no wrapped sentence, where
the next one begins with a capital."""
_ROW: Final = re.compile(r"(?=[^\n]*\d)[^\n]*?\s[-–—|]\s")
"""A line with a figure and a dash between spaces: where two follow, they are rows of a list."""
_LABELLED: Final = re.compile(r"\s*[^\W\d_a-zà-ÿ][^\n:.]{1,30}?\s?:\s")
"""« Trésorière : X »: two lines that begin so are rows, too."""
_ITEM: Final = re.compile(
    r"\s*(?:[•*·>–—-]\s|(?:Lundi|Mardi|Mercredi|Jeudi|Vendredi|Samedi|Dimanche"
    r"|Lun\.|Mar\.|Mer\.|Jeu\.|Ven\.|Sam\.|Dim\.)\s)"
)
"""What begins an item: no sentence has a weekday with a capital in its midst."""
_HEAD: Final = 600
"""A text that is no longer has no masthead."""


def wrapped_line_ends(text: str, paragraphs: Sequence[tuple[int, int]]) -> frozenset[int]:
    """Return the places of the line ends of a text over which a sentence goes on."""
    found = set()
    width, head = max(map(len, text.split("\n"))), _masthead(text)
    for start, end in paragraphs:
        lines = text[start:end].split("\n")
        longest = max(map(len, lines))
        is_narrow = len(lines) <= _FEW and longest < _NARROW * width
        place = start
        for line, following in pairwise(lines):
            place += len(line)
            is_full = len(line.rstrip()) >= max(_SHORTEST_FULL, _FULL * longest)
            is_own = is_narrow and following.lstrip()[:1].isupper()
            is_own = is_own or _begins_item(line, following)
            if place > head and not is_own and (is_full or _breaks_off(line)):
                found.add(place)
            place += 1
    return frozenset(found)


def _masthead(text: str) -> int:
    """Return where the first two lines end: titles, place and date, not one sentence."""
    lines = [it.end() for it in re.finditer(r"[^\n]*\S[^\n]*(?:\n|$)", text[:_HEAD])]
    return ([0, *lines[:2]])[-1] if len(text) > _HEAD else 0


def _breaks_off(line: str) -> bool:
    """Return whether a line ends with a word after which more must come: « du réseau »."""
    last = folded(line.rstrip().rpartition(" ")[2])
    return line.rstrip()[-1:].islower() and last in words("breaking")


def _begins_item(line: str, following: str) -> bool:
    """Return whether a line is no continuation of the one before: an item, a row of a list."""
    rows = any(it.match(line) and it.match(following) for it in (_ROW, _LABELLED))
    return rows or bool(_ITEM.match(following))
