"""How wide a text is in the letters of drawings: a little more than a browser needs for it."""

from __future__ import annotations

import unicodedata
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
