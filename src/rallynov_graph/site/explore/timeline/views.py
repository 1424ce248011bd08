"""The stages of a list in time and on a map: a row a stage, and those of one place together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from typing import Final

from flask import Response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import RN
from rallynov_graph.site.model.cells import CertaintyMark
from rallynov_graph.site.model.drawing.events import (
    BOUNDS,
    DATE,
    END,
    LEGEND,
    PLACE,
    PRINTED,
    REASON,
    STATUS,
    TIME,
    TO_BE_FIXED,
    Event,
    EventPlace,
    events_of,
)
from rallynov_graph.site.model.drawing.place_map import (
    MapPlace,
    MapSign,
    PlaceMap,
    Point,
    place_map,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import Statement, rank_of_mark
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.feature import ListedThings, ListView

MOST: Final = 400
"""How many stages of a list are placed and dated: the first by name."""
MOST_TICKS: Final = 4
_DATES_HEADER: Final = (
    *("thing", "thing_label", "event", "event_label", "date", "certainty"),
    *("status", "printed", "inferred_part", "place", "departement", "bounds"),
)
_MAP_HEADER: Final = (
    *("thing", "thing_label", "event", "event_label", "place", "place_label"),
    *("latitude", "longitude", "certainty"),
)
_LEAST_RADIUS: Final = 12.0
"""A ring that a finger hits, with room for two digits."""
_MOST_RADIUS: Final = 20.0
_FEW: Final = 8

MarkedValues = tuple[tuple[Statement, CertaintyMark], ...]


@dataclass(frozen=True)
class Stages:
    """The events that the map and the timeline of a list show."""

    events: tuple[Event, ...]
    left: int
    """How many stages of the list were not looked at."""
    has_end: bool
    """Whether the closing event, which is not a stage, follows all stages."""

    @property
    def states(self) -> tuple[str, ...]:
        """The states of the events, in the order of a legend."""
        found = {event.state for event in self.events}
        return tuple(state for state in LEGEND if state in found)


def _stages(listed: ListedThings) -> Stages:
    """Return the stages of a list, and the end of the rally unless choices filter them."""
    choices, some = listed.selection.choices, listed.things[:MOST]
    least = NamedNode(RN + choices.certainty)
    end: tuple[Event, ...] = ()
    if not choices.chosen:
        rows = listed.view.queries.rows("events_in_time", certainty=least).rows
        others = [thing.value for thing, *_ in rows if isinstance(thing, NamedNode)]
        others = [iri for iri in others if iri not in {*listed.things}]
        end = tuple(it for it in events_of(listed.view, others, least) if it.state == END)
    left = len(listed.things) - len(some)
    return Stages((*events_of(listed.view, some, least), *end), left, bool(end))


@dataclass(frozen=True)
class ToldEvent:
    """An event and its values, each with its certainty."""

    event: Event
    status: MarkedValues
    reasons: MarkedValues
    """Why it has its status."""
    to_be_fixed: MarkedValues
    """The properties whose value is to be fixed."""
    printed: MarkedValues
    """The date and the hours as the source prints them."""
    dates: MarkedValues
    bounds: MarkedValues
    """The period or the bounds of an event without a day."""
    places: MarkedValues
    within: MarkedValues
    """The areas that its places are in."""

    @property
    def certainty(self) -> str:
        """The certainty of its first date."""
        return next((mark.certainty for _, mark in self.dates), "")


def _told(event: Event) -> ToldEvent:
    def marked(*properties: str) -> MarkedValues:
        return tuple((value, _mark(value)) for prop in properties for value in event.of(prop))

    areas = ((area, _mark(area)) for it in event.places for area in it.within)
    return ToldEvent(
        event,
        marked(STATUS),
        marked(REASON),
        marked(TO_BE_FIXED),
        marked(PRINTED, TIME),
        marked(DATE),
        marked(BOUNDS),
        marked(PLACE),
        tuple(areas),
    )


def _mark(value: Statement) -> CertaintyMark:
    """Return the certainty mark of a thing's value, with the link to its evidence."""
    return CertaintyMark(value.certainty, value.note)


# The timeline


@dataclass(frozen=True)
class TimelineShown:
    """The timeline of a list."""

    ticks: tuple[tuple[float, str], ...]
    rows: tuple[tuple[ToldEvent, float], ...]
    """The rows in the order of their days, each with its position in hundredths of the axis."""
    undated: tuple[ToldEvent, ...]
    found: Stages


def _timeline(listed: ListedThings) -> TimelineShown | None:
    """Return the timeline of a list; None for a second page."""
    if listed.state.number > 1:
        return None
    view, found = listed.view, _stages(listed)
    dated = [(when, event) for event in found.events if (when := event.day) is not None]
    dated.sort(key=lambda pair: (pair[0], pair[1].node.text))
    axis = Axis.around([when for when, _ in dated]) if dated else None
    return TimelineShown(
        tuple((x, day(text, view.language)) for x, text in axis.ticks()) if axis else (),
        tuple((_told(it), axis.place(when) if axis else 0) for when, it in dated),
        tuple(_told(event) for event in found.events if event.day is None),
        found,
    )


