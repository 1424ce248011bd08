"""Views of documents, each served by processes of its own, which start when it is asked for.

The process that forks them sleeps until a web process asks for one, or one has rested for long. It
answers where the view listens: who connects there waits until it is built. A view has its part of
the memory of visitors' queries. There are few at once: the one that rested longest makes room.
"""

import os
import resource
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import ReleaseError, UnknownNameError
from rallynov_graph.http.query_jobs import MEBIBYTE
from rallynov_graph.server import memory
from rallynov_graph.server.complaints import complain
from rallynov_graph.server.forking import fork, plain
from rallynov_graph.server.local_sockets import LocalSocket, is_of_this_user
from rallynov_graph.server.memory_budget import Budget
from rallynov_graph.server.opening import Opened, OpenedView
from rallynov_graph.server.view_requests import ViewRequests
from rallynov_graph.server.view_slots import SLOTS, SlotBoard, Stage, ViewName, Why

REST: Final = 600.0
"""After so many seconds in which nobody asked for it, a view ends."""
READ: Final = 10.0
"""For so many seconds after somebody asked for it, a view makes no room for another."""
MEMORY: Final = 512 * MEBIBYTE
"""How much a view may have, its store and its queries; an eighth of the budget if that is more."""
LEAST: Final = 192 * MEBIBYTE
"""With less, a view cannot be served."""
BUILD: Final = 120
"""How many seconds the building of a view may take."""
_QUERIES: Final = 64 * MEBIBYTE
"""So much of it at least is for its queries."""
AGAIN: Final = 60.0
"""After so many seconds it is tried again to build what could not be."""
_TALK: Final = 0.5
_NOTHING: Final = 3
_BROKEN: Final = 4
_TOO_LARGE: Final = 5
_WHY: Final = {
    1: Why.BROKEN,
    _NOTHING: Why.NOTHING,
    _BROKEN: Why.BROKEN,
    _TOO_LARGE: Why.TOO_LARGE,
    -signal.SIGABRT: Why.TOO_LARGE,
}
"""Why there is no view, by how its process ended; one that somebody killed is started again."""

Serve = Callable[[Opened, socket.socket, int, Callable[[], None]], None]
"""Serves what was opened at a socket, with so much memory; calls back when all is ready."""
Start = Callable[[dict[int, float], Callable[[], None]], int]
"""Starts a process that does some work, and notes it."""


@dataclass
class _View:
    """A view that has a slot."""

    name: ViewName
    pid: int
    listening: LocalSocket
    folder: Path


