"""A document as an edition: its text or what is known of it, with its facts in the margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.documents import LoadedTexts
from rallynov_graph.site.carnet.contents import CHOICES, Chapter, DocumentContents, DocumentFacet
from rallynov_graph.site.carnet.parts import PartWriter, ShownPart
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange
from rallynov_graph.site.model.passages import (
    SourceDocument,
    language_of_document,
    pages_of,
    parts_of,
    text_of_parts,
)
from rallynov_graph.site.model.printed_text import Position

_PARTS_BEFORE: Final = 8
"""How many parts a page had as long as pages were counted by parts alone."""
_MOST_CHAPTERS: Final = 40
_ISSUED: Final = NamedNode(PREFIXES["dcterms"] + "issued")


@dataclass(frozen=True)
class ListedDocument:
    """A document, and where it is read from its first part to its last."""

    node: Node
    href: str
    has_text: bool
    issued: str = ""
    """When it was issued, in words."""


@dataclass(frozen=True)
class ContentsEntry:
    """A stage, or a part that tells of none, in the bar above the text."""

    node: Node | None
    """None for the parts before the first stage, where they are several."""
    href: str
    anchors: str
    """The names of its parts on this page."""
    is_here: bool
    """Whether the page begins with it."""


@dataclass(frozen=True)
class FollowedThing:
    """A theme or a voice that a reader may follow, and in how many parts it is."""

    node: Node
    href: str
    parts: int
    is_chosen: bool


@dataclass(frozen=True)
class CarnetRequest:
    """What a reader asks of a document: which page, and what is followed through it."""

    number: int = 1
    facet: str = ""
    thing: str = ""
    """The IRI of a theme or a voice; empty for the whole document."""


@dataclass(frozen=True)
class CarnetPage:
    """A page of a document."""

    document: Node
    issued: Node | None
    number: int
    """Of the document among all, from 1."""
    documents: int
    contents: tuple[ContentsEntry, ...]
    themes: tuple[FollowedThing, ...]
    voices: tuple[FollowedThing, ...]
    chosen: FollowedThing | None
    all_parts: int
    whole: str
    """The address of the whole document."""
    parts: tuple[ShownPart, ...]
    pages: PageRange
    with_text: bool
    language: str
    """Of the text, where it is another than the page's."""
    query: str


def documents(
    view: GraphView, sources: Sequence[SourceDocument], texts: LoadedTexts
) -> tuple[ListedDocument, ...]:
    """Return the documents that have an address of ours, the earliest first."""
    nodes = view.nodes(NamedNode(it.iri) for it in sources)
    return tuple(
        ListedDocument(
            nodes[NamedNode(it.iri)],
            view.addresses.path(f"/carnet/{slug}"),
            it.iri in texts.of_documents,
            it.date(view.language),
        )
        for it in sources
        if view.addresses.kind(it.iri) == "document" and (slug := it.iri.rpartition("/")[2])
    )


class UnknownChoice(LookupError):
    """A document has no such theme or voice; carries which of the two was asked for."""


def carnet_page(
    view: GraphView,
    document: str,
    wanted: CarnetRequest,
    texts: LoadedTexts,
    listed: Sequence[ListedDocument] = (),
) -> CarnetPage | None:
    """Return a page of a document's parts; None where it has no parts or not so many pages.

    Raises UnknownChoice where the document has no such theme or voice.
    """
    parts = parts_of(view, document)
    contents = DocumentContents.read(view, document)
    choices = {facet: contents.choices(view, facet) for facet in CHOICES}
    chosen = _chosen(choices, wanted)
    whole = pages_of(view, document, parts)
    pages = whole
    if chosen:
        pages = pages_of(view, document, [part for part in parts if part in chosen.parts])
    if not 1 <= wanted.number <= len(pages):
        return None
    shown = pages[wanted.number - 1]
    places = _Places(view, document, wanted)
    chapters = contents.chapters([*parts])
    stages = {part: chapter.stage for chapter in chapters for part in chapter.parts}
    writer = PartWriter(
        view,
        text_of_parts(view, document),
        [*parts.items()],
        shown,
        stages,
        texts.of_documents.get(document),
        wanted.thing,
    )
    nodes = view.nodes(parts)
    followed = {
        facet: tuple(places.choice(facet, choice, choice is chosen) for choice in found)
        for facet, found in choices.items()
    }
    themes, voices = (followed[facet] for facet in CHOICES)
    order = [it.node.iri for it in listed]
    return CarnetPage(
        view.node(document),
        _issued(view, document),
        order.index(document) + 1 if document in order else 1,
        max(1, len(order)),
        tuple(_contents(view, chapters, whole, parts, nodes, shown, places)),
        themes,
        voices,
        next((it for it in (*themes, *voices) if it.is_chosen), None),
        len(parts),
        places.whole(1),
        writer.parts(nodes),
        places.pages(len(pages)),
        document in texts.of_documents,
        language_of_document(view, document),
        readable(writer.query),
    )


