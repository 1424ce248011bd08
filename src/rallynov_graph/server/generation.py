"""A generation: one release in memory, served by web and query processes that share it.

The process that loads the store forks the others and then only watches them: it never starts a
thread, so that forking again, when one of them ends, is safe.
"""

import errno
import gc
import os
import secrets
import select
import signal
import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, NoReturn

import pyoxigraph

from rallynov_graph import __version__
from rallynov_graph.base.errors import ServingError
from rallynov_graph.http.query_jobs import MEBIBYTE, Limits
from rallynov_graph.release.release_set import SHORT
from rallynov_graph.server import memory, worker
from rallynov_graph.server.access_log import AccessLog, Log
from rallynov_graph.server.description import Service
from rallynov_graph.server.forking import fork, plain, wake_on
from rallynov_graph.server.metrics import Metrics, MetricsRow, Sum
from rallynov_graph.server.opening import Opened
from rallynov_graph.server.operations import Served
from rallynov_graph.server.query_pool.clients import QueryRunner
from rallynov_graph.server.query_pool.pool import QueryPool
from rallynov_graph.server.query_pool.processes import QueryProcesses, keep_to_budget
from rallynov_graph.server.routing import ServedSite

BACKLOG: Final = 1024
"""How many connections may wait to be accepted."""
_LEAST_MEMORY: Final = 64 * MEBIBYTE
_GRACE: Final = 5.0
_SOON: Final = 1.0
"""A process that ends within so many seconds of its start has failed to start."""
_FAILED_STARTS: Final = 5


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raise ServingError, which says what to do."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except (socket.gaierror, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ServingError(
            f"{host}:{port} is not an address to listen on: {reason}; name one by --host."
        ) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise ServingError(_why_not(host, port, error)) from error
    listener.setblocking(False)
    return listener


def address(listener: socket.socket) -> str:
    """Return the address, as a browser takes it, at which a socket listens."""
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


