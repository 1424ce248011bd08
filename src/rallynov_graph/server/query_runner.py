"""How the web server asks a query process, without waiting for it in vain."""

import asyncio
import os
import socket
import time
import traceback
from collections import deque
from collections.abc import Coroutine
from itertools import count
from typing import Any, Final, Protocol

from rallynov_graph.http import responses
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import LONG_AT_ONCE, Board, Limits, Outcome, QueryJob, Reply
from rallynov_graph.server.complaints import complain
from rallynov_graph.server.worker_pool import Call, Done, Gone, Line, connected

MOST_WAITING: Final = 128
"""How many visits may wait in a web process for a query process."""

_GRACE: Final = 5.0
"""So many seconds after its time limit, a process that says nothing is given up."""
_WATCH_AFTER: Final = 0.05
"""After so many seconds of waiting, it is watched whether the client is still there."""
_AUTOPSY: Final = 1.0
"""How many seconds the cause of a process's end may take to become known."""
_STEP: Final = 0.005
_LINGERS: Final = 0.03
"""A visit that takes longer than so many seconds has others begin beside it."""
_STEP_OF_LOOKING: Final = 0.02


class Begun(Protocol):
    """A visit that is being answered."""

    def end(self) -> None:
        """Want no answer any more."""
        ...


class QueryRunner(Protocol):
    """Who has a visitor's query answered, here or elsewhere."""

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        ...

    def begin(self, visit: QueryJob, gone: Gone, done: Done) -> "Begun":
        """Run a query; ``done`` is called later, once, with what comes of it.

        Raises UnicodeEncodeError for what cannot be sent.
        """
        ...

    def has_taken(self, visit: QueryJob) -> bool:
        """Return whether a visit that was asked is being answered, and waits no longer for that."""
        ...


class JobTask:
    """A visit that a task answers."""

    def __init__(self, work: Coroutine[Any, Any, Reply | None], done: Done) -> None:
        self._done = done
        self._task = asyncio.ensure_future(work)
        self._task.add_done_callback(self._finish)

    def end(self) -> None:
        """Want no answer any more."""
        self._task.cancel()

    def _finish(self, task: "asyncio.Task[Reply | None]") -> None:
        if task.cancelled():
            return
        try:
            self._done(task.result())
        except Refused as refused:
            self._done(refused)
        except Exception:
            traceback.print_exc()
            self._done(responses.WRONG)


