"""How a query process sees that its answer is nobody's any more: it sleeps until that is so."""

import os
import select
import socket
from typing import Final, NoReturn

_HUNG_UP: Final = getattr(select, "POLLRDHUP", 0) | select.POLLHUP
_BY_EPOLL: Final = hasattr(select, "epoll")
_LOOK: Final = None if _BY_EPOLL else 200
"""Without epoll, what is registered while it waits is seen the next time: in milliseconds."""


class ConnectionWatch:
    """Ends its process when the other end hangs up during a visit, or when the zygote is gone."""

    def __init__(self, life: int) -> None:
        """``life`` is the pipe that ends with the zygote."""
        self._life = life
        self._events = select.epoll() if _BY_EPOLL else select.poll()
        self._events.register(life, _HUNG_UP)
        self._connection: socket.socket | None = None
        self._is_suspect = False

    def add(self, line: socket.socket) -> None:
        """Watch a line that was taken."""
        self._is_suspect = False
        once = select.EPOLLET if _BY_EPOLL else 0
        self._events.register(line, _HUNG_UP | once)

    def remove(self, line: socket.socket) -> None:
        """Watch a line no longer; do so before it is closed."""
        self._events.unregister(line)

    def begin(self, line: socket.socket) -> None:
        """Note that a visit begins on a line."""
        self._connection = line
        if self._is_suspect:  # it hung up before its visit was seen
            self._end_if_hung_up()

    def end(self) -> None:
        """Note that no visit is under way."""
        self._connection = None

    def run(self) -> NoReturn:
        """Watch; to be called in a thread of its own."""
        while True:
            for descriptor, _ in self._events.poll(_LOOK):
                if descriptor == self._life:
                    os._exit(0)
                self._is_suspect = True
                self._end_if_hung_up()

    def _end_if_hung_up(self) -> None:
        """End if the other end hung up: what is heard of a descriptor may be of the line before."""
        connection = self._connection
        if connection is not None and _has_hung_up(connection):
            os._exit(0)


def _has_hung_up(connection: socket.socket) -> bool:
    poll = select.poll()
    try:
        poll.register(connection, _HUNG_UP)
        return any(event & _HUNG_UP for _, event in poll.poll(0))
    except (OSError, ValueError):
        return False  # the visit has just ended
