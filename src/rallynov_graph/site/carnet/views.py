"""The documents as editions: the text, and beside each passage what was taken from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, cast

from flask import Blueprint, Response, make_response, redirect
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.documents import LoadedTexts
from rallynov_graph.site.carnet.contents import CHOICES, Chapter, DocumentContents, DocumentFacet
from rallynov_graph.site.carnet.parts import PartWriter, ShownPart
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import paginate
from rallynov_graph.site.model.passages import (
    language_of_document,
    pages_of,
    parts_of,
    place_in_carnet,
    position_of,
    text_of_parts,
)
from rallynov_graph.site.model.printed_text import Position
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import (
    BadParameterError,
    Missing,
    missing,
    require_own_graph,
)
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.params import (
    Certainty,
    Of,
    PageNumber,
    Params,
    Wrong,
    iri_node,
    params,
    read_iri,
)
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.site import SourceDocument

blueprint = Blueprint("carnet", __name__)
_PLACE: Final = re.compile("[0-9]{1,12}-[0-9]{1,12}")
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


def _followed(text: str) -> str:
    is_whole = text.startswith(("http:", "https:"))
    return read_iri(text if is_whole else f"{site().base}id/{text}") if text else ""


Followed = Annotated[str, Of(_followed, {"type": "string", "description": "kind/slug, or an IRI"})]


@dataclass(frozen=True)
class CarnetParams(Params):
    """Which page of a document, and the theme or else the voice that is followed through it."""

    page: PageNumber = 1
    theme: Followed = ""
    voice: Followed = ""
    certainty: Certainty = LEAST_SURE

    @property
    def facet(self) -> str:
        """What is followed: theme, voice, or nothing."""
        return "theme" if self.theme else "voice" if self.voice else ""

    @property
    def thing(self) -> str:
        """The IRI of what is followed; empty for the whole document."""
        return self.theme or self.voice


@blueprint.get("/carnet")
def carnets() -> Response:
    """Show which documents there are to read; lead to the only one."""
    found = _documents()
    if len(found) == 1:
        return cast(Response, redirect(found[0].href, 303))
    return make_response(page("carnet/carnets.html", documents=found))


@blueprint.get("/carnet/texts.json")
def texts() -> Response:
    """Serve the printed words of the passages of each text, by which a copy of it is known."""
    require_own_graph()
    found: dict[str, dict[tuple[int, int], list[str]]] = {}
    for sha256, start, end, printed in view().cached_rows("printed_words").rows:
        at = position_of(start, end)
        of_text = found.setdefault(getattr(sha256, "value", ""), {})
        of_text.setdefault((at.start, at.end), []).append(getattr(printed, "value", ""))
    of_texts = {it: [(*at, them) for at, them in of.items()] for it, of in found.items()}
    return Response(json.dumps(of_texts, ensure_ascii=False), content_type="application/json")


@blueprint.get("/carnet/<slug>")
def carnet(slug: str) -> Response:
    """Show a document part by part; with a suffix, give what the graph says of its passages."""
    stem, dot, suffix = slug.rpartition(".")
    g, texts, listed = view(), site().texts, _documents()
    iri = iri_node(f"{site().base}id/document/{stem if dot else slug}").value
    p, parts = params(CarnetParams), parts_of(g, iri)
    contents = DocumentContents.read(g, iri)
    choices = {facet: contents.choices(g, facet) for facet in CHOICES}
    chosen = _chosen(choices, p)

    def address(number: int, anchor: str = "", **followed: str) -> str:
        query = [*followed.items(), ("page", str(number) if number > 1 else "")]
        return g.addresses.path(f"/carnet/{iri.rpartition('/')[2]}", query, anchor)

    def beside(number: int) -> str:
        return address(number, **({p.facet: g.addresses.short_or_iri(p.thing)} if chosen else {}))

    whole = pages = pages_of(g, iri, parts)
    if chosen:
        pages = pages_of(g, iri, [part for part in parts if part in chosen.parts])
    found = paginate(pages, p.page, 1, beside) if pages else None
    if found is None:
        now = None if chosen else _moved([*parts], whole, p.page)
        if now is None:
            raise missing(iri, "document", stem if dot else slug)
        return cast(Response, redirect(address(now), 301))
    (shown,), page_range = found
    chapters = contents.chapters([*parts])
    stages = {part: chapter.stage for chapter in chapters for part in chapter.parts}
    text, nodes = texts.of_documents.get(iri), g.nodes(parts)
    writer = PartWriter(g, text_of_parts(g, iri), [*parts.items()], shown, stages, text, p.thing)
    shown_parts = writer.parts(nodes)
    if dot:
        return page_files.of_things(_passages(shown_parts), suffix, stem)
    document, order = g.node(iri), [it.node.iri for it in listed]
    title = f"{document.text}{words()['site.colon']} {words()['nav.carnet'].lower()}"
    body = page(
        "carnet/carnet.html",
        document=document,
        issued=_issued(g, iri),
        number=order.index(iri) + 1 if iri in order else 1,
        documents=max(1, len(order)),
        contents=[*_contents(g, chapters, whole, parts, nodes, shown, address)],
        followed={
            facet: [
                (it, address(1, **{facet: g.addresses.short_or_iri(it.node.iri)})) for it in them
            ]
            for facet, them in choices.items()
        },
        chosen=chosen,
        all_parts=len(parts),
        whole=address(1),
        parts=shown_parts,
        pages=page_range,
        with_text=text is not None,
        text_language=language_of_document(g, iri),
        query=readable(writer.query),
        certainty=p.certainty,
        cite=cited(title, f"/carnet/{slug}"),
    )
    response = make_response(body)
    if text is not None:
        keep_nowhere(response)
    return response


@blueprint.get("/carnet/<slug>/<place>")
def passage(slug: str, place: str) -> Response:
    """Lead to a passage among the others; ``place`` is the positions where it begins and ends."""
    require_own_graph()
    if not _PLACE.fullmatch(place):
        raise Missing
    name = f"{slug}-{place}"
    iri = iri_node(f"{site().base}id/passage/{name}").value
    address = place_in_carnet(view(), iri, params(CarnetParams).certainty)
    if address is None:
        raise missing(iri, "passage", name)
    return cast(Response, redirect(address, 303))


def _documents() -> tuple[ListedDocument, ...]:
    require_own_graph()
    return documents(view(), site().source_documents, site().texts)


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


def _chosen(
    choices: Mapping[str, Iterable[DocumentFacet]], wanted: CarnetParams
) -> DocumentFacet | None:
    """Return what is followed; raise BadParameterError where the document has no such thing."""
    if not wanted.facet:
        return None
    for choice in choices[wanted.facet]:
        if choice.node.iri == wanted.thing:
            return choice
    raise BadParameterError(Wrong(f"{wanted.facet}_of_document").of(wanted.facet))


def _moved(parts: Sequence[Term], pages: Sequence[Sequence[Term]], number: int) -> int | None:
    """Return which page has the parts of one that was, when pages had fewer; None for no such."""
    before = parts[(number - 1) * _PARTS_BEFORE :]
    return (
        next((n for n, shown in enumerate(pages, 1) if before[0] in shown), 1) if before else None
    )


def _issued(view: GraphView, document: str) -> Node | None:
    rows = view.queries.rows("values", thing=NamedNode(document), property=_ISSUED).rows
    return next((view.value(value) for *_, value in rows if isinstance(value, Literal)), None)


def _passages(parts: Iterable[ShownPart]) -> Iterator[str]:
    """Yield the passages of a page and what says something there."""
    for row in (row for part in parts for row in part.rows):
        yield from (passage.node.iri for passage in row.passages)
        yield from dict.fromkeys(card.evidence.source.iri for card in (*row.cards, *row.more))


def _in_bar(chapters: Sequence[Chapter], shown: Sequence[Term]) -> Sequence[Chapter]:
    """Return the chapters that the bar names: where they are very many, those near the page."""
    if len(chapters) <= _MOST_CHAPTERS:
        return chapters
    on_page = [n for n, it in enumerate(chapters) if not set(shown).isdisjoint(it.parts)]
    start = max(0, min(on_page, default=0) - 2)
    near = chapters[start : max(on_page, default=0) + 3][:_MOST_CHAPTERS]
    return [*dict.fromkeys((chapters[0], *near, chapters[-1]))]


def _contents(
    view: GraphView,
    chapters: Sequence[Chapter],
    pages: Sequence[Sequence[Term]],
    parts: Mapping[Term, tuple[Position, Text | None]],
    nodes: Mapping[Term, Node],
    shown: Sequence[Term],
    address: Callable[[int, str], str],
) -> Iterable[tuple[Node | None, str, str, bool]]:
    """Yield the stages of the bar above the text, and the parts that tell of none.

    Each has its address, the names of its parts on this page, and whether the page begins with it.
    The parts before the first stage have no name where they are several.
    """
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
        yield (
            node,
            address(page_of[first], anchors[first]),
            " ".join(anchors[part] for part in shown_parts),
            bool(shown) and shown[0] in chapter.parts,
        )
