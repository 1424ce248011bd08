"""Where a passage is read among the others of its document, and in which language."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.passages.source import Position

PARTS: Final = 8
"""How many parts a page shows."""


MOST: Final = 60
"""How many passages of a part are shown; its own page leads to the others."""


_LANGUAGES: Final = {"FRA": "fr", "ENG": "en"}


def place_in_carnet(view: GraphView, iri: str, certainty: str) -> str | None:
    """Return the address where a passage or part is read among the others; None where it is not."""
    asked = (NamedNode(PREFIXES["oa"] + "hasSource"), NamedNode(PREFIXES["dcterms"] + "isPartOf"))
    rows = view.queries.rows("values", thing=NamedNode(iri), property=asked).rows
    around = [NamedNode(iri), *(value for *_, value in rows if isinstance(value, NamedNode))]
    for document in (term for term in around if view.addresses.kind(term.value) == "document"):
        told = parts_of(view, document.value)
        part = next((term for term in around if term in told), None)
        if part is not None:
            number = [*told].index(part) // PARTS + 1
            pairs = [
                ("certainty", "" if certainty == LEAST_SURE else certainty),
                ("page", str(number) if number > 1 else ""),
            ]
            anchor = _anchor(view, iri, part, told[part][0])
            slug = document.value.rpartition("/")[2]
            return view.addresses.path(f"/carnet/{slug}", pairs, anchor)
    return None


def _anchor(view: GraphView, iri: str, part: NamedNode, where: Position) -> str:
    """Return where a passage stands on a page; its part, where that shows others before it."""
    rows = view.queries.rows("passages_of_part", part=part)
    shown = dict.fromkeys((r["passage"], r["start"], r["end"]) for r in rows)
    for passage, start, end in [*shown][:MOST]:
        if passage == NamedNode(iri):
            place = position_of(start, end)
            return f"p-{place.start}-{place.end}"
    return f"part-{where.start}-{where.end}"


def parts_of(view: GraphView, document: str) -> dict[Term, tuple[Position, Text | None]]:
    found: dict[Term, tuple[Position, list[Text]]] = {}
    rows = view.queries.rows("parts_in_order", document=NamedNode(document)).rows
    for part, start, end, reason in rows:
        assert part is not None
        _, reasons = found.setdefault(part, (position_of(start, end), []))
        if isinstance(reason, Literal):
            reasons.append(Text(reason.value, reason.language or ""))
    return {part: (where, view.best(reasons)) for part, (where, reasons) in found.items()}


def position_of(start: Term | None, end: Term | None) -> Position:
    assert isinstance(start, Literal) and isinstance(end, Literal)
    return Position(int(start.value), int(end.value))


def spoken_in(view: GraphView, document: str) -> str:
    """Return the language of a document where it is another than the page's."""
    spoken = NamedNode(PREFIXES["dcterms"] + "language")
    rows = view.queries.rows("values", thing=NamedNode(document), property=spoken).rows
    codes = (v.value.rpartition("/")[2] for *_, v in rows if isinstance(v, NamedNode))
    found = next((_LANGUAGES[code] for code in codes if code in _LANGUAGES), "")
    return "" if found == view.language else found
