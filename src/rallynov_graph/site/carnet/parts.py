"""The parts of a page: their words or a summary, with the facts beside them.

Printed words lead to their facts, in the text and also without it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.carnet.cards import Card, cards
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, in_text
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.passages import MOST, position_of
from rallynov_graph.site.model.printed_text import PARAGRAPH_END, QUOTED, Position, segments

FIRST: Final = 4
"""How many facts of a part stand open; the others are folded."""
_SUMMARIES: Final = 2
"""How many descriptions say what a part is about."""
_DESCRIPTION: Final = NamedNode(PREFIXES["dcterms"] + "description")


@dataclass(frozen=True)
class PrintedWords:
    """Words that the graph has as they are printed, and the fact that they lead to."""

    text: str
    within: Position | None
    """The passage that they are in; None if it is in another text than the part."""
    card: Card


@dataclass(frozen=True)
class Run:
    """Words in one style, with the printed words that they belong to."""

    text: str
    styles: frozenset[str]
    words: PrintedWords | None
    is_first: bool
    """Whether it is the first run of these."""
    begin: tuple[Position, ...]
    """The passages whose first words these are."""


Paragraph = tuple[tuple[bool, tuple[Run, ...]], ...]
"""Its runs, those of a quotation together, each with whether it is one."""


@dataclass(frozen=True)
class PartPassage:
    node: Node
    position: Position


@dataclass(frozen=True)
class ShownPart:
    """A part with all that is known about it."""

    node: Node
    position: Position
    extent: Position
    """The same up to the next part, so that no word of the text is lost."""
    reason: Text | None
    """Why no fact was taken from it."""
    paragraphs: tuple[Paragraph, ...]
    summaries: tuple[Text, ...]
    """Its descriptions by the curators."""
    words: tuple[PrintedWords, ...]
    facts: tuple[Card, ...]
    """The first of its facts."""
    more_facts: tuple[Card, ...]
    questions: tuple[OpenQuestionMark, ...]
    """The open questions asked of it."""
    passages: tuple[PartPassage, ...]
    more: int
    """How many passages are not shown."""

    @property
    def elsewhere(self) -> tuple[PartPassage, ...]:
        """The passages that begin at none of the words that are shown."""
        runs = (run for it in self.paragraphs for _, runs in it for run in runs)
        begun = {at for run in runs for at in run.begin}
        return tuple(it for it in self.passages if it.position not in begun)


def paragraphs(text: str, part: Position) -> Iterator[Position]:
    """Yield the beginning and the end of a part's paragraphs, without surrounding white space."""
    at = part.start
    for gap in [*PARAGRAPH_END.finditer(text, part.start, part.end), None]:
        end = gap.start() if gap else part.end
        words = text[at:end]
        if words.strip():
            start = at + len(words) - len(words.lstrip())
            yield Position(start, start + len(words.strip()))
        at = gap.end() if gap else end


