"""How the web server asks a query process, without waiting for it in vain."""

import asyncio
import os
import socket
import time
import traceback
from collections import deque
from itertools import count
from typing import Final, Protocol

from rallynov_graph.http.query_jobs import LONG_AT_ONCE, Board, Limits, Outcome, Reply, Visit
from rallynov_graph.server.access_log import complain
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


class Asker(Protocol):
    """Who has a visitor's query answered, here or elsewhere."""

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        ...

    async def ask(self, visit: Visit, gone: Gone) -> Reply | None:
        """Return what a visit comes to, None when the client left before that."""
        ...

    def has_taken(self, visit: Visit) -> bool:
        """Tell whether a visit that was asked is being answered, and waits no longer for that."""
        ...


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
        self._opening: set[asyncio.Task[object]] = set()
        self._is_looking = False

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    @property
    def most_lines(self) -> int:
        """How many descriptors its lines take: of visits that linger or are long, and the next."""
        return 2 * self._at_once + LONG_AT_ONCE

    async def ask(self, visit: Visit, gone: Gone) -> Reply | None:
        """Return what a visit comes to, None when the client left before that.

        Raises UnicodeEncodeError for what cannot be sent.
        """
        reply: asyncio.Future[Reply | None] = asyncio.get_running_loop().create_future()

        def done(told: Reply | None) -> None:
            if not reply.done():  # it is when this was cancelled
                reply.set_result(told)

        call = self.begin(visit, gone, done)
        try:
            return await self.explained(call, await reply)
        finally:
            self.end(call)

    def begin(self, visit: Visit, gone: Gone, done: Done) -> Call:
        """Ask a visit, of which ``done`` is told, soon after; who begins one is to end it.

        Raises UnicodeEncodeError for what cannot be sent.
        """
        call = Call(visit, next(self._tickets), gone, done)
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

    def end(self, call: Call) -> None:
        """Want no reply of a call any more, if there was none."""
        del self._under_way[id(call.visit)]
        call.leave()
        self._give_place(call)

    async def explained(self, call: Call, reply: Reply | None) -> Reply | None:
        """Return what came of a call, and why where nothing did; None when its client left."""
        if reply is not None or call.abandoned:
            return reply
        return await self._autopsy(call.ticket)

    def has_taken(self, visit: Visit) -> bool:
        """Tell whether a query process has taken a visit that was asked."""
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
        """Have the next one sent in the place of this one, if it has one."""
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
        opening = loop.create_task(self._open(call, connection))
        self._opening.add(opening)
        opening.add_done_callback(self._opening.discard)

    async def _open(self, call: Call, connection: socket.socket) -> None:
        """Have a line to a fresh process, on which a call is the first."""
        line = Line(self._replied, self._ended)
        line.send(call)
        try:
            loop = asyncio.get_running_loop()
            await loop.create_unix_connection(lambda: line, sock=connection)
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

    async def _autopsy(self, ticket: int) -> Reply | None:
        """Return why there is no reply: what the process died of."""
        for _ in range(int(_AUTOPSY / _STEP)):
            failure = self.board.failure(ticket)
            if failure is not None:
                return Reply(failure)
            await asyncio.sleep(_STEP)
        return Reply(Outcome.BROKEN)
