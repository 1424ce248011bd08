"""The ontology, the shapes and the JSON-LD context: for people, and for machines."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, make_response, request
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from rallynov_graph.app import files
from rallynov_graph.app.citing import cited
from rallynov_graph.app.errors import Missing, Unwritable
from rallynov_graph.app.reading import lens, page, site, words
from rallynov_graph.app.site import context_of, shapes_of
from rallynov_graph.engines.datasets import about
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.namespaces import ONTOLOGY, PREFIXES
from rallynov_graph.rdf.formats import GRAPHS, JSON_LD, TURTLE, Format
from rallynov_graph.views.ontology import ontology_page

blueprint = Blueprint("vocabulary", __name__)


@blueprint.get("/ontology")
def ontology() -> Response:
    """Give the ontology as a page, or as data to those who ask for data."""
    _only_of_rallynov()
    form = best(request.headers.get("Accept"), (HTML, *GRAPHS))
    if form is None:
        addresses = lens().addresses
        raise Unwritable(tuple((f, addresses.file(f"/ontology{f.suffix}")) for f in GRAPHS))
    if form is HTML:
        cite = cited(words()["ontology.title"], "/ontology")
        response = make_response(page("ontology.html", page=ontology_page(lens()), cite=cite))
    else:
        response = _written(form)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/ontology.<suffix>")
def ontology_data(suffix: str) -> Response:
    """Give the ontology in the format of a suffix, or its terms as rows."""
    form = next((f for f in GRAPHS if f.suffix == f".{suffix}"), None)
    _only_of_rallynov()
    if form is None:
        return files.of_query(lens().queries.text("terms"), suffix, "ontology")
    return _written(form)


@blueprint.get("/shapes")
def shapes() -> Response:
    """Give the shapes as they are written."""
    _only_of_rallynov()
    return _file(shapes_of(site().release), TURTLE)


@blueprint.get("/context.jsonld")
def context() -> Response:
    """Give the JSON-LD context."""
    _only_of_rallynov()
    return _file(context_of(site().release), JSON_LD)


def _only_of_rallynov() -> None:
    if site().foreign:
        raise Missing(rallynov_only=True)


def _written(form: Format) -> Response:
    """Return the ontology as it lies in the release, or in the graph that has its name."""
    release = site().release
    if release is None:
        query = about(site().store).text("triples", graph=NamedNode(ONTOLOGY))
        triples = sorted(site().store.construct(query), key=str)
    else:
        found = parse(path=str(release.ontology), format=RdfFormat.N_TRIPLES)
        triples = sorted((quad.triple for quad in found), key=str)
    response = make_response(serialize(triples, format=form.rdf, prefixes=PREFIXES))
    response.content_type = form.content_type
    return response


def _file(path: Path, form: Format) -> Response:
    response = make_response(path.read_bytes())
    response.content_type = form.content_type
    return response
