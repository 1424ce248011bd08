"""The text of a document with its passages marked and private data blanked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rallynov_graph.site.model.passages import private_data
from rallynov_graph.site.model.passages.source import Position


@dataclass(frozen=True)
class Segment:
    """A run of text that lies in the same passages from end to end."""

    text: str
    passages: tuple[Position, ...] = ()
    """The passages that it lies in, the shortest first."""
    begin: tuple[Position, ...] = ()
    """The passages that begin with it."""


def segments(text: str, part: Position, passages: Sequence[Position]) -> tuple[Segment, ...]:
    """Return the text of a part, cut wherever one of its passages begins or ends.

    Positions count Unicode code points. Passages may overlap; what lies outside the part is left
    out. A telephone number or e-mail address is replaced as a whole, wherever passages cut it.
    """
    inside = [p for p in passages if max(p.start, part.start) < min(p.end, part.end)]
    blanks = _blanks(text)
    edges = {edge for p in inside for edge in (p.start, p.end)}
    edges |= {edge for blank in blanks for edge in blank}
    cuts = sorted({part.start, part.end} | {e for e in edges if part.start < e < part.end})
    return tuple(_segments(text, cuts, inside, blanks))


def _segments(
    text: str, cuts: list[int], passages: list[Position], blanks: tuple[tuple[int, int], ...]
) -> Iterator[Segment]:
    begun: set[Position] = set()
    hidden: set[tuple[int, int]] = set()
    for start, end in pairwise(cuts):
        around = [p for p in passages if p.start <= start and end <= p.end]
        around.sort(key=lambda p: (p.end - p.start, p.start))
        words = text[start:end]
        blank = next(((a, b) for a, b in blanks if a <= start and end <= b), None)
        if blank is not None:
            words = "" if blank in hidden else private_data.BLANK
            hidden.add(blank)
        begin = tuple(p for p in dict.fromkeys(around) if p not in begun)
        begun.update(begin)
        yield Segment(words, tuple(dict.fromkeys(around)), begin)


@lru_cache(maxsize=16)
def _blanks(text: str) -> tuple[tuple[int, int], ...]:
    return private_data.spans(text)
