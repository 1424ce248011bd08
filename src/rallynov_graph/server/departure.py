"""Seeing that a client has left, where nothing more is read of it.

To TCP, a client that has left and one that only has nothing more to send look alike: both close
their sending side. The second waits for its answer. An interim answer tells them apart, which every
client of HTTP/1.1 passes over: the system of one that has left refuses it.
"""

import asyncio
import select
from typing import Final, Protocol

_LOOK: Final = 0.1
"""It is looked every so many seconds."""
_FIRST: Final = 0.2
"""A request has been under way for so many seconds before a client is tried; then twice as long."""
_NO_MORE: Final = getattr(select, "POLLRDHUP", 0)
_GONE: Final = select.POLLHUP | select.POLLERR


class Watched(Protocol):
    """A connection of which nothing more is read while it is answered."""

    transport: asyncio.Transport
    is_half_closed: bool
    """Whether it was read to its end."""

    def is_answering(self) -> bool:
        """Return whether the client waits for an answer."""
        ...

    def try_client(self) -> None:
        """Send something that a client passes over, where that is possible."""
        ...


class DepartureWatch:
    """Closes a connection when its client has left, as long as it is being answered."""

    def __init__(self, connection: Watched, loop: asyncio.AbstractEventLoop) -> None:
        self._connection, self._loop = connection, loop
        self._poll = select.poll()
        socket = connection.transport.get_extra_info("socket")
        self._poll.register(socket.fileno(), _NO_MORE)
        self._since = loop.time()
        self._next_try = self._since + _FIRST
        self._timer: asyncio.TimerHandle | None = loop.call_later(_LOOK, self._look)

    @property
    def is_over(self) -> bool:
        """Whether it looks no more."""
        return self._timer is None

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        connection, self._timer = self._connection, None
        if connection.transport.is_closing() or not connection.is_answering():
            return
        event = sum(event for _, event in self._poll.poll(0))
        if event & _GONE:
            connection.transport.abort()
            return
        now = self._loop.time()
        if now >= self._next_try and (connection.is_half_closed or event & _NO_MORE):
            connection.try_client()
            self._next_try = now + (now - self._since)
        self._timer = self._loop.call_later(_LOOK, self._look)
