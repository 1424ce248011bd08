"""A question built without SPARQL: its conditions as a form, its answer, and the query of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, cast

from flask import Blueprint, Response, g, jsonify, make_response, redirect, request
from pyoxigraph import Literal, QuerySolutions, parse_query_results
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import CLASSES
from rallynov_graph.base.terms import Solutions
from rallynov_graph.http.protocol import ASK, Refused
from rallynov_graph.http.served_store import Ask
from rallynov_graph.rdf.formats import RESULTS, RESULTS_JSON, TURTLE
from rallynov_graph.site.model.bad_parameter import Wrong
from rallynov_graph.site.model.catalogue_answers import AnswerTable, table_of
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.suggestions import suggestions
from rallynov_graph.site.query.builder.built_query import BuiltQuery
from rallynov_graph.site.query.builder.built_question import Built, Pair, UnbuiltError, kept, read
from rallynov_graph.site.query.builder.found_steps import found_kinds
from rallynov_graph.site.query.builder.page import BuilderPage, builder_page
from rallynov_graph.site.query.builder.property_values import having
from rallynov_graph.site.query.builder.steps import ClassOfThings, Kinds, kinds_of
from rallynov_graph.site.query.refused_queries import QueryRefusal
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited_list
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.parameter_errors import WrongParameter
from rallynov_graph.site.web.problems import refusal
from rallynov_graph.site.web.reader import page, site, view, words
from rallynov_graph.site.web.search_parameters import take_note

blueprint = Blueprint("builder", __name__)

SHOWN: Final = 50
"""How many rows of the answer the page shows."""
MOST_FIELDS: Final = 300
"""How many fields an address may have."""
_PATH: Final = "/builder"
_AT_REST: Final = ("certainty", LEAST_SURE)


@dataclass(frozen=True)
class Answer:
    """How many things a question finds, and its first rows; or why there is no answer."""

    things: int = 0
    table: AnswerTable | None = None
    more: bool = False
    error: QueryRefusal | None = None
    status: int = 200


@blueprint.get(_PATH)
def builder() -> AnyResponse:
    """Show a question with its answer, at the one address of this question."""
    take_note()
    built, added = _asked()
    found = _page(built)
    if built is not None and sorted(found.pairs) != sorted(_given()):
        anchor = f"c-{added.replace('.', '-')}" if added else "built"
        return redirect(view().addresses.path(_PATH, found.pairs, anchor), 303)
    answer = _answer(found.query) if found.query else None
    cite = cited_list(found.title, _PATH) if found.query else None
    body = page("query/builder/builder.html", page=found, answer=answer, cite=cite)
    return make_response(body, answer.status if answer else found.status)


@blueprint.get(f"{_PATH}.<suffix>")
def builder_file(suffix: str) -> Response:
    """Give the answer to a question as rows."""
    form = next((f for f in RESULTS if f.name == suffix and suffix in page_files.ROWS), None)
    found, ask = _page(_asked()[0]), request.environ.get(ASK)
    if form is None or found.query is None or ask is None:
        raise Missing
    try:
        reply = cast(Ask, ask)(found.query.text, form, None)
    except Refused as refused:
        return refusal(refused)
    return page_files.named(reply.content, form, "builder")


@blueprint.get(f"{_PATH}/values.json")
def values() -> Response:
    """Give the first values of a property that what somebody has written so far may mean."""
    take_note()
    told = request.args
    of = kinds().named(told.get("of", ""))
    step = kinds().step(of, told.get("step", ""))
    if step is None:
        raise WrongParameter(Wrong("step" if of else "of", "step" if of else "kind"))
    kind, seen = kinds().named(told.get("kind", "")) or kinds().end(step), view()
    found = suggestions(
        seen,
        site().finder,
        told.get("q", ""),
        words()["network.theme"],
        _searched(kind),
        fitting=lambda iris: having(seen, iris, step, kind),
    )
    return jsonify(found)


def _searched(kind: ClassOfThings | None) -> str:
    """Return the kind by which the search knows all things of a kind, empty where none does."""
    if kind is None or site().foreign or kinds().below.get(kind.iri):
        return ""
    return next((name for name, iri in CLASSES.items() if iri == kind.iri), "")


def kinds() -> Kinds:
    """Return what can be asked of the graph of the site, read once.

    Somebody else's graph has no shapes that are known: there its classes tell.
    """
    here, graph = site(), site().graph
    return graph.queries.once(
        "kinds",
        None,
        lambda: found_kinds(graph) if here.foreign else kinds_of(here.shapes, graph.above),
    )


def _given() -> list[Pair]:
    """Return what the address says, but for the language and what holds without being said."""
    pairs = request.args.items(multi=True)
    return [pair for pair in pairs if pair[0] != "lang" and pair != _AT_REST]


def _asked() -> tuple[Built | None, str]:
    """Return the question of the address, and the place of the condition that it adds.

    Raises WrongParameter where it holds none.
    """
    given = _given()
    if len(given) > MOST_FIELDS:
        raise WrongParameter(Wrong("", "many"))
    try:
        return read(kinds(), kept(given)) or (None, "")
    except UnbuiltError as error:
        near, right = (tuple(map(Node, names)) for names in (error.near, error.right))
        raise WrongParameter(Wrong(error.parameter, error.key, near, right)) from None


def _page(built: Built | None) -> BuilderPage:
    return builder_page(view(), site().finder, kinds(), built, words().under("built."))


def _answer(query: BuiltQuery) -> Answer | None:
    """Return the answer to a question; None where nothing here runs what a visitor asks."""
    ask = request.environ.get(ASK)
    if ask is None:
        return None
    try:
        counted = _rows(cast(Ask, ask), query.count)
        rows = _rows(cast(Ask, ask), f"{query.text}LIMIT {SHOWN + 1}\n")
    except Refused as refused:
        g.passing = True
        return Answer(error=QueryRefusal.of(refused), status=refused.status)
    things = counted.rows[0][0] if counted.rows else None
    return Answer(
        int(things.value) if isinstance(things, Literal) else 0,
        table_of(view(), query.text, Solutions(rows.variables, rows.rows[:SHOWN])),
        len(rows.rows) > SHOWN,
    )


def _rows(ask: Ask, query: str) -> Solutions:
    found = parse_query_results(
        ask(query, RESULTS_JSON, TURTLE).content, format=RESULTS_JSON.results
    )
    assert isinstance(found, QuerySolutions)
    return Solutions(tuple(v.value for v in found.variables), tuple(map(tuple, found)))
