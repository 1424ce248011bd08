"""What a store can do, whoever answers: the embedded engine or a SPARQL server."""

from collections.abc import Iterator
from typing import Protocol

from pyoxigraph import Triple

from rallynov_graph.base.terms import Solutions


class Store(Protocol):
    """A read-only RDF dataset that answers SPARQL 1.1.

    Of a release, the default graph is each distinct triple of all graphs once, but for the graphs
    of what is not current.
    """

    def select(self, query: str) -> Solutions:
        """Return the solutions of a SELECT; raise QueryError when it has none to give."""

    def ask(self, query: str) -> bool:
        """Return the truth of an ASK; raise QueryError when it is not one."""

    def construct(self, query: str) -> Iterator[Triple]:
        """Yield the triples of a CONSTRUCT or DESCRIBE; raise QueryError when it is not one."""

    def serialize(self, query: str, media_type: str) -> bytes:
        """Return a whole answer in one of the media types of ``formats``; raise QueryError."""
