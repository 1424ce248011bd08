"""A layout of a network that draws its communities together, each in a cell of its own.

The cells fill the drawing: communities that are linked get cells near each other, those of many
nodes large ones. No two cells overlap, so neither do the grounds that are drawn in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations
from math import hypot, sqrt
from typing import Final

from rallynov_graph.exports.networks import Edge, communities
from rallynov_graph.site.model.drawing.force import Coordinates, places

ROOM: Final = 7000
"""The square pixels of a node with its name."""
NARROWEST: Final = 640
WIDEST: Final = 2800
PROPORTION: Final = 0.8
APART: Final = 32
"""How far apart two nodes are, unless there is no room."""
_ROUNDS: Final = 30
_AROUND: Final = 1.5
"""The nodes that the rim of a cell takes the room of."""
_SIDE: Final = 44
_TOP: Final = 48
"""Where the name of a community stands, and how far its ground reaches above its nodes."""
_BOTTOM: Final = 36


@dataclass(frozen=True)
class Cell:
    """A rectangle of the drawing."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class GroupedLayout:
    """The place of each node, and the numbers of the nodes of each community."""

    places: tuple[tuple[int, int], ...]
    groups: tuple[tuple[int, ...], ...]


def size(count: int) -> tuple[int, int]:
    """Return the width and height of a drawing of so many nodes."""
    width = min(WIDEST, max(NARROWEST, round(sqrt(count * ROOM / PROPORTION))))
    return width, round(PROPORTION * width)


def grouped_layout(count: int, edges: tuple[Edge, ...]) -> GroupedLayout:
    """Return the layout of nodes; the first of a community are in the middle of its cell."""
    groups = communities(count, edges)
    group_of = {node: number for number, group in enumerate(groups) for node in group}
    crossing = Counter(
        (min(ends), max(ends)) for ends in ((group_of[a], group_of[b]) for a, b in edges)
    )
    between = tuple(sorted(ends for ends in crossing if ends[0] != ends[1]))
    centres = places(len(groups), between)
    weights = [len(group) + _AROUND for group in groups]
    width, height = size(count)
    found: dict[int, tuple[int, int]] = {}
    for number, cell in _cells([*range(len(groups))], Cell(0, 0, width, height), weights, centres):
        found |= _placed(groups[number], edges, cell)
    return GroupedLayout(tuple(found[node] for node in range(count)), groups)


def _cells(
    groups: list[int], cell: Cell, weights: Sequence[float], centres: Sequence[Coordinates]
) -> Iterator[tuple[int, Cell]]:
    """Yield a cell for each group; halves of like weight are cut across the longer side."""
    if len(groups) <= 1:
        yield from ((group, cell) for group in groups)
        return
    is_wide = cell.width >= cell.height
    ordered = sorted(groups, key=lambda group: (centres[group][0 if is_wide else 1], group))
    sums = [*accumulate(weights[group] for group in ordered)]
    cut = min(range(1, len(ordered)), key=lambda at: abs(sums[at - 1] - sums[-1] / 2))
    share = sums[cut - 1] / sums[-1]
    if is_wide:
        first = Cell(cell.left, cell.top, cell.width * share, cell.height)
        rest = Cell(cell.left + first.width, cell.top, cell.width - first.width, cell.height)
    else:
        first = Cell(cell.left, cell.top, cell.width, cell.height * share)
        rest = Cell(cell.left, cell.top + first.height, cell.width, cell.height - first.height)
    yield from _cells(ordered[:cut], first, weights, centres)
    yield from _cells(ordered[cut:], rest, weights, centres)


def _placed(
    group: Sequence[int], edges: tuple[Edge, ...], cell: Cell
) -> dict[int, tuple[int, int]]:
    """Return the place of each node of a group in its cell."""
    members = {*group}
    inside = [(a, b) for a, b in edges if a in members and b in members]
    degrees = Counter(end for edge in inside for end in edge)
    ordered = sorted(group, key=lambda node: (-degrees[node], node))
    numbers = {node: number for number, node in enumerate(ordered)}
    found = places(len(ordered), tuple((numbers[a], numbers[b]) for a, b in inside))
    side, top, bottom = (
        min(_SIDE, cell.width / 3),
        min(_TOP, cell.height / 2.5),
        min(_BOTTOM, cell.height / 4),
    )
    inner = Cell(
        cell.left + side,
        cell.top + top,
        cell.width - 2 * side,
        cell.height - top - bottom,
    )
    points = [(inner.left + x * inner.width, inner.top + y * inner.height) for x, y in found]
    return {
        node: (round(x), round(y))
        for node, (x, y) in zip(ordered, _apart(points, inner), strict=True)
    }


def _apart(points: list[Coordinates], cell: Cell) -> list[Coordinates]:
    """Return points of a cell, those that are too near each other moved apart."""
    for _ in range(_ROUNDS):
        moves = [[0.0, 0.0] for _ in points]
        for (one, (ax, ay)), (other, (bx, by)) in combinations(enumerate(points), 2):
            dx, dy = bx - ax, by - ay
            if abs(dx) >= APART or abs(dy) >= APART or (distance := hypot(dx, dy)) >= APART:
                continue
            if distance < 1:
                dx, dy, distance = 1.0, 0.3 * (other - one), hypot(1.0, 0.3 * (other - one))
            push = (APART - distance) / 2 / distance
            moves[one][0] -= dx * push
            moves[one][1] -= dy * push
            moves[other][0] += dx * push
            moves[other][1] += dy * push
        if not any(map(any, moves)):
            break
        points = [
            (
                min(max(x + dx, cell.left), cell.left + cell.width),
                min(max(y + dy, cell.top), cell.top + cell.height),
            )
            for (x, y), (dx, dy) in zip(points, moves, strict=True)
        ]
    return points
