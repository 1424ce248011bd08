"""The timeline of the stages of a list: a row a stage, in the order of days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import Response
from pyoxigraph import Literal

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.base.languages import day
from rallynov_graph.site.explore.timeline.stages import Stages, stages_of
from rallynov_graph.site.explore.timeline.told_events import MarkedValues, ToldEvent, told
from rallynov_graph.site.model.drawing.events import Event
from rallynov_graph.site.model.drawing.geometry import Axis
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.feature import ListedThings

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
    found: Stages


def timeline_shown(listed: ListedThings) -> TimelineShown | None:
    """Return what the timeline of a list shows; None for a second page, as it has one."""
    if listed.state.number > 1:
        return None
    view = listed.view
    found = stages_of(listed)
    dated = [(when, event) for event in found.events if (when := event.day) is not None]
    dated.sort(key=lambda pair: (pair[0], pair[1].node.text))
    axis = Axis.around([when for when, _ in dated], 0, 100) if dated else None
    return TimelineShown(
        _ticks(axis, view.language) if axis else (),
        tuple(DatedEvent(told(view, it), axis.place(when) if axis else 0) for when, it in dated),
        tuple(told(view, event) for event in found.events if event.day is None),
        found,
    )


def _ticks(axis: Axis, language: str) -> tuple[tuple[float, str], ...]:
    """Return some months or years, so few that their names have room."""
    marks = axis.ticks()
    every = -(-len(marks) // _MOST_TICKS) or 1
    return tuple((x, day(text, language)) for x, text in marks[::every])


def timeline_file(listed: ListedThings, suffix: str) -> Response:
    """Return the stages with their days as rows, or what is said of them."""
    found = stages_of(listed)
    if suffix not in page_files.ROWS:
        return page_files.of_things((event.node.iri for event in found.events), suffix, "dates")
    return page_files.of_rows(_HEADER, _rows(listed.view, found.events), suffix, "dates")


def _rows(view: GraphView, events: Sequence[Event]) -> Iterator[tuple[object, ...]]:
    for event in sorted(events, key=lambda event: event.day or date.max):
        it, name = told(view, event), (event.node.iri, event.node.text)
        when = event.day.isoformat() if event.day else ""
        yield (
            *(*name, *name, when, (it.certainty or SUREST) if when else ""),
            *(_text(it.status), _text(it.printed)),
            ", ".join(part.node.text for part in event.inferred),
            *(_text(it.places), _text(it.within), _written(it.bounds)),
        )


def _written(values: MarkedValues) -> str:
    """Return values as the data have them."""
    return " ".join(value.term.value for value, _ in values if isinstance(value.term, Literal))


def _text(values: MarkedValues) -> str:
    return ", ".join(value.node.text for value, _ in values)
