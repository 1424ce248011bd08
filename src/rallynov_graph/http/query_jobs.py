"""What passes between the web server and a query process: a visit, its reply, and the limits."""

import marshal
import mmap
import struct
import time
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from rallynov_graph.rdf import formats
from rallynov_graph.rdf.formats import Format
from rallynov_graph.sparql.oxigraph.embedded import StoreQuery

MEBIBYTE: Final = 1 << 20
_WRITTEN: Final[tuple[Format, ...]] = (*formats.RESULTS, *formats.GRAPHS)
_NUMBERS: Final = {form.name: number for number, form in enumerate(_WRITTEN, 1)}

LONG: Final = 0.2
"""After so many seconds a visit counts as long."""
LONG_AT_ONCE: Final = 8
"""How many long visits run beside the fast ones."""
LONG_OF_ONE: Final = 4
"""How many of them may be of one client."""

VISIT: Final = struct.Struct("!QQQ")
"""In front of a visit: its length in bytes, its ticket, its client."""
HEAD: Final = struct.Struct("!BBIIdQ")
"""In front of a reply: outcome, format, line, column, seconds, length in bytes."""


@dataclass(frozen=True)
class Limits:
    """What one visitor's query may use."""

    seconds: float = 20.0
    """How long it may run."""
    memory: int = 1024 * MEBIBYTE
    """How much it may take beside the store, in bytes, where the budget of all has so much."""
    answer: int = 128 * MEBIBYTE
    """How long its answer may be, in bytes."""
    query: int = MEBIBYTE
    """How long it may itself be, in bytes."""
    wait: float = 10.0
    """How many seconds it may wait for a free query process."""


class Outcome(IntEnum):
    """What became of a visit."""

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
    client: int = 0
    """A number for who asks, of 64 bits: long visits are shared out among clients."""

    def frame(self, ticket: int) -> bytes:
        """Return the visit as it is sent, under a number that no other visit has.

        It is read by a process that was forked from the one that writes it.
        """
        content = marshal.dumps((*self.store_query, _number(self.results), _number(self.graph)))
        return VISIT.pack(len(content), ticket, self.client) + content

    @classmethod
    def read(cls, content: bytes) -> "QueryJob":
        """Return the visit that was sent."""
        *store_query, results, graph = marshal.loads(content)
        return cls(StoreQuery(*store_query), _format(results), _format(graph))


class Reply(NamedTuple):
    """What a visit comes to: an answer in a format, or an outcome with words and a place."""

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


class Board:
    """Memory that all processes share: what each query process is at, since when, how it ended.

    It must be made before the processes fork. A place is used again by the process that comes
    ``PLACES`` after, long after the first has gone.
    """

    PLACES: Final = 1024
    _TICKET: Final = struct.Struct("Q")
    _SINCE: Final = struct.Struct("d")
    _OUTCOME: Final = struct.Struct("B")
    _AT_SINCE: Final = 8
    _AT_OUTCOME: Final = 16
    _AT_CLIENT: Final = 24
    _AT_CROWDED: Final = 17
    _AT_BEGUN: Final = 32
    _AT_LINE: Final = 40
    _WIDTH: Final = 48

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self.PLACES * self._WIDTH)

    def clear(self, place: int) -> None:
        """Note that a process is free."""
        start = place * self._WIDTH
        self._memory[start : start + self._AT_BEGUN] = bytes(self._AT_BEGUN)

    def begin(self, place: int) -> float:
        """Note that a process takes a visit; return the time."""
        now = time.monotonic()
        self._SINCE.pack_into(self._memory, place * self._WIDTH + self._AT_SINCE, now)
        self._SINCE.pack_into(self._memory, place * self._WIDTH + self._AT_BEGUN, now)
        return now

    def last_begun(self, place: int) -> float:
        """Return when the last visit of a process began, over or not; 0 where it had none."""
        begun: float
        [begun] = self._SINCE.unpack_from(self._memory, place * self._WIDTH + self._AT_BEGUN)
        return begun

    def take(self, place: int, ticket: int, client: int = 0) -> None:
        """Note which visit it is, and whose."""
        start = place * self._WIDTH
        self._TICKET.pack_into(self._memory, start + self._AT_CLIENT, client)
        self._TICKET.pack_into(self._memory, start, ticket)

    def client(self, place: int) -> int:
        """Return whose visit a process is at."""
        at = place * self._WIDTH + self._AT_CLIENT
        client: int = self._TICKET.unpack_from(self._memory, at)[0]
        return client

    def hold_line(self, place: int, holds: bool) -> None:
        """Note whether a process has a line, on which visits may come at any time."""
        self._memory[place * self._WIDTH + self._AT_LINE] = holds

    def has_line(self, place: int) -> bool:
        """Return whether a process has a line."""
        return bool(self._memory[place * self._WIDTH + self._AT_LINE])

    def all_since(self) -> list[float]:
        """Return when each visit began that is under way."""
        begun = (self.busy_since(place) for place in range(self.PLACES))
        return [since for since in begun if since is not None]

    def busy_since(self, place: int) -> float | None:
        """Return when the visit of a process began, None where it has none."""
        at = place * self._WIDTH + self._AT_SINCE
        since: float = self._SINCE.unpack_from(self._memory, at)[0]
        return since or None

    def fail(self, place: int, outcome: Outcome) -> None:
        """Note why a process ended in the middle of a visit; what was noted first stays."""
        at = place * self._WIDTH + self._AT_OUTCOME
        if not self._memory[at]:
            self._OUTCOME.pack_into(self._memory, at, int(outcome))

    def rest(self, place: int) -> None:
        """Note that a process has ended; why, and with which visit, stays known."""
        for at in (self._AT_SINCE, self._AT_BEGUN):
            self._SINCE.pack_into(self._memory, place * self._WIDTH + at, 0.0)

    def crowd(self, place: int, is_crowded: bool) -> None:
        """Note whether a visit lacks memory because others have it."""
        self._memory[place * self._WIDTH + self._AT_CROWDED] = is_crowded

    def is_crowded(self, place: int) -> bool:
        """Return whether a visit lacks memory because others have it."""
        return bool(self._memory[place * self._WIDTH + self._AT_CROWDED])

    def place_of(self, ticket: int) -> int | None:
        """Return where the process stands that took a visit, None as long as none has."""
        wanted, at = self._TICKET.pack(ticket), -1
        while (at := self._memory.find(wanted, at + 1)) >= 0:
            if at % self._WIDTH == 0:
                return at // self._WIDTH
        return None

    def failure(self, ticket: int) -> Outcome | None:
        """Return why the process ended that took a visit, None as long as that is not known."""
        place = self.place_of(ticket)
        if place is None:
            return None
        at = place * self._WIDTH + self._AT_OUTCOME
        noted: int = self._OUTCOME.unpack_from(self._memory, at)[0]
        return Outcome(noted) if noted else None


def _number(form: Format | None) -> int:
    """Return what a format is sent as."""
    return 0 if form is None else _NUMBERS[form.name]


def _format(number: int) -> Format | None:
    return _WRITTEN[number - 1] if number else None
