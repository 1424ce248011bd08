"""The matches of triple patterns, joined column by column."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from rallynov_graph.sparql.columns.column_store import Columns, Numbers, Table
from rallynov_graph.sparql.columns.count_queries import ListedValues, TriplePattern, Variable

MOST: Final = 4_000_000
"""How many rows a join may have in between: with ten columns, 160 MB."""


class TooMuchError(Exception):
    """The join is left to the engine: its patterns share no variable, or its rows are too many."""


@dataclass(frozen=True, eq=False)
class Matches:
    """Rows of values by variable; variables that are not needed any more are left out."""

    size: int
    values: dict[str, Numbers]


class _Rows:
    """The rows that one pattern matches."""

    def __init__(self, matches: Matches) -> None:
        self.matches = matches
        self.names = frozenset(matches.values)
        self._different: dict[str, int] = {}

    def different(self, name: str) -> int:
        """Return how many distinct values a variable has in these rows, at least one."""
        if name not in self._different:
            self._different[name] = max(1, len(np.unique(self.matches.values[name])))
        return self._different[name]

    def joined_size(self, others: Matches) -> float:
        """Return about how many rows come out when others are joined with these."""
        shared = self.names & others.values.keys()
        return others.size * self.matches.size / max(map(self.different, shared))


def matches(
    columns: Columns, patterns: Collection[TriplePattern | ListedValues], needed: Collection[str]
) -> Matches:
    """Return what all patterns match, with the values of the variables that are needed.

    Raises TooMuchError.
    """
    listed = _listed(columns, patterns)
    remaining = [_rows(columns, pattern, listed) for pattern in patterns]
    first = min(remaining, key=lambda rows: rows.matches.size)
    remaining.remove(first)
    joined = first.matches
    while remaining:
        connected = [rows for rows in remaining if rows.names & joined.values.keys()]
        if not connected:
            raise TooMuchError
        nearest = (
            min(connected, key=partial(_Rows.joined_size, others=joined))
            if connected[1:]
            else connected[0]
        )
        remaining.remove(nearest)
        joined = _joined(joined, nearest, {*needed}.union(*(rows.names for rows in remaining)))
    return Matches(joined.size, {name: joined.values[name] for name in needed})


def _listed(
    columns: Columns, patterns: Collection[TriplePattern | ListedValues]
) -> Mapping[Variable, Numbers]:
    """Return the values that there are of each variable: those of all its lists."""
    values: dict[Variable, Numbers] = {}
    for pattern in patterns:
        if isinstance(pattern, ListedValues):
            numbers_of_terms = (columns.terms.number(term) for term in pattern.terms)
            numbers = np.array(
                sorted(n for n in numbers_of_terms if n is not None), dtype=np.uint32
            )
            previous = values.get(pattern.variable)
            values[pattern.variable] = (
                numbers if previous is None else np.intersect1d(previous, numbers)
            )
    return values


def _rows(
    columns: Columns, pattern: TriplePattern | ListedValues, listed: Mapping[Variable, Numbers]
) -> _Rows:
    if isinstance(pattern, ListedValues):
        numbers = listed[pattern.variable]
        return _Rows(Matches(len(numbers), {pattern.variable.name: numbers}))
    table = columns.triples if pattern.graph is None else columns.quads
    if isinstance(pattern.predicate, Variable) and pattern.predicate in listed:
        parts = [_with(table, 0, int(number)) for number in listed[pattern.predicate]]
        table = tuple(map(np.concatenate, zip(*parts, strict=True))) if parts else _none(table)
    for place, slot in enumerate(pattern.slots):
        if isinstance(slot, bytes):
            table = _with(table, place, columns.terms.number(slot))
    values: dict[str, Numbers] = {}
    same = np.ones(len(table[0]), dtype=bool)
    for slot, column in zip(pattern.slots, table, strict=True):
        if isinstance(slot, Variable):
            same &= values.setdefault(slot.name, column) == column
    if not same.all():
        values = {name: column[same] for name, column in values.items()}
    return _Rows(Matches(int(same.sum()), values))


def _with(table: Table, place: int, number: int | None) -> Table:
    """Return the rows of a table that have a number in a column; none for a term that is not."""
    if number is None:
        return _none(table)
    if place == 0:
        low, high = np.searchsorted(table[0], np.array([number, number + 1], dtype=np.uint32))
        return tuple(column[low:high] for column in table)
    rows = table[place] == number
    return tuple(column[rows] for column in table)


def _none(table: Table) -> Table:
    return tuple(column[:0] for column in table)


def _joined(left: Matches, right: _Rows, wanted: Collection[str]) -> Matches:
    """Return the rows of both that agree, in the columns that are wanted."""
    key, *others = shared = [*(right.names & left.values.keys())]
    if others:
        key, *others = sorted(shared, key=right.different, reverse=True)
    of_left, of_right = _pairs(left.values[key], right.matches.values[key])
    for name in others:
        agree = left.values[name][of_left] == right.matches.values[name][of_right]
        of_left, of_right = of_left[agree], of_right[agree]
    values = {name: column[of_left] for name, column in left.values.items() if name in wanted}
    values |= {
        name: column[of_right]
        for name, column in right.matches.values.items()
        if name in wanted and name not in values
    }
    return Matches(len(of_left), values)


def _pairs(left: Numbers, right: Numbers) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the places of all pairs of equal values."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    low = np.searchsorted(ordered, left, "left")
    counts = np.searchsorted(ordered, left, "right") - low
    if (size := int(counts.sum())) > MOST:
        raise TooMuchError
    of_left = np.repeat(np.arange(len(left)), counts)
    within = np.arange(size) - np.repeat(np.cumsum(counts) - counts, counts)
    return of_left, order[within + np.repeat(low, counts)]
