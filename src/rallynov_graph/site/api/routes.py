"""The API for programs that do not speak SPARQL: the questions, their answers, the search."""

from __future__ import annotations

import csv
import io
from operator import or_
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, request

from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource
from rallynov_graph.claims.row_evidence import COLUMNS, HOW, evidence_of
from rallynov_graph.http.negotiation import best
from rallynov_graph.questions import parameters
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.rdf.formats import RESULTS_CSV, Format
from rallynov_graph.search.searching import LONGEST, MOST_FOUND, Scope
from rallynov_graph.site.api.answers import (
    AnswerData,
    QuestionsData,
    SearchData,
    found_data,
    left_open_data,
    plain_rows,
    question_data,
    tables,
    taken_data,
)
from rallynov_graph.site.api.openapi import description
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.catalogue_answers import open_questions, read_values, summary
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.plain_values import Value
from rallynov_graph.site.model.suggestions import OF_ONE
from rallynov_graph.site.web.error_pages import (
    Missing,
    Unwritable,
    near_nodes,
    require_own_graph,
    unknown_parameters,
)
from rallynov_graph.site.web.json_answers import (
    MOST,
    page_links,
    wanted_slice,
    whole_address,
    with_page_links,
    with_related_links,
)
from rallynov_graph.site.web.reader import address_parameters, site, view
from rallynov_graph.site.web.search_parameters import prevent_caching_without_index, wanted_kind
from rallynov_graph.site.web.url_parameters import BadParameterError, one_of

blueprint = Blueprint("api", __name__, url_prefix="/api")

JSON: Final = Format("json", "JSON", "application/json", (".json",))
_FORMATS: Final = (JSON, RESULTS_CSV)
PAGING: Final = ("page", "size")
"""The parameters of an address that choose a page, beside those of a question."""
EVIDENCE: Final = "evidence"
"""The parameter by which each row has what it rests on."""
MOST_WITH_EVIDENCE: Final = MOST
"""So many rows have theirs at once: it takes half a millisecond each in the process of pages."""


@blueprint.get("/questions")
def questions() -> Response:
    """Serve a page of the questions."""
    require_own_graph()
    wanted, known = wanted_slice(), tables(site().catalogue)
    links = page_links(wanted, len(known))
    shown = tuple(
        question_data(question, view().language, _address(question.name))
        for question in known[wanted.start : wanted.stop]
    )
    return with_page_links(
        jsonify(QuestionsData(len(known), wanted.page, wanted.size, **links, questions=shown)),
        links,
    )


@blueprint.get("/questions/<name>")
def answer(name: str) -> Response:
    """Serve a page of an answer as JSON; as CSV the whole answer, unless the address has a page."""
    require_own_graph()
    stem, dot, suffix = name.rpartition(".")
    form = next((f for f in _FORMATS if f.suffix == f".{suffix}"), None) if dot else None
    if dot and form is None:
        raise Missing(tuple(Node(f.label, href=f"{_address(stem)}{f.suffix}") for f in _FORMATS))
    question = _question(stem if dot else name)
    form = form or best(request.headers.get("Accept"), _FORMATS)
    if form is None:
        raise Unwritable(tuple((f, f"{_address(name)}{f.suffix}") for f in _FORMATS))
    response = _table(question) if form is RESULTS_CSV else _answer(question)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/search")
def search() -> Response:
    """Serve a page of what a search finds."""
    prevent_caching_without_index()
    wanted, text, kind = wanted_slice(), request.args.get("q", ""), wanted_kind()
    found = site().finder.find(text, view().language, Scope(kind, OF_ONE if kind else MOST_FOUND))
    links = page_links(wanted, len(found.hits))
    shown = SearchData(
        text[:LONGEST],
        taken_data(found),
        found.is_partial,
        found.more,
        len(found.hits),
        wanted.page,
        wanted.size,
        **links,
        results=found_data(view(), found.hits[wanted.start : wanted.stop]),
    )
    return with_page_links(jsonify(shown), links)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Serve the description of this API, made from the questions and the answers."""
    known = () if site().foreign else tables(site().catalogue)
    return jsonify(description(known, view().language, whole_address(view().addresses.root)))


def _answer(question: Question) -> Response:
    wanted, values = wanted_slice(), _parameter_values(question)
    found = view().store.select(question.bind(values))
    links = page_links(wanted, len(found))
    columns, rows = _with_evidence(question, found, wanted.start, wanted.stop)
    things = parameters.bound_things(question, values)
    shown = AnswerData(
        question.name,
        summary(question, view().language),
        address_parameters(*PAGING, EVIDENCE),
        {name: thing and thing.value for name, thing in things.items()},
        left_open_data(open_questions(view(), question, values, found)),
        columns,
        len(found),
        wanted.page,
        wanted.size,
        **links,
        rows=rows,
    )
    return with_page_links(jsonify(shown), links)


def _table(question: Question) -> Response:
    values = _parameter_values(question)
    found = view().store.select(question.bind(values))
    wanted = wanted_slice() if any(name in request.args for name in PAGING) else None
    start, stop = (wanted.start, wanted.stop) if wanted else (0, len(found))
    columns, rows = _with_evidence(question, found, start, stop)
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    response = make_response(table.getvalue())
    response.content_type = RESULTS_CSV.content_type
    name = f"{question.name}{RESULTS_CSV.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    with_page_links(response, page_links(wanted, len(found)) if wanted else {})
    return with_related_links(response, open_questions(view(), question, values, found))


def _with_evidence(
    question: Question, found: Solutions, start: int, stop: int
) -> tuple[tuple[str, ...], tuple[dict[str, Value], ...]]:
    """Return the columns and some rows of an answer, with their evidence where that is wanted.

    Raises BadParameterError for an ``evidence`` that is neither there nor ``yes``, or of too many.
    """
    is_wanted = one_of(EVIDENCE, ("", "yes"), "") == "yes"
    rows = plain_rows(found, start, stop)
    if not is_wanted or HOW not in found.variables:
        return found.variables, rows
    if len(rows) > MOST_WITH_EVIDENCE:
        raise BadParameterError(BadParameter(EVIDENCE, "evidence_of_many"))
    release = site().release
    source = ClaimSource(
        view().graph.labels,
        view().language,
        release.id if release else "",
        release.manifest.issued if release else "",
        whole_address(view().addresses.root).rstrip("/"),
    )
    shown = Solutions(found.variables, found.rows[start:stop])
    evidence = evidence_of(view().store, question.text, shown, ClaimReport(source))
    told = [it.texts() if it else (None,) * len(COLUMNS) for it in evidence]
    beside = (dict(zip(COLUMNS, texts, strict=True)) for texts in told)
    return (*found.variables, *COLUMNS), tuple(map(or_, rows, beside))


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _parameter_values(question: Question) -> dict[str, Term]:
    """Return the values of the parameters; raise Missing or BadParameterError for wrong ones."""
    try:
        values, errors = read_values(
            view(), question, address_parameters(*PAGING, EVIDENCE), site().has_withdrawn
        )
    except UnknownNameError:
        raise unknown_parameters(question, address_parameters(*PAGING, EVIDENCE)) from None
    if errors:
        raise BadParameterError(*errors.values())
    return values


def _question(name: str) -> Question:
    known = {question.name: question for question in tables(site().catalogue)}
    if name not in known:
        graph_view = view()
        nodes = {
            known_name: Node(summary(question, graph_view.language), href=_address(known_name))
            for known_name, question in known.items()
        }
        raise Missing(near_nodes(name, nodes))
    return known[name]


def _address(name: str) -> str:
    return whole_address(view().addresses.path(f"/api/questions/{name}"))
