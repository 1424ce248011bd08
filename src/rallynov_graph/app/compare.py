"""Two things side by side."""

from flask import Blueprint, Response, make_response

from rallynov_graph.app.chosen import certainty, status, written
from rallynov_graph.app.reading import lens, page
from rallynov_graph.views.compare import compare_page

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def compare() -> Response:
    """Show what two things share and what only one of them has, or ask which two."""
    found = compare_page(lens(), written("a"), written("b"), certainty())
    return make_response(page("compare.html", page=found), status(found.one, found.other))
