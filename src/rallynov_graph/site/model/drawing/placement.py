"""The things of a network at their places, with sizes by their links, and names where they fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from typing import Final

from rallynov_graph.questions.labels import Described, Text
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.drawing.force import Coordinates, Edge, places
from rallynov_graph.site.model.nodes import GraphView, Node

WIDEST: Final = 1080
CROWD: Final = 300
"""More things make the drawing twice as wide; only so many have a name."""
NARROWEST: Final = 560
PROPORTION: Final = 0.7
MARGIN: Final = 60
SMALLEST: Final = 4
LARGEST: Final = 13
_CACHE_NAME: Final = "layout"
"""The name under which layouts are kept beside a release."""
_LETTER: Final = 6.6
"""The approximate width of a letter in a drawing."""
_LINE: Final = 15
_LONGEST: Final = 26

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Dot:
    """A thing at its place."""

    node: Node
    kind: Text | None
    degree: int
    """The number of shown things that it is linked to."""
    x: int = 0
    y: int = 0
    radius: int = 4
    name: str = ""
    """The name below it; empty where there is no room."""
    is_centre: bool = False


def size(count: int) -> tuple[int, int]:
    """Return the width and height of a drawing of this number of things."""
    widest = WIDEST if count <= CROWD else 2 * WIDEST
    width = min(widest, max(NARROWEST, round(100 * sqrt(count))))
    return width, round(PROPORTION * width)


def dots_at_places(
    view: GraphView,
    iris: list[str],
    pairs: Iterable[tuple[str, str]],
    degrees: Counter[str],
    middle: str,
) -> dict[str, Dot]:
    """Return the dot of each thing by its IRI, the first in the middle of the drawing."""
    numbers = {iri: number for number, iri in enumerate(iris)}
    edges = tuple((numbers[a], numbers[b]) for a, b in pairs)
    coordinates = _layout(view.queries, len(iris), edges)
    described = view.described(iris)
    classes = view.described(c for iri in iris for c in described[iri].classes)
    most = max(degrees.values(), default=1)
    width, height = size(len(iris))
    dots = []
    for iri, (left, top) in zip(iris, coordinates, strict=True):
        of_class = next(iter(view.graph.with_superclasses(described[iri].classes)), "")
        dots.append(
            Dot(
                view.thing(iri, described[iri]),
                _kind(view, of_class, classes[of_class]) if of_class in classes else None,
                degrees[iri],
                round(MARGIN + left * (width - 2 * MARGIN)),
                round(MARGIN / 2 + top * (height - MARGIN)),
                round(SMALLEST + (LARGEST - SMALLEST) * sqrt(degrees[iri] / max(1, most))),
                is_centre=iri == middle,
            )
        )
    return dict(zip(iris, _with_names(dots, width), strict=True))


def _kind(view: GraphView, of_class: str, described: Described) -> Text:
    """Return the name of a class, or the last part of its IRI."""
    return view.best(described.names) or Text(view.thing(of_class, described).text)


def _layout(queries: PageQueries, count: int, edges: tuple[Edge, ...]) -> tuple[Coordinates, ...]:
    """Return the layout, kept in the process and beside the release for other processes."""
    return queries.once(
        _CACHE_NAME,
        (count, edges),
        lambda: queries.result_cache.get(
            _CACHE_NAME,
            f"{count} {edges}",
            lambda: places(count, edges),
            list,
            partial(_places, count),
        ),
    )


def _places(count: int, kept: object) -> tuple[Coordinates, ...]:
    """Return a layout that was kept; raise ValueError where it is not of ``count`` things."""
    if not isinstance(kept, list) or len(kept) != count:
        raise ValueError(kept)
    return tuple((float(left), float(top)) for left, top in kept)


def _with_names(dots: list[Dot], width: int) -> Iterator[Dot]:
    """Yield dots with their names, except names that would cover a dot or another name."""
    taken: list[Box] = [
        (d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in dots
    ]
    for dot in dots[:CROWD]:
        name = dot.node.text
        name = name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
        half = len(name) * _LETTER / 2
        box = (dot.x - half, dot.y + dot.radius + 1, dot.x + half, dot.y + dot.radius + _LINE)
        if box[0] < 0 or box[2] > width or any(_overlap(box, other) for other in taken):
            yield dot
        else:
            taken.append(box)
            yield replace(dot, name=name)
    yield from dots[CROWD:]


def _overlap(first: Box, second: Box) -> bool:
    return (
        first[0] < second[2]
        and second[0] < first[2]
        and first[1] < second[3]
        and second[1] < first[3]
    )
