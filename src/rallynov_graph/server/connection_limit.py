"""How many connections a process holds: those that wait for nothing make room for others."""

import sys
from typing import Final, Protocol

from rallynov_graph.server.complaints import complain

_LEAVING: Final = 16
"""So many refused clients are given the time to read why."""


class Held(Protocol):
    """A connection that is counted."""

    def make_room(self) -> None:
        """Close, as there is another that needs the place."""
        ...

    def abort(self) -> None:
        """Close at once, whether the client has read what it was told or not."""
        ...


class ConnectionLimit:
    """The connections of one process, of which the longest idle end where there are too many."""

    def __init__(self, most: int = sys.maxsize) -> None:
        self._most = most
        self._held: set[Held] = set()
        self._waiting: dict[Held, None] = {}
        self._refused: dict[Held, None] = {}

    def admit(self, connection: Held) -> bool:
        """Count a new connection; tell whether there is room for it."""
        if len(self._held) >= self._most:
            complain(
                f"{self._most} connections are open, as many as this process may hold: idle ones "
                "are closed, others refused. More descriptors (ulimit -n, LimitNOFILE) allow more."
            )
            if not self._waiting:
                return False
            longest = next(iter(self._waiting))
            self.forget(longest)
            longest.make_room()
        self._held.add(connection)
        self._waiting[connection] = None
        return True

    def refuse(self, connection: Held) -> None:
        """Note a connection that is told why it is refused, and will close soon."""
        self._refused[connection] = None
        if len(self._refused) > _LEAVING:
            longest = next(iter(self._refused))
            del self._refused[longest]
            longest.abort()

    def is_idle(self, connection: Held) -> None:
        """Note that a connection waits for a request, since now."""
        if connection in self._held:
            self._waiting.pop(connection, None)
            self._waiting[connection] = None

    def is_busy(self, connection: Held) -> None:
        """Note that a connection waits for an answer."""
        self._waiting.pop(connection, None)

    def forget(self, connection: Held) -> None:
        """Count a connection no more."""
        self._held.discard(connection)
        self._waiting.pop(connection, None)
        self._refused.pop(connection, None)
