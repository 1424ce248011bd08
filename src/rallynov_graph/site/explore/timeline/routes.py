"""When and where the stages were held or are announced."""

from flask import Blueprint, Response

from rallynov_graph.site.explore.timeline.page import WhenAndWherePage, when_and_where_page
from rallynov_graph.site.model.open_questions import touching_any
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, require_own_graph
from rallynov_graph.site.web.json_answers import with_open_questions
from rallynov_graph.site.web.reader import page, page_number, view, words
from rallynov_graph.site.web.url_parameters import certainty

blueprint = Blueprint("when_and_where", __name__)


@blueprint.get("/when-and-where")
def when_and_where() -> str:
    """Show the stages on a line in time, on a map and in a table."""
    cite = cited(words()["when.title"], "/when-and-where", "certainty")
    found = _asked()
    touched = touching_any(view(), (it.node.iri for it in found.events))
    return page(
        "explore/timeline/when_and_where.html", page=found, cite=cite, open_questions=touched
    )


@blueprint.get("/when-and-where.<suffix>")
def when_and_where_file(suffix: str) -> Response:
    """Serve the facts of the events of a page."""
    things = [it.node.iri for it in _asked().events]
    response = page_files.of_things(things, suffix, "when-and-where")
    return with_open_questions(response, touching_any(view(), things))


def _asked() -> WhenAndWherePage:
    require_own_graph()
    found = when_and_where_page(view(), certainty(), page_number())
    if found is None:
        raise Missing
    return found
