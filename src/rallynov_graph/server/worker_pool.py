"""A web process's connections to its query processes: each stays for the visits that follow."""

import asyncio
import socket
import time
from collections.abc import Awaitable, Callable
from typing import Final, Protocol, cast

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import HEAD, QueryJob, Reply

_HEAD: Final = HEAD.size

Gone = Callable[[], Awaitable[object]]
"""Waits until the client has gone."""


Done = Callable[[Reply | Refused | None], None]
"""What is called with a reply, with why there is none, or with None when the client has left."""


class CallOwner(Protocol):
    """Sends calls, and passes on what comes of them."""

    def finished(self, call: "Call", reply: Reply | None) -> None:
        """Handle the reply to a call, or that there will be none."""
        ...

    def forget(self, call: "Call") -> None:
        """Want nothing for a call any more."""
        ...


class Client(Protocol):
    """Who waits for an answer."""

    is_lost: bool
    """Whether it is known that the client has gone."""

    async def departure(self) -> None:
        """Wait until the client has gone."""
        ...


class Staying:
    """Someone who does not leave, or of whom others see it."""

    is_lost = False

    async def departure(self) -> None:
        """Wait for ever."""
        await asyncio.Event().wait()


class Call:
    """A visit that is asked: its owner sees the reply once, or that there is none."""

    def __init__(
        self, visit: QueryJob, ticket: int, gone: Gone, done: Done, owner: "CallOwner"
    ) -> None:
        """Raise UnicodeEncodeError for what cannot be sent."""
        self.visit, self.ticket, self.frame = visit, ticket, visit.frame(ticket)
        self.begun = time.monotonic()
        self.line: Line | None = None
        self.has_place = False
        """Whether it counts among those that may be under way at a time."""
        self.abandoned = False
        """Whether the client has left."""
        self.is_done = False
        self._gone, self.done, self._owner = gone, done, owner
        self._watcher: asyncio.Task[None] | None = None

    def finish(self, reply: Reply | None) -> None:
        """Be done with this, if nothing came before."""
        if not self.is_done:
            self.is_done = True
            self._owner.finished(self, reply)

    def watch(self) -> None:
        """Be done as soon as the client has gone."""
        if self._watcher is None:
            self._watcher = asyncio.ensure_future(self._watch())

    async def _watch(self) -> None:
        await self._gone()
        self.abandoned = True
        self.finish(None)

    def end(self) -> None:
        """Want no reply any more, nor watch the client."""
        self.is_done = True
        self._owner.forget(self)
        if self._watcher is not None:
            self._watcher.cancel()
        if self.line is not None:
            self.line.hang_up(self)


class Line(asyncio.Protocol):
    """A connection to one query process. It carries one call at a time."""

    def __init__(
        self,
        replied: Callable[["Line", Call, Reply], None],
        ended: Callable[["Line", Call | None], None],
    ) -> None:
        """``replied`` is called with each reply, ``ended`` at the end, with a call without one."""
        self._replied, self._ended = replied, ended
        self._transport: asyncio.Transport | None = None
        self._call: Call | None = None
        self._received = bytearray()
        self._whole = 0

    def send(self, call: Call) -> None:
        """Send a call, now or as soon as there is a way to."""
        self._call, call.line = call, self
        if self._transport is not None:
            self._transport.write(call.frame)

    def hang_up(self, call: Call) -> None:
        """End the connection if a call is still on it: the process sees that, and ends."""
        if self._call is call:
            self._call = None
            if self._transport is not None:
                self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        if self._call is None:
            self._transport.abort()
        else:
            self._transport.write(self._call.frame)

    def data_received(self, data: bytes) -> None:
        received: bytes | bytearray = data
        if self._received or len(data) < _HEAD:
            self._received += data
            received = self._received
        if not self._whole and len(received) >= _HEAD:
            self._whole = _HEAD + HEAD.unpack_from(received)[-1]
        if len(received) != self._whole:
            if received is data:
                self._received += data
        elif self._call is not None:
            reply = Reply.read(received, bytes(memoryview(received)[_HEAD:]))
            call, self._call = self._call, None
            self._received, self._whole = bytearray(), 0
            self._replied(self, call, reply)

    def connection_lost(self, exc: Exception | None) -> None:
        call, self._call = self._call, None
        self._ended(self, call)


def connected(address: str) -> socket.socket:
    """Return a connection to a queue of query processes; BlockingIOError: it is full."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.setblocking(False)
    try:
        connection.connect(address)
    except BaseException:
        connection.close()
        raise
    return connection
