"""What a search found, for programs: the whole answer, or a few suggestions while one writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.release.finder import Finder
from rallynov_graph.search.results import Hit, SearchAnswer
from rallynov_graph.search.searching import LONGEST, MOST_FOUND, Scope
from rallynov_graph.search.text_index import TextIndex
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.suggestions import OF_ONE
from rallynov_graph.site.search.concordance import LineReader, occurrences

HEADER: Final = ("thing", "name", "kind", "role", "text", "language")
"""What a file says of each reason why a thing was found."""
LINE_HEADER: Final = (
    *("document", "part", "start", "end", "before", "words", "after", "voices"),
    *("passages", "sets", "is_read"),
)
"""What a file says of each place where the words stand in a text."""
MOST_LINES: Final = 1000
"""How many places a file has."""


def results(finder: Finder, text: str, kind: str, language: str) -> SearchAnswer:
    """Return what a search finds, of all kinds or as much as there is of one."""
    return finder.find(text, language, Scope(kind, OF_ONE if kind else MOST_FOUND))


def rows(view: GraphView, answer: SearchAnswer) -> Iterator[tuple[str, ...]]:
    """Yield what was found as rows under the header, a row for each reason."""
    nodes = view.nodes(NamedNode(hit.iri) for hit in answer.hits)
    for hit in answer.hits:
        for reason in hit.reasons:
            node = nodes[NamedNode(hit.iri)]
            yield hit.iri, node.text, hit.kind, reason.role, reason.text, reason.language


def line_rows(
    view: GraphView, finder: Finder, index: TextIndex, text: str
) -> Iterator[tuple[object, ...]]:
    """Yield where the words stand in texts as rows under the header, in the order of the page."""
    found = occurrences(index, text, results(finder, text, "", view.language)).found
    for line in LineReader(view, index, found[:MOST_LINES]).lines():
        yield (
            line.document.iri,
            line.part.iri if line.part else "",
            line.position.start,
            line.position.end,
            line.context.before,
            line.context.words,
            line.context.after,
            " ".join(voice.iri for voice in line.voices),
            " ".join(line.passages),
            " ".join(line.sets),
            line.is_read,
        )


def as_data(view: GraphView, finder: Finder, text: str, kind: str = "") -> dict[str, object]:
    """Return the same answer for programs."""
    answer = results(finder, text, kind, view.language)
    nodes = view.nodes(NamedNode(hit.iri) for hit in answer.hits)
    return {
        "query": text[:LONGEST],
        "words": answer.words,
        "taken": [{"word": t.word, "as": t.spellings} for t in answer.corrections],
        "some_words_only": answer.is_partial,
        "more": answer.more,
        "without_index": answer.without_index,
        "results": [_result(hit, nodes[NamedNode(hit.iri)]) for hit in answer.hits],
        "near": () if answer.hits else finder.near(text),
    }


def _result(hit: Hit, node: Node) -> dict[str, object]:
    return {
        "iri": hit.iri,
        "kind": hit.kind,
        "label": node.text,
        "language": node.language,
        "address": node.href,
        "because": [
            {
                "role": reason.role,
                "language": reason.language,
                "text": reason.text,
                "marked": [piece.text for piece in reason.pieces if piece.marked],
            }
            for reason in hit.reasons
        ],
    }
