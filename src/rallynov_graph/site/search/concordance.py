"""The lines of a concordance: where searched words are in the texts, and what was read there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.words import ASKING, plain_words, search_words, stem, words_in_place
from rallynov_graph.questions.labels import Text
from rallynov_graph.search.results import SearchAnswer
from rallynov_graph.search.searching import LONGEST, MOST_WORDS
from rallynov_graph.search.text_index import Occurrence, Occurrences, TextIndex, telling
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import (
    language_of_document,
    parts_of,
    place_in_carnet,
    position_of,
    text_of_parts,
)
from rallynov_graph.site.model.printed_text import Context, Position, context
from rallynov_graph.site.model.statement import (
    StatedTriple,
    Statement,
    admits,
    evidence_of_graphs,
    statements,
)

LINES: Final = 25
"""How many lines a page shows."""
MOST_FACTS: Final = 3
"""How many facts a line shows."""
_PARTS_AT_ONCE: Final = 20


@dataclass(frozen=True)
class ConcordanceLine:
    """A place in a text with the words around it, and what was read there."""

    document: Node
    part: Node | None
    position: Position
    context: Context
    language: str
    """The language of the text, where it is another than the page's."""
    passages: tuple[str, ...]
    """The passages that it is in, the shortest first; none where nobody has read it yet."""
    sets: tuple[str, ...]
    """The assertion sets that rest on them."""
    voices: tuple[Node, ...]
    """Who speaks, where a passage quotes somebody."""
    reason: Text | None = None
    """Why no fact was taken from the part, where none was."""
    facts: tuple[Statement, ...] = ()
    more: int = 0
    """How many facts are not shown, for lack of room or because they are not sure enough."""
    href: str | None = None
    """Where it is read in its document."""

    @property
    def is_read(self) -> bool:
        """Whether a passage covers it, or it was said why nothing was taken from its part."""
        return bool(self.passages) or self.reason is not None


def occurrences(index: TextIndex, text: str, answer: SearchAnswer) -> Occurrences:
    """Return where the words of a search are in the texts; none for small words alone.

    Words that ask count only where there are no others.
    """
    said = telling(search_words(text[:LONGEST])[:MOST_WORDS])
    words = tuple(it for it in said if it not in ASKING) or said
    spellings = {
        correction.word: [word for it in correction.spellings for word in search_words(it)]
        for correction in answer.corrections
    }
    found = index.find(words, spellings)
    written = {plain: run[0] for run in words_in_place(text) for plain in plain_words(run[0])}
    return replace(
        found,
        words=tuple(replace(it, word=written.get(it.word, it.word)) for it in found.words),
    )


def has_only_small_words(text: str) -> bool:
    """Return whether a search has words, and none that is worth looking for in texts."""
    words = search_words(text[:LONGEST])[:MOST_WORDS]
    return bool(words) and not telling(words)


