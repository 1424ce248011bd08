"""What stays open, as a page and as files."""

from flask import Blueprint, Response

from rallynov_graph.site.doubts.page import OpenQuestionsPage, open_questions_page
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.reader import page, site, view, words
from rallynov_graph.site.web.url_parameters import certainty

blueprint = Blueprint("doubts", __name__)


@blueprint.get("/open-questions")
def open_questions() -> str:
    """Show what the carnet leaves open."""
    cite = cited(words()["open.title"], "/open-questions", "certainty")
    return page("doubts/open_questions.html", page=_open_questions(), cite=cite)


@blueprint.get("/open-questions.<suffix>")
def open_questions_file(suffix: str) -> Response:
    """Give what the carnet leaves open as rows, or all that is said of it."""
    found = _open_questions()
    if suffix in page_files.ROWS:
        return page_files.of_query(found.query, suffix, "open-questions")
    return page_files.of_things((it.node.iri for it in found.questions), suffix, "open-questions")


def _open_questions() -> OpenQuestionsPage:
    if site().foreign:
        raise Missing(rallynov_only=True)
    return open_questions_page(view(), certainty())
