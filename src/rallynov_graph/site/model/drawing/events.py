"""The stages and the closing event: their states, dates and places, with evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import CANCELLED, STATES, state_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import in_carnet_language, in_page_language
from rallynov_graph.site.model.drawing.place_map import Point, degrees, point_of
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.passages import documents_of_sets
from rallynov_graph.site.model.statement import Evidence, evidence_of_graphs, statements_about

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
    within: tuple[EventValue, ...] = ()
    point: Point | None = None
    sources: tuple[Node, ...] = ()
    """The graphs that state its coordinates."""


@dataclass(frozen=True)
class InferredPart:
    """A part of a date that is inferred."""

    node: Node
    documents: tuple[Node, ...] = ()
    """The documents whose form lacks it; none where all forms lack the same."""


@dataclass(frozen=True)
class Event:
    """A stage, or the event that closes the rally."""

    node: Node
    state: str
    """One of the legend; nothing where none of it is said of what is no stage."""
    values: Mapping[str, tuple[EventValue, ...]]
    """By property."""
    inferred: tuple[InferredPart, ...]
    """Which parts of the date are inferred."""
    places: tuple[EventPlace, ...]

    def of(self, *properties: str) -> tuple[EventValue, ...]:
        """Return the values of some properties."""
        return tuple(value for prop in properties for value in self.values.get(prop, ()))

    @property
    def day(self) -> date | None:
        """Its day, where one is given whole."""
        days = (whole_day(value.term) for value in self.of(DATE))
        return next((day for day in days if day is not None), None)

    @property
    def has_its_day(self) -> bool:
        """Whether it was held on its day, or is to be: not where it is cancelled, nor where
        another day is to be fixed.
        """
        to_be_fixed = any(value.node.iri == DATE for value in self.of(TO_BE_FIXED))
        return self.state != CANCELLED.name and not to_be_fixed and self.day is not None


def whole_day(term: Term) -> date | None:
    """Return the day of an xsd:date, None for any other value."""
    if not isinstance(term, Literal) or term.datatype.value != PREFIXES["xsd"] + "date":
        return None
    try:
        return date.fromisoformat(term.value[:10])
    except ValueError:
        return None


def events_of(view: GraphView, iris: Sequence[str], least: NamedNode) -> tuple[Event, ...]:
    """Return things as events with the values of at least this certainty."""
    values = _values_by_thing(view, iris, least)
    names = view.nodes(map(NamedNode, iris))
    places = _places(view, (it for of in values.values() for it in of.get(PLACE, ())))
    parts = _inferred_parts(view, values)
    return tuple(
        Event(
            names[NamedNode(iri)],
            _state(values.get(iri, {})),
            values.get(iri, {}),
            parts.get(iri, ()),
            tuple(places[value] for value in values.get(iri, {}).get(PLACE, ())),
        )
        for iri in iris
    )


_Values = dict[str, tuple[EventValue, ...]]


def _values_by_thing(view: GraphView, iris: Iterable[str], least: NamedNode) -> dict[str, _Values]:
    """Return the values of each thing by property, each once, with all its evidence."""
    rows = view.queries.rows(
        "values_said",
        thing=map(NamedNode, iris),
        property=map(NamedNode, _PROPERTIES),
        certainty=least,
    ).rows
    graphs: dict[tuple[str, str, Term], list[str]] = {}
    for thing, path, value, graph in rows:
        assert isinstance(thing, NamedNode) and isinstance(path, NamedNode) and value is not None
        them = graphs.setdefault((thing.value, path.value, value), [])
        if isinstance(graph, NamedNode):
            them.append(graph.value)
    evidence = evidence_of_graphs(view, (graph for them in graphs.values() for graph in them))
    shown = {(path, value): in_carnet_language(view, path, value) for _, path, value in graphs}
    nodes = view.nodes(shown.values())
    found: dict[str, _Values] = {}
    for (thing_iri, prop, term), them in graphs.items():
        of_thing = found.setdefault(thing_iri, {})
        made = _event_value(nodes[shown[prop, term]], them, evidence, term)
        of_thing[prop] = (*of_thing.get(prop, ()), made)
    for of_thing in found.values():
        if reasons := of_thing.get(REASON):
            of_thing[REASON] = tuple(in_page_language(view, reasons, lambda value: value.term))
    return found


def _event_value(
    node: Node, graphs: Iterable[str], evidence: dict[str, Evidence], term: Term
) -> EventValue:
    """Return a value with the evidence of its graphs, the surest first."""
    pieces = sorted((evidence[g] for g in graphs if g in evidence), key=lambda piece: piece.rank)
    return EventValue(node, tuple(pieces), term)


def _places(view: GraphView, values: Iterable[EventValue]) -> dict[EventValue, EventPlace]:
    """Return where the places that are values of events are."""
    values = [*values]
    iris = {value.term.value for value in values if isinstance(value.term, NamedNode)}
    said = {
        iri: [it for it in them if it.path in (WITHIN, *_COORDINATES)]
        for iri, them in statements_about(view, sorted(iris)).items()
    }
    every = [statement for them in said.values() for statement in them]
    evidence = evidence_of_graphs(view, (graph for it in every for graph in it.graphs))
    nodes = view.nodes(it.other_end for it in every if it.path == WITHIN)
    found: dict[EventValue, EventPlace] = {}
    for value in values:
        statements = said.get(value.node.iri, [])
        within = tuple(
            _event_value(nodes[it.other_end], it.graphs, evidence, it.other_end)
            for it in statements
            if it.path == WITHIN
        )
        by_axis = [[it for it in statements if it.path == path] for path in _COORDINATES]
        numbers = ([it.other_end for it in them] for them in by_axis)
        point = point_of(*(next(filter(_is_number, them), None) for them in numbers))
        graphs = (g for them in by_axis for it in them for g in it.graphs) if point else ()
        sources = dict.fromkeys(evidence[g].source for g in graphs if g in evidence)
        found[value] = EventPlace(value, within, point, tuple(sources))
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
    inferring = frozenset().union(*(part.sets for part in parts))
    dates = (it.sets for path in (DATE, _END_DATE) for it in values.get(path, ()))
    printed = frozenset().union(*(sets for sets in dates if not sets <= inferring))
    return [(part.node, left) for part in parts if (left := part.sets - printed)]


def _state(values: _Values) -> str:
    classes = {value.node.iri for value in values.get(TYPE, ())}
    status = values.get(STATUS, ())
    if _CLOSING in classes:
        return END
    state = state_of({value.node.iri for value in status})
    if state is not None:
        return state.name
    return OTHER if status or _STAGE in classes else ""
