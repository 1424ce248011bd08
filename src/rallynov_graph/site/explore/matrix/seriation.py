"""Rows and columns of a table in an order that brings together those that are alike.

It is reciprocal averaging (the first axis of a correspondence analysis): each row is at the
mean of its columns, each column at the mean of its rows, and what is left apart from the mean of
all is the order. Rows and columns that nothing links to the others come after them, together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

Pair = tuple[str, str]
Weights = Mapping[Pair, int]

_TURNS: Final = 300
_STILL: Final = 1e-9
"""The averaging ends when no column moves further than this."""
_DIGITS: Final = 6
"""The number of digits to which positions are compared; ties keep the given order."""


def alike(
    rows: Sequence[str], columns: Sequence[str], weights: Weights
) -> tuple[list[str], list[str]]:
    """Return rows and columns sorted so that similar ones are adjacent.

    The weights are those of pairs of a row and a column. The same table gives the same order; ties
    keep the given order.
    """
    across: dict[str, dict[str, int]] = {row: {} for row in rows}
    for column in columns:
        for row in rows:
            if weight := weights.get((row, column)):
                across[row][column] = weight
    in_order: tuple[list[str], list[str]] = [], []
    for some_rows, some_columns in _blocks(rows, columns, across):
        at = _positions(some_columns, {row: across[row] for row in some_rows})
        in_order[0].extend(
            sorted(some_rows, key=lambda row: round(_mean(across[row], at), _DIGITS))
        )
        in_order[1].extend(sorted(some_columns, key=lambda column: round(at[column], _DIGITS)))
    return in_order


def _blocks(
    rows: Sequence[str], columns: Sequence[str], across: Mapping[str, Mapping[str, int]]
) -> list[tuple[list[str], list[str]]]:
    """Return the rows and columns that are linked to each other, the largest block first."""
    of_column = {column: column for column in columns}

    def root(column: str) -> str:
        while of_column[column] != column:
            of_column[column] = of_column[of_column[column]]
            column = of_column[column]
        return column

    for linked in across.values():
        first, *others = linked or ("",)
        for other in others:
            of_column[root(other)] = root(first)
    blocks: dict[str, tuple[list[str], list[str]]] = {}
    for column in columns:
        blocks.setdefault(root(column), ([], []))[1].append(column)
    for row in rows:
        block = root(next(iter(across[row]))) if across[row] else ""
        blocks.setdefault(block, ([], []))[0].append(row)
    return sorted(blocks.values(), key=lambda block: (-len(block[0]), -len(block[1])))


def _positions(columns: Sequence[str], across: Mapping[str, Mapping[str, int]]) -> dict[str, float]:
    """Return where each column is on a line; the heaviest one is on its left half."""
    heavy = dict.fromkeys(columns, 0)
    steps: dict[str, dict[str, float]] = {column: {} for column in columns}
    for linked in across.values():
        total = sum(linked.values())
        for column, weight in linked.items():
            heavy[column] += weight
            step = steps[column]
            for other, weight_of_other in linked.items():
                step[other] = step.get(other, 0.0) + weight * weight_of_other / total
    at = _centred({column: float(place) for place, column in enumerate(columns)}, heavy)
    for _ in range(_TURNS):
        moved = {
            column: sum(at[other] * share for other, share in steps[column].items())
            / (heavy[column] or 1)
            for column in columns
        }
        moved = _centred(moved, heavy)
        still = max((abs(moved[c] - at[c]) for c in columns), default=0.0) < _STILL
        at = moved
        if still:
            break
    first = max(columns, key=lambda column: heavy[column], default="")
    return {column: -place for column, place in at.items()} if first and at[first] > 0 else at


def _centred(at: Mapping[str, float], heavy: Mapping[str, int]) -> dict[str, float]:
    """Return positions with their weighted mean at zero, the farthest one at distance one."""
    total = sum(heavy.values()) or 1
    mean = sum(at[column] * heavy[column] for column in at) / total
    longest = max((abs(place - mean) for place in at.values()), default=0.0)
    if longest < _STILL:
        return dict.fromkeys(at, 0.0)
    return {column: (place - mean) / longest for column, place in at.items()}


def _mean(linked: Mapping[str, int], at: Mapping[str, float]) -> float:
    total = sum(linked.values())
    return sum(at[column] * weight for column, weight in linked.items()) / total if total else 0.0
