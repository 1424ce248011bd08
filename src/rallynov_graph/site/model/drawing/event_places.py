"""Where events are: the areas and the coordinates of their places, with evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.site.model.drawing.event_values import EventValue, event_value
from rallynov_graph.site.model.drawing.geometry import Point
from rallynov_graph.site.model.drawing.points import degrees, point_of
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.statement import StatedTriple, evidence_of_graphs, statements_about

_SCHEMA: Final = PREFIXES["schema"]
WITHIN: Final = _SCHEMA + "containedInPlace"
_COORDINATES: Final = (_SCHEMA + "latitude", _SCHEMA + "longitude")
_PROPERTIES: Final = frozenset({WITHIN, *_COORDINATES})


@dataclass(frozen=True)
class EventPlace:
    """A place of an event, with the areas and the coordinates of it."""

    place: EventValue
    within: tuple[EventValue, ...]
    point: Point | None
    sources: tuple[Node, ...]
    """The graphs that state its coordinates."""


class Places:
    """The areas and the coordinates of places."""

    def __init__(self, view: GraphView, iris: list[str]) -> None:
        self.view = view
        self._statements = statements_about(view, iris)
        statements = [
            statement
            for of_place in self._statements.values()
            for statement in of_place
            if statement.path in _PROPERTIES
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
            event_value(self._nodes[s.other_end], s.graphs, self._evidence, s.other_end)
            for s in statements
            if s.path == WITHIN
        )
        coordinates = [[s for s in statements if s.path == path] for path in _COORDINATES]
        point = _point(coordinates)
        graphs = (
            (g for statements in coordinates for s in statements for g in s.graphs) if point else ()
        )
        sources = (self._evidence[g].source for g in graphs if g in self._evidence)
        return EventPlace(place, within, point, tuple(dict.fromkeys(sources)))


def _point(coordinates: Sequence[Sequence[StatedTriple]]) -> Point | None:
    """Return a point from its latitudes and longitudes, None where there is not one of each."""
    latitude, longitude = (
        next((s.other_end for s in statements if degrees(s.other_end) is not None), None)
        for statements in coordinates
    )
    return point_of(latitude, longitude)
