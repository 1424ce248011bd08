"""The words of passages, where the reader has given the text of their document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages.marked_text import segments
from rallynov_graph.site.model.passages.place_in_document import spoken_in
from rallynov_graph.site.model.passages.source import positions

_SOURCE: Final = NamedNode(PREFIXES["oa"] + "hasSource")
_WITHIN: Final = NamedNode(PREFIXES["dcterms"] + "isPartOf")


@dataclass(frozen=True)
class Quoted:
    """A passage and its words, in which what is private is blanked out."""

    node: Node
    words: str
    language: str
    """Of the words, where it is another than the page's."""


def quoted(
    view: GraphView, texts: Mapping[str, str], passages: Iterable[Node]
) -> tuple[Quoted, ...]:
    """Return the passages whose words are at hand, each once, in the order of their documents."""
    nodes = {node.iri: node for node in passages}
    if not texts or not nodes:
        return ()
    documents = _documents(view, [*nodes], texts)
    languages = {document: spoken_in(view, document) for document in {*documents.values()}}
    at = positions(view, [*documents])
    ordered = sorted(at, key=lambda iri: (documents[iri], at[iri].start, at[iri].end))
    return tuple(
        Quoted(
            nodes[iri],
            "".join(s.text for s in segments(texts[documents[iri]], at[iri], [at[iri]])),
            languages[documents[iri]],
        )
        for iri in ordered
    )


def _documents(view: GraphView, passages: list[str], texts: Mapping[str, str]) -> dict[str, str]:
    """Return the document of each passage, its own or its part's, where its text is at hand."""
    within: dict[str, list[str]] = {}
    for thing, _, value in view.queries.rows(
        "values", thing=map(NamedNode, passages), property=(_SOURCE, _WITHIN)
    ).rows:
        assert isinstance(thing, NamedNode)
        if isinstance(value, NamedNode):
            within.setdefault(thing.value, []).append(value.value)
    parts = {iri for around in within.values() for iri in around if iri not in texts}
    sources = {
        part.value: value.value
        for part, _, value in view.queries.rows(
            "values", thing=map(NamedNode, sorted(parts)), property=_SOURCE
        ).rows
        if isinstance(part, NamedNode) and isinstance(value, NamedNode)
    }
    found = {
        iri: next((d for it in around if (d := sources.get(it, it)) in texts), "")
        for iri, around in within.items()
    }
    return {iri: document for iri, document in found.items() if document}
