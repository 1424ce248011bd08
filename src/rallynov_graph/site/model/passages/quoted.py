"""The words of passages whose document's text is loaded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages.marked_text import segments
from rallynov_graph.site.model.passages.place_in_document import language_of_document
from rallynov_graph.site.model.passages.source import positions

_SOURCE: Final = NamedNode(PREFIXES["oa"] + "hasSource")
_WITHIN: Final = NamedNode(PREFIXES["dcterms"] + "isPartOf")


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
    """Return the passages whose texts are loaded, each once, in the order of their documents."""
    nodes = {node.iri: node for node in passages}
    if not texts or not nodes:
        return ()
    documents = _documents(view, [*nodes], texts)
    languages = {
        document: language_of_document(view, document) for document in {*documents.values()}
    }
    places = positions(view, [*documents])
    ordered = sorted(places, key=lambda iri: (documents[iri], places[iri].start, places[iri].end))
    return tuple(
        Quoted(
            nodes[iri],
            "".join(s.text for s in segments(texts[documents[iri]], places[iri], [places[iri]])),
            languages[documents[iri]],
        )
        for iri in ordered
    )


def _documents(view: GraphView, passages: list[str], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the document of each passage, its own or its part's, where its text is loaded."""
    within: dict[str, list[str]] = {}
    for thing, _, value in view.queries.rows(
        "values", thing=map(NamedNode, passages), property=(_SOURCE, _WITHIN)
    ).rows:
        assert isinstance(thing, NamedNode)
        if isinstance(value, NamedNode):
            within.setdefault(thing.value, []).append(value.value)
    parts = {iri for iris in within.values() for iri in iris if iri not in texts}
    sources = {
        part.value: value.value
        for part, _, value in view.queries.rows(
            "values", thing=map(NamedNode, sorted(parts)), property=_SOURCE
        ).rows
        if isinstance(part, NamedNode) and isinstance(value, NamedNode)
    }
    found = {
        iri: next((d for related in iris if (d := sources.get(related, related)) in texts), "")
        for iri, iris in within.items()
    }
    return {iri: document for iri, document in found.items() if document}
