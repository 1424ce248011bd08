"""Things of a network at their places: large where they have many links, named where room is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from math import sqrt
from typing import Final

from rallynov_graph.questions.labels import Described, Text
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.drawing.force import Edge, Place, places
from rallynov_graph.site.model.nodes import GraphView, Node

WIDEST: Final = 1080
CROWD: Final = 300
"""More things take twice the room, and only so many have a name."""
NARROWEST: Final = 560
PROPORTION: Final = 0.7
MARGIN: Final = 60
SMALLEST: Final = 4
LARGEST: Final = 13
_SORT: Final = "layout"
"""What layouts are among what is kept beside a release."""
_LETTER: Final = 6.6
"""About how wide a letter of a name is drawn."""
_LINE: Final = 15
_LONGEST: Final = 26

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Dot:
    """A thing at its place."""

    node: Node
    kind: Text | None
    degree: int
    """How many of the things that are shown it is linked to."""
    x: int = 0
    y: int = 0
    radius: int = 4
    name: str = ""
    """What is written beside it; nothing where there is no room."""
    is_centre: bool = False


def size(count: int) -> tuple[int, int]:
    """Return the width and height of a drawing of so many things."""
    widest = WIDEST if count <= CROWD else 2 * WIDEST
    width = min(widest, max(NARROWEST, round(100 * sqrt(count))))
    return width, round(PROPORTION * width)


def placed(
    view: GraphView,
    shown: list[str],
    pairs: Iterable[tuple[str, str]],
    degrees: Counter[str],
    middle: str,
) -> dict[str, Dot]:
    """Return things at their places by their IRIs, the first in the middle of the drawing."""
    numbers = {iri: number for number, iri in enumerate(shown)}
    edges = tuple((numbers[a], numbers[b]) for a, b in pairs)
    at = _layout(view.queries, len(shown), edges)
    described = view.described(shown)
    classes = view.described(c for iri in shown for c in described[iri].classes)
    most = max(degrees.values(), default=1)
    width, height = size(len(shown))
    dots = []
    for iri, (left, top) in zip(shown, at, strict=True):
        of_class = next(iter(view.graph.with_above(described[iri].classes)), "")
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
    return dict(zip(shown, _with_names(dots, width), strict=True))


def _kind(view: GraphView, of_class: str, described: Described) -> Text:
    """Return what a class is called; one without a name by its address."""
    return view.best(described.names) or Text(view.thing(of_class, described).text)


def _layout(queries: PageQueries, count: int, edges: tuple[Edge, ...]) -> tuple[Place, ...]:
    """Return where things stand: in a process only once, and beside the release for all others."""
    return queries.once(
        _SORT,
        (count, edges),
        lambda: queries.result_cache.get(
            _SORT, f"{count} {edges}", lambda: places(count, edges), list, partial(_places, count)
        ),
    )


def _places(count: int, told: object) -> tuple[Place, ...]:
    """Return places that were kept; raise ValueError where they are not those of so many things."""
    if not isinstance(told, list) or len(told) != count:
        raise ValueError(told)
    return tuple((float(left), float(top)) for left, top in told)


def _with_names(dots: list[Dot], width: int) -> Iterator[Dot]:
    """Yield things with their names, without those that would cover a thing or another name."""
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


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
