"""Long answers that wait for clients to take them: a share of the memory for each client."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import MEBIBYTE

MOST: Final = 256 * MEBIBYTE
"""How many bytes of long answers may wait for clients to take them, in one process."""
OF_ONE: Final = MOST // 4
"""How many of them may be one client's; one answer may be longer, if he has no other."""
_SHORT: Final = MEBIBYTE
_SLOW: Final = "You have long answers that you have not taken yet; ask again when you have them."
_FULL: Final = "Too many long answers wait for others; ask again in a moment."


class Deliveries:
    """The long answers of one process that are being sent."""

    def __init__(self, most: int = MOST, of_one: int = OF_ONE) -> None:
        self._most, self._of_one = most, of_one
        self._held = 0
        self._of: Counter[int] = Counter()

    @contextmanager
    def of(self, client: int, size: int) -> Iterator[None]:
        """Count an answer to a client while it is sent.

        Raises Refused where he has too much to take already, or all have.
        """
        if size <= _SHORT:
            yield
            return
        if self._of[client] and self._of[client] + size > self._of_one:
            raise Refused(429, _SLOW)
        if self._held + size > self._most:
            raise Refused(503, _FULL)
        self._held += size
        self._of[client] += size
        try:
            yield
        finally:
            self._held -= size
            self._of[client] -= size
            if not self._of[client]:
                del self._of[client]
