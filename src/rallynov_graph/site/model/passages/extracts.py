"""The words that carry a claim as they stand in a document, and what surrounds them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages.marked_text import Segment, segments
from rallynov_graph.site.model.passages.place_in_document import (
    PassagePlace,
    language_of_document,
    place_in_carnet,
    places_of,
)
from rallynov_graph.site.model.passages.source import Position, positions

AROUND: Final = 240
"""So many characters of a sentence are shown at most on either side of a passage."""
CLOSE: Final = 3
"""Passages that are so near each other are shown together."""
_SENTENCE: Final = re.compile(r"[.!?…][»”\"*]*\s+(?![:;,.a-zà-öø-ÿ])|\n\s*\n\s*")
"""Where a sentence ends; not after an abbreviation, which is followed by small letters or signs."""
_CLOSED: Final = re.compile(r"[.!?…][»”\"*]*\s*\Z")


@dataclass(frozen=True)
class Words:
    """Words in a row, of passages or around them, cut where a style begins or ends."""

    pieces: tuple[Segment, ...]
    is_passage: bool


@dataclass(frozen=True)
class Extract:
    """A place in a document, and its words where the text is at hand."""

    document: Node
    part: Node | None
    position: Position
    """From the first character of its passages to the one after the last."""
    place: str | None
    """Where it is read among the others; None where it is not."""
    words: tuple[Words, ...] = ()
    """What is private in them is blanked out; none without the text."""
    language: str = ""
    """Of the words, where it is another than the page's."""


def extracts(
    view: GraphView, texts: Mapping[str, str], passages: Iterable[Node]
) -> tuple[Extract, ...]:
    """Return the places of passages in the order of their texts, near ones together.

    ``texts`` are those of extractions, by their IRIs.
    """
    nodes = {node.iri: node for node in passages}
    around = places_of(view, nodes)
    found = positions(view, [iri for iri in nodes if iri in around])
    ordered = sorted(found, key=lambda iri: _order(around[iri], found[iri]))
    named = view.nodes(
        NamedNode(iri) for it in around.values() for iri in (it.document, it.part) if iri
    )
    made = []
    for together in _together(ordered, found, around):
        place = around[together[0]]
        span = Position(found[together[0]].start, max(found[iri].end for iri in together))
        text = texts.get(place.text, "")
        made.append(
            Extract(
                named[NamedNode(place.document)],
                named[NamedNode(place.part)] if place.part else None,
                span,
                place_in_carnet(view, together[0], LEAST_SURE),
                words(text, span, [found[iri] for iri in together]) if text else (),
                language_of_document(view, place.document),
            )
        )
    return tuple(made)


def words(text: str, span: Position, passages: list[Position]) -> tuple[Words, ...]:
    """Return the words of passages with the sentences that they stand in.

    A sentence that is too long is cut, and shows it.
    """
    start, begins = _start(text, span.start)
    end, ends = _end(text, span.end)
    between = segments(text, Position(start, end), passages)
    cut_before, cut_after = [Segment("… ")] * (not begins), [Segment(" …")] * (not ends)
    runs = groupby([*cut_before, *between, *cut_after], key=lambda it: bool(it.passages))
    return tuple(Words(tuple(pieces), is_passage) for is_passage, pieces in runs)


def _together(
    ordered: list[str], found: Mapping[str, Position], around: Mapping[str, PassagePlace]
) -> list[list[str]]:
    groups: list[list[str]] = []
    end = 0
    for iri in ordered:
        near = groups and around[groups[-1][0]] == around[iri] and found[iri].start <= end + CLOSE
        if near:
            groups[-1].append(iri)
            end = max(end, found[iri].end)
        else:
            groups.append([iri])
            end = found[iri].end
    return groups


def _order(place: PassagePlace, position: Position) -> tuple[str, str, int, int]:
    return place.document, place.text, position.start, -position.end


def _start(text: str, start: int) -> tuple[int, bool]:
    """Return where the sentence begins that has a character, and whether nothing of it is cut."""
    first = max(0, start - AROUND)
    before = text[first:start]
    edges = [edge.end() for edge in _SENTENCE.finditer(before)]
    if edges or not first:
        return first + (edges[-1] if edges else 0), True
    return first + before.find(" ") + 1, False


def _end(text: str, end: int) -> tuple[int, bool]:
    """Return where the sentence ends that is before a place, and whether nothing of it is cut."""
    if _CLOSED.search(text, max(0, end - 4), end):
        return end, True
    after = text[end : end + AROUND]
    edge = _SENTENCE.search(after)
    if edge is not None:
        return end + edge.start() + len(edge[0].rstrip()), True
    if end + AROUND >= len(text):
        return len(text.rstrip()) if len(text.rstrip()) > end else end, True
    return end + max(0, after.rfind(" ")), False
