"""SPARQL for people: a text area, ready-made questions, and the answer as a table.

A visitor's query never runs in the process that makes the pages: the server puts into the WSGI
environment a function that has it answered elsewhere, under limits. Without it, none is run.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from itertools import islice
from typing import Final, cast

from flask import Blueprint, Response, jsonify, make_response, request
from pyoxigraph import QueryBoolean, QuerySolutions, parse_query_results

from rallynov_graph.base.namespaces import NOTHING
from rallynov_graph.base.terms import Solutions
from rallynov_graph.http.protocol import ASK, SECONDS, Refused
from rallynov_graph.http.queries import Ask, Reply
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, RESULTS_JSON, TURTLE, Format
from rallynov_graph.site.model.catalogue_answers import (
    MOST_ROWS,
    AnswerTable,
    ListedQuestion,
    questions_by_group,
    table_of,
)
from rallynov_graph.site.query.answer_citation import files_of
from rallynov_graph.site.query.mending import mends
from rallynov_graph.site.query.refused_queries import QueryRefusal
from rallynov_graph.site.web.error_pages import Missing, refusal
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import site, view

blueprint = Blueprint("sparql", __name__)

MOST_MENDS: Final = 8
"""How many mends of a query are tried."""
LONGEST_GRAPH: Final = 20_000
"""How many characters of a graph a page shows."""
_EXAMPLE: Final = """\
SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {
  ?thing a ?class .
}
GROUP BY ?class
ORDER BY DESC(?things) ?class
LIMIT 50
"""


_OF_THE_QUERY: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, 413)
"""What is refused so is refused whenever it is asked."""
_RELEASE: Final = re.compile(r"[0-9a-f]{8}")
"""How an address names a release: by how its id begins."""


@dataclass(frozen=True)
class SparqlPage:
    """The form with its query, the questions to start from, and the answer if one was asked."""

    query: str
    has_run: bool
    examples: tuple[tuple[str, tuple[ListedQuestion, ...]], ...]
    table: AnswerTable | None = None
    more: bool = False
    """Whether the table has more rows than are shown."""
    verdict: bool | None = None
    graph: str | None = None
    graph_cut: bool = False
    error: QueryRefusal | None = None
    unavailable: bool = False
    """Whether nothing here runs a visitor's query."""
    files: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None
    """How long the answer took; None where there is none."""


@blueprint.get("/sparql")
def sparql() -> tuple[str, int, dict[str, str]]:
    """Show the form, and the answer to the query that it holds."""
    shown, status = _sparql_page(request.args.get("query", ""))
    formats = {
        "results": [(f.name, f.label, f.media_type) for f in RESULTS],
        "graphs": [(f.name, f.label, f.media_type) for f in GRAPHS],
    }
    content = page(
        "query/workbench/sparql.html",
        page=shown,
        formats=formats,
        other_release=_other_release(),
        limit=request.environ.get(SECONDS, ""),
        cite_files=files_of(shown.query) if shown.files else (),
    )
    return content, status, {"Vary": "Accept"}


def _other_release() -> str:
    """Return the release that an address was made with, where it is another than this one."""
    made_with, release = request.args.get("release", ""), site().release
    known = release is not None and _RELEASE.fullmatch(made_with)
    return made_with if known and release and not release.id.startswith(made_with) else ""


def _sparql_page(query: str) -> tuple[SparqlPage, int]:
    examples = () if site().foreign else questions_by_group(view(), site().catalogue)
    if not query.strip():
        return SparqlPage(_EXAMPLE, False, examples), 200
    ask = request.environ.get(ASK)
    if ask is None:
        return SparqlPage(query, False, examples, unavailable=True), 200
    try:
        reply = cast(Ask, ask)(query, RESULTS_JSON, TURTLE)
    except Refused as refused:
        refusal_shown = _with_mend(query, QueryRefusal.of(refused))
        return SparqlPage(query, True, examples, error=refusal_shown), refused.status
    return replace(_answered(query, examples, reply), seconds=reply.seconds), 200


