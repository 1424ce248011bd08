"""Keep a server running: when a release changes, the next one takes over without losing a request.

This process only holds the socket. A release process loads a release and serves it; a new one is
started beside it on the same socket. When that is ready, the old one stops accepting, answers its
pending requests, and ends.
"""

import errno
import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from rallynov_graph.base.errors import RallynovError, ServingError
from rallynov_graph.server.log import say
from rallynov_graph.server.metrics import Metrics
from rallynov_graph.server.opening import Opened
from rallynov_graph.server.processes import Signals, ended, fork, tell
from rallynov_graph.server.release_process import ReleaseProcess, Settings

_BACKLOG: Final = 1024
"""How many connections may wait to be accepted."""
_STALL_OF_SYSTEM: Final = 40_000
"""The milliseconds after which the system closes a connection whose client reads nothing."""
_IDLE_OF_SYSTEM: Final = 10
"""The seconds for which the system holds back a connection without data."""
_LOOK: Final = 1.0
"""So often, in seconds, it is looked whether there is a new release."""
_READY: Final = b"+"
_SOON: Final = 1.0
_FAILED_STARTS: Final = 5
_LONGEST_WORDS: Final = 1 << 16

Watched = Callable[[], object]
"""Returns what there is to serve: another answer, twice in a row, means that it has changed."""
Opening = Callable[[], Opened]


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; raise ServingError, which says what to do."""
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
        if sys.platform == "linux":  # each connection has them, too
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _STALL_OF_SYSTEM)
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, _IDLE_OF_SYSTEM)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ServingError(_why_not(host, port, error)) from error
    listener.setblocking(False)
    return listener


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


class _Watch:
    """What there is to serve: as it was opened, and as it was at the last look."""

    def __init__(self, watched: Watched | None) -> None:
        self._watched = watched
        self._taken = self._seen = watched() if watched else None
        self._at = time.monotonic()

    def has_changed(self) -> bool:
        """Whether there is something new, unchanged since the last look.

        If it differs from the last look, it is still being written.
        """
        if self._watched is None or time.monotonic() - self._at < _LOOK / 2:
            return False
        self._at = time.monotonic()
        before, self._seen = self._seen, self._watched()
        return self._seen == before != self._taken

    def take(self) -> None:
        """Note that the present state is being opened."""
        self._taken = self._seen = self._watched() if self._watched else None


class Supervisor:
    """Serves what ``opening`` opens, and opens it again on SIGHUP or after a change."""

    def __init__(
        self,
        listener: socket.socket,
        opening: Opening,
        settings: Settings,
        watched: Watched | None = None,
    ) -> None:
        self._listener, self._opening, self._settings = listener, opening, settings
        self._watched = watched
        self._metrics = Metrics(2 * settings.rows)
        self._life, self._alive = os.pipe()
        self._side = 0
        self._begun = 0.0
        self._current: int | None = None
        self._all: set[int] = set()
        """The release processes: the current one, and older ones that still answer."""
        self._stops = self._hangups = self._failed = 0

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C, then let running requests finish; a second one ends them.

        ``ready`` is called when the first release is served. Raises ServingError if none can be.
        """
        self._signals = Signals()
        watch = _Watch(self._watched)
        failure = self._begin()
        if failure is not None and not self._stops:
            raise ServingError(failure)
        if not self._stops:
            ready()
        while not self._stops:
            self._wait(_LOOK if self._watched else None)
            if watch.has_changed() or self._hangups:
                self._hangups = 0
                watch.take()
                self._renew()
            elif self._current is None:
                self._restart()
        # Nobody takes over: a client that connects from now on is refused at once.
        self._listener.close()
        while self._all:
            self._wait(None)

    def _renew(self) -> None:
        """Let a new release process take over; if it fails, the old one continues."""
        while len(self._all) > 1 and not self._stops:  # their rows of figures are needed
            self._wait(_LOOK)
        before, self._current = self._current, None
        failure = self._begin()
        if failure is None:
            if before is not None:
                tell(before)
        else:
            if not self._stops:
                say(f"The new data are not served, the old ones still are: {failure}")
            self._current = before if before in self._all else None

    def _restart(self) -> None:
        """Start a release process in place of one that has ended unexpectedly."""
        failure = self._begin()
        if failure is not None and not self._stops:
            self._failed += 1
            say(failure)
        if self._failed >= _FAILED_STARTS:
            raise ServingError("The server stops as soon as it starts; see above.")

    def _begin(self) -> str | None:
        """Start a release process; return None when it serves, else why it does not."""
        side = 1 - self._side

        def serving(ready: Callable[[], None]) -> None:
            os.close(self._alive)
            opened, first_row = self._opening(), side * self._settings.rows
            listener, settings = self._listener, self._settings
            ReleaseProcess(opened, listener, settings, self._metrics, first_row).run(
                ready, self._life
            )

        pid, hears = _started(serving)
        self._all.add(pid)
        if self._stops:  # it may have arrived before the process existed
            tell(pid)
        words = b""
        while not words.startswith(_READY):
            if hears in self._wait(None, hears):
                heard = os.read(hears, _LONGEST_WORDS)
                words += heard
                if not heard:
                    break
        os.close(hears)
        if words.startswith(_READY):
            self._current, self._begun, self._side = pid, time.monotonic(), side
            return None
        return words.decode() or "The server ended before it was ready."

    def _wait(self, seconds: float | None, *descriptors: int) -> list[int]:
        """Wait for a signal, and note the release processes that have ended."""
        came, ready = self._signals.wait(seconds, *descriptors)
        self._hangups += came.count(signal.SIGHUP)
        stops = came.count(signal.SIGTERM) + came.count(signal.SIGINT)
        self._stops += stops
        for pid in self._all if stops else ():
            tell(pid)
        gone = ended().keys()
        self._all -= gone
        if self._current in gone:
            self._current = None
            soon = time.monotonic() - self._begun < _SOON
            self._failed = self._failed + 1 if soon else 0
        return ready


