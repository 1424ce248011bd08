"""What the graph says of a thing, as data; and the redirection from a thing to its page or data."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, make_response, redirect, request
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple, serialize
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.app import files
from rallynov_graph.app.errors import Missing, Unwritable, missing
from rallynov_graph.app.pages import named
from rallynov_graph.app.reading import lens, site
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.namespaces import PREFIXES
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.views.nodes import Node

blueprint = Blueprint("data", __name__)

_LONGEST_IRI: Final = 4000
_BY_SUFFIX: Final = {form.suffix: form for form in GRAPHS}
_WITH_EVIDENCE: Final = frozenset({".trig", ".nq"})


@blueprint.get("/id/<kind>/<slug>")
def identify(kind: str, slug: str) -> AnyResponse:
    """Send a reader of a thing's address to its page or to its data, as they ask for."""
    iri = _there(f"{site().base}id/{kind}/{slug}", kind, slug)
    addresses = lens().addresses
    form = best(request.headers.get("Accept"), (HTML, *GRAPHS))
    if form is None:
        raise Unwritable(tuple((f, addresses.data(iri, f.suffix)) for f in GRAPHS))
    at = addresses.path(f"/page/{kind}/{slug}")
    response = redirect(at if form is HTML else addresses.data(iri, form.suffix), 303)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/data/<kind>/<name>")
def thing(kind: str, name: str) -> Response:
    """Give the data of a thing of our namespace, in the format of the suffix."""
    slug, dot, suffix = name.rpartition(".")
    form = _BY_SUFFIX.get(f".{suffix}") if dot else None
    if dot and suffix in files.ROWS:
        return _rows(_there(f"{site().base}id/{kind}/{slug}", kind, slug), suffix, slug)
    iri = f"{site().base}id/{kind}/{slug if dot else name}"
    if form is None:
        addresses = lens().addresses
        there = _there(iri, kind, slug or name)
        raise Missing(tuple(Node(f.label, href=addresses.data(there, f.suffix)) for f in GRAPHS))
    return _written(_there(iri, kind, slug), form, f"{slug}{form.suffix}")


@blueprint.get("/resource.<suffix>")
def resource(suffix: str) -> Response:
    """Give the data of a thing outside our namespace."""
    form = _BY_SUFFIX.get(f".{suffix}")
    iri = request.args.get("iri", "")
    if (form is None and suffix not in files.ROWS) or not iri or len(iri) > _LONGEST_IRI:
        raise Missing
    named(iri, "iri")
    if form is None:
        return _rows(_there(iri, "", ""), suffix, "resource")
    return _written(_there(iri, "", ""), form, f"resource{form.suffix}")


def _rows(iri: str, suffix: str, name: str) -> Response:
    """Return what is said of a thing and in which graphs, a statement a row."""
    query = lens().queries.text("statements", thing=named(iri))
    return files.of_query(query, suffix, _plain(name))


def _there(iri: str, kind: str, slug: str) -> str:
    """Return the IRI of a thing that the graph mentions; raise Missing for any other."""
    if not lens().queries.ask("is_described", thing=named(iri)):
        raise missing(iri, kind, slug)
    return iri


def _written(iri: str, form: Format, name: str) -> Response:
    if form.suffix in _WITH_EVIDENCE:
        body = serialize(sorted(_quads(iri), key=str), format=form.rdf, prefixes=PREFIXES)
    else:
        body = serialize(sorted(_triples(iri), key=str), format=form.rdf, prefixes=PREFIXES)
    response = make_response(body)
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'inline; filename="{_plain(name)}"'
    return response


def _triples(iri: str) -> Iterable[Triple]:
    seen = lens()
    return set(seen.queries.store.construct(seen.queries.text("about_thing", thing=named(iri))))


def _quads(iri: str) -> Iterable[Quad]:
    """Return the statements about a thing in the graphs that make them, and who made those."""
    queries, thing = lens().queries, named(iri)
    rows = {*queries.rows("statements", thing=thing).rows}
    rows |= {*queries.rows("mentions", thing=thing).rows}
    graphs = {graph for *_, graph in rows if isinstance(graph, NamedNode)}
    rows |= {*queries.rows("statements", thing=sorted(graphs, key=str)).rows}
    stated = {row[:3] for row in rows if row[3] is not None}
    return {
        Quad(s, p, o, g if isinstance(g, NamedNode) else DefaultGraph())  # type: ignore[arg-type]
        for s, p, o, g in rows
        if g is not None or (s, p, o) not in stated
    }


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)
