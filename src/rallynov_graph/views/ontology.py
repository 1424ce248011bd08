"""The ontology as a readable page: each term with its names, definition and use."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from rallynov_graph.labels import Text
from rallynov_graph.namespaces import PREFIXES, RN
from rallynov_graph.store import Term
from rallynov_graph.views.nodes import Lens, Node

_ASKED = {
    "definition": PREFIXES["skos"] + "definition",
    "inverse": RN + "inverseLabel",
    "note": PREFIXES["skos"] + "editorialNote",
    "above": PREFIXES["rdfs"] + "subClassOf",
    "wider": PREFIXES["rdfs"] + "subPropertyOf",
    "from": PREFIXES["schema"] + "domainIncludes",
    "to": PREFIXES["schema"] + "rangeIncludes",
    "match": PREFIXES["skos"] + "closeMatch",
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
class OntologyPage:
    """All terms, classes first."""

    classes: tuple[OntologyTerm, ...]
    properties: tuple[OntologyTerm, ...]


def ontology_page(lens: Lens) -> OntologyPage:
    """Return the page of the ontology."""
    rows = lens.queries.rows("terms").rows
    terms = [t for t, _, _ in rows if isinstance(t, NamedNode)]
    told: dict[str, dict[str, list[Term]]] = {term.value: {} for term in terms}
    asked = [NamedNode(iri) for iri in _ASKED.values()]
    names = {iri: name for name, iri in _ASKED.items()}
    for term, prop, value in lens.queries.rows("values", thing=terms, property=asked).rows:
        assert isinstance(term, NamedNode) and isinstance(prop, NamedNode) and value is not None
        told[term.value].setdefault(names[prop.value], []).append(value)
    found = [_term(lens, row, told) for row in rows]
    return OntologyPage(
        tuple(term for term in found if term.kind == "Class"),
        tuple(term for term in found if term.kind != "Class"),
    )


def _term(
    lens: Lens, row: tuple[Term | None, ...], told: dict[str, dict[str, list[Term]]]
) -> OntologyTerm:
    term, kind, uses = row
    assert isinstance(term, NamedNode) and isinstance(kind, NamedNode)
    facts = told[term.value]

    def text(name: str) -> Text | None:
        return lens.best(
            Text(t.value, t.language or "") for t in facts.get(name, ()) if isinstance(t, Literal)
        )

    node = lens.node(term.value)
    links = [
        (name, tuple(lens.nodes(facts[name]).values()))
        for name in ("above", "wider", "from", "to", "match")
        if name in facts
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
