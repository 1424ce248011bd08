"""A map of places to scale: those that lie close together as one sign, no name over another.

Where things stand is in hundredths of the map, and how large signs and letters are in pixels, so
that a browser paints both as they are meant at each width. Names stand where they have room on a
narrow telephone and on wider maps, where signs are only farther apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final

from rallynov_graph.base.languages import decimal, number
from rallynov_graph.site.model.drawing.geometry import Point, Projection, round_length
from rallynov_graph.site.model.drawing.letter_widths import text_width
from rallynov_graph.site.model.drawing.name_places import Box, Room, shortened

NARROW: Final = 280
"""How many pixels wide the narrowest telephone shows a map."""
MARGIN: Final = 36
_WIDER: Final = (1.0, 1.6, 2.2)
"""How many times as wide a map is looked at."""
_CLOSE: Final = 26.0
"""Places nearer than this on the narrowest map are one sign: a finger tells no more apart."""
_LETTERS: Final = (15.0, 13.0)
"""The sizes of letters: a little more than they are painted in, as names are bold."""
_LINE: Final = 16
_GAP: Final = 6
_PAPER: Final = 12
_ASCENT: Final = 12

Reach = Callable[[int, int], tuple[float, float]]
"""Returns how many pixels a sign of so many things reaches to each side and up; the second number
is that of the sign of most things."""


@dataclass(frozen=True)
class MapPlace:
    """A place to draw: its name, a line below it, how many things are there."""

    point: Point
    name: str
    things: int = 1
    note: str = ""


@dataclass(frozen=True)
class MapName:
    """Lines of text beside a sign: where the first stands, counted from the sign's middle."""

    x: float
    y: float
    side: str
    """start, middle or end: which part of the text stands there."""
    lines: tuple[str, ...]


@dataclass(frozen=True)
class MapSign:
    """Places that are one sign: which, by their numbers, the one of most things first."""

    left: float
    top: float
    reach: float
    """How far it reaches to each side."""
    members: tuple[int, ...]
    things: int
    name: MapName | None
    """Nothing where it has no room."""


@dataclass(frozen=True)
class PlaceMap:
    """Places to scale, north at the top."""

    height: float
    """As a part of the width, in hundredths."""
    signs: tuple[MapSign, ...]
    bar: float
    """The length of the scale bar."""
    bar_km: str
    spots: tuple[tuple[float, float], ...]
    """Where each place stands: from the left, and from the top in hundredths of the width."""


def place_map(places: Sequence[MapPlace], reach: Reach, language: str) -> PlaceMap | None:
    """Return the map of some places; None where there are none."""
    if not places:
        return None
    room = MARGIN + (_LINE if any(place.note for place in places) else 0)
    projection = Projection.fitted([place.point for place in places], NARROW, MARGIN, room)
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
        tuple((_share(x, NARROW), _share(y - above, NARROW)) for x, y in spots),
    )


def _used(
    middles: Sequence[tuple[float, float]],
    reaches: Sequence[tuple[float, float]],
    names: Sequence[MapName | None],
) -> tuple[float, float]:
    """Return where what is drawn begins, and how high it is, some paper around it."""
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
    """Yield the name of each sign, beside it where no other sign or name is at any width."""
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
    notes = ", ".join(note for member in group if (note := places[member].note))
    return tuple(shortened(line) for line in (names[0] + more, notes) if line)


def _ways(lines: tuple[str, ...], across: float, up: float) -> Iterator[tuple[MapName, Box]]:
    """Yield where a name may stand around its sign; at last its first line alone."""
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
