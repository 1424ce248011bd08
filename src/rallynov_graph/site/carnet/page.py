"""A document from its first part to its last: its passages, and what was taken from each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.evidence import CERTAINTIES
from rallynov_graph.site.model.nodes import Lens, Node
from rallynov_graph.site.model.ordering import Pages
from rallynov_graph.site.model.passages.marked_text import Segment, segments
from rallynov_graph.site.model.passages.source import Facts, Position, facts_of_sets

PARTS: Final = 8
"""How many parts a page shows."""
MOST: Final = 60
"""How many passages of a part are shown; its own page leads to the others."""
IDENTITY: Final = "document_identity"
"""The question that tells the documents there are."""
_LANGUAGES: Final = {"FRA": "fr", "ENG": "en"}


@dataclass(frozen=True)
class Listed:
    """A document, and where it is read from its first part to its last."""

    node: Node
    href: str


@dataclass(frozen=True)
class Entry:
    """A part in the table of contents."""

    node: Node
    position: Position
    href: str


@dataclass(frozen=True)
class Passage:
    """A passage with the assertion sets that it carries."""

    node: Node
    position: Position
    facts: tuple[Facts, ...]
    also: tuple[Node, ...]
    """The sets it carries together with an earlier passage, beside which their facts stand."""


@dataclass(frozen=True)
class Part:
    """A part with its passages in order; with its text where the reader has given it."""

    node: Node
    position: Position
    reason: Text | None
    """Why no fact was taken from it."""
    passages: tuple[Passage, ...]
    more: int
    """How many passages are not shown."""
    text: tuple[Segment, ...]


@dataclass(frozen=True)
class CarnetPage:
    """A page of a document."""

    document: Node
    certainty: str
    contents: tuple[Entry, ...]
    parts: tuple[Part, ...]
    pages: Pages
    with_text: bool
    language: str
    """Of the text, where it is another than the page's."""
    query: str


def documents(lens: Lens, catalogue: Catalogue) -> tuple[Listed, ...]:
    """Return the documents that passages point into and that have an address of ours."""
    rows = lens.store.select(catalogue.question(IDENTITY).bind())
    found = dict.fromkeys(row["document"] for row in rows)
    nodes = lens.nodes(found)
    return tuple(
        Listed(node, lens.addresses.path(f"/carnet/{short.partition('/')[2]}"))
        for node in nodes.values()
        if (short := lens.addresses.short(node.iri) or "").startswith("document/")
    )


