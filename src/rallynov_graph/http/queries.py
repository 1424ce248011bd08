"""A query on its way to the process that answers it, its reply, and the store as pages ask it."""

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
"""After so many seconds a query counts as long."""
LENGTH: Final = struct.Struct("!Q")
"""In front of a query: its length in bytes."""
HEAD: Final = struct.Struct("!BBIIdQ")
"""In front of a reply: outcome, format, line, column, seconds, length in bytes."""


class Outcome(IntEnum):
    """What became of a query."""

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
    """A query, and the formats that its asker takes: of a table, of a graph (None: neither).

    Like all that is made for each query, it is a named tuple: one is made in a third of the time.
    """

    store_query: StoreQuery
    results: Format | None
    graph: Format | None
    client: str = ""
    """The asker, or its network: clients take turns."""

    def frame(self) -> bytes:
        """Return the query as it is sent, to a process of this same program."""
        content = marshal.dumps((*self.store_query, _number(self.results), _number(self.graph)))
        return LENGTH.pack(len(content)) + content

    @classmethod
    def read(cls, content: bytes) -> "QueryJob":
        """Return the query that was sent."""
        *store_query, results, graph = marshal.loads(content)
        return cls(StoreQuery(*store_query), _format(results), _format(graph))


class Reply(NamedTuple):
    """What a query comes to: an answer in a format, or an outcome with words and a place."""

    outcome: Outcome
    content: bytes = b""
    form: Format | None = None
    line: int | None = None
    column: int | None = None
    seconds: float = 0.0
    """How long the query process worked on it."""

    def frame(self, seconds: float = 0.0) -> tuple[bytes, bytes]:
        """Return the reply as it is sent after so much work, its head and its content."""
        place, size = (self.line or 0, self.column or 0), len(self.content)
        head = HEAD.pack(self.outcome, _number(self.form), *place, seconds, size)
        return head, self.content

    @classmethod
    def read(cls, head: bytes | bytearray, content: bytes) -> "Reply":
        """Return the reply that was sent; there may be more than the head in ``head``."""
        outcome, form, line, column, seconds, _ = HEAD.unpack_from(head)
        return cls(Outcome(outcome), content, _format(form), line or None, column or None, seconds)


def _number(form: Format | None) -> int:
    """Return what a format is sent as."""
    return 0 if form is None else _NUMBERS[form.name]


def _format(number: int) -> Format | None:
    return _WRITTEN[number - 1] if number else None


Ask = Callable[..., Reply]
"""Is called with a query, the formats for a table and for a graph, and perhaps the graphs that are
asked; raises Refused."""


class ServedStore(TransferredStore):
    """A store whose queries have the limits and the share of the visitor for whom they are asked.

    Every method raises Refused where the visitor has asked too much, or nobody is free.
    """

    def __init__(self, ask: Ask, documents: tuple[str, ...] = ()) -> None:
        """With ``documents``, every query is asked of what was known from these alone."""
        self._ask, self._known = ask, {"documents": documents} if documents else {}

    def at(self, documents: tuple[str, ...]) -> "ServedStore":
        """Return the store of what was known from some documents."""
        return ServedStore(self._ask, documents)

    def received(self, query: str) -> Received:
        """Return the answer to a query as it came."""
        reply = self._ask(query, RESULTS_JSON, N_TRIPLES, **self._known)
        return Received(reply.content, reply.form or RESULTS_JSON)

    def written(self, query: str, form: Format) -> bytes:
        """Return the answer to a query in a format of its kind."""
        forms = (None, form) if form.rdf is not None else (form, None)
        return self._ask(query, *forms, **self._known).content
