"""A page of a list as data: a page of a collection, in the words of Activity Streams 2.0."""

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
    """Where a page stands in its collection, and the things on it."""

    collection: str
    this: str
    first: str
    last: str
    previous: str | None
    following: str | None
    total: int
    things: Sequence[str]

    def triples(self) -> Iterator[Triple]:
        """Yield what the page says of itself and of its collection."""
        whole, page = NamedNode(self.collection), NamedNode(self.this)
        yield Triple(whole, A, _as("Collection"))
        yield Triple(whole, _as("totalItems"), Literal(str(self.total), datatype=_COUNT))
        yield Triple(whole, _as("first"), NamedNode(self.first))
        yield Triple(whole, _as("last"), NamedNode(self.last))
        yield Triple(page, A, _as("CollectionPage"))
        yield Triple(page, _as("partOf"), whole)
        for name, address in (("prev", self.previous), ("next", self.following)):
            if address:
                yield Triple(page, _as(name), NamedNode(address))
        for iri in self.things:
            yield Triple(page, _as("items"), NamedNode(iri))


def _as(name: str) -> NamedNode:
    return NamedNode(AS + name)
