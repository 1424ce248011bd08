"""What connects two things."""

from flask import Blueprint, Response, make_response

from rallynov_graph.site.connections.page import HEADER, BetweenPage, between_page, rows, triples
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.query_parameters import certainty, status, unknown, written
from rallynov_graph.site.web.reader import page, site, view, words

blueprint = Blueprint("between", __name__)


@blueprint.get("/between")
def between() -> Response:
    """Show the shortest connections of two things, or ask which two."""
    found, cite = _asked(), None
    one, other = found.one.chosen, found.other.chosen
    if found.found and one and other:
        title = words()("between.of", one=one.node.text, other=other.node.text)
        cite = cited(title, "/between", "from", "to", "certainty")
    body = page("connections/between.html", page=found, cite=cite)
    return make_response(body, status(found.one, found.other), {"Vary": "Accept"})


@blueprint.get("/between.<suffix>")
def between_file(suffix: str) -> Response:
    """Give the links of the shortest connections of two things."""
    found = _asked()
    if found.found is None:
        raise unknown(found.one, found.other)
    if suffix in page_files.ROWS:
        return page_files.of_rows(HEADER, rows(found), suffix, "between")
    return page_files.of_triples(triples(found), suffix, "between")


def _asked() -> BetweenPage:
    return between_page(view(), site().finder, written("from"), written("to"), certainty())
