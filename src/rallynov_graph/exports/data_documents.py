"""How a document of data describes itself, and the collection that it is a page of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Term

VOID: Final = "http://rdfs.org/ns/void#"
A: Final = NamedNode(PREFIXES["rdf"] + "type")

AS: Final = "https://www.w3.org/ns/activitystreams#"
"""Activity Streams 2.0, the vocabulary of collections."""
_COUNT: Final = NamedNode(PREFIXES["xsd"] + "nonNegativeInteger")
_DOCUMENT: Final = NamedNode(PREFIXES["foaf"] + "Document")
_TOPIC: Final = NamedNode(PREFIXES["foaf"] + "primaryTopic")
_IN_DATASET: Final = NamedNode(VOID + "inDataset")
_VERSION: Final = NamedNode(PREFIXES["schema"] + "version")
_SOURCE: Final = PREFIXES["dcterms"] + "source"
_INHERITED: Final = (
    PREFIXES["dcterms"] + "creator",
    PREFIXES["dcterms"] + "issued",
    PREFIXES["dcterms"] + "license",
    _SOURCE,
    PREFIXES["owl"] + "versionInfo",
)
"""The properties that each document has from its dataset."""


@dataclass(frozen=True)
class Origin:
    """The dataset that documents come from; empty if it does not describe itself."""

    dataset: str = ""
    statements: tuple[tuple[str, Term], ...] = ()
    release: str = ""
    """The id of the release as its folder is named."""

    def of(self, document: str, topic: str, from_data: bool = True) -> Iterator[Triple]:
        """Yield the description of a document about a thing.

        A document about a term of the ontology does not come from the data and has other sources.
        """
        document_node = NamedNode(document)
        yield Triple(document_node, A, _DOCUMENT)
        yield Triple(document_node, _TOPIC, NamedNode(topic))
        if self.release:
            yield Triple(document_node, _VERSION, Literal(self.release))
        if self.dataset and from_data:
            yield Triple(document_node, _IN_DATASET, NamedNode(self.dataset))
        for prop, value in self._inherited:
            if from_data or prop.value != _SOURCE:
                yield Triple(document_node, prop, value)

    @cached_property
    def _inherited(self) -> tuple[tuple[NamedNode, Term], ...]:
        return tuple(
            (NamedNode(prop), value) for prop, value in self.statements if prop in _INHERITED
        )

    def values(self, prop: str) -> tuple[Term, ...]:
        return tuple(value for p, value in self.statements if p == prop)


@dataclass(frozen=True)
class CollectionPage:
    """A page of a collection: its neighbours and its things."""

    collection: str
    this: str
    first: str
    last: str
    previous: str | None
    following: str | None
    total: int
    things: Sequence[str]

    def triples(self) -> Iterator[Triple]:
        collection, page = NamedNode(self.collection), NamedNode(self.this)
        yield Triple(collection, A, _as("Collection"))
        yield Triple(collection, _as("totalItems"), Literal(str(self.total), datatype=_COUNT))
        yield Triple(collection, _as("first"), NamedNode(self.first))
        yield Triple(collection, _as("last"), NamedNode(self.last))
        yield Triple(page, A, _as("CollectionPage"))
        yield Triple(page, _as("partOf"), collection)
        for name, address in (("prev", self.previous), ("next", self.following)):
            if address:
                yield Triple(page, _as(name), NamedNode(address))
        for iri in self.things:
            yield Triple(page, _as("items"), NamedNode(iri))


def _as(name: str) -> NamedNode:
    return NamedNode(AS + name)
