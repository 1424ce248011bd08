"""The texts of a graph that are searched: those that name or describe each thing, and its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base import kinds
from rallynov_graph.base.kinds import searched
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, in_prefixes
from rallynov_graph.base.resources import search_queries_dir
from rallynov_graph.base.standings import ALTERNATIVE, RETRACTED, SUPERSEDED
from rallynov_graph.questions.catalogue import load
from rallynov_graph.questions.labels import NAMINGS
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.store import Store

TERM: Final = "term"
"""The kind of classes and properties."""
NAME: Final = "name"
OTHER: Final = "other"
PRINTED: Final = "printed"
ACRONYM: Final = "acronym"
EXPANSION: Final = "expansion"
ADDRESS: Final = "address"
FORMER: Final = "former"
"""A name that a document gave and that no longer stands."""
UNTAKEN: Final = "untaken"
"""A name by a reading that is not taken."""
DESCRIPTION: Final = "description"
NO_NAMES: Final = (FORMER, UNTAKEN, DESCRIPTION)
ROLES: Final = (NAME, OTHER, PRINTED, ACRONYM, EXPANSION, ADDRESS, *NO_NAMES)
"""What a text is to a thing: those that name it come first."""
EVIDENCE: Final = searched(kinds.NEVER)
"""Kinds that only say where a fact comes from: they are reached from it, not searched."""
LATER: Final = searched(kinds.LATER, kinds.LAST) | {TERM}
"""Kinds that a reader rarely means."""
LONGEST_TEXT: Final = 2000
"""How many characters of a longer text are searched."""

_SKOS, _DCT, _SCHEMA = PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["schema"]
_ROLE_OF: Final = {
    **dict.fromkeys(NAMINGS, NAME),
    **dict.fromkeys(
        (
            _SKOS + "altLabel",
            _SKOS + "hiddenLabel",
            _SCHEMA + "alternateName",
            "http://schema.org/alternateName",
            _DCT + "alternative",
            PREFIXES["foaf"] + "nick",
        ),
        OTHER,
    ),
    RN + "nameAsPrinted": PRINTED,
    RN + "asPrinted": PRINTED,
    RN + "acronym": ACRONYM,
    RN + "expansion": EXPANSION,
}
_TERMS: Final = frozenset(
    {
        PREFIXES["rdfs"] + "Class",
        PREFIXES["rdfs"] + "Datatype",
        PREFIXES["rdf"] + "Property",
        *(
            PREFIXES["owl"] + name
            for name in (
                "Class",
                "Restriction",
                "ObjectProperty",
                "DatatypeProperty",
                "AnnotationProperty",
                "OntologyProperty",
            )
        ),
    }
)
_GONE: Final = {
    FORMER: (NamedNode(f"{RN}{SUPERSEDED}"), NamedNode(f"{RN}{RETRACTED}")),
    UNTAKEN: (NamedNode(f"{RN}{ALTERNATIVE}"),),
}
"""The standings of names in the roles of those that are not current."""
_EVERYTHING: Final = frozenset(
    {
        PREFIXES["owl"] + "Thing",
        PREFIXES["owl"] + "NamedIndividual",
        PREFIXES["rdfs"] + "Resource",
    }
)
_OURS: Final = re.compile(re.escape(ID) + r"([a-z][a-z0-9-]*)/[^/?#\s]+")


@dataclass(frozen=True)
class TextOfThing:
    """A text and its role for the thing that it is about."""

    role: str
    value: str
    language: str = ""


def kind_by_address(iri: str) -> str | None:
    """Return the kind that an address in our namespace says, None for any other."""
    found = _OURS.fullmatch(iri)
    return found[1] if found else None


def kind_by_classes(iri: str, classes: Iterable[str]) -> str:
    """Return the kind of a thing of these classes: its class, or that it is a term."""
    named = sorted({*classes} - _EVERYTHING)
    if any(class_iri in _TERMS for class_iri in named) or (not named and in_prefixes(iri) != iri):
        return TERM
    return named[0] if named else ""


def role(prop: str) -> str:
    """Return what the values of a property are to a thing."""
    return _ROLE_OF.get(prop, DESCRIPTION)


def all_texts(store: Store) -> Iterator[tuple[str, TextOfThing]]:
    """Yield each text of each thing that is searched, in the order of the store."""
    yield from _texts(store.construct(_query(store, "texts")))
    for role_of_text, standings in _GONE.items():
        query = _query(store, "names_gone", standing=standings)
        yield from _texts(store.construct(query), role_of_text)


def _texts(triples: Iterable[Triple], given: str = "") -> Iterator[tuple[str, TextOfThing]]:
    """Yield the texts of things that are searched, in this role or in that of their property."""
    for triple in triples:
        thing, text = triple.subject, triple.object
        if not (isinstance(thing, NamedNode) and isinstance(text, Literal)):
            continue
        if text.value and kind_by_address(thing.value) not in EVIDENCE:
            value, named = text.value[:LONGEST_TEXT], given or role(triple.predicate.value)
            yield thing.value, TextOfThing(named, value, text.language or "")


def all_classes(store: Store) -> Iterator[tuple[str, str]]:
    """Yield each thing whose address does not say its kind with each of its classes."""
    for triple in store.construct(_query(store, "classes_of_things")):
        thing, class_iri = triple.subject, triple.object
        if isinstance(thing, NamedNode) and isinstance(class_iri, NamedNode):
            yield thing.value, class_iri.value


def _query(store: Store, name: str, **values: Sequence[NamedNode]) -> str:
    return PageQueries(store, load(search_queries_dir())).text(name, **values)
