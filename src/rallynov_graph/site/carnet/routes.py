"""The documents, read from the first part to the last with what was taken from each passage."""

from collections.abc import Iterator

from flask import Blueprint, Response, make_response

from rallynov_graph.site.carnet.page import CarnetPage, carnet_page, documents
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, missing
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.reader import page, page_number, site, view, words
from rallynov_graph.site.web.url_parameters import certainty, iri_node

blueprint = Blueprint("carnet", __name__)


@blueprint.get("/carnet")
def carnets() -> str:
    """Show which documents there are to read."""
    _only_of_rallynov()
    return page("carnet/carnets.html", documents=documents(view(), site().catalogue))


@blueprint.get("/carnet/<slug>")
def carnet(slug: str) -> Response:
    """Show a document part by part; with a suffix, give what the graph says of its passages."""
    stem, dot, suffix = slug.rpartition(".")
    found = _read(stem if dot else slug)
    if dot:
        return page_files.of_things(_passages(found), suffix, stem)
    title = f"{found.document.text}{words()['site.colon']} {words()['carnet.title'].lower()}"
    cite = cited(title, f"/carnet/{slug}", "certainty")
    response = make_response(page("carnet/carnet.html", page=found, cite=cite))
    if found.with_text:
        keep_nowhere(response)
    return response


def _read(slug: str) -> CarnetPage:
    _only_of_rallynov()
    here = site()
    iri = iri_node(f"{here.base}id/document/{slug}").value
    found = carnet_page(view(), iri, certainty(), page_number(), here.texts)
    if found is None:
        raise missing(iri, "document", slug)
    return found


def _passages(found: CarnetPage) -> Iterator[str]:
    """Yield the passages of a page and what says something there."""
    for passage in (passage for part in found.parts for passage in part.passages):
        yield passage.node.iri
        yield from (facts.evidence.source.iri for facts in passage.facts)


def _only_of_rallynov() -> None:
    if site().foreign:
        raise Missing(rallynov_only=True)
