"""A query for another process, the reply, and the store that pages use through both."""

import marshal
import struct
from collections.abc import Callable
from enum import IntEnum
from typing import Final, NamedTuple

from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import N_TRIPLES, RESULTS_JSON, Format
from rallynov_graph.sparql.embedded import StoreQuery
from rallynov_graph.sparql.store import Received, TransferredStore

_WRITTEN: Final[tuple[Format, ...]] = (*formats.RESULTS, *formats.GRAPHS)
_NUMBERS: Final = {form.name: number for number, form in enumerate(_WRITTEN, 1)}

LONG: Final = 0.2
"""The number of seconds after which a query counts as long."""
LENGTH: Final = struct.Struct("!Q")
"""In front of a query: its length in bytes."""
HEAD: Final = struct.Struct("!BBIIdQ")
"""In front of a reply: outcome, format, line, column, seconds, length in bytes."""


class Outcome(IntEnum):
    ANSWERED = 0
    INVALID = 1
    UNACCEPTABLE = 2
    TOO_LARGE = 3
    TOO_LONG = 4
    TOO_MUCH_MEMORY = 5
    TOO_NESTED = 6
    BUSY = 7
    BROKEN = 8
    CALLS_OUT = 9
    UPDATE = 10
    GREEDY = 11
    """Its client has too many long queries running already."""


class QueryJob(NamedTuple):
    """A query, and the formats that its client accepts for a table and for a graph.

    A format is None if the client accepts none. It is a named tuple, like everything that is made
    for each query, because that takes a third of the time.
    """

    store_query: StoreQuery
    results: Format | None
    graph: Format | None
    client: str = ""
    """The asker, or its network: clients take turns."""

    def frame(self) -> bytes:
        """Return the query as it is sent to another process of this program."""
        content = marshal.dumps((*self.store_query, _number(self.results), _number(self.graph)))
        return LENGTH.pack(len(content)) + content

    @classmethod
    def read(cls, content: bytes) -> "QueryJob":
        *store_query, results, graph = marshal.loads(content)
        return cls(StoreQuery(*store_query), _format(results), _format(graph))


class Reply(NamedTuple):
    """The reply to a query: an answer in a format, or an outcome with a message and a place."""

    outcome: Outcome
    content: bytes = b""
    form: Format | None = None
    line: int | None = None
    column: int | None = None
    seconds: float = 0.0
    """The working time of the query process."""

    def frame(self, seconds: float = 0.0) -> tuple[bytes, bytes]:
        """Return the reply as it is sent, its head (with the work done) and its content."""
        place, size = (self.line or 0, self.column or 0), len(self.content)
        head = HEAD.pack(self.outcome, _number(self.form), *place, seconds, size)
        return head, self.content

    @classmethod
    def read(cls, head: bytes | bytearray, content: bytes) -> "Reply":
        """Read the reply that was sent; ``head`` may contain more than the head."""
        outcome, form, line, column, seconds, _ = HEAD.unpack_from(head)
        return cls(Outcome(outcome), content, _format(form), line or None, column or None, seconds)


def _number(form: Format | None) -> int:
    return 0 if form is None else _NUMBERS[form.name]


def _format(number: int) -> Format | None:
    return _WRITTEN[number - 1] if number else None


Ask = Callable[..., Reply]
"""Is called with a query, the formats for a table and for a graph, and perhaps the graphs that are
asked; raises Refused."""


class ServedStore(TransferredStore):
    """A store whose queries count against the limits and the share of the current visitor.

    Every method raises Refused if the visitor has asked too much, or if no process is free.
    """

    def __init__(self, ask: Ask, documents: tuple[str, ...] = ()) -> None:
        """With ``documents``, every query only sees the content of these documents."""
        self._ask, self._known = ask, {"documents": documents} if documents else {}

    def at(self, documents: tuple[str, ...]) -> "ServedStore":
        return ServedStore(self._ask, documents)

    def received(self, query: str) -> Received:
        reply = self._ask(query, RESULTS_JSON, N_TRIPLES, **self._known)
        return Received(reply.content, reply.form or RESULTS_JSON)

    def written(self, query: str, form: Format) -> bytes:
        forms = (None, form) if form.rdf is not None else (form, None)
        return self._ask(query, *forms, **self._known).content
