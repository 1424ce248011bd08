"""A document from its first part to its last: its passages, and what was taken from each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE, admitted
from rallynov_graph.base.namespaces import RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange
from rallynov_graph.site.model.passages.marked_text import Segment, segments
from rallynov_graph.site.model.passages.place_in_document import (
    MOST,
    PARTS,
    language_of_document,
    parts_of,
    position_of,
)
from rallynov_graph.site.model.passages.source import GraphFacts, Position, facts_of_sets

IDENTITY: Final = "document_identity"
"""The question that tells the documents there are."""


@dataclass(frozen=True)
class ListedDocument:
    """A document, and where it is read from its first part to its last."""

    node: Node
    href: str


@dataclass(frozen=True)
class ContentsEntry:
    """A part in the table of contents."""

    node: Node
    position: Position
    href: str


@dataclass(frozen=True)
class Passage:
    """A passage with the assertion sets that it carries."""

    node: Node
    position: Position
    facts: tuple[GraphFacts, ...]
    also: tuple[Node, ...]
    """The sets it carries together with an earlier passage, beside which their facts stand."""


@dataclass(frozen=True)
class ShownPart:
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
    contents: tuple[ContentsEntry, ...]
    parts: tuple[ShownPart, ...]
    pages: PageRange
    with_text: bool
    language: str
    """Of the text, where it is another than the page's."""
    query: str


def documents(view: GraphView, catalogue: Catalogue) -> tuple[ListedDocument, ...]:
    """Return the documents that passages point into and that have an address of ours."""
    rows = view.store.select(catalogue.question(IDENTITY).bind())
    found = dict.fromkeys(row["document"] for row in rows)
    nodes = view.nodes(found)
    return tuple(
        ListedDocument(node, view.addresses.path(f"/carnet/{short.partition('/')[2]}"))
        for node in nodes.values()
        if (short := view.addresses.short(node.iri) or "").startswith("document/")
    )


def carnet_page(
    view: GraphView, document: str, certainty: str, number: int, texts: Mapping[str, str]
) -> CarnetPage | None:
    """Return a page of a document's parts; None where it has no parts or not so many pages."""
    told = parts_of(view, document)
    count = -(-len(told) // PARTS)
    if not 1 <= number <= count:
        return None
    nodes = view.nodes(told)
    shown = [*told][(number - 1) * PARTS : number * PARTS]
    writer = _PartWriter(
        view, certainty, [p for p in shown if isinstance(p, NamedNode)], texts.get(document)
    )
    path = f"/carnet/{document.rpartition('/')[2]}"
    asked = ("certainty", "" if certainty == LEAST_SURE else certainty)

    def at(page: int, anchor: str = "") -> str:
        query = [asked, ("page", str(page) if page > 1 else "")]
        return view.addresses.path(path, query, anchor)

    return CarnetPage(
        view.node(document),
        certainty,
        tuple(
            ContentsEntry(
                nodes[part], where, at(place // PARTS + 1, f"part-{where.start}-{where.end}")
            )
            for place, (part, (where, _)) in enumerate(told.items())
        ),
        tuple(writer.part(nodes[part], *told[part]) for part in shown),
        PageRange(
            number,
            count,
            at(number - 1) if number > 1 else None,
            at(number + 1) if number < count else None,
        ),
        document in texts,
        language_of_document(view, document),
        readable(writer.query),
    )


class _PartWriter:
    """Writes the parts of one page; what it asks of the graph it asks for all of them at once."""

    def __init__(
        self, view: GraphView, certainty: str, parts: list[NamedNode], text: str | None
    ) -> None:
        self._view, self._text = view, text
        enough = {NamedNode(RN + how) for how in admitted(certainty)}
        asked = [part for part in parts if isinstance(part, NamedNode)]
        self.query = view.queries.text("passages_of_part", part=asked)
        self._passages: dict[str, dict[Term, tuple[Position, list[str]]]] = {}
        for part, passage, start, end, told, how in view.queries.rows(
            "passages_of_part", part=asked
        ).rows:
            assert isinstance(part, NamedNode) and passage is not None
            known = self._passages.setdefault(part.value, {})
            _, sets = known.setdefault(passage, (position_of(start, end), []))
            if isinstance(told, NamedNode) and how in enough and told.value not in sets:
                sets.append(told.value)
        self._facts = facts_of_sets(view, self._sets())
        self._nodes = view.nodes(p for known in self._passages.values() for p in known)

    def _sets(self) -> Iterable[str]:
        for known in self._passages.values():
            for _, sets in [*known.values()][:MOST]:
                yield from sets

    def part(self, node: Node, where: Position, reason: Text | None) -> ShownPart:
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
        return ShownPart(node, where, reason, tuple(passages), len(known) - len(shown), text)

    def _marked(self, where: Position, passages: list[Position]) -> tuple[Segment, ...]:
        assert self._text is not None
        return segments(self._text, where, passages)
