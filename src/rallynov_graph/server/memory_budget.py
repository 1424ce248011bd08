"""The memory that all query processes may have together, and who has taken how much of it."""

import fcntl
import mmap
import os
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rallynov_graph.http.query_jobs import MEBIBYTE, Limits
from rallynov_graph.server import memory
from rallynov_graph.server.bell import Bell

SMALLEST: Final = 16 * MEBIBYTE
"""Less than this no query process can do with: its stacks take half of it."""
_LARGEST: Final = 256 * MEBIBYTE
_COPIED_MEANWHILE: Final = 64 * MEBIBYTE
"""What a processor can copy of the store between two looks at it."""
_CELL: Final = struct.Struct("qq")


class Budget:
    """How much each zygote has taken, for its query processes, of what all may have together.

    It lies in memory that all processes share, so it must be made before they fork. What is taken
    is never more than ``size`` but by what was copied unasked, for which room is left. Small
    things, such as a process that is ready, may take all of it; large ones leave a quarter.
    """

    def __init__(self, size: int, rows: int, processes: int) -> None:
        """Share ``size`` out among so many zygotes, with so many query processes a generation."""
        margin = min(size // 8, _COPIED_MEANWHILE * (os.cpu_count() or 1))
        self.size = size - margin
        self.share = max(SMALLEST, min(_LARGEST, self.size // (2 * max(1, processes))))
        """What each query process has from the start."""
        self._rows = rows
        self._bells = [Bell() for _ in range(rows)]
        self._cells = mmap.mmap(-1, self._rows * _CELL.size)
        self._lock = tempfile.TemporaryFile()  # noqa: SIM115 - as long as the budget is

    def ceiling(self, limits: Limits) -> int:
        """Return how much one query may have: alone, it is to get that."""
        return max(self.share, min(limits.memory, self.size // 2))

    def take(self, row: int, wanted: int, *, small: bool = False) -> int:
        """Reserve as much of what is wanted as there is; return how much that is."""
        with self._locked():
            got = max(0, min(wanted, self._left(small)))
            self._change(row, got)
        return got

    def left(self) -> int:
        """Return how much there is for what is large."""
        with self._locked():
            return max(0, self._left(small=False))

    def note(self, row: int, change: int) -> None:
        """Note what is taken already, or given back where it is below zero."""
        with self._locked():
            self._change(row, change)

    def bell(self, row: int) -> Bell:
        """Return what wakes a zygote that sleeps."""
        return self._bells[row]

    def lack(self, row: int, much: int) -> None:
        """Note how much a zygote could not take, so that others give back what they can."""
        taken, _ = self._of(row)
        _CELL.pack_into(self._cells, row * _CELL.size, taken, much)

    def wake_others(self, row: int) -> None:
        """Wake the other zygotes, which may sleep, to give back what they can."""
        for other, bell in enumerate(self._bells):
            if other != row:
                bell.ring()

    def clear(self, row: int) -> None:
        """Note that a zygote has ended, with its processes."""
        with self._locked():
            _CELL.pack_into(self._cells, row * _CELL.size, 0, 0)

    def taken(self) -> int:
        """Return how much is taken by all."""
        with self._locked():
            return self._taken()

    def over(self) -> int:
        """Return how much more is taken than there is."""
        return max(0, self.taken() - self.size)

    def lacking(self) -> int:
        """Return how much should be given back, by who can."""
        return max(self.over(), sum(self._of(row)[1] for row in range(self._rows)))

    def is_largest(self, row: int) -> bool:
        """Return whether no zygote has taken more."""
        return self._of(row)[0] == max(self._of(other)[0] for other in range(self._rows))

    def _of(self, row: int) -> tuple[int, int]:
        taken, lack = _CELL.unpack_from(self._cells, row * _CELL.size)
        return taken, lack

    def _left(self, small: bool) -> int:
        return self.size - self._taken() - (0 if small else self.size // 4)

    def _taken(self) -> int:
        return sum(self._of(row)[0] for row in range(self._rows))

    def _change(self, row: int, much: int) -> None:
        taken, lack = self._of(row)
        _CELL.pack_into(self._cells, row * _CELL.size, taken + much, lack)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Let nobody else take or give; the kernel unlocks it where a process ends meanwhile."""
        fcntl.lockf(self._lock, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.lockf(self._lock, fcntl.LOCK_UN)


def by_default() -> int:
    """Return half of what the machine has, or what the control groups of this process leave it."""
    return memory.of_machine() // 2
