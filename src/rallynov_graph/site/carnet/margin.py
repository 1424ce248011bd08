"""Which facts stand beside which words: the rows of a part, and the words that are underlined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from rallynov_graph.site.carnet.cards import Card
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.printed_text import (
    PARAGRAPH_END,
    QUOTED,
    Position,
    Segment,
    segments,
)

SHORT: Final = 40
"""A paragraph of so many characters at most is a heading or an entry of a list."""
_TOGETHER: Final = 3
"""How many paragraphs make a row at most: a short one stands with those that follow."""
_UNDERLINED: Final = 90
"""More characters are shown as a passage when they are pointed at, not underlined."""


@dataclass(frozen=True)
class Passage:
    """A passage of a page, and the cards of all that rests on it."""

    node: Node
    position: Position
    cards: tuple[Card, ...]
    at_home: frozenset[Card]
    """Those that stand beside it; the others stand beside another passage that carries them."""


@dataclass(frozen=True)
class Mark:
    """Words that carry facts: a passage, or a printed name within one."""

    position: Position
    cards: tuple[Card, ...]
    nearest: frozenset[Card]
    """Those that are about these words before all others."""
    is_passage: bool
    words: str = ""
    """What is printed there, where the graph says it."""

    @property
    def facts(self) -> str:
        """The names of its cards, as an attribute that they share with it."""
        return _names(self.cards)

    @property
    def strongest(self) -> Card | None:
        """The card whose kind and certainty the underline shows: of these words alone, if any."""
        drawn = [card for card in self.cards if card.shape]
        return min(drawn, key=self._distance, default=None)

    def with_more(self, other: Mark | None) -> Mark:
        """Return the same with all that another mark of this place has."""
        if other is None:
            return self
        cards = sorted({*self.cards, *other.cards}, key=lambda card: card.rank)
        nearest = self.nearest | other.nearest
        return replace(
            self,
            cards=tuple(cards),
            nearest=nearest,
            is_passage=self.is_passage or other.is_passage,
        )

    def _distance(self, card: Card) -> tuple[bool, bool, int, int]:
        far = card not in self.nearest
        return far, len(card.passages) > 1, card.evidence.rank[0], card.sort

    @property
    def is_long(self) -> bool:
        """Whether it is a sentence rather than a word."""
        size = len(self.words) or self.position.end - self.position.start
        return size > _UNDERLINED


@dataclass(frozen=True)
class Run:
    """Words in one style, with the innermost mark that they belong to."""

    text: str
    styles: frozenset[str]
    mark: Mark | None
    is_first: bool
    """Whether it is the first run that is the mark's own."""
    named: bool
    """Whether the mark's passage has its first words here."""
    begin: tuple[Position, ...]
    """The other passages whose first words these are."""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph as it is read."""

    pieces: tuple[tuple[bool, tuple[Run, ...]], ...]
    """Its runs, those of a quotation together, each with whether it is one."""
    facts: str
    """The names of the cards that rest on all of it."""
    is_short: bool


def paragraphs(text: str, part: Position) -> Iterator[Position]:
    """Yield where the paragraphs of a part begin and end, without the white space around them."""
    at = part.start
    for gap in [*PARAGRAPH_END.finditer(text, part.start, part.end), None]:
        end = gap.start() if gap else part.end
        words = text[at:end]
        if words.strip():
            start = at + len(words) - len(words.lstrip())
            yield Position(start, start + len(words.strip()))
        at = gap.end() if gap else end


def rows(found: Iterable[Position]) -> Iterator[tuple[Position, ...]]:
    """Yield the paragraphs that stand together beside their facts."""
    row: list[Position] = []
    for paragraph in found:
        row.append(paragraph)
        if len(row) == _TOGETHER or not _is_short(paragraph):
            yield tuple(row)
            row = []
    if row:
        yield tuple(row)


class Margin:
    """Marks the words of a text that carry facts."""

    def __init__(self, text: str, passages: Sequence[Passage]) -> None:
        self._text = text
        self._passages = passages
        self._marks = self._marked()

    def paragraph(self, where: Position) -> Paragraph:
        """Return a paragraph with its marks; one that a whole passage holds has that as its own."""
        marks = {m.position: m for m in self._marks if _share(m.position, where)}
        size = where.end - where.start
        around = {p: m for p, m in marks.items() if p.end - p.start > size or p == where}
        inner = [p for p in marks if p not in around or (p == where and _is_short(where))]
        found = segments(self._text, where, inner)
        runs = [*_runs(found, marks, where)]
        pieces = tuple(
            (is_quoted, tuple(group))
            for is_quoted, group in groupby(runs, key=lambda run: QUOTED in run.styles)
        )
        cards = dict.fromkeys(card for m in around.values() for card in m.cards)
        return Paragraph(pieces, _names(cards), _is_short(where))

    def _marked(self) -> tuple[Mark, ...]:
        """Return the passages and the printed names within them, one mark a place."""
        found: dict[Position, Mark] = {}
        for passage in self._passages:
            cards = tuple(sorted(passage.cards, key=lambda card: card.rank))
            mark = Mark(passage.position, cards, passage.at_home, True)
            found[mark.position] = mark.with_more(found.get(mark.position))
        for passage in self._passages:
            for mark in self._names_in(passage):
                found[mark.position] = mark.with_more(found.get(mark.position))
        return tuple(found.values())

    def _names_in(self, passage: Passage) -> Iterator[Mark]:
        for form, iri in {
            (form, card.subject.iri) for card in passage.cards for form in card.forms
        }:
            place = _place(self._text, form, passage.position)
            if place is not None:
                cards = tuple(card for card in passage.cards if iri in card.things)
                named = frozenset(card for card in cards if card.subject.iri == iri)
                yield Mark(place, cards, named, False)


def _runs(
    found: Iterable[Segment], marks: Mapping[Position, Mark], where: Position
) -> Iterator[Run]:
    marked: set[Position] = set()
    for segment in found:
        place = segment.passages[0] if segment.passages else None
        mark = marks[place] if place else None
        is_first = place is not None and place not in marked
        marked.update({place} if place else ())
        begin = [it for it in segment.begin if marks[it].is_passage and it.start >= where.start]
        named = is_first and place in begin
        others = tuple(it for it in begin if not (named and it == place))
        yield Run(segment.text, segment.styles, mark, is_first, named, others)


def _place(text: str, form: str, within: Position) -> Position | None:
    """Return where a printed name stands in a passage as words of its own, else None."""
    pattern = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")
    found = pattern.search(text, within.start, within.end) if form else None
    return Position(*found.span()) if found else None


def _is_short(where: Position) -> bool:
    return where.end - where.start <= SHORT


def _share(one: Position, other: Position) -> bool:
    return max(one.start, other.start) < min(one.end, other.end)


def _names(cards: Iterable[Card]) -> str:
    return " ".join(dict.fromkeys(card.key for card in cards))
