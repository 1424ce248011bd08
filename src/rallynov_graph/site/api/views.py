"""The API for programs that do not speak SPARQL: the questions, their answers, the search."""

import csv
import io
from collections.abc import Mapping, Sequence
from operator import or_
from typing import Final

from flask import Blueprint, Response, jsonify, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.terms import Solutions
from rallynov_graph.claims.claim_report import ClaimReport, ClaimSource
from rallynov_graph.claims.row_evidence import COLUMNS, HOW, evidence_of, with_documents
from rallynov_graph.http.negotiation import best
from rallynov_graph.questions import thing_names
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.rdf.formats import RESULTS_CSV, Format
from rallynov_graph.rules.catalogue_answer import CatalogueAnswer
from rallynov_graph.search.results import Hit
from rallynov_graph.search.searching import LONGEST, MOST_FOUND, Scope
from rallynov_graph.site.api.openapi import (
    EVIDENCE,
    MOST,
    AnswerData,
    AnswerParams,
    FoundData,
    LeftOpenData,
    MeantAnswerData,
    MeantData,
    Paging,
    ParameterData,
    QuestionData,
    QuestionsData,
    ReasonData,
    SearchData,
    SearchParams,
    SentenceData,
    TakenData,
    description,
)
from rallynov_graph.site.model.asked import Asked
from rallynov_graph.site.model.catalogue_answers import (
    FIRST_ROWS,
    default_text,
    empty_catalogue_answer,
    sentence,
    summary,
)
from rallynov_graph.site.model.empty_answer import EmptyData, empty_data
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.plain_values import Value, plain
from rallynov_graph.site.model.suggestions import OF_ONE
from rallynov_graph.site.web.error_pages import (
    BadParameterError,
    Missing,
    Unwritable,
    require_own_graph,
)
from rallynov_graph.site.web.headers import prevent_caching_without_index
from rallynov_graph.site.web.params import (
    Wrong,
    answer_of,
    answer_to,
    declared,
    meant_by,
    params,
    question_named,
)
from rallynov_graph.site.web.reader import (
    address_parameters,
    column_name,
    site,
    view,
    whole_address,
    words,
)
from rallynov_graph.site.web.signposting import with_related_links

blueprint = Blueprint("api", __name__, url_prefix="/api")

JSON: Final = Format("json", "JSON", "application/json", (".json",))
_FORMATS: Final = (JSON, RESULTS_CSV)
PAGING: Final = ("page", "size")
"""The parameters of an address that choose a page, beside those of a question."""
MOST_WITH_EVIDENCE: Final = MOST
"""So many rows have theirs at once: it takes half a millisecond each in the process of pages."""


