"""The stages and the closing event: their states, dates and places, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import CANCELLED, STATES, state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import in_page_language
from rallynov_graph.site.model.drawing.event_places import EventPlace, Places
from rallynov_graph.site.model.drawing.event_values import EventValue, values_by_thing
from rallynov_graph.site.model.drawing.inferred_parts import (
    InferredPart,
    PartOfSets,
    by_document,
    parts_not_printed,
)
from rallynov_graph.site.model.nodes import GraphView, Node

END: Final = "end"
"""The state of the event that ends the rally."""
OTHER: Final = "other"
"""The state of a stage that is none of ours, or not said."""
LEGEND: Final = (*(state.name for state in STATES), END, OTHER)
"""The states in the order of a legend."""
_CLOSING: Final = RN + "ClosingEvent"
_SCHEMA: Final = PREFIXES["schema"]
_STAGE: Final = RN + "Stage"
STATUS: Final = RN + "status"
REASON: Final = RN + "statusReason"
TO_BE_FIXED: Final = RN + "toBeFixed"
DATE: Final = _SCHEMA + "startDate"
BOUNDS: Final = RN + "edtfDate"
PLACE: Final = _SCHEMA + "location"
_END_DATE: Final = _SCHEMA + "endDate"
_INFERRED_PART: Final = RN + "inferredPart"
PRINTED: Final = RN + "dateAsPrinted"
TIME: Final = RN + "timeAsPrinted"
_PROPERTIES: Final = (
    *(TYPE, STATUS, REASON, TO_BE_FIXED),
    *(DATE, BOUNDS, PLACE, PRINTED, TIME, _INFERRED_PART, _END_DATE),
)


@dataclass(frozen=True)
class Event:
    """A stage, or the event that closes the rally."""

    node: Node
    state: str
    """One of the legend; nothing where none of it is said of what is no stage."""
    status: tuple[EventValue, ...]
    reasons: tuple[EventValue, ...]
    """Why it has its status."""
    to_be_fixed: tuple[EventValue, ...]
    """The properties whose value is to be fixed, as its source says."""
    printed: tuple[EventValue, ...]
    times: tuple[EventValue, ...]
    dates: tuple[EventValue, ...]
    bounds: tuple[EventValue, ...]
    """The period, or the bounds, of what has no day of its own."""
    inferred: tuple[InferredPart, ...]
    """Which parts of the date are inferred."""
    places: tuple[EventPlace, ...]

    @property
    def day(self) -> date | None:
        """Its day, where one is given whole."""
        return next((d for value in self.dates if (d := whole_day(value.term)) is not None), None)

    @property
    def has_its_day(self) -> bool:
        """Whether it was held on its day, or is to be: not where it is cancelled, nor where
        another day is to be fixed.
        """
        to_be_fixed = any(value.node.iri == DATE for value in self.to_be_fixed)
        return self.state != CANCELLED.name and not to_be_fixed and self.day is not None


def whole_day(term: Term) -> date | None:
    """Return the day of an xsd:date, None for any other value."""
    if not isinstance(term, Literal) or term.datatype.value != PREFIXES["xsd"] + "date":
        return None
    try:
        return date.fromisoformat(term.value[:10])
    except ValueError:
        return None


def events_of(view: GraphView, iris: list[str], least: NamedNode) -> tuple[Event, ...]:
    """Return things as events with the values of at least this certainty."""
    values_of_things = values_by_thing(view, iris, _PROPERTIES, least)
    names = view.nodes(map(NamedNode, iris))
    places = {
        value.term.value
        for values_by_property in values_of_things.values()
        for value in values_by_property.get(PLACE, ())
        if isinstance(value.term, NamedNode)
    }
    places_read = Places(view, sorted(places))
    parts = by_document(view, {iri: _parts(value) for iri, value in values_of_things.items()})
    return tuple(
        _event(
            names[NamedNode(iri)], values_of_things.get(iri, {}), places_read, parts.get(iri, ())
        )
        for iri in iris
    )


def _parts(values_by_property: dict[str, list[EventValue]]) -> tuple[PartOfSets, ...]:
    """Return the parts of the date that are inferred, and not printed elsewhere."""
    parts = values_by_property.get(_INFERRED_PART, ())
    dates = [it.sets for path in (DATE, _END_DATE) for it in values_by_property.get(path, ())]
    return parts_not_printed((PartOfSets(it.node, it.sets) for it in parts), dates)


def _event(
    node: Node,
    values_by_property: dict[str, list[EventValue]],
    places: Places,
    inferred: tuple[InferredPart, ...],
) -> Event:
    def values_of(*paths: str) -> tuple[EventValue, ...]:
        return tuple(value for path in paths for value in values_by_property.get(path, ()))

    return Event(
        node,
        _state(values_of(TYPE), values_of(STATUS)),
        values_of(STATUS),
        tuple(in_page_language(places.view, values_of(REASON), lambda value: value.term)),
        values_of(TO_BE_FIXED),
        values_of(PRINTED),
        values_of(TIME),
        values_of(DATE),
        values_of(BOUNDS),
        inferred,
        tuple(places.of(value) for value in values_of(PLACE)),
    )


def _state(types: Iterable[EventValue], status: Sequence[EventValue]) -> str:
    classes = {value.node.iri for value in types}
    if _CLOSING in classes:
        return END
    state = state_of({value.node.iri for value in status})
    if state is not None:
        return state.name
    return OTHER if status or _STAGE in classes else ""
