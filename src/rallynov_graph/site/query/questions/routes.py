"""The catalogue: its questions, each with its form, its answer and its downloads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, jsonify, make_response

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, RESULTS_JSON, Format
from rallynov_graph.site.model.addresses import CERTAINTY
from rallynov_graph.site.model.catalogue_answers import (
    open_questions,
    question_page,
    questions_page,
    read_values,
    summary,
)
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.query.answer_citation import files_of
from rallynov_graph.site.query.questions.ready_made import ready_made
from rallynov_graph.site.web.citation import cited_question
from rallynov_graph.site.web.error_pages import (
    Missing,
    near_nodes,
    near_paths,
    not_of_this_graph,
    unknown_parameters,
    wants_page,
)
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.json_answers import json_with_links, with_related_links
from rallynov_graph.site.web.reader import address_parameters, site, view, words
from rallynov_graph.site.web.url_parameters import BadParameterError

blueprint = Blueprint("questions", __name__)

QUERY: Final = Format("rq", "SPARQL", "application/sparql-query", (".rq",))


@blueprint.get("/questions")
def catalogue() -> str:
    """Show all questions by group."""
    _only_of_rallynov()
    return page("query/questions/questions.html", page=questions_page(view(), site().catalogue))


@blueprint.get("/questions.json")
def ready() -> Response:
    """Serve all questions at once, with the words of their groups and parameters."""
    _only_of_rallynov()
    known, t = site().catalogue, words()
    found = ready_made(view(), known, site().finder.kinds() or ())
    names = {parameter.name for question in found for parameter in question.parameters}
    return jsonify(
        questions=found,
        groups={group: t.or_else("group." + group, group) for group in known.groups()},
        parameters={name: t.or_else("column." + name, name) for name in names}
        | {"certainty": t["questions.certainty"]},
    )


@blueprint.get("/questions/<name>")
def question(name: str) -> str | Response | tuple[str, int, dict[str, str]]:
    """Show a question and its answer; with a suffix, give the answer as a file."""
    _only_of_rallynov()
    stem, dot, suffix = name.rpartition(".")
    if dot:
        return _download(_question(stem), suffix)
    found = _question(name)
    values = _without_dial(found, address_parameters())
    try:
        shown = question_page(view(), found, values, site().has_withdrawn)
    except UnknownNameError:
        raise unknown_parameters(found, values) from None
    if shown.bad_parameters and not wants_page():
        raise BadParameterError(*shown.bad_parameters)
    files = [(form, _file(found, form)) for form in _formats(found)]
    cite = (
        None if shown.bad_parameters else cited_question(found, shown.title, shown.parameter_texts)
    )
    cite_files = () if shown.bad_parameters else files_of(shown.query, shown.title)
    body = page(
        "query/questions/question.html",
        page=shown,
        files=files,
        formats=[(form.name, form.label, form.media_type) for form in _formats(found)],
        cite=cite,
        cite_files=cite_files,
    )
    return (body, 400, {"Vary": "Accept"}) if shown.bad_parameters else body


def _without_dial(found: Question, values: dict[str, str]) -> dict[str, str]:
    """Return values without the certainty of the dial, where the question asks for none."""
    known = {parameter.name for parameter in found.parameters}
    return {
        name: value for name, value in values.items() if name != CERTAINTY or CERTAINTY in known
    }


def _download(found: Question, suffix: str) -> Response:
    form = next((form for form in _files(found) if suffix == form.name), None)
    if form is None:
        raise Missing(near_paths(suffix, {form.name: _file(found, form) for form in _files(found)}))
    given = _without_dial(found, address_parameters())
    try:
        values, errors = read_values(view(), found, given, site().has_withdrawn)
    except UnknownNameError:
        raise unknown_parameters(found, given) from None
    if errors:
        raise BadParameterError(*errors.values())
    content, related = _content(found, values, form), _open_questions_of(found, values, form)
    if form is RESULTS_JSON:
        content = json_with_links(content, related)
    response = make_response(content)
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}.{form.name}"'
    return with_related_links(response, related)


def _open_questions_of(
    found: Question, values: Mapping[str, Term], form: Format
) -> tuple[Node, ...]:
    """Return the open questions that touch what a file holds: the same in all its formats."""
    if form is QUERY or found.form != "SELECT":
        return ()
    query = found.bind(values)
    return view().queries.once(
        "open questions of an answer",
        (view().addresses, query),
        lambda: open_questions(view(), found, values, view().store.select(query)),
    )


def _content(found: Question, values: Mapping[str, Term | None], form: Format) -> bytes:
    """Return the answer in a format, or the query itself under a line that says what it asks."""
    query = found.bind(values)
    if form is not QUERY:
        return view().store.serialize(query, form.media_type)
    return f"# {summary(found, view().language)}\n{readable(query)}".encode()


def _formats(found: Question) -> tuple[Format, ...]:
    return GRAPHS if found.form in ("CONSTRUCT", "DESCRIBE") else RESULTS


def _files(found: Question) -> tuple[Format, ...]:
    return (*_formats(found), QUERY)


def _file(found: Question, form: Format) -> str:
    return view().addresses.path(
        f"/questions/{found.name}.{form.name}", address_parameters().items()
    )


def _question(name: str) -> Question:
    catalogue = site().catalogue
    if name not in catalogue:
        graph_view = view()
        questions_by_name = {
            questions_by_name: Node(
                summary(question, graph_view.language),
                href=graph_view.addresses.question(questions_by_name),
            )
            for questions_by_name, question in catalogue.items()
        }
        raise Missing(near_nodes(name, questions_by_name))
    return catalogue[name]


def _only_of_rallynov() -> None:
    if site().foreign:
        raise not_of_this_graph()
