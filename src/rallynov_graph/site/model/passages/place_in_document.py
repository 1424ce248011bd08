"""Where a passage stands: in which text and part of its document, among which others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.passages.source import Position

PARTS: Final = 40
"""How many parts a page shows at most."""
PASSAGES: Final = 250
"""How many passages a page shows, or those of one part."""

MOST: Final = 60
"""How many passages of a part a page shows; the part's own page has the others."""


@dataclass(frozen=True)
class PassagePlace:
    """Where a passage lies, by IRIs: the text, its document, the part, empty for a part itself."""

    text: str
    document: str
    part: str = ""


_LANGUAGES: Final = {"FRA": "fr", "ENG": "en"}


def place_in_carnet(view: GraphView, iri: str, certainty: str) -> str | None:
    """Return the address of a passage or part on the carnet's pages; None where it has none."""
    place = places_of(view, [iri]).get(iri)
    if place is None or view.addresses.kind(place.document) != "document":
        return None
    parts = parts_of(view, place.document)
    itself_or_part = (NamedNode(it) for it in (iri, place.part) if it)
    part = next((term for term in itself_or_part if term in parts), None)
    if part is None:
        return None
    pages = pages_of(view, place.document, parts)
    number = next(n for n, shown in enumerate(pages, 1) if part in shown)
    pairs = [
        ("certainty", "" if certainty == LEAST_SURE else certainty),
        ("page", str(number) if number > 1 else ""),
    ]
    slug = place.document.rpartition("/")[2]
    anchor = _anchor(view, iri, part, parts[part][0])
    return view.addresses.path(f"/carnet/{slug}", pairs, anchor)


def places_of(view: GraphView, passages: Iterable[str]) -> dict[str, PassagePlace]:
    """Return where passages or parts lie, those that lie in a text of a document."""
    found: dict[str, PassagePlace] = {}
    rows = view.queries.rows("texts_of_passages", passage=map(NamedNode, passages)).rows
    for passage, *terms in rows:
        assert isinstance(passage, NamedNode)
        text, document, part = (getattr(term, "value", "") for term in terms)
        found.setdefault(passage.value, PassagePlace(text, document, part))
    return found


def _anchor(view: GraphView, iri: str, part: NamedNode, part_position: Position) -> str:
    """Return the anchor of a passage on a page; that of its part where the page leaves it out."""
    rows = view.queries.rows("passages_of_part", part=part)
    shown = dict.fromkeys((r["passage"], r["start"], r["end"]) for r in rows)
    for passage, start, end in [*shown][:MOST]:
        if passage == NamedNode(iri):
            place = position_of(start, end)
            return f"p-{place.start}-{place.end}"
    return f"part-{part_position.start}-{part_position.end}"


def pages_of(view: GraphView, document: str, parts: Iterable[Term]) -> list[list[Term]]:
    """Return which parts of a document each page shows."""
    rows = view.cached_rows("passages_by_part", document=NamedNode(document)).rows
    counts = {part: int(n.value) for part, n in rows if isinstance(n, Literal)}
    pages: list[list[Term]] = []
    room = 0
    for part in parts:
        needed = min(counts.get(part, 0), MOST)
        if not pages or len(pages[-1]) == PARTS or room < needed:
            pages.append([])
            room = PASSAGES
        pages[-1].append(part)
        room -= needed
    return pages


def parts_of(view: GraphView, document: str) -> dict[Term, tuple[Position, Text | None]]:
    """Return the parts of a document in order, with why nothing was taken from one."""
    found: dict[Term, tuple[Position, list[Text]]] = {}
    rows = view.cached_rows("parts_in_order", document=NamedNode(document)).rows
    for part, start, end, reason, _ in rows:
        assert part is not None
        _, reasons = found.setdefault(part, (position_of(start, end), []))
        if isinstance(reason, Literal):
            reasons.append(Text(reason.value, reason.language or ""))
    return {part: (position, view.best(reasons)) for part, (position, reasons) in found.items()}


def text_of_parts(view: GraphView, document: str) -> str:
    """Return the text in which the parts of a document lie; the empty string where it has none."""
    rows = view.cached_rows("parts_in_order", document=NamedNode(document)).rows
    return next((getattr(text, "value", "") for *_, text in rows), "")


def position_of(start: Term | None, end: Term | None) -> Position:
    """Return the position between two literals."""
    assert isinstance(start, Literal) and isinstance(end, Literal)
    return Position(int(start.value), int(end.value))


def language_of_document(view: GraphView, document: str) -> str:
    """Return the language of a document; the empty string where it is the page's, or unknown."""
    language_property = NamedNode(PREFIXES["dcterms"] + "language")
    rows = view.queries.rows("values", thing=NamedNode(document), property=language_property).rows
    codes = (v.value.rpartition("/")[2] for *_, v in rows if isinstance(v, NamedNode))
    found = next((_LANGUAGES[code] for code in codes if code in _LANGUAGES), "")
    return "" if found == view.language else found
