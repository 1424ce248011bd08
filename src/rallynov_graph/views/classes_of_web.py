"""What search engines call the things of the graph: the classes of schema.org."""

from collections.abc import Iterable
from typing import Final

from rallynov_graph.namespaces import PREFIXES

SCHEMA: Final = PREFIXES["schema"]
_CALLED: Final = {
    PREFIXES["foaf"] + "Person": "Person",
    PREFIXES["org"] + "Organization": "Organization",
    PREFIXES["skos"] + "Concept": "DefinedTerm",
    PREFIXES["skos"] + "ConceptScheme": "DefinedTermSet",
}


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
