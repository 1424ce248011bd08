"""Quads as columns of numbers, each the rank of a term among all terms.

Terms are normalised as the engine does it, and written as N-Triples: two that are equal to it
(``"01"^^xsd:integer`` and ``"1"^^xsd:integer``) are one here.
"""

from __future__ import annotations

import mmap
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from pyoxigraph import RdfFormat, parse

from rallynov_graph.base.standings import is_current_line
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

Numbers = npt.NDArray[np.uint32]
Table = tuple[Numbers, ...]
"""Columns of predicates, subjects, objects, and graphs for quads; rows in ascending order."""

_FILES: Final = ("terms.txt", "ends.npy", "triples.npy", "quads.npy")
_TYPED: Final = b'"^^<'


@dataclass(frozen=True, eq=False)
class Columns:
    """A dataset: its terms in the order of their bytes, its default graph, its named graphs."""

    terms: Terms
    triples: Table
    quads: Table

    @classmethod
    def of_lines(cls, lines: Iterable[bytes]) -> Columns:
        """Return the columns of N-Quads that all name a graph.

        The default graph is the union of all but the graphs of what is not current.
        """
        numbers: dict[bytes, int] = {}
        of = numbers.setdefault
        read = array("L")
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            object_, graph, _ = rest.rsplit(b" ", 2)
            for term in (predicate, subject, object_, graph):
                read.append(of(term, len(numbers)))
        terms, ranks = _ranked(numbers)
        rows = ranks[np.frombuffer(read, dtype=np.uint64).reshape(-1, 4)]
        stands = np.array([is_current_line(term) for term in terms], dtype=bool)
        current = rows[stands[rows[:, 3]]]
        return cls(Terms.of(terms), _columns(current[:, :3]), _columns(rows))

    @classmethod
    def read(cls, folder: Path) -> Columns:
        """Return the columns that ``write`` put in a folder; raise OSError or ValueError.

        The files are mapped: memory is taken by what is read of them, once for all processes.
        """
        text, *paths = (folder / name for name in _FILES)
        mapped = (np.load(path, mmap_mode="r") for path in paths)
        ends, triples, quads = (numbers.view(np.ndarray) for numbers in mapped)
        with text.open("rb") as file:
            terms = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        return cls(Terms(terms, ends), tuple(triples), tuple(quads))

    def write(self, folder: Path) -> None:
        """Write the columns into an existing folder; raise OSError."""
        text, ends, triples, quads = (folder / name for name in _FILES)
        text.write_bytes(self.terms.text)
        np.save(ends, self.terms.ends)
        np.save(triples, np.stack(self.triples))
        np.save(quads, np.stack(self.quads))


@dataclass(frozen=True, eq=False)
class Terms(Sequence[bytes]):
    """The terms in ascending order, one behind the other in one text."""

    text: bytes | mmap.mmap
    ends: npt.NDArray[np.uint64]

    @classmethod
    def of(cls, terms: Sequence[bytes]) -> Terms:
        """Return terms that are in ascending order."""
        return cls(b"".join(terms), np.cumsum([len(term) for term in terms], dtype=np.uint64))

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]
        start = int(self.ends[number - 1]) if number else 0
        return self.text[start : int(self.ends[number])]

    def number(self, term: bytes) -> int | None:
        """Return the number of a term; None for a term that the dataset has not."""
        place = bisect_left(self, term)
        return place if place < len(self) and self[place] == term else None


def _ranked(numbers: dict[bytes, int]) -> tuple[list[bytes], Numbers]:
    """Return the terms in order, and for each number of a term as read its rank there."""
    same = dict(_normal([term for term in numbers if _TYPED in term and term[:1] == b'"']))
    terms = sorted({same.get(term, term) for term in numbers})
    rank = {term: place for place, term in enumerate(terms)}
    ranks = np.fromiter((rank[same.get(term, term)] for term in numbers), np.uint32, len(numbers))
    return terms, ranks


def _normal(terms: list[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield those typed literals that the engine writes otherwise, with what it makes of them."""
    lines = b"".join(b"<u:%d> <u:p> %s .\n" % numbered for numbered in enumerate(terms))
    quads = parse(lines, format=RdfFormat.N_TRIPLES, lenient=True)
    for quad in EmbeddedStore.of_quads(quads).quads():
        term, normal = terms[int(str(quad.subject)[3:-1])], str(quad.object).encode()
        if term != normal:
            yield term, normal


def _columns(rows: Numbers) -> Table:
    """Return distinct rows in ascending order, by columns."""
    ordered = rows[np.lexsort(rows.T[::-1])]
    new = np.ones(len(ordered), dtype=bool)
    new[1:] = (ordered[1:] != ordered[:-1]).any(axis=1)
    return tuple(np.ascontiguousarray(column) for column in ordered[new].T)
