"""Whose turn it is among processes that wait for visits: his who has answered last.

His memory is his own already, and lies in the processor's cache. Whoever waits in ``accept`` is
woken in turn instead, so that each process copies the store in the end.
"""

import select
import socket
from typing import Final

from rallynov_graph.server.local_sockets import is_of_this_user

_ONCE: Final = select.EPOLLIN | select.EPOLLONESHOT if hasattr(select, "EPOLLONESHOT") else 0


class AcceptQueue:
    """A queue on which forked processes wait. Make it before they are forked."""

    def __init__(self, queue: socket.socket) -> None:
        queue.setblocking(False)
        self._queue = queue
        self._waiting = select.epoll() if _ONCE else None
        if self._waiting is not None:
            self._waiting.register(queue, _ONCE)

    @property
    def descriptors(self) -> frozenset[int]:
        """The descriptors that a process which waits has to keep."""
        own = set() if self._waiting is None else {self._waiting.fileno()}
        return frozenset({self._queue.fileno(), *own})

    def fileno(self) -> int:
        """Return the descriptor that is readable while somebody waits."""
        return self._queue.fileno()

    def call(self) -> None:
        """Wake one process to look whether somebody waits; no other is woken until it has looked.

        One that was killed while it looked calls nobody, so that this is to be done regularly.
        """
        if self._waiting is not None:
            self._waiting.modify(self._queue, _ONCE)

    def take(self) -> socket.socket:
        """Return the connection of who waits longest, as soon as somebody does."""
        while True:
            self._wait()
            try:
                connection, _ = self._queue.accept()
            except BlockingIOError:
                continue  # another process took it
            finally:
                self.call()
            if not is_of_this_user(connection):
                connection.close()
                continue
            connection.setblocking(True)
            return connection

    def _wait(self) -> None:
        if self._waiting is not None:
            self._waiting.poll()
        else:
            select.select([self._queue], [], [])
