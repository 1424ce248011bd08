"""A deterministic force-directed layout of a network.

It is Fruchterman and Reingold's, from a sunflower's spiral instead of chance. Nodes repel only
those in the cells of a grid around them, so that 300 nodes take a fraction of a second and
2,000 about one, without a numeric library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, hypot, pi, sin, sqrt
from typing import Final

from rallynov_graph.exports.networks import Edge

Coordinates = tuple[float, float]

ROUNDS: Final = 60
WORK: Final = 40_000
"""The most moves of all nodes together: more nodes make fewer rounds."""
_TURN: Final = pi * (3 - sqrt(5))
_PULL: Final = 0.06
"""How strongly all are drawn to the middle, so that unlinked nodes do not drift away."""
_REACH: Final = 3.0
"""How many edge lengths far a node pushes others away."""


def places(count: int, edges: tuple[Edge, ...]) -> tuple[Coordinates, ...]:
    """Return the coordinates of nodes, each from 0 to 1.

    The first nodes start in the middle, so the caller numbers those with most links first. An
    edge's ends are the numbers of its nodes.
    """
    coordinates = [_spiral(number) for number in range(count)]
    weights = _weights(count, edges)
    heat = sqrt(count) / 4
    rounds = min(ROUNDS, WORK // max(1, count))
    for round_number in range(rounds):
        moves = _pushed(coordinates)
        _pull_together(coordinates, weights, moves)
        cooled = heat * (1 - round_number / rounds) ** 1.5 + 0.02
        for number, (x, y) in enumerate(coordinates):
            dx, dy = moves[number][0] - _PULL * x, moves[number][1] - _PULL * y
            distance = hypot(dx, dy)
            if distance > 0:
                step = min(distance, cooled) / distance
                coordinates[number] = (x + dx * step, y + dy * step)
    return tuple(_fitted(coordinates))


def _spiral(number: int) -> Coordinates:
    return sqrt(number) * cos(number * _TURN), sqrt(number) * sin(number * _TURN)


def _pushed(coordinates: Sequence[Coordinates]) -> list[list[float]]:
    """Return how far each node is repelled by those around it; the length of an edge is 1."""
    moves = [[0.0, 0.0] for _ in coordinates]
    cells: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(coordinates):
        cells.setdefault((int(x // _REACH), int(y // _REACH)), []).append(number)
    for (column, row), in_cell in cells.items():
        for dc, dr in ((0, 0), (1, 0), (0, 1), (1, 1), (1, -1)):
            in_next_cell = cells.get((column + dc, row + dr), ())
            is_same_cell = (dc, dr) == (0, 0)
            for rank, node in enumerate(in_cell):
                _push(
                    coordinates, node, in_cell[rank + 1 :] if is_same_cell else in_next_cell, moves
                )
    return moves


def _push(
    coordinates: Sequence[Coordinates],
    node: int,
    other_nodes: Iterable[int],
    moves: list[list[float]],
) -> None:
    x, y = coordinates[node]
    move = moves[node]
    for other_node in other_nodes:
        ox, oy = coordinates[other_node]
        dx, dy = x - ox, y - oy
        squared = dx * dx + dy * dy
        if squared < 1e-9:
            dx, dy, squared = 0.01, 0.01 * (other_node - node), 0.01
        if squared < _REACH * _REACH:
            dx, dy = dx / squared, dy / squared
            move[0] += dx
            move[1] += dy
            moves[other_node][0] -= dx
            moves[other_node][1] -= dy


def _weights(count: int, edges: Iterable[Edge]) -> list[tuple[int, int, float]]:
    """Return edges with the strength of their pull, weaker between nodes of many edges."""
    degrees = [0] * count
    for first, second in edges:
        degrees[first] += 1
        degrees[second] += 1
    return [(a, b, 2 / (sqrt(degrees[a]) + sqrt(degrees[b]))) for a, b in edges]


def _pull_together(
    coordinates: Sequence[Coordinates],
    edges: Iterable[tuple[int, int, float]],
    moves: list[list[float]],
) -> None:
    for first, second, weight in edges:
        dx, dy = (
            coordinates[first][0] - coordinates[second][0],
            coordinates[first][1] - coordinates[second][1],
        )
        pull = hypot(dx, dy) * weight
        moves[first][0] -= dx * pull
        moves[first][1] -= dy * pull
        moves[second][0] += dx * pull
        moves[second][1] += dy * pull


def _fitted(coordinates: Sequence[Coordinates]) -> Iterable[Coordinates]:
    """Yield coordinates scaled to fill a square of 1 by 1."""
    if not coordinates:
        return
    columns, rows = [x for x, _ in coordinates], [y for _, y in coordinates]
    left, top = min(columns), min(rows)
    wide, high = max(columns) - left, max(rows) - top
    for x, y in coordinates:
        yield (x - left) / wide if wide else 0.5, (y - top) / high if high else 0.5
