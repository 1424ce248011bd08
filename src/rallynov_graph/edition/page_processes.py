"""Processes that share what this one has opened, and do pieces of work for it.

They end with this one, however it ends: at once where the system can say that it has ended, else
with the piece that they are at, as what they read from is closed then.
"""

from __future__ import annotations

import gc
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection, Pipe, wait
from typing import Final, Generic, TypeVar, cast

from rallynov_graph.base import bounded_process
from rallynov_graph.base.errors import (
    EditionError,
    RallynovError,
    os_error_in_french,
    os_error_text,
)

Work = TypeVar("Work")
Result = TypeVar("Result")

_AHEAD: Final = 2
"""So many pieces of work lie before a process, so that it never waits."""
_GARBAGE: Final = 100_000, 50
"""After how many new objects a process looks for garbage, and after how often among older ones.

What it remembers grows with the release, and would be looked through again and again.
"""


class Crew(Generic[Work, Result]):
    """Processes that work, each on one piece at a time."""

    def __init__(self, work: Callable[[Work], Result], count: int) -> None:
        pipes = [Pipe() for _ in range(count)]
        self._own = [own for own, _ in pipes]
        self._pids = []
        for number in range(count):
            self._pids.append(_start(work, pipes, number))
        for _, theirs in pipes:
            theirs.close()
        self._given: dict[Connection, int] = dict.fromkeys(self._own, 0)
        self._waiting: deque[Work] = deque()

    def add(self, pieces: Iterable[Work]) -> None:
        """Give pieces of work, which are done in their order."""
        self._waiting.extend(pieces)

    def results(self) -> Iterator[Result]:
        """Yield what comes of each piece; while one is looked at, others may be added.

        Raises EditionError where a piece fails, or a process is ended from outside.
        """
        while True:
            for own in self._own:
                while self._given[own] < _AHEAD and self._waiting:
                    self._send(own, self._waiting.popleft())
            busy = [own for own, given in self._given.items() if given]
            if not busy:
                return
            for ready in wait(busy):
                yield self._received(cast("Connection", ready))

    def _send(self, own: Connection, piece: Work) -> None:
        try:
            own.send(piece)
        except OSError as error:
            raise _ended() from error
        self._given[own] += 1

    def _received(self, own: Connection) -> Result:
        try:
            result = own.recv()
        except (EOFError, OSError) as error:
            raise _ended() from error
        self._given[own] -= 1
        if isinstance(result, Exception):
            raise result
        return cast(Result, result)

    def end(self) -> None:
        """End the processes, whatever they do."""
        for pid in self._pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        for own in self._own:
            own.close()


def _ended() -> EditionError:
    return EditionError(
        "A process that makes pages was ended from outside, for want of memory perhaps; nothing "
        "was published.",
        french="Un processus qui fait des pages a été arrêté de l’extérieur, faute de mémoire "
        "peut-être ; rien n’a été publié.",
    )


@contextmanager
def crew(work: Callable[[Work], Result], count: int) -> Iterator[Crew[Work, Result]]:
    """Yield processes that work; they have ended afterwards."""
    made = Crew(work, count)
    try:
        yield made
    finally:
        made.end()


@contextmanager
def taking_back(*kinds: signal.Signals) -> Iterator[None]:
    """Have signals end this process as Ctrl-C does, so that what was begun is taken back."""

    def end(kind: int, _frame: object) -> None:
        raise SystemExit(128 + kind)

    before = {kind: signal.signal(kind, end) for kind in kinds}
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)


def _start(
    work: Callable[[Work], Result], pipes: list[tuple[Connection, Connection]], number: int
) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        bounded_process.end_with(parent)
        gc.freeze()  # what this process shares with its parent is never looked through
        gc.set_threshold(*_GARBAGE)
        for place, (own, theirs) in enumerate(pipes):
            own.close()
            if place != number:
                theirs.close()
        _work(work, pipes[number][1])
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _work(work: Callable[[Work], Result], pipe: Connection) -> None:
    while True:
        try:
            piece = pipe.recv()
        except (EOFError, OSError):  # who asked has ended
            return
        try:
            result: Result | Exception = work(piece)
        except RallynovError as error:
            result = EditionError(str(error), french=error.text("fr"))
        except OSError as error:
            result = EditionError(
                f"The edition cannot be written: {os_error_text(error)}",
                french=f"L’édition ne peut pas être écrite : {os_error_in_french(error)}",
            )
        except Exception:
            result = RuntimeError(traceback.format_exc())
        # Who asked may have ended meanwhile, for what another process met.
        with suppress(BrokenPipeError):
            pipe.send(result)
