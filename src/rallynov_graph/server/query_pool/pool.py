"""How a web process runs queries: over lines, each to one query process."""

import asyncio
import os
import socket
from functools import partial
from typing import Final, cast

from rallynov_graph.http.queries import HEAD, LONG, Outcome, QueryJob, Reply
from rallynov_graph.server import limits
from rallynov_graph.server.limits import Limits
from rallynov_graph.server.log import complain
from rallynov_graph.server.metrics import MetricsRow, Sum
from rallynov_graph.server.query_pool.fair_queue import FairQueue, Place

TAKEN: Final = b"+"
"""The message of a query process that takes a line."""
_LAST_WORDS: Final = {
    b"Fatal Python error: Segmentation": Outcome.TOO_NESTED,
    b"Fatal Python error: Bus": Outcome.TOO_NESTED,
    b"Fatal Python error: Abort": Outcome.TOO_MUCH_MEMORY,
}
"""The message of ``faulthandler`` in a dying query process, with its meaning for the query."""
_REST: Final = 30.0
"""The idle seconds after which a line is closed and its query process ends."""
_ATTEMPTS: Final = 3
"""The number of query processes that a query tries if they have died."""


class Line(asyncio.Protocol):
    """The web process's end of a line."""

    is_open = True
    is_unread = False
    """Whether the query process ended before it read what was sent: the kernel resets the line."""
    timer: asyncio.TimerHandle | None = None
    """The timer that ends its query."""

    def __init__(self, life: int) -> None:
        """``life`` is the pipe whose closing ends the query process."""
        self._life = life
        self._received, self._whole = bytearray(), 0
        loop = asyncio.get_running_loop()
        self._taken: asyncio.Future[bool] | None = loop.create_future()
        self._reply: asyncio.Future[Reply] | None = None

    @classmethod
    async def opened(cls, queue: socket.socket) -> "Line":
        """Return a line to the next free query process; raise OSError."""
        ours, theirs = socket.socketpair()
        hears, life = os.pipe()
        try:
            ours.setblocking(False)
            socket.send_fds(queue, [TAKEN], [theirs.fileno(), hears])
        except BaseException:
            ours.close()
            os.close(life)
            raise
        finally:
            theirs.close()
            os.close(hears)
        line = cls(life)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(lambda: line, ours)
        except BaseException:
            ours.close()
            os.close(life)
            raise
        return line

    async def is_taken(self, patience: float) -> bool:
        """Whether a query process takes the line within some seconds."""
        taken = self._taken
        if taken is None:
            return True
        timer = asyncio.get_running_loop().call_later(patience, _settle, taken)
        try:
            return await taken
        finally:
            timer.cancel()

    def ask(self, job: QueryJob) -> asyncio.Future[Reply]:
        """Send a query and return its future reply; raise UnicodeEncodeError."""
        frame = job.frame()
        self._reply = asyncio.get_running_loop().create_future()
        if self.is_open:
            self._transport.write(frame)
        else:
            self._reply.set_result(Reply(Outcome.BROKEN))
        return self._reply

    def hang_up(self, why: Outcome = Outcome.BROKEN) -> None:
        """Close the line, which ends the query process; give the query's client the reason."""
        if not self.is_open:
            return
        self.is_open = False
        if self.timer is not None:
            self.timer.cancel()
        os.close(self._life)
        self._transport.abort()
        if self._taken is not None:
            _settle(self._taken)
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(Reply(why))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._taken is not None and data.startswith(TAKEN):
            data = data[len(TAKEN) :]
            taken, self._taken = self._taken, None
            if not taken.done():
                taken.set_result(True)
        self._received += data
        if not self._whole and len(self._received) >= HEAD.size:
            self._whole = HEAD.size + HEAD.unpack_from(self._received)[-1]
        if self._whole and len(self._received) == self._whole:
            received, self._received, self._whole = self._received, bytearray(), 0
            if self._reply is not None and not self._reply.done():
                content = bytes(memoryview(received)[HEAD.size :])
                self._reply.set_result(Reply.read(received, content))

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_unread = isinstance(exc, ConnectionError)
        words = bytes(self._received)
        causes = (outcome for text, outcome in _LAST_WORDS.items() if words.startswith(text))
        self.hang_up(next(causes, Outcome.BROKEN))


