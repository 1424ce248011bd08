"""The links between organisations and themes, as a matrix."""

from flask import Blueprint

from rallynov_graph.app.errors import Missing
from rallynov_graph.app.reading import lens, one_of, page, site
from rallynov_graph.views.evidence import CERTAINTIES
from rallynov_graph.views.matrix import QUESTION, SORTS, matrix_page

blueprint = Blueprint("links", __name__)


@blueprint.get("/links")
def links() -> str:
    """Show which organisations are linked to which themes, how often and how surely."""
    if site().foreign:
        raise Missing(rallynov_only=True)
    certainty = one_of("certainty", CERTAINTIES, CERTAINTIES[-1])
    sort = one_of("sort", SORTS, SORTS[0])
    question = site().catalogue.question(QUESTION)
    return page("links.html", page=matrix_page(lens(), question, certainty, sort), sorts=SORTS)
