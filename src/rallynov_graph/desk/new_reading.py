"""A reading that begins: the document's graph, its text, and one part that is the whole of it."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.desk.acts import Act, DocumentText, Stated, TextSelection, digest_of
from rallynov_graph.desk.document_reading import DocumentReading
from rallynov_graph.desk.short_terms import XSD
from rallynov_graph.desk.words import message

_LABEL: Final = f"{PREFIXES['rdfs']}label"


def first_acts(reading: DocumentReading, words: str, day: str) -> list[Act]:
    """Return the acts with which the reading of a text begins."""
    text, slug = reading.text, reading.slug
    graph = f"{ID}graph/{slug}"
    start = len(words) - len(words.lstrip())
    end = len(words.rstrip())
    midnight = Literal(f"{day}T00:00:00Z", datatype=NamedNode(f"{XSD}dateTime"))
    return [
        Stated(
            "graph",
            graph,
            file=slug,
            says={
                _LABEL: tuple(Literal(slug, language=code) for code in text.languages),
                f"{PREFIXES['prov']}generatedAtTime": (midnight,),
            },
        ),
        Stated(
            "extraction",
            text.extraction,
            says={
                _LABEL: _named("text", text, slug),
                f"{RN}method": (NamedNode(f"{ID}method/transcription"),),
            },
        ),
        Stated(
            "part",
            f"{ID}part/{slug}",
            words=(TextSelection(start, end, digest_of(words[start:end])),),
            says={_LABEL: _named("whole", text, slug)},
        ),
    ]


def _named(name: str, text: DocumentText, slug: str) -> tuple[Literal, ...]:
    names = message(f"label.{name}", slug=slug)
    return tuple(Literal(names.get(it, names["fr"]), language=it) for it in text.languages)
