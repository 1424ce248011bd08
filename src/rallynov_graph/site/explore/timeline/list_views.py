"""The map and the timeline as ways to look at the things of a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, SUREST
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.typography import day, decimal, number
from rallynov_graph.site.explore.timeline.things_at_events import (
    EventThings,
    ThingAt,
    ThingsAtEvents,
    lead_to_events,
    mark_of,
    things_at_events,
    weaker,
)
from rallynov_graph.site.model.drawing.clusters import Cluster, ClusterMap, clustered
from rallynov_graph.site.model.drawing.events import Event, EventPlace, EventValue
from rallynov_graph.site.model.drawing.geometry import Axis, Point
from rallynov_graph.site.model.evidence import DERIVED
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.cells import CertaintyMark
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.list_views import ListedThings, ListView

_LOCATION: Final = PREFIXES["schema"] + "location"
_DATE: Final = PREFIXES["schema"] + "startDate"
_MAP_HEADER: Final = (
    *("thing", "thing_label", "event", "event_label", "place", "place_label"),
    *("latitude", "longitude", "certainty"),
)
_TIME_HEADER: Final = (*("thing", "thing_label", "event", "event_label", "date", "certainty"),)


_BY_SURENESS: Final = ("", *CERTAINTIES[1:-1], DERIVED, LEAST_SURE)
"""The certainties of a mark, the surest first; what is said outright has none."""
_MOST_TICKS: Final = 4


@dataclass(frozen=True)
class EventHere:
    """An event at a place, how surely it is there, and the things of the list there by it."""

    event: Event
    mark: CertaintyMark
    things: tuple[ThingAt, ...]
    certainty: str
    """That of the surest thing there: no surer than the place of the event."""


@dataclass(frozen=True)
class PlaceHere:
    """A place with the events there."""

    node: Node
    within: tuple[Node, ...]
    point: Point | None
    events: tuple[EventHere, ...]
    count: int
    sources: tuple[Node, ...]

    @property
    def certainty(self) -> str:
        """How surely something of the list is there; empty where it is said outright."""
        found = {here.certainty for here in self.events}
        return next((name for name in _BY_SURENESS if name in found), "")


@dataclass(frozen=True)
class MapShown:
    """What the map of a list shows."""

    map: ClusterMap | None
    bar_km: str
    places: tuple[PlaceHere, ...]
    """Those with a point first, by how many things are there."""
    nowhere: tuple[EventThings, ...]
    """The events without a place."""
    found: ThingsAtEvents
    sources: tuple[Node, ...]

    def label(self, cluster: Cluster) -> Node:
        """Return the place that a cluster is named by."""
        return self.places[cluster.members[0]].node

    def certainty(self, cluster: Cluster) -> str:
        """Return how surely something is there."""
        found = {self.places[number].certainty for number in cluster.members}
        return next((name for name in _BY_SURENESS if name in found), "")


@dataclass(frozen=True)
class DatedEvent:
    """An event on the axis of time."""

    row: EventThings
    x: float
    """Where it stands, in hundredths of the axis."""
    dates: tuple[tuple[EventValue, CertaintyMark], ...]


@dataclass(frozen=True)
class TimelineShown:
    """What the timeline of a list shows."""

    ticks: tuple[tuple[float, str], ...]
    rows: tuple[DatedEvent, ...]
    """In the order of their days."""
    undated: tuple[EventThings, ...]
    found: ThingsAtEvents


def map_shown(listed: ListedThings) -> MapShown | None:
    """Return what the map of a list shows; None for a second page, as it has one."""
    if listed.state.number > 1:
        return None
    view = listed.view
    found = things_at_events(view, listed.selection, listed.things)
    places = sorted(_places(view, found), key=lambda it: (it.point is None, -it.count))
    placed = [(it.point, it.count) for it in places if it.point is not None]
    drawn = clustered([point for point, _ in placed], [n for _, n in placed]) if placed else None
    return MapShown(
        drawn,
        _kilometres(drawn.bar_km, view.language) if drawn else "",
        tuple(places),
        tuple(row for row in found.events if not row.event.places),
        found,
        tuple(dict.fromkeys(source for place in places for source in place.sources)),
    )


def _places(view: GraphView, found: ThingsAtEvents) -> Iterator[PlaceHere]:
    by_place: dict[str, list[tuple[EventThings, EventPlace]]] = {}
    for row in found.events:
        for place in row.event.places:
            by_place.setdefault(place.place.node.iri, []).append((row, place))
    for rows in by_place.values():
        first = rows[0][1]
        events = tuple(_here(view, row, place) for row, place in rows)
        things = {thing.node.iri for row, _ in rows for thing in row.things}
        yield PlaceHere(
            first.place.node,
            tuple(value.node for value in first.within),
            first.point,
            events,
            len(rows) if found.are_events else len(things),
            first.sources,
        )


def _here(view: GraphView, row: EventThings, place: EventPlace) -> EventHere:
    mark = mark_of(view, row.event, _LOCATION, place.place)
    there = {weaker(mark.certainty, thing.mark.certainty) for thing in row.things}
    surest = min(there or {mark.certainty}, key=_BY_SURENESS.index)
    return EventHere(row.event, mark, row.things, surest)


def timeline_shown(listed: ListedThings) -> TimelineShown | None:
    """Return what the timeline of a list shows; None for a second page, as it has one."""
    if listed.state.number > 1:
        return None
    view = listed.view
    found = things_at_events(view, listed.selection, listed.things)
    dated = [(when, row) for row in found.events if (when := row.event.day) is not None]
    dated.sort(key=lambda pair: (pair[0], pair[1].event.node.text))
    axis = Axis.around([when for when, _ in dated], 0, 100) if dated else None
    return TimelineShown(
        _ticks(axis, view.language) if axis else (),
        tuple(
            DatedEvent(row, axis.place(when) if axis else 0, _dates(view, row.event))
            for when, row in dated
        ),
        tuple(row for row in found.events if row.event.day is None),
        found,
    )


def _dates(view: GraphView, event: Event) -> tuple[tuple[EventValue, CertaintyMark], ...]:
    return tuple((value, mark_of(view, event, _DATE, value)) for value in event.dates)


def _ticks(axis: Axis, language: str) -> tuple[tuple[float, str], ...]:
    """Return some months or years, so few that their names have room."""
    marks = axis.ticks()
    every = -(-len(marks) // _MOST_TICKS) or 1
    return tuple((x, day(text, language)) for x, text in marks[::every])


def _kilometres(length: float, language: str) -> str:
    return number(int(length), language) if length >= 1 else decimal(f"{length:g}", language)


def map_file(listed: ListedThings, suffix: str) -> Response:
    """Return the things with their places as rows, or what is said of the events."""
    found = things_at_events(listed.view, listed.selection, listed.things)
    if suffix not in page_files.ROWS:
        return page_files.of_things((row.event.node.iri for row in found.events), suffix, "map")
    return page_files.of_rows(_MAP_HEADER, _map_rows(_places(listed.view, found)), suffix, "map")


def _map_rows(places: Iterable[PlaceHere]) -> Iterator[tuple[object, ...]]:
    for place in places:
        for here in place.events:
            for thing, certainty in _each(here.event, here.things, here.mark.certainty):
                event = here.event.node
                point = place.point or ("", "")
                names = (thing.iri, thing.text, event.iri, event.text)
                yield (*names, place.node.iri, place.node.text, *point, certainty)


def timeline_file(listed: ListedThings, suffix: str) -> Response:
    """Return the things with their days as rows, or what is said of the events."""
    found = things_at_events(listed.view, listed.selection, listed.things)
    if suffix not in page_files.ROWS:
        return page_files.of_things((row.event.node.iri for row in found.events), suffix, "dates")
    return page_files.of_rows(_TIME_HEADER, _time_rows(listed.view, found.events), suffix, "dates")


def _time_rows(view: GraphView, rows: Sequence[EventThings]) -> Iterator[tuple[object, ...]]:
    for row in sorted(rows, key=lambda row: row.event.day or date.max):
        event = row.event.node
        said = next((mark.certainty for _, mark in _dates(view, row.event)), "")
        when = row.event.day.isoformat() if row.event.day else ""
        for thing, certainty in _each(row.event, row.things, said):
            yield (thing.iri, thing.text, event.iri, event.text, when, certainty if when else "")


def _each(event: Event, things: tuple[ThingAt, ...], certainty: str) -> Iterator[tuple[Node, str]]:
    """Yield each thing, or the event that is one, with how surely it is where the event is."""
    if not things:
        yield event.node, certainty or SUREST
    for thing in things:
        yield thing.node, weaker(certainty, thing.mark.certainty) or SUREST


def _offered(_view: GraphView, source: Source) -> bool:
    return lead_to_events(source)


MAP: Final = ListView(
    "map",
    "explore/timeline/map.html",
    map_shown,
    place=30,
    offered=_offered,
    tables=page_files.ROWS,
    graphs=("ttl",),
    file=map_file,
)
TIMELINE: Final = ListView(
    "timeline",
    "explore/timeline/timeline.html",
    timeline_shown,
    place=40,
    offered=_offered,
    tables=page_files.ROWS,
    graphs=("ttl",),
    file=timeline_file,
)
