"""The home page, and what stays open."""

from flask import Blueprint, Response
from pyoxigraph import NamedNode
from werkzeug.exceptions import BadRequest

from rallynov_graph.http.links import Link
from rallynov_graph.site.doubts.page import OpenQuestionsPage, open_questions_page
from rallynov_graph.site.home.page import ForeignHomePage, HomePage, foreign_home_page, home_page
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.certainty_parameter import certainty
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.parameter_errors import WrongParameter
from rallynov_graph.site.web.publisher import whole
from rallynov_graph.site.web.reader import lens, page, site, words
from rallynov_graph.site.web.signposting import of_whole, point
from rallynov_graph.site.web.structured_data import of_first_page, tell

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def home() -> str:
    """Show what the graph holds."""
    if site().foreign:
        return page("foreign_home.html", page=foreign_home_page(lens()))
    found = home_page(lens(), site().catalogue, certainty())
    items = (Link("item", dump.address, dump.form.media_type) for dump in whole())
    point(of_whole(items).links)
    tell(of_first_page())
    return page("home.html", page=found, cite=cited(words()["home.title"], "/", "certainty"))


@blueprint.get("/home.<suffix>")
def home_file(suffix: str) -> Response:
    """Give the stages of the road, of another graph its classes: as rows, or all said of them."""
    found: HomePage | ForeignHomePage
    if site().foreign:
        found = foreign_home_page(lens())
        shown = [it.node.iri for it in found.classes]
    else:
        found = home_page(lens(), site().catalogue, certainty())
        shown = [it.node.iri for it in found.road]
    if suffix not in page_files.ROWS:
        return page_files.of_things(shown, suffix, "home")
    if not found.query:
        raise Missing
    return page_files.of_query(found.query, suffix, "home")


@blueprint.get("/open-questions")
def open_questions() -> str:
    """Show what the carnet leaves open."""
    cite = cited(words()["open.title"], "/open-questions", "certainty")
    return page("open_questions.html", page=_open_questions(), cite=cite)


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
    return open_questions_page(lens(), certainty())


def named(iri: str, parameter: str = "") -> NamedNode:
    """Return the node of an IRI that an address holds, in its path or as a parameter.

    Raises BadRequest where it is none, WrongParameter where it is a parameter's.
    """
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise (WrongParameter(Wrong(parameter, "iri")) if parameter else BadRequest()) from error
