"""What a citation says of a claim: how sure it is, who says so, and where."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from rallynov_graph.site.evidence.page import NoteLink, NotePage
from rallynov_graph.site.model.evidence import OUTSIDE
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.citation import Marked
from rallynov_graph.site.web.html import Called, in_language
from rallynov_graph.site.web.messages import Messages

MOST_PLACES: Final = 4
"""So many parts of documents a citation names; it counts the others."""

_Name = Callable[[Called], str]


def grounds(words: Messages, page: NotePage) -> Marked:
    """Return how sure the claim of a note is, who says so and where, without a full stop.

    A claim that rules conclude has the places and voices of the surest way to it.
    """

    def marked(it: Called) -> str:
        return in_language(it.text, it.language, words.language)

    apart = words["note.apart"]
    return Marked(
        apart.join(_parts(words, page, lambda it: it.text)),
        apart.join(_parts(words, page, marked)),
    )


def _parts(words: Messages, page: NotePage, name: _Name) -> list[str]:
    links = page.reasons[0].links if page.reasons else ()
    parts = (
        _certainty(words, page),
        _voices(words, links, name),
        *(_places(words, links, name) or [_others(words, page, links, name)]),
    )
    return [part for part in parts if part]


def _certainty(words: Messages, page: NotePage) -> str:
    certainty = page.verdict.certainty
    sure = words[f"how.{certainty}"] if certainty else ""
    if page.claim.evidence or not page.claim.ways:
        return sure
    return ", ".join(filter(None, (words["note.kind_computed"], sure)))


def _voices(words: Messages, links: Sequence[NoteLink], name: _Name) -> str:
    """Return whose words a claim rests on, and whether on theirs alone."""
    spoken = [link.step.best.voices if link.step.best else () for link in links]
    voices: dict[str, Node] = {voice.iri: voice for them in spoken for voice in them}
    if not voices:
        return ""
    key = "note.cited_voices" if all(spoken) else "note.cited_voices_too"
    return words[key].format(voices=", ".join(map(name, voices.values())))


def _places(words: Messages, links: Sequence[NoteLink], name: _Name) -> list[str]:
    """Return where documents carry a claim: a text a document, as many parts as there is room."""
    extracts = [extract for link in links for extract in link.extracts]
    places = dict.fromkeys((it.document.iri, it.part.iri if it.part else "") for it in extracts)
    nodes = {node.iri: node for it in extracts for node in (it.document, it.part) if node}
    shown, more = [*places][:MOST_PLACES], max(0, len(places) - MOST_PLACES)
    parts_of: dict[str, list[str]] = {}
    for document, part in shown:
        parts = parts_of.setdefault(document, [])
        if part:
            parts.append(words("site.quoted", text=name(nodes[part])))
    texts = [", ".join((name(nodes[document]), *parts)) for document, parts in parts_of.items()]
    return [*texts, words.count("note.cited_more_", more)] if more else texts


def _others(words: Messages, page: NotePage, links: Sequence[NoteLink], name: _Name) -> str:
    """Return who says what no document says: another source, or the curators."""
    sources = {
        it.source.iri: it.source
        for link in links
        for it in link.step.evidence
        if it.kind == OUTSIDE
    }
    if sources:
        return words["note.cited_outside"].format(sources=", ".join(map(name, sources.values())))
    return words["note.cited_curation"] if page.verdict.kind else ""