@dataclass(frozen=True)
class Settings:
    """How it is served."""

    workers: int = 2
    limits: Limits = field(default_factory=Limits)
    log: Log = Log.NONE
    proxies: tuple[str, ...] = ()
    """Addresses that are believed when they say for whom they ask."""
    public: bool = False
    """Whether everybody may read the figures."""
    memory: int = field(default_factory=memory.by_default)
    """How much all query processes may have together, in bytes."""

    @property
    def rows(self) -> int:
        """How many rows of figures one generation writes: web processes, itself."""
        return self.workers + 1

    @property
    def least_memory(self) -> int:
        """The least that query processes can do with, in bytes."""
        return self.workers * _LEAST_MEMORY

    @property
    def query_limits(self) -> Limits:
        """What one query may use: half of what all may have, at most."""
        return replace(self.limits, memory=min(self.limits.memory, self.memory // 2))


class Generation:
    """A release, or whatever was opened, and everything that serves it."""

    def __init__(
        self,
        opened: Opened,
        listener: socket.socket,
        settings: Settings | None = None,
        metrics: Metrics | None = None,
        first_row: int = 0,
    ) -> None:
        self._opened, self._listener = opened, listener
        self._settings = settings or Settings()
        self._metrics = metrics or Metrics(first_row + self._settings.rows)
        self._first_row = first_row
        row = self._row(self._settings.workers)
        self._queries = [
            None
            if one.store is None
            else QueryProcesses(
                one.store, self._settings.query_limits, lambda: row.add(Sum.REPLACED)
            )
            for one in opened.all
        ]
        self._life, self._alive = os.pipe()
        self._facts = [self._description(one) for one in opened.all]
        self._web: dict[int, float] = {}
        self._numbers: dict[int, int] = {}
        self._stops = 0
        self._failed = 0

    def _description(self, opened: Opened) -> tuple[bytes, Service, Served]:
        """Return how the web processes describe what they serve."""
        store, release = opened.store, opened.release
        public = self._settings.public
        if store is None:
            return b"", Service((), None), Served(public=public)
        named = release.manifest.id if release else secrets.token_hex(16)
        stamp = f"{named} {__version__} {pyoxigraph.__version__}".encode()
        version = release.manifest.version if release else ""
        served = Served(release.id if release else "", version, memory.of_process(), public)
        return stamp, Service.of(store, release), served

    def run(self, ready: Callable[[], None], life: int | None = None) -> None:
        """Serve until SIGTERM, then let what runs finish; a second one ends it at once.

        So does the end of the pipe ``life``. ``ready`` is called when every process is there.
        Raises ServingError when they cannot be kept alive.
        """
        woken = wake_on(signal.SIGCHLD)
        signal.signal(signal.SIGTERM, self._stop)
        gc.collect()
        gc.freeze()
        try:
            pause = self._fill()
            ready()
            while not self._stops:
                self._wait(woken, pause, life)
                pause = self._fill()
        finally:
            self._end(woken)

    def _stop(self, *_: object) -> None:
        self._stops += 1

    def _fill(self) -> float | None:
        """Start every process that is missing; return after how many seconds to look again."""
        if self._failed >= _FAILED_STARTS:
            raise ServingError("The server's processes end as soon as they start; see above.")
        while not self._stops and len(self._web) < self._settings.workers:
            number = min({*range(self._settings.workers)} - {*self._numbers.values()})
            pid = self._start(self._web, partial(self._be_web, number))
            self._numbers[pid] = number
        return self._look_after_queries()

    def _look_after_queries(self) -> float | None:
        """Keep query processes ready, and all to their memory; return when to look again."""
        pools = [pool for pool in self._queries if pool is not None]
        keep_to_budget(pools, self._settings.memory)
        pauses = [pool.fill(self._life) for pool in pools]
        return min((pause for pause in pauses if pause is not None), default=None)

    def _row(self, number: int) -> MetricsRow:
        return self._metrics.row(self._first_row + number)

    def _be_web(self, number: int) -> None:
        latest, *earlier = (
            self._site(number, *it)
            for it in zip(self._opened.all, self._queries, self._facts, strict=True)
        )
        ids = (one.served.release[:SHORT] for one in earlier)
        site = replace(
            latest,
            metrics=self._metrics,
            number=self._first_row + number,
            access_log=AccessLog(self._settings.log),
            proxies=self._settings.proxies,
            earlier=dict(zip(ids, earlier, strict=True)),
        )
        worker.run(self._listener, site, self._life)

    def _site(
        self,
        number: int,
        opened: Opened,
        queries: QueryProcesses | None,
        facts: tuple[bytes, Service, Served],
    ) -> ServedSite:
        """Return what a web process answers with for one release."""
        stamp, service, served = facts
        if queries is None:
            assert opened.relay is not None
            runner: QueryRunner = opened.relay()
        else:
            queries.close_others()
            runner = QueryPool(queries.queue, self._settings.limits, self._row(number))
        return ServedSite(
            runner, opened.pages, stamp=stamp, describe=service.written, served=served
        )

    def _start(self, family: dict[int, float], work: Callable[[], None]) -> int:
        pid = fork()
        if not pid:
            _be_a_child(work, self._alive)
        family[pid] = time.monotonic()
        return pid

    def _wait(self, woken: int, seconds: float | None, life: int | None = None) -> None:
        """Wait for a signal, and take note of the processes that have ended."""
        pools = [pool for pool in self._queries if pool is not None]
        watched = [woken, *(pool.notes for pool in pools), *([] if life is None else [life])]
        ready, _, _ = select.select(watched, [], [], seconds)
        if woken in ready:
            os.read(woken, 4096)
        if life in ready:
            self._leave()
            os._exit(1)  # all others see the end of our own pipe, and end
        for pool in pools:
            pool.reap()
        for pid in list(self._web):
            ended, _ = os.waitpid(pid, os.WNOHANG)
            if ended:
                del self._numbers[pid]
                self._row(self._settings.workers).add(Sum.REPLACED)
                soon = time.monotonic() - self._web.pop(pid) < _SOON
                self._failed = self._failed + 1 if soon else 0

    def _end(self, woken: int) -> None:
        """Stop the web processes, then the query processes, and leave nothing behind.

        The socket is closed first: web processes take what waits on it, then close it, too.
        """
        self._listener.close()
        stops = self._stops
        _kill(self._web, signal.SIGTERM)
        until = time.monotonic() + self._settings.limits.seconds + _GRACE
        while self._web and time.monotonic() < until and self._stops <= max(stops, 1):
            self._wait(woken, min(0.2, self._look_after_queries() or 0.2))
        _kill(self._web, signal.SIGKILL)
        queries = {pid for pool in self._queries if pool is not None for pid in pool.pids}
        _kill(queries, signal.SIGKILL)
        while self._web or any(pool.pids for pool in self._queries if pool is not None):
            self._wait(woken, 0.2)
        self._leave()

    def _leave(self) -> None:
        for one in self._opened.all:
            one.leave()


def _be_a_child(work: Callable[[], None], alive: int) -> NoReturn:
    """Do the work of a forked process and end it; what goes wrong is shown."""
    status = 1
    try:
        plain(signal.SIGINT, signal.SIGHUP)
        os.close(alive)
        work()
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _kill(family: Iterable[int], kind: signal.Signals) -> None:
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, kind)


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop what uses it, or choose another by --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights: choose one above 1023 by --port."
    return (
        f"{host}:{port} cannot be listened on: {error.strerror}; "
        "name an address of this machine by --host."
    )
