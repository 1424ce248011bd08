"""The parts of a page: their paragraphs or passages in rows, each with its facts beside it.

Words that carry facts are underlined: a passage, or a printed name within one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.carnet.cards import Card, cards
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, in_text
from rallynov_graph.site.model.passages import MOST, position_of
from rallynov_graph.site.model.printed_text import (
    PARAGRAPH_END,
    QUOTED,
    Position,
    Segment,
    printed,
    segments,
)

FIRST: Final = 3
"""How many cards stand in the margin before the others are unfolded."""
_DESCRIPTION: Final = NamedNode(PREFIXES["dcterms"] + "description")
_WORDS: Final = 5
"""How many words of a list stand together."""
_OPENING: Final = 60
"""By how many characters of its words a passage is named."""
_BREAKING: Final = re.compile(r"[ \t\r\n]+")
"""Space at which a line may break; what does not break stays."""
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


# The rows of a page, and the cards beside them.


@dataclass(frozen=True)
class RowPassage:
    """A passage of a row: how it is named, and its page."""

    node: Node
    position: Position
    opening: str
    """Its first words, where the text is at hand."""


@dataclass(frozen=True)
class EditionRow:
    """Paragraphs, or one passage where the text is not at hand, and the facts beside them."""

    paragraphs: tuple[Paragraph, ...]
    words: tuple[Mark, ...]
    """The printed words that the graph holds, where the text is not at hand."""
    summaries: tuple[Text, ...]
    """What it says in the words of the curators, where the text is not at hand."""
    cards: tuple[Card, ...]
    """The first of its facts."""
    more: tuple[Card, ...]
    passages: tuple[RowPassage, ...]
    questions: tuple[OpenQuestionMark, ...]
    """The open questions asked of its words, but those that its facts say themselves."""
    elsewhere: tuple[Card, ...]
    """The facts that it carries together with a passage of another row, where they stand."""


@dataclass(frozen=True)
class ShownPart:
    """A part with its rows in order."""

    node: Node
    position: Position
    reason: Text | None
    """Why no fact was taken from it."""
    rows: tuple[EditionRow, ...]
    more: int
    """How many passages are not shown."""


class PartWriter:
    """Writes the parts of one page; what it asks of the graph it asks for all of them at once."""

    def __init__(
        self,
        view: GraphView,
        extraction: str,
        parts: Sequence[tuple[Term, tuple[Position, Text | None]]],
        shown: Sequence[Term],
        stages: Mapping[Term, Term | None],
        text: str | None,
        followed: str,
    ) -> None:
        self._view, self._text, self._followed = view, text, followed
        self._stages = stages
        self._parts, self._shown = parts, shown
        self._questions = in_text(view, extraction)
        wanted = [part for part in shown if isinstance(part, NamedNode)]
        self.query = view.queries.text("passages_of_part", part=wanted)
        self._of_part: dict[Term, dict[str, tuple[Position, list[str]]]] = {}
        self._of_other_texts: set[str] = set()
        for part, passage, start, end, graph, _, lies_in in view.queries.rows(
            "passages_of_part", part=wanted
        ).rows:
            assert part is not None and isinstance(passage, NamedNode)
            passages_of_part = self._of_part.setdefault(part, {})
            _, sets = passages_of_part.setdefault(passage.value, (position_of(start, end), []))
            if isinstance(graph, NamedNode) and graph.value not in sets:
                sets.append(graph.value)
            if lies_in != NamedNode(extraction):
                self._of_other_texts.add(passage.value)
        self._cards = self._by_passage()
        self._home = self._homes()
        self._summaries = {} if text is not None else self._said_of_subjects()

    def parts(self, nodes: Mapping[Term, Node]) -> tuple[ShownPart, ...]:
        """Return the parts of the page."""
        iris = (iri for part in self._shown for iri in self._of_part.get(part, ()))
        passages = self._view.nodes(map(NamedNode, iris))
        written = []
        for place, (part, (position, reason)) in enumerate(self._parts):
            if part not in self._shown:
                continue
            passages_of_part = [*self._of_part.get(part, {}).items()]
            found = [
                self._passage(passages[NamedNode(iri)], at)
                for iri, (at, _) in passages_of_part[:MOST]
            ]
            rows_of_part = tuple(self._rows(self._extent(place), found))
            written.append(
                ShownPart(
                    nodes[part], position, reason, rows_of_part, len(passages_of_part) - len(found)
                )
            )
        return tuple(written)

    def _passage(self, node: Node, at: Position) -> Passage:
        found = self._cards.get(node.iri, ())
        at_home = frozenset(card for card in found if self._home[card] == node.iri)
        return Passage(node, at, tuple(found), at_home)

    def _by_passage(self) -> dict[str, list[Card]]:
        sets: dict[str, list[str]] = {}
        passages: set[str] = set()
        for passages_of_part in self._of_part.values():
            for iri, (_, graphs) in [*passages_of_part.items()][:MOST]:
                passages.add(iri)
                for graph in graphs:
                    sets.setdefault(graph, []).append(iri)
        found: dict[str, list[Card]] = {}
        for card in cards(self._view, sets, passages):
            for iri in card.passages:
                found.setdefault(iri, []).append(card)
        return found

    def _homes(self) -> dict[Card, str]:
        """Return the passage beside which each card stands.

        It is in the account of the stage that the card speaks of, where there is one, and has the
        fewest assertion sets: a name says less of each thing than many sentences about all.
        """
        best: dict[Card, tuple[tuple[bool, int], str]] = {}
        for part in self._shown:
            stage = getattr(self._stages.get(part), "value", "")
            for iri, (_, graphs) in [*self._of_part.get(part, {}).items()][:MOST]:
                for card in self._cards.get(iri, ()):
                    rank = stage not in card.things, len(graphs)
                    if card not in best or rank < best[card][0]:
                        best[card] = rank, iri
        return {card: iri for card, (_, iri) in best.items()}

    def _extent(self, place: int) -> Position:
        """Return a part with all that follows up to the next one: no word of the text is lost."""
        position, _ = self._parts[place][1]
        if self._text is None:
            return position
        following = self._parts[place + 1 : place + 2]
        end = following[0][1][0].start if following else len(self._text)
        return Position(position.start if place else 0, max(end, position.end))

    def _rows(self, part: Position, found: Sequence[Passage]) -> Iterator[EditionRow]:
        """Yield the rows of a part; passages that lie in another text come last, without words."""
        others = [it for it in found if it.node.iri in self._of_other_texts]
        passages = [it for it in found if it.node.iri not in self._of_other_texts]
        yield from self._rows_of_text(part, passages)
        yield from (self._row(row, (), None) for row in _rows_of_passages(others))

    def _rows_of_text(self, part: Position, passages: Sequence[Passage]) -> Iterator[EditionRow]:
        if self._text is None:
            yield from (self._row(row, (), None) for row in _rows_of_passages(passages))
            return
        margin = Margin(self._text, passages)
        places = [*rows(paragraphs(self._text, part))]
        starts = [row[0].start for row in places[1:]] + [part.end + 1]
        left = [*passages]
        for row, end in zip(places, starts, strict=True):
            own = [passage for passage in left if passage.position.start < end]
            left = left[len(own) :]
            yield self._row(own, row, margin)

    def _row(
        self, passages: Sequence[Passage], shown_at: Sequence[Position], margin: Margin | None
    ) -> EditionRow:
        shown = tuple(map(margin.paragraph, shown_at)) if margin else ()
        carried = dict.fromkeys(card for passage in passages for card in passage.cards)
        at_home = {card for passage in passages for card in passage.at_home}
        own = sorted((card for card in carried if card in at_home), key=self._order)
        elsewhere = tuple(card for card in carried if card not in at_home)
        return EditionRow(
            shown,
            () if shown else tuple(_known_words(passages)),
            () if shown else self._summary(own),
            tuple(own[:FIRST]),
            tuple(own[FIRST:]),
            tuple(RowPassage(p.node, p.position, self._opening(p)) for p in passages),
            self._open_questions(passages, shown_at, own),
            elsewhere,
        )

    def _open_questions(
        self, passages: Iterable[Passage], shown_at: Iterable[Position], own: Iterable[Card]
    ) -> tuple[OpenQuestionMark, ...]:
        places = [*shown_at] or [passage.position for passage in passages]
        marked = {mark.node.iri for card in own for mark in card.questions}
        marks = {
            mark.node.iri: mark
            for position, mark in self._questions
            if any(position.start < at.end and at.start < position.end for at in places)
        }
        return tuple(mark for iri, mark in marks.items() if iri not in marked)

    def _order(self, card: Card) -> tuple[bool, tuple[int, bool, int]]:
        """Return a key that puts what is followed first, then what is done, the surest first."""
        return self._followed not in card.things if self._followed else False, card.rank

    def _opening(self, passage: Passage) -> str:
        if self._text is None or passage.node.iri in self._of_other_texts:
            return ""
        at = passage.position
        printed_words = printed(self._text).words(at.start, at.end)
        words = _BREAKING.sub(" ", printed_words).strip()
        return words if len(words) <= _OPENING else words[:_OPENING].rstrip() + "…"

    def _summary(self, found: Iterable[Card]) -> tuple[Text, ...]:
        subjects = dict.fromkeys(card.subject.iri for card in found)
        return tuple(text for iri in subjects if (text := self._summaries.get(iri)))

    def _said_of_subjects(self) -> dict[str, Text]:
        """Return the descriptions that the curators give of what the cards are about."""
        subjects = dict.fromkeys(c.subject.iri for found in self._cards.values() for c in found)
        texts: dict[str, list[Text]] = {}
        for thing, _, value in self._view.queries.rows(
            "values", thing=map(NamedNode, subjects), property=_DESCRIPTION
        ).rows:
            if isinstance(thing, NamedNode) and isinstance(value, Literal):
                texts.setdefault(thing.value, []).append(Text(value.value, value.language or ""))
        best = {iri: self._view.best(found) for iri, found in texts.items()}
        return {iri: text for iri, text in best.items() if text is not None}


def _rows_of_passages(passages: Iterable[Passage]) -> Iterator[list[Passage]]:
    """Yield the passages that stand together where there are no words: words in what holds them."""
    row: list[Passage] = []
    for passage in passages:
        at = passage.position
        is_word = at.end - at.start <= SHORT
        if row and not (is_word and (len(row) < _WORDS or at.end <= row[0].position.end)):
            yield row
            row = []
        row.append(passage)
    if row:
        yield row


def _known_words(passages: Sequence[Passage]) -> Iterator[Mark]:
    """Yield the printed words and names that the graph holds of passages, in their order."""
    marks_by_words: dict[str, tuple[Position, dict[Card, None]]] = {}
    for passage in passages:
        for card in passage.cards:
            for words in (card.words, *card.forms):
                if words:
                    marks_by_words.setdefault(words, (passage.position, {}))[1][card] = None
    for words, (position, found) in marks_by_words.items():
        yield Mark(position, tuple(found), frozenset(), True, words)
