"""SPARQL for people: a text area, ready-made questions, and the answer as a table.

A visitor's query never runs in the process that makes the pages: the server puts into the WSGI
environment a function that has it answered elsewhere, under limits. Without it, none is run.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import islice
from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, request
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    Triple,
    parse_query_results,
)

from rallynov_graph.base.namespaces import NOTHING, PREFIXES, in_prefixes
from rallynov_graph.base.terms import Solutions
from rallynov_graph.http.protocol import SECONDS, Refused
from rallynov_graph.http.queries import Ask, ServedStore
from rallynov_graph.questions.labels import Text
from rallynov_graph.rdf.formats import GRAPHS, RESULTS, RESULTS_JSON, TURTLE, Format
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.catalogue_answers import MOST_ROWS, table_of
from rallynov_graph.site.model.drawing.place_map import points_of
from rallynov_graph.site.model.own_query import (
    MOST_COUNTED,
    counted_alone,
    facts_of_row,
    why_empty,
)
from rallynov_graph.site.model.statement import Statement, looked_up, statements
from rallynov_graph.site.model.told_names import names_of
from rallynov_graph.site.query.mending import mends
from rallynov_graph.site.query.views import QueryRefusal, files_of, visitors_ask
from rallynov_graph.site.web.error_pages import BadParameterError, Missing, refusal
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.reader import site, view

blueprint = Blueprint("sparql", __name__)
data = Blueprint("workbench_data", __name__)
"""What the workbench asks for while somebody writes."""

MOST_MENDS: Final = 8
"""How many mends of a query are tried."""
LONGEST_GRAPH: Final = 20_000
"""How many characters of a graph a page shows."""
MOST_FACTS: Final = 100
"""How many facts of a row are shown."""
LONGEST_ROW: Final = 256 * 1024
"""How long a row may be, in characters."""
MOST_CLASSES: Final = 20
"""How many classes may be asked about at once."""
MOST_NAMES: Final = 100
"""How many things' names, or coordinates, may be asked for at once."""
_OWL_CLASS: Final = PREFIXES["owl"] + "Class"
_MEANINGS: Final = tuple(
    NamedNode(iri)
    for iri in (
        PREFIXES["skos"] + "definition",
        PREFIXES["rdfs"] + "comment",
        PREFIXES["dcterms"] + "description",
    )
)
_EXAMPLE: Final = """\
SELECT ?class (COUNT(DISTINCT ?thing) AS ?things) WHERE {
  ?thing a ?class .
}
GROUP BY ?class
ORDER BY DESC(?things) ?class
LIMIT 50
"""


_NO_ANSWER: Final[dict[str, Any]] = {
    "status": 200,
    "files": (),
    **dict.fromkeys(("empty", "error", "unavailable", "has_run", "seconds")),
    **dict.fromkeys(("table", "more", "verdict", "graph", "is_cut")),
}
"""What the page shows of an answer where there is none."""
_OF_THE_QUERY: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, 413)
"""What is refused so is refused whenever it is asked."""
_RELEASE: Final = re.compile(r"[0-9a-f]{8}")
"""How an address names a release: by how its id begins."""


@blueprint.get("/sparql")
def sparql() -> tuple[str, int, dict[str, str]]:
    """Show the form, and the answer to the query that it holds."""
    query = request.args.get("query", "")
    answer = _NO_ANSWER | (_answer(query) if query.strip() else {})
    formats = {
        "results": [(f.name, f.label, f.media_type) for f in RESULTS],
        "graphs": [(f.name, f.label, f.media_type) for f in GRAPHS],
    }
    content = page(
        "query/workbench/sparql.html",
        query=query if query.strip() else _EXAMPLE,
        answer=answer,
        formats=formats,
        other_release=_other_release(),
        limit=request.environ.get(SECONDS, ""),
        cite_files=files_of(query) if answer["files"] else (),
    )
    return content, answer["status"], {"Vary": "Accept"}


def _other_release() -> str:
    """Return the release in an address, if it is not this one."""
    made_with, release = request.args.get("release", ""), site().release
    known = release is not None and _RELEASE.fullmatch(made_with)
    return made_with if known and release and not release.id.startswith(made_with) else ""


