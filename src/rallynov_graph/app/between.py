"""What connects two things."""

from flask import Blueprint, Response, make_response

from rallynov_graph.app.chosen import status, written
from rallynov_graph.app.reading import lens, one_of, page
from rallynov_graph.views.between import between_page
from rallynov_graph.views.evidence import CERTAINTIES

blueprint = Blueprint("between", __name__)


@blueprint.get("/between")
def between() -> Response:
    """Show the shortest connections of two things, or ask which two."""
    certainty = one_of("certainty", CERTAINTIES, CERTAINTIES[-1])
    found = between_page(lens(), written("from"), written("to"), certainty)
    return make_response(page("between.html", page=found), status(found.one, found.other))
