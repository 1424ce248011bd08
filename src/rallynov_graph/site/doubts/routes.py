"""What stays open, as a page and as files."""

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as Redirection

from rallynov_graph.site.doubts.kept_trials import kept_trials
from rallynov_graph.site.doubts.page import (
    TOUCHES,
    DoubtsPage,
    doubts_page,
    is_in_question,
    is_reading,
    question_iris,
    rows_query,
)
from rallynov_graph.site.doubts.tried import HEADER, TRY, rows
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.open_question_marks import DOUBTS_PATH
from rallynov_graph.site.model.thing_choice import iri_written
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, require_own_graph
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import keep_nowhere
from rallynov_graph.site.web.query_parameters import text_of
from rallynov_graph.site.web.reader import address_parameters, page_number, site, view, words
from rallynov_graph.site.web.url_parameters import BadParameterError, iri_node

blueprint = Blueprint("doubts", __name__)
_FILE = "open-questions"


@blueprint.get(DOUBTS_PATH)
def doubts() -> Response:
    """Show what stays open, whatever certainty the reader wants elsewhere."""
    found = _page()
    response = make_response(
        page(
            "doubts/doubts.html",
            page=found,
            cite=cited(words()["doubts.title"], DOUBTS_PATH, TOUCHES, TRY),
        )
    )
    if found.with_words:
        keep_nowhere(response)
    return response


@blueprint.get(f"{DOUBTS_PATH}.<suffix>")
def doubts_file(suffix: str) -> Response:
    """Serve the open questions as rows, or the facts of them as RDF; of a trial, what changes."""
    touching, trying = _touching(), _trying()
    if trying:
        trials = kept_trials(view(), site().release)
        if trials is None or trying not in trials.by_reading:
            raise BadParameterError(BadParameter(TRY, "untried"))
        return page_files.of_rows(HEADER, rows(trials.by_reading[trying]), suffix, "trial")
    if suffix in page_files.ROWS:
        return page_files.of_query(rows_query(view(), touching), suffix, _FILE)
    return page_files.of_things(question_iris(view(), touching), suffix, _FILE)


@blueprint.get("/open-questions", defaults={"suffix": ""})
@blueprint.get("/open-questions.<suffix>")
def moved(suffix: str) -> Redirection:
    """Lead from the address that the page had before."""
    path = f"{DOUBTS_PATH}.{suffix}" if suffix else DOUBTS_PATH
    return redirect(view().addresses.path(path, address_parameters("certainty").items()), 301)


def _page() -> DoubtsPage:
    touching = _touching()
    found = doubts_page(
        view(),
        site().catalogue,
        site().texts.of_extractions,
        page_number(),
        touching,
        _trying(),
        site().release,
    )
    if found is None:
        raise Missing
    return found


def _trying() -> str:
    """Return the IRI of the reading that is tried; raise BadParameterError for none, or for two."""
    require_own_graph()
    if len(request.args.getlist(TRY)) > 1:
        raise BadParameterError(BadParameter(TRY, "one_reading"))
    text = text_of(TRY).strip()
    if not text:
        return ""
    address = iri_written(view(), text)
    iri = "" if address is None else iri_node(address, TRY).value
    if not iri or not is_reading(view(), iri):
        raise BadParameterError(BadParameter(TRY, "reading"))
    return iri


def _touching() -> str:
    """Return the IRI of the thing that the page is narrowed to; raise BadParameterError."""
    require_own_graph()
    text = text_of(TOUCHES).strip()
    if not text:
        return ""
    address = iri_written(view(), text)
    iri = "" if address is None else iri_node(address, TOUCHES).value
    if not iri or not (is_in_question(view(), iri) or view().described([iri])[iri].labelled):
        raise BadParameterError(BadParameter(TOUCHES, "thing"))
    return iri