@contextmanager
def local_service(opening: Opening, settings: Settings) -> Iterator[str]:
    """Serve on a Unix socket, whose path is yielded, for this process only.

    The service ends with the block or with this process. Raises ServingError with the reason if it
    does not start. This process must have no other thread yet.
    """
    with tempfile.TemporaryDirectory(prefix="rallynov-") as folder:
        path = f"{folder}/socket"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
        life, alive = os.pipe()

        def serving(ready: Callable[[], None]) -> None:
            os.close(alive)
            nothing = os.open(os.devnull, os.O_RDWR)
            os.dup2(nothing, 0)
            os.dup2(2, 1)
            ReleaseProcess(opening(), listener, settings).run(ready, life)

        pid, hears = _started(serving)
        listener.close()
        os.close(life)
        try:
            words = os.read(hears, _LONGEST_WORDS)
            if words != _READY:
                raise ServingError(words.decode() or "The server ends at once; see above.")
            yield path
        finally:
            tell(pid)
            os.close(alive)
            os.close(hears)
            os.waitpid(pid, 0)


def _started(serving: Callable[[Callable[[], None]], None]) -> tuple[int, int]:
    """Start a serving process; return it, and the descriptor that reports readiness or an error."""
    hears, tells = os.pipe()

    def ready() -> None:
        os.write(tells, _READY)
        os.close(tells)

    def work() -> None:
        os.close(hears)
        try:
            serving(ready)
        except RallynovError as error:
            with suppress(OSError):
                os.write(tells, str(error).encode("utf-8", "replace")[:_LONGEST_WORDS])
            os._exit(1)

    pid = fork(work)
    os.close(tells)
    return pid, hears


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {host} is in use: stop what uses it, or choose another by --port."
    if error.errno == errno.EACCES:
        return f"Port {port} needs more rights: choose one above 1023 by --port."
    return (
        f"{host}:{port} cannot be listened on: {error.strerror}; "
        "name an address of this machine by --host."
    )
