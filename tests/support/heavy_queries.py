"""Queries that take long or much, and what a server does about them."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from servers import Answer, Server, children, settled
from waiting import eventually

NUMBERS = " ".join(map(str, range(200)))


HEAVY = "SELECT (COUNT(*) AS ?n) {{ {} }}".format(
    " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(6))
)
"""A cartesian product that no machine counts in a lifetime."""


HUNGRY = "SELECT (GROUP_CONCAT(?x) AS ?all) {{ {} BIND('{}' AS ?x) }}".format(
    " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(3)), "abcdefghij" * 5_000
)
"""A text of 400 GB."""


SMALL = "ASK {}"


def post(server: Server, query: str) -> Answer:
    return server.ask("POST", "/sparql", query.encode(), Content_Type="application/sparql-query")


def busiest(server: Server) -> int:
    """Return the query process that has taken most of the processor."""
    return max(server.queries() or {server.process.pid}, key=seconds)


def seconds(pid: int) -> float:
    try:
        spent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> int:
    """Return how many bytes of memory a process has."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def asleep(server: Server) -> Iterator[set[int]]:
    """Have no query process run, and none come."""
    assert eventually(server.queries)
    queries = settled(server.queries)
    stopped = {pid for pid in server.children() if queries & children(pid)}
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    stopped |= settled(server.queries, 0.6)  # one may just have been started
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield stopped
    finally:
        for pid in stopped:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
