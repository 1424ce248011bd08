"""What wakes a process that sleeps until somebody needs it."""

import os
from contextlib import suppress
from typing import Final

_MUCH: Final = 1 << 16


class Bell:
    """Heard by one process, rung by any that was forked after it was made."""

    def __init__(self) -> None:
        self._hears, self._rings = os.pipe()
        os.set_blocking(self._hears, False)
        os.set_blocking(self._rings, False)

    @property
    def ringing(self) -> int:
        """The descriptor that a process which only rings has to keep."""
        return self._rings

    def fileno(self) -> int:
        """Return the descriptor that is readable once it was rung."""
        return self._hears

    def ring(self) -> None:
        """Wake who hears it, now or as soon as he sleeps; without him, do nothing."""
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(self._rings, b".")

    def silence(self) -> None:
        """Forget that it was rung."""
        with suppress(BlockingIOError):
            os.read(self._hears, _MUCH)
