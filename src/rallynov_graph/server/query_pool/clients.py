"""Who waits for an answer, and what becomes of it when they leave."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, Protocol, TypeVar

from rallynov_graph.http.query_jobs import Limits, QueryJob, Reply

Answer = TypeVar("Answer")
_WATCH_AFTER: Final = 0.05
"""After so many seconds of waiting, it is watched whether the client is still there."""


class Client(Protocol):
    """Who waits for an answer."""

    is_lost: bool
    """Whether it is known that the client has gone."""

    async def departure(self) -> None:
        """Wait until the client has gone."""
        ...


class QueryRunner(Protocol):
    """Who has a visitor's query answered, here or elsewhere."""

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        ...

    async def ask(self, job: QueryJob) -> Reply:
        """Return what a query comes to; raise Refused. A task that is cancelled ends the query.

        Raises UnicodeEncodeError for what cannot be sent.
        """
        ...


async def unless_left(work: Coroutine[Any, Any, Answer], client: Client) -> Answer | None:
    """Return what work comes to; None when its client has left, which ends it."""
    task, loop = asyncio.current_task(), asyncio.get_running_loop()
    assert task is not None
    watcher: asyncio.Task[None] | None = None
    has_left = False

    async def cancel_when_left() -> None:
        nonlocal has_left
        await client.departure()
        has_left = True
        task.cancel()

    def watch() -> None:
        nonlocal watcher
        watcher = loop.create_task(cancel_when_left())

    timer = loop.call_later(_WATCH_AFTER, watch)
    try:
        return await work
    except asyncio.CancelledError:
        if has_left and not task.uncancel():
            return None
        raise
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
