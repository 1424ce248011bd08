"""The geometry of two drawings of events: a timeline and a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rallynov_graph.base.typography import day, day_and_month, decimal, number
from rallynov_graph.site.model.drawing.events import Event
from rallynov_graph.site.model.drawing.geometry import Axis, Point, Projection, round_length
from rallynov_graph.site.model.nodes import Node

ROW: Final = 44
NAMES: Final = 290
"""The width of the column of names beside the timeline."""
WIDTH: Final = 960
MAP_WIDTH: Final = 720
MARGIN: Final = 70
MARK_DISTANCE: Final = 20
"""The distance between the events of one place."""
MOST_MARKS: Final = 6
"""How many events of one place are drawn; the table has all."""


@dataclass(frozen=True)
class Tick:
    """The beginning of a month, or of a year where there are many."""

    x: float
    text: str


@dataclass(frozen=True)
class TimelineRow:
    """An event on the timeline; its words stand on the side where there is room."""

    event: Event
    x: float
    y: float
    text: str
    certainty: str
    leftwards: bool


@dataclass(frozen=True)
class TimeLine:
    """The dated events, each on its own row."""

    width: int
    height: int
    left: int
    ticks: tuple[Tick, ...]
    rows: tuple[TimelineRow, ...]


@dataclass(frozen=True)
class EventMark:
    """An event on the map, beside the others of its place."""

    event: Event
    x: float
    certainty: str


@dataclass(frozen=True)
class Spot:
    """A place on the map, what it lies in, its events."""

    place: Node
    within: tuple[Node, ...]
    x: float
    y: float
    marks: tuple[EventMark, ...]
    more: int
    """How many events of the place are not drawn."""
    leftwards: bool

    @property
    def text_x(self) -> float:
        """Where its name begins, or ends where it stands to the left."""
        return self.x - 16 if self.leftwards else self.marks[-1].x + 16


@dataclass(frozen=True)
class Map:
    """The places that have coordinates, to scale, north at the top."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    bar: float
    """The length of the scale bar in the drawing."""
    bar_km: str
    days: Mapping[str, str]
    """The day of each event that has one, by its key; without a year where all have the same."""
    road: str
    """The way from place to place in the order of their days, as a path of SVG; may be empty."""


def time_line_of(events: Sequence[Event], language: str) -> TimeLine | None:
    """Return the timeline of the events that have a day, None where none has."""
    dated = [(event, event.day) for event in events if event.day is not None]
    if not dated:
        return None
    axis = Axis.around([d for _, d in dated], NAMES, WIDTH - NAMES - 10)
    middle = NAMES + (WIDTH - NAMES) / 2
    rows = tuple(
        TimelineRow(
            event,
            x := axis.place(when),
            ROW + row * ROW + ROW / 2,
            day(when.isoformat(), language),
            next((value.certainty for value in event.dates), ""),
            x > middle,
        )
        for row, (event, when) in enumerate(dated)
    )
    return TimeLine(WIDTH, ROW * (len(rows) + 1) + 10, NAMES, _ticks(axis, language), rows)


def _ticks(axis: Axis, language: str) -> tuple[Tick, ...]:
    """Return the names of the months, the year beside the first and each January alone."""
    labelled = [(x, text, day(text, language)) for x, text in axis.ticks()]
    return tuple(
        Tick(x, words if place == 0 or not text[4:] or text.endswith("-01") else words.split()[0])
        for place, (x, text, words) in enumerate(labelled)
    )


def map_of(events: Sequence[Event], language: str) -> Map | None:
    """Return the map of the events' places that have coordinates, None where none has."""
    found: dict[Point, list[tuple[Event, int]]] = {}
    for event in events:
        for place, event_place in enumerate(event.places):
            if event_place.point is not None:
                found.setdefault(event_place.point, []).append((event, place))
    if not found:
        return None
    projection = Projection.fitted([*found], MAP_WIDTH, MARGIN)
    km = round_length(MAP_WIDTH / 4 / projection.scale)
    spots = tuple(
        _spot(projection.place(point), placed_events) for point, placed_events in found.items()
    )
    return Map(
        MAP_WIDTH,
        round(projection.height),
        spots,
        round(km * projection.scale, 1),
        number(int(km), language) if km >= 1 else decimal(f"{km:g}", language),
        _days(events, language),
        _road(events, {point: projection.place(point) for point in found}),
    )


def _days(events: Sequence[Event], language: str) -> Mapping[str, str]:
    dated = {event.key: event.day for event in events if event.day is not None}
    in_words = day_and_month if len({date.year for date in dated.values()}) == 1 else day
    return {key: in_words(date.isoformat(), language) for key, date in dated.items()}


def _road(events: Sequence[Event], spots: Mapping[Point, tuple[float, float]]) -> str:
    """Return the path through the places of the events that have a day, the earliest first."""
    dated = [(event.day, event) for event in events if event.day is not None]
    ordered = [event for _, event in sorted(dated, key=lambda pair: pair[0])]
    points = [where.point for event in ordered for where in event.places[:1] if where.point]
    steps = [spots[point] for point, _ in groupby(points)]
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in steps) if len(steps) > 1 else ""


def _spot(position: tuple[float, float], placed_events: Sequence[tuple[Event, int]]) -> Spot:
    x, y = position
    leftwards = x > MAP_WIDTH * 0.6
    step = -MARK_DISTANCE if leftwards else MARK_DISTANCE
    marks = [
        EventMark(event, x + step * place, event.places[which].place.certainty)
        for place, (event, which) in enumerate(placed_events[:MOST_MARKS])
    ]
    marks.sort(key=lambda mark: mark.x)
    first, which = placed_events[0]
    event_place = first.places[which]
    within = tuple(value.node for value in event_place.within)
    more = len(placed_events) - len(marks)
    return Spot(event_place.place.node, within, marks[0].x, y, tuple(marks), more, leftwards)