def _place(text: str, form: str, within: Position) -> Position | None:
    """Return where a passage has a printed name as separate words, or None."""
    pattern = re.compile(rf"(?<!\w){re.escape(form)}(?!\w)")
    found = pattern.search(text, within.start, within.end) if form else None
    return Position(*found.span()) if found else None


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
    ) -> None:
        self._view, self._text, self._stages = view, text, stages
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
        self._summaries = self._said_of_subjects()

    def parts(self, nodes: Mapping[Term, Node]) -> tuple[ShownPart, ...]:
        iris = (iri for part in self._shown for iri in self._of_part.get(part, ()))
        passages = self._view.nodes(map(NamedNode, iris))
        return tuple(
            self._part(place, nodes[part], passages)
            for place, (part, _) in enumerate(self._parts)
            if part in self._shown
        )

    def _part(self, place: int, node: Node, passages: Mapping[Term, Node]) -> ShownPart:
        part, (position, reason) = self._parts[place]
        every = self._of_part.get(part, {})
        found = {iri: at for iri, (at, _) in [*every.items()][:MOST]}
        carried = dict.fromkeys(card for iri in found for card in self._cards.get(iri, ()))
        own = sorted((it for it in carried if self._home[it] == part), key=lambda it: it.rank)
        # By the alphabet: a list of words in its order would be the text that is not published.
        words = tuple(sorted(self._words(found), key=lambda it: sortable(it.text)))
        extent = self._extent(place)
        return ShownPart(
            node,
            position,
            extent,
            reason,
            () if self._text is None else tuple(self._paragraphs(extent, words, found)),
            self._summary(own),
            words,
            tuple(own[:FIRST]),
            tuple(own[FIRST:]),
            self._open_questions(extent, own),
            tuple(PartPassage(passages[NamedNode(iri)], at) for iri, at in found.items()),
            len(every) - len(found),
        )

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

    def _homes(self) -> dict[Card, Term]:
        """Return the part of each card, among the parts of the page that carry it.

        It is a part about the stage of the card, if there is one, and has the passage with the
        fewest assertion sets: a name is more specific to a thing than many sentences are.
        """
        best: dict[Card, tuple[tuple[bool, int], Term]] = {}
        for part in self._shown:
            stage = getattr(self._stages.get(part), "value", "")
            for iri, (_, graphs) in [*self._of_part.get(part, {}).items()][:MOST]:
                for card in self._cards.get(iri, ()):
                    rank = stage not in card.things, len(graphs)
                    if card not in best or rank < best[card][0]:
                        best[card] = rank, part
        return {card: part for card, (_, part) in best.items()}

    def _extent(self, place: int) -> Position:
        position, _ = self._parts[place][1]
        following = self._parts[place + 1 : place + 2]
        end = following[0][1][0].start if following else len(self._text or "")
        return Position(position.start if place else 0, max(end, position.end))

    def _words(self, passages: Mapping[str, Position]) -> Iterator[PrintedWords]:
        known: set[tuple[str, str]] = set()
        for iri, at in passages.items():
            for card in sorted(self._cards.get(iri, ()), key=lambda it: it.rank):
                for words in (card.words, *card.forms):
                    if words and (words, card.subject.iri) not in known:
                        known.add((words, card.subject.iri))
                        within = None if iri in self._of_other_texts else at
                        yield PrintedWords(words, within, card)

    def _paragraphs(
        self, part: Position, words: Iterable[PrintedWords], passages: Mapping[str, Position]
    ) -> Iterator[Paragraph]:
        text = self._text or ""
        marks: dict[Position, PrintedWords] = {}
        for it in words:
            at = _place(text, it.text, it.within) if it.within else None
            if at is not None:
                marks.setdefault(at, it)
        begin = {at for iri, at in passages.items() if iri not in self._of_other_texts}
        for where in paragraphs(text, part):
            runs, marked = [], set()
            for segment in segments(text, where, [*marks, *begin]):
                found = next((marks[at] for at in segment.passages if at in marks), None)
                begun = tuple(at for at in segment.begin if at in begin and at.start >= where.start)
                runs.append(Run(segment.text, segment.styles, found, found not in marked, begun))
                marked.add(found)
            quoted = groupby(runs, key=lambda run: QUOTED in run.styles)
            yield tuple((is_quoted, tuple(group)) for is_quoted, group in quoted)

    def _open_questions(
        self, extent: Position, own: Iterable[Card]
    ) -> tuple[OpenQuestionMark, ...]:
        asked = [
            mark for at, mark in self._questions if at.start < extent.end and extent.start < at.end
        ]
        marks = [*asked, *(mark for card in own for mark in card.questions)]
        return tuple({mark.node.iri: mark for mark in marks}.values())

    def _summary(self, found: Iterable[Card]) -> tuple[Text, ...]:
        subjects = dict.fromkeys(
            card.subject.iri for card in sorted(found, key=lambda card: not card.is_event)
        )
        said = dict.fromkeys(text for iri in subjects if (text := self._summaries.get(iri)))
        return tuple(said)[:_SUMMARIES]

    def _said_of_subjects(self) -> dict[str, Text]:
        subjects = dict.fromkeys(c.subject.iri for found in self._cards.values() for c in found)
        texts: dict[str, list[Text]] = {}
        for thing, _, value in self._view.queries.rows(
            "values", thing=map(NamedNode, subjects), property=_DESCRIPTION
        ).rows:
            if isinstance(thing, NamedNode) and isinstance(value, Literal):
                texts.setdefault(thing.value, []).append(Text(value.value, value.language or ""))
        best = {iri: self._view.best(found) for iri, found in texts.items()}
        return {iri: text for iri, text in best.items() if text is not None}