@dataclass(frozen=True)
class Axis:
    """A time axis from the first day of a month to the last of another, in hundredths."""

    start: date
    end: date

    @classmethod
    def around(cls, days: Sequence[date]) -> Axis:
        """Return the axis of the months of the days."""
        return cls(min(days).replace(day=1), _next_month(max(days)))

    def place(self, day: date) -> float:
        """Return the position of a day."""
        return round(100 * (day - self.start).days / (self.end - self.start).days, 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Return the positions of some months or years, so few that their names have room."""
        marks = [self.start]
        while (following := _next_month(marks[-1])) < self.end:
            marks.append(following)
        form = "%Y-%m"
        if len(marks) > 14:
            marks, form = [month for month in marks if month.month == 1], "%Y"
        every = -(-len(marks) // MOST_TICKS) or 1
        return tuple((self.place(it), it.strftime(form)) for it in marks[::every])


def _next_month(day: date) -> date:
    if (day.year, day.month) == (date.max.year, 12):
        return date.max
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _timeline_file(listed: ListedThings, suffix: str) -> Response:
    """Return the stages with their days as rows, or their facts."""
    events = _stages(listed).events
    if suffix not in page_files.ROWS:
        return page_files.of_things((event.node.iri for event in events), suffix, "dates")
    return page_files.of_rows(_DATES_HEADER, _dates_rows(listed.view, events), suffix, "dates")


def _dates_rows(view: GraphView, events: Sequence[Event]) -> Iterator[tuple[object, ...]]:
    for event in sorted(events, key=lambda event: event.day or date.max):
        it, name = _told(event), (event.node.iri, event.node.text)
        when = event.day.isoformat() if event.day else ""
        bounds = (
            value.stated.value.value
            for value, _ in it.bounds
            if isinstance(value.stated.value, Literal)
        )
        yield (
            *(*name, *name, when, it.certainty if when else ""),
            *(_text(it.status), _text(it.printed)),
            ", ".join(part.node.text for part in event.inferred),
            *(_text(it.places), _text(it.within), " ".join(bounds)),
        )


def _text(values: MarkedValues) -> str:
    return ", ".join(value.value.text for value, _ in values)


# The map


@dataclass(frozen=True)
class PlaceHere:
    """A place with the events there."""

    node: Node
    within: tuple[Node, ...]
    point: Point | None
    events: tuple[tuple[ToldEvent, CertaintyMark], ...]
    """The events, each with its certainty."""
    sources: tuple[Node, ...]


@dataclass(frozen=True)
class MapShown:
    """The map of a list."""

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
        """Return the certainty of the best event; the empty string if there is none."""
        marks = (mark.certainty for it in sign.members for _, mark in self.places[it].events)
        return min(marks, key=rank_of_mark, default="")

    def state(self, sign: MapSign) -> str:
        """Return the state of the event of a sign; empty for a sign of several events."""
        events = [told for member in sign.members for told, _ in self.places[member].events]
        return events[0].event.state if len(events) == 1 else ""


def _map(listed: ListedThings) -> MapShown | None:
    """Return the map of a list; None for a second page."""
    if listed.state.number > 1:
        return None
    view, found = listed.view, _stages(listed)
    places = sorted(_places(view, found.events), key=lambda it: (it.point is None, -len(it.events)))
    drawn = [
        MapPlace(it.point, it.node.text, len(it.events)) for it in places if it.point is not None
    ]
    return MapShown(
        place_map(drawn, _ring, view.language),
        tuple(places),
        tuple(_told(event) for event in found.events if not event.places),
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
            by_place.setdefault(place.place.value.iri, []).append((event, place))
    for them in by_place.values():
        first = them[0][1]
        here = ((_told(event), _mark(place.place)) for event, place in them)
        within = tuple(value.value for value in first.within)
        yield PlaceHere(first.place.value, within, first.point, tuple(here), first.sources)


def _map_file(listed: ListedThings, suffix: str) -> Response:
    """Return the stages with their places as rows, or their facts."""
    events = _stages(listed).events
    if suffix not in page_files.ROWS:
        return page_files.of_things((event.node.iri for event in events), suffix, "map")
    rows = (
        (
            *(*(told.event.node.iri, told.event.node.text) * 2, place.node.iri),
            *(place.node.text, *(place.point or ("", "")), mark.certainty),
        )
        for place in _places(listed.view, events)
        for told, mark in place.events
    )
    return page_files.of_rows(_MAP_HEADER, rows, suffix, "map")


MAP: Final = ListView(
    "map",
    "explore/timeline/map.html",
    _map,
    place=30,
    kind="stage",
    tables=page_files.ROWS,
    graphs=("ttl",),
    file=_map_file,
)
TIMELINE: Final = ListView(
    "timeline",
    "explore/timeline/timeline.html",
    _timeline,
    place=40,
    kind="stage",
    tables=page_files.ROWS,
    graphs=("ttl",),
    file=_timeline_file,
)
