"""The words of passages whose document's text is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages.marked_text import segments
from rallynov_graph.site.model.passages.place_in_document import language_of_document, places_of
from rallynov_graph.site.model.passages.source import Position, positions


@dataclass(frozen=True)
class Quoted:
    """A passage and its words, with private data blanked out."""

    node: Node
    words: str
    language: str
    """The language of the words; the empty string where it is the page's."""


def quoted(
    view: GraphView, texts: Mapping[str, str], passages: Iterable[Node]
) -> tuple[Quoted, ...]:
    """Return the passages whose texts are loaded, each once, in the order of their texts.

    ``texts`` are those of extractions, by their IRIs.
    """
    nodes = {node.iri: node for node in passages}
    if not texts or not nodes:
        return ()
    around = {iri: it for iri, it in places_of(view, nodes).items() if it.text in texts}
    languages = {
        document: language_of_document(view, document)
        for document in {it.document for it in around.values()}
    }
    places = positions(view, [*around])
    ordered = sorted(
        places, key=lambda iri: (around[iri].document, around[iri].text, *_ends(places[iri]))
    )
    return tuple(
        Quoted(
            nodes[iri],
            "".join(s.text for s in segments(texts[around[iri].text], places[iri], [places[iri]])),
            languages[around[iri].document],
        )
        for iri in ordered
    )


def _ends(position: Position) -> tuple[int, int]:
    return position.start, position.end
