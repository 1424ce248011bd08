"""A layout of a network that draws its communities together, each in its own cell.

The cells fill the drawing: linked communities get adjacent cells, large ones large cells. No two
cells overlap. Inside a cell, and for the cells themselves, the layout is Fruchterman and
Reingold's, starting from a sunflower's spiral instead of at random: the same links give the same
places on every machine. The layouts of networkx need numpy, whose last digits depend on the
processor.
"""

from cmath import rect
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, product
from math import pi, sqrt
from typing import Final

from rallynov_graph.exports.networks import Edge, communities

ROOM: Final = 7000
"""The square pixels of a node with its name."""
NARROWEST: Final = 640
WIDEST: Final = 2800
PROPORTION: Final = 0.8
APART: Final = 32
"""The distance between two nodes, unless there is no room."""
_APART_ROUNDS: Final = 30
_AROUND: Final = 1.5
"""The nodes that the rim of a cell takes the room of."""
_SIDE: Final = 44
_TOP: Final = 48
"""The position of a community's name, and the height of its ground above its nodes."""
_BOTTOM: Final = 36
_ROUNDS: Final = 60
_WORK: Final = 40_000
"""The most moves of all nodes together: more nodes make fewer rounds."""
_TURN: Final = pi * (3 - sqrt(5))
_PULL: Final = 0.06
"""The pull towards the middle, so that unlinked nodes do not drift away."""
_REACH: Final = 3.0
"""How many edge lengths far a node pushes others away."""


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
    """Return the width and height of a drawing with a number of nodes."""
    width = min(WIDEST, max(NARROWEST, round(sqrt(count * ROOM / PROPORTION))))
    return width, round(PROPORTION * width)


def grouped_layout(count: int, edges: Sequence[Edge]) -> GroupedLayout:
    """Return the layout of nodes; the first of a community are in the middle of its cell."""
    groups = communities(count, edges)
    group_of = {node: number for number, group in enumerate(groups) for node in group}
    crossing = {tuple(sorted((group_of[a], group_of[b]))) for a, b in edges}
    centres = _places(len(groups), sorted((a, b) for a, b in crossing if a != b))
    weights = [len(group) + _AROUND for group in groups]
    width, height = size(count)
    found: dict[int, tuple[int, int]] = {}
    for number, cell in _cells([*range(len(groups))], Cell(0, 0, width, height), weights, centres):
        found |= _placed(groups[number], edges, cell)
    return GroupedLayout(tuple(found[node] for node in range(count)), groups)


def _cells(
    groups: list[int], cell: Cell, weights: Sequence[float], centres: Sequence[complex]
) -> Iterator[tuple[int, Cell]]:
    """Yield a cell for each group; halves of like weight are cut across the longer side."""
    if len(groups) <= 1:
        yield from ((group, cell) for group in groups)
        return
    left, top, width, height = cell.left, cell.top, cell.width, cell.height
    is_wide = width >= height
    ordered = sorted(
        groups,
        key=lambda group: (centres[group].real if is_wide else centres[group].imag, group),
    )
    sums = [*accumulate(weights[group] for group in ordered)]
    cut = min(range(1, len(ordered)), key=lambda at: abs(sums[at - 1] - sums[-1] / 2))
    share = sums[cut - 1] / sums[-1]
    if is_wide:
        first = Cell(left, top, width * share, height)
        rest = Cell(left + first.width, top, width - first.width, height)
    else:
        first = Cell(left, top, width, height * share)
        rest = Cell(left, top + first.height, width, height - first.height)
    yield from _cells(ordered[:cut], first, weights, centres)
    yield from _cells(ordered[cut:], rest, weights, centres)


