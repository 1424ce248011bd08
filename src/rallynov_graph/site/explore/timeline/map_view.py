"""The map of the stages of a list: those of one place together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Final

from flask import Response

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.site.explore.timeline.stages import Stages, stages_of
from rallynov_graph.site.explore.timeline.told_events import ToldEvent, mark_of, told
from rallynov_graph.site.model.drawing.event_places import EventPlace
from rallynov_graph.site.model.drawing.events import PLACE, Event
from rallynov_graph.site.model.drawing.geometry import Point
from rallynov_graph.site.model.drawing.place_map import MapPlace, MapSign, PlaceMap, place_map
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.cells import CertaintyMark
from rallynov_graph.site.model.statement import DERIVED
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.feature import ListedThings

_HEADER: Final = (
    *("thing", "thing_label", "event", "event_label", "place", "place_label"),
    *("latitude", "longitude", "certainty"),
)
_BY_SURENESS: Final = ("", *CERTAINTIES[1:-1], DERIVED, LEAST_SURE)
"""The certainties of a mark, the surest first; what is said outright has none."""
_LEAST_RADIUS: Final = 12.0
"""A ring that a finger hits, with room for two digits."""
_MOST_RADIUS: Final = 20.0
_FEW: Final = 8


@dataclass(frozen=True)
class EventHere:
    """An event at a place, how surely it is there, and what is told of it."""

    told: ToldEvent
    mark: CertaintyMark


@dataclass(frozen=True)
class PlaceHere:
    """A place with the events there."""

    node: Node
    within: tuple[Node, ...]
    point: Point | None
    events: tuple[EventHere, ...]
    sources: tuple[Node, ...]

    @property
    def certainty(self) -> str:
        """How surely one of the events is there; empty where it is said outright."""
        return _surest(here.mark.certainty for here in self.events)


@dataclass(frozen=True)
class MapShown:
    """What the map of a list shows."""

    map: PlaceMap | None
    places: tuple[PlaceHere, ...]
    """Those with a point first, by how many events are there."""
    nowhere: tuple[ToldEvent, ...]
    """The events without a place."""
    found: Stages
    sources: tuple[Node, ...]

    def label(self, sign: MapSign) -> Node:
        """Return the place that a sign is named by."""
        return self.places[sign.members[0]].node

    def certainty(self, sign: MapSign) -> str:
        """Return how surely one of the events is there."""
        return _surest(self.places[member].certainty for member in sign.members)

    def state(self, sign: MapSign) -> str:
        """Return the state of the one event that a sign stands for; nothing for other signs."""
        events = [here for member in sign.members for here in self.places[member].events]
        return events[0].told.event.state if len(events) == 1 else ""


def _surest(certainties: Iterable[str]) -> str:
    return min(certainties, key=_BY_SURENESS.index, default="")


def map_shown(listed: ListedThings) -> MapShown | None:
    """Return what the map of a list shows; None for a second page, as it has one."""
    if listed.state.number > 1:
        return None
    view, found = listed.view, stages_of(listed)
    places = sorted(_places(view, found.events), key=lambda it: (it.point is None, -len(it.events)))
    drawn = [
        MapPlace(it.point, it.node.text, len(it.events)) for it in places if it.point is not None
    ]
    return MapShown(
        place_map(drawn, _ring, view.language),
        tuple(places),
        tuple(told(view, event) for event in found.events if not event.places),
        found,
        tuple(dict.fromkeys(source for place in places for source in place.sources)),
    )


def _ring(events: int, largest: int) -> tuple[float, float]:
    """Return the radius of a ring, which grows with the events there."""
    share = sqrt((events - 1) / max(largest - 1, _FEW))
    radius = round(_LEAST_RADIUS + (_MOST_RADIUS - _LEAST_RADIUS) * share, 1)
    return radius, radius


def _places(view: GraphView, events: Iterable[Event]) -> Iterator[PlaceHere]:
    by_place: dict[str, list[tuple[Event, EventPlace]]] = {}
    for event in events:
        for place in event.places:
            by_place.setdefault(place.place.node.iri, []).append((event, place))
    for them in by_place.values():
        first = them[0][1]
        here = (
            EventHere(told(view, event), mark_of(view, event.node, PLACE, place.place))
            for event, place in them
        )
        within = tuple(value.node for value in first.within)
        yield PlaceHere(first.place.node, within, first.point, tuple(here), first.sources)


def map_file(listed: ListedThings, suffix: str) -> Response:
    """Return the stages with their places as rows, or what is said of them."""
    found = stages_of(listed)
    if suffix not in page_files.ROWS:
        return page_files.of_things((event.node.iri for event in found.events), suffix, "map")
    return page_files.of_rows(_HEADER, _rows(_places(listed.view, found.events)), suffix, "map")


def _rows(places: Iterable[PlaceHere]) -> Iterator[tuple[object, ...]]:
    for place in places:
        for here in place.events:
            node = here.told.event.node
            name = (node.iri, node.text)
            at = (place.node.iri, place.node.text, *(place.point or ("", "")))
            yield (*name, *name, *at, here.mark.certainty or SUREST)
