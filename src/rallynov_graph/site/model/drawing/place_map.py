"""A map of places to scale: close ones share a sign, and names do not overlap.

Positions are in hundredths of the map, sizes of signs and letters in pixels, so that a browser
draws both correctly at each width. Names are placed where they fit on a narrow telephone; on wider
maps, signs are only farther apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, floor, hypot, log10, radians, sqrt
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
_LETTERS: Final = 15.0
"""The size of letters: a little more than they are painted in, as names are bold."""
_LINE: Final = 16
_GAP: Final = 6
_PAPER: Final = 12
_ASCENT: Final = 12
_LEAST_RADIUS: Final = 12.0
"""A ring that a finger hits, with room for two digits."""
_MOST_RADIUS: Final = 20.0
_FEW: Final = 8


@dataclass(frozen=True)
class MapPlace:
    """A place to draw: its name, how many things are there."""

    point: Point
    name: str
    things: int = 1


@dataclass(frozen=True)
class MapName:
    """A text beside a sign, with its position relative to the sign's middle."""

    x: float
    y: float
    side: str
    """The text anchor: start, middle or end."""
    text: str


@dataclass(frozen=True)
class MapSign:
    """Places that are one sign: which, by their numbers, the one of most things first."""

    left: float
    top: float
    radius: float
    """That of its ring, in pixels."""
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


def place_map(places: Sequence[MapPlace], language: str) -> PlaceMap | None:
    """Return the map of some places; None if there are none."""
    if not places:
        return None
    projection = Projection.fitted([place.point for place in places], NARROW, MARGIN)
    spots = [projection.place(place.point) for place in places]
    groups = _groups(spots, [place.things for place in places])
    totals = [sum(places[member].things for member in group) for group in groups]
    rings = [
        (*spots[group[0]], _radius(total, max(totals)))
        for group, total in zip(groups, totals, strict=True)
    ]
    texts = [_text([places[member].name for member in group]) for group in groups]
    names = [*_names(texts, rings, projection.height)]
    tops = [y - radius for _, y, radius in rings]
    ends = [y + radius for _, y, radius in rings]
    named = [y + name.y - _ASCENT for (_, y, _), name in zip(rings, names, strict=True) if name]
    above = min(*tops, *named) - _PAPER
    height = max(*ends, *(top + _LINE for top in named)) + _PAPER - above
    km = round_length(NARROW / 4 / projection.scale)
    return PlaceMap(
        _share(height, NARROW),
        tuple(
            MapSign(_share(x, NARROW), _share(y - above, height), radius, group, total, name)
            for (x, y, radius), group, total, name in zip(rings, groups, totals, names, strict=True)
        ),
        _share(km * projection.scale, NARROW),
        number(int(km), language) if km >= 1 else decimal(f"{km:g}", language),
    )


def _radius(things: int, largest: int) -> float:
    """Return the radius of a ring, which grows with the number of things there."""
    share = sqrt((things - 1) / max(largest - 1, _FEW))
    return round(_LEAST_RADIUS + (_MOST_RADIUS - _LEAST_RADIUS) * share, 1)


def _text(names: Sequence[str]) -> str:
    """Return the name of the first of some places, and how many other names they have."""
    others = len({*names}) - 1
    return shortened(f"{names[0]} + {others}" if others else names[0])


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
    texts: Sequence[str], rings: Sequence[tuple[float, float, float]], height: float
) -> Iterator[MapName | None]:
    """Yield the name of each sign at a place without other signs or names at any width."""
    rooms = [(times, Room(round(NARROW * times), round(height * times))) for times in _WIDER]
    for x, y, radius in rings:
        for times, room in rooms:
            room.take(Box(-radius, -radius, radius, radius).moved(x * times, y * times))
    for text, (x, y, radius) in zip(texts, rings, strict=True):
        for name, box in _ways(text, radius):
            boxes = [(room, box.moved(x * times, y * times)) for times, room in rooms]
            if all(room.has(it) for room, it in boxes):
                for room, it in boxes:
                    room.take(it)
                yield name
                break
        else:
            yield None


def _ways(text: str, radius: float) -> Iterator[tuple[MapName, Box]]:
    """Yield the possible places of a name around its sign: beside it, then above and below."""
    width, gap = text_width(text, _LETTERS), radius + _GAP
    beside = ((side, x, -_LINE / 2) for side, x in (("start", gap), ("end", -gap)))
    over = (("middle", 0.0), ("end", radius), ("start", -radius))
    outside = (-radius - _GAP / 2 - _LINE, radius + _GAP / 2)
    for side, x, top in (*beside, *((*way, top) for way in over for top in outside)):
        left = x - width * {"start": 0, "middle": 0.5, "end": 1}[side]
        box = Box(left, top, left + width, top + _LINE)
        yield MapName(round(x, 1), round(top + _ASCENT, 1), side, text), box
