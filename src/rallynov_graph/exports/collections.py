"""A page of a list as data: a page of a collection in the vocabulary of Activity Streams 2.0."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.exports.data_documents import A

AS: Final = "https://www.w3.org/ns/activitystreams#"
_COUNT: Final = NamedNode(PREFIXES["xsd"] + "nonNegativeInteger")


@dataclass(frozen=True)
class CollectionPage:
    """A page of a collection: its neighbours, and the things on it."""

    collection: str
    this: str
    first: str
    last: str
    previous: str | None
    following: str | None
    total: int
    things: Sequence[str]

    def triples(self) -> Iterator[Triple]:
        """Yield the description of the page and of its collection."""
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
