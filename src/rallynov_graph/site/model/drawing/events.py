"""The stages and the closing event with when and where they are, and who says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE
from rallynov_graph.site.model.as_printed import worded
from rallynov_graph.site.model.drawing.geometry import Point
from rallynov_graph.site.model.drawing.points import degrees, point_of
from rallynov_graph.site.model.evidence import Evidence, of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statements import Statement, about

HELD: Final = ID + "status/tenue"
_SCHEMA: Final = PREFIXES["schema"]
_STATUS: Final = RN + "status"
_DATE: Final = _SCHEMA + "startDate"
_PLACE: Final = _SCHEMA + "location"
_WITHIN: Final = _SCHEMA + "containedInPlace"
_COORDINATES: Final = (_SCHEMA + "latitude", _SCHEMA + "longitude")
_KEPT: Final = frozenset({_WITHIN, *_COORDINATES})
_PRINTED: Final = (RN + "dateAsPrinted", RN + "timeAsPrinted")
_ASKED: Final = (TYPE, _STATUS, _DATE, _PLACE, *_PRINTED, RN + "inferredPart")


@dataclass(frozen=True)
class EventValue:
    """A value with who says so."""

    node: Node
    evidence: tuple[Evidence, ...]
    term: Term

    @property
    def how(self) -> str:
        """The strongest certainty that it is said with."""
        return self.evidence[0].how if self.evidence else ""


@dataclass(frozen=True)
class Where:
    """A place of an event; where it lies, by another source."""

    place: EventValue
    within: tuple[EventValue, ...]
    point: Point | None
    sources: tuple[Node, ...]
    """Who gives its coordinates."""


@dataclass(frozen=True)
class Event:
    """A stage, or the event that closes the rally."""

    key: str
    """The letters that stand for it in drawings and table: stages have numbers of their own."""
    node: Node
    state: str
    """held, announced or end."""
    status: tuple[EventValue, ...]
    printed: tuple[EventValue, ...]
    times: tuple[EventValue, ...]
    dates: tuple[EventValue, ...]
    inferred: tuple[Node, ...]
    """Which parts of the date are inferred."""
    places: tuple[Where, ...]

    @property
    def day(self) -> date | None:
        """Its day, where one is given whole."""
        return next((d for said in self.dates if (d := whole_day(said.term)) is not None), None)


def letters(place: int) -> str:
    """Return what stands for a place in an order, from 1: A to Z, AA, AB and so on."""
    found = ""
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def whole_day(term: Term) -> date | None:
    """Return the day of an xsd:date, None for any other value."""
    if not isinstance(term, Literal) or term.datatype.value != PREFIXES["xsd"] + "date":
        return None
    try:
        return date.fromisoformat(term.value[:10])
    except ValueError:
        return None


def events_of(view: GraphView, iris: list[str], least: NamedNode, first: int) -> tuple[Event, ...]:
    """Return things as events, with what is said at least so surely, lettered from a place on."""
    told = _told(view, iris, least)
    names = view.nodes(map(NamedNode, iris))
    places = {
        said.term.value
        for facts in told.values()
        for said in facts.get(_PLACE, ())
        if isinstance(said.term, NamedNode)
    }
    where = _Places(view, sorted(places))
    return tuple(
        _event(names[NamedNode(iri)], told.get(iri, {}), where, letters(first + place))
        for place, iri in enumerate(iris)
    )


def _event(node: Node, facts: dict[str, list[EventValue]], where: _Places, key: str) -> Event:
    def of(*paths: str) -> tuple[EventValue, ...]:
        return tuple(said for path in paths for said in facts.get(path, ()))

    ends = any(said.node.iri == RN + "ClosingEvent" for said in of(TYPE))
    held = any(said.node.iri == HELD for said in of(_STATUS))
    return Event(
        key,
        node,
        "end" if ends else "held" if held else "announced",
        of(_STATUS),
        of(_PRINTED[0]),
        of(_PRINTED[1]),
        of(_DATE),
        tuple(said.node for said in of(RN + "inferredPart")),
        tuple(where.of(said) for said in of(_PLACE)),
    )


def _told(
    view: GraphView, iris: list[str], least: NamedNode
) -> dict[str, dict[str, list[EventValue]]]:
    """Return what is said of each thing by property; each value once, with all who say it."""
    rows = view.queries.rows(
        "values_said",
        thing=map(NamedNode, iris),
        property=map(NamedNode, _ASKED),
        certainty=least,
    ).rows
    found: dict[str, dict[str, dict[Term, list[str]]]] = {}
    for thing, path, value, graph in rows:
        assert isinstance(thing, NamedNode) and isinstance(path, NamedNode) and value is not None
        values = found.setdefault(thing.value, {}).setdefault(path.value, {})
        if isinstance(graph, NamedNode):
            values.setdefault(worded(view, path.value, value), []).append(graph.value)
    evidence = of_graphs(view, (g.value for *_, g in rows if isinstance(g, NamedNode)))
    nodes = view.nodes(v for facts in found.values() for values in facts.values() for v in values)
    return {
        thing: {
            path: [_said(nodes[v], graphs, evidence, v) for v, graphs in values.items()]
            for path, values in facts.items()
        }
        for thing, facts in found.items()
    }


def _said(node: Node, graphs: Iterable[str], known: dict[str, Evidence], term: Term) -> EventValue:
    proofs = sorted((known[g] for g in graphs if g in known), key=lambda proof: proof.rank)
    return EventValue(node, tuple(proofs), term)


class _Places:
    """What the graph says of places: what they lie in and their coordinates."""

    def __init__(self, view: GraphView, iris: list[str]) -> None:
        self._told = about(view, iris)
        said = [s for told in self._told.values() for s in told if s.path in _KEPT]
        self._evidence = of_graphs(view, (g for s in said for g in s.graphs))
        self._nodes = view.nodes(s.other for s in said if s.path == _WITHIN)

    def of(self, place: EventValue) -> Where:
        """Return where a place is."""
        told = self._told.get(place.node.iri, [])
        within = tuple(
            _said(self._nodes[s.other], s.graphs, self._evidence, s.other)
            for s in told
            if s.path == _WITHIN
        )
        given = [[s for s in told if s.path == path] for path in _COORDINATES]
        point = _point(given)
        graphs = (g for told in given for s in told for g in s.graphs) if point else ()
        sources = (self._evidence[g].source for g in graphs if g in self._evidence)
        return Where(place, within, point, tuple(dict.fromkeys(sources)))


def _point(given: Sequence[Sequence[Statement]]) -> Point | None:
    """Return a point from its latitudes and longitudes, None where there is not one of each."""
    latitude, longitude = (
        next((s.other for s in told if degrees(s.other) is not None), None) for told in given
    )
    return point_of(latitude, longitude)
