"""What connects two things."""

from flask import Blueprint, Response, make_response

from rallynov_graph.site.connections.page import HEADER, BetweenPage, between_page, rows, triples
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_any
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.query_parameters import least_certainty, status, text_of, unknown
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import with_open_questions

blueprint = Blueprint("between", __name__)


@blueprint.get("/between")
def between() -> Response:
    """Show the shortest connections of two things, or ask which two."""
    shown, cite = _requested_page(), None
    first, second = shown.first.chosen, shown.second.chosen
    if shown.found and first and second:
        title = words()("between.of", one=first.node.text, other=second.node.text)
        cite = cited(title, "/between", "from", "to", "certainty")
    body = page("connections/between.html", page=shown, cite=cite, open_questions=_marks(shown))
    return make_response(body, status(shown.first, shown.second), {"Vary": "Accept"})


@blueprint.get("/between.<suffix>")
def between_file(suffix: str) -> Response:
    """Serve the links of the shortest connections of two things."""
    shown = _requested_page()
    if shown.found is None:
        raise unknown(shown.first, shown.second)
    if suffix in page_files.ROWS:
        response = page_files.of_rows(HEADER, rows(shown), suffix, "between")
    else:
        response = page_files.of_triples(triples(shown), suffix, "between")
    return with_open_questions(response, _marks(shown))


def _marks(shown: BetweenPage) -> tuple[OpenQuestionMark, ...]:
    return touching_any(view(), facts=triples(shown)) if shown.found else ()


def _requested_page() -> BetweenPage:
    return between_page(view(), site().finder, text_of("from"), text_of("to"), least_certainty())