@blueprint.post("/sparql/check")
def check() -> Response:
    """Serve what is wrong with a query, null where nothing is or where that is not known now.

    It is asked of a graph that does not exist, so that the engine reads it and finds nothing.
    """
    query, ask = request.form.get("query", ""), request.environ.get(ASK)
    refusal_shown = None
    if ask is not None and query.strip():
        try:
            cast(Ask, ask)(query, RESULTS_JSON, TURTLE, (NOTHING,))
        except Refused as refused:
            is_of_query = refused.status in _OF_THE_QUERY
            refusal_shown = _with_mend(query, QueryRefusal.of(refused)) if is_of_query else None
    return jsonify(
        fault=refusal_shown
        and {
            "sentence": refusal_shown.sentence,
            "words": refusal_shown.quoted,
            "line": refusal_shown.line,
            "column": refusal_shown.column,
            "kind": refusal_shown.fault.key if refusal_shown.fault else None,
            "mend": refusal_shown.mend
            and {"sentence": refusal_shown.mending, "query": refusal_shown.mend.query},
        }
    )


def _with_mend(query: str, refusal_shown: QueryRefusal) -> QueryRefusal:
    """Return what a refusal tells, with the first of the likely mends that the engine reads."""
    ask = cast(Ask, request.environ[ASK])
    for mend in islice(
        mends(query, refusal_shown.fault, _offset(query, refusal_shown)), MOST_MENDS
    ):
        try:
            ask(mend.query, RESULTS_JSON, TURTLE, (NOTHING,))
        except Refused as refused:
            if refused.status not in _OF_THE_QUERY:
                break
        else:
            return replace(refusal_shown, mend=mend)
    return refusal_shown


def _offset(query: str, refusal_shown: QueryRefusal) -> int | None:
    """Return where in a query the place of a refusal is, in characters from its beginning."""
    lines = query.splitlines(keepends=True)
    if (
        refusal_shown.line is None
        or refusal_shown.column is None
        or refusal_shown.line > len(lines)
    ):
        return None
    return sum(map(len, lines[: refusal_shown.line - 1])) + refusal_shown.column - 1


@blueprint.get("/sparql.<suffix>")
def file(suffix: str) -> Response:
    """Serve the answer to a query as a file."""
    form = next((f for f in (*RESULTS, *GRAPHS) if f.name == suffix), None)
    query, ask = request.args.get("query", ""), request.environ.get(ASK)
    if form is None or ask is None or not query:
        raise Missing
    results, graph = (form, None) if form in RESULTS else (None, form)
    try:
        reply = cast(Ask, ask)(query, results, graph)
    except Refused as refused:
        return refusal(refused)
    response = make_response(reply.content)
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="answer.{form.name}"'
    return response


def _answered(
    query: str, examples: tuple[tuple[str, tuple[ListedQuestion, ...]], ...], reply: Reply
) -> SparqlPage:
    if reply.form is TURTLE:
        text = reply.content.decode("utf-8")
        return SparqlPage(
            query,
            True,
            examples,
            graph=text[:LONGEST_GRAPH],
            graph_cut=len(text) > LONGEST_GRAPH,
            files=_files(query, GRAPHS),
        )
    found = parse_query_results(reply.content, format=RESULTS_JSON.results)
    files = _files(query, RESULTS)
    if isinstance(found, QueryBoolean):
        return SparqlPage(query, True, examples, verdict=bool(found), files=files)
    assert isinstance(found, QuerySolutions)
    variables = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(solution) for solution in islice(found, MOST_ROWS + 1))
    table = table_of(view(), query, Solutions(variables, rows), all_columns=True)
    return SparqlPage(query, True, examples, table, len(rows) > MOST_ROWS, files=files)


def _files(query: str, formats: tuple[Format, ...]) -> tuple[tuple[str, str], ...]:
    address = view().addresses.file
    return tuple(
        (form.label, address(f"/sparql.{form.name}", [("query", query)])) for form in formats
    )
