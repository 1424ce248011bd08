"""A question built without SPARQL: its conditions as a form, its answer, and the query of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast
from urllib.parse import parse_qsl

from flask import Blueprint, Response, g, jsonify, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import CLASSES, FIRST_KINDS, KINDS
from rallynov_graph.base.terms import Solutions
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.queries import ServedStore
from rallynov_graph.questions.labels import Text
from rallynov_graph.rdf.formats import RESULTS
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.catalogue_answers import AnswerTable, table_of
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.suggestions import suggestions
from rallynov_graph.site.query.builder.choices import (
    ResolvedQuestion,
    Select,
    kind_name,
    values_among,
)
from rallynov_graph.site.query.builder.condition import (
    Condition,
    NoQuestionError,
    Pair,
    Place,
    from_args,
    without_dropped,
)
from rallynov_graph.site.query.builder.kinds import ClassOfThings, Kinds, found_kinds, kinds_of
from rallynov_graph.site.query.builder.page import PATH, BuiltPage
from rallynov_graph.site.query.views import QueryRefusal, visitors_ask
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited_list
from rallynov_graph.site.web.error_pages import BadParameterError, Missing, refusal
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.headers import prevent_caching_without_index
from rallynov_graph.site.web.reader import site, view, words

blueprint = Blueprint("builder", __name__)

SHOWN: Final = 50
"""How many rows of the answer the page shows."""
MOST_FIELDS: Final = 300
"""How many fields an address may have."""
_AT_REST: Final = ("certainty", LEAST_SURE)
_CLASSES: Final = tuple(KINDS[name].class_iri or KINDS[name].broad_class for name in FIRST_KINDS)
"""The classes of what readers ask for first."""
_FIRST: Final = 12
"""So many of another graph's classes are shown before the others."""


@blueprint.get(PATH)
def builder() -> AnyResponse:
    """Show a question with its answer, at the one address of this question."""
    prevent_caching_without_index()
    pairs = _pairs()
    question, added = _question(pairs)
    if question is None:
        first, others = _kinds_to_choose()
        body = page("query/builder/builder.html", built=None, first=first, others=others, hidden=0)
        return make_response(body)
    built = _built(question, answers := _CountAnswers())
    if sorted(built.pairs) != sorted(pairs):
        anchor = f"c-{'-'.join(map(str, added))}" if added else "built"
        return redirect(view().addresses.path(PATH, built.pairs, anchor), 303)
    answer = _answer(built, answers.refused if built.things is None else None)
    cite = cited_list(built.title, PATH) if built.query else None
    body = page("query/builder/builder.html", built=built, answer=answer, cite=cite)
    return make_response(body, answer.status if answer else built.status)


@blueprint.get(f"{PATH}.<suffix>")
def builder_file(suffix: str) -> Response:
    """Serve the answer to a question as rows."""
    form = next((f for f in RESULTS if f.name == suffix and suffix in page_files.ROWS), None)
    question, ask = _question(_pairs())[0], visitors_ask()
    built = _built(question, lambda query: None) if question is not None else None
    if form is None or built is None or not built.query or ask is None:
        raise Missing
    try:
        reply = ask(built.query, form, None)
    except Refused as refused:
        return refusal(refused)
    return page_files.file_response(reply.content, form, "builder")


@blueprint.get(f"{PATH}/values.json")
def values() -> Response:
    """Serve the first values of a property that what somebody has written so far may mean.

    With ``question``, the fields of the form, and ``at``, the place of the condition in it, each
    has the number of things that it would leave.
    """
    prevent_caching_without_index()
    parameters, graph_view = request.args, view()
    kind_of_things = kinds().named(parameters.get("of", ""))
    step = kinds().step(kind_of_things, parameters.get("step", ""))
    if step is None:
        wrong = ("step", "step") if kind_of_things else ("of", "kind")
        raise BadParameterError(BadParameter(*wrong))
    kind = kinds().named(parameters.get("kind", "")) or kinds().kind_of_values(step)
    found = suggestions(
        graph_view,
        site().finder,
        parameters.get("q", ""),
        words()["network.theme"],
        _searched(kind),
        fitting=lambda iris: values_among(graph_view, iris, step, kind),
    )
    proposed = cast(list[dict[str, object]], found["suggestions"])
    left = _left_by([str(it["iri"]) for it in proposed])
    for it in proposed:
        it["left"] = left.get(str(it["iri"]))
    return jsonify(found)


