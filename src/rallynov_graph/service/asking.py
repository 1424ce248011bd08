"""How the web server asks a query process, without waiting for it in vain."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from typing import Final, Protocol, cast

from rallynov_graph.http.visits import HEAD, Board, Limits, Outcome, Reply, Visit

_GRACE: Final = 5.0
"""So many seconds after its time limit, a process that says nothing is given up."""
_WATCH_AFTER: Final = 0.05
"""After so many seconds of waiting, it is watched whether the client is still there."""
_AUTOPSY: Final = 1.0
"""How many seconds the cause of a process's end may take to become known."""
_STEP: Final = 0.005

Gone = Callable[[], Awaitable[object]]
"""Waits until the client has gone."""


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
    """The query processes as the web server sees them."""

    def __init__(self, address: str, board: Board, limits: Limits) -> None:
        self._address, self.board, self._limits = address, board, limits
        self._tickets = count(os.getpid() << 32 | 1)
        self._under_way: dict[int, int] = {}

    @property
    def limits(self) -> Limits:
        """What one query may use."""
        return self._limits

    async def ask(self, visit: Visit, gone: Gone) -> Reply | None:
        """Return what a visit comes to, None when the client left before that.

        Raises UnicodeEncodeError for what cannot be sent.
        """
        loop = asyncio.get_running_loop()
        ticket = next(self._tickets)
        call = _Call(loop, visit.frame(ticket))
        self._under_way[id(visit)] = ticket
        try:
            return await self._answered(loop, call, ticket, gone)
        finally:
            del self._under_way[id(visit)]

    def has_taken(self, visit: Visit) -> bool:
        """Tell whether a query process has taken a visit that was asked."""
        ticket = self._under_way.get(id(visit))
        return ticket is not None and self.board.place_of(ticket) is not None

    async def _answered(
        self, loop: asyncio.AbstractEventLoop, call: "_Call", ticket: int, gone: Gone
    ) -> Reply | None:
        try:
            connection = self._connected()
            call.begin(connection)
            await loop.create_unix_connection(lambda: call, sock=connection)
        except (BlockingIOError, ConnectionError):
            return Reply(Outcome.BUSY)
        handles = (
            loop.call_later(_WATCH_AFTER, call.watch, gone),
            loop.call_later(self.limits.wait, self._stop_waiting, call, ticket),
            loop.call_later(
                self.limits.wait + self.limits.seconds + _GRACE, call.finish, Reply(Outcome.BROKEN)
            ),
        )
        try:
            return await call.reply or await self._autopsy(call, ticket)
        finally:
            for handle in handles:
                handle.cancel()
            call.close()

    def _connected(self) -> socket.socket:
        """Return a connection to the queue of the query processes; BlockingIOError: it is full."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.setblocking(False)
        try:
            connection.connect(self._address)
        except BaseException:
            connection.close()
            raise
        return connection

    def _stop_waiting(self, call: "_Call", ticket: int) -> None:
        """End a call that no process has taken so far."""
        if self.board.place_of(ticket) is None:
            call.finish(Reply(Outcome.BUSY))

    async def _autopsy(self, call: "_Call", ticket: int) -> Reply | None:
        """Return why there is no reply: what the process died of, None when the client left."""
        if call.abandoned:
            return None
        for _ in range(int(_AUTOPSY / _STEP)):
            failure = self.board.failure(ticket)
            if failure is not None:
                return Reply(failure)
            await asyncio.sleep(_STEP)
        return Reply(Outcome.BROKEN)


class _Call(asyncio.Protocol):
    """One visit on its way: ``reply`` is done with the reply, or with None at its end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, frame: bytes) -> None:
        self.reply: asyncio.Future[Reply | None] = loop.create_future()
        self.abandoned = False
        self._frame = frame
        self._transport: asyncio.Transport | None = None
        self._watcher: asyncio.Task[None] | None = None
        self._received = bytearray()
        self._whole = -1

    def begin(self, connection: socket.socket) -> None:
        """Send what can be sent at once: the process that is woken finds it there."""
        with suppress(BlockingIOError, ConnectionError):
            self._frame = self._frame[connection.send(self._frame) :]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._frame:
            self._transport.write(self._frame)

    def data_received(self, data: bytes) -> None:
        received = self._received
        received += data
        if self._whole < 0 and len(received) >= HEAD.size:
            self._whole = HEAD.size + HEAD.unpack_from(received)[-1]
        if len(received) == self._whole:
            view = memoryview(received)
            self.finish(Reply.read(bytes(view[: HEAD.size]), bytes(view[HEAD.size :])))

    def connection_lost(self, exc: Exception | None) -> None:
        self.finish(None)

    def finish(self, reply: Reply | None) -> None:
        if not self.reply.done():
            self.reply.set_result(reply)

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