def _settle(taken: asyncio.Future[bool]) -> None:
    if not taken.done():
        taken.set_result(False)


class QueryPool:
    """The query processes, as used by one web process."""

    def __init__(self, queue: socket.socket, own_limits: Limits, row: MetricsRow) -> None:
        """``queue`` is where query processes wait for lines."""
        self._queue, self.limits, self._row = queue, own_limits, row
        self._fair_queue = FairQueue(own_limits.wait, limits.SHORT_AT_ONCE, limits.SHORT_OF_ONE)
        self._idle: list[tuple[Line, float]] = []
        self._resting: asyncio.TimerHandle | None = None

    async def ask(self, job: QueryJob) -> Reply:
        """Return the reply to a query; raise Refused if too many others run or wait.

        Cancelling the task ends the query. Raises UnicodeEncodeError for a query that cannot be
        sent.
        """
        try:
            place = await self._fair_queue.enter(job.client)
        finally:  # one whose client leaves as its turn comes gives the place back
            self._count()
        try:
            line = self._idle_line()
            for _ in range(_ATTEMPTS):
                reply = await self._reply(place, job, line)
                if reply is not None:
                    return reply
                line = None  # if somebody killed one process, others may be ending too
            return Reply(Outcome.BROKEN)
        finally:
            self._fair_queue.leave(place)
            self._count()

    async def _reply(self, place: Place, job: QueryJob, line: Line | None) -> Reply | None:
        """Return the reply to a query, on an existing line or a new one.

        None if the line's process ended before it read the query.
        """
        try:
            line = line or await self._opened()
        except OSError as error:
            if not isinstance(error, BlockingIOError):
                complain(f"Queries cannot be asked of their processes: {error.strerror or error}.")
            return Reply(Outcome.BUSY)
        loop, reply, seconds = asyncio.get_running_loop(), None, self.limits.seconds
        try:
            if not await line.is_taken(self.limits.wait):
                return None if not line.is_open else Reply(Outcome.BUSY)
            place.end = line.hang_up
            step = min(LONG, seconds)
            line.timer = loop.call_later(step, self._become_long, line, place, seconds - step)
            reply = await line.ask(job)
            return None if line.is_unread else reply
        finally:
            if line.timer is not None:
                line.timer.cancel()
            if reply is None or reply.seconds > LONG:
                line.hang_up()
            elif line.is_open:
                self._idle.append((line, loop.time()))
                self._resting = self._resting or loop.call_later(_REST, self._rest)

    def _become_long(self, line: Line, place: Place, rest: float) -> None:
        end = partial(line.hang_up, Outcome.TOO_LONG)
        line.timer = asyncio.get_running_loop().call_later(rest, end)
        self._fair_queue.become_long(place)
        self._count()

    def _count(self) -> None:
        self._row.set(Sum.SHORT, self._fair_queue.short)
        self._row.set(Sum.LONG, len(self._fair_queue.long))

    def _idle_line(self) -> Line | None:
        """Return the line that answered last: its process has the most of the store in memory."""
        while self._idle:
            line, _ = self._idle.pop()
            if line.is_open:
                return line
        return None

    async def _opened(self) -> Line:
        """Return a new line; one that nobody waits for any more is closed."""
        opening = asyncio.ensure_future(Line.opened(self._queue))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            opening.add_done_callback(_hang_up)
            raise

    def _rest(self) -> None:
        """Close the lines that have been idle for a while."""
        loop = asyncio.get_running_loop()
        for line, since in self._idle:
            if loop.time() - since > _REST - 1:
                line.hang_up()
        self._idle = [it for it in self._idle if it[0].is_open]
        self._resting = loop.call_later(_REST, self._rest) if self._idle else None


def _hang_up(opening: "asyncio.Task[Line]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().hang_up()
