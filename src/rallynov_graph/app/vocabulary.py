"""The ontology, the shapes and the JSON-LD context: for people, and for machines."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, make_response, request
from pyoxigraph import RdfFormat, parse, serialize

from rallynov_graph.app.errors import Missing, Unwritable
from rallynov_graph.app.reading import lens, page, site
from rallynov_graph.formats import GRAPHS, JSON_LD, TURTLE, Format
from rallynov_graph.namespaces import PREFIXES
from rallynov_graph.negotiation import HTML, best
from rallynov_graph.release import Release
from rallynov_graph.views.ontology import ontology_page

blueprint = Blueprint("vocabulary", __name__)


@blueprint.get("/ontology")
def ontology() -> Response:
    """Give the ontology as a page, or as data to those who ask for data."""
    release = _release()
    form = best(request.headers.get("Accept"), (HTML, *GRAPHS))
    if form is None:
        addresses = lens().addresses
        raise Unwritable(tuple((f, addresses.file(f"/ontology{f.suffix}")) for f in GRAPHS))
    if form is HTML:
        response = make_response(page("ontology.html", page=ontology_page(lens())))
    else:
        response = _written(release.ontology, RdfFormat.N_TRIPLES, form)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/ontology.<suffix>")
def ontology_data(suffix: str) -> Response:
    """Give the ontology in the format of a suffix."""
    form = next((f for f in GRAPHS if f.suffix == f".{suffix}"), None)
    if form is None:
        raise Missing
    return _written(_release().ontology, RdfFormat.N_TRIPLES, form)


@blueprint.get("/shapes")
def shapes() -> Response:
    """Give the shapes as they are written."""
    return _file(_release().shapes, TURTLE)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Give the JSON-LD context."""
    return _file(_release().context, JSON_LD)


def _release() -> Release:
    release = site().release
    if release is None:
        raise Missing(rallynov_only=True)
    return release


def _written(path: Path, given: RdfFormat, form: Format) -> Response:
    quads = sorted(parse(path=str(path), format=given), key=str)
    response = make_response(serialize(quads, format=form.rdf, prefixes=PREFIXES))
    response.content_type = form.content_type
    return response


def _file(path: Path, form: Format) -> Response:
    response = make_response(path.read_bytes())
    response.content_type = form.content_type
    return response
