"""Visits under way at another server: a fair share of its places for each client.

As in the query pool, a query that has run for a while is long, and long ones are bounded, so that
the short ones of others always find a place. A server that was asked is not told to stop: the
connection is closed, and since many go on with the query all the same, what was given up counts
among its client's for as long as it might have run, unless the server is known to stop then.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from rallynov_graph.http.query_jobs import LONG, Limits, Outcome, QueryJob, Reply
from rallynov_graph.server.query_pool.fair_queue import (
    LONG_AT_ONCE,
    LONG_OF_ONE,
    SHORT_AT_ONCE,
    FairQueue,
    Place,
)
from rallynov_graph.sparql.cancellation import Cancellation

_THREADS: Final = 4 * (SHORT_AT_ONCE + LONG_AT_ONCE)
"""A few may be busy for a moment with what was given up."""
_GRACE: Final = 1.0
"""So many seconds after its time limit, a server that still talks is given up."""


class RelayJobs:
    """The visits that one web process has under way."""

    def __init__(self, limits: Limits, stops: Callable[[], bool] = lambda: False) -> None:
        """Bound visits; ``stops`` tells whether the server ends a query that nobody waits for."""
        self._limits, self._stops = limits, stops
        self._queue = FairQueue(limits.wait)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="relay")
        self._given_up: Counter[int] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()

    async def done(self, job: QueryJob, work: Callable[[], Reply]) -> Reply:
        """Return what the work for a query comes to; a task that is cancelled gives it up.

        Raises what the work raises.
        """
        if self._given_up[job.client] >= LONG_OF_ONE:
            return Reply(Outcome.GREEDY)
        place = await self._queue.enter(job.client)
        running = _RelayJob(place, self._queue)
        running.begin(self._threads, work)
        try:
            return await self._answer(running)
        finally:
            self._end(running)

    async def _answer(self, running: "_RelayJob") -> Reply:
        await asyncio.wait((running.answer,), timeout=LONG)
        if not running.answer.done():
            self._queue.become_long(running.place)
            await asyncio.wait(
                (running.answer, running.refused),
                timeout=self._limits.seconds + _GRACE - LONG,
                return_when=asyncio.FIRST_COMPLETED,
            )
        if running.answer.done():
            return running.answer.result()
        return running.refused.result() if running.refused.done() else Reply(Outcome.TOO_LONG)

    def _end(self, running: "_RelayJob") -> None:
        """Be done with a query; one that its client leaves at once may be answered in time yet."""
        if running.answer.done() or time.monotonic() - running.begun >= LONG:
            self._give_up(running)
            return
        waiting = asyncio.get_running_loop().create_task(self._give_up_later(running))
        self._tasks.add(waiting)
        waiting.add_done_callback(self._tasks.discard)

    async def _give_up_later(self, running: "_RelayJob") -> None:
        await asyncio.wait((running.answer,), timeout=LONG)
        self._give_up(running)

    def _give_up(self, running: "_RelayJob") -> None:
        if running.answer.done():
            running.leave()
            return
        running.cancel()
        rest = running.begun + self._limits.seconds - time.monotonic()
        if rest > 0 and not self._stops():
            client = running.place.client
            self._given_up[client] += 1
            asyncio.get_running_loop().call_later(rest, self._forget, client)

    def _forget(self, client: int) -> None:
        self._given_up[client] -= 1
        if not self._given_up[client]:
            del self._given_up[client]


class _RelayJob:
    """One query at the server, from its place to its end."""

    def __init__(self, place: Place, queue: FairQueue) -> None:
        self.place, self.begun = place, time.monotonic()
        self.refused: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        """What is told when the query makes room for others."""
        place.end = lambda outcome: self.refused.set_result(Reply(outcome))
        self._queue: FairQueue | None = queue
        self._cancellation = Cancellation()

    def begin(self, threads: ThreadPoolExecutor, work: Callable[[], Reply]) -> None:
        """Do the work in a thread."""

        def cancellable() -> Reply:
            with self._cancellation:
                return work()

        self.answer = asyncio.get_running_loop().run_in_executor(threads, cancellable)

    def leave(self) -> None:
        """Pass the place on to the next query, once."""
        queue, self._queue = self._queue, None
        if queue is not None:
            queue.leave(self.place)

    def cancel(self) -> None:
        """End the thread as soon as it can be; a short query keeps its place until then."""
        self._cancellation.cancel()
        if self.place.is_long:
            self.leave()
        self.answer.add_done_callback(self._ended)

    def _ended(self, answer: "asyncio.Future[Reply]") -> None:
        self.leave()
        if not answer.cancelled():
            answer.exception()  # nobody waits for it any more: what it raises is of no interest
