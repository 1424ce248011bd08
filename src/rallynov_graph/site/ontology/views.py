"""The ontology, the shapes and the JSON-LD context, as pages and as data."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import Blueprint, Response, redirect
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN, SHAPES, SHAPES_GRAPH, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.http.negotiation import HTML
from rallynov_graph.questions.datasets import queries_about
from rallynov_graph.questions.labels import LABEL, Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rdf.canonical import Statements, read_sorted
from rallynov_graph.rdf.compact import Context
from rallynov_graph.rdf.formats import JSON_LD, TURTLE, Format
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.shapes import rules_in_words, term_nodes
from rallynov_graph.site.ontology.diagram import Diagram
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import cited
from rallynov_graph.site.web.error_pages import Missing, near_paths, require_own_graph
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.page_files import (
    files_of,
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
    page_or_data,
    sent,
)
from rallynov_graph.site.web.reader import absolute, site, view, words
from rallynov_graph.site.web.site import context_of, shapes_of

blueprint = Blueprint("vocabulary", __name__)

_DEFINED_BY: Final = NamedNode(PREFIXES["rdfs"] + "isDefinedBy")
_TEXTS: Final = {
    "definition": PREFIXES["skos"] + "definition",
    "inverse": RN + "inverseLabel",
    "note": PREFIXES["skos"] + "editorialNote",
}
_LINKS: Final = {
    "above": PREFIXES["rdfs"] + "subClassOf",
    "wider": PREFIXES["rdfs"] + "subPropertyOf",
    "from": PREFIXES["schema"] + "domainIncludes",
    "to": PREFIXES["schema"] + "rangeIncludes",
    "match": PREFIXES["skos"] + "closeMatch",
}


@blueprint.get("/ontology")
@blueprint.get("/ontology.<suffix>")
def ontology(suffix: str = "") -> Response:
    """Serve the ontology as a page, as data in the format that is wanted, or its terms as rows."""
    require_own_graph()
    if suffix in page_files.ROWS:
        return page_files.of_query(view().queries.text("terms"), suffix, "ontology")
    return page_or_data(files_of("/ontology"), _ontology_in, _ontology_page, suffix)


def _ontology_in(form: Format) -> Response:
    """Return the ontology of the release; without one, of the graph that has its name."""
    release, store = site().release, site().store
    if release is not None:
        quads = parse(path=str(release.ontology), format=RdfFormat.N_TRIPLES)
        return graph_response((quad.triple for quad in quads), form)
    query = queries_about(store).text("triples", graph=NamedNode(ONTOLOGY))
    return graph_response(store.construct(query), form)


def _ontology_page() -> str:
    """Show all terms, classes first; reused ones by their short names; a drawing of the classes."""
    graph = view()
    terms = [*_terms(graph)]
    others = [
        term for (term,) in graph.queries.rows("other_terms").rows if isinstance(term, NamedNode)
    ]
    nodes = term_nodes(graph, others)
    short = sorted(
        (
            (in_prefixes(it.value), nodes[it])
            for it in others
            if not graph.addresses.short(it.value)
        ),
        key=lambda name_and_node: name_and_node[0],
    )
    return page(
        "ontology/ontology.html",
        hidden=0,
        classes=[it for it in terms if it["kind"] == "Class"],
        properties=[it for it in terms if it["kind"] != "Class"],
        # Terms that are neither class nor property: the certainties.
        own_values=[it for it in short if it[1].iri.startswith(RN)],
        reused=[it for it in short if not it[1].iri.startswith(RN)],
        **_diagram_and_tables(graph),
        query=readable(graph.queries.text("terms")),
        cite=cited(words()["ontology.title"], "/ontology"),
    )


def _terms(graph: GraphView) -> Iterable[Mapping[str, Any]]:
    """Yield the page's data of each class and property of the ontology."""
    rows = graph.queries.rows("terms").rows
    terms = [term for term, _, _ in rows if isinstance(term, NamedNode)]
    said: dict[tuple[Term | None, Term | None], list[Term]] = {}
    properties = [NamedNode(iri) for iri in (_TEXTS | _LINKS).values()]
    for term, prop, value in graph.queries.rows("values", thing=terms, property=properties).rows:
        if value is not None:
            said.setdefault((term, prop), []).append(value)
    for term, kind, uses in rows:
        assert isinstance(term, NamedNode) and isinstance(kind, NamedNode)
        node = graph.node(term.value)
        of_term = {name: said.get((term, NamedNode(iri)), ()) for name, iri in _LINKS.items()}
        yield {
            "name": term.value.removeprefix(RN),
            "kind": kind.value.rpartition("#")[2],
            "label": Text(node.text, node.language),
            "links": [
                (name, [*term_nodes(graph, found).values()])
                for name, found in of_term.items()
                if found
            ],
            "uses": int(uses.value) if isinstance(uses, Literal) else 0,
        } | {
            name: _best(graph, said.get((term, NamedNode(iri)), ())) for name, iri in _TEXTS.items()
        }


def _best(graph: GraphView, values: Iterable[Term]) -> Text | None:
    literals = (value for value in values if isinstance(value, Literal))
    return graph.best(Text(it.value, it.language or "") for it in literals)


