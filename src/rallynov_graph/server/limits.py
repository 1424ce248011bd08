"""All limits of the service: the quantities, and what happens beyond them.

``docs/sparql-service.md`` lists them in a table, which a test compares with this module.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import ServingError

MEBIBYTE: Final = 1 << 20


@dataclass(frozen=True)
class Limit:
    """A number that the operator may set, by an option of ``serve`` or in the environment."""

    name: str
    default: float
    unit: str
    """s, MiB, KiB; empty for a number of things."""
    of: str
    """What it limits."""
    beyond: str
    """What happens beyond it."""
    option: str = ""
    """The option of ``serve`` that sets it; without one, ``variable`` does."""

    @property
    def variable(self) -> str:
        return f"RALLYNOV_{self.name.upper()}"

    @property
    def set_by(self) -> str:
        """The option or the environment variable that sets it."""
        return self.option or self.variable

    @cached_property
    def value(self) -> float:
        """Return the current value; raise ServingError for an invalid variable."""
        text = "" if self.option else os.environ.get(self.variable, "")
        if not text:
            return self.default
        try:
            number = float(text)
        except ValueError:
            number = 0.0
        is_whole = self.unit or number.is_integer()
        if not (is_whole and 0 < number < float("inf")):
            unit = f" ({self.unit})" if self.unit else ""
            raise ServingError(
                f"{self.variable} is a number above 0{unit}, not {text!r}.",
                french=f"{self.variable} est un nombre supérieur à 0{unit}, et non {text!r}.",
            )
        return number


QUERY_SECONDS: Final = Limit(
    "query_seconds", 20, "s", "time of a query, and of one that a page asks", "504",
    "--query-timeout",
)  # fmt: skip
QUERY_WAIT: Final = Limit("query_wait", 10, "s", "time that a query waits for a place", "503")
QUERY_LENGTH: Final = Limit("query_length", 1, "MiB", "length of a query", "413")
QUERY_MEMORY: Final = Limit(
    "query_memory", 1024, "MiB", "memory of a query, and never more than half of that of all", "422"
)
ANSWER: Final = Limit("answer", 128, "MiB", "length of an answer", "422")
SHORT_AT_ONCE: Final = Limit(
    "short_at_once", 8, "", "queries at once of a web process that run for 0.2 s at most",
    "the query waits for its turn",
)  # fmt: skip
SHORT_OF_ONE: Final = Limit(
    "short_of_one", 4, "", "of them, queries of one client", "the query waits for its turn"
)
LONG_AT_ONCE: Final = Limit(
    "long_at_once", 8, "", "longer queries at once of a web process",
    "503 to the youngest query of the client that has most",
)  # fmt: skip
LONG_OF_ONE: Final = Limit(
    "long_of_one", 4, "", "of them, queries of one client", "429 to the youngest"
)
WAITING: Final = Limit("waiting", 512, "", "queries, and pages, that wait in a web process", "503")
WAITING_OF_ONE: Final = Limit("waiting_of_one", 128, "", "of them, those of one client", "429")
PAGES: Final = Limit(
    "pages", 128, "", "pages at once of a web process, most of which wait for answers",
    "the page waits for its turn",
)  # fmt: skip
PAGES_OF_ONE: Final = Limit(
    "pages_of_one", 16, "", "of them, pages of one client", "the page waits for its turn"
)
PAGES_MADE: Final = Limit(
    "pages_made", 2, "", "of them, pages that are being made",
    "the page waits for its turn",
)  # fmt: skip
PAGE_SECONDS: Final = Limit("page_seconds", 60, "s", "time in which a page is made", "504")
BODY: Final = Limit("body", 4, "MiB", "length of the body of a request, on every path", "413")
BODY_SECONDS: Final = Limit("body_seconds", 10, "s", "time in which a body arrives", "408")
HEAD: Final = Limit(
    "head", 64, "KiB", "length of a request before its body, unless a proxy is in front", "400"
)
ADDRESS: Final = Limit("address", 32, "KiB", "length of an address", "414")
CONNECTIONS: Final = Limit("connections", 8192, "", "connections of a web process", "503")
IDLE_SECONDS: Final = Limit(
    "idle_seconds", 15, "s",
    "time between two requests on a connection, and in which the head of one arrives",
    "the connection closes",
)  # fmt: skip
UNSENT: Final = Limit(
    "unsent", 96, "MiB", "answers of a web process that wait for clients to take them",
    "the connection closes whose client has taken nothing for longest; 503 where all take",
)  # fmt: skip
UNSENT_OF_ONE: Final = Limit(
    "unsent_of_one", 48, "MiB", "of them, those of one client, if they are several", "429"
)
STALL_SECONDS: Final = Limit(
    "stall_seconds", 30, "s", "time in which a client takes nothing of an answer",
    "the connection closes",
)  # fmt: skip

ALL: Final = tuple(it for it in [*globals().values()] if isinstance(it, Limit))


def check() -> None:
    """Raise ServingError if the environment sets a limit to an invalid value."""
    for limit in ALL:
        assert limit.value


@dataclass(frozen=True)
class Limits:
    """The limits of a visitor's query, in seconds and bytes."""

    seconds: float = QUERY_SECONDS.default
    """How long it may run."""
    memory: int = int(QUERY_MEMORY.default) * MEBIBYTE
    """The memory that it may use beside the store, within the budget of all."""
    answer: int = int(ANSWER.default) * MEBIBYTE
    """How long its answer may be."""
    query: int = int(QUERY_LENGTH.default) * MEBIBYTE
    """How long it may itself be."""
    wait: float = QUERY_WAIT.default
    """How long it may wait for a free query process."""

    @classmethod
    def of(cls, seconds: float) -> "Limits":
        """Return the limits set by the operator; raise ServingError."""
        return cls(
            seconds,
            int(QUERY_MEMORY.value * MEBIBYTE),
            int(ANSWER.value * MEBIBYTE),
            int(QUERY_LENGTH.value * MEBIBYTE),
            QUERY_WAIT.value,
        )

    def within(self, memory_of_all: int) -> "Limits":
        """Return the same limits; one query has at most half of the memory of all."""
        return replace(self, memory=min(self.memory, memory_of_all // 2))


def memory_of_machine(root: Path = Path("/")) -> int:
    """Return the memory of the machine in bytes, or what this process's control groups allow.

    A group has no more than any group that contains it: a unit, its slice, a container.
    """
    installed = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([installed, *_limits_of_groups(root)])


def _limits_of_groups(root: Path) -> Iterator[int]:
    """Yield the limits of the control groups of this process, in both versions."""
    try:
        groups = (root / "proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return
    tree = root / "sys/fs/cgroup"
    for group in groups:
        _, controllers, path = group.split(":", 2)
        if not controllers:
            yield from _upwards(tree, path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _upwards(tree / "memory", path, "memory.limit_in_bytes")


def _upwards(top: Path, path: str, name: str) -> Iterator[int]:
    """Yield the limits from a group up to the top one.

    In a container, outer groups are invisible, and the container's own is the top one.
    """
    names = [part for part in path.split("/") if part not in ("", "..")]
    for depth in range(len(names), -1, -1):
        try:
            limit = top.joinpath(*names[:depth], name).read_text("ascii").strip()
        except OSError:
            continue
        if limit.isdigit():
            yield int(limit)
