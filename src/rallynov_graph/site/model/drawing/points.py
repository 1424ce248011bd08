"""The coordinates of things, their own or those of their places."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.drawing.geometry import Point
from rallynov_graph.site.model.nodes import GraphView


def points_of(view: GraphView, things: Iterable[NamedNode]) -> dict[str, tuple[Point, ...]]:
    """Return the points of the things that have some, by IRI."""
    found: dict[str, tuple[Point, ...]] = {}
    for thing, *numbers in view.queries.rows("points_of_things", thing=things).rows:
        point = point_of(*numbers)
        if isinstance(thing, NamedNode) and point is not None:
            found[thing.value] = (*found.get(thing.value, ()), point)
    return found


def point_of(latitude: Term | None, longitude: Term | None) -> Point | None:
    """Return the point of two literals, None where they are no place on earth."""
    north, east = degrees(latitude), degrees(longitude)
    if north is None or east is None or not (abs(north) <= 90 and abs(east) <= 180):
        return None
    return north, east


def degrees(term: Term | None) -> float | None:
    """Return the number that a literal holds, None where it holds none."""
    try:
        return float(term.value) if isinstance(term, Literal) else None
    except ValueError:
        return None
