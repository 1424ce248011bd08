"""A document's text as its readers saw it: emphasis, raised letters and quotations without signs.

The text marks emphasis as Markdown does (``*…*``, ``**…**``) and raised letters as TeX does
(``^{…}``); guillemets enclose what is quoted. A sign that has no other end stays as it is.
Positions are those of the raw text, in Unicode code points.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rallynov_graph.base.languages import NARROW
from rallynov_graph.site.model.passages import private_data

STRONG: Final = "strong"
EMPHASIS: Final = "emphasis"
RAISED: Final = "raised"
QUOTED: Final = "quoted"

PARAGRAPH_END: Final = re.compile(r"\n(?:[^\S\n]*\n)+")
"""Blank lines stand between paragraphs; no style goes over them."""
_INSIDE: Final = r"(?:(?!\n[^\S\n]*\n).)"
_STYLES: Final = (
    (
        STRONG,
        re.compile(rf"\*\*(?=[^\s*])(?P<words>(?:(?!\*\*){_INSIDE})+?)(?<=\S)\*\*", re.DOTALL),
    ),
    (
        EMPHASIS,
        re.compile(
            rf"(?<![*\w])\*(?=[^\s*])(?P<words>(?:(?!\*){_INSIDE})+?)(?<=\S)\*(?![*\w])", re.DOTALL
        ),
    ),
    (RAISED, re.compile(r"\^\{(?P<words>[^{}\n]{1,40})\}")),
)
_QUOTES: Final = re.compile(rf"[«»]|{PARAGRAPH_END.pattern}")
_SPACES: Final = re.compile(
    r"(?<=«)[ \u00a0\u202f]*|[ \u00a0\u202f]+(?=»)|(?<=[^\s«])(?=»)|[ \u00a0](?=[?!;:](?:\s|$))"
)
"""Where French wants a narrow space that does not break."""


@dataclass(frozen=True)
class StyledSpan:
    """Characters that are read in one style, without the signs around them."""

    start: int
    end: int
    style: str


@dataclass(frozen=True)
class _Replacement:
    start: int
    end: int
    words: str


class PrintedText:
    """A text without its signs, what is private in it blanked out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._blanks = private_data.spans(text)
        styled = [*_styled(text)]
        spans = [StyledSpan(*found.span("words"), style) for style, found in styled]
        spans += (StyledSpan(start, end, QUOTED) for start, end in _quotations(text))
        self._spans = sorted(spans, key=lambda span: (span.start, span.end))
        self._starts = [span.start for span in self._spans]
        self._longest = max((span.end - span.start for span in spans), default=0)
        self._replacements = _replacements(text, self._blanks, _signs(styled))
        self._ends = [it.end for it in self._replacements]

    def spans(self, start: int, end: int) -> list[StyledSpan]:
        """Return the spans that have characters between two positions."""
        first = bisect_left(self._starts, start - self._longest)
        last = bisect_left(self._starts, end)
        return [span for span in self._spans[first:last] if span.end > start]

    def words(self, start: int, end: int) -> str:
        """Return the words between two positions.

        What is private is replaced as a whole where it begins.
        """
        pieces, at = [], start
        for index in range(bisect_right(self._ends, start), len(self._replacements)):
            it = self._replacements[index]
            if it.start >= end:
                break
            pieces += [self._text[at : max(at, it.start)], it.words if it.start >= start else ""]
            at = it.end
        pieces.append(self._text[at:end] if at < end else "")
        return "".join(pieces)

    def blank_before(self, position: int) -> str:
        """Return what stands for something private that goes over a position, else nothing."""
        goes_over = any(start < position < end for start, end in self._blanks)
        return private_data.BLANK if goes_over else ""


@lru_cache(maxsize=16)
def printed(text: str) -> PrintedText:
    """Return how a text is read; those of the documents at hand are kept."""
    return PrintedText(text)


def sign_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the signs of emphasis and of raised letters begin and end."""
    return _signs(_styled(text))


def _styled(text: str) -> Iterator[tuple[str, re.Match[str]]]:
    """Yield the matches of each style; their group ``words`` is without the signs."""
    for style, pattern in _STYLES:
        for found in pattern.finditer(text):
            yield style, found


def _signs(styled: Iterable[tuple[str, re.Match[str]]]) -> Iterator[tuple[int, int]]:
    for _, found in styled:
        yield found.start(), found.start("words")
        yield found.end("words"), found.end()


def _quotations(text: str) -> Iterator[tuple[int, int]]:
    """Yield the outermost quotations with their guillemets; one never closed is none."""
    opened: list[int] = []
    for found in _QUOTES.finditer(text):
        if found[0] == "«":
            opened.append(found.start())
        elif found[0] != "»":
            opened.clear()
        elif opened:
            start = opened.pop()
            if not opened:
                yield start, found.end()


def _replacements(
    text: str, blanks: tuple[tuple[int, int], ...], signs: Iterable[tuple[int, int]]
) -> list[_Replacement]:
    """Return what is read otherwise than it is written, in order, none over another."""
    found = [(start, 0, end, private_data.BLANK) for start, end in blanks]
    found += ((start, 1, end, "") for start, end in signs)
    found += ((it.start(), 2, it.end(), NARROW) for it in _SPACES.finditer(text))
    kept: list[_Replacement] = []
    for start, _, end, words in sorted(found):
        if not kept or start >= kept[-1].end:
            kept.append(_Replacement(start, end, words))
    return kept
