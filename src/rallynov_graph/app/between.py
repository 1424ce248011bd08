"""What connects two things."""

from flask import Blueprint, Response, make_response

from rallynov_graph.app.chosen import certainty, status, written
from rallynov_graph.app.reading import lens, page
from rallynov_graph.views.between import between_page

blueprint = Blueprint("between", __name__)


@blueprint.get("/between")
def between() -> Response:
    """Show the shortest connections of two things, or ask which two."""
    found = between_page(lens(), written("from"), written("to"), certainty())
    return make_response(page("between.html", page=found), status(found.one, found.other))
