"""Projections of coordinates and of dates onto a drawing; pure functions of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import cos, floor, hypot, log10, radians
from typing import Final

KM_PER_DEGREE: Final = 111.195
"""The length of a degree of latitude on a sphere of the earth's mean radius, 6,371 km."""
LEAST_KM: Final = 20.0
"""A map is at least so wide; it is as high as its places are apart."""
TALLEST: Final = 1.25
"""The most that a map is high, as a part of its width."""
MOST_TICKS: Final = 14

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""


@dataclass(frozen=True)
class Projection:
    """An equirectangular projection: a degree of longitude is shortened by the cosine of the
    middle latitude, so that lengths are true there; good for a region, not for a continent."""

    west: float
    north: float
    cosine: float
    scale: float
    """How many units of the drawing a kilometre is."""
    margin: float
    above: float
    """The margin above and below."""
    width: float
    height: float

    @classmethod
    def fitted(
        cls, points: Sequence[Point], width: float, margin: float, above: float | None = None
    ) -> Projection:
        """Return the projection in which the points fill a drawing of this width, or its height."""
        latitudes, longitudes = [p[0] for p in points], [p[1] for p in points]
        middle_latitude = (min(latitudes) + max(latitudes)) / 2
        middle_longitude = (min(longitudes) + max(longitudes)) / 2
        cosine = max(cos(radians(middle_latitude)), 0.01)
        wide = max((max(longitudes) - min(longitudes)) * cosine * KM_PER_DEGREE, LEAST_KM)
        high = (max(latitudes) - min(latitudes)) * KM_PER_DEGREE
        above = margin if above is None else above
        scale = (width - 2 * margin) / wide
        if high * scale > TALLEST * width - 2 * above:
            scale = (TALLEST * width - 2 * above) / high
        across = (width - 2 * margin) / scale
        return cls(
            middle_longitude - across / 2 / cosine / KM_PER_DEGREE,
            middle_latitude + high / 2 / KM_PER_DEGREE,
            cosine,
            scale,
            margin,
            above,
            width,
            high * scale + 2 * above,
        )

    def place(self, point: Point) -> tuple[float, float]:
        """Return where a point is drawn, counted from the left and from the top."""
        latitude, longitude = point
        across = (longitude - self.west) * self.cosine * KM_PER_DEGREE * self.scale
        down = (self.north - latitude) * KM_PER_DEGREE * self.scale
        return round(across + self.margin, 1), round(down + self.above, 1)

    def km(self, first: Point, second: Point) -> float:
        """Return how far apart two points are drawn, in kilometres."""
        (x1, y1), (x2, y2) = self.place(first), self.place(second)
        return hypot(x2 - x1, y2 - y1) / self.scale


def round_length(longest: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20 … that is no longer than this one."""
    power: float = 10 ** floor(log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest)


@dataclass(frozen=True)
class Axis:
    """A time axis from the first day of a month to the last of another."""

    start: date
    end: date
    left: float
    width: float

    @classmethod
    def around(cls, days: Sequence[date], left: float, width: float) -> Axis:
        """Return the axis of the months in which the days lie."""
        first, last = min(days), max(days)
        return cls(first.replace(day=1), _next_month(last), left, width)

    def place(self, day: date) -> float:
        """Return where a day is drawn, counted from the left."""
        share = (day - self.start).days / (self.end - self.start).days
        return round(self.left + share * self.width, 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return the x and the name of each month; of years, or some years, where they are many."""
        months = [self.start]
        while (following := _next_month(months[-1])) < self.end:
            months.append(following)
        if len(months) <= MOST_TICKS:
            return tuple((self.place(m), f"{m:%Y-%m}") for m in months)
        years = [m for m in months if m.month == 1]
        every = -(-len(years) // MOST_TICKS) or 1
        return tuple((self.place(y), f"{y:%Y}") for y in years[::every])


def _next_month(day: date) -> date:
    if (day.year, day.month) == (date.max.year, 12):
        return date.max
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)
