"""The ontology, the shapes and the JSON-LD context, as pages and as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from flask import Blueprint, Response, make_response, redirect
from pyoxigraph import NamedNode, RdfFormat, Triple, parse
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, SHAPES, SHAPES_GRAPH
from rallynov_graph.http.negotiation import HTML
from rallynov_graph.questions.datasets import queries_about
from rallynov_graph.rdf.canonical import Statements, read_sorted
from rallynov_graph.rdf.formats import GRAPHS, JSON_LD, TURTLE, Format
from rallynov_graph.site.ontology.context_page import context_page
from rallynov_graph.site.ontology.page import ontology_page
from rallynov_graph.site.ontology.shapes_page import shapes_page
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, near_paths, require_own_graph
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.page_files import (
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.reader import Files, absolute, site, view, words
from rallynov_graph.site.web.signposting import links_of_files, set_links
from rallynov_graph.site.web.site import context_of, shapes_of

blueprint = Blueprint("vocabulary", __name__)

_DEFINED_BY: Final = NamedNode(PREFIXES["rdfs"] + "isDefinedBy")


@blueprint.get("/ontology")
def ontology() -> Response:
    """Serve the ontology as a page, or as data where the Accept header names a format."""
    return _negotiated(
        _files("/ontology"),
        lambda: page(
            "ontology/ontology.html",
            page=ontology_page(view()),
            cite=cited(words()["ontology.title"], "/ontology"),
        ),
        lambda form: graph_response(_ontology(), form),
    )


@blueprint.get("/ontology.<suffix>")
def ontology_data(suffix: str) -> Response:
    """Serve the ontology in the format of a suffix, or its terms as rows."""
    require_own_graph()
    if suffix in page_files.ROWS:
        return page_files.of_query(view().queries.text("terms"), suffix, "ontology")
    forms = _files("/ontology")
    set_links(links_of_files(forms))
    return graph_response(_ontology(), format_of_suffix(suffix, forms))


@blueprint.get("/shapes")
def shapes() -> Response:
    """Serve the shapes as a page, or as data where the Accept header names a format."""
    return _negotiated(
        _files("/shapes"),
        lambda: page(
            "ontology/shapes.html", page=shapes_page(view(), site().shapes, _shapes().triples)
        ),
        _shapes_in,
    )


@blueprint.get("/shapes.<suffix>")
def shapes_data(suffix: str) -> Response:
    """Serve the shapes in the format of a suffix; in Turtle, the file as it is."""
    require_own_graph()
    forms = _files("/shapes")
    set_links(links_of_files(forms))
    return _shapes_in(format_of_suffix(suffix, forms))


@blueprint.get("/shapes/<name>")
def shape(name: str) -> AnyResponse:
    """Serve the data of one shape, or redirect to its place on the page of all shapes."""
    require_own_graph()
    local, dot, suffix = name.rpartition(".")
    if not dot:
        forms = _files(f"/shapes/{_shape(name)}")
        form = negotiated_format(forms)
        if form is HTML:
            response = redirect(view().addresses.path("/shapes", anchor=name), 303)
            response.headers["Vary"] = "Accept"
            return response
        return negotiated(_shape_in(name, form), form, forms)
    return _shape_in(_shape(local), format_of_suffix(suffix, _files(f"/shapes/{local}")))


@blueprint.get("/context")
def context() -> Response:
    """Serve the JSON-LD context, or the page that explains it."""
    forms = ((JSON_LD, view().addresses.file("/context.jsonld")),)
    return _negotiated(
        forms,
        lambda: page("ontology/context.html", page=context_page(view(), _context())),
        lambda form: _file(_context(), form),
    )


@blueprint.get("/context.jsonld")
def context_data() -> Response:
    """Serve the file of the JSON-LD context as it is."""
    require_own_graph()
    return _file(_context(), JSON_LD)


def _negotiated(
    forms: Files, as_page: Callable[[], str], as_data: Callable[[Format], Response]
) -> Response:
    """Return a page or data, whichever the Accept header prefers; both have one address."""
    require_own_graph()
    form = negotiated_format(forms)
    set_links(links_of_files(forms))
    if form is HTML:
        return negotiated(make_response(as_page()), form, forms)
    return negotiated(as_data(form), form, forms)


def _files(path: str) -> Files:
    return tuple((form, view().addresses.file(f"{path}{form.suffix}")) for form in GRAPHS)


def _ontology() -> Iterable[Triple]:
    """Return the ontology of the release; without one, of the graph that has its name."""
    release = site().release
    if release is None:
        query = queries_about(site().store).text("triples", graph=NamedNode(ONTOLOGY))
        return site().store.construct(query)
    return (q.triple for q in parse(path=str(release.ontology), format=RdfFormat.N_TRIPLES))


def _shapes() -> Statements:
    """Return the shapes, which are read once."""

    def read() -> Statements:
        content = shapes_of(site().release).read_bytes()
        return Statements(read_sorted(content, RdfFormat.TURTLE))

    return site().graph.queries.once("shapes in order", None, read)


def _shapes_in(form: Format) -> Response:
    if form is TURTLE:
        return _file(shapes_of(site().release).read_bytes(), form)
    return graph_response(_shapes().triples, form)


def _shape(name: str) -> str:
    """Return the name of a shape; raise Missing, with near names, where there is none."""
    iris = (iri for iri in _shapes().names() if iri.startswith(SHAPES))
    names = {iri.removeprefix(SHAPES) for iri in iris}
    if name not in names:
        path = view().addresses.path
        raise Missing(
            near_paths(
                name, {known_name: path("/shapes", anchor=known_name) for known_name in names}
            )
        )
    return name


def _shape_in(name: str, form: Format) -> Response:
    iri = f"{SHAPES}{name}"
    document = absolute(view().addresses.file(f"/shapes/{name}"))
    own = site().origin.of(document, iri, from_data=False)
    defined = Triple(NamedNode(iri), _DEFINED_BY, NamedNode(SHAPES_GRAPH))
    return graph_response([*_shapes().about(NamedNode(iri)), defined, *own], form)


def _context() -> bytes:
    return context_of(site().release).read_bytes()


def _file(content: bytes, form: Format) -> Response:
    response = make_response(content)
    response.content_type = form.content_type
    return response
