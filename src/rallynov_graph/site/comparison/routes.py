"""Two things side by side."""

from flask import Blueprint, Response, make_response

from rallynov_graph.site.comparison.page import HEADER, ComparePage, compare_page, facts, triples
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.query_parameters import certainty, status, unknown, written
from rallynov_graph.site.web.reader import page, site, view, words

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def compare() -> Response:
    """Show what two things share and what only one of them has, or ask which two."""
    found, cite = _asked(), None
    one, other = found.one.chosen, found.other.chosen
    if found.found and one and other:
        title = words()("compare.of", one=one.node.text, other=other.node.text)
        cite = cited(title, "/compare", "a", "b", "certainty")
    body = page("comparison/compare.html", page=found, cite=cite)
    return make_response(body, status(found.one, found.other), {"Vary": "Accept"})


@blueprint.get("/compare.<suffix>")
def compare_file(suffix: str) -> Response:
    """Give all that is said of the two things."""
    found = _asked()
    if found.found is None:
        raise unknown(found.one, found.other)
    said = facts(view(), found)
    if suffix not in page_files.ROWS:
        return page_files.of_triples(triples(said), suffix, "compare")
    rows = (
        (page_files.plain(it.subject), it.property, page_files.plain(it.object), it.how, it.shared)
        for it in said
    )
    return page_files.of_rows(HEADER, rows, suffix, "compare")


def _asked() -> ComparePage:
    return compare_page(view(), site().finder, written("a"), written("b"), certainty())
