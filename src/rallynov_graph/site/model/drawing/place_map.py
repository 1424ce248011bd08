"""A map of places to scale: close ones share a sign, and names do not overlap.

Positions are in hundredths of the map, sizes of signs and letters in pixels, so that a browser
draws both correctly at each width. Names are placed where they fit on a narrow telephone; on wider
maps, signs are only farther apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, floor, hypot, log10, radians
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import decimal, number
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.drawing.names import Box, Room, shortened, text_width
from rallynov_graph.site.model.nodes import GraphView

KM_PER_DEGREE: Final = 111.195
"""The length of a degree of latitude on a sphere of the earth's mean radius, 6,371 km."""
LEAST_KM: Final = 20.0
"""A map is at least so wide; it is as high as its places are apart."""
TALLEST: Final = 1.25
"""The most that a map is high, as a part of its width."""

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
    width: float
    height: float

    @classmethod
    def fitted(cls, points: Sequence[Point], width: float, margin: float) -> Projection:
        """Return the projection in which the points fill a drawing of this width, or its height."""
        latitudes, longitudes = [p[0] for p in points], [p[1] for p in points]
        middle_latitude = (min(latitudes) + max(latitudes)) / 2
        middle_longitude = (min(longitudes) + max(longitudes)) / 2
        cosine = max(cos(radians(middle_latitude)), 0.01)
        wide = max((max(longitudes) - min(longitudes)) * cosine * KM_PER_DEGREE, LEAST_KM)
        high = (max(latitudes) - min(latitudes)) * KM_PER_DEGREE
        scale = (width - 2 * margin) / wide
        if high * scale > TALLEST * width - 2 * margin:
            scale = (TALLEST * width - 2 * margin) / high
        across = (width - 2 * margin) / scale
        return cls(
            middle_longitude - across / 2 / cosine / KM_PER_DEGREE,
            middle_latitude + high / 2 / KM_PER_DEGREE,
            cosine,
            scale,
            margin,
            width,
            high * scale + 2 * margin,
        )

    def place(self, point: Point) -> tuple[float, float]:
        """Return the position of a point, from the left and from the top."""
        latitude, longitude = point
        across = (longitude - self.west) * self.cosine * KM_PER_DEGREE * self.scale
        down = (self.north - latitude) * KM_PER_DEGREE * self.scale
        return round(across + self.margin, 1), round(down + self.margin, 1)


