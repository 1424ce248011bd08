"""The reconciliation service: names of somebody's table, and the things that they mean.

It speaks the Reconciliation Service API 0.2 of the W3C Entity Reconciliation Community Group, which
OpenRefine and others ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, make_response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import RequestEntityTooLarge

from rallynov_graph.base.kinds import CLASSES
from rallynov_graph.matching.folding import folded
from rallynov_graph.search.names_and_texts import LATER
from rallynov_graph.search.searching import MOST_FOUND, Scope
from rallynov_graph.site.model.thing_description import ThingPage, thing_page
from rallynov_graph.site.reconciliation import batches
from rallynov_graph.site.reconciliation.batches import BATCH, MOST_CANDIDATES, Unreadable
from rallynov_graph.site.reconciliation.candidates import Candidate, candidates, thing_of
from rallynov_graph.site.reconciliation.extension import (
    Choice,
    Wished,
    extended,
    properties,
    property_of,
    proposed,
)
from rallynov_graph.site.reconciliation.manifest import manifest
from rallynov_graph.site.web.error_pages import Missing, missing
from rallynov_graph.site.web.json_answers import data, whole
from rallynov_graph.site.web.problems import told
from rallynov_graph.site.web.reader import page, site, view, words
from rallynov_graph.site.web.search_parameters import take_note

blueprint = Blueprint("reconcile", __name__, url_prefix="/reconcile")

LONGEST: Final = 4 << 20
"""How many bytes a batch may have."""
SUGGESTED: Final = 10
"""How many suggestions are given at once."""


@blueprint.route("", methods=["GET", "POST"])
def reconcile() -> Response:
    """Give candidates for names, or values for things; without either, what the service can do."""
    request.max_content_length = request.max_form_memory_size = LONGEST
    try:
        sent = request.form if request.method == "POST" else request.args
    except RequestEntityTooLarge as error:
        raise Unreadable("large", "queries", 413, most=LONGEST >> 20, batch=BATCH) from error
    if "queries" in sent:
        asked = batches.queries(sent["queries"])
        take_note()
        found = {name: candidates(view(), site().finder, q) for name, q in asked.items()}
        return data({name: {"result": [*map(_candidate, them)]} for name, them in found.items()})
    if "extend" in sent:
        return data(_extension(*batches.extension(sent["extend"])))
    if request.method == "POST":
        raise Unreadable("no_queries", "queries")
    return data(manifest(_kinds()))


@blueprint.get("/suggest/<what>")
def suggest(what: str) -> Response:
    """Give the things, properties or types whose names begin as somebody writes."""
    prefix, skipped = request.args.get("prefix", ""), _count("cursor", 0)
    if what == "entity":
        return data({"result": _entities(prefix)[skipped : skipped + SUGGESTED]})
    chosen = _beginning(prefix, _choices(what))[skipped : skipped + SUGGESTED]
    return data({"result": [_choice(it) for it in chosen]})


@blueprint.get("/flyout/<what>")
def flyout(what: str) -> Response:
    """Give a few lines about a thing, property or type, to stand beside its name."""
    identifier = request.args.get("id", "")
    if what == "entity":
        found = _page(identifier)
        html = render_template(
            "reconciliation/flyout.html", name=found.node.text, about=_about(found)
        )
    else:
        known = {it.id: it for it in _choices(what)}
        named = property_of(identifier) if what == "property" else None
        choice = known.get(identifier) or next(
            (it for it in known.values() if named and it.description == named.value), None
        )
        if choice is None:
            raise Missing
        html = render_template(
            "reconciliation/flyout.html", name=choice.name, about=[choice.description]
        )
    return data({"id": identifier, "html": html})


@blueprint.get("/preview")
def preview() -> Response:
    """Show a thing in a small frame."""
    found = _page(request.args.get("id", ""))
    facts = [fact for group in found.groups for fact in group.facts]
    at = whole(view().addresses.path("/resource", [("iri", found.iri)]))
    return make_response(page("reconciliation/preview.html", page=found, facts=facts, at=at))


@blueprint.get("/properties")
def propose() -> Response:
    """Give the properties that the things of a type have, the most used first."""
    kind = request.args.get("type", "")
    known = _kinds()
    if kind and kind not in known:
        raise Unreadable("type", "type")
    found = proposed(view(), kind) if kind else properties(view())
    limit = _count("limit", len(found)) or len(found)
    named = [{"id": it.id, "name": it.name} for it in found[:limit]]
    answer = {"type": kind, "properties": named}
    return data(answer | ({"limit": limit} if "limit" in request.args else {}))


@blueprint.errorhandler(Unreadable)
def _unreadable(error: Unreadable) -> Response:
    detail = words()("reconcile.wrong_" + error.key, **error.values)
    more = {"batchSize": BATCH} if error.status == 413 else {}
    colon = words()["site.colon"]
    return told(error.status, f"{error.at}{colon} {detail}", at=error.at, **more)


@blueprint.after_request
def _open(response: Response) -> Response:
    """Let pages of any site ask, whatever they send along."""
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET")
        response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    return response


def _candidate(found: Candidate) -> dict[str, object]:
    said = {"description": found.description} if found.description else {}
    return {
        "id": found.id,
        "name": found.name,
        **said,
        "type": [{"id": found.kind, "name": _kind(found.kind)}] if found.kind else [],
        "score": found.score,
        "match": found.match,
        "features": [{"id": name, "value": value} for name, value in found.features],
    }


def _extension(ids: list[str], wished: list[Wished]) -> dict[str, object]:
    found = extended(view(), ids, wished)
    return {
        "meta": [
            {"id": it.id, "name": it.name}
            | ({"type": {"id": it.kind, "name": _kind(it.kind)}} if it.kind else {})
            for it in found.columns
        ],
        "rows": found.rows,
    }


def _kinds() -> dict[str, str]:
    """Return the types of things that can be asked for, and what each is called."""
    known = site().finder.kinds()
    if known is None:
        known = {} if site().foreign else dict.fromkeys(CLASSES, 1)
    counted = sorted(known, key=lambda kind: (-known[kind], kind))
    if site().foreign:
        nodes = view().described(kind for kind in counted if ":" in kind)
        return {kind: view().thing(kind, it).text for kind, it in nodes.items()}
    return {kind: _kind(kind) for kind in counted if f"kind.{kind}" in words()}


def _kind(kind: str) -> str:
    if ":" in kind:
        return view().node(kind).text
    return words().or_else(f"kind.{kind}", kind)


def _choices(what: str) -> Iterable[Choice]:
    """Return the properties or types there are; raise Missing for anything else."""
    if what == "property":
        return properties(view())
    if what == "type":
        return [Choice(kind, name) for kind, name in _kinds().items()]
    raise Missing


def _beginning(prefix: str, among: Iterable[Choice]) -> list[Choice]:
    """Return the choices that have the text in their name or identifier, first at its beginning."""
    text = folded(prefix)
    placed = [(min(_place(text, it.name), _place(text, it.id)), it) for it in among]
    return [it for place, it in sorted(placed, key=lambda one: one[0]) if place < 2]


def _place(text: str, name: str) -> int:
    plain = folded(name)
    return 0 if plain.startswith(text) else 1 if text in plain else 2


def _choice(it: Choice) -> dict[str, str]:
    return {"id": it.id, "name": it.name} | (
        {"description": it.description} if it.description else {}
    )


def _entities(prefix: str) -> list[dict[str, object]]:
    """Return the things that a beginning of a name may mean; an identifier means its thing."""
    take_note()
    seen = view()
    hits = site().finder.find(prefix, seen.language, Scope(most=MOST_FOUND)).hits
    iris = [it.iri for it in hits if it.kind not in LATER]
    kinds = {it.iri: it.kind for it in hits}
    thing = thing_of(prefix)
    if thing is not None and seen.queries.ask("is_described", thing=thing):
        iris.insert(0, thing.value)
        kinds[thing.value] = seen.addresses.kind(thing.value)
    ours = [i for i in iris if seen.foreign or seen.addresses.short(i) is not None]
    nodes = seen.nodes(map(NamedNode, ours))
    return [
        {
            "id": seen.addresses.named(iri),
            "name": nodes[NamedNode(iri)].text,
            "description": _kind(kinds[iri]),
            "notable": [{"id": kinds[iri], "name": _kind(kinds[iri])}] if kinds[iri] else [],
        }
        for iri in dict.fromkeys(ours)
    ]


def _page(identifier: str) -> ThingPage:
    """Return what is shown of a thing; raise Missing for what is none."""
    thing = thing_of(identifier) if len(identifier) <= batches.LONGEST else None
    if thing is None:
        raise Missing
    found = thing_page(view(), thing.value)
    if found is None:
        raise missing(thing.value, "", "")
    return found


def _about(found: ThingPage) -> list[str]:
    kinds = ", ".join(node.text for node in found.kinds)
    return [text for text in (kinds, *(it.value for it in found.descriptions[:1])) if text]


def _count(name: str, at_rest: int) -> int:
    """Return a number of the address; raise Unreadable for what is none."""
    text = request.args.get(name, str(at_rest))
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise Unreadable("number", name)
    return min(int(text), 10 * MOST_CANDIDATES * SUGGESTED)
