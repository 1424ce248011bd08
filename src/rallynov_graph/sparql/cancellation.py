"""Requests to a remote server that can be cancelled from another thread."""

import os
import socket
from contextlib import suppress
from contextvars import ContextVar
from threading import Lock
from types import TracebackType
from typing import Final, Self

_CURRENT: Final = ContextVar["Cancellation | None"]("cancellation", default=None)


class Cancellation:
    """Ends the requests that a thread sends within the block: their connection is shut.

    A thread that waits for the server then gets an OSError, or the end of the answer.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._connection: socket.socket | None = None
        self.is_cancelled = False

    def __enter__(self) -> Self:
        self._token = _CURRENT.set(self)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        _CURRENT.reset(self._token)
        with self._lock:
            self._close_connection()

    def cancel(self) -> None:
        """Shut the current connection, and every later one."""
        with self._lock:
            self.is_cancelled = True
            if self._connection is not None:
                with suppress(OSError):  # the server has closed it meanwhile
                    self._connection.shutdown(socket.SHUT_RDWR)

    def watch(self, connection: socket.socket) -> None:
        """Record the connection of a request; raise ConnectionAbortedError if it is cancelled.

        The descriptor is one of our own, which nobody else closes: the number of one that was
        closed may be another connection's by now.
        """
        with self._lock:
            self._close_connection()
            if self.is_cancelled:
                raise ConnectionAbortedError("the request was given up")
            self._connection = socket.socket(fileno=os.dup(connection.fileno()))

    def _close_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def watch(connection: socket.socket) -> None:
    """Have the current cancellation, if there is one, shut this connection."""
    current = _CURRENT.get()
    if current is not None:
        current.watch(connection)
