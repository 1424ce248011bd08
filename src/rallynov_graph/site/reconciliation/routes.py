"""The reconciliation service: the things that the names of a table mean.

It has the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group, which
OpenRefine and other clients use.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import RequestEntityTooLarge

from rallynov_graph.base.kinds import CLASSES
from rallynov_graph.matching.words import folded
from rallynov_graph.search.index import LATER
from rallynov_graph.search.searching import MOST_FOUND, Scope
from rallynov_graph.site.model.thing_description import ThingPage, thing_page
from rallynov_graph.site.reconciliation import batches
from rallynov_graph.site.reconciliation.batches import BATCH, MOST_CANDIDATES, UnreadableBatch
from rallynov_graph.site.reconciliation.candidates import NameCandidate, candidates, thing_of
from rallynov_graph.site.reconciliation.extension import (
    ListedTerm,
    RequestedColumn,
    extension,
    properties,
    property_of,
    proposed_properties,
)
from rallynov_graph.site.reconciliation.manifest import manifest
from rallynov_graph.site.web.error_pages import Missing, json_problem, missing
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.json_answers import json_response, whole_address
from rallynov_graph.site.web.reader import site, view, words
from rallynov_graph.site.web.search_parameters import prevent_caching_without_index

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

LONGEST: Final = 4 << 20
"""How many bytes a batch may have."""
SUGGESTED: Final = 10
"""How many suggestions an answer has."""


@blueprint.route("", methods=["GET", "POST"])
def reconcile() -> Response:
    """Serve candidates for names, or values for things; without either, the manifest."""
    request.max_content_length = request.max_form_memory_size = LONGEST
    try:
        fields = request.form if request.method == "POST" else request.args
    except RequestEntityTooLarge as error:
        raise UnreadableBatch("large", "queries", 413, most=LONGEST >> 20, batch=BATCH) from error
    if "queries" in fields:
        queries = batches.queries(fields["queries"])
        prevent_caching_without_index()
        found = {name: candidates(view(), site().finder, query) for name, query in queries.items()}
        return json_response(
            {
                name: {"result": [*map(_candidate, found_candidates)]}
                for name, found_candidates in found.items()
            }
        )
    if "extend" in fields:
        return json_response(_extension(*batches.extension(fields["extend"])))
    if request.method == "POST":
        raise UnreadableBatch("no_queries", "queries")
    return json_response(manifest(_kinds()))


@blueprint.get("/suggest/<what>")
def suggest(what: str) -> Response:
    """Serve the things, properties or types whose names begin with a text."""
    prefix, skipped = request.args.get("prefix", ""), _count("cursor", 0)
    if what == "entity":
        return json_response({"result": _entities(prefix)[skipped : skipped + SUGGESTED]})
    chosen = _matching_terms(prefix, _choices(what))[skipped : skipped + SUGGESTED]
    return json_response({"result": [_choice(term) for term in chosen]})


@blueprint.get("/flyout/<what>")
def flyout(what: str) -> Response:
    """Serve a few lines about a thing, property or type, to show beside its name."""
    identifier = request.args.get("id", "")
    if what == "entity":
        found = _page(identifier)
        html = render_template(
            "reconciliation/flyout.html", name=found.node.text, about=_about(found)
        )
    else:
        known = {term.id: term for term in _choices(what)}
        named = property_of(identifier) if what == "property" else None
        choice = known.get(identifier) or next(
            (term for term in known.values() if named and term.description == named.value), None
        )
        if choice is None:
            raise Missing
        html = render_template(
            "reconciliation/flyout.html", name=choice.name, about=[choice.description]
        )
    return json_response({"id": identifier, "html": html})


@blueprint.get("/preview")
def preview() -> Response:
    """Show a thing in a small frame."""
    found = _page(request.args.get("id", ""))
    facts = [fact for group in found.groups for fact in group.facts]
    address = whole_address(view().addresses.path("/resource", [("iri", found.iri)]))
    return make_response(page("reconciliation/preview.html", page=found, facts=facts, at=address))


@blueprint.get("/properties")
def propose() -> Response:
    """Serve the properties of the things of a type, the most used first."""
    kind = request.args.get("type", "")
    known = _kinds()
    if kind and kind not in known:
        raise UnreadableBatch("type", "type")
    found = proposed_properties(view(), kind) if kind else properties(view())
    limit = _count("limit", len(found)) or len(found)
    named = [{"id": term.id, "name": term.name} for term in found[:limit]]
    answer = {"type": kind, "properties": named}
    return json_response(answer | ({"limit": limit} if "limit" in request.args else {}))


@blueprint.errorhandler(UnreadableBatch)
def _unreadable(error: UnreadableBatch) -> Response:
    detail = words()("reconcile.wrong_" + error.key, **error.values)
    more = {"batchSize": BATCH} if error.status == 413 else {}
    colon = words()["site.colon"]
    return json_problem(error.status, f"{error.path}{colon} {detail}", at=error.path, **more)


@blueprint.after_request
def _add_cors_headers(response: Response) -> Response:
    """Add the headers that let pages of any site send requests."""
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    return response


def _candidate(found: NameCandidate) -> dict[str, object]:
    description = {"description": found.description} if found.description else {}
    return {
        "id": found.id,
        "name": found.name,
        **description,
        "type": [{"id": found.kind, "name": _kind(found.kind)}] if found.kind else [],
        "score": found.score,
        "match": found.match,
        "features": [{"id": name, "value": value} for name, value in found.features],
    }


def _extension(ids: list[str], columns: list[RequestedColumn]) -> dict[str, object]:
    found = extension(view(), ids, columns)
    return {
        "meta": [
            {"id": column.id, "name": column.name}
            | ({"type": {"id": column.kind, "name": _kind(column.kind)}} if column.kind else {})
            for column in found.columns
        ],
        "rows": found.rows,
    }


def _kinds() -> dict[str, str]:
    """Return the names of the types that a query can have, those of most things first."""
    known = site().finder.kinds()
    if known is None:
        known = {} if site().foreign else dict.fromkeys(CLASSES, 1)
    counted = sorted(known, key=lambda kind: (-known[kind], kind))
    if site().foreign:
        nodes = view().described(kind for kind in counted if ":" in kind)
        return {kind: view().thing(kind, description).text for kind, description in nodes.items()}
    return {kind: _kind(kind) for kind in counted if f"kind.{kind}" in words()}


def _kind(kind: str) -> str:
    if ":" in kind:
        return view().node(kind).text
    return words().or_else(f"kind.{kind}", kind)


def _choices(what: str) -> Iterable[ListedTerm]:
    """Return the properties or types; raise Missing for anything else."""
    if what == "property":
        return properties(view())
    if what == "type":
        return [ListedTerm(kind, name) for kind, name in _kinds().items()]
    raise Missing


def _matching_terms(prefix: str, terms: Iterable[ListedTerm]) -> list[ListedTerm]:
    """Return the terms with a text in their name or identifier, those that begin with it first."""
    text = folded(prefix)
    ranked = [
        (min(_match_rank(text, term.name), _match_rank(text, term.id)), term) for term in terms
    ]
    return [
        term
        for rank, term in sorted(ranked, key=lambda rank_and_term: rank_and_term[0])
        if rank < 2
    ]


def _match_rank(text: str, name: str) -> int:
    plain = folded(name)
    return 0 if plain.startswith(text) else 1 if text in plain else 2


def _choice(term: ListedTerm) -> dict[str, str]:
    return {"id": term.id, "name": term.name} | (
        {"description": term.description} if term.description else {}
    )


def _entities(prefix: str) -> list[dict[str, object]]:
    """Return the things that the beginning of a name may mean; first the thing of an identifier."""
    prevent_caching_without_index()
    graph_view = view()
    hits = site().finder.find(prefix, graph_view.language, Scope(most=MOST_FOUND)).hits
    iris = [hit.iri for hit in hits if hit.kind not in LATER]
    kinds = {hit.iri: hit.kind for hit in hits}
    thing = thing_of(prefix)
    if thing is not None and graph_view.queries.ask("is_described", thing=thing):
        iris.insert(0, thing.value)
        kinds[thing.value] = graph_view.addresses.kind(thing.value)
    ours = [
        iri for iri in iris if graph_view.foreign or graph_view.addresses.short(iri) is not None
    ]
    nodes = graph_view.nodes(map(NamedNode, ours))
    return [
        {
            "id": graph_view.addresses.short_or_iri(iri),
            "name": nodes[NamedNode(iri)].text,
            "description": _kind(kinds[iri]),
            "notable": [{"id": kinds[iri], "name": _kind(kinds[iri])}] if kinds[iri] else [],
        }
        for iri in dict.fromkeys(ours)
    ]


def _page(identifier: str) -> ThingPage:
    """Return the page of a thing; raise Missing where there is none."""
    thing = thing_of(identifier) if len(identifier) <= batches.LONGEST else None
    if thing is None:
        raise Missing
    found = thing_page(view(), thing.value)
    if found is None:
        raise missing(thing.value, "", "")
    return found


def _about(found: ThingPage) -> list[str]:
    kinds = ", ".join(node.text for node in found.kinds)
    return [text for text in (kinds, *(text.value for text in found.descriptions[:1])) if text]


def _count(name: str, default: int) -> int:
    """Return a number from the address; raise UnreadableBatch for any other text."""
    text = request.args.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise UnreadableBatch("number", name)
    return min(int(text), 10 * MOST_CANDIDATES * SUGGESTED)
