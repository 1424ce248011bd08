"""The stages and the closing event: their dates and places, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.event_states import CANCELLED, STATES, state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.drawing.geometry import Point
from rallynov_graph.site.model.drawing.inferred_parts import (
    InferredPart,
    PartOfSets,
    by_document,
    parts_not_printed,
)
from rallynov_graph.site.model.drawing.points import degrees, point_of
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statements import Statement, statements_about

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
WITHIN: Final = _SCHEMA + "containedInPlace"
LATITUDE: Final = _SCHEMA + "latitude"
_COORDINATES: Final = (LATITUDE, _SCHEMA + "longitude")
_PLACE_PROPERTIES: Final = frozenset({WITHIN, *_COORDINATES})
_END_DATE: Final = _SCHEMA + "endDate"
_INFERRED_PART: Final = RN + "inferredPart"
PRINTED: Final = RN + "dateAsPrinted"
TIME: Final = RN + "timeAsPrinted"
_PROPERTIES: Final = (
    *(TYPE, STATUS, REASON, TO_BE_FIXED),
    *(DATE, BOUNDS, PLACE, PRINTED, TIME, _INFERRED_PART, _END_DATE),
)


@dataclass(frozen=True)
class EventValue:
    """A value with its evidence."""

    node: Node
    evidence: tuple[Evidence, ...]
    term: Term

    @property
    def certainty(self) -> str:
        """The kind of its surest evidence."""
        return self.evidence[0].kind if self.evidence else ""

    @property
    def sets(self) -> frozenset[str]:
        """The graphs that state it."""
        return frozenset(piece.source.iri for piece in self.evidence)


@dataclass(frozen=True)
class EventPlace:
    """A place of an event, with the areas and the coordinates of it."""

    place: EventValue
    within: tuple[EventValue, ...]
    point: Point | None
    sources: tuple[Node, ...]
    """The graphs that state its coordinates."""
    latitude: Term | None = None
    """The first of its coordinates, as its evidence names it."""


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
        return next((d for said in self.dates if (d := whole_day(said.term)) is not None), None)

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
    values_by_thing = _values_by_thing(view, iris, least)
    names = view.nodes(map(NamedNode, iris))
    places = {
        value.term.value
        for values_by_property in values_by_thing.values()
        for value in values_by_property.get(PLACE, ())
        if isinstance(value.term, NamedNode)
    }
    places_read = Places(view, sorted(places))
    parts = by_document(view, {iri: _parts(said) for iri, said in values_by_thing.items()})
    return tuple(
        _event(names[NamedNode(iri)], values_by_thing.get(iri, {}), places_read, parts.get(iri, ()))
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


def _values_by_thing(
    view: GraphView, iris: list[str], least: NamedNode
) -> dict[str, dict[str, list[EventValue]]]:
    """Return the values of each thing by property, each once, with all its evidence."""
    rows = view.queries.rows(
        "values_said",
        thing=map(NamedNode, iris),
        property=map(NamedNode, _PROPERTIES),
        certainty=least,
    ).rows
    found: dict[str, dict[str, dict[Term, list[str]]]] = {}
    for thing, path, value, graph in rows:
        assert isinstance(thing, NamedNode) and isinstance(path, NamedNode) and value is not None
        values = found.setdefault(thing.value, {}).setdefault(path.value, {})
        if isinstance(graph, NamedNode):
            values.setdefault(value, []).append(graph.value)
    evidence = evidence_of_graphs(view, (g.value for *_, g in rows if isinstance(g, NamedNode)))
    shown = {
        (path, value): in_carnet_language(view, path, value)
        for facts in found.values()
        for path, values in facts.items()
        for value in values
    }
    nodes = view.nodes(shown.values())
    return {
        thing: {
            path: [
                _event_value(nodes[shown[path, value]], graphs, evidence, value)
                for value, graphs in values.items()
            ]
            for path, values in facts.items()
        }
        for thing, facts in found.items()
    }


def _event_value(
    node: Node, graphs: Iterable[str], evidence: dict[str, Evidence], term: Term
) -> EventValue:
    pieces = sorted((evidence[g] for g in graphs if g in evidence), key=lambda piece: piece.rank)
    return EventValue(node, tuple(pieces), term)


class Places:
    """The areas and the coordinates of places."""

    def __init__(self, view: GraphView, iris: list[str]) -> None:
        self.view = view
        self._statements = statements_about(view, iris)
        statements = [
            statement
            for of_place in self._statements.values()
            for statement in of_place
            if statement.path in _PLACE_PROPERTIES
        ]
        self._evidence = evidence_of_graphs(
            view, (g for statement in statements for g in statement.graphs)
        )
        self._nodes = view.nodes(
            statement.other_end for statement in statements if statement.path == WITHIN
        )

    def of(self, place: EventValue) -> EventPlace:
        """Return where a place is."""
        statements = self._statements.get(place.node.iri, [])
        within = tuple(
            _event_value(self._nodes[s.other_end], s.graphs, self._evidence, s.other_end)
            for s in statements
            if s.path == WITHIN
        )
        coordinates = [[s for s in statements if s.path == path] for path in _COORDINATES]
        point = _point(coordinates)
        graphs = (
            (g for statements in coordinates for s in statements for g in s.graphs) if point else ()
        )
        sources = (self._evidence[g].source for g in graphs if g in self._evidence)
        latitude = coordinates[0][0].other_end if point else None
        return EventPlace(place, within, point, tuple(dict.fromkeys(sources)), latitude)


def _point(coordinates: Sequence[Sequence[Statement]]) -> Point | None:
    """Return a point from its latitudes and longitudes, None where there is not one of each."""
    latitude, longitude = (
        next((s.other_end for s in statements if degrees(s.other_end) is not None), None)
        for statements in coordinates
    )
    return point_of(latitude, longitude)
