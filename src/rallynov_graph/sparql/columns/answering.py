"""Counts as a table of values in the query: the engine orders them and writes the answer."""

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
"""How many groups a query may be given: the engine counts more of them as fast as it reads them."""
SHORT: Final = 1_000
"""A table of so many groups costs the engine nothing to speak of."""
_A_GROUP: Final = 3
"""As long as the engine reads a group of a table, it matches so many patterns."""
_WRITABLE: Final = (b"<", b'"')
_NOT_AT_ALL: Final = (b"<<", b"\\")


@dataclass(frozen=True, eq=False)
class ColumnCounter:
    """Works out the counts of a query on the columns of a dataset."""

    columns: Columns

    def rewritten(self, query: str) -> str | None:
        """Return a query with the same solutions and counted parts; None without such parts."""
        end, texts = 0, []
        for part in read(query):
            counted = self._counted(part.counting)
            if counted is not None:
                texts += [query[end : part.start], counted]
                end = part.end
        return "".join([*texts, query[end:]]) if texts else None

    def _counted(self, counting: Counting) -> str | None:
        needed = {
            *counting.groups,
            *(count.variable for count in counting.counts if count.distinct),
        }
        try:
            matches = joins.matches(self.columns, counting.patterns, {n for n in needed if n})
            values = self._rows_as_sparql(counting, matches)
        except (joins.TooMuchError, MemoryError):
            return None
        if values is None:
            return None
        header = " ".join(f"?{name}" for name in _header(counting))
        selected = " ".join(f"?{name}" for name in counting.columns)
        return f"{counting.form} {selected} {{ VALUES ({header}) {{ {values} }} }} {counting.tail}"

    def _rows_as_sparql(self, counting: Counting, matches: joins.Matches) -> str | None:
        """Return the rows of groups with their counts as VALUES has them; None where it cannot."""
        group, firsts = _grouped(counting, matches)
        if len(firsts) > MOST or not _pays(len(firsts), counting, matches):
            return None
        keys = [self._terms_as_sparql(matches.values[name][firsts]) for name in counting.groups]
        if any(key is None for key in keys):
            return None
        counts = [_counts(count, matches, group, len(firsts)) for count in counting.counts]
        return " ".join(
            f"({b' '.join(row).decode()})" for row in zip(*filter(None, keys), *counts, strict=True)
        )

    def _terms_as_sparql(self, numbers: Numbers) -> list[bytes] | None:
        """Return terms as SPARQL writes them; None where N-Triples write one of them otherwise."""
        terms = {number: self.columns.terms[number] for number in np.unique(numbers).tolist()}
        for term in terms.values():
            if not term.startswith(_WRITABLE) or any(part in term for part in _NOT_AT_ALL):
                return None
        return [terms[number] for number in numbers.tolist()]


def _pays(groups: int, counting: Counting, matches: joins.Matches) -> bool:
    """Return whether the engine reads a table of groups sooner than it counts them itself."""
    return groups <= SHORT or groups * _A_GROUP <= matches.size * len(counting.patterns)


def _header(counting: Counting) -> Iterator[str]:
    yield from counting.groups
    yield from (count.name for count in counting.counts)


def _grouped(
    counting: Counting, matches: joins.Matches
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.intp]]:
    """Return for each row the number of its group, and for each group one of its rows."""
    group = np.zeros(matches.size, dtype=np.int64)
    firsts = np.zeros(1, dtype=np.intp)
    for name in counting.groups:
        pairs = group * (1 << 32) + matches.values[name]
        _, firsts, group = np.unique(pairs, return_index=True, return_inverse=True)
    return group, firsts


def _counts(
    count: Count, matches: joins.Matches, group: npt.NDArray[np.int64], groups: int
) -> list[bytes]:
    """Return a count for each group. No variable of a pattern is ever unbound."""
    counted_group = group
    if count.distinct and count.variable is not None:
        counted_group = np.unique(group * (1 << 32) + matches.values[count.variable]) >> 32
    return [b"%d" % number for number in np.bincount(counted_group, minlength=groups).tolist()]
