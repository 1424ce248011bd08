"""Visits under way at another server: a fair share of its places for each client.

As in the sandbox, a visit that has run for a while is long, and long ones are bounded, so that the
short ones of others always find a place. A server that was asked is not told to stop: the
connection is closed, and since many go on with the query all the same, what was given up counts
among its client's for as long as it might have run, unless the server is known to stop then.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from rallynov_graph.http.query_jobs import (
    LONG,
    LONG_AT_ONCE,
    LONG_OF_ONE,
    Limits,
    Outcome,
    QueryJob,
    Reply,
)
from rallynov_graph.server.worker_pool import Gone
from rallynov_graph.sparql.remote.cancellation import Cancellation

AT_ONCE: Final = 8
"""How many short visits one web process has under way at the server."""
_THREADS: Final = 4 * (AT_ONCE + LONG_AT_ONCE)
"""A few may be busy for a moment with what was given up."""
_GRACE: Final = 1.0
"""So many seconds after its time limit, a server that still talks is given up."""


class RelayJobs:
    """The visits that one web process has under way."""

    def __init__(self, limits: Limits, stops: Callable[[], bool] = lambda: False) -> None:
        """Bound visits; ``stops`` tells whether the server ends a query that nobody waits for."""
        self._limits, self._stops = limits, stops
        self._free = asyncio.Semaphore(AT_ONCE)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="relay")
        self._begun: set[int] = set()
        self._long: list[_RelayJob] = []
        self._given_up: Counter[int] = Counter()

    def has(self, visit: QueryJob) -> bool:
        """Return whether the server was asked a visit that is not done."""
        return id(visit) in self._begun

    async def done(self, visit: QueryJob, work: Callable[[], Reply], gone: Gone) -> Reply | None:
        """Return what the work for a visit comes to; None when its client left before that.

        Raises what the work raises.
        """
        if self._given_up[visit.client] >= LONG_OF_ONE:
            return Reply(Outcome.GREEDY)
        try:
            await asyncio.wait_for(self._free.acquire(), self._limits.wait)
        except TimeoutError:
            return Reply(Outcome.BUSY)
        self._begun.add(id(visit))
        job = _RelayJob(visit.client, self._free.release)
        job.begin(self._threads, work)
        try:
            return await self._answer(job, gone)
        finally:
            self._begun.discard(id(visit))
            self._end(job)

    async def _answer(self, job: "_RelayJob", gone: Gone) -> Reply | None:
        """Return the answer; who leaves is waited for until the visit is long, as it may not be."""
        leaving = asyncio.ensure_future(gone())
        try:
            await asyncio.wait((job.answer,), timeout=LONG)
            if not job.answer.done() and not leaving.done():
                self._become_long(job)
                await asyncio.wait(
                    (job.answer, job.refused, leaving),
                    timeout=self._limits.seconds + _GRACE - LONG,
                    return_when=asyncio.FIRST_COMPLETED,
                )
            if job.answer.done():
                return job.answer.result()
            if job.refused.done():
                return job.refused.result()
            return None if leaving.done() else Reply(Outcome.TOO_LONG)
        finally:
            leaving.cancel()

    def _become_long(self, job: "_RelayJob") -> None:
        """Count a visit as long, and end those by which long ones are too many.

        They are the youngest of who has the most.
        """
        job.give_place()
        self._long.append(job)
        having = Counter(one.client for one in self._long)
        if having[job.client] > LONG_OF_ONE:
            self._refuse(job.client, Outcome.GREEDY)
        elif len(self._long) > LONG_AT_ONCE:
            self._refuse(having.most_common(1)[0][0], Outcome.BUSY)

    def _refuse(self, client: int, outcome: Outcome) -> None:
        youngest = next(one for one in reversed(self._long) if one.client == client)
        self._long.remove(youngest)
        youngest.refused.set_result(Reply(outcome))

    def _end(self, job: "_RelayJob") -> None:
        if job in self._long:
            self._long.remove(job)
        if job.answer.done():
            job.give_place()
            return
        job.cancel()
        rest = job.begun + self._limits.seconds - time.monotonic()
        if rest > 0 and not self._stops():
            self._given_up[job.client] += 1
            asyncio.get_running_loop().call_later(rest, self._forget, job.client)

    def _forget(self, client: int) -> None:
        self._given_up[client] -= 1
        if not self._given_up[client]:
            del self._given_up[client]


class _RelayJob:
    """One visit at the server, from its place among the short ones to its end."""

    def __init__(self, client: int, leave: Callable[[], None]) -> None:
        self.client, self.begun = client, time.monotonic()
        self.refused: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        """What is told when the visit makes room for others."""
        self._leave: Callable[[], None] | None = leave
        self._cancellation = Cancellation()

    def begin(self, threads: ThreadPoolExecutor, work: Callable[[], Reply]) -> None:
        """Do the work in a thread."""

        def cancellable() -> Reply:
            with self._cancellation:
                return work()

        self.answer = asyncio.get_running_loop().run_in_executor(threads, cancellable)

    def give_place(self) -> None:
        """Pass the place among the short ones on to the next, once."""
        leave, self._leave = self._leave, None
        if leave is not None:
            leave()

    def cancel(self) -> None:
        """End the thread as soon as it can be; a short one keeps its place until then."""
        self._cancellation.cancel()
        self.answer.add_done_callback(self._ended)

    def _ended(self, answer: "asyncio.Future[Reply]") -> None:
        self.give_place()
        if not answer.cancelled():
            answer.exception()  # nobody waits for it any more: what it raises is of no interest
