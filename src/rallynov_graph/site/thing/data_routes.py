"""What the graph says of a thing, as data; and the redirection from a thing to its page or data.

The thing, its page and the document about it have addresses of their own. The document is one,
whatever format it is had in: it says of itself what it is about and which release it is of.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, Response, redirect, request
from pyoxigraph import DefaultGraph, NamedNode, Quad, Triple
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.http.negotiation import HTML
from rallynov_graph.rdf.formats import Format
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.error_pages import Missing, missing
from rallynov_graph.site.web.rdf_answers import (
    BY_SUFFIX,
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.reader import request_context, site, view
from rallynov_graph.site.web.signposting import set_links
from rallynov_graph.site.web.url_parameters import iri_node

blueprint = Blueprint("data", __name__)

LONGEST_IRI: Final = 4000
_WITH_EVIDENCE: Final = frozenset({".trig", ".nq"})


@blueprint.get("/id/<kind>/<slug>")
def identify(kind: str, slug: str) -> AnyResponse:
    """Redirect the IRI of a thing to its page or its data, whichever the request prefers."""
    iri = _there(f"{site().base}id/{kind}/{slug}", kind, slug)
    return _led(iri, view().addresses.path(f"/page/{kind}/{slug}"))


@blueprint.get("/dataset")
def dataset() -> AnyResponse:
    """Redirect the IRI of the dataset to its page or its data, whichever the request prefers."""
    iri = site().origin.dataset
    if not iri:
        raise Missing
    return _led(iri, view().addresses.path("/resource", [("iri", iri)]))


@blueprint.get("/data/<kind>/<name>")
def thing(kind: str, name: str) -> Response:
    """Serve the data of a thing of our namespace, in the format of the suffix or the header."""
    slug, _, suffix = name.rpartition(".")
    form = BY_SUFFIX.get(f".{suffix}") if slug else None
    base = f"{site().base}id/{kind}/"
    if slug and suffix in page_files.ROWS:
        return _rows(_there(f"{base}{slug}", kind, slug), suffix, slug)
    if form is not None:
        return document(f"{base}{slug}", form, slug, kind)
    if slug and not _is_there(f"{base}{name}") and _is_there(f"{base}{slug}"):
        format_of_suffix(suffix, request_context().files_of_thing(f"{base}{slug}"))
    return _negotiated(_there(f"{base}{name}", kind, slug or name), name)


@blueprint.get("/data")
def any_thing() -> Response:
    """Serve the data of any thing by its IRI, in the format of the header."""
    return _negotiated(_asked(), "resource")


@blueprint.get("/resource.<suffix>")
def resource(suffix: str) -> Response:
    """Serve the data of a thing of another namespace, in the format of the suffix."""
    if suffix in page_files.ROWS:
        return _rows(_asked(), suffix, "resource")
    return document(_asked(), format_of_suffix(suffix), "resource")


def document(iri: str, form: Format, name: str, kind: str = "") -> Response:
    """Return the document about a thing in a format, as a file of that name.

    Raises what ``missing`` returns where the graph does not mention the thing.
    """
    with_evidence = form.suffix in _WITH_EVIDENCE
    said = [*(_quads(iri) if with_evidence else _triples(iri))]
    if not said:
        raise missing(iri, kind, name)
    about = site().origin.of(request_context().document(iri), iri)
    if with_evidence:
        own = (Quad(t.subject, t.predicate, t.object) for t in about)
        response = graph_response([*said, *own], form)
    else:
        response = graph_response([*said, *about], form)
    set_links(request_context().links_of_document(iri))
    response.headers["Content-Disposition"] = f'inline; filename="{_plain(name)}{form.suffix}"'
    return response


def _led(iri: str, page: str) -> AnyResponse:
    """Redirect to the page of a thing or to its data, whichever the request prefers."""
    forms = request_context().files_of_thing(iri)
    form = negotiated_format(forms)
    response = redirect(page if form is HTML else dict(forms)[form], 303)
    response.headers["Vary"] = "Accept"
    return response


def _negotiated(iri: str, name: str) -> Response:
    forms = request_context().files_of_thing(iri)
    form = negotiated_format(forms, page=False)
    return negotiated(document(iri, form, name), form, forms)


def _asked() -> str:
    """Return the IRI that the address names; raise Missing where the graph does not."""
    iri = request.args.get("iri", "")
    if not iri or len(iri) > LONGEST_IRI:
        raise Missing
    iri_node(iri, "iri")
    return _there(iri, "", "")


def _rows(iri: str, suffix: str, name: str) -> Response:
    """Return what is said of a thing and in which graphs, a statement a row."""
    query = view().queries.text("statements", thing=iri_node(iri))
    return page_files.of_query(query, suffix, _plain(name))


def _there(iri: str, kind: str, slug: str) -> str:
    """Return the IRI of a thing that the graph mentions; raise Missing for any other."""
    if not _is_there(iri):
        raise missing(iri, kind, slug)
    return iri


def _is_there(iri: str) -> bool:
    return view().queries.ask("is_described", thing=iri_node(iri))


def _triples(iri: str) -> Iterable[Triple]:
    seen = view()
    return seen.queries.store.construct(seen.queries.text("about_thing", thing=iri_node(iri)))


def _quads(iri: str) -> Iterable[Quad]:
    """Return the statements about a thing in the graphs that make them, and who made those."""
    queries, thing = view().queries, iri_node(iri)
    rows = {*queries.rows("said_in_graphs", thing=thing).rows}
    graphs = {graph for *_, graph in rows if isinstance(graph, NamedNode)}
    rows |= {*queries.rows("said_of_graphs", graph=sorted(graphs, key=str)).rows}
    stated = {row[:3] for row in rows if row[3] is not None}
    return {
        Quad(s, p, o, g if isinstance(g, NamedNode) else DefaultGraph())  # type: ignore[arg-type]
        for s, p, o, g in rows
        if g is not None or (s, p, o) not in stated
    }


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-._") else "_" for c in name)
