"""Counts, given back to the engine as a table of values: it orders them and writes the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rallynov_graph.sparql.columns import joins
from rallynov_graph.sparql.columns.column_store import Columns, Numbers
from rallynov_graph.sparql.columns.count_queries import Count, Counting, read

MOST: Final = 50_000
"""So many groups are given back at most: of more, the engine has read no sooner than counted."""
_WRITABLE: Final = (b"<", b'"')
_NOT_AT_ALL: Final = (b"<<", b"\\")


@dataclass(frozen=True, eq=False)
class Counter:
    """What works out counts on the columns of a dataset."""

    columns: Columns

    def rewritten(self, query: str) -> str | None:
        """Return a query with the same solutions in which more is counted; None for any other."""
        at, texts = 0, []
        for part in read(query):
            counted = self._counted(part.counting)
            if counted is not None:
                texts += [query[at : part.start], counted]
                at = part.end
        return "".join([*texts, query[at:]]) if texts else None

    def _counted(self, counting: Counting) -> str | None:
        needed = {*counting.groups, *(count.of for count in counting.counts if count.distinct)}
        try:
            found = joins.matches(self.columns, counting.patterns, {n for n in needed if n})
            values = self._values(counting, found)
        except (joins.TooMuchError, MemoryError):
            return None
        if values is None:
            return None
        header = " ".join(f"?{name}" for name in _header(counting))
        chosen = " ".join(f"?{name}" for name in counting.columns)
        return f"{counting.form} {chosen} {{ VALUES ({header}) {{ {values} }} }} {counting.tail}"

    def _values(self, counting: Counting, found: joins.Matches) -> str | None:
        """Return the rows of groups with their counts; None where they cannot be written so."""
        group, firsts = _grouped(counting, found)
        if len(firsts) > MOST:
            return None
        keys = [self._written(found.of[name][firsts]) for name in counting.groups]
        if any(key is None for key in keys):
            return None
        counts = [_counted(count, found, group, len(firsts)) for count in counting.counts]
        return " ".join(
            f"({b' '.join(row).decode()})" for row in zip(*filter(None, keys), *counts, strict=True)
        )

    def _written(self, numbers: Numbers) -> list[bytes] | None:
        """Return terms as SPARQL writes them; None where it has no way, or another one."""
        written = {number: self.columns.terms[number] for number in np.unique(numbers).tolist()}
        for term in written.values():
            if not term.startswith(_WRITABLE) or any(part in term for part in _NOT_AT_ALL):
                return None
        return [written[number] for number in numbers.tolist()]


def _header(counting: Counting) -> Iterator[str]:
    yield from counting.groups
    yield from (count.name for count in counting.counts)


def _grouped(
    counting: Counting, found: joins.Matches
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
    """Return for each row the number of its group, and for each group one of its rows."""
    group = np.zeros(found.size, dtype=np.int64)
    firsts = np.zeros(1, dtype=np.intp)
    for name in counting.groups:
        pairs = group * (1 << 32) + found.of[name]
        _, firsts, group = np.unique(pairs, return_index=True, return_inverse=True)
    return group, firsts


def _counted(
    count: Count, found: joins.Matches, group: npt.NDArray[np.int64], groups: int
) -> list[bytes]:
    """Return a count for each group. No variable of a pattern is ever unbound."""
    of = group
    if count.distinct and count.of is not None:
        of = np.unique(group * (1 << 32) + found.of[count.of]) >> 32
    return [b"%d" % number for number in np.bincount(of, minlength=groups).tolist()]
