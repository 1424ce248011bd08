"""The matches of triple patterns, joined column by column."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
import numpy.typing as npt

from rallynov_graph.sparql.columns.column_store import Columns, Numbers, Table
from rallynov_graph.sparql.columns.count_queries import ListedValues, Pattern, Variable

MOST: Final = 4_000_000
"""So many rows a join may have on its way: with ten columns, 160 MB."""


class TooMuchError(Exception):
    """The join is left to the engine: its patterns are apart, or its rows are too many."""


@dataclass(frozen=True, eq=False)
class Matches:
    """Rows of values for variables; those that nobody needs any more are left out."""

    size: int
    of: dict[str, Numbers]


class _Rows:
    """What one pattern matches."""

    def __init__(self, matches: Matches) -> None:
        self.matches = matches
        self.names = frozenset(matches.of)
        self._different: dict[str, int] = {}

    def different(self, name: str) -> int:
        """Return how many different values a variable has here, at least one."""
        if name not in self._different:
            self._different[name] = max(1, len(np.unique(self.matches.of[name])))
        return self._different[name]

    def joined_size(self, others: Matches) -> float:
        """Return about how many rows come out when others are joined with these."""
        shared = self.names & others.of.keys()
        return others.size * self.matches.size / max(map(self.different, shared))


def matches(
    columns: Columns, patterns: Collection[Pattern | ListedValues], needed: Collection[str]
) -> Matches:
    """Return what all patterns match, with the values of the variables that are needed.

    Raises TooMuchError.
    """
    listed = _listed(columns, patterns)
    rest = [_rows(columns, pattern, listed) for pattern in patterns]
    first = min(rest, key=lambda rows: rows.matches.size)
    rest.remove(first)
    found = first.matches
    while rest:
        near = [rows for rows in rest if rows.names & found.of.keys()]
        if not near:
            raise TooMuchError
        one = min(near, key=partial(_Rows.joined_size, others=found)) if near[1:] else near[0]
        rest.remove(one)
        found = _joined(found, one, {*needed}.union(*(rows.names for rows in rest)))
    return Matches(found.size, {name: found.of[name] for name in needed})


def _listed(
    columns: Columns, patterns: Collection[Pattern | ListedValues]
) -> Mapping[Variable, Numbers]:
    """Return the values that there are of each variable: those of all its lists."""
    found: dict[Variable, Numbers] = {}
    for pattern in patterns:
        if isinstance(pattern, ListedValues):
            there = (columns.terms.number(term) for term in pattern.terms)
            numbers = np.array(sorted(n for n in there if n is not None), dtype=np.uint32)
            before = found.get(pattern.variable)
            found[pattern.variable] = numbers if before is None else np.intersect1d(before, numbers)
    return found


def _rows(
    columns: Columns, pattern: Pattern | ListedValues, listed: Mapping[Variable, Numbers]
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
    of: dict[str, Numbers] = {}
    same = np.ones(len(table[0]), dtype=bool)
    for slot, column in zip(pattern.slots, table, strict=True):
        if isinstance(slot, Variable):
            same &= of.setdefault(slot.name, column) == column
    if not same.all():
        of = {name: column[same] for name, column in of.items()}
    return _Rows(Matches(int(same.sum()), of))


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
    key, *others = shared = [*(right.names & left.of.keys())]
    if others:
        key, *others = sorted(shared, key=right.different, reverse=True)
    of_left, of_right = _pairs(left.of[key], right.matches.of[key])
    for name in others:
        agree = left.of[name][of_left] == right.matches.of[name][of_right]
        of_left, of_right = of_left[agree], of_right[agree]
    of = {name: column[of_left] for name, column in left.of.items() if name in wanted}
    of |= {
        name: column[of_right]
        for name, column in right.matches.of.items()
        if name in wanted and name not in of
    }
    return Matches(len(of_left), of)


def _pairs(left: Numbers, right: Numbers) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Return the places of all pairs of equal values."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    low = np.searchsorted(ordered, left, "left")
    many = np.searchsorted(ordered, left, "right") - low
    if (size := int(many.sum())) > MOST:
        raise TooMuchError
    of_left = np.repeat(np.arange(len(left)), many)
    within = np.arange(size) - np.repeat(np.cumsum(many) - many, many)
    return of_left, order[within + np.repeat(low, many)]
