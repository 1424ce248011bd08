"""The paragraphs, sentences and quotations of a text, as spans of code points."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

PARAGRAPH: Final = re.compile(r"\n[ \t]*\n\s*")
SENTENCE: Final = re.compile(
    r"(?<=[^\W\d_]{2}[.!?…])[»”\"*)]*\s+(?=[«“\"*–—\[(\s]*[^\W\d_a-zà-ÿ])|(?<=[!?…»])\s*\n\s*"
)
_DEEPEST: Final = 8
"""So many quotation marks may be open at once."""
_PAIRS: Final = {"«": "»", "“": "”", "„": "“"}


def parted(text: str, start: int, end: int, border: re.Pattern[str]) -> tuple[tuple[int, int], ...]:
    """Return the spans between the borders in a part of a text, but for empty ones."""
    found, first = [], start
    for cut in border.finditer(text, start, end):
        if text[first : cut.start()].strip():
            found.append((first, cut.start()))
        first = cut.end()
    if text[first:end].strip():
        found.append((first, end))
    return tuple(found)


def span_at(spans: Sequence[tuple[int, int]], place: int) -> tuple[int, int]:
    """Return the span in which a place lies, or the last one before it."""
    number = bisect_right(spans, (place, 1 << 60)) - 1
    return spans[max(number, 0)] if spans else (0, 0)


def quoted_spans(text: str) -> list[tuple[int, int]]:
    """Return what stands between quotation marks that belong together, within a paragraph."""
    found: list[tuple[int, int]] = []
    for start, end in parted(text, 0, len(text), PARAGRAPH):
        open_marks: list[tuple[str, int]] = []
        for place in range(start, end):
            sign = text[place]
            closes = next(
                (n for n in range(len(open_marks) - 1, -1, -1) if open_marks[n][0] == sign), None
            )
            if closes is not None:
                found.append(_trimmed(text, open_marks[closes][1], place))
                del open_marks[closes:]
            elif sign in _PAIRS:
                del open_marks[:-_DEEPEST]
                open_marks.append((_PAIRS[sign], place + 1))
            elif sign == '"':
                open_marks.append(('"', place + 1))
    return [span for span in found if span[0] < span[1]]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without space and marks of emphasis at its ends."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip(" \t\n\xa0\u202f*_"))
    return start + left, end - (len(inner) - len(inner.rstrip(" \t\n\xa0\u202f*_")))