def carnet_page(
    lens: Lens, document: str, certainty: str, number: int, texts: Mapping[str, str]
) -> CarnetPage | None:
    """Return a page of a document's parts; None where it has no parts or not so many pages."""
    told = _parts(lens, document)
    count = -(-len(told) // PARTS)
    if not 1 <= number <= count:
        return None
    nodes = lens.nodes(told)
    shown = [*told][(number - 1) * PARTS : number * PARTS]
    writer = _Writer(
        lens, certainty, [p for p in shown if isinstance(p, NamedNode)], texts.get(document)
    )
    path = f"/carnet/{document.rpartition('/')[2]}"
    asked = ("certainty", "" if certainty == "tentative" else certainty)

    def at(page: int, anchor: str = "") -> str:
        query = [asked, ("page", str(page) if page > 1 else "")]
        return lens.addresses.path(path, query, anchor)

    return CarnetPage(
        lens.node(document),
        certainty,
        tuple(
            Entry(nodes[part], where, at(place // PARTS + 1, f"part-{where.start}-{where.end}"))
            for place, (part, (where, _)) in enumerate(told.items())
        ),
        tuple(writer.part(nodes[part], *told[part]) for part in shown),
        Pages(
            number,
            count,
            at(number - 1) if number > 1 else None,
            at(number + 1) if number < count else None,
        ),
        document in texts,
        spoken_in(lens, document),
        readable(writer.query),
    )


def place_in_carnet(lens: Lens, iri: str, certainty: str) -> str | None:
    """Return the address where a passage or part is read among the others; None where it is not."""
    asked = (NamedNode(PREFIXES["oa"] + "hasSource"), NamedNode(PREFIXES["dcterms"] + "isPartOf"))
    rows = lens.queries.rows("values", thing=NamedNode(iri), property=asked).rows
    around = [NamedNode(iri), *(value for *_, value in rows if isinstance(value, NamedNode))]
    for document in (term for term in around if lens.addresses.kind(term.value) == "document"):
        told = _parts(lens, document.value)
        part = next((term for term in around if term in told), None)
        if part is not None:
            number = [*told].index(part) // PARTS + 1
            pairs = [
                ("certainty", "" if certainty == CERTAINTIES[-1] else certainty),
                ("page", str(number) if number > 1 else ""),
            ]
            anchor = _anchor(lens, iri, part, told[part][0])
            slug = document.value.rpartition("/")[2]
            return lens.addresses.path(f"/carnet/{slug}", pairs, anchor)
    return None


def _anchor(lens: Lens, iri: str, part: NamedNode, where: Position) -> str:
    """Return where a passage stands on a page; its part, where that shows others before it."""
    rows = lens.queries.rows("passages_of_part", part=part)
    shown = dict.fromkeys((r["passage"], r["start"], r["end"]) for r in rows)
    for passage, start, end in [*shown][:MOST]:
        if passage == NamedNode(iri):
            place = _position(start, end)
            return f"p-{place.start}-{place.end}"
    return f"part-{where.start}-{where.end}"


class _Writer:
    """Writes the parts of one page; what it asks of the graph it asks for all of them at once."""

    def __init__(
        self, lens: Lens, certainty: str, parts: list[NamedNode], text: str | None
    ) -> None:
        self._lens, self._text = lens, text
        admitted = {NamedNode(RN + how) for how in CERTAINTIES[: CERTAINTIES.index(certainty) + 1]}
        asked = [part for part in parts if isinstance(part, NamedNode)]
        self.query = lens.queries.text("passages_of_part", part=asked)
        self._passages: dict[str, dict[Term, tuple[Position, list[str]]]] = {}
        for part, passage, start, end, told, how in lens.queries.rows(
            "passages_of_part", part=asked
        ).rows:
            assert isinstance(part, NamedNode) and passage is not None
            known = self._passages.setdefault(part.value, {})
            _, sets = known.setdefault(passage, (_position(start, end), []))
            if isinstance(told, NamedNode) and how in admitted and told.value not in sets:
                sets.append(told.value)
        self._facts = facts_of_sets(lens, self._sets())
        self._nodes = lens.nodes(p for known in self._passages.values() for p in known)

    def _sets(self) -> Iterable[str]:
        for known in self._passages.values():
            for _, sets in [*known.values()][:MOST]:
                yield from sets

    def part(self, node: Node, where: Position, reason: Text | None) -> Part:
        """Return a part; the facts of a set stand beside the first passage that carries it."""
        known = self._passages.get(node.iri, {})
        shown = [*known.items()][:MOST]
        placed: set[str] = set()
        passages = []
        for passage, (position, sets) in shown:
            facts = [self._facts[s] for s in sets if s in self._facts]
            own = tuple(f for f in facts if f.evidence.source.iri not in placed)
            also = tuple(f.evidence.source for f in facts if f.evidence.source.iri in placed)
            placed.update(f.evidence.source.iri for f in own)
            own = tuple(sorted(own, key=lambda f: f.evidence.rank))
            passages.append(Passage(self._nodes[passage], position, own, also))
        text = () if self._text is None else self._marked(where, [p.position for p in passages])
        return Part(node, where, reason, tuple(passages), len(known) - len(shown), text)

    def _marked(self, where: Position, passages: list[Position]) -> tuple[Segment, ...]:
        assert self._text is not None
        return segments(self._text, where, passages)


def _parts(lens: Lens, document: str) -> dict[Term, tuple[Position, Text | None]]:
    found: dict[Term, tuple[Position, list[Text]]] = {}
    rows = lens.queries.rows("parts_in_order", document=NamedNode(document)).rows
    for part, start, end, reason in rows:
        assert part is not None
        _, reasons = found.setdefault(part, (_position(start, end), []))
        if isinstance(reason, Literal):
            reasons.append(Text(reason.value, reason.language or ""))
    return {part: (where, lens.best(reasons)) for part, (where, reasons) in found.items()}


def _position(start: Term | None, end: Term | None) -> Position:
    assert isinstance(start, Literal) and isinstance(end, Literal)
    return Position(int(start.value), int(end.value))


def spoken_in(lens: Lens, document: str) -> str:
    """Return the language of a document where it is another than the page's."""
    spoken = NamedNode(PREFIXES["dcterms"] + "language")
    rows = lens.queries.rows("values", thing=NamedNode(document), property=spoken).rows
    codes = (v.value.rpartition("/")[2] for *_, v in rows if isinstance(v, NamedNode))
    found = next((_LANGUAGES[code] for code in codes if code in _LANGUAGES), "")
    return "" if found == lens.language else found
