"""Bars of counts: whole ticks, and the parts of each bar by certainty."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

MOST_TICKS: Final = 6
_STEPS: Final = (1, 2, 5)


@dataclass(frozen=True)
class BarPart:
    """A part of a bar: from where to where, in hundredths of the axis, and how sure it is."""

    certainty: str
    count: int
    start: float
    length: float


@dataclass(frozen=True)
class CountAxis:
    """An axis from zero to a whole number, with whole ticks."""

    end: int
    step: int

    @classmethod
    def up_to(cls, largest: int) -> CountAxis:
        """Return the axis with the smallest round step that needs few ticks."""
        power = 1
        while True:
            for step in _STEPS:
                if largest <= step * power * (MOST_TICKS - 1):
                    width = step * power
                    return cls(max(width, -(-largest // width) * width), width)
            power *= 10

    @property
    def ticks(self) -> tuple[tuple[float, int], ...]:
        """Where each tick stands, in hundredths, and its number."""
        return tuple((self.share(number), number) for number in range(0, self.end + 1, self.step))

    def share(self, count: int) -> float:
        """Return a count in hundredths of the axis."""
        return round(100 * count / self.end, 2)


def parts_of(
    axis: CountAxis, counts: Mapping[str, int], order: Sequence[str]
) -> tuple[BarPart, ...]:
    """Return the parts of a bar in an order, those of nothing left out."""
    parts, before = [], 0
    for name in order:
        count = counts.get(name, 0)
        if count:
            parts.append(BarPart(name, count, axis.share(before), axis.share(count)))
        before += count
    return tuple(parts)
