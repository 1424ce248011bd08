"""The documents as editions: the text, and beside each passage what was taken from it."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from flask import Blueprint, Response, make_response, redirect
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import HELD, state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.release.documents import LoadedTexts
from rallynov_graph.site.carnet.parts import PartWriter, ShownPart
from rallynov_graph.site.model.chapters import Chapter, chapters
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
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import (
    Missing,
    missing,
    require_own_graph,
)
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.params import (
    Certainty,
    PageNumber,
    Params,
    iri_node,
    params,
)
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.site import SourceDocument

blueprint = Blueprint("carnet", __name__)
_PLACE: Final = re.compile("[0-9]{1,12}-[0-9]{1,12}")
_MOST_CHAPTERS: Final = 40
_DIGEST: Final = NamedNode(RN + "sha256")
_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_STATUS: Final = NamedNode(RN + "status")
_ISSUED: Final = NamedNode(PREFIXES["dcterms"] + "issued")


@dataclass(frozen=True)
class ListedDocument:
    """A document, and the addresses of its chapters."""

    node: Node
    href: str
    has_text: bool
    issued: str = ""
    """When it was issued, in words."""


@dataclass(frozen=True)
class Contents:
    """A chapter as the road beside the text names it."""

    node: Node | None
    """Its stage, or its first part; None for the parts before the first stage."""
    page: int
    """The page that it begins on."""
    href: str
    is_here: bool
    is_ahead: bool
    """Whether its stage was not held, or the last one before it."""


@dataclass(frozen=True)
class CarnetParams(Params):
    """The chapter of a document, and how surely its facts are said at least."""

    page: PageNumber = 1
    certainty: Certainty = LEAST_SURE


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
    """Show a chapter of a document; with a suffix, give what the graph says of its passages."""
    stem, dot, suffix = slug.rpartition(".")
    g, texts, listed = view(), site().texts, _documents()
    iri = iri_node(f"{site().base}id/document/{stem if dot else slug}").value
    p, parts = params(CarnetParams), parts_of(g, iri)

    def address(number: int, anchor: str = "") -> str:
        query = [("page", str(number) if number > 1 else "")]
        return g.addresses.path(f"/carnet/{iri.rpartition('/')[2]}", query, anchor)

    pages = pages_of(g, iri, parts)
    found = paginate(pages, p.page, 1, address) if pages else None
    if found is None:
        raise missing(iri, "document", stem if dot else slug)
    (shown,), page_range = found
    of_document = chapters(g, iri, [*parts])
    stages = {part: chapter.stage for chapter in of_document for part in chapter.parts}
    text, nodes = texts.of_documents.get(iri), g.nodes(parts)
    extraction = text_of_parts(g, iri)
    writer = PartWriter(g, extraction, [*parts.items()], shown, stages, text)
    shown_parts = writer.parts(nodes)
    if dot:
        return page_files.of_things(_passages(shown_parts), suffix, stem)
    document, order = g.node(iri), [it.node.iri for it in listed]
    contents = [*_contents(g, of_document, pages, nodes, shown, address)]
    here = next(n for n, it in enumerate(contents) if it.is_here)
    title = f"{document.text}{words()['site.colon']} {words()['nav.carnet'].lower()}"
    body = page(
        "carnet/carnet.html",
        document=document,
        appeared=_issued(g, iri),
        number=order.index(iri) + 1 if iri in order else 1,
        documents=max(1, len(order)),
        contents=contents,
        here=here,
        parts=shown_parts,
        pages=page_range,
        starts=[(parts[it[0]][0].start, address(number)) for number, it in enumerate(pages, 1)],
        with_text=text is not None,
        sha256=_digest(g, extraction),
        text_language=language_of_document(g, iri),
        query=readable(writer.query),
        cite=cited(title, f"/carnet/{slug}"),
    )
    response = make_response(body)
    if text is not None:
        keep_nowhere(response)
    return response


@blueprint.get("/carnet/<slug>/<place>")
def passage(slug: str, place: str) -> Response:
    """Redirect to a passage in its chapter; ``place`` has its start and end positions."""
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


def _digest(view: GraphView, extraction: str) -> str:
    """Return the digest by which a reader's file of a text is known."""
    rows = view.queries.rows("values", thing=NamedNode(extraction), property=_DIGEST).rows
    return next((value.value for *_, value in rows if isinstance(value, Literal)), "")


def _issued(view: GraphView, document: str) -> Node | None:
    rows = view.queries.rows("values", thing=NamedNode(document), property=_ISSUED).rows
    return next((view.value(value) for *_, value in rows if isinstance(value, Literal)), None)


def _passages(parts: Iterable[ShownPart]) -> Iterator[str]:
    """Yield the passages of a page and what says something there."""
    for part in parts:
        yield from (passage.node.iri for passage in part.passages)
        facts = (*part.facts, *part.more_facts)
        yield from dict.fromkeys(card.evidence.source.iri for card in facts)


def _near(chapters: Sequence[Chapter], shown: Sequence[Term]) -> Sequence[Chapter]:
    """Return the chapters in the navigation: of very many, those near the page."""
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
    parts: Mapping[Term, Node],
    shown: Sequence[Term],
    address: Callable[[int], str],
) -> Iterable[Contents]:
    """Yield the chapters; several parts before the first stage have no name."""
    page_of = {part: number for number, page in enumerate(pages, 1) for part in page}
    named = [it.stage for it in chapters if isinstance(it.stage, NamedNode)]
    stages = view.nodes(named)
    statuses: dict[Term | None, set[str]] = {}
    for stage, _, status in view.queries.rows("values", thing=named, property=_STATUS).rows:
        statuses.setdefault(stage, set()).add(getattr(status, "value", ""))
    is_ahead = False
    for chapter in _near(chapters, shown):
        first = chapter.parts[0]
        node: Node | None = parts[first] if chapter.stage is None else stages[chapter.stage]
        if chapter.stage is None and len(chapter.parts) > 1 and chapter is chapters[0]:
            node = None
        page = page_of[first]
        if chapter.stage is not None:
            is_ahead = state_of(statuses.get(chapter.stage, ())) not in (None, HELD)
        yield Contents(node, page, address(page), shown[0] in chapter.parts, is_ahead)
