"""How the web server asks a query process, without waiting for it in vain."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, cast

from rallynov_graph.visits import HEAD, SLOT, Board, Limits, Outcome, Reply

_GRACE: Final = 5.0
"""So many seconds after its time limit, a process that says nothing is given up."""
_WATCH_AFTER: Final = 0.05
"""After so many seconds of waiting, it is watched whether the client is still there."""
_AUTOPSY: Final = 1.0
"""How many seconds the cause of a process's end may take to become known."""
_STEP: Final = 0.005

Gone = Callable[[], Awaitable[object]]
"""Waits until the client has gone."""


class Sandbox:
    """The query processes as the web server sees them."""

    def __init__(self, path: str, board: Board, limits: Limits) -> None:
        self._path, self._board, self.limits = path, board, limits

    async def ask(self, visit: bytes, gone: Gone) -> Reply | None:
        """Return what a visit's frame comes to, None when the client left before that."""
        loop = asyncio.get_running_loop()
        call = _Call(loop, visit)
        try:
            await loop.create_unix_connection(lambda: call, self._path)
        except (BlockingIOError, ConnectionError):
            return Reply(Outcome.BUSY)
        watching = loop.call_later(_WATCH_AFTER, call.watch, gone)
        waiting = loop.call_later(self.limits.wait, call.give_up_waiting)
        ending = loop.call_later(
            self.limits.wait + self.limits.seconds + _GRACE, call.finish, Reply(Outcome.BROKEN)
        )
        try:
            return await call.reply or await self._autopsy(call)
        finally:
            for handle in (watching, waiting, ending):
                handle.cancel()
            call.close()

    async def _autopsy(self, call: "_Call") -> Reply | None:
        """Return why there is no reply: what the process died of, None when the client left."""
        place = call.place
        if call.abandoned:
            return None
        for _ in range(int(_AUTOPSY / _STEP)):
            failure = None if place is None else self._board.failure(place)
            if failure is not None:
                return Reply(failure)
            await asyncio.sleep(_STEP)
        return Reply(Outcome.BROKEN)


class _Call(asyncio.Protocol):
    """One visit on its way: ``reply`` is done with the reply, or with None at its end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, frame: bytes) -> None:
        self.reply: asyncio.Future[Reply | None] = loop.create_future()
        self.place: int | None = None
        self.abandoned = False
        self._frame = frame
        self._transport: asyncio.Transport | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._received = bytearray()
        self._whole = -1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.write(self._frame)

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        if self.place is None:
            if len(received) < SLOT.size:
                return
            self.place = SLOT.unpack_from(received)[0]
        body = SLOT.size + HEAD.size
        if self._whole < 0 and len(received) >= body:
            self._whole = body + HEAD.unpack_from(received, SLOT.size)[-1]
        if len(received) == self._whole:
            view = memoryview(received)
            self.finish(Reply.read(bytes(view[SLOT.size : body]), bytes(view[body:])))

    def connection_lost(self, exc: Exception | None) -> None:
        self.finish(None)

    def finish(self, reply: Reply | None) -> None:
        if not self.reply.done():
            self.reply.set_result(reply)

    def give_up_waiting(self) -> None:
        if self.place is None:
            self.finish(Reply(Outcome.BUSY))

    def watch(self, gone: Gone) -> None:
        self._watcher = asyncio.ensure_future(self._watch(gone))

    async def _watch(self, gone: Gone) -> None:
        await gone()
        self.abandoned = True
        self.finish(None)

    def close(self) -> None:
        if self._watcher is not None:
            self._watcher.cancel()
        if self._transport is not None:
            self._transport.abort()
