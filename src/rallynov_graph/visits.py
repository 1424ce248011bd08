"""What passes between the web server and a query process: a visit, its reply, and the limits."""

import json
import mmap
import struct
import time
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Final

from rallynov_graph import formats
from rallynov_graph.embedded import Asked
from rallynov_graph.formats import Format

MEBIBYTE: Final = 1 << 20
_WRITTEN: Final[tuple[Format, ...]] = (*formats.RESULTS, *formats.GRAPHS)

LENGTH: Final = struct.Struct("!Q")
"""In front of a visit: its length in bytes."""
SLOT: Final = struct.Struct("!I")
"""The first thing a query process says: where on the board it stands."""
HEAD: Final = struct.Struct("!BBIIQ")
"""In front of a reply: outcome, format, line, column, length in bytes."""


@dataclass(frozen=True)
class Limits:
    """What one visitor's query may use."""

    seconds: float = 20.0
    """How long it may run."""
    memory: int = 1024 * MEBIBYTE
    """How much address space it may take beyond the store's, in bytes."""
    answer: int = 256 * MEBIBYTE
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


@dataclass(frozen=True)
class Visit:
    """A query, and the formats that its asker takes: of a table, of a graph (None: neither)."""

    asked: Asked
    results: Format | None
    graph: Format | None

    def frame(self) -> bytes:
        """Return the visit as it is sent."""
        names = {"results": self.results, "graph": self.graph}
        content = json.dumps(
            {**asdict(self.asked), **{n: form and form.media_type for n, form in names.items()}}
        ).encode()
        return LENGTH.pack(len(content)) + content

    @classmethod
    def read(cls, content: bytes) -> "Visit":
        """Return the visit that was sent."""
        sent = json.loads(content)
        graphs = {
            name: None if sent[name] is None else tuple(sent[name])
            for name in ("default_graphs", "named_graphs")
        }
        return cls(
            Asked(sent["query"], sent["base"], **graphs),
            _form(sent["results"], formats.RESULTS),
            _form(sent["graph"], formats.GRAPHS),
        )


@dataclass(frozen=True)
class Reply:
    """What a visit comes to: an answer in a format, or an outcome with words and a place."""

    outcome: Outcome
    content: bytes = b""
    form: Format | None = None
    line: int | None = None
    column: int | None = None

    def frame(self) -> tuple[bytes, bytes]:
        """Return the reply as it is sent, its head and its content."""
        form = 0 if self.form is None else _WRITTEN.index(self.form) + 1
        head = HEAD.pack(self.outcome, form, self.line or 0, self.column or 0, len(self.content))
        return head, self.content

    @classmethod
    def read(cls, head: bytes, content: bytes) -> "Reply":
        """Return the reply that was sent."""
        outcome, form, line, column, _ = HEAD.unpack(head)
        written = _WRITTEN[form - 1] if form else None
        return cls(Outcome(outcome), content, written, line or None, column or None)


class Board:
    """Memory that all processes share: for each query process since when it is busy, how it ended.

    It must be made before the processes fork. A place is used again by the one that comes
    ``PLACES`` after, long after the first has gone.
    """

    PLACES: Final = 1024
    _PLACE: Final = struct.Struct("dB")
    _WIDTH: Final = 16

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, self.PLACES * self._WIDTH)

    def clear(self, place: int) -> None:
        """Note a new process."""
        self._PLACE.pack_into(self._memory, place * self._WIDTH, 0.0, 0)

    def begin(self, place: int) -> float:
        """Note that a visit begins; return the time."""
        now = time.monotonic()
        self._PLACE.pack_into(self._memory, place * self._WIDTH, now, 0)
        return now

    def end(self, place: int) -> None:
        """Note that the visit is over."""
        self.clear(place)

    def busy_since(self, place: int) -> float | None:
        """Return when the visit of a process began, None where it has none."""
        since: float = self._PLACE.unpack_from(self._memory, place * self._WIDTH)[0]
        return since or None

    def fail(self, place: int, outcome: Outcome) -> None:
        """Note why a process ended in the middle of a visit."""
        self._PLACE.pack_into(self._memory, place * self._WIDTH, 0.0, int(outcome))

    def failure(self, place: int) -> Outcome | None:
        """Return why the process ended, None as long as that is not known."""
        noted: int = self._PLACE.unpack_from(self._memory, place * self._WIDTH)[1]
        return Outcome(noted) if noted else None


def _form(media_type: str | None, among: tuple[Format, ...]) -> Format | None:
    return None if media_type is None else formats.by_media_type(media_type, among)