class Views:
    """The views of the releases that a generation serves; it is the generation's own process."""

    def __init__(
        self,
        openings: Sequence[OpenedView | None],
        slots: tuple[SlotBoard, Budget, int],
        start: Start,
        serve: Serve,
    ) -> None:
        """The slots come with the budget, and the first of its rows that are theirs."""
        self._openings = openings
        self._board, self._budget, self._first_row = slots
        self._start, self._serve = start, serve
        self._desk = LocalSocket.listening() if any(openings) else None
        self._views: dict[int, _View] = {}
        self._failed: dict[ViewName, tuple[Why, float]] = {}
        self.family: dict[int, float] = {}
        """The processes of views, each with its start."""

    @property
    def watched(self) -> list[int]:
        """The descriptor that is readable when a web process asks; none without views."""
        return [] if self._desk is None else [self._desk.socket.fileno()]

    def requests(self) -> ViewRequests | None:
        """Return who asks for views, in a web process; None where there are none."""
        return None if self._desk is None else ViewRequests(self._desk.address, self._board)

    def look(self, ready: Container[int]) -> None:
        """Answer who asks, note what has ended, and end what has rested for long."""
        self._reap()
        self._end_rested()
        if self._desk is not None and self._desk.socket.fileno() in ready:
            self._answer(self._desk.socket)

    def pause(self) -> float | None:
        """Return after how many seconds a view will have rested; None without any."""
        rests = [self._board.used(slot) + REST for slot in self._views]
        return max(0.1, min(rests) - time.monotonic()) if rests else None

    def _answer(self, desk: socket.socket) -> None:
        """Tell a web process where the view listens that it asks for, or why none does."""
        with suppress(OSError):
            asking, _ = desk.accept()
            with asking:
                if not is_of_this_user(asking):
                    return
                asking.settimeout(_TALK)
                number, _, document = asking.recv(1 << 16).decode().strip().partition(" ")
                place = self._place(ViewName(int(number), document))
                asking.sendall(f"{place}\n".encode())

    def _place(self, name: ViewName) -> str:
        for slot, view in self._views.items():
            if view.name == name and self._board.stage(slot) is not Stage.ENDING:
                return f"{slot} {view.listening.address}"
        why, until = self._failed.get(name, (None, 0.0))
        if why is not None and time.monotonic() < until:
            return f"- {why.value}"
        free = [slot for slot in range(SLOTS) if slot not in self._views]
        if not free:
            return f"- {self._make_room().value}"
        row, wanted = self._first_row + free[0], max(MEMORY, self._budget.size // 8)
        got = self._budget.take(row, wanted)
        if got < LEAST:
            self._budget.clear(row)
            return f"- {Why.NO_MEMORY.value}"
        try:
            view = self._begin(free[0], name, got)
        except OSError as error:  # no room for its files, or for a process
            self._forget(free[0])
            complain(f"A view cannot be started: {error.strerror or error}.")
            return f"- {Why.BROKEN.value}"
        return f"{free[0]} {view.listening.address}"

    def _make_room(self) -> Why:
        """End the view that rested longest, unless all are being read."""
        if any(self._board.stage(slot) is Stage.ENDING for slot in self._views):
            return Why.BUILDING
        read = time.monotonic() - READ
        rested = [(self._board.used(slot), slot) for slot in self._views]
        used, slot = min(rested)
        if used > read:
            return Why.FULL
        self._end(slot)
        return Why.BUILDING

    def _end_rested(self) -> None:
        """End the views for which nobody has asked for long."""
        for slot in self._views:
            rested = time.monotonic() - self._board.used(slot) >= REST
            if rested and self._board.stage(slot) is not Stage.ENDING:
                self._end(slot)

    def _end(self, slot: int) -> None:
        self._board.set(slot, Stage.ENDING)
        with suppress(ProcessLookupError):
            os.kill(self._views[slot].pid, signal.SIGTERM)

    def _begin(self, slot: int, name: ViewName, size: int) -> _View:
        opening = self._openings[name.release]
        assert opening is not None
        self._board.set(slot, Stage.BUILDING)
        listening = LocalSocket.listening()
        folder = Path(tempfile.mkdtemp(prefix="rallynov-view-"))
        work = _ViewWork(opening, name.document, folder, size)

        def be_view() -> None:
            work.run(listening.socket, self._serve, partial(self._board.set, slot, Stage.SERVED))

        pid = self._start(self.family, be_view)
        listening.socket.close()
        self._views[slot] = _View(name, pid, listening, folder)
        return self._views[slot]

    def _reap(self) -> None:
        """Note the views that have ended, and why."""
        for slot, view in [*self._views.items()]:
            ended, status = os.waitpid(view.pid, os.WNOHANG)
            if not ended:
                continue
            why = _WHY.get(os.waitstatus_to_exitcode(status))
            if self._board.stage(slot) is Stage.BUILDING and why is not None:
                lasting = float("inf") if why is Why.NOTHING else AGAIN
                self._failed[view.name] = why, time.monotonic() + lasting
            del self._views[slot], self.family[view.pid]
            self._forget(slot)
            view.listening.remove()
            shutil.rmtree(view.folder, ignore_errors=True)

    def _forget(self, slot: int) -> None:
        self._board.set(slot, Stage.NONE)
        self._budget.clear(self._first_row + slot)

    def leave_to_child(self) -> None:
        """Let go of what is this process's alone, in a process that it has forked."""
        if self._desk is not None:
            self._desk.socket.close()

    def leave(self) -> None:
        """Leave nothing behind; no process of a view is there any more."""
        self.leave_to_child()
        if self._desk is not None:
            self._desk.remove()


@dataclass(frozen=True)
class _ViewWork:
    """What the process of a view does."""

    opening: OpenedView
    document: str
    folder: Path
    size: int
    """How much memory it may have."""

    def run(self, listener: socket.socket, serve: Serve, ready: Callable[[], None]) -> None:
        """Build the view, open it, and serve it at a socket."""
        before = memory.writable()
        self._build()
        _bound(before + self.size)
        opened = self.opening.open(self.document, self.folder)
        left = self.size - (memory.writable() - before)
        if left < _QUERIES:
            os._exit(_TOO_LARGE)
        _bound(None)
        serve(opened, listener, left, ready)

    def _build(self) -> None:
        """Build it in a process of its own, whose memory is free again when it has ended."""
        pid = fork()
        if not pid:
            status = _BROKEN
            try:
                plain(signal.SIGINT, signal.SIGHUP)
                signal.alarm(BUILD)
                _bound(memory.writable() + self.size)
                self.opening.build(self.document, self.folder)
                status = 0
            except UnknownNameError:
                status = _NOTHING
            except ReleaseError as error:
                complain(str(error))
            except MemoryError:
                status = _TOO_LARGE
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(status)
        _, ended = os.waitpid(pid, 0)
        if ended:
            os._exit(os.WEXITSTATUS(ended) if os.WIFEXITED(ended) else _TOO_LARGE)


def _bound(size: int | None) -> None:
    """Hold this process to so much memory that it may write to; to what it may have, for None."""
    if sys.platform == "linux":
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (hard if size is None else size, hard))