def round_length(longest: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20 … that is no longer than this one."""
    power: float = 10 ** floor(log10(longest))
    return max(step * power for step in (1, 2, 5) if step * power <= longest)


def points_of(view: GraphView, things: Iterable[NamedNode]) -> dict[str, tuple[Point, ...]]:
    """Return the points of the things that have some, by IRI."""
    found: dict[str, tuple[Point, ...]] = {}
    for thing, *numbers in view.queries.rows("points_of_things", thing=things).rows:
        point = point_of(*numbers)
        if isinstance(thing, NamedNode) and point is not None:
            found[thing.value] = (*found.get(thing.value, ()), point)
    return found


def point_of(latitude: Term | None, longitude: Term | None) -> Point | None:
    """Return the point of two literals, None if they are not coordinates on earth."""
    north, east = degrees(latitude), degrees(longitude)
    if north is None or east is None or not (abs(north) <= 90 and abs(east) <= 180):
        return None
    return north, east


def degrees(term: Term | None) -> float | None:
    """Return the number in a literal, or None."""
    try:
        return float(term.value) if isinstance(term, Literal) else None
    except ValueError:
        return None


NARROW: Final = 280
"""How many pixels wide the narrowest telephone shows a map."""
MARGIN: Final = 36
_WIDER: Final = (1.0, 1.6, 2.2)
"""How many times as wide a map is looked at."""
_CLOSE: Final = 26.0
"""Places nearer than this on the narrowest map share a sign: a finger cannot separate them."""
_LETTERS: Final = (15.0, 13.0)
"""The sizes of letters: a little more than they are painted in, as names are bold."""
_LINE: Final = 16
_GAP: Final = 6
_PAPER: Final = 12
_ASCENT: Final = 12

Reach = Callable[[int, int], tuple[float, float]]
"""Returns the extent, in pixels, of a sign with a number of things to each side and up; the second
number is that of the largest sign."""


@dataclass(frozen=True)
class MapPlace:
    """A place to draw: its name, how many things are there."""

    point: Point
    name: str
    things: int = 1


@dataclass(frozen=True)
class MapName:
    """Lines of text beside a sign, with the first one's position relative to the sign's middle."""

    x: float
    y: float
    side: str
    """The text anchor: start, middle or end."""
    lines: tuple[str, ...]


@dataclass(frozen=True)
class MapSign:
    """Places that are one sign: which, by their numbers, the one of most things first."""

    left: float
    top: float
    reach: float
    """Its extent to each side."""
    members: tuple[int, ...]
    things: int
    name: MapName | None
    """Nothing if it has no room."""


@dataclass(frozen=True)
class PlaceMap:
    """Places to scale, north at the top."""

    height: float
    """As a part of the width, in hundredths."""
    signs: tuple[MapSign, ...]
    bar: float
    """The length of the scale bar."""
    bar_km: str


def place_map(places: Sequence[MapPlace], reach: Reach, language: str) -> PlaceMap | None:
    """Return the map of some places; None if there are none."""
    if not places:
        return None
    projection = Projection.fitted([place.point for place in places], NARROW, MARGIN)
    spots = [projection.place(place.point) for place in places]
    groups = _groups(spots, [place.things for place in places])
    totals = [sum(places[member].things for member in group) for group in groups]
    reaches = [reach(total, max(totals)) for total in totals]
    middles = [spots[group[0]] for group in groups]
    names = [*_names(places, groups, middles, reaches, projection.height)]
    above, height = _used(middles, reaches, names)
    km = round_length(NARROW / 4 / projection.scale)
    return PlaceMap(
        _share(height, NARROW),
        tuple(
            MapSign(_share(x, NARROW), _share(y - above, height), across, group, total, name)
            for (x, y), (across, _), group, total, name in zip(
                middles, reaches, groups, totals, names, strict=True
            )
        ),
        _share(km * projection.scale, NARROW),
        number(int(km), language) if km >= 1 else decimal(f"{km:g}", language),
    )


def _used(
    middles: Sequence[tuple[float, float]],
    reaches: Sequence[tuple[float, float]],
    names: Sequence[MapName | None],
) -> tuple[float, float]:
    """Return the top and the height of the drawn part, with a margin."""
    tops, ends = [], []
    for (_, y), (_, up), name in zip(middles, reaches, names, strict=True):
        tops += [y - up, y + name.y - _ASCENT] if name else [y - up]
        ends += [y + up, y + name.y - _ASCENT + _LINE * len(name.lines)] if name else [y + up]
    above = min(tops) - _PAPER
    return above, max(ends) + _PAPER - above


def _share(length: float, whole: float) -> float:
    return round(100 * length / whole, 2)


def _groups(spots: Sequence[tuple[float, float]], things: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the places that are one sign, those with most things first."""
    groups: list[list[int]] = []
    for place in sorted(range(len(spots)), key=lambda place: (-things[place], place)):
        x, y = spots[place]
        close = (
            group
            for group in groups
            if hypot(x - spots[group[0]][0], y - spots[group[0]][1]) < _CLOSE
        )
        group = next(close, None)
        if group is None:
            groups.append([place])
        else:
            group.append(place)
    return [tuple(group) for group in groups]


def _names(
    places: Sequence[MapPlace],
    groups: Sequence[tuple[int, ...]],
    middles: Sequence[tuple[float, float]],
    reaches: Sequence[tuple[float, float]],
    height: float,
) -> Iterator[MapName | None]:
    """Yield the name of each sign at a place without other signs or names at any width."""
    rooms = [(times, Room(round(NARROW * times), round(height * times))) for times in _WIDER]
    for (x, y), (across, up) in zip(middles, reaches, strict=True):
        for times, room in rooms:
            room.take(_around(x * times, y * times, across, up))
    for group, (x, y), sizes in zip(groups, middles, reaches, strict=True):
        ways = _ways(_lines(places, group), *sizes)
        yield next((name for name, box in ways if _takes(rooms, box, x, y)), None)


def _around(x: float, y: float, across: float, up: float) -> Box:
    return Box(x - across, y - up, x + across, y + up)


def _takes(rooms: Sequence[tuple[float, Room]], box: Box, x: float, y: float) -> bool:
    """Return whether a box beside a place has room at each width, which it then takes."""
    boxes = [
        Box(
            x * times + box.left, y * times + box.top, x * times + box.right, y * times + box.bottom
        )
        for times, _ in rooms
    ]
    if not all(room.has(it) for (_, room), it in zip(rooms, boxes, strict=True)):
        return False
    for (_, room), it in zip(rooms, boxes, strict=True):
        room.take(it)
    return True


def _lines(places: Sequence[MapPlace], group: tuple[int, ...]) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(places[member].name for member in group))
    more = f" + {len(names) - 1}" if len(names) > 1 else ""
    return (shortened(names[0] + more),)


def _ways(lines: tuple[str, ...], across: float, up: float) -> Iterator[tuple[MapName, Box]]:
    """Yield the possible places of a name around its sign; the last one has its first line only."""
    sizes = zip(lines, _LETTERS, strict=False)
    width, high = max(text_width(line, size) for line, size in sizes), _LINE * len(lines)
    beside = (("start", across + _GAP), ("end", -across - _GAP))
    over = (("middle", 0.0), ("end", across), ("start", -across))
    heights = (-high / 2, _LINE / 2 - high, -_LINE / 2)
    outside = (-up - _GAP / 2 - high, up + _GAP / 2)
    for side, x, top in (
        *((*way, heights[0]) for way in beside),
        *((*way, top) for top in heights[1:] for way in beside),
        *((*way, top) for way in over for top in outside),
    ):
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[side]
        box = Box(left, top, left + width, top + high)
        yield MapName(round(x, 1), round(top + _ASCENT, 1), side, lines), box
    if len(lines) > 1:
        yield from _ways(lines[:1], across, up)
