"""Turtle and TriG as texts: objects are changed and statements added, everything else stays."""

from collections.abc import Callable, Mapping
from typing import Final

from rallynov_graph.rdf.turtle_text import GraphReader, TurtleToken

OtherObject = Callable[[str, str, str], str | None]
"""Returns what is written in place of an object, None for the same: subject, predicate, object.

Subject and predicate are IRIs; the object is an IRI in angle brackets, or a literal as it is
written.
"""
_INDENT: Final = "    "
_A: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


def changed(text: str, other: OtherObject, added: Mapping[str, str]) -> str:
    """Return a text with other objects, and with the statements added behind those of a thing.

    ``added`` has them by the IRI of that thing, with IRIs written out, which are shortened as the
    text does it. Raises RallynovError where the text is not understood.
    """
    reader = GraphReader(text)
    edits: list[tuple[int, int, str]] = []
    left = dict(added)
    for graph in reader.graphs():
        for block in graph.blocks:
            subject = _iri(reader, block.subject)
            for leaf in block.leaves:
                verb = _A if leaf.verb[0].text == "a" else _iri(reader, leaf.verb)
                written = _iri(reader, leaf.object)
                value = f"<{written}>" if written else leaf.object[0].text
                new = other(subject, verb, value) if subject and verb else None
                if new is not None:
                    start, end = leaf.object[0].start, leaf.object[-1].end
                    edits.append((start, end, reader.shortened(new)))
            if block.leaves and block.leaves[-1].marks and subject in left:
                end = block.leaves[-1].marks[-1].end
                statements = reader.shortened(left.pop(subject))
                lines = "".join(f"\n{_INDENT}{line}" for line in statements.splitlines())
                edits.append((end, end, f"\n{lines}"))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _iri(reader: GraphReader, term: tuple[TurtleToken, ...]) -> str:
    """Return the IRI that a term is; the empty string for any other term."""
    return (reader.iri(term[0]) or "") if len(term) == 1 else ""
