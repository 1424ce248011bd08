"""Place the names of a drawing: the most important first, without overlaps."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_WIDTHS: Final = {
    0.22: "',.:;",
    0.26: "`|’ijl",
    0.31: ' !"()\u00a0\u202f',
    0.34: "f[t",
    0.38: "]{}r-_",
    0.42: "/I\\1·",
    0.49: "yvzs?x*ck",
    0.53: "–7Ja",
    0.57: "Leu2<>F^hnoTdg~«»Ebpq",
    0.62: "3Y5$PSV694+BRZ8X",
    0.71: "=AK0#CD…wGHNU",
    0.78: "OQ&@",
    0.87: "mM—Wæ",
    1.02: "%œŒÆ",
}
"""Atkinson Hyperlegible Next, as measured in a browser: the letters of each width, in ems."""
_OF_LETTER: Final = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER: Final = 0.8
_WIDE: Final = 1.1
_MARGIN: Final = 1.04


def text_width(text: str, size: float) -> float:
    """Return the most pixels that a text takes in letters of this size."""
    return sum(map(_letter, unicodedata.normalize("NFD", text))) * size * _MARGIN


def _letter(letter: str) -> float:
    if (known := _OF_LETTER.get(letter)) is not None:
        return known
    if unicodedata.combining(letter):
        return 0.0
    return _WIDE if unicodedata.east_asian_width(letter) in "WF" else _OTHER


LETTERS: Final = 12
"""The size of the letters of names, in pixels."""
LINE: Final = 15
LONGEST: Final = 26
"""How many characters of a name are drawn."""
_GAP: Final = 3
_ASCENT: Final = 11.5
_CELL: Final = 60


@dataclass(frozen=True)
class Box:
    """A rectangle that something takes."""

    left: float
    top: float
    right: float
    bottom: float

    def moved(self, x: float, y: float) -> Box:
        """Return it as far to the right and down."""
        return Box(self.left + x, self.top + y, self.right + x, self.bottom + y)

    def meets(self, other: Box) -> bool:
        """Return whether both have some room in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


@dataclass(frozen=True)
class NamePlace:
    """A name, perhaps cut, in the middle of the line that begins at a point."""

    text: str
    x: int
    y: int
    """The position of the baseline."""


class Room:
    """The free space of a drawing."""

    def __init__(self, width: int, height: int) -> None:
        self._whole = Box(0, 0, width, height)
        self._boxes: defaultdict[tuple[int, int], list[Box]] = defaultdict(list)

    def take(self, box: Box) -> None:
        """Let nothing else have this room."""
        for cell in _cells(box):
            self._boxes[cell].append(box)

    def has(self, box: Box) -> bool:
        whole = self._whole
        return (
            box.left >= whole.left
            and box.right <= whole.right
            and box.top >= whole.top
            and box.bottom <= whole.bottom
            and not any(box.meets(taken) for cell in _cells(box) for taken in self._boxes[cell])
        )


def _cells(box: Box) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // _CELL), int(box.right // _CELL) + 1):
        for row in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1):
            yield column, row


def shortened(name: str, longest: int = LONGEST) -> str:
    """Return a name on one line, truncated to a number of characters."""
    name = " ".join(name.split())
    return name if len(name) <= longest else name[: longest - 1].rstrip() + "…"


def place_name(room: Room, text: str, x: int, y: int, radius: int) -> NamePlace | None:
    """Return the place of a name beside a sign, and reserve it; None if there is no space.

    It is below, else to the right, to the left or above.
    """
    text = shortened(text)
    half = text_width(text, LETTERS) / 2
    beside = radius * 4 / 3 + _GAP + half
    for middle, top in (
        (x, y + radius + _GAP),
        (x + beside, y - LINE / 2),
        (x - beside, y - LINE / 2),
        (x, y - radius - _GAP - LINE),
    ):
        box = Box(middle - half, top, middle + half, top + LINE)
        if room.has(box):
            room.take(box)
            return NamePlace(text, round(middle), round(top + _ASCENT))
    return None
