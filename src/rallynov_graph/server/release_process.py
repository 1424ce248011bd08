"""The process that has loaded a release: it forks the serving processes and replaces them.

It never starts a thread, so that forking is safe.
"""

import gc
import os
import secrets
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import pyoxigraph

from rallynov_graph import __version__
from rallynov_graph.base.errors import ServingError
from rallynov_graph.release.release_set import SHORT
from rallynov_graph.server import limits, web
from rallynov_graph.server.description import Service
from rallynov_graph.server.endpoint import Endpoint, QueryRunner
from rallynov_graph.server.limits import MEBIBYTE, Limits
from rallynov_graph.server.metrics import Metrics, Served, Sum
from rallynov_graph.server.opening import Opened
from rallynov_graph.server.pages import Pages
from rallynov_graph.server.processes import Signals, ended, fork, tell
from rallynov_graph.server.query_pool import process
from rallynov_graph.server.query_pool.pool import QueryPool
from rallynov_graph.server.query_pool.process import QueryProcesses, keep_to_budget
from rallynov_graph.server.site import Access, Root, Site

_LEAST_MEMORY: Final = 64 * MEBIBYTE
_GRACE: Final = 5.0
_SOON: Final = 1.0
"""A process that ends within these seconds has failed to start."""
_FAILED_STARTS: Final = 5


@dataclass(frozen=True)
class Settings:
    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    access: Access = field(default_factory=Access)
    public: bool = False
    """Whether everybody may read the figures."""
    memory: int = field(default_factory=lambda: limits.memory_of_machine() // 2)
    """The memory of all query processes together, in bytes."""

    @property
    def rows(self) -> int:
        """The number of rows of figures of one release process: its web processes and itself."""
        return self.workers + 1

    @property
    def least_memory(self) -> int:
        """The minimum memory for query processes, in bytes."""
        return self.workers * _LEAST_MEMORY


@dataclass(frozen=True)
class _ServedRelease:
    """One of the opened releases, with the state reported by its web processes."""

    opened: Opened
    queries: QueryProcesses | None
    stamp: bytes
    service: Service
    served: Served


class ReleaseProcess:
    """Serves a release, or other opened content, and the releases opened beside it."""

    def __init__(
        self,
        opened: Opened,
        listener: socket.socket,
        settings: Settings,
        metrics: Metrics | None = None,
        first_row: int = 0,
    ) -> None:
        self._listener, self._settings = listener, settings
        self._metrics = metrics or Metrics(first_row + settings.rows)
        self._first_row = first_row
        self._life, self._alive = os.pipe()
        self._signals = Signals()
        self._web: dict[int, tuple[int, float]] = {}
        """Each web process: its number, of which no other has the same, and when it began."""
        self._stops = self._failed = 0
        self._row = self._metrics.row(first_row + settings.workers)
        self._opened = opened
        self._releases = [self._served(one) for one in opened.all]

    def run(self, ready: Callable[[], None], life: int | None = None) -> None:
        """Serve until SIGTERM, then let running requests finish; a second one ends them at once.

        Closing the pipe ``life`` ends them at once too. ``ready`` is called when every process has
        started. Raises ServingError if they cannot be kept running.
        """
        gc.collect()
        gc.freeze()
        try:
            pause = self._fill()
            ready()
            while not self._stops:
                self._wait(pause, life)
                pause = self._fill()
        finally:
            self._end(life)

    def _served(self, opened: Opened) -> _ServedRelease:
        store, release = opened.store, opened.release
        public = self._settings.public
        if store is None:
            return _ServedRelease(opened, None, b"", Service((), None), Served(public=public))
        limits_of_one = self._settings.limits.within(self._settings.memory)
        queries = QueryProcesses(store, limits_of_one, lambda: self._row.add(Sum.REPLACED))
        named = release.manifest.id if release else secrets.token_hex(16)
        stamp = f"{named} {__version__} {pyoxigraph.__version__}".encode()
        version = release.manifest.version if release else ""
        served = Served(release.id if release else "", version, process.size_of_this(), public)
        return _ServedRelease(opened, queries, stamp, Service.of(store, release), served)

    @property
    def _pools(self) -> list[QueryProcesses]:
        return [one.queries for one in self._releases if one.queries is not None]

    def _fill(self) -> float | None:
        """Start every missing process; return the seconds until the next check."""
        if self._failed >= _FAILED_STARTS:
            raise ServingError("The server's processes end as soon as they start; see above.")
        while not self._stops and len(self._web) < self._settings.workers:
            taken = {number for number, _ in self._web.values()}
            number = min({*range(self._settings.workers)} - taken)
            self._web[fork(partial(self._be_web, number))] = number, time.monotonic()
        return self._look_after_queries()

    def _look_after_queries(self) -> float | None:
        """Keep query processes ready and within memory; return the seconds until the next check."""
        keep_to_budget(self._pools, self._settings.memory)
        pauses = [pool.fill(self._life) for pool in self._pools]
        return min((pause for pause in pauses if pause is not None), default=None)

    def _be_web(self, number: int) -> None:
        os.close(self._alive)
        row = self._metrics.row(self._first_row + number)

        def site(one: _ServedRelease) -> Site:
            if one.queries is None:
                assert one.opened.relay is not None
                runner: QueryRunner = one.opened.relay()
            else:
                one.queries.close_others()
                runner = QueryPool(one.queries.queue, self._settings.limits, row)
            endpoint = Endpoint(runner, one.stamp, one.service.written, row)
            pages = one.opened.pages
            return Site(endpoint, None if pages is None else Pages(pages, endpoint))

        latest, *earlier = self._releases
        root = Root(
            site(latest),
            {one.served.release[:SHORT]: site(one) for one in earlier},
            self._settings.access,
            self._metrics,
            row,
            latest.served,
        )
        web.run(root, self._listener, self._life, self._settings.limits.seconds)

    def _wait(self, seconds: float | None, life: int | None) -> None:
        """Wait for a signal, and note the processes that have ended."""
        notes = [pool.notes for pool in self._pools]
        came, ready = self._signals.wait(seconds, *notes, *([] if life is None else [life]))
        self._stops += came.count(signal.SIGTERM)
        if life in ready:
            self._opened.leave()
            os._exit(1)  # all others see the end of our own pipe, and end
        gone = ended()
        for pool in self._pools:
            pool.reap(gone)
        for pid in self._web.keys() & gone.keys():
            self._row.add(Sum.REPLACED)
            _, begun = self._web.pop(pid)
            self._failed = self._failed + 1 if time.monotonic() - begun < _SOON else 0

    def _end(self, life: int | None) -> None:
        """Stop the web processes, then the query processes, and clean up."""
        self._listener.close()
        stops, until = self._stops, time.monotonic() + self._settings.limits.seconds + _GRACE
        for pid in self._web:
            tell(pid)
        while self._web and time.monotonic() < until and self._stops <= max(stops, 1):
            self._wait(min(0.2, self._look_after_queries() or 0.2), life)
        for pid in {*self._web}.union(*(pool.pids for pool in self._pools)):
            tell(pid, signal.SIGKILL)
        while self._web or any(pool.pids for pool in self._pools):
            self._wait(0.2, life)
        self._opened.leave()
