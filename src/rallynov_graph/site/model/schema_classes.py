"""Classes and properties of schema.org for the things of the graph, for search engines."""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import POSTPONED, state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import StatedTriple, evidence_of_graphs

SCHEMA: Final = PREFIXES["schema"]
_STATUS: Final = RN + "status"
_POSTPONED: Final = NamedNode(POSTPONED.schema)
_CLASSES: Final = {
    PREFIXES["foaf"] + "Person": "Person",
    PREFIXES["org"] + "Organization": "Organization",
    PREFIXES["skos"] + "Concept": "DefinedTerm",
    PREFIXES["skos"] + "ConceptScheme": "DefinedTermSet",
}

_SAME: Final = (
    *("sameAs", "startDate", "endDate", "location", "superEvent", "areaServed"),
    *("latitude", "longitude", "containedInPlace", "issueNumber"),
)
_PROPERTIES: Final = {
    **{SCHEMA + name: SCHEMA + name for name in _SAME},
    PREFIXES["rdfs"] + "label": SCHEMA + "name",
    PREFIXES["skos"] + "prefLabel": SCHEMA + "name",
    PREFIXES["foaf"] + "name": SCHEMA + "name",
    PREFIXES["dcterms"] + "title": SCHEMA + "name",
    PREFIXES["skos"] + "altLabel": SCHEMA + "alternateName",
    RN + "acronym": SCHEMA + "alternateName",
    PREFIXES["dcterms"] + "description": SCHEMA + "description",
    PREFIXES["skos"] + "definition": SCHEMA + "description",
    _STATUS: SCHEMA + "eventStatus",
    RN + "carriedBy": SCHEMA + "organizer",
    PREFIXES["dcterms"] + "subject": SCHEMA + "about",
    PREFIXES["dcterms"] + "issued": SCHEMA + "datePublished",
    PREFIXES["dcterms"] + "isPartOf": SCHEMA + "isPartOf",
    PREFIXES["skos"] + "inScheme": SCHEMA + "inDefinedTermSet",
}
"""The property of schema.org for each property of the graph."""


def schema_org_facts(
    view: GraphView, statements: Iterable[StatedTriple]
) -> Iterator[tuple[str, Term]]:
    """Yield the facts about a thing in schema.org's properties.

    Those that only tentative graphs state are left out: schema.org cannot express certainty.
    """
    fitting = [s for s in statements if s.path in _PROPERTIES and not s.backwards and s.graphs]
    evidence = evidence_of_graphs(view, (graph for s in fitting for graph in s.graphs))
    tentative = {g for g, piece in evidence.items() if piece.certainty == LEAST_SURE}
    for s in fitting:
        if s.path == _STATUS:
            state = state_of({s.other_end.value}) if isinstance(s.other_end, NamedNode) else None
            if state and state.schema and not tentative.issuperset(s.graphs):
                yield _PROPERTIES[_STATUS], NamedNode(state.schema)
        elif not isinstance(s.other_end, BlankNode) and not tentative.issuperset(s.graphs):
            yield _PROPERTIES[s.path], s.other_end


def rescheduled(facts: Iterable[tuple[str, Term]]) -> tuple[tuple[str, Term], ...]:
    """Return the facts of an event that a later document gives another day than was announced."""
    moved = NamedNode(f"{SCHEMA}EventRescheduled")
    return tuple((prop, moved if value == _POSTPONED else value) for prop, value in facts)


def schema_org_class(classes: Iterable[str]) -> tuple[str, ...]:
    """Return the class of schema.org for the first of these classes that has one; else none.

    The classes come with their superclasses, the nearest first.
    """
    for iri in classes:
        if iri in _CLASSES:
            return (SCHEMA + _CLASSES[iri],)
        if iri.startswith(SCHEMA):
            return (iri,)
    return ()
