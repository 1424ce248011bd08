"""The map of the road: where the stages are, and the way from one to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from rallynov_graph.base.languages import day, day_and_month
from rallynov_graph.site.model.drawing.events import Event, EventPlace
from rallynov_graph.site.model.drawing.place_map import (
    MapPlace,
    MapSign,
    PlaceMap,
    Point,
    place_map,
)

MOST: Final = 6
"""How many events of one place are drawn."""
_STEP: Final = 20
"""How far apart the signs of one place stand."""


@dataclass(frozen=True)
class MapMark:
    """An event beside the others of its place."""

    event: Event
    place: EventPlace
    x: float
    """Where it stands, counted from the middle of them."""


@dataclass(frozen=True)
class RoadMap:
    """The places of the road that have coordinates, and the events there."""

    map: PlaceMap
    placed: tuple[tuple[Event, EventPlace], ...]
    road: str
    """The way from place to place in the order of their days, as a path of SVG; may be empty."""

    def marks(self, sign: MapSign) -> tuple[MapMark, ...]:
        """Return the events of a sign, side by side."""
        shown = [self.placed[member] for member in sign.members[:MOST]]
        left = -_STEP * (len(shown) - 1) / 2
        return tuple(
            MapMark(event, place, left + _STEP * number)
            for number, (event, place) in enumerate(shown)
        )


def road_map(events: Sequence[Event], language: str) -> RoadMap | None:
    """Return the map of the events' places that have coordinates; None where none has."""
    placed = tuple((event, place) for event in events for place in event.places if place.point)
    days = _days(events, language)
    places = [
        MapPlace(place.point, place.place.value.text, 1, days.get(event.node.iri, ""))
        for event, place in placed
        if place.point is not None
    ]
    found = place_map(places, _row, language)
    if found is None:
        return None
    spots = {place.point: spot for place, spot in zip(places, found.spots, strict=True)}
    return RoadMap(found, placed, _road(events, spots))


def _row(things: int, _largest: int) -> tuple[float, float]:
    """Return how far signs side by side reach, with the strokes of their certainty below them."""
    return 9 + _STEP * (min(things, MOST) - 1) / 2, 17


def _days(events: Sequence[Event], language: str) -> Mapping[str, str]:
    """Return the day that each event has or had; without a year where all have the same."""
    dated = {event.node.iri: event.day for event in events if event.day and event.has_its_day}
    in_words = day_and_month if len({date.year for date in dated.values()}) == 1 else day
    return {iri: in_words(date.isoformat(), language) for iri, date in dated.items()}


def _road(events: Sequence[Event], spots: Mapping[Point, tuple[float, float]]) -> str:
    dated = [(event.day, event) for event in events if event.day and event.has_its_day]
    ordered = [event for _, event in sorted(dated, key=lambda pair: pair[0])]
    points = [where.point for event in ordered for where in event.places[:1] if where.point]
    steps = [spots[point] for point, _ in groupby(points)]
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in steps) if len(steps) > 1 else ""
