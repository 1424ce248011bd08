"""The API for programs that do not speak SPARQL: the questions, their answers, the search."""

from __future__ import annotations

import csv
import io
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, request

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.terms import Term
from rallynov_graph.http.negotiation import best
from rallynov_graph.questions import parameters
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.rdf.formats import RESULTS_CSV, Format
from rallynov_graph.search.searching import LONGEST, MOST_FOUND, Scope
from rallynov_graph.site.api.answers import (
    AnswerData,
    QuestionsData,
    SearchData,
    left_open_data,
    results,
    rows,
    tables,
    taken,
    told,
)
from rallynov_graph.site.api.openapi import description
from rallynov_graph.site.model.catalogue_answers import left_open, read, summary
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.suggestions import OF_ONE
from rallynov_graph.site.web.error_pages import Missing, Unwritable, near_nodes, without
from rallynov_graph.site.web.json_answers import linked, neighbours, related, wanted, whole
from rallynov_graph.site.web.parameter_errors import WrongParameter
from rallynov_graph.site.web.reader import given, site, view
from rallynov_graph.site.web.search_parameters import take_note, wanted_kind

blueprint = Blueprint("api", __name__, url_prefix="/api")

JSON: Final = Format("json", "JSON", "application/json", (".json",))
_FORMATS: Final = (JSON, RESULTS_CSV)
PAGING: Final = ("page", "size")
"""What an address says of the page that is wanted, beside the parameters of a question."""


@blueprint.get("/questions")
def questions() -> Response:
    """Give the questions that can be asked, a page of them."""
    _only_of_rallynov()
    at, known = wanted(), tables(site().catalogue)
    links = neighbours(at, len(known))
    shown = tuple(told(q, view().language, _address(q.name)) for q in known[at.start : at.stop])
    return linked(
        jsonify(QuestionsData(len(known), at.page, at.size, **links, questions=shown)), links
    )


@blueprint.get("/questions/<name>")
def answer(name: str) -> Response:
    """Give the answer of a question: a page of it as JSON; as CSV whole, unless a page is asked."""
    _only_of_rallynov()
    stem, dot, suffix = name.rpartition(".")
    form = next((f for f in _FORMATS if f.suffix == f".{suffix}"), None) if dot else None
    if dot and form is None:
        raise Missing(tuple(Node(f.label, href=f"{_address(stem)}{f.suffix}") for f in _FORMATS))
    question = _asked(stem if dot else name)
    form = form or best(request.headers.get("Accept"), _FORMATS)
    if form is None:
        raise Unwritable(tuple((f, f"{_address(name)}{f.suffix}") for f in _FORMATS))
    response = _table(question) if form is RESULTS_CSV else _answer(question)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/search")
def search() -> Response:
    """Give what is found for some words, a page of it."""
    take_note()
    at, text, of = wanted(), request.args.get("q", ""), wanted_kind()
    found = site().finder.find(text, view().language, Scope(of, OF_ONE if of else MOST_FOUND))
    links = neighbours(at, len(found.hits))
    shown = SearchData(
        text[:LONGEST],
        taken(found),
        found.is_partial,
        found.more,
        len(found.hits),
        at.page,
        at.size,
        **links,
        results=results(view(), found.hits[at.start : at.stop]),
    )
    return linked(jsonify(shown), links)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Give the description of this API, made from what it can be asked."""
    known = () if site().foreign else tables(site().catalogue)
    return jsonify(description(known, view().language, whole(view().addresses.root)))


def _answer(question: Question) -> Response:
    at, values = wanted(), _values(question)
    found = view().store.select(question.bind(values))
    links = neighbours(at, len(found))
    things = parameters.bound_things(question, values)
    shown = AnswerData(
        question.name,
        summary(question, view().language),
        given(*PAGING),
        {name: thing and thing.value for name, thing in things.items()},
        left_open_data(left_open(view(), question, values, found)),
        found.variables,
        len(found),
        at.page,
        at.size,
        **links,
        rows=rows(found, at.start, at.stop),
    )
    return linked(jsonify(shown), links)


def _table(question: Question) -> Response:
    values = _values(question)
    found = view().store.select(question.bind(values))
    at = wanted() if any(name in request.args for name in PAGING) else None
    part = rows(found, at.start if at else 0, at.stop if at else len(found))
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(found.variables)
    writer.writerows([_cell(value) for value in row.values()] for row in part)
    response = make_response(table.getvalue())
    response.content_type = RESULTS_CSV.content_type
    name = f"{question.name}{RESULTS_CSV.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    linked(response, neighbours(at, len(found)) if at else {})
    return related(response, left_open(view(), question, values, found))


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _values(question: Question) -> dict[str, Term]:
    """Return what the address gives a question to be asked with; raise what is wrong with it."""
    try:
        values, errors = read(view(), question, given(*PAGING), site().has_withdrawn)
    except UnknownNameError:
        raise without(question, given(*PAGING)) from None
    if errors:
        raise WrongParameter(*errors.values())
    return values


def _asked(name: str) -> Question:
    known = {question.name: question for question in tables(site().catalogue)}
    if name not in known:
        seen = view()
        nodes = {n: Node(summary(q, seen.language), href=_address(n)) for n, q in known.items()}
        raise Missing(near_nodes(name, nodes))
    return known[name]


def _address(name: str) -> str:
    return whole(view().addresses.path(f"/api/questions/{name}"))


def _only_of_rallynov() -> None:
    if site().foreign:
        raise Missing(rallynov_only=True)
