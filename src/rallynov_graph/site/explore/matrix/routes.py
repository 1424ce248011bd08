"""The old address of the matrix of organisations and themes, and its files."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from werkzeug import Response

from rallynov_graph.site.explore.matrix.list_view import (
    NAME,
    matrix_file,
    opened,
    touching_links,
)
from rallynov_graph.site.explore.matrix.page import SORTS, MatrixRequest, matrix
from rallynov_graph.site.web.error_pages import require_own_graph
from rallynov_graph.site.web.reader import view
from rallynov_graph.site.web.signposting import with_open_questions
from rallynov_graph.site.web.url_parameters import certainty, one_of

blueprint = Blueprint("links", __name__)


@blueprint.get("/links")
def links() -> Response:
    """Lead to the matrix of organisations and themes, which is a way to look at organisations."""
    require_own_graph()
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in ("lang", "view")]
    return redirect(view().addresses.path("/list/organisation", [("view", NAME), *kept]), 301)


@blueprint.get("/links.<suffix>")
def links_file(suffix: str) -> Response:
    """Serve all cells of the matrix: as rows, as a network, or as RDF."""
    require_own_graph()
    sort = one_of("sort", SORTS, SORTS[0])
    made = matrix(view(), MatrixRequest(certainty(), sort, opened(request.args.getlist("open"))))
    return with_open_questions(matrix_file(made, suffix), touching_links(made.links))
