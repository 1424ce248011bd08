"""The ontology as a readable page: each term with its names, definition and use."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.shapes import term_nodes
from rallynov_graph.site.ontology.diagram import Diagram, DiagramArrow, diagram

_PROPERTIES = {
    "definition": PREFIXES["skos"] + "definition",
    "inverse": RN + "inverseLabel",
    "note": PREFIXES["skos"] + "editorialNote",
    "above": PREFIXES["rdfs"] + "subClassOf",
    "wider": PREFIXES["rdfs"] + "subPropertyOf",
    "from": PREFIXES["schema"] + "domainIncludes",
    "to": PREFIXES["schema"] + "rangeIncludes",
    "match": PREFIXES["skos"] + "closeMatch",
    "near": PREFIXES["rdfs"] + "seeAlso",
    "disjoint": PREFIXES["owl"] + "disjointWith",
}


@dataclass(frozen=True)
class OntologyTerm:
    """A class or property of the ontology."""

    name: str
    kind: str
    """Class, ObjectProperty, DatatypeProperty or AnnotationProperty."""
    label: Text
    definition: Text | None
    inverse: Text | None
    note: Text | None
    links: tuple[tuple[str, tuple[Node, ...]], ...]
    uses: int


@dataclass(frozen=True)
class PropertyEnds:
    """A property, and the classes that it leads from and to."""

    property: Node
    sources: tuple[Node, ...]
    targets: tuple[Node, ...]


@dataclass(frozen=True)
class OntologyPage:
    """All terms, classes first; reused terms by their short names; a drawing of the classes."""

    classes: tuple[OntologyTerm, ...]
    properties: tuple[OntologyTerm, ...]
    values: tuple[tuple[str, Node], ...]
    """Terms that are neither class nor property: the certainties."""
    reused: tuple[tuple[str, Node], ...]
    diagram: Diagram
    between: tuple[PropertyEnds, ...]
    above: tuple[tuple[Node, Node], ...]
    query: str


def ontology_page(view: GraphView) -> OntologyPage:
    """Return the page of the ontology."""
    rows = view.queries.rows("terms").rows
    terms = [term for term, _, _ in rows if isinstance(term, NamedNode)]
    descriptions: dict[str, dict[str, list[Term]]] = {term.value: {} for term in terms}
    properties = [NamedNode(iri) for iri in _PROPERTIES.values()]
    names = {iri: name for name, iri in _PROPERTIES.items()}
    for term, prop, value in view.queries.rows("values", thing=terms, property=properties).rows:
        assert isinstance(term, NamedNode) and isinstance(prop, NamedNode) and value is not None
        descriptions[term.value].setdefault(names[prop.value], []).append(value)
    found = [_term(view, row, descriptions) for row in rows]
    other_terms = _other_terms(view)
    return OntologyPage(
        tuple(term for term in found if term.kind == "Class"),
        tuple(term for term in found if term.kind != "Class"),
        tuple(
            name_and_node for name_and_node in other_terms if name_and_node[1].iri.startswith(RN)
        ),
        tuple(
            name_and_node
            for name_and_node in other_terms
            if not name_and_node[1].iri.startswith(RN)
        ),
        *_diagram_and_tables(view),
        readable(view.queries.text("terms")),
    )


def _other_terms(view: GraphView) -> tuple[tuple[str, Node], ...]:
    """Return the terms that are not among our classes and properties, by short name."""
    terms = [
        term for (term,) in view.queries.rows("other_terms").rows if isinstance(term, NamedNode)
    ]
    nodes = term_nodes(view, terms)
    found = (
        (in_prefixes(term.value), nodes[term])
        for term in terms
        if not view.addresses.short(term.value)
    )
    return tuple(sorted(found, key=lambda name_and_node: name_and_node[0]))


def _diagram_and_tables(
    view: GraphView,
) -> tuple[Diagram, tuple[PropertyEnds, ...], tuple[tuple[Node, Node], ...]]:
    """Return the drawing of the classes and their properties, and the same as rows of tables."""
    rows = view.queries.rows("properties_between").rows
    above = [(c, a) for c, a in view.queries.rows("classes_above").rows if a is not None]
    nodes = term_nodes(view, (term for row in (*rows, *above) for term in row))
    names = {str(term)[1:-1]: node.text for term, node in nodes.items()}
    links = [DiagramArrow(*(str(term)[1:-1] for term in row)) for row in rows]
    drawing = diagram(names, links, ((str(c)[1:-1], str(a)[1:-1]) for c, a in above))
    ends_by_property: dict[Term | None, tuple[dict[Node, None], dict[Node, None]]] = {}
    for prop, source, target in rows:
        assert source is not None and target is not None
        sources, targets = ends_by_property.setdefault(prop, ({}, {}))
        sources[nodes[source]] = targets[nodes[target]] = None
    between = (
        PropertyEnds(nodes[prop], tuple(sources), tuple(targets))
        for prop, (sources, targets) in ends_by_property.items()
        if prop is not None
    )
    pairs = tuple((nodes[c], nodes[a]) for c, a in above if c is not None)
    return drawing, tuple(sorted(between, key=lambda ends: sortable(ends.property.text))), pairs


def _term(
    view: GraphView, row: tuple[Term | None, ...], descriptions: dict[str, dict[str, list[Term]]]
) -> OntologyTerm:
    term, kind, uses = row
    assert isinstance(term, NamedNode) and isinstance(kind, NamedNode)
    description = descriptions[term.value]

    def text(name: str) -> Text | None:
        return view.best(
            Text(value.value, value.language or "")
            for value in description.get(name, ())
            if isinstance(value, Literal)
        )

    node = view.node(term.value)
    links = [
        (name, tuple(term_nodes(view, description[name]).values()))
        for name in ("above", "wider", "from", "to", "match")
        if name in description
    ]
    return OntologyTerm(
        term.value.removeprefix(RN),
        kind.value.rpartition("#")[2],
        Text(node.text, node.language),
        text("definition"),
        text("inverse"),
        text("note"),
        tuple(links),
        int(uses.value) if isinstance(uses, Literal) else 0,
    )
