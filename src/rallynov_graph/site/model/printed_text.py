"""A document's text for readers, and for searching, without its private data.

The text marks emphasis as Markdown does (``*…*``, ``**…**``) and raised letters as TeX does
(``^{…}``); guillemets enclose quotations. An unmatched mark stays. Positions are those of the raw
text, in Unicode code points.

A searchable text has as many characters as its document: private data and marks are replaced by
characters that are not part of words.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

from rallynov_graph.base.languages import NARROW
from rallynov_graph.search.text_index import TextIndex


@dataclass(frozen=True)
class Position:
    """The first character of a passage and the one after its last, counted from 0."""

    start: int
    end: int


BLANK: Final = "[…]"
"""The text that replaces each of them."""

_GAP: Final = r"[\s.\-/\u00a0\u202f]{0,2}"
_FRENCH: Final = (
    rf"(?:\+\d\d|00\d\d|0){_GAP}(?:\(0\){_GAP})?[1-9](?:{_GAP}\d\d){{4}}"  # 0A BC DE FG HI
)
_INTERNATIONAL: Final = rf"\+\d(?:{_GAP}[()]?\d[()]?){{7,13}}"
_IN_THREES: Final = r"0[89]\d\d[\s.\-\u00a0\u202f]?\d{3}[\s.\-\u00a0\u202f]?\d{3}"
_E_MAIL: Final = (
    r"[\w.%+\-]+(?:[ ]?[@＠][ ]?|[ ]?[(\[](?:at|arobase)[)\]][ ]?)[\w\-]+(?:\.[\w\-]+)*\.[a-z]{2,}"
)
_DAY: Final = r"(?:0[1-9]|[12]\d|3[01])[./\-](?:0[1-9]|1[0-2])[./\-](?:19|20)\d\d(?!\d)"
_PRIVATE_DATA: Final = re.compile(
    rf"(?<![\w+])(?!{_DAY})(?:{_FRENCH}|{_INTERNATIONAL}|{_IN_THREES})(?!\d)|{_E_MAIL}",
    re.IGNORECASE,
)


def private_spans(text: str) -> tuple[tuple[int, int], ...]:
    """Return the first character of each and the one after its last."""
    return tuple(found.span() for found in _PRIVATE_DATA.finditer(text))


STRONG: Final = "strong"
EMPHASIS: Final = "emphasis"
RAISED: Final = "raised"
QUOTED: Final = "quoted"

PARAGRAPH_END: Final = re.compile(r"\n(?:[^\S\n]*\n)+")
"""Blank lines are between paragraphs; no style goes over them."""
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
"""The places of narrow no-break spaces in French."""


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
        self._blanks = private_spans(text)
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

        Private data are replaced as a whole where they begin.
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
        """Return the replacement of private text that spans a position; empty if there is none."""
        goes_over = any(start < position < end for start, end in self._blanks)
        return BLANK if goes_over else ""


@lru_cache(maxsize=16)
def printed(text: str) -> PrintedText:
    """Return how a text is read; those of the documents at hand are kept."""
    return PrintedText(text)


def sign_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the beginning and end of the marks of emphasis and raised letters."""
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
    """Yield the outermost quotations with their guillemets, without unclosed ones."""
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
    """Return the replacements in order, without overlaps."""
    found = [(start, 0, end, BLANK) for start, end in blanks]
    found += ((start, 1, end, "") for start, end in signs)
    found += ((it.start(), 2, it.end(), NARROW) for it in _SPACES.finditer(text))
    kept: list[_Replacement] = []
    for start, _, end, words in sorted(found):
        if not kept or start >= kept[-1].end:
            kept.append(_Replacement(start, end, words))
    return kept


@dataclass(frozen=True)
class Segment:
    """A run of text that is in the same passages from end to end, and is read in one style."""

    text: str
    passages: tuple[Position, ...] = ()
    """The passages that contain it, the shortest first; none if no passage does."""
    begin: tuple[Position, ...] = ()
    """The passages whose first words these are."""
    styles: frozenset[str] = frozenset()
    """STRONG, EMPHASIS, RAISED and QUOTED of printed_text.py."""


def segments(text: str, part: Position, passages: Sequence[Position]) -> tuple[Segment, ...]:
    """Return the text of a part, cut wherever one of its passages or a style begins or ends.

    Positions count Unicode code points. Passages may overlap; what is outside the part is left
    out. A telephone number or e-mail address is replaced as a whole, wherever passages cut it.
    """
    return tuple(_segments(printed(text), part, passages))


def _segments(text: PrintedText, part: Position, passages: Sequence[Position]) -> Iterator[Segment]:
    inside = [p for p in passages if max(p.start, part.start) < min(p.end, part.end)]
    inside = [*dict.fromkeys(sorted(inside, key=lambda p: (p.end - p.start, p.start)))]
    spans = text.spans(part.start, part.end)
    edges = {edge for p in inside for edge in (p.start, p.end)}
    edges |= {edge for span in spans for edge in (span.start, span.end)}
    cuts = sorted({part.start, part.end} | {e for e in edges if part.start < e < part.end})
    begun: set[Position] = set()
    is_first = True
    for start, end in pairwise(cuts):
        words = text.words(start, end)
        if is_first:
            words = text.blank_before(start) + words
        is_first = False
        if not words:
            continue
        around = tuple(p for p in inside if p.start <= start and end <= p.end)
        begin = tuple(p for p in around if p not in begun)
        begun.update(begin)
        styles = frozenset(it.style for it in spans if it.start <= start and end <= it.end)
        yield Segment(words, around, begin, styles)


_PRIVATE: Final = "\x00"
_SIGN: Final = "\x01"
_PRIVATE_RUN: Final = re.compile(f"{_PRIVATE}+")
_AROUND: Final = 56
"""About how many characters are shown before a place, and as many after it."""


@dataclass(frozen=True)
class Context:
    """A part of a text with the words around it, on one line."""

    before: str
    words: str
    after: str


def index_of(texts: Mapping[str, str]) -> TextIndex:
    """Return the index of the texts of documents; nothing private in them is found."""
    return TextIndex({document: searchable(text) for document, text in texts.items()})


def searchable(text: str) -> str:
    characters = [*text.replace(_SIGN, " ")]
    for start, end in sign_spans(text):
        characters[start:end] = _SIGN * (end - start)
    for start, end in private_spans(text):
        characters[start:end] = _PRIVATE * (end - start)
    return "".join(characters)


def context(text: str, place: Position, part: Position) -> Context:
    """Return a place of a searchable text with the words around it in its part."""
    first = max(part.start, place.start - _AROUND)
    last = min(part.end, place.end + _AROUND)
    before, after = text[first : place.start], text[place.end : last]
    if first > part.start and not text[first - 1].isspace():
        before = _without_first(before)
    if last < part.end and not text[last].isspace():
        after = _without_last(after)
    return Context(
        ("… " if first > part.start else "") + _shown(before),
        _shown(text[place.start : place.end]),
        _shown(after) + (" …" if last < part.end else ""),
    )


def _without_first(text: str) -> str:
    """Return a text without its incomplete first word; unchanged if that is all."""
    return re.sub(r"^\S*\s", "", text)


def _without_last(text: str) -> str:
    return re.sub(r"\s\S*$", "", text)


def _shown(text: str) -> str:
    """Return words on one line, with a blank for private data."""
    return re.sub(r"\s+", " ", _PRIVATE_RUN.sub(BLANK, text).replace(_SIGN, ""))
