"""The query processes of one store, as the release process forks them and sees them end."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from rallynov_graph.http.query_jobs import Limits
from rallynov_graph.server import memory
from rallynov_graph.server.forking import fork, plain
from rallynov_graph.server.query_pool import process
from rallynov_graph.sparql.embedded import EmbeddedStore

IDLE: Final = 2
"""So many processes wait for a line."""
LOOK: Final = 0.05
"""Every so many seconds, in which queries may run, it is seen how much memory they have."""
_SOON: Final = 1.0
"""A process that ends within so many seconds, without a line, has failed to start."""
_FAILED_STARTS: Final = 8
"""After so many of them in a row, the next one is started later."""
_PAUSE: Final = 1.0


class QueryProcesses:
    """The processes that wait for queries to one store, and those that answer some."""

    def __init__(self, store: EmbeddedStore, limits: Limits, ended: Callable[[], None]) -> None:
        """``ended`` is called whenever one ends that is replaced."""
        self._store, self._limits, self._ended = store, limits, ended
        kind = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        self.queue, self._waiting = socket.socketpair(socket.AF_UNIX, kind)
        """Where web processes send lines, and where query processes wait for them."""
        self.queue.setblocking(False)
        self.notes, self._notes = os.pipe()
        """Where a process says that it has taken a line, for the release process to hear."""
        os.set_blocking(self.notes, False)
        self._idle: dict[int, float] = {}
        self._asked: set[int] = set()
        """Those that have a line."""
        self._failed, self._next_start = 0, 0.0

    @property
    def pids(self) -> set[int]:
        """All of them."""
        return {*self._idle, *self._asked}

    def close_others(self) -> None:
        """Close what a web process does not use, in it."""
        self._waiting.close()
        os.close(self.notes)
        os.close(self._notes)

    def fill(self, life: int) -> float | None:
        """Start what is missing; return after how many seconds there is more to do, if any."""
        self._hear()
        now = time.monotonic()
        while len(self._idle) < IDLE and now >= self._next_start:
            try:
                pid = fork()
            except OSError:  # the machine has no room for it by now
                self._next_start = now + _PAUSE
                break
            if not pid:
                self._be_process(life)
            self._idle[pid] = now
        if len(self._idle) < IDLE:
            return max(0.0, self._next_start - now)
        return LOOK if self._asked else None

    def reap(self) -> None:
        """Note the processes that have ended."""
        self._hear()
        for pid in self.pids:
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            if status not in (0, signal.SIGIO):  # as its line ended
                self._ended()
            begun = self._idle.pop(pid, None)
            if begun is None:
                self._asked.discard(pid)
            elif time.monotonic() - begun < _SOON:
                self._failed += 1
                if self._failed >= _FAILED_STARTS:
                    self._next_start = time.monotonic() + _PAUSE

    def sizes(self) -> Iterable[tuple[int, int]]:
        """Return how much memory each that has a line has to itself at most, and its process."""
        return ((memory.own(pid), pid) for pid in self._asked)

    def _hear(self) -> None:
        """Note the processes that have taken a line."""
        with suppress(BlockingIOError):
            heard = os.read(self.notes, 1 << 12)
            for at in range(0, len(heard), 4):
                pid = int.from_bytes(heard[at : at + 4], "big")
                if self._idle.pop(pid, None) is not None:
                    self._asked.add(pid)
                    self._failed = 0

    def _be_process(self, life: int) -> None:
        status = 1
        try:
            plain(signal.SIGINT, signal.SIGHUP)
            process.run(self._store, self._waiting, self._notes, life, self._limits)
            status = 0
        finally:
            os._exit(status)


def keep_to_budget(pools: Iterable[QueryProcesses], budget: int) -> None:
    """End the largest query while all together have more memory than they may have."""
    sizes = sorted(size for pool in pools for size in pool.sizes())
    while sizes and sum(size for size, _ in sizes) > budget:
        with suppress(ProcessLookupError):
            os.kill(sizes.pop()[1], signal.SIGKILL)