def _placed(group: Sequence[int], edges: Sequence[Edge], cell: Cell) -> dict[int, tuple[int, int]]:
    members = {*group}
    inside = [(a, b) for a, b in edges if a in members and b in members]
    degrees = Counter(end for edge in inside for end in edge)
    ordered = sorted(group, key=lambda node: (-degrees[node], node))
    numbers = {node: number for number, node in enumerate(ordered)}
    found = _places(len(ordered), [(numbers[a], numbers[b]) for a, b in inside])
    side, top = min(_SIDE, cell.width / 3), min(_TOP, cell.height / 2.5)
    bottom = min(_BOTTOM, cell.height / 4)
    inner = Cell(
        cell.left + side, cell.top + top, cell.width - 2 * side, cell.height - top - bottom
    )
    points = [
        complex(inner.left + it.real * inner.width, inner.top + it.imag * inner.height)
        for it in found
    ]
    places = ((round(it.real), round(it.imag)) for it in _apart(points, inner))
    return dict(zip(ordered, places, strict=True))


def _apart(points: list[complex], cell: Cell) -> list[complex]:
    """Return points of a cell, those that are too near each other moved apart."""
    for _ in range(_APART_ROUNDS):
        moves = [0j] * len(points)
        for one, other in combinations(range(len(points)), 2):
            way = points[other] - points[one]
            if (far := abs(way)) >= APART:
                continue
            if far < 1:
                way = complex(1, 0.3 * (other - one))
                far = abs(way)
            push = way * ((APART - far) / 2 / far)
            moves[one] -= push
            moves[other] += push
        if not any(moves):
            break
        points = [
            complex(
                min(max(it.real, cell.left), cell.left + cell.width),
                min(max(it.imag, cell.top), cell.top + cell.height),
            )
            for it in (point + move for point, move in zip(points, moves, strict=True))
        ]
    return points


def _places(count: int, edges: Sequence[Edge]) -> list[complex]:
    """Return the places of nodes in a square of 1 by 1.

    The first nodes start in the middle, so the caller numbers those with most links first. An
    edge's ends are the numbers of its nodes; those of nodes with many edges pull less.
    """
    at = [rect(sqrt(number), number * _TURN) for number in range(count)]
    degrees = Counter(end for edge in edges for end in edge)
    pulls = [(a, b, 2 / (sqrt(degrees[a]) + sqrt(degrees[b]))) for a, b in edges]
    heat, rounds = sqrt(count) / 4, min(_ROUNDS, _WORK // max(1, count))
    for round_number in range(rounds):
        moves = [it * -_PULL for it in at]
        for one, other in _near(at):
            way = at[one] - at[other]
            squared = way.real * way.real + way.imag * way.imag
            if squared < 1e-9:
                way, squared = complex(0.01, 0.01 * (other - one)), 0.01
            if squared < _REACH * _REACH:
                push = way * (1 / squared)
                moves[one] += push
                moves[other] -= push
        for one, other, weight in pulls:
            way = at[one] - at[other]
            pull = way * (abs(way) * weight)
            moves[one] -= pull
            moves[other] += pull
        most = heat * (1 - round_number / rounds) ** 1.5 + 0.02
        at = [
            it + move * min(1, most / (abs(move) or 1)) for it, move in zip(at, moves, strict=True)
        ]
    return _fitted(at)


def _near(at: Sequence[complex]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of nodes in the same cell of a grid, or in two beside each other."""
    cells: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for number, it in enumerate(at):
        cells[int(it.real // _REACH), int(it.imag // _REACH)].append(number)
    for (column, row), here in cells.items():
        yield from combinations(here, 2)
        for across, down in ((1, 0), (0, 1), (1, 1), (1, -1)):
            yield from product(here, cells.get((column + across, row + down), ()))


def _fitted(at: Sequence[complex]) -> list[complex]:
    """Return places moved and stretched to fill the square."""
    columns, rows = (_parts([it.real for it in at]), _parts([it.imag for it in at]))
    return [*map(complex, columns, rows)]


def _parts(places: Sequence[float]) -> list[float]:
    least, most = min(places, default=0.0), max(places, default=0.0)
    return [(it - least) / (most - least) if most > least else 0.5 for it in places]
