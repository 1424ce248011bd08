"""What is said of a stage where it is placed or dated, each value with how surely it is said."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from rallynov_graph.base.certainty import CERTAINTIES, SUREST
from rallynov_graph.site.model.drawing.event_places import WITHIN
from rallynov_graph.site.model.drawing.event_values import EventValue
from rallynov_graph.site.model.drawing.events import (
    BOUNDS,
    DATE,
    PLACE,
    PRINTED,
    REASON,
    STATUS,
    TIME,
    TO_BE_FIXED,
    Event,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.selection.cells import CertaintyMark
from rallynov_graph.site.model.statement import DERIVED

MarkedValues = tuple[tuple[EventValue, CertaintyMark], ...]


@dataclass(frozen=True)
class ToldEvent:
    """An event and what is said of it."""

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
    """The period, or the bounds, of what has no day of its own."""
    places: MarkedValues
    within: MarkedValues
    """The areas that its places lie in."""

    @property
    def certainty(self) -> str:
        """How surely its first date is said."""
        return next((mark.certainty for _, mark in self.dates), "")


def told(view: GraphView, event: Event) -> ToldEvent:
    """Return what is said of an event."""

    def marked(prop: str, values: tuple[EventValue, ...]) -> MarkedValues:
        return tuple((it, mark_of(view, event.node, prop, it)) for it in values)

    areas = (
        (area, mark_of(view, it.place.node, WITHIN, area))
        for it in event.places
        for area in it.within
    )
    return ToldEvent(
        event,
        marked(STATUS, event.status),
        marked(REASON, event.reasons),
        marked(TO_BE_FIXED, event.to_be_fixed),
        tuple(chain(marked(PRINTED, event.printed), marked(TIME, event.times))),
        marked(DATE, event.dates),
        marked(BOUNDS, event.bounds),
        marked(PLACE, tuple(it.place for it in event.places)),
        tuple(areas),
    )


def mark_of(view: GraphView, thing: Node, prop: str, value: EventValue) -> CertaintyMark:
    """Return how surely a value of a thing is said, with the way to its evidence."""
    certainty = value.certainty if value.certainty in (*CERTAINTIES, DERIVED) else ""
    return CertaintyMark(
        "" if certainty == SUREST else certainty, view.note_address(thing.iri, prop, value.term)
    )
