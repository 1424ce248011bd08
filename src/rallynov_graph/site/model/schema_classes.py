"""What search engines call the things of the graph, and what is said of them: schema.org."""

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import BlankNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.evidence import of_graphs
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statements import Statement

SCHEMA: Final = PREFIXES["schema"]
_CALLED: Final = {
    PREFIXES["foaf"] + "Person": "Person",
    PREFIXES["org"] + "Organization": "Organization",
    PREFIXES["skos"] + "Concept": "DefinedTerm",
    PREFIXES["skos"] + "ConceptScheme": "DefinedTermSet",
}

_SAME: Final = (
    *("sameAs", "startDate", "endDate", "location", "superEvent", "areaServed"),
    *("latitude", "longitude", "containedInPlace", "issueNumber"),
)
_SAID: Final = {
    **{SCHEMA + name: SCHEMA + name for name in _SAME},
    PREFIXES["rdfs"] + "label": SCHEMA + "name",
    PREFIXES["skos"] + "prefLabel": SCHEMA + "name",
    PREFIXES["foaf"] + "name": SCHEMA + "name",
    PREFIXES["dcterms"] + "title": SCHEMA + "name",
    PREFIXES["skos"] + "altLabel": SCHEMA + "alternateName",
    RN + "acronym": SCHEMA + "alternateName",
    PREFIXES["dcterms"] + "description": SCHEMA + "description",
    PREFIXES["skos"] + "definition": SCHEMA + "description",
    RN + "carriedBy": SCHEMA + "organizer",
    PREFIXES["dcterms"] + "subject": SCHEMA + "about",
    PREFIXES["dcterms"] + "issued": SCHEMA + "datePublished",
    PREFIXES["dcterms"] + "isPartOf": SCHEMA + "isPartOf",
    PREFIXES["skos"] + "inScheme": SCHEMA + "inDefinedTermSet",
}
"""The property of schema.org that says the same."""


def said_to_web(view: GraphView, statements: Iterable[Statement]) -> Iterator[tuple[str, Term]]:
    """Yield what search engines are told of a thing: nothing that only tentative graphs state.

    schema.org has no way to say how sure a fact is.
    """
    fitting = [s for s in statements if s.path in _SAID and not s.backwards and s.graphs]
    proofs = of_graphs(view, (graph for s in fitting for graph in s.graphs))
    tentative = {g for g, proof in proofs.items() if proof.certainty == LEAST_SURE}
    for s in fitting:
        if not isinstance(s.other, BlankNode) and not tentative.issuperset(s.graphs):
            yield _SAID[s.path], s.other


def class_of_web(classes: Iterable[str]) -> tuple[str, ...]:
    """Return the first class that schema.org has too, under its name there; none where it has not.

    The classes come with those above them, the nearest first.
    """
    for iri in classes:
        if iri in _CALLED:
            return (SCHEMA + _CALLED[iri],)
        if iri.startswith(SCHEMA):
            return (iri,)
    return ()