def moved_page(view: GraphView, document: str, wanted: CarnetRequest) -> str | None:
    """Return where the parts are now of a page that was, when pages had fewer parts; else None."""
    parts = [*parts_of(view, document)]
    before = parts[(wanted.number - 1) * _PARTS_BEFORE :]
    if not before or wanted.facet:
        return None
    pages = pages_of(view, document, parts)
    number = next(number for number, shown in enumerate(pages, 1) if before[0] in shown)
    return _Places(view, document, wanted).whole(number)


def _issued(view: GraphView, document: str) -> Node | None:
    rows = view.queries.rows("values", thing=NamedNode(document), property=_ISSUED).rows
    return next((view.value(value) for *_, value in rows if isinstance(value, Literal)), None)


def _chosen(
    choices: Mapping[str, Iterable[DocumentFacet]], wanted: CarnetRequest
) -> DocumentFacet | None:
    if not wanted.facet:
        return None
    for choice in choices[wanted.facet]:
        if choice.node.iri == wanted.thing:
            return choice
    raise UnknownChoice(wanted.facet)


class _Places:
    """Where the pages of a document are."""

    def __init__(self, view: GraphView, document: str, wanted: CarnetRequest) -> None:
        self._view, self._request = view, wanted
        self._path = f"/carnet/{document.rpartition('/')[2]}"

    def whole(self, number: int, anchor: str = "") -> str:
        """Return the address of a page of the whole document."""
        return self._view.addresses.path(self._path, [_numbered(number)], anchor)

    def choice(self, facet: str, choice: DocumentFacet, is_chosen: bool) -> FollowedThing:
        """Return a theme or a voice with its address."""
        query = [(facet, self._view.addresses.short_or_iri(choice.node.iri))]
        href = self._view.addresses.path(self._path, query)
        return FollowedThing(choice.node, href, len(choice.parts), is_chosen)

    def pages(self, count: int) -> PageRange:
        """Return the pages before and after that which is read."""
        number = self._request.number
        before = self._page(number - 1) if number > 1 else None
        return PageRange(number, count, before, self._page(number + 1) if number < count else None)

    def _page(self, number: int) -> str:
        query = [_numbered(number)]
        if self._request.facet:
            query.insert(
                0, (self._request.facet, self._view.addresses.short_or_iri(self._request.thing))
            )
        return self._view.addresses.path(self._path, query)


def _in_bar(chapters: Sequence[Chapter], shown: Sequence[Term]) -> Sequence[Chapter]:
    """Return the chapters that the bar names: where they are very many, those near the page."""
    if len(chapters) <= _MOST_CHAPTERS:
        return chapters
    on_page = [n for n, it in enumerate(chapters) if not set(shown).isdisjoint(it.parts)]
    start = max(0, min(on_page, default=0) - 2)
    near = chapters[start : max(on_page, default=0) + 3][:_MOST_CHAPTERS]
    return [*dict.fromkeys((chapters[0], *near, chapters[-1]))]


def _numbered(number: int) -> tuple[str, str]:
    return "page", str(number) if number > 1 else ""


def _contents(
    view: GraphView,
    chapters: Sequence[Chapter],
    pages: Sequence[Sequence[Term]],
    parts: Mapping[Term, tuple[Position, Text | None]],
    nodes: Mapping[Term, Node],
    shown: Sequence[Term],
    places: _Places,
) -> Iterable[ContentsEntry]:
    page_of = {part: number for number, page in enumerate(pages, 1) for part in page}
    anchors = {part: f"part-{at.start}-{at.end}" for part, (at, _) in parts.items()}
    stages = view.nodes(chapter.stage for chapter in chapters)
    for chapter in _in_bar(chapters, shown):
        first, shown_parts = chapter.parts[0], [part for part in chapter.parts if part in shown]
        node: Node | None = nodes[first]
        if chapter.stage is not None:
            node = stages[chapter.stage]
        elif len(chapter.parts) > 1:
            node = None if chapter is chapters[0] else nodes[first]
        yield ContentsEntry(
            node,
            places.whole(page_of[first], anchors[first]),
            " ".join(anchors[part] for part in shown_parts),
            bool(shown) and shown[0] in chapter.parts,
        )
