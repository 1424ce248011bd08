"""What can be undone and done again: it follows from the file, so it outlasts the process."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rallynov_graph.desk.acts import FilesSeen, Opened, Recorded, Settled, Undone

_NOT_UNDONE: Final = Opened | FilesSeen | Settled


@dataclass(frozen=True)
class Gesture:
    """Acts that were done together, and are undone together."""

    acts: tuple[Recorded, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        """Where they stand."""
        return tuple(it.line for it in self.acts)

    def undoing(self) -> list[Undone]:
        """Return the acts that undo it."""
        return [Undone(line) for line in reversed(self.lines)]


@dataclass(frozen=True)
class Undoable:
    """The gestures that count, and those that were undone, the next one of each at the end."""

    done: tuple[Gesture, ...] = ()
    undone: tuple[tuple[Gesture, Gesture], ...] = ()
    """Each with the gesture that undid it."""

    def after(self, gesture: Gesture) -> Undoable:
        """Return what can be undone after a further gesture."""
        if all(isinstance(it.act, Undone) for it in gesture.acts):
            return self._after_undoing(gesture)
        is_of_desk = gesture.acts[0].begins  # the first line of a file begins what follows it
        if not is_of_desk or any(isinstance(it.act, _NOT_UNDONE) for it in gesture.acts):
            return self
        return Undoable((*self.done, gesture), ())

    def _after_undoing(self, gesture: Gesture) -> Undoable:
        targets = {it.act.line for it in gesture.acts if isinstance(it.act, Undone)}
        redone = [pair for pair in self.undone if targets & {*pair[1].lines}]
        undone = [it for it in self.done if targets & {*it.lines}]
        return Undoable(
            (*(it for it in self.done if it not in undone), *(it for it, _ in redone)),
            (
                *(pair for pair in self.undone if pair not in redone),
                *((it, gesture) for it in reversed(undone)),
            ),
        )


def gestures(acts: Iterable[Recorded]) -> list[Gesture]:
    """Return acts by what was done together."""
    number = 0

    def numbered(it: Recorded) -> int:
        nonlocal number
        number += it.begins
        return number

    return [Gesture(tuple(group)) for _, group in groupby(acts, numbered)]


def undoable(acts: Sequence[Recorded]) -> Undoable:
    """Return what can be undone of the acts in a file, and done again."""
    found = Undoable()
    for gesture in gestures(acts):
        found = found.after(gesture)
    return found
