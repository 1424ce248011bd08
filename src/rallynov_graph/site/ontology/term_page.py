"""The page of a term: its names, definition, use in the data, shape and questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import typeset
from rallynov_graph.base.namespaces import ONTOLOGY, PREFIXES, RN, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.catalogue import Catalogue
from rallynov_graph.questions.labels import LABEL, PREF_LABEL, TYPE, Text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.model.catalogue_answers import ListedQuestion
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.list_queries import ANY_CERTAINTY
from rallynov_graph.site.model.shapes import (
    RuleWords,
    Shape,
    Use,
    questions_with,
    rules_in_words,
    term_nodes,
    use_of,
)

_OWL: Final = PREFIXES["owl"]
_RDFS: Final = PREFIXES["rdfs"]
_SCHEMA: Final = PREFIXES["schema"]
_PROPERTIES: Final = frozenset(
    f"{_OWL}{kind}" for kind in ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
)
_FORWARD: Final = {
    _RDFS + "subClassOf": "above",
    _RDFS + "subPropertyOf": "wider",
    _SCHEMA + "domainIncludes": "from",
    _SCHEMA + "rangeIncludes": "to",
    _OWL + "inverseOf": "inverse_of",
    PREFIXES["skos"] + "closeMatch": "match",
    _RDFS + "seeAlso": "near",
    _OWL + "disjointWith": "disjoint",
}
_BACKWARD: Final = {
    _RDFS + "subClassOf": "below",
    _RDFS + "subPropertyOf": "narrower",
    _SCHEMA + "domainIncludes": "starting",
    _SCHEMA + "rangeIncludes": "ending",
    _OWL + "inverseOf": "inverse_of",
    _OWL + "disjointWith": "disjoint",
}
_DEFINITION: Final = PREFIXES["skos"] + "definition"
_NOTE: Final = PREFIXES["skos"] + "editorialNote"
_INVERSE: Final = RN + "inverseLabel"
_IS_DEFINED_BY: Final = _RDFS + "isDefinedBy"


@dataclass(frozen=True)
class TermPage:
    """What the page of a term shows."""

    iri: str
    short: str
    kind: str
    """Class, property or other."""
    node: Node
    names: tuple[Text, ...]
    definitions: tuple[Text, ...]
    inverses: tuple[Text, ...]
    notes: tuple[Text, ...]
    links: tuple[tuple[str, tuple[Node, ...]], ...]
    certainty: str
    use: Use | None
    query: str
    """The query for the description of the term in the ontology."""
    shape: str
    """The name of the class's own shape, where it has one."""
    rules: tuple[RuleWords, ...]
    questions: tuple[ListedQuestion, ...]
    is_ours: bool
    defined_by: Node | None
    """The vocabulary or the document that defines it."""


def term_page(
    view: GraphView,
    iri: str,
    shapes: Sequence[Shape],
    catalogue: Catalogue,
    certainty: str = ANY_CERTAINTY,
) -> TermPage | None:
    """Return the page of a term; None where the ontology does not describe it.

    Its use in the data counts facts of the certainty or of a surer one.
    """
    term = NamedNode(iri)
    if not view.queries.ask("term_is_described", thing=term):
        return None
    values_by_property: dict[str, list[Term]] = {}
    properties = (*_FORWARD, TYPE, LABEL, PREF_LABEL, _DEFINITION, _NOTE, _INVERSE, _IS_DEFINED_BY)
    for _, prop, value in view.queries.rows(
        "values", thing=term, property=map(NamedNode, properties)
    ).rows:
        assert isinstance(prop, NamedNode) and value is not None
        values_by_property.setdefault(prop.value, []).append(value)
    own_shapes = [shape for shape in shapes if shape.target == iri]
    rules = [(shape, rule) for shape in own_shapes for rule in shape.rules]
    rules += [(shape, rule) for shape in shapes for rule in shape.rules if rule.path == iri]
    kind = _kind(view, iri, values_by_property, shapes)
    return TermPage(
        iri,
        in_prefixes(iri),
        kind,
        view.node(iri),
        tuple(
            dict.fromkeys(
                (*_texts(values_by_property, LABEL), *_texts(values_by_property, PREF_LABEL))
            )
        ),
        _texts(values_by_property, _DEFINITION),
        _texts(values_by_property, _INVERSE),
        _texts(values_by_property, _NOTE),
        tuple(_links(view, term, values_by_property)),
        certainty,
        use_of(view, term, kind, certainty),
        readable(view.queries.text("term_described", thing=term)),
        " ".join(shape.name for shape in own_shapes),
        rules_in_words(view, rules),
        questions_with(view, catalogue, iri),
        iri.startswith(RN),
        _defined_by(view, iri),
    )


def _kind(
    view: GraphView, iri: str, values_by_property: dict[str, list[Term]], shapes: Sequence[Shape]
) -> str:
    """Return the kind of a term; that of a reused term follows from its use."""
    types = {term.value for term in values_by_property.get(TYPE, ()) if isinstance(term, NamedNode)}
    if types:
        return (
            "class" if _OWL + "Class" in types else "property" if types & _PROPERTIES else "other"
        )
    superclasses = {
        superclass for higher in view.graph.superclasses.values() for superclass in higher
    }
    if iri in superclasses or any(shape.target == iri for shape in shapes):
        return "class"
    if any(rule.path == iri for shape in shapes for rule in shape.rules):
        return "property"
    if view.queries.rows("examples_of_property", property=NamedNode(iri)).rows:
        return "property"
    instances = view.queries.rows("examples_of_class", **{"class": NamedNode(iri)}).rows
    return "class" if instances else "other"


def _texts(values_by_property: dict[str, list[Term]], key: str) -> tuple[Text, ...]:
    """Return the texts of a property in French, then in English, then in other languages."""
    found = [
        Text(typeset(value.value, value.language or ""), value.language or "")
        for value in values_by_property.get(key, ())
        if isinstance(value, Literal)
    ]
    return tuple(
        sorted(found, key=lambda value: (value.language != "fr", value.language, value.value))
    )


def _links(
    view: GraphView, term: NamedNode, values_by_property: dict[str, list[Term]]
) -> Iterable[tuple[str, tuple[Node, ...]]]:
    """Yield the terms to which the ontology relates a term, by relation."""
    terms_by_relation: dict[str, list[Term]] = {}
    for prop, name in _FORWARD.items():
        terms_by_relation.setdefault(name, []).extend(values_by_property.get(prop, ()))
    for relation, other in view.queries.rows("term_links", thing=term).rows:
        assert isinstance(relation, NamedNode) and other is not None
        terms_by_relation.setdefault(_BACKWARD[relation.value], []).append(other)
    linked_terms = (
        linked
        for terms in terms_by_relation.values()
        for linked in terms
        if isinstance(linked, NamedNode)
    )
    nodes = term_nodes(view, linked_terms)
    for name, terms in terms_by_relation.items():
        shown = tuple(nodes[linked] for linked in dict.fromkeys(terms) if linked in nodes)
        if shown:
            yield name, shown


def _defined_by(view: GraphView, iri: str) -> Node | None:
    """Return the definition of a term: our ontology, or its own address on the web."""
    if iri.startswith(RN):
        return Node(ONTOLOGY, href=view.addresses.path("/ontology"))
    address = view.addresses.outside(iri)
    return None if address is None else Node(iri, href=address.href, external=True)
