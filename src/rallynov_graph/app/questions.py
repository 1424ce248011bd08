"""The catalogue: its questions, each with its form, its answer and its downloads."""

from flask import Blueprint, Response, make_response

from rallynov_graph.app.citing import cited_question
from rallynov_graph.app.citing_answers import files_of
from rallynov_graph.app.errors import Missing, near_nodes, near_paths
from rallynov_graph.app.problems import wants_page
from rallynov_graph.app.reading import given, lens, page, site
from rallynov_graph.app.wrong import WrongParameter
from rallynov_graph.errors import UnknownNameError
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, Format
from rallynov_graph.views.asked import question_page, questions_page, read, summary
from rallynov_graph.views.nodes import Node
from rallynov_graph.views.wrong import Wrong

blueprint = Blueprint("questions", __name__)


@blueprint.get("/questions")
def catalogue() -> str:
    """Show all questions by group."""
    _only_of_rallynov()
    return page("questions.html", page=questions_page(lens(), site().catalogue))


@blueprint.get("/questions/<name>")
def question(name: str) -> str | Response | tuple[str, int, dict[str, str]]:
    """Show a question and its answer; with a suffix, give the answer as a file."""
    _only_of_rallynov()
    stem, dot, suffix = name.rpartition(".")
    if dot:
        return _download(_asked(stem), suffix)
    found = _asked(name)
    try:
        shown = question_page(lens(), found, given(), site().has_withdrawn)
    except UnknownNameError:
        raise without(found) from None
    if shown.wrong and not wants_page():
        raise WrongParameter(*shown.wrong)
    files = [(f, _file(found, f)) for f in _formats(found)]
    cite = None if shown.wrong else cited_question(found, shown.given)
    cite_files = () if shown.wrong else files_of(shown.query, shown.text)
    body = page("question.html", page=shown, files=files, cite=cite, cite_files=cite_files)
    return (body, 400, {"Vary": "Accept"}) if shown.wrong else body


def _download(found: Question, suffix: str) -> Response:
    form = next((f for f in _formats(found) if f"{suffix}" == f.name), None)
    if form is None:
        raise Missing(near_paths(suffix, {f.name: _file(found, f) for f in _formats(found)}))
    try:
        values, errors = read(lens(), found, given(), site().has_withdrawn)
    except UnknownNameError:
        raise without(found) from None
    if errors:
        raise WrongParameter(*errors.values())
    response = make_response(site().store.serialize(found.bind(values), form.media_type))
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.{form.name}"'
    return response


def without(question: Question) -> Missing:
    """Return that the question has no such parameter, but others."""
    names = tuple(Node(parameter.name) for parameter in question.parameters)
    return Missing(wrong=(Wrong(question.name, "parameter", right=names),))


def _formats(found: Question) -> tuple[Format, ...]:
    return GRAPHS if found.form in ("CONSTRUCT", "DESCRIBE") else RESULTS


def _file(found: Question, form: Format) -> str:
    return lens().addresses.path(f"/questions/{found.name}.{form.name}", given().items())


def _asked(name: str) -> Question:
    catalogue = site().catalogue
    if name not in catalogue:
        seen = lens()
        known = {
            known: Node(summary(question, seen.language), href=seen.addresses.question(known))
            for known, question in catalogue.items()
        }
        raise Missing(near_nodes(name, known))
    return catalogue[name]


def _only_of_rallynov() -> None:
    if site().foreign:
        raise Missing(rallynov_only=True)
