"""The stages of a list in time and on a map: a row a stage, and those of one place together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.languages import day
from rallynov_graph.base.namespaces import RN
from rallynov_graph.site.model.drawing.events import (
    DATE,
    END,
    LEGEND,
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
from rallynov_graph.site.web.params import way_chosen, ways_of

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


@dataclass(frozen=True)
class Stages:
    """The events that the map and the timeline of a list show."""

    by: str
    """The property that dates them."""
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
    least, dates = choices.certainty, listed.selection.source.dates
    by = way_chosen(listed, "dated_by", dates)
    end: tuple[Event, ...] = ()
    if not choices.chosen and by == DATE and listed.selection.source.kind:
        rows = listed.view.queries.rows("events_in_time", certainty=NamedNode(RN + least)).rows
        others = [thing.value for thing, *_ in rows if isinstance(thing, NamedNode)]
        others = [iri for iri in others if iri not in {*listed.things}]
        end = tuple(it for it in events_of(listed.view, others, least) if it.state == END)
    left = len(listed.things) - len(some)
    return Stages(by, (*events_of(listed.view, some, least, by), *end), left, bool(end))


# The timeline


@dataclass(frozen=True)
class TimelineShown:
    ticks: tuple[tuple[float, str], ...]
    ways: tuple[Node, ...]
    """The properties that date its things, each with the address that shows its dates."""
    rows: tuple[tuple[Event, float], ...]
    """The rows in the order of their days, each with its position in hundredths of the axis."""
    undated: tuple[Event, ...]
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
        ways_of(listed, "dated_by", listed.selection.source.dates),
        tuple((it, axis.place(when) if axis else 0) for when, it in dated),
        tuple(event for event in found.events if event.day is None),
        found,
    )


@dataclass(frozen=True)
class Axis:
    """A time axis from the first day of a month to the last of another, in hundredths."""

    start: date
    end: date

    @classmethod
    def around(cls, days: Sequence[date]) -> Axis:
        return cls(min(days).replace(day=1), _next_month(max(days)))

    def place(self, day: date) -> float:
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
        name, certainty = (event.node.iri, event.node.text), (it.certainty for it in event.dates)
        when = event.day.isoformat() if event.day else ""
        bounds = (it.stated.value for it in event.bounds)
        yield (
            *(*name, *name, when, next(certainty) if when else ""),
            *(_text(event.status), _text(event.printed)),
            ", ".join(part.node.text for part in event.inferred),
            *(_text(event.places), _text(event.areas)),
            " ".join(it.value for it in bounds if isinstance(it, Literal)),
        )


def _text(values: Iterable[Statement]) -> str:
    return ", ".join(it.value.text for it in values)


# The map


@dataclass(frozen=True)
class PlaceHere:
    node: Node
    within: tuple[Node, ...]
    point: Point | None
    events: tuple[tuple[Event, Statement], ...]
    """The events, each with the statement that it is there."""
    sources: tuple[Node, ...]


@dataclass(frozen=True)
class MapShown:
    map: PlaceMap | None
    places: tuple[PlaceHere, ...]
    """Those with a point first, by how many events are there."""
    nowhere: tuple[Event, ...]
    """The events without a place."""
    found: Stages
    sources: tuple[Node, ...]

    def label(self, sign: MapSign) -> Node:
        return self.places[sign.members[0]].node

    def certainty(self, sign: MapSign) -> str:
        """Return the certainty of the best event; the empty string if there is none."""
        marks = (at.certainty for it in sign.members for _, at in self.places[it].events)
        return min(marks, key=rank_of_mark, default="")

    def state(self, sign: MapSign) -> str:
        """Return the state of the event of a sign; empty for a sign of several events."""
        events = [event for member in sign.members for event, _ in self.places[member].events]
        return events[0].state if len(events) == 1 else ""


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
        place_map(drawn, view.language),
        tuple(places),
        tuple(event for event in found.events if not event.located),
        found,
        tuple(dict.fromkeys(source for place in places for source in place.sources)),
    )


def _places(view: GraphView, events: Iterable[Event]) -> Iterator[PlaceHere]:
    by_place: dict[str, list[tuple[Event, EventPlace]]] = {}
    for event in events:
        for place in event.located:
            by_place.setdefault(place.place.value.iri, []).append((event, place))
    for them in by_place.values():
        first = them[0][1]
        here = ((event, place.place) for event, place in them)
        within = tuple(value.value for value in first.within)
        yield PlaceHere(first.place.value, within, first.point, tuple(here), first.sources)


def _map_file(listed: ListedThings, suffix: str) -> Response:
    """Return the stages with their places as rows, or their facts."""
    events = _stages(listed).events
    if suffix not in page_files.ROWS:
        return page_files.of_things((event.node.iri for event in events), suffix, "map")
    rows = (
        (
            *(*(event.node.iri, event.node.text) * 2, place.node.iri),
            *(place.node.text, *(place.point or ("", "")), at.certainty),
        )
        for place in _places(listed.view, events)
        for event, at in place.events
    )
    return page_files.of_rows(_MAP_HEADER, rows, suffix, "map")


MAP: Final = ListView(
    "map",
    "explore/timeline/map.html",
    _map,
    needs="places",
    place=30,
    tables=page_files.ROWS,
    graphs=("ttl",),
    file=_map_file,
)
TIMELINE: Final = ListView(
    "timeline",
    "explore/timeline/timeline.html",
    _timeline,
    needs="dates",
    place=40,
    parameters=frozenset({"dated_by"}),
    tables=page_files.ROWS,
    graphs=("ttl",),
    file=_timeline_file,
)
