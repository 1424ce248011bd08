"""Who keeps a server going: one generation serves, the next takes over without losing a request.

This process holds the socket and nothing else. A generation is a process of its own that loads a
release and serves it; a new one is started beside it on the same socket, and when that is ready
the old one stops accepting, answers what it has, and ends.
"""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NoReturn

from rallynov_graph.base.errors import RallynovError, ServingError
from rallynov_graph.server.forking import fork, plain, wake_on
from rallynov_graph.server.generation import Generation, Settings
from rallynov_graph.server.metrics import Metrics
from rallynov_graph.server.opening import Opened

_LOOK: Final = 1.0
"""So often, in seconds, it is looked whether there is a new release."""
_READY: Final = b"+"
_SOON: Final = 1.0
_FAILED_STARTS: Final = 5
_LONGEST_WORDS: Final = 1 << 16

Watched = Callable[[], object]
"""Returns what there is to serve: another answer, twice in a row, means that it has changed."""


class _Watch:
    """What there is to serve, as it was taken, and as it was at the last look."""

    def __init__(self, watched: Watched | None) -> None:
        self._watched = watched
        self._taken = self._seen = watched() if watched else None
        self._at = time.monotonic()

    def has_changed(self) -> bool:
        """Return whether there is another, and it was the same at the last look.

        What differs from the last look is still being written: it is not taken half.
        """
        if self._watched is None or time.monotonic() - self._at < _LOOK / 2:
            return False
        self._at = time.monotonic()
        before, self._seen = self._seen, self._watched()
        return self._seen == before != self._taken

    def take(self) -> None:
        """Note that what there is now is being opened."""
        self._taken = self._seen = self._watched() if self._watched else None


class Supervisor:
    """Serves what ``opening`` opens, and opens it again at SIGHUP or when it has changed."""

    def __init__(
        self,
        listener: socket.socket,
        opening: Callable[[], Opened],
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
        self._old: set[int] = set()
        self._all: set[int] = set()
        self._stops = self._hangups = self._failed = 0

    def run(self, ready: Callable[[], None]) -> None:
        """Serve until SIGTERM or Ctrl-C, then let what runs finish; a second one ends it at once.

        ``ready`` is called when the first generation serves. Raises ServingError when none can.
        """
        woken = wake_on(signal.SIGCHLD)
        for kind in (signal.SIGTERM, signal.SIGINT):
            signal.signal(kind, self._stop)
        signal.signal(signal.SIGHUP, self._hang_up)
        watch = _Watch(self._watched)
        failure = self._begin(woken)
        if failure is not None and not self._stops:
            raise ServingError(failure)
        if not self._stops:
            ready()
        while not self._stops:
            self._wait(woken, _LOOK if self._watched else None)
            if watch.has_changed() or self._hangups:
                self._hangups = 0
                watch.take()
                self._renew(woken)
            elif self._current is None:
                self._restart(woken)
        self._end(woken)

    def _stop(self, *_: object) -> None:
        self._stops += 1
        for pid in self._all:
            _tell(pid)

    def _hang_up(self, *_: object) -> None:
        self._hangups += 1

    def _renew(self, woken: int) -> None:
        """Let a new generation take over; where it cannot, the old one goes on."""
        while self._old and not self._stops:  # their rows of figures are needed
            self._wait(woken, _LOOK)
        before, self._current = self._current, None
        failure = self._begin(woken)
        if failure is not None:
            if not self._stops:
                _complain(f"The new data are not served, the old ones still are: {failure}")
            self._current = before
        elif before is not None:
            self._old.add(before)
            _tell(before)

    def _restart(self, woken: int) -> None:
        """Start a generation in the place of one that has ended by itself."""
        failure = self._begin(woken)
        if failure is not None and not self._stops:
            self._failed += 1
            _complain(failure)
        if self._failed >= _FAILED_STARTS:
            raise ServingError("The server ends as soon as it starts; see above.")

    def _begin(self, woken: int) -> str | None:
        """Start a generation; return None when it serves, else why it does not."""
        side = 1 - self._side
        hears, tells = os.pipe()
        pid = fork()
        if not pid:
            os.close(self._alive)
            os.close(hears)
            self._be_generation(side, tells)
        os.close(tells)
        self._current = pid
        self._all.add(pid)
        if self._stops:  # it may have come before there was somebody to tell
            _tell(pid)
        words = b""
        while True:
            ready, _, _ = select.select([hears, woken], [], [])
            if woken in ready:
                os.read(woken, 4096)
            if hears in ready:
                heard = os.read(hears, _LONGEST_WORDS)
                words += heard
                if not heard or words.startswith(_READY):
                    break
        os.close(hears)
        if words.startswith(_READY):
            self._begun, self._side = time.monotonic(), side
            return None
        os.waitpid(pid, 0)
        self._all.discard(pid)
        self._current = None
        return words.decode() or "The server ended before it was ready."

    def _be_generation(self, side: int, tells: int) -> NoReturn:
        status = 1
        try:
            plain(signal.SIGINT, signal.SIGHUP)
            first_row = side * self._settings.rows
            generation = Generation(
                self._opening(),
                self._listener,
                self._settings,
                self._metrics,
                first_row,
            )

            def ready() -> None:
                os.write(tells, _READY)
                os.close(tells)

            generation.run(ready, self._life)
            status = 0
        except RallynovError as error:
            with suppress(OSError):
                os.write(tells, str(error).encode())
        except BaseException:
            import traceback

            traceback.print_exc()
        finally:
            os._exit(status)

    def _wait(self, woken: int, seconds: float | None) -> None:
        """Wait for a signal, and take note of the generations that have ended."""
        ready, _, _ = select.select([woken], [], [], seconds)
        if ready:
            os.read(woken, 4096)
        for pid in [*self._all]:
            ended, _ = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            self._all.discard(pid)
            self._old.discard(pid)
            if pid == self._current:
                self._current = None
                soon = time.monotonic() - self._begun < _SOON
                self._failed = self._failed + 1 if soon else 0

    def _end(self, woken: int) -> None:
        """Wait until every generation has ended; each bounds how long that takes.

        Nobody takes over: who connects from now on is refused at once, and not left waiting.
        """
        self._listener.close()
        while self._all:
            self._wait(woken, 0.2)


def _tell(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)


def _complain(words: str) -> None:
    """Write a sentence to standard error, unless its reader is too slow to take it soon."""
    if select.select([], [sys.stderr], [], _SOON)[1]:
        with suppress(OSError):
            print(f"rallynov: {words}", file=sys.stderr, flush=True)
