"""The words of a document with its passages marked, what is private in them blanked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rallynov_graph.site.model.passages.printed_text import PrintedText, printed
from rallynov_graph.site.model.passages.source import Position


@dataclass(frozen=True)
class Segment:
    """A run of text that lies in the same passages from end to end, and is read in one style."""

    text: str
    passages: tuple[Position, ...] = ()
    """The passages that it lies in, the shortest first; none where it is in no passage."""
    begin: tuple[Position, ...] = ()
    """The passages whose first words these are."""
    styles: frozenset[str] = frozenset()
    """STRONG, EMPHASIS, RAISED and QUOTED of printed_text.py."""


def segments(text: str, part: Position, passages: Sequence[Position]) -> tuple[Segment, ...]:
    """Return the text of a part, cut wherever one of its passages or a style begins or ends.

    Positions count Unicode code points. Passages may overlap; what lies outside the part is left
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
