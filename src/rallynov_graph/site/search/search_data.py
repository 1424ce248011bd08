"""What a search found, for programs: the whole answer, or a few suggestions while one writes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.release.finder import Finder
from rallynov_graph.search.results import Hit, SearchAnswer
from rallynov_graph.search.searching import LONGEST, MOST_FOUND, Scope
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.suggestions import OF_ONE

HEADER: Final = ("thing", "name", "kind", "role", "text", "language")
"""What a file says of each reason why a thing was found."""


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