def _answer(query: str) -> dict[str, Any]:
    """Return the page's view of the answer to a query, or why there is none."""
    ask = visitors_ask()
    if ask is None:
        return {"unavailable": True}
    try:
        reply = ask(query, RESULTS_JSON, TURTLE)
    except Refused as refused:
        error = _with_mend(ask, query, QueryRefusal.of(refused))
        return {"error": error, "status": refused.status}
    is_graph = reply.form is TURTLE
    shown = {
        "has_run": True,
        "seconds": reply.seconds,
        "files": _files(query, GRAPHS if is_graph else RESULTS),
    }
    if is_graph:
        text = reply.content.decode("utf-8")
        return {**shown, "graph": text[:LONGEST_GRAPH], "is_cut": len(text) > LONGEST_GRAPH}
    found = parse_query_results(reply.content, format=RESULTS_JSON.results)
    if isinstance(found, QueryBoolean):
        empty = None if found else why_empty(view(), query, ServedStore(ask))
        return {**shown, "verdict": bool(found), "empty": empty}
    assert isinstance(found, QuerySolutions)
    variables = tuple(variable.value for variable in found.variables)
    rows = tuple(tuple(solution) for solution in islice(found, MOST_ROWS + 1))
    table = table_of(view(), query, Solutions(variables, rows), all_columns=True)
    empty = None if rows else why_empty(view(), query, ServedStore(ask))
    return {**shown, "table": table, "more": len(rows) > MOST_ROWS, "empty": empty}


def _asked() -> tuple[str, ServedStore]:
    """Return the query that is to be explained, and the store that is asked."""
    query, ask = request.form.get("query", ""), visitors_ask()
    if ask is None or not query.strip():
        raise Missing
    return query, ServedStore(ask)


@blueprint.post("/sparql/empty")
def empty() -> str:
    """Show why the answer to a query is empty, as a part of the workbench's page."""
    return page("query/workbench/empty.html", empty=why_empty(view(), *_asked()))


@blueprint.post("/sparql/slow")
def slow() -> str:
    """Show how many matches each condition of a query has, as a part of the workbench's page."""
    return page("query/workbench/slow.html", counted=[*counted_alone(*_asked())], most=MOST_COUNTED)


@blueprint.post("/sparql/check")
def check() -> Response:
    """Serve the error in a query, null if there is none or if it is unknown now.

    It runs on a graph that does not exist, so that the engine parses it and finds nothing.
    """
    query, ask = request.form.get("query", ""), visitors_ask()
    shown = None
    if ask is not None and query.strip():
        try:
            ask(query, RESULTS_JSON, TURTLE, (NOTHING,))
        except Refused as refused:
            is_of_query = refused.status in _OF_THE_QUERY
            shown = _with_mend(ask, query, QueryRefusal.of(refused)) if is_of_query else None
    return jsonify(
        fault=shown
        and {
            "sentence": shown.sentence,
            "words": shown.quoted,
            "line": shown.line,
            "column": shown.column,
            "kind": shown.fault.key if shown.fault else None,
            "mend": shown.mend and {"sentence": shown.mending, "query": shown.mend.query},
        }
    )


def _with_mend(ask: Ask, query: str, shown: QueryRefusal) -> QueryRefusal:
    """Return a refusal's data, with the first correction that the engine accepts."""
    for mend in islice(mends(query, shown.fault, _offset(query, shown)), MOST_MENDS):
        try:
            ask(mend.query, RESULTS_JSON, TURTLE, (NOTHING,))
        except Refused as refused:
            if refused.status not in _OF_THE_QUERY:
                break
        else:
            return replace(shown, mend=mend)
    return shown


def _offset(query: str, shown: QueryRefusal) -> int | None:
    """Return where in a query the place of a refusal is, in characters from its beginning."""
    lines = query.splitlines(keepends=True)
    if shown.line is None or shown.column is None or shown.line > len(lines):
        return None
    return sum(map(len, lines[: shown.line - 1])) + shown.column - 1


@blueprint.get("/sparql.<suffix>")
def file(suffix: str) -> Response:
    """Serve the answer to a query as a file."""
    form = next((f for f in (*RESULTS, *GRAPHS) if f.name == suffix), None)
    query, ask = request.args.get("query", ""), visitors_ask()
    if form is None or ask is None or not query:
        raise Missing
    results, graph = (form, None) if form in RESULTS else (None, form)
    try:
        reply = ask(query, results, graph)
    except Refused as refused:
        return refusal(refused)
    response = make_response(reply.content)
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="answer.{form.name}"'
    return response


def _files(query: str, formats: tuple[Format, ...]) -> tuple[tuple[str, str], ...]:
    address = view().addresses.file
    return tuple(
        (form.label, address(f"/sparql.{form.name}", [("query", query)])) for form in formats
    )


@blueprint.post("/sparql/origin")
def origin() -> str:
    """Show who says each fact of a row, sent as a SPARQL answer of one row."""
    query, store = _asked()
    facts = facts_of_row(query, _row(request.form.get("row", "")), store)
    return page("query/workbench/origin.html", facts=_explained(facts[:MOST_FACTS]))


