"""How many query processes a queue has: one while nobody asks, more while visits come."""

from typing import Final

READY: Final = 1
"""So many are ready while nobody asks."""
REST: Final = 30.0
"""After so many seconds, those that were not needed meanwhile end."""
_AHEAD: Final = 2
"""So many are made ready for each that has a line: more visits seldom come at a time."""


class Crew:
    """The processes that one queue needs."""

    def __init__(self, most: int) -> None:
        self._most, self._wanted, self._at = most, READY, 0.0

    def wanted(self, lines: int, now: float) -> int:
        """Return how many are to be there: what the most lines of the last while needed."""
        needed = min(self._most, READY + _AHEAD * lines)
        if needed >= self._wanted or now - self._at >= REST:
            self._wanted, self._at = needed, now
        return self._wanted
