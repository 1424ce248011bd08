"""Where the nodes of a network stand: linked ones near each other, all apart; always the same.

Fruchterman and Reingold's layout, from a sunflower's spiral instead of chance. Nodes push away
only those in the cells of a grid around them, so that 300 nodes take a fraction of a second and
2,000 about one, without a numeric library.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import cos, hypot, pi, sin, sqrt
from typing import Final

Edge = tuple[int, int]
Place = tuple[float, float]

ROUNDS: Final = 60
WORK: Final = 40_000
"""How many times a node is moved at most, all counted: more nodes make fewer rounds."""
_TURN: Final = pi * (3 - sqrt(5))
_PULL: Final = 0.06
"""How strongly all are drawn to the middle, so that what is not linked does not drift away."""
_REACH: Final = 3.0
"""How many edge lengths far a node pushes others away."""


def places(count: int, edges: tuple[Edge, ...]) -> tuple[Place, ...]:
    """Return where nodes stand, each coordinate from 0 to 1.

    The first nodes start in the middle: give those with most links first. An edge's ends are the
    numbers of its nodes.
    """
    at = [_spiral(number) for number in range(count)]
    weights = _weights(count, edges)
    heat = sqrt(count) / 4
    rounds = min(ROUNDS, WORK // max(1, count))
    for done in range(rounds):
        moves = _pushed(at)
        _pull_together(at, weights, moves)
        cooled = heat * (1 - done / rounds) ** 1.5 + 0.02
        for number, (x, y) in enumerate(at):
            dx, dy = moves[number][0] - _PULL * x, moves[number][1] - _PULL * y
            far = hypot(dx, dy)
            if far > 0:
                step = min(far, cooled) / far
                at[number] = (x + dx * step, y + dy * step)
    return tuple(_fitted(at))


def _spiral(number: int) -> Place:
    return sqrt(number) * cos(number * _TURN), sqrt(number) * sin(number * _TURN)


def _pushed(at: Sequence[Place]) -> list[list[float]]:
    """Return how far each node is pushed by those around it; the length of an edge is 1."""
    moves = [[0.0, 0.0] for _ in at]
    cells: dict[tuple[int, int], list[int]] = {}
    for number, (x, y) in enumerate(at):
        cells.setdefault((int(x // _REACH), int(y // _REACH)), []).append(number)
    for (column, row), here in cells.items():
        for dc, dr in ((0, 0), (1, 0), (0, 1), (1, 1), (1, -1)):
            there = cells.get((column + dc, row + dr), ())
            same = (dc, dr) == (0, 0)
            for rank, one in enumerate(here):
                _push(at, one, here[rank + 1 :] if same else there, moves)
    return moves


def _push(at: Sequence[Place], one: int, others: Iterable[int], moves: list[list[float]]) -> None:
    x, y = at[one]
    mine = moves[one]
    for other in others:
        ox, oy = at[other]
        dx, dy = x - ox, y - oy
        squared = dx * dx + dy * dy
        if squared < 1e-9:
            dx, dy, squared = 0.01, 0.01 * (other - one), 0.01
        if squared < _REACH * _REACH:
            dx, dy = dx / squared, dy / squared
            mine[0] += dx
            mine[1] += dy
            moves[other][0] -= dx
            moves[other][1] -= dy


def _weights(count: int, edges: Iterable[Edge]) -> list[tuple[int, int, float]]:
    """Return edges with how strongly they pull: weaker between nodes that have many."""
    degrees = [0] * count
    for one, other in edges:
        degrees[one] += 1
        degrees[other] += 1
    return [(a, b, 2 / (sqrt(degrees[a]) + sqrt(degrees[b]))) for a, b in edges]


def _pull_together(
    at: Sequence[Place], edges: Iterable[tuple[int, int, float]], moves: list[list[float]]
) -> None:
    for one, other, weight in edges:
        dx, dy = at[one][0] - at[other][0], at[one][1] - at[other][1]
        far = hypot(dx, dy) * weight
        moves[one][0] -= dx * far
        moves[one][1] -= dy * far
        moves[other][0] += dx * far
        moves[other][1] += dy * far


def _fitted(at: Sequence[Place]) -> Iterable[Place]:
    """Yield places in a square of 1 by 1, as wide and high as they are."""
    if not at:
        return
    columns, rows = [x for x, _ in at], [y for _, y in at]
    left, top = min(columns), min(rows)
    wide, high = max(columns) - left, max(rows) - top
    for x, y in at:
        yield (x - left) / wide if wide else 0.5, (y - top) / high if high else 0.5