class Sandbox:
    """The query processes of one web process, as it sees them.

    So many visits are under way at once, fewer than there are processes; the next ones wait here,
    so that each goes to a process that is free, and the same few have copied what they read. One
    that lingers is no longer counted: there are processes to spare, and where it becomes long, the
    zygote puts another in the place of its own.
    """

    def __init__(self, address: str, board: Board, limits: Limits, at_once: int) -> None:
        self._address, self.board, self._limits, self._at_once = address, board, limits, at_once
        self._tickets = count(os.getpid() << 32 | 1)
        self._under_way: dict[int, Call] = {}
        self._waiting: deque[Call] = deque()
        self._free: list[Line] = []
        self._placed = 0
        self._tasks: set[asyncio.Task[object]] = set()
        self._is_looking = False

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    @property
    def most_connections(self) -> int:
        """How many descriptors its lines take: of visits that linger or are long, and the next."""
        return 2 * self._at_once + LONG_AT_ONCE

    def begin(self, visit: QueryJob, gone: Gone, done: Done) -> Call:
        """Run a query; ``done`` is called later, once, with what comes of it.

        Raises UnicodeEncodeError for what cannot be sent.
        """
        call = Call(visit, next(self._tickets), gone, done, self)
        loop = asyncio.get_running_loop()
        self._under_way[id(visit)] = call
        if len(self._waiting) >= MOST_WAITING:
            loop.call_soon(call.finish, Reply(Outcome.BUSY))
            return call
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(_STEP_OF_LOOKING, self._look, loop)
        self._waiting.append(call)
        self._go_on()
        return call

    def forget(self, call: Call) -> None:
        """Want nothing for a call any more."""
        self._under_way.pop(id(call.visit), None)
        self._give_place(call)

    def finished(self, call: Call, reply: Reply | None) -> None:
        """Pass on what came of a call, and why where nothing did; None when its client left."""
        if reply is not None or call.abandoned:
            call.end()
            call.done(reply)
        else:
            self._begin_task(self._explain(call))

    async def _explain(self, call: Call) -> None:
        """Pass on why the process ended that had a call."""
        failure = None
        for _ in range(int(_AUTOPSY / _STEP)):
            failure = self.board.failure(call.ticket)
            if failure is not None:
                break
            await asyncio.sleep(_STEP)
        call.end()
        call.done(Reply(failure or Outcome.BROKEN))

    def has_taken(self, visit: QueryJob) -> bool:
        """Return whether a query process has taken a visit that was asked."""
        call = self._under_way.get(id(visit))
        return call is not None and self.board.place_of(call.ticket) is not None

    def _go_on(self) -> None:
        """Send those that wait, as long as there are places."""
        while self._waiting and self._placed < self._at_once:
            call = self._waiting.popleft()
            if not call.is_done:
                call.has_place = True
                self._placed += 1
                self._send_or_end(call)

    def _give_place(self, call: Call) -> None:
        """Send the next call in the place of this one, if it has one."""
        if call.has_place:
            call.has_place = False
            self._placed -= 1
            self._go_on()

    def _send_or_end(self, call: Call) -> None:
        """Send a call. A fault of ours is an end of this call alone, whoever gave it his place."""
        try:
            self._send(call)
        except Exception:
            traceback.print_exc()
            asyncio.get_running_loop().call_soon(call.finish, Reply(Outcome.BROKEN))

    def _send(self, call: Call) -> None:
        """Send a call to the process that has answered last and is free, else to a fresh one."""
        if self._free:
            self._free.pop().send(call)
            return
        loop = asyncio.get_running_loop()
        try:
            connection = connected(self._address)
        except (BlockingIOError, ConnectionError):
            loop.call_soon(call.finish, Reply(Outcome.BUSY))
            return
        except OSError as error:
            self._cannot_ask(call, error)
            return
        line = Line(self._replied, self._ended)
        line.send(call)  # at once: who ends the call before the line is there has it hung up
        self._begin_task(self._open(line, call, connection))

    def _begin_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _open(self, line: Line, call: Call, connection: socket.socket) -> None:
        """Open a line to a fresh process, on which a call is the first."""
        try:
            # ``create_unix_connection`` of uvloop takes a socket as its own only later. A line that
            # is hung up before that would be closed twice: the second time, its descriptor may be
            # that of a client who has just come, who is then never seen to leave.
            loop = asyncio.get_running_loop()
            await loop.connect_accepted_socket(lambda: line, connection)
        except OSError as error:
            connection.close()
            self._cannot_ask(call, error)

    def _cannot_ask(self, call: Call, error: OSError) -> None:
        """Be done with a call for which the system has nothing left, and tell who can mend that."""
        complain(f"Queries cannot be asked of their processes: {error.strerror or error}.")
        asyncio.get_running_loop().call_soon(call.finish, Reply(Outcome.BUSY))

    def _replied(self, line: Line, call: Call, reply: Reply) -> None:
        self._free.append(line)
        self._give_place(call)
        call.finish(reply)

    def _ended(self, line: Line, call: Call | None) -> None:
        if line in self._free:
            self._free.remove(line)
        if call is None or call.is_done:
            return
        if self.board.place_of(call.ticket) is None:
            self._send_or_end(call)  # its process has rested, or ended, before the visit came to it
        else:
            call.finish(None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        """Look after the calls that have not been answered at once."""
        now = time.monotonic()
        try:
            for call in [*self._under_way.values()]:
                if now - call.begun > _WATCH_AFTER:
                    call.watch()
                if now - call.begun > _LINGERS:
                    self._look_after(call, now)
        finally:
            self._is_looking = bool(self._under_way)
            if self._is_looking:
                loop.call_later(_STEP_OF_LOOKING, self._look, loop)

    def _look_after(self, call: Call, now: float) -> None:
        place = self.board.place_of(call.ticket)
        if now - call.begun > self.limits.wait + self.limits.seconds + _GRACE:
            call.finish(Reply(Outcome.BROKEN))
        elif place is None and now - call.begun > self.limits.wait:
            call.finish(Reply(Outcome.BUSY))
        elif place is not None and now - (self.board.busy_since(place) or now) > _LINGERS:
            self._give_place(call)
