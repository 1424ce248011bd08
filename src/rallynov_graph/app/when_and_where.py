"""When and where the stages were held or are announced."""

from flask import Blueprint

from rallynov_graph.app.certainty import certainty
from rallynov_graph.app.errors import Missing
from rallynov_graph.app.reading import lens, page, page_number, site
from rallynov_graph.views.when_and_where import when_and_where_page

blueprint = Blueprint("when_and_where", __name__)


@blueprint.get("/when-and-where")
def when_and_where() -> str:
    """Show the stages on a line in time, on a map and in a table."""
    if site().foreign:
        raise Missing(rallynov_only=True)
    found = when_and_where_page(lens(), certainty(), page_number())
    if found is None:
        raise Missing
    return page("when_and_where.html", page=found)
