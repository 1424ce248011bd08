"""The slots in which views of documents are served: what all processes know of each.

It lies in memory that they share, so it must be made before they fork.
"""

import mmap
import struct
import time
from enum import IntEnum
from typing import Final, NamedTuple

SLOTS: Final = 3
"""How many views are served at once."""
_STAGE: Final = struct.Struct("q")
_USED: Final = struct.Struct("d")
_WIDTH: Final = _STAGE.size + _USED.size


class Stage(IntEnum):
    """How far a view is."""

    NONE = 0
    BUILDING = 1
    SERVED = 2
    ENDING = 3
    """It makes room for another one."""


class Why(IntEnum):
    """Why a view is not served."""

    BUILDING = 0
    """It will be in a moment."""
    FULL = 1
    """As many as there are slots are being read."""
    NO_MEMORY = 2
    """Visitors' queries have all the memory that there is for views."""
    TOO_LARGE = 3
    """It does not fit into the memory of a view."""
    NOTHING = 4
    """Nothing is stated from its document alone."""
    BROKEN = 5
    """It could not be built, or nobody answers for the views."""


class ViewName(NamedTuple):
    """Which view is meant."""

    release: int
    """The place of its release among those that are served."""
    document: str
    """The IRI of its document."""


class SlotBoard:
    """The stage of each slot, and when somebody last asked for its view."""

    def __init__(self) -> None:
        self._cells = mmap.mmap(-1, SLOTS * _WIDTH)

    def set(self, slot: int, stage: Stage) -> None:
        """Note a stage; it counts as a use."""
        _STAGE.pack_into(self._cells, slot * _WIDTH, stage)
        self.use(slot)

    def use(self, slot: int) -> None:
        """Note that somebody asks for the view; several may do so, and none changes its stage."""
        _USED.pack_into(self._cells, slot * _WIDTH + _STAGE.size, time.monotonic())

    def stage(self, slot: int) -> Stage:
        """Return how far the view of a slot is."""
        return Stage(_STAGE.unpack_from(self._cells, slot * _WIDTH)[0])

    def used(self, slot: int) -> float:
        """Return when its view was used last, as the monotonic clock has it."""
        used: float = _USED.unpack_from(self._cells, slot * _WIDTH + _STAGE.size)[0]
        return used
