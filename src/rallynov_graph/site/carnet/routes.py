"""The documents as editions: the text, and beside each passage what was taken from it."""

import re
from collections.abc import Iterator
from typing import Final, cast

from flask import Blueprint, Response, make_response, redirect, request

from rallynov_graph.site.carnet.contents import CHOICES
from rallynov_graph.site.carnet.page import (
    CarnetPage,
    CarnetRequest,
    ListedDocument,
    UnknownChoice,
    carnet_page,
    documents,
    moved_page,
)
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.passages import place_in_carnet
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, missing, require_own_graph
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.reader import page_number, site, view, words
from rallynov_graph.site.web.url_parameters import BadParameterError, certainty, iri_node

blueprint = Blueprint("carnet", __name__)
_PLACE: Final = re.compile("[0-9]{1,12}-[0-9]{1,12}")


@blueprint.get("/carnet")
def carnets() -> Response:
    """Show which documents there are to read; lead to the only one."""
    found = _documents()
    if len(found) == 1:
        return cast(Response, redirect(found[0].href, 303))
    return make_response(page("carnet/carnets.html", documents=found))


@blueprint.get("/carnet/<slug>")
def carnet(slug: str) -> Response:
    """Show a document part by part; with a suffix, give what the graph says of its passages."""
    stem, dot, suffix = slug.rpartition(".")
    found = _read(stem if dot else slug)
    if isinstance(found, str):
        return cast(Response, redirect(found, 301))
    if dot:
        return page_files.of_things(_passages(found), suffix, stem)
    title = f"{found.document.text}{words()['site.colon']} {words()['nav.carnet'].lower()}"
    cite = cited(title, f"/carnet/{slug}")
    shown = page("carnet/carnet.html", page=found, cite=cite, certainty=certainty())
    response = make_response(shown)
    if found.with_text:
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
    address = place_in_carnet(view(), iri, certainty())
    if address is None:
        raise missing(iri, "passage", name)
    return cast(Response, redirect(address, 303))


def _documents() -> tuple[ListedDocument, ...]:
    require_own_graph()
    return documents(view(), site().source_documents, site().texts)


def _read(slug: str) -> CarnetPage | str:
    """Return a page of a document, or where its parts are now; raise where there is none."""
    listed = _documents()
    iri = iri_node(f"{site().base}id/document/{slug}").value
    wanted = _request()
    try:
        found = carnet_page(view(), iri, wanted, site().texts, listed)
    except UnknownChoice as unknown:
        facet = str(unknown)
        raise BadParameterError(BadParameter(facet, f"{facet}_of_document")) from unknown
    if found is not None:
        return found
    moved = moved_page(view(), iri, wanted)
    if moved is None:
        raise missing(iri, "document", slug)
    return moved


def _request() -> CarnetRequest:
    """Return which page is asked for, and the theme or else the voice that is followed."""
    number = page_number()
    for facet in CHOICES:
        name = request.args.get(facet, "")
        if name:
            is_whole = name.startswith(("http:", "https:"))
            iri = name if is_whole else f"{site().base}id/{name}"
            return CarnetRequest(number, facet, iri_node(iri, facet).value)
    return CarnetRequest(number)


def _passages(found: CarnetPage) -> Iterator[str]:
    """Yield the passages of a page and what says something there."""
    for row in (row for part in found.parts for row in part.rows):
        yield from (passage.node.iri for passage in row.passages)
        yield from dict.fromkeys(card.evidence.source.iri for card in (*row.cards, *row.more))
