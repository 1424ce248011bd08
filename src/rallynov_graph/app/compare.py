"""Two things side by side."""

from flask import Blueprint, Response, make_response

from rallynov_graph.app import files
from rallynov_graph.app.chosen import certainty, status, unknown, written
from rallynov_graph.app.citing import cited
from rallynov_graph.app.reading import lens, page, site, words
from rallynov_graph.views.compare import HEADER, ComparePage, compare_page, facts, triples

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def compare() -> Response:
    """Show what two things share and what only one of them has, or ask which two."""
    found, cite = _asked(), None
    one, other = found.one.chosen, found.other.chosen
    if found.found and one and other:
        title = words()("compare.of", one=one.node.text, other=other.node.text)
        cite = cited(title, "/compare", "a", "b", "certainty")
    body = page("compare.html", page=found, cite=cite)
    return make_response(body, status(found.one, found.other), {"Vary": "Accept"})


@blueprint.get("/compare.<suffix>")
def compare_file(suffix: str) -> Response:
    """Give all that is said of the two things."""
    found = _asked()
    if found.found is None:
        raise unknown(found.one, found.other)
    said = facts(lens(), found)
    if suffix not in files.ROWS:
        return files.of_triples(triples(said), suffix, "compare")
    rows = (
        (files.plain(it.subject), it.property, files.plain(it.object), it.how, it.shared)
        for it in said
    )
    return files.of_rows(HEADER, rows, suffix, "compare")


def _asked() -> ComparePage:
    return compare_page(lens(), site().finder, written("a"), written("b"), certainty())
