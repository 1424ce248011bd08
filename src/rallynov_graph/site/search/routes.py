"""The search: its page, the same answer for programs, and suggestions while one writes."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, jsonify, make_response, request

from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.rdf.formats import Format
from rallynov_graph.site.model.suggestions import suggestions
from rallynov_graph.site.search.page import search_page
from rallynov_graph.site.search.search_data import (
    HEADER,
    LINE_HEADER,
    as_data,
    line_rows,
    results,
    rows,
)
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, Unwritable
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.reader import page_number, site, view, words
from rallynov_graph.site.web.search_parameters import prevent_caching_without_index, wanted_kind

blueprint = Blueprint("search", __name__)

JSON: Final = Format("json", "JSON", "application/json", (".json",))


@blueprint.get("/search")
def search() -> Response:
    """Show what is found, or give it as JSON to those who ask for that."""
    form = best(request.headers.get("Accept"), (HTML, JSON))
    if form is None:
        at = view().addresses.path("/search.json", [("q", _text())])
        raise Unwritable(((JSON, at),))
    response = _page() if form is HTML else _data()
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/search.json")
def search_data() -> Response:
    """Serve what a search finds as JSON."""
    return _data()


@blueprint.get("/search.<suffix>")
def search_file(suffix: str) -> Response:
    """Serve what a search finds as rows, or the facts of it as RDF."""
    prevent_caching_without_index()
    found = results(site().finder, _text(), wanted_kind(), view().language)
    if suffix in page_files.ROWS:
        return page_files.of_rows(HEADER, rows(view(), found), suffix, "search")
    return page_files.of_things((hit.iri for hit in found.hits), suffix, "search")


@blueprint.get("/search/occurrences.<suffix>")
def occurrences_file(suffix: str) -> Response:
    """Serve the places of the words in the loaded texts, as CSV or JSON."""
    prevent_caching_without_index()
    index = site().text_index
    if index is None:
        raise Missing
    found = line_rows(view(), site().finder, index, _text())
    response = page_files.of_rows(LINE_HEADER, found, suffix, "occurrences")
    keep_nowhere(response)
    return response


@blueprint.get("/suggest.json")
def suggest() -> Response:
    """Serve the first things that the beginning of a name may mean."""
    prevent_caching_without_index()
    theme = words()["network.theme"]
    return jsonify(suggestions(view(), site().finder, _text(), theme, wanted_kind()))


def _page() -> Response:
    prevent_caching_without_index()
    index = site().text_index
    found = search_page(view(), site().finder, _text(), wanted_kind(), page_number(), index)
    if found is None:
        raise Missing
    title = words()("search.title_of", text=found.text.strip())
    cite = None if found.is_empty else cited(title, "/search", "q", "kind")
    without_text = index is None and not site().foreign
    response = make_response(
        page("search/search.html", page=found, cite=cite, without_text=without_text)
    )
    if found.concordance is not None:
        keep_nowhere(response)
    return response


def _data() -> Response:
    prevent_caching_without_index()
    return jsonify(as_data(view(), site().finder, _text(), wanted_kind()))


def _text() -> str:
    return request.args.get("q", "")
