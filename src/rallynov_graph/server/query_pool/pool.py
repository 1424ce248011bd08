"""How a web process has queries answered."""

import asyncio
import socket
from functools import partial
from typing import Final

from rallynov_graph.http.query_jobs import LONG, Limits, Outcome, QueryJob, Reply
from rallynov_graph.server.complaints import complain
from rallynov_graph.server.metrics import MetricsRow, Sum
from rallynov_graph.server.query_pool import fair_queue
from rallynov_graph.server.query_pool.fair_queue import FairQueue, Place
from rallynov_graph.server.query_pool.line import Line

_REST: Final = 30.0
"""After so many seconds without a query, a line is closed, and its query process ends."""
_ATTEMPTS: Final = 3
"""To so many query processes a query goes that finds them dead."""


class QueryPool:
    """The query processes of one web process."""

    descriptors = 2 * (fair_queue.SHORT_AT_ONCE + fair_queue.LONG_AT_ONCE + 2)
    """How many descriptors its lines take."""

    def __init__(self, queue: socket.socket, limits: Limits, row: MetricsRow) -> None:
        """``queue``: where query processes wait for lines."""
        self._queue, self.limits, self._row = queue, limits, row
        self._fair_queue = FairQueue(limits.wait)
        self._idle: list[tuple[Line, float]] = []
        self._resting: asyncio.TimerHandle | None = None

    async def ask(self, job: QueryJob) -> Reply:
        """Return what a query comes to; raise Refused where too many others run or wait.

        A task that is cancelled meanwhile ends the query. Raises UnicodeEncodeError for what
        cannot be sent.
        """
        place = await self._fair_queue.enter(job.client)
        self._count()
        try:
            line = self._idle_line()
            for _ in range(_ATTEMPTS):
                reply = await self._reply(place, job, line)
                if reply is not None:
                    return reply
                line = None  # where one process was ended by somebody, others may just be ending
            return Reply(Outcome.BROKEN)
        finally:
            self._fair_queue.leave(place)
            self._count()

    async def _reply(self, place: Place, job: QueryJob, line: Line | None) -> Reply | None:
        """Return what a query comes to, on a line or else a new one.

        None where the process of the line ended before it read the query.
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
        """Return the line that answered last: its process has to copy least of the store."""
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
        """Close the lines on which nothing was asked for a while."""
        loop = asyncio.get_running_loop()
        for line, since in self._idle:
            if loop.time() - since > _REST - 1:
                line.hang_up()
        self._idle = [it for it in self._idle if it[0].is_open]
        self._resting = loop.call_later(_REST, self._rest) if self._idle else None


def _hang_up(opening: "asyncio.Task[Line]") -> None:
    if not opening.cancelled() and opening.exception() is None:
        opening.result().hang_up()