def _left_by(iris: Sequence[str]) -> Mapping[str, str]:
    """Return how many things each value would leave in the question that the address holds."""
    pairs = parse_qsl(request.args.get("question", ""), keep_blank_values=True)
    if not pairs:
        return {}
    question, _ = _question([pair for pair in pairs if pair[0] != "lang" and pair != _AT_REST])
    built = _built(question, _CountAnswers()) if question is not None else None
    place = request.args.get("at", "")
    left = built.left_by(place, iris) if built else None
    if left is None:
        raise BadParameterError(BadParameter("at", "place"))
    return left


def _searched(kind: ClassOfThings | None) -> str:
    """Return the search's kind for all things of a kind, empty if there is none."""
    if kind is None or site().foreign or kinds().subclasses.get(kind.iri):
        return ""
    return next((name for name, iri in CLASSES.items() if iri == kind.iri), "")


def kinds() -> Kinds:
    """Return the kinds and properties to ask about in the graph of the site, read once.

    A foreign graph has no known shapes: its classes are used instead.
    """
    this_site, graph = site(), site().graph
    return graph.queries.once(
        "kinds",
        None,
        lambda: (
            found_kinds(graph)
            if this_site.foreign
            else kinds_of(this_site.shapes, graph.superclasses)
        ),
    )


def _pairs() -> list[Pair]:
    """Return the parameters of the address, without the language and default values."""
    pairs = request.args.items(multi=True)
    left_out = {"lang"} if site().graph.queries.profile.has_rules else {"lang", "certainty"}
    return [pair for pair in pairs if pair[0] not in left_out and pair != _AT_REST]


def _question(pairs: Sequence[Pair]) -> tuple[Condition | None, Place]:
    """Return the question in form fields, and the place of the condition that they add.

    Raises BadParameterError if they contain none.
    """
    if len(pairs) > MOST_FIELDS:
        raise BadParameterError(BadParameter("", "many"))
    try:
        return from_args(kinds(), without_dropped(pairs)) or (None, ())
    except NoQuestionError as error:
        near, allowed = (tuple(map(Node, names)) for names in (error.near, error.allowed))
        raise BadParameterError(BadParameter(error.parameter, error.key, near, allowed)) from None


def _built(question: Condition, select: Select) -> BuiltPage:
    resolved = ResolvedQuestion(view(), site().finder, kinds(), question)
    return BuiltPage(resolved, words(), select)


def _kinds_to_choose() -> tuple[list[tuple[str, Text]], list[tuple[str, Text]]]:
    """Return the kinds that readers ask for first, and the others by their names."""
    known, graph_view = kinds().known, view()
    graph_view.described(known)
    first = [iri for iri in _CLASSES if iri in known]
    if graph_view.foreign:
        first = [*known][:_FIRST]

    def shown(iri: str) -> tuple[str, Text]:
        href = graph_view.addresses.path(PATH, [("kind", known[iri].name)])
        return href, kind_name(graph_view, known[iri])

    others = [shown(iri) for iri in known if iri not in first]
    return [*map(shown, first)], sorted(others, key=lambda it: it[1].value.casefold())


class _CountAnswers:
    """Asks what counts the choices of a page, as its visitor; nothing more once that is refused."""

    def __init__(self) -> None:
        self._ask = visitors_ask()
        self.refused: Refused | None = None

    def __call__(self, query: str) -> Solutions | None:
        """Return the solutions of a query, kept in the process; None if there is no answer."""
        ask = self._ask
        if ask is None or self.refused:
            return None
        try:
            return site().graph.queries.once("built", query, lambda: ServedStore(ask).select(query))
        except Refused as refused:
            g.passing = True
            self.refused = refused
            return None


@dataclass(frozen=True)
class BuiltAnswer:
    """The first rows that a question finds; or why there is no answer."""

    table: AnswerTable | None = None
    more: bool = False
    error: QueryRefusal | None = None
    status: int = 200


def _answer(built: BuiltPage, refused: Refused | None) -> BuiltAnswer | None:
    """Return the answer to a question, unless it was refused before.

    None if this site does not run visitors' queries, and for a question that is not understood.
    """
    ask = visitors_ask()
    if ask is None or not built.query:
        return None
    try:
        if refused is not None:
            raise refused
        rows = ServedStore(ask).select(f"{built.query}LIMIT {SHOWN + 1}\n")
    except Refused as error:
        g.passing = True
        return BuiltAnswer(error=QueryRefusal.of(error), status=error.status)
    shown = Solutions(rows.variables, rows.rows[:SHOWN])
    return BuiltAnswer(table_of(view(), built.query, shown), len(rows.rows) > SHOWN)