@blueprint.get("/questions")
def questions() -> Response:
    require_own_graph()
    wanted, known = params(Paging), tables()
    links = _links(wanted, len(known))
    shown = tuple(map(_question_data, [*known.values()][wanted.start : wanted.stop]))
    return _linked(
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
    question = question_named(tables(), stem if dot else name, _address)
    form = form or best(request.headers.get("Accept"), _FORMATS)
    if form is None:
        raise Unwritable(tuple((f, f"{_address(name)}{f.suffix}") for f in _FORMATS))
    wanted = params(Paging)
    found = answer_to(question, address_parameters(*PAGING, EVIDENCE))
    is_whole = form is RESULTS_CSV and not any(name in request.args for name in PAGING)
    start, stop = (0, len(found.rows)) if is_whole else (wanted.start, wanted.stop)
    columns, rows = _with_evidence(found, start, stop)
    links = {} if is_whole else _links(wanted, len(found.rows))
    open_questions = [*view().nodes(found.open_questions).values()]
    if form is RESULTS_CSV:
        response = with_related_links(
            _linked(_table(question, columns, rows), links), open_questions
        )
    else:
        shown = AnswerData(
            question.name,
            summary(question, view().language),
            address_parameters(*PAGING, EVIDENCE),
            {name: thing and thing.value for name, thing in found.things.items()},
            tuple(LeftOpenData(it.iri, it.text, it.href) for it in open_questions),
            _why_empty(found, address_parameters(*PAGING, EVIDENCE)),
            _sentence(found),
            columns,
            len(found.rows),
            wanted.page,
            wanted.size,
            **links,
            rows=rows,
        )
        response = _linked(jsonify(shown), links)
    response.headers["Vary"] = "Accept"
    return response


def _sentence(answer: CatalogueAnswer) -> SentenceData | None:
    said = sentence(view(), answer)
    if said is None:
        return None
    evidence = whole_address(said.evidence) if said.evidence else None
    return SentenceData(said.text, said.certainty, evidence)


def _meant_answer(answer: CatalogueAnswer, meant: Asked) -> MeantAnswerData:
    """Return the answer to what is clearly meant, with as many rows as the page shows."""
    columns, rows = _with_evidence(answer, 0, FIRST_ROWS)
    empty = _why_empty(answer, meant.questions[0].values)
    return MeantAnswerData(_sentence(answer), empty, len(answer.rows), columns, rows)


def _why_empty(answer: CatalogueAnswer, texts: Mapping[str, str]) -> EmptyData | None:
    if not answer.is_table or answer.rows.rows:
        return None
    return empty_data(empty_catalogue_answer(view(), answer, texts, column_name), words())


@blueprint.get("/search")
def search() -> Response:
    prevent_caching_without_index()
    wanted, asked = params(Paging), params(SearchParams)
    known = (*declared(SearchParams), *PAGING)
    if unknown := address_parameters(*known):
        wrong = Wrong("parameter", allowed=map(Node, known))
        raise BadParameterError(*map(wrong.of, unknown))
    scope = Scope(asked.kind, OF_ONE if asked.kind else MOST_FOUND)
    found = site().finder.find(asked.q, view().language, scope)
    meant = meant_by("" if asked.kind else asked.q)
    hits = [it for it in meant.ranked(found.hits) if isinstance(it, Hit)]
    links = _links(wanted, len(hits))
    answer = answer_of(meant)
    shown = SearchData(
        asked.q[:LONGEST],
        tuple(TakenData(it.word, it.spellings) for it in found.corrections),
        found.is_partial,
        found.more,
        len(hits),
        wanted.page,
        wanted.size,
        **links,
        results=_found_data(hits[wanted.start : wanted.stop]),
        questions=tuple(
            MeantData(
                it.name,
                it.text,
                dict(it.values),
                round(it.score, 2),
                whole_address(view().addresses.path(f"/api/questions/{it.name}", it.pairs)),
            )
            for it in meant.questions
        ),
        is_clear=answer is not None,
        answer=_meant_answer(answer, meant) if answer and wanted.page == 1 else None,
    )
    return _linked(jsonify(shown), links)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Serve the description of this API, made from the questions and the answers."""
    known = () if site().foreign else (*tables().values(),)
    named = thing_names.languages(view().store) if known else ()
    root = whole_address(view().addresses.root)
    return jsonify(description(known, named or LANGUAGES, view().language, root))


def tables() -> Mapping[str, Question]:
    return {name: it for name, it in site().catalogue.items() if it.form == "SELECT"}


def _question_data(question: Question) -> QuestionData:
    language = view().language
    return QuestionData(
        question.name,
        summary(question, language),
        question.about.get(language) or question.about.get("", ""),
        question.group,
        tuple(
            ParameterData(
                it.name,
                it.type,
                tuple(term.value for term in it.of),
                default_text(it),
                it.example,
                it.is_open,
                tuple(it.choices),
            )
            for it in question.parameters
        ),
        _address(question.name),
    )


def _found_data(hits: Sequence[Hit]) -> tuple[FoundData, ...]:
    nodes = view().nodes(NamedNode(hit.iri) for hit in hits)
    return tuple(
        FoundData(
            hit.iri,
            hit.kind,
            nodes[NamedNode(hit.iri)].text,
            nodes[NamedNode(hit.iri)].href,
            tuple(
                ReasonData(
                    reason.role,
                    reason.language,
                    reason.text,
                    tuple(piece.text for piece in reason.pieces if piece.marked),
                )
                for reason in hit.reasons
            ),
        )
        for hit in hits
    )


def _with_evidence(
    answer: CatalogueAnswer, start: int, stop: int
) -> tuple[tuple[str, ...], tuple[dict[str, Value], ...]]:
    """Return the columns and some rows of an answer, with their evidence if requested.

    With several documents, a row also has those that state it. Raises BadParameterError for an
    ``evidence`` other than ``yes``, or of too many rows.
    """
    found, is_wanted = answer.rows, params(AnswerParams).evidence == "yes"
    shown = Solutions(found.variables, found.rows[start:stop])
    if not is_wanted or HOW not in found.variables:
        shown = with_documents(answer, shown)
        return shown.variables, _plain_rows(shown)
    if len(shown) > MOST_WITH_EVIDENCE:
        raise BadParameterError(Wrong("evidence_of_many").of(EVIDENCE))
    release = site().release
    source = ClaimSource(
        view().graph.labels,
        view().language,
        release.id if release else "",
        release.manifest.issued if release else "",
        whole_address(view().addresses.root).rstrip("/"),
        view().addresses.moment,
        site().moment_in_words(view().addresses),
    )
    evidence = evidence_of(view().store, answer.question.text, shown, ClaimReport(source))
    told = (it.texts() if it else (None,) * len(COLUMNS) for it in evidence)
    beside = (dict(zip(COLUMNS, it, strict=True)) for it in told)
    return (*found.variables, *COLUMNS), tuple(map(or_, _plain_rows(shown), beside))


def _plain_rows(found: Solutions) -> tuple[dict[str, Value], ...]:
    return tuple(dict(zip(found.variables, map(plain, row), strict=True)) for row in found.rows)


def _table(
    question: Question, columns: Sequence[str], rows: Sequence[Mapping[str, Value]]
) -> Response:
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(columns)
    writer.writerows([_cell(value) for value in row.values()] for row in rows)
    response = make_response(table.getvalue())
    response.content_type = RESULTS_CSV.content_type
    name = f"{question.name}{RESULTS_CSV.suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else value


def _links(wanted: Paging, total: int) -> dict[str, str | None]:
    """Return the addresses of the pages before and after a page; None without one."""
    before, after = wanted.page - 1, wanted.page + 1
    return {
        "previous": _page_address(before) if before else None,
        "next": _page_address(after) if wanted.stop < total else None,
    }


def _page_address(page: int) -> str:
    asked = address_parameters("page").items()
    pairs = [*asked, *([("page", str(page))] if page > 1 else [])]
    return whole_address(view().addresses.path(request.path, pairs))


def _linked(response: Response, links: Mapping[str, str | None]) -> Response:
    """Return a response whose ``Link`` header has the pages before and after it."""
    relations = {"previous": "prev", "next": "next"}
    headers = [
        f'<{links[name]}>; rel="{rel}"' for name, rel in relations.items() if links.get(name)
    ]
    if headers:
        response.headers["Link"] = ", ".join(headers)
    return response


def _address(name: str) -> str:
    return whole_address(view().addresses.path(f"/api/questions/{name}"))
