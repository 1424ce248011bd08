"""The map as a way to look at the things of a list: where their events are, or they themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt
from typing import Final

from flask import Response
from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.base.typography import decimal
from rallynov_graph.site.explore.timeline.things_at_events import (
    MOST,
    EventThings,
    ThingsAtEvents,
    each_thing,
    things_at_events,
    weaker,
)
from rallynov_graph.site.explore.timeline.told_events import ToldEvent, mark_of, told
from rallynov_graph.site.model.drawing.event_places import LATITUDE, EventPlace, Places
from rallynov_graph.site.model.drawing.event_values import EventValue
from rallynov_graph.site.model.drawing.events import PLACE
from rallynov_graph.site.model.drawing.geometry import Point
from rallynov_graph.site.model.drawing.place_map import MapPlace, MapSign, PlaceMap, place_map
from rallynov_graph.site.model.evidence import DERIVED
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.cells import CertaintyMark
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.list_views import ListedThings

_PLACES: Final = "place"
"""The kind whose things are places themselves."""
_HEADER: Final = (
    *("thing", "thing_label", "event", "event_label", "place", "place_label"),
    *("latitude", "longitude", "certainty"),
)
_PLACE_HEADER: Final = ("place", "place_label", "latitude", "longitude", "source")
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
    certainty: str
    """That of the surest thing there: no surer than the place of the event."""


@dataclass(frozen=True)
class PlaceHere:
    """A place with the events there; none where places are what the list is of."""

    node: Node
    within: tuple[Node, ...]
    point: Point | None
    events: tuple[EventHere, ...]
    count: int
    sources: tuple[Node, ...]
    coordinates: CertaintyMark | None = None
    """The way to the evidence of its coordinates."""
    degrees: str = ""
    """Its latitude and longitude as a reader of the language writes them."""

    @property
    def certainty(self) -> str:
        """How surely something of the list is there; empty where it is said outright."""
        return _surest(here.certainty for here in self.events)


@dataclass(frozen=True)
class MapShown:
    """What the map of a list shows."""

    map: PlaceMap | None
    places: tuple[PlaceHere, ...]
    """Those with a point first, by how many things are there."""
    nowhere: tuple[ToldEvent, ...]
    """The events without a place."""
    found: ThingsAtEvents | None
    """Nothing where the things are places themselves."""
    left: int
    """How many things of the list were not looked at."""
    sources: tuple[Node, ...]

    def label(self, sign: MapSign) -> Node:
        """Return the place that a sign is named by."""
        return self.places[sign.members[0]].node

    def certainty(self, sign: MapSign) -> str:
        """Return how surely something is there."""
        return _surest(self.places[member].certainty for member in sign.members)

    def state(self, sign: MapSign) -> str:
        """Return the state of the one event that a sign stands for; nothing for other signs."""
        events = [here for member in sign.members for here in self.places[member].events]
        is_one = len(events) == 1 and self.found is not None and self.found.are_events
        return events[0].told.event.state if is_one else ""


def _surest(certainties: Iterable[str]) -> str:
    return min(certainties, key=_BY_SURENESS.index, default="")


def offered(source: Source) -> bool:
    """Return whether the things of a source are places."""
    return source.certain and source.kind == _PLACES


def map_shown(listed: ListedThings) -> MapShown | None:
    """Return what the map of a list shows; None for a second page, as it has one."""
    if listed.state.number > 1:
        return None
    view = listed.view
    if offered(listed.selection.source):
        found, places = None, [*_places_listed(view, listed.things)]
    else:
        found = things_at_events(view, listed.selection, listed.things)
        places = [*_places_of_events(view, found)]
    places.sort(key=lambda it: (it.point is None, -it.count))
    drawn = [MapPlace(it.point, it.node.text, it.count) for it in places if it.point is not None]
    return MapShown(
        place_map(drawn, _ring, view.language),
        tuple(places),
        tuple(told(view, row) for row in found.events if not row.event.places) if found else (),
        found,
        found.left if found else max(0, len(listed.things) - MOST),
        tuple(dict.fromkeys(source for place in places for source in place.sources)),
    )


def _ring(things: int, largest: int) -> tuple[float, float]:
    """Return the radius of a ring, which grows with the things there."""
    share = sqrt((things - 1) / max(largest - 1, _FEW))
    radius = round(_LEAST_RADIUS + (_MOST_RADIUS - _LEAST_RADIUS) * share, 1)
    return radius, radius


def _places_listed(view: GraphView, things: tuple[str, ...]) -> Iterator[PlaceHere]:
    some = things[:MOST]
    described, read = view.described(some), Places(view, [*some])
    for iri in some:
        node = view.thing(iri, described[iri])
        it = read.of(EventValue(node, (), NamedNode(iri)))
        note = view.note_address(iri, LATITUDE, it.latitude) if it.latitude is not None else None
        within = tuple(value.node for value in it.within)
        mark, degrees = CertaintyMark("", note), _degrees(it.point, view.language)
        yield PlaceHere(node, within, it.point, (), 1, it.sources, mark, degrees)


def _degrees(point: Point | None, language: str) -> str:
    apart = " ; " if language == "fr" else ", "
    return apart.join(decimal(str(degree), language) for degree in point or ())


def _places_of_events(view: GraphView, found: ThingsAtEvents) -> Iterator[PlaceHere]:
    by_place: dict[str, list[tuple[EventThings, EventPlace]]] = {}
    for row in found.events:
        for place in row.event.places:
            by_place.setdefault(place.place.node.iri, []).append((row, place))
    for rows in by_place.values():
        first = rows[0][1]
        things = {thing.node.iri for row, _ in rows for thing in row.things}
        yield PlaceHere(
            first.place.node,
            tuple(value.node for value in first.within),
            first.point,
            tuple(_here(view, row, place) for row, place in rows),
            len(rows) if found.are_events else len(things),
            first.sources,
        )


def _here(view: GraphView, row: EventThings, place: EventPlace) -> EventHere:
    mark = mark_of(view, row.event.node, PLACE, place.place)
    there = [weaker(mark.certainty, thing.mark.certainty) for thing in row.things]
    return EventHere(told(view, row), mark, _surest(there) if there else mark.certainty)


def map_file(listed: ListedThings, suffix: str) -> Response:
    """Return the things with their places as rows, or what is said of the events or places."""
    view = listed.view
    if offered(listed.selection.source):
        if suffix not in page_files.ROWS:
            return page_files.of_things(listed.things, suffix, "places")
        places = _places_listed(view, listed.things)
        return page_files.of_rows(_PLACE_HEADER, map(_place_row, places), suffix, "places")
    found = things_at_events(view, listed.selection, listed.things)
    if suffix not in page_files.ROWS:
        return page_files.of_things((row.event.node.iri for row in found.events), suffix, "map")
    return page_files.of_rows(_HEADER, _rows(_places_of_events(view, found)), suffix, "map")


def _place_row(place: PlaceHere) -> tuple[object, ...]:
    sources = ", ".join(source.text for source in place.sources)
    return (place.node.iri, place.node.text, *(place.point or ("", "")), sources)


def _rows(places: Iterable[PlaceHere]) -> Iterator[tuple[object, ...]]:
    for place in places:
        for here in place.events:
            event = here.told.event
            for thing, certainty in each_thing(event, here.told.things, here.mark.certainty):
                names = (thing.iri, thing.text, event.node.iri, event.node.text)
                point = place.point or ("", "")
                yield (*names, place.node.iri, place.node.text, *point, certainty or SUREST)
