"""Two things side by side."""

from flask import Blueprint, Response, make_response

from rallynov_graph.site.comparison.page import HEADER, ComparePage, compare_page, facts, triples
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark, touching_any
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.query_parameters import least_certainty, status, text_of, unknown
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.signposting import with_open_questions

blueprint = Blueprint("compare", __name__)


@blueprint.get("/compare")
def compare() -> Response:
    """Show what two things share and what only one of them has, or ask which two."""
    shown, cite = _requested_page(), None
    first, second = shown.first.chosen, shown.second.chosen
    if shown.found and first and second:
        title = words()("compare.of", one=first.node.text, other=second.node.text)
        cite = cited(title, "/compare", "a", "b", "certainty")
    body = page("comparison/compare.html", page=shown, cite=cite, open_questions=_marks(shown))
    return make_response(body, status(shown.first, shown.second), {"Vary": "Accept"})


@blueprint.get("/compare.<suffix>")
def compare_file(suffix: str) -> Response:
    """Serve all that is said of the two things."""
    shown = _requested_page()
    if shown.found is None:
        raise unknown(shown.first, shown.second)
    compared_facts = facts(view(), shown)
    if suffix not in page_files.ROWS:
        response = page_files.of_triples(triples(compared_facts), suffix, "compare")
        return with_open_questions(response, _marks(shown))
    rows = (
        (
            page_files.plain(fact.subject),
            fact.property,
            page_files.plain(fact.object),
            fact.certainty,
            fact.shared,
        )
        for fact in compared_facts
    )
    response = page_files.of_rows(HEADER, rows, suffix, "compare")
    return with_open_questions(response, _marks(shown))


def _marks(shown: ComparePage) -> tuple[OpenQuestionMark, ...]:
    chosen = (choice.chosen for choice in (shown.first, shown.second))
    return touching_any(view(), (thing.node.iri for thing in chosen if thing is not None))


def _requested_page() -> ComparePage:
    return compare_page(view(), site().finder, text_of("a"), text_of("b"), least_certainty())