def _diagram_and_tables(graph: GraphView) -> Mapping[str, object]:
    """Return the drawing of the classes and their properties, and the same as rows of tables."""
    rows = graph.queries.rows("properties_between").rows
    higher = [it for it in graph.queries.rows("classes_above").rows if None not in it]
    nodes = term_nodes(graph, (term for row in (*rows, *higher) for term in row))
    links, above = ([[nodes[it] for it in row if it] for row in them] for them in (rows, higher))
    names = {node.iri: node.text for node in nodes.values()}
    ends: dict[Node, tuple[dict[Node, None], dict[Node, None]]] = {}
    for prop, source, target in links:
        sources, targets = ends.setdefault(prop, ({}, {}))
        sources[source] = targets[target] = None
    iris = ([[node.iri for node in row] for row in them] for them in (links, above))
    return {
        "diagram": Diagram(names, *iris),
        "between": sorted(
            ((prop, [*sources], [*targets]) for prop, (sources, targets) in ends.items()),
            key=lambda row: sortable(row[0].text),
        ),
        "above": above,
    }


@blueprint.get("/shapes")
@blueprint.get("/shapes.<suffix>")
def shapes(suffix: str = "") -> Response:
    """Serve the shapes as a page, or as data; in Turtle, the file as it is."""
    require_own_graph()
    return page_or_data(files_of("/shapes"), _shapes_in, _shapes_page, suffix)


@blueprint.get("/shapes/<name>")
def shape(name: str) -> AnyResponse:
    """Serve the data of one shape, or redirect to its place on the page of all shapes."""
    require_own_graph()
    local, dot, suffix = name.rpartition(".")
    if dot:
        known = _known_shape(local)
        return _shape_in(known, format_of_suffix(suffix, files_of(f"/shapes/{local}")))
    files = files_of(f"/shapes/{_known_shape(name)}")
    form = negotiated_format(files)
    if form is not HTML:
        return negotiated(_shape_in(name, form), form, files)
    response = redirect(view().addresses.path("/shapes", anchor=name), 303)
    response.headers["Vary"] = "Accept"
    return response


def _shapes_page() -> str:
    """Show the shapes with their rules, and the other named parts of their file, by name."""
    graph, found = view(), site().shapes
    targets = term_nodes(graph, [NamedNode(shape.target) for shape in found])
    shown = [
        (
            shape.name,
            targets[NamedNode(shape.target)],
            rules_in_words(graph, [(shape, rule) for rule in shape.rules]),
        )
        for shape in found
    ]
    shown_names = {shape.name for shape in found}
    shown_names |= {rule.name for shape in found for rule in shape.rules}
    labels: dict[str, list[Term]] = {}
    for triple in _shapes().triples:
        iri = triple.subject.value if isinstance(triple.subject, NamedNode) else ""
        name = iri.removeprefix(SHAPES)
        if name != iri and name not in shown_names:
            of_name = labels.setdefault(name, [])
            of_name += [triple.object] if triple.predicate.value == LABEL else []
    others = [(name, _best(graph, labels[name])) for name in sorted(labels)]
    return page("ontology/shapes.html", shapes=shown, others=others)


def _shapes_in(form: Format) -> Response:
    if form is TURTLE:
        return sent(shapes_of(site().release).read_bytes(), form.content_type)
    return graph_response(_shapes().triples, form)


def _shapes() -> Statements:
    """Return the shapes, which are read once."""

    def read() -> Statements:
        content = shapes_of(site().release).read_bytes()
        return Statements(read_sorted(content, RdfFormat.TURTLE))

    return site().graph.queries.once("shapes in order", None, read)


def _known_shape(name: str) -> str:
    """Return the name of a shape; raise Missing, with near names, if there is none."""
    names = {it.removeprefix(SHAPES) for it in _shapes().names() if it.startswith(SHAPES)}
    if name not in names:
        path = view().addresses.path
        raise Missing(near_paths(name, {it: path("/shapes", anchor=it) for it in names}))
    return name


def _shape_in(name: str, form: Format) -> Response:
    iri = f"{SHAPES}{name}"
    document = absolute(view().addresses.file(f"/shapes/{name}"))
    own = site().origin.of(document, iri, from_data=False)
    defined = Triple(NamedNode(iri), _DEFINED_BY, NamedNode(SHAPES_GRAPH))
    return graph_response([*_shapes().about(NamedNode(iri)), defined, *own], form)


@blueprint.get("/context")
def context() -> Response:
    """Serve the JSON-LD context, or the page that explains it."""
    require_own_graph()
    files = ((JSON_LD, view().addresses.file("/context.jsonld")),)
    return page_or_data(files, lambda _: context_data(), _context_page)


@blueprint.get("/context.jsonld")
def context_data() -> Response:
    """Serve the file of the JSON-LD context as it is."""
    require_own_graph()
    return sent(context_of(site().release).read_bytes(), JSON_LD.content_type)


def _context_page() -> str:
    """Show the prefixes, each short name of a property with its IRI, and those of keywords."""
    text = context_of(site().release).read_bytes()
    found = Context.read(text)
    nodes = term_nodes(view(), [NamedNode(iri) for iri in found.terms])
    names = [
        (short.name, nodes[NamedNode(iri)], in_prefixes(short.datatype))
        for iri, short in found.terms.items()
    ]
    definitions = json.loads(text)["@context"].items()
    return page(
        "ontology/context.html",
        prefixes=sorted(found.prefixes.items()),
        names=sorted(names, key=lambda it: it[0]),
        keywords=sorted((k, v) for k, v in definitions if str(v).startswith("@")),
    )