class LineReader:
    """Reads lines; what it asks of the graph it asks for all lines of a page together.

    The facts shown are those that are as sure as the reader wants.
    """

    def __init__(self, view: GraphView, index: TextIndex, found: Iterable[Occurrence]) -> None:
        self._view, self._index, self._found = view, index, tuple(found)
        documents = dict.fromkeys(it.document for it in self._found)
        self._nodes = view.nodes(map(NamedNode, documents))
        self._languages = {it: language_of_document(view, it) for it in documents}
        self._parts = {it: parts_of(view, it) for it in documents}
        self._part_of = {it: self._part(it) for it in self._found}
        parts = dict.fromkeys(part for part in self._part_of.values() if part is not None)
        self._nodes |= view.nodes(parts)
        read = {text_of_parts(view, it) for it in documents}
        self._passages = _passages(view, [*parts], read)
        sets = {s for passages in self._passages.values() for it in passages for s in it.sets}
        self._evidence = evidence_of_graphs(view, sorted(sets))

    def lines(self) -> Iterator[ConcordanceLine]:
        """Yield the lines without their facts."""
        for it in self._found:
            place, part = Position(it.start, it.end), self._part_of[it]
            text = self._index.text(it.document)
            bounds, reason = (
                (Position(0, len(text)), None) if part is None else self._parts[it.document][part]
            )
            around = self._around(it)
            sets = tuple(dict.fromkeys(graph for passage in around for graph in passage.sets))
            sources = [self._evidence[graph] for graph in sets if graph in self._evidence]
            voices = dict.fromkeys(voice for evidence in sources for voice in evidence.voices)
            yield ConcordanceLine(
                self._nodes[NamedNode(it.document)],
                None if part is None else self._nodes[part],
                place,
                context(text, place, bounds),
                self._languages[it.document],
                tuple(passage.iri for passage in around),
                sets,
                tuple(voices),
                reason if not around else None,
            )

    def lines_with_facts(self) -> Iterator[ConcordanceLine]:
        """Yield the lines with the facts of their passages and the addresses of these."""
        lines = [*self.lines()]
        facts = self._facts(dict.fromkeys(s for line in lines for s in line.sets))
        addresses: dict[tuple[str, ...], str | None] = {}
        for line in lines:
            stated = [fact for graph in line.sets for fact in facts.get(graph, ())]
            sought = {*map(stem, plain_words(line.context.words))}
            stated.sort(key=lambda fact: (not _names(fact, sought), self._place(fact)))
            place = (*line.passages[:1], line.part.iri if line.part else "")
            if place not in addresses:
                addresses[place] = self._address(place)
            certainty = self._view.addresses.certainty
            sure = [it for it in stated if admits(certainty, it.evidence[0])][:MOST_FACTS]
            yield replace(
                line,
                facts=tuple(sure),
                more=len(stated) - len(sure),
                href=addresses[place] or line.document.href,
            )

    def _facts(self, sets: Iterable[str]) -> dict[str, list[Statement]]:
        """Return the facts of assertion sets; those beyond the query's limit are left out."""
        rows = self._view.queries.rows("facts_of_sets", graph=map(NamedNode, sets)).rows
        stated = [
            StatedTriple(subject, path.value, value, (graph.value,))
            for graph, subject, path, value in rows
            if isinstance(graph, NamedNode) and isinstance(subject, NamedNode)
            if isinstance(path, NamedNode) and value is not None
            if graph.value in self._evidence
        ]
        found: dict[str, list[Statement]] = {}
        for fact in statements(self._view, stated):
            found.setdefault(fact.stated.graphs[0], []).append(fact)
        return found

    def _address(self, places: Iterable[str]) -> str | None:
        """Return the first address of a passage or its part."""
        found = (place_in_carnet(self._view, place, LEAST_SURE) for place in places if place)
        return next(filter(None, found), None)

    def _place(self, fact: Statement) -> int:
        """Return the place of a fact among others: links of things, then values, then classes."""
        if not fact.value.iri:
            return 3
        if not self._view.addresses.kind(fact.value.iri):
            return 4
        return 0 if fact.subject.shape and fact.value.shape else 1 if fact.value.shape else 2

    def _part(self, it: Occurrence) -> Term | None:
        """Return the shortest part of its document that an occurrence is in."""
        around = [
            (position.end - position.start, part)
            for part, (position, _) in self._parts[it.document].items()
            if position.start <= it.start and it.end <= position.end
        ]
        return min(around, key=lambda found: found[0], default=(0, None))[1]

    def _around(self, it: Occurrence) -> list[_Passage]:
        part = self._part_of[it]
        passages = self._passages.get(part, ()) if part is not None else ()
        return sorted(
            (p for p in passages if p.position.start <= it.start and it.end <= p.position.end),
            key=lambda p: (p.position.end - p.position.start, p.position.start),
        )


def _names(fact: Statement, sought: Set[str]) -> bool:
    """Return whether one of the words that were found is in a name of a fact."""
    words = plain_words(f"{fact.subject.text} {fact.value.text}")
    return not sought.isdisjoint(map(stem, words))


@dataclass(frozen=True)
class _Passage:
    iri: str
    position: Position
    sets: list[str]


def _passages(
    view: GraphView, parts: Sequence[Term], texts: Set[str]
) -> dict[Term, list[_Passage]]:
    """Return the passages of each part that are in these texts, with the sets that rest on each."""
    found: dict[Term, dict[str, _Passage]] = {}
    for first in range(0, len(parts), _PARTS_AT_ONCE):
        batch = [p for p in parts[first : first + _PARTS_AT_ONCE] if isinstance(p, NamedNode)]
        for row in view.queries.rows("passages_of_part", part=batch):
            part, passage, graph = row["part"], row["passage"], row["set"]
            in_text = getattr(row["text"], "value", "") in texts
            if part is None or not isinstance(passage, NamedNode) or not in_text:
                continue
            known = found.setdefault(part, {})
            position = position_of(row["start"], row["end"])
            sets = known.setdefault(passage.value, _Passage(passage.value, position, [])).sets
            if isinstance(graph, NamedNode) and graph.value not in sets:
                sets.append(graph.value)
    return {part: [*known.values()] for part, known in found.items()}