def _row(text: str) -> Solutions:
    """Return the row that a text has; raise BadParameterError for anything else."""
    try:
        found = parse_query_results(text[:LONGEST_ROW].encode(), format=RESULTS_JSON.results)
        rows = tuple(map(tuple, found)) if isinstance(found, QuerySolutions) else ()
    except (SyntaxError, ValueError) as error:
        raise BadParameterError(BadParameter("row", "row")) from error
    if len(rows) != 1 or not isinstance(found, QuerySolutions):
        raise BadParameterError(BadParameter("row", "row"))
    return Solutions(tuple(it.value for it in found.variables), rows)


def _explained(facts: Sequence[Triple]) -> list[tuple[Statement, str | None]]:
    """Return those facts that the graph contains, in order, each with its evidence address."""
    held = looked_up(view(), facts)
    return [
        (
            it,
            view().note_address(it.subject.iri, it.prop.iri, it.stated.value)
            if it.subject.iri
            else None,
        )
        for it in statements(view(), (held[fact] for fact in facts if fact in held))
    ]


@data.get("/terms.json")
def terms() -> Response:
    """Serve all classes and properties; with ``of``, the properties used with these classes."""
    classes = _iris("of", MOST_CLASSES)
    found = _terms_with(classes) if classes else _all_terms()
    return jsonify(prefixes=PREFIXES, terms=[*found])


@data.get("/names.json")
def names() -> Response:
    """Serve the names and the page addresses of things."""
    wanted = [NamedNode(iri) for iri in _iris("iri", MOST_NAMES)]
    return jsonify(names=names_of(view(), wanted))


@data.get("/points.json")
def points() -> Response:
    """Serve where each of some things is, its latitude and longitude, as far as that is known."""
    return jsonify(points=points_of(view(), map(NamedNode, _iris("iri", MOST_NAMES))))


def _iris(parameter: str, most: int) -> list[str]:
    """Return the IRIs that a parameter names; raise BadParameterError for others, or too many."""
    iris = [*dict.fromkeys(request.args.getlist(parameter))]
    if len(iris) > most or not all(map(_is_iri, iris)):
        raise BadParameterError(BadParameter(parameter, "iri"))
    return iris


def _is_iri(text: str) -> bool:
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def _all_terms() -> list[dict[str, object]]:
    """Return the classes and properties of the graph and its ontology, the most used first."""
    classes, properties = _classes(), _counted(view().cached_rows("properties_counted"))
    for term, kind, _ in view().cached_rows("terms").rows:
        if isinstance(term, NamedNode) and isinstance(kind, NamedNode):
            (classes if kind.value == _OWL_CLASS else properties).setdefault(term.value, 0)
    return [*_terms(classes, "class"), *_terms(properties, "property")]


def _terms_with(classes: Sequence[str]) -> list[dict[str, object]]:
    """Return the properties that the things of some classes really have, the most had first."""
    wanted = [NamedNode(iri) for iri in sorted({*classes})]
    queries = view().queries
    text = queries.text("properties_counted_with", **{"class": wanted})
    return _terms(_counted(queries.cached(text)), "property")


def _classes() -> dict[str, int]:
    return _counted(view().cached_rows("classes"))


def _counted(found: Solutions) -> dict[str, int]:
    return {
        term.value: int(count.value)
        for term, count in found.rows
        if isinstance(term, NamedNode) and isinstance(count, Literal)
    }


def _terms(counted: dict[str, int], kind: str) -> list[dict[str, object]]:
    """Return the terms for an editor: their names, definitions and frequencies."""
    graph_view = view()
    described = graph_view.described(counted)
    meanings: dict[str, list[Text]] = {}
    things = map(NamedNode, counted)
    for term, _, value in graph_view.queries.rows("values", thing=things, property=_MEANINGS).rows:
        if isinstance(term, NamedNode) and isinstance(value, Literal):
            text = Text(value.value, value.language or "")
            meanings.setdefault(term.value, []).append(text)
    found: list[dict[str, object]] = []
    for iri, uses in sorted(counted.items(), key=lambda it: (-it[1], it[0])):
        names = sorted(described[iri].names, key=lambda it: it.language != graph_view.language)
        first, *others = [*map(graph_view.text, names)] or [Text("")]
        meaning = graph_view.best(meanings.get(iri, ())) or Text("")
        found.append(
            {
                "iri": iri,
                "name": in_prefixes(iri),
                "kind": kind,
                "label": first.value,
                "language": first.language,
                "also": [label.value for label in others],
                "definition": meaning.value,
                "definition_language": meaning.language,
                "uses": uses,
            }
        )
    return found
