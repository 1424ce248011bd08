"""What a search found, for programs: the whole answer, or a few suggestions while one writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.questions.labels import Text
from rallynov_graph.release.finder import Finder
from rallynov_graph.search.results import Answer, Hit
from rallynov_graph.search.searching import FIRST, LONGEST, Scope
from rallynov_graph.site.model.as_printed import language_of
from rallynov_graph.site.model.nodes import Lens, Node
from rallynov_graph.site.search.page import OF_ONE

HEADER: Final = ("thing", "name", "kind", "role", "text", "language")
"""What a file says of each reason why a thing was found."""
SUGGESTED: Final = 10
"""How many suggestions there are at most."""
Fitting = Callable[[Sequence[str]], Iterable[str]]
"""Tells which of some things fit where one is to be named."""


def results(finder: Finder, text: str, kind: str, language: str) -> Answer:
    """Return what a search finds, of all kinds or as much as there is of one."""
    return finder.find(text, language, Scope(kind, OF_ONE if kind else FIRST))


def rows(lens: Lens, answer: Answer) -> Iterator[tuple[str, ...]]:
    """Yield what was found as rows under the header, a row for each reason."""
    nodes = lens.nodes(NamedNode(hit.iri) for hit in answer.hits)
    for hit in answer.hits:
        for reason in hit.reasons:
            node = nodes[NamedNode(hit.iri)]
            yield hit.iri, node.text, hit.kind, reason.role, reason.text, reason.language


def as_data(lens: Lens, finder: Finder, text: str, kind: str = "") -> dict[str, object]:
    """Return the same answer for programs."""
    answer = results(finder, text, kind, lens.language)
    nodes = lens.nodes(NamedNode(hit.iri) for hit in answer.hits)
    return {
        "query": text[:LONGEST],
        "words": answer.words,
        "taken": [{"word": t.word, "as": t.spellings} for t in answer.taken],
        "some_words_only": answer.some,
        "more": answer.more,
        "without_index": answer.plain,
        "results": [_result(hit, nodes[NamedNode(hit.iri)]) for hit in answer.hits],
        "near": () if answer.hits else finder.near(text),
    }


def suggestions(
    lens: Lens,
    finder: Finder,
    text: str,
    theme: str,
    kind: str = "",
    fitting: Fitting | None = None,
) -> dict[str, object]:
    """Return the first things found for what a reader has written so far, of a kind or of all.

    Each says what it is by its class, a theme by the word for it: all words of lists are terms.
    Where only some things fit, they are looked for among more.
    """
    answer = finder.find(text, lens.language, Scope(kind, OF_ONE if fitting else 2 * SUGGESTED))
    fit = {*fitting([hit.iri for hit in answer.hits])} if fitting else {h.iri for h in answer.hits}
    hits = [hit for hit in answer.hits if hit.iri in fit][:SUGGESTED]
    nodes = lens.nodes(NamedNode(hit.iri) for hit in hits)
    described = lens.described(hit.iri for hit in hits)
    classes = lens.nodes(NamedNode(c) for it in described.values() for c in it.classes)
    found = [(hit, nodes[NamedNode(hit.iri)]) for hit in hits]
    return {
        "query": text[:LONGEST],
        "suggestions": [
            {
                "label": node.text,
                "language": node.language,
                "found": found_in.value,
                "found_language": found_in.language,
                "kind": hit.kind,
                "of_kind": theme
                if node.shape == "theme"
                else next((classes[NamedNode(c)].text for c in described[hit.iri].classes), ""),
                "shape": node.shape,
                "short": lens.addresses.named(hit.iri),
                "address": node.href,
                "iri": hit.iri,
            }
            for hit, node in found
            for found_in in (_found(lens, hit, node),)
        ],
    }


def _found(lens: Lens, hit: Hit, node: Node) -> Text:
    """Return the text in which a thing was found, set as its name is."""
    if not hit.reasons:
        return Text(node.text, node.language)
    reason = hit.reasons[0]
    return lens.text(Text(reason.text, language_of(reason)))


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
