"""The stages and the closing event: their states, dates and places, with evidence."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import STATES, state_of
from rallynov_graph.base.languages import DATES
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import in_page_language
from rallynov_graph.site.model.drawing.place_map import Point, degrees, point_of
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import documents_of_sets
from rallynov_graph.site.model.statement import (
    StatedTriple,
    Statement,
    stated_with,
    statements,
    statements_about,
)

END: Final = "end"
"""The state of the event that ends the rally."""
OTHER: Final = "other"
"""The state of a stage with an unknown status, or without one."""
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
PRINTED: Final = RN + "dateAsPrinted"
TIME: Final = RN + "timeAsPrinted"
WITHIN: Final = _SCHEMA + "containedInPlace"
_END_DATE: Final = _SCHEMA + "endDate"
_INFERRED_PART: Final = RN + "inferredPart"
_PROPERTIES: Final = (
    *(TYPE, STATUS, REASON, TO_BE_FIXED),
    *(DATE, BOUNDS, PLACE, PRINTED, TIME, _INFERRED_PART, _END_DATE),
)
_COORDINATES: Final = (_SCHEMA + "latitude", _SCHEMA + "longitude")


@dataclass(frozen=True)
class EventPlace:
    """A place of an event, with the areas and the coordinates of it."""

    place: Statement
    within: tuple[Statement, ...] = ()
    point: Point | None = None
    sources: tuple[Node, ...] = ()
    """The graphs that state its coordinates."""


@dataclass(frozen=True)
class InferredPart:
    node: Node
    documents: tuple[Node, ...] = ()
    """The documents whose form lacks it; none where all forms lack the same."""


def _said(*properties: str) -> property:
    """Return what a source says of an event by some properties, for templates."""
    return property(lambda event: event.of(*properties))


@dataclass(frozen=True)
class Event:
    """A stage, the event that closes the rally, or another thing with a date."""

    node: Node
    state: str
    """A state of the legend; nothing for an event that is not a stage and has no state."""
    values: Mapping[str, tuple[Statement, ...]]
    """By property."""
    inferred: tuple[InferredPart, ...]
    located: tuple[EventPlace, ...]
    """Its places, each with its areas and its point."""
    dated_by: str = DATE
    """The property that dates it."""

    status = _said(STATUS)
    reasons = _said(REASON)
    to_be_fixed = _said(TO_BE_FIXED)
    printed = _said(PRINTED, TIME)
    bounds = _said(BOUNDS)
    places = _said(PLACE)

    def of(self, *properties: str) -> tuple[Statement, ...]:
        return tuple(value for prop in properties for value in self.values.get(prop, ()))

    @property
    def dates(self) -> tuple[Statement, ...]:
        return self.of(self.dated_by)

    @property
    def areas(self) -> tuple[Statement, ...]:
        return tuple(area for it in self.located for area in it.within)

    @property
    def day(self) -> date | None:
        """The first day of its date, if it has one."""
        days = (first_day(value.stated.value) for value in self.dates)
        return next((day for day in days if day is not None), None)


def first_day(term: Term) -> date | None:
    """Return the first day of a date, a month or a year; None for any other value."""
    if not isinstance(term, Literal) or term.datatype.value not in DATES:
        return None
    parts = re.match(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", term.value)
    try:
        return date(*(int(it or 1) for it in parts.groups())) if parts else None
    except ValueError:
        return None


def events_of(
    view: GraphView, iris: Sequence[str], certainty: str, dated_by: str = DATE
) -> tuple[Event, ...]:
    """Return things as events with the values of at least this certainty."""
    values = _values_by_thing(view, iris, {*_PROPERTIES, dated_by}, certainty)
    names = view.nodes(map(NamedNode, iris))
    places = _places(view, (it for of in values.values() for it in of.get(PLACE, ())))
    parts = _inferred_parts(view, values)
    return tuple(
        Event(
            names[NamedNode(iri)],
            _state(values.get(iri, {})),
            values.get(iri, {}),
            parts.get(iri, ()),
            tuple(places[value.stated] for value in values.get(iri, {}).get(PLACE, ())),
            dated_by,
        )
        for iri in iris
    )


_Values = dict[str, tuple[Statement, ...]]


def _values_by_thing(
    view: GraphView, iris: Iterable[str], properties: Iterable[str], certainty: str
) -> dict[str, _Values]:
    """Return the values of each thing by property, each once, with all its evidence."""
    given = stated_with(view, thing=iris, property=properties)
    found: dict[str, _Values] = {}
    for it in statements(view, given, certainty):
        of_thing = found.setdefault(it.subject.iri, {})
        of_thing[it.stated.path] = (*of_thing.get(it.stated.path, ()), it)
    for of_thing in found.values():
        if reasons := of_thing.get(REASON):
            of_thing[REASON] = tuple(in_page_language(view, reasons, lambda it: it.stated.value))
    return found


def _places(view: GraphView, values: Iterable[Statement]) -> dict[StatedTriple, EventPlace]:
    values = [*values]
    about = statements_about(view, sorted({it.value.iri for it in values if it.value.iri}))
    stated = (it for of_place in about.values() for it in of_place)
    said: dict[str, list[Statement]] = {}
    for it in statements(view, (it for it in stated if it.path in (WITHIN, *_COORDINATES))):
        said.setdefault(it.subject.iri, []).append(it)
    found: dict[StatedTriple, EventPlace] = {}
    for value in values:
        of_place = said.get(value.value.iri, [])
        by_axis = [[it for it in of_place if it.stated.path == path] for path in _COORDINATES]
        numbers = ([it.stated.value for it in them] for them in by_axis)
        point = point_of(*(next(filter(_is_number, them), None) for them in numbers))
        evidence = (e for them in by_axis for it in them for e in it.evidence) if point else ()
        within = tuple(it for it in of_place if it.stated.path == WITHIN)
        found[value.stated] = EventPlace(
            value, within, point, tuple(dict.fromkeys(it.source for it in evidence))
        )
    return found


def _is_number(term: Term) -> bool:
    return degrees(term) is not None


def _inferred_parts(
    view: GraphView, values: Mapping[str, _Values]
) -> dict[str, tuple[InferredPart, ...]]:
    """Return the inferred parts of each event's date, with their documents where these differ."""
    parts = {iri: _not_printed(of_event) for iri, of_event in values.items()}
    several = (sets for of_event in parts.values() if len(of_event) > 1 for _, sets in of_event)
    sets = sorted(frozenset().union(*several))
    found_in = documents_of_sets(view, sets)
    nodes = view.nodes(NamedNode(iri) for them in found_in.values() for iri in them)
    documents = {name: [nodes[NamedNode(it)] for it in them] for name, them in found_in.items()}
    found: dict[str, tuple[InferredPart, ...]] = {}
    for iri, of_event in parts.items():
        of_part = [
            dict.fromkeys(document for name in sorted(sets) for document in documents.get(name, ()))
            for _, sets in of_event
        ]
        differ = any(them.keys() != of_part[0].keys() for them in of_part)
        found[iri] = tuple(
            InferredPart(node, tuple(them) if differ else ())
            for (node, _), them in zip(of_event, of_part, strict=True)
        )
    return found


def _not_printed(values: _Values) -> list[tuple[Node, frozenset[str]]]:
    """Return the parts of a date that are inferred, each with the sets that infer it.

    A part is left out that another set of the same date has printed.
    """
    parts = values.get(_INFERRED_PART, ())
    inferring = frozenset().union(*(part.stated.graphs for part in parts))
    dates = ({*it.stated.graphs} for path in (DATE, _END_DATE) for it in values.get(path, ()))
    printed = frozenset().union(*(sets for sets in dates if not sets <= inferring))
    return [
        (part.value, left) for part in parts if (left := frozenset(part.stated.graphs) - printed)
    ]


def _state(values: _Values) -> str:
    classes = {value.value.iri for value in values.get(TYPE, ())}
    status = values.get(STATUS, ())
    if _CLOSING in classes:
        return END
    state = state_of({value.value.iri for value in status})
    if state is not None:
        return state.name
    return OTHER if status or _STAGE in classes else ""
