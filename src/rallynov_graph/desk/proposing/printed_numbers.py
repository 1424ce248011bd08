"""Numbers as French prints them: in digits with spaces, or in words."""

from __future__ import annotations

import re
from typing import Final

from rallynov_graph.desk.proposing.word_lists import phrases, words
from rallynov_graph.matching.words import folded

_UNITS: Final = phrases("numbers")[0].split()
_TENS: Final = phrases("tens")[0].split()
_COUNTED: Final = ("une", *_UNITS[2:], "dix-sept", "dix-huit", "dix-neuf")
WORDS: Final = (
    r"(?:(?:"
    + "|".join(
        sorted(
            (*_COUNTED, *_TENS, "quatre-vingts?", "cents?", "mille", "un"), key=len, reverse=True
        )
    )
    + r")(?:(?:-| et |-et-|[ \xa0])(?=(?:"
    + "|".join(
        sorted(
            (*_COUNTED, *_TENS, "quatre-vingts?", "cents?", "mille", "un"), key=len, reverse=True
        )
    )
    + r")\b))?){1,6}"
)
"""A number in words, « vingt-deux », « trois cent dix »; also « un » and « une »."""
DIGITS: Final = (
    r"\d{1,3}(?:[ \xa0\u202f.]\d{3})+(?:,\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+(?:,\d+)?"
)
"""As French prints them, or English: what a point or comma means follows from the language."""
_VALUES: Final = (
    {folded(word): value for value, word in enumerate(_UNITS)}
    | {folded(word): 20 + 10 * value for value, word in enumerate(_TENS)}
    | {"une": 1, "cent": 100, "cents": 100, "mille": 1000}
)


def value_of(text: str, *, is_english: bool = False) -> str:
    """Return the value of a printed number in digits, with a point; empty where it is unclear."""
    if text[:1].isdigit() and is_english:
        return re.sub(r"[ \xa0\u202f,]", "", text)
    if text[:1].isdigit():
        # A point before other than three digits groups nothing, in French either.
        grouped = re.sub(r"[ \xa0\u202f]|\.(?=\d{3}(?!\d))", "", text)
        return grouped.replace(",", ".") if grouped.count(",") + grouped.count(".") < 2 else ""
    total, part = 0, 0
    plain = folded(text).replace("quatre-vingts", "quatre-vingt")
    for word in re.split(r"[-\s]+", plain.replace("quatre-vingt", "80")):
        if word == "80":
            part += 80
        elif word == "et":
            continue
        elif word not in _VALUES:
            return ""
        elif _VALUES[word] == 100:
            part = max(part, 1) * 100
        elif _VALUES[word] == 1000:
            total, part = total + max(part, 1) * 1000, 0
        else:
            part += _VALUES[word]
    return str(total + part)


def is_month(word: str) -> bool:
    """Return whether a word is the name of a month."""
    return folded(word) in words("months")
