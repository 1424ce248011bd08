"""The things of a network at their places: communities together, names where they fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

from rallynov_graph.exports.networks import FEWEST, NAMING, best_linked
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.drawing.names import (
    Box,
    NamePlace,
    Room,
    place_name,
    shortened,
    text_width,
)
from rallynov_graph.site.model.drawing.network_layout import GroupedLayout, grouped_layout, size
from rallynov_graph.site.model.nodes import GraphView, Node

SMALLEST: Final = 5
LARGEST: Final = 12
CROWD: Final = 600
"""The maximum number of names in the server's drawing."""
GROUND: Final = 18
"""How far a ground reaches beyond the middle of its outermost things."""
_MARK: Final = 12
"""How far the mark of a line and what is free around it reach."""
_TITLE: Final = 15
"""The size of the letters of a community's name, in pixels."""
_TITLE_WIDTH: Final = 1.2
"""How much wider these letters are than those of names of the same size."""
_TITLE_ROOM: Final = 80
"""How much wider than its things the name of a community may be."""


@dataclass(frozen=True)
class Dot:
    """A thing at its place."""

    node: Node
    kind: Text | None
    degree: int
    """The number of shown things that it is linked to."""
    x: int
    y: int
    radius: int
    is_centre: bool
    short: str
    """The text that names it and no other thing, in addresses."""
    name: NamePlace | None = None
    """Its name in the drawing; None if there is no room."""
    community: int | None = None
    """The number of its community among those that are drawn."""


@dataclass(frozen=True)
class Community:
    """Things that are linked to each other more than to others, with the ground below them."""

    node: Node
    """The best-linked stage or theme among them; without any, the best-linked thing."""
    count: int
    title: NamePlace
    ground: tuple[tuple[int, int], ...]
    """The corners around the middles of its things."""


@dataclass(frozen=True)
class PlacedNetwork:
    dots: dict[str, Dot]
    """By IRI."""
    communities: tuple[Community, ...]
    width: int
    height: int
    room: Room
    """The space that things and names leave free."""

    def middle(self, one: Dot, other: Dot) -> tuple[int, int] | None:
        """Reserve the space for a mark in the middle of a line, if it is free."""
        x, y = (one.x + other.x) // 2, (one.y + other.y) // 2
        box = Box(x - _MARK, y - _MARK, x + _MARK, y + _MARK)
        if not self.room.has(box):
            return None
        self.room.take(box)
        return x, y


def placed_network(
    view: GraphView,
    iris: Sequence[str],
    pairs: Iterable[tuple[str, str]],
    degrees: Counter[str],
    centre: str,
) -> PlacedNetwork:
    """Return things at their places; those that come first have their names first."""
    numbers = {iri: number for number, iri in enumerate(iris)}
    edges = tuple((numbers[a], numbers[b]) for a, b in pairs)
    layout = view.queries.once(
        "grouped layout", (len(iris), edges), lambda: grouped_layout(len(iris), edges)
    )
    dots = _dots(view, iris, layout, degrees, centre)
    groups = [group for group in layout.groups if len(group) >= FEWEST]
    naming = {at for at, dot in enumerate(dots) if dot.node.shape in NAMING}
    width, height = size(len(iris))
    communities = [
        _community(group, best, dots, width)
        for group, best in zip(groups, best_linked(groups, edges, naming), strict=True)
    ]
    for number, group in enumerate(groups):
        for at in group:
            dots[at] = replace(dots[at], community=number)
    room = Room(width, height)
    placed = dict(zip(iris, _with_names(room, dots, communities), strict=True))
    return PlacedNetwork(placed, tuple(communities), width, height, room)


def _dots(
    view: GraphView,
    iris: Sequence[str],
    layout: GroupedLayout,
    degrees: Counter[str],
    centre: str,
) -> list[Dot]:
    described = view.described(iris)
    classes = view.described(c for iri in iris for c in described[iri].classes)
    most = max(degrees.values(), default=1) or 1
    dots = []
    for iri, (x, y) in zip(iris, layout.places, strict=True):
        kind = None
        of_class = next(iter(view.graph.with_superclasses(described[iri].classes)), "")
        if known := classes.get(of_class):
            kind = view.best(known.names) or Text(view.thing(of_class, known).text)
        dots.append(
            Dot(
                view.thing(iri, described[iri]),
                kind,
                degrees[iri],
                x,
                y,
                round(SMALLEST + (LARGEST - SMALLEST) * sqrt(degrees[iri] / most)),
                iri == centre,
                view.addresses.short_or_iri(iri),
            )
        )
    return dots


def _community(group: Sequence[int], best: int, dots: Sequence[Dot], width: int) -> Community:
    points = sorted({(dots[at].x, dots[at].y) for at in group})
    left, right = points[0][0], points[-1][0]
    text = _title(dots[best].node.text, min(width, right - left + _TITLE_ROOM))
    half = _title_width(text) / 2
    middle = min(max((left + right) / 2, half), width - half)
    top = min(y for _, y in points) - GROUND
    title = NamePlace(text, round(middle), top - 7)
    return Community(dots[best].node, len(group), title, tuple(_hull(points)))


def _title(name: str, room: float) -> str:
    text = shortened(name, 60)
    while len(text) > 2 and _title_width(text) > room:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return text


def _title_width(text: str) -> float:
    return _TITLE_WIDTH * text_width(text, _TITLE)


def _hull(points: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the corners of the convex hull of sorted points, around it in one direction."""

    def half(ordered: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        chain: list[tuple[int, int]] = []
        for x, y in ordered:
            while len(chain) > 1:
                (ax, ay), (bx, by) = chain[-2:]
                if (bx - ax) * (y - ay) > (by - ay) * (x - ax):
                    break
                chain.pop()
            chain.append((x, y))
        return chain[:-1]

    return half(points) + half(reversed(points)) or points


def _with_names(room: Room, dots: Sequence[Dot], communities: Iterable[Community]) -> list[Dot]:
    """Return dots with their names, except names that would cover a sign or another name."""
    for community in communities:
        title, half = community.title, _title_width(community.title.text) / 2
        room.take(Box(title.x - half, title.y - _TITLE, title.x + half, title.y + 5))
    for dot in dots:
        wide = dot.radius * 4 / 3
        room.take(Box(dot.x - wide, dot.y - dot.radius, dot.x + wide, dot.y + dot.radius))
    return [
        replace(dot, name=place_name(room, dot.node.text, dot.x, dot.y, dot.radius))
        for dot in dots[:CROWD]
    ] + [*dots[CROWD:]]
