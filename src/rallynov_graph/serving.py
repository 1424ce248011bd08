"""A generation: one release in memory, served by web processes and a zygote that share it.

The process that loads the store forks the others and then only watches them: it never starts a
thread, so that forking again, when one of them ends, is safe.
"""

import errno
import gc
import os
import select
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

from rallynov_graph import web
from rallynov_graph.asking import Sandbox
from rallynov_graph.embedded import EmbeddedStore
from rallynov_graph.errors import ServingError
from rallynov_graph.sandbox import Zygote, wake_on
from rallynov_graph.visits import Board, Limits

if TYPE_CHECKING:
    from rallynov_graph.release import Release

BACKLOG: Final = 1024
"""How many connections may wait to be accepted."""
QUEUE: Final = 128
"""How many visits may wait for a query process."""
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
        raise ServingError(f"{host}:{port} is not an address to listen on: {error}.") from error
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


def pages(store: EmbeddedStore, release: "Release | None") -> web.WSGI:
    """Return the pages of a store; without a release, those of somebody else's graph."""
    from rallynov_graph.app import create_app

    return create_app(store.pages(), release)


class Generation:
    """A store and everything that serves it."""

    def __init__(
        self,
        store: EmbeddedStore,
        listener: socket.socket,
        *,
        pages: web.WSGI | None = None,
        workers: int = 2,
        limits: Limits | None = None,
    ) -> None:
        self._store, self._listener, self._pages = store, listener, pages
        self._workers, self._limits = workers, limits or Limits()
        self._board = Board()
        self._folder = Path(tempfile.mkdtemp(prefix="rallynov-"))
        self._queue = socket.socket(socket.AF_UNIX)
        self._life, self._alive = os.pipe()
        self._web: dict[int, float] = {}
        self._zygote: dict[int, float] = {}
        self._stops = 0
        self._failed = 0

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C, then let what runs finish; a second one ends it at once.

        ``ready`` is called when every process is there. Raises ServingError when they cannot be
        kept alive.
        """
        self._queue.bind(str(self._folder / "visits"))
        self._queue.listen(QUEUE)
        woken = wake_on(signal.SIGCHLD)
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, self._stop)
        gc.collect()
        gc.freeze()
        try:
            self._fill()
            ready()
            while not self._stops:
                self._wait(woken, None)
                self._fill()
        finally:
            self._end(woken)

    def _stop(self, *_: object) -> None:
        self._stops += 1

    def _fill(self) -> None:
        """Start every process that is missing."""
        if self._failed >= _FAILED_STARTS:
            raise ServingError("The server's processes end as soon as they start; see above.")
        while not self._stops and not self._zygote:
            self._start(self._zygote, self._be_zygote)
        while not self._stops and len(self._web) < self._workers:
            self._start(self._web, self._be_web)

    def _be_zygote(self) -> None:
        Zygote(self._store, self._queue, self._board, self._limits).run(self._life)

    def _be_web(self) -> None:
        sandbox = Sandbox(str(self._folder / "visits"), self._board, self._limits)
        web.run(self._listener, sandbox, self._pages, self._life)

    def _start(self, family: dict[int, float], work: Callable[[], None]) -> None:
        pid = os.fork()
        if pid:
            family[pid] = time.monotonic()
            return
        _be_a_child(work, self._alive)

    def _wait(self, woken: int, seconds: float | None) -> None:
        """Wait for a signal, and take note of the processes that have ended."""
        ready, _, _ = select.select([woken], [], [], seconds)
        if ready:
            os.read(woken, 4096)
        for family in (self._web, self._zygote):
            for pid in list(family):
                ended, _ = os.waitpid(pid, os.WNOHANG)
                if ended:
                    soon = time.monotonic() - family.pop(pid) < _SOON
                    self._failed = self._failed + 1 if soon else 0

    def _end(self, woken: int) -> None:
        """Stop the web processes, then the zygote, and leave nothing behind."""
        asked = self._stops
        for family in (self._web, self._zygote):
            _kill(family, signal.SIGTERM)
            until = time.monotonic() + self._limits.seconds + _GRACE
            while family and time.monotonic() < until and self._stops <= max(asked, 1):
                self._wait(woken, 0.2)
            _kill(family, signal.SIGKILL)
            while family:
                self._wait(woken, 0.2)
        self._listener.close()
        self._queue.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _be_a_child(work: Callable[[], None], alive: int) -> NoReturn:
    """Do the work of a forked process and end it; what goes wrong is shown."""
    status = 1
    try:
        signal.set_wakeup_fd(-1)
        for kind in (signal.SIGTERM, signal.SIGCHLD):
            signal.signal(kind, signal.SIG_DFL)
        os.close(alive)
        work()
        status = 0
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        os._exit(status)


def _kill(family: dict[int, float], kind: signal.Signals) -> None:
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, kind)


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop what uses it, or choose another by --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights: choose one above 1023 by --port."
    return f"{host}:{port} cannot be listened on: {error.strerror}."
