"""The timeline as a way to look at the things of a list: a row an event, in the order of days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response
from pyoxigraph import Literal

from rallynov_graph.base.typography import day
from rallynov_graph.site.explore.timeline.things_at_events import (
    EventThings,
    ThingsAtEvents,
    each_thing,
    things_at_events,
)
from rallynov_graph.site.explore.timeline.told_events import MarkedValues, ToldEvent, told
from rallynov_graph.site.model.drawing.geometry import Axis
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.list_views import ListedThings

_HEADER: Final = (
    *("thing", "thing_label", "event", "event_label", "date", "certainty"),
    *("status", "printed", "inferred_part", "place", "departement", "bounds"),
)
_MOST_TICKS: Final = 4


@dataclass(frozen=True)
class DatedEvent:
    """An event on the axis of time."""

    told: ToldEvent
    x: float
    """Where it stands, in hundredths of the axis."""


@dataclass(frozen=True)
class TimelineShown:
    """What the timeline of a list shows."""

    ticks: tuple[tuple[float, str], ...]
    rows: tuple[DatedEvent, ...]
    """In the order of their days."""
    undated: tuple[ToldEvent, ...]
    found: ThingsAtEvents


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
        tuple(DatedEvent(told(view, row), axis.place(when) if axis else 0) for when, row in dated),
        tuple(told(view, row) for row in found.events if row.event.day is None),
        found,
    )


def _ticks(axis: Axis, language: str) -> tuple[tuple[float, str], ...]:
    """Return some months or years, so few that their names have room."""
    marks = axis.ticks()
    every = -(-len(marks) // _MOST_TICKS) or 1
    return tuple((x, day(text, language)) for x, text in marks[::every])


def timeline_file(listed: ListedThings, suffix: str) -> Response:
    """Return the things with their days as rows, or what is said of the events."""
    found = things_at_events(listed.view, listed.selection, listed.things)
    if suffix not in page_files.ROWS:
        return page_files.of_things((row.event.node.iri for row in found.events), suffix, "dates")
    return page_files.of_rows(_HEADER, _rows(listed.view, found.events), suffix, "dates")


def _rows(view: GraphView, rows: Sequence[EventThings]) -> Iterator[tuple[object, ...]]:
    for row in sorted(rows, key=lambda row: row.event.day or date.max):
        it, event = told(view, row), row.event.node
        when = row.event.day.isoformat() if row.event.day else ""
        about = (
            *(
                _text(it.status),
                _text(it.printed),
                ", ".join(part.node.text for part in row.event.inferred),
            ),
            *(_text(it.places), _text(it.within), _written(it.bounds)),
        )
        for thing, certainty in each_thing(row.event, row.things, it.certainty):
            names = (thing.iri, thing.text, event.iri, event.text)
            yield (*names, when, certainty if when else "", *about)


def _written(values: MarkedValues) -> str:
    """Return values as the data have them."""
    return " ".join(value.term.value for value, _ in values if isinstance(value.term, Literal))


def _text(values: MarkedValues) -> str:
    return ", ".join(value.node.text for value, _ in values)
