"""The quads of files as a build takes them: each may be linked to, and none was withdrawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.standings import is_current
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.locations import locate
from rallynov_graph.release import withdrawals

MOST_HELD: Final = 2_000_000
"""So many quads are held in memory, in a gigabyte; more are read each time they are asked for."""
_SEEN: Final = 100_000
"""So many addresses are remembered not to be withdrawn."""


@dataclass(frozen=True)
class ConcatenatedQuads:
    """The quads of several sources, one after the other, each time they are iterated."""

    parts: tuple[Iterable[Quad], ...]

    def __iter__(self) -> Iterator[Quad]:
        return chain.from_iterable(self.parts)


class HeldQuads:
    """Quads that are worked out once, and held from then on, unless they are too many."""

    def __init__(self, quads: Iterable[Quad], most: int | None = None) -> None:
        self._quads, self._most = quads, MOST_HELD if most is None else most
        self._held: list[Quad] | None = None

    def __iter__(self) -> Iterator[Quad]:
        return self._read() if self._held is None else iter(self._held)

    def _read(self) -> Iterator[Quad]:
        held: list[Quad] = []
        for quad in self._quads:
            if len(held) <= self._most:
                held.append(quad)
            yield quad
        if len(held) <= self._most:
            self._held = held


@dataclass(frozen=True)
class NamedQuads:
    """The quads of files.

    A blank node, a withdrawn thing or a statement that is in no graph of ours raises SourceError.
    """

    files: tuple[Path, ...]
    withdrawn: frozenset[str] = frozenset()
    in_graphs: bool = False
    """Whether each statement must be in a named graph, and in none that only a build makes."""

    def __iter__(self) -> Iterator[Quad]:
        @lru_cache(_SEEN)
        def is_withdrawn(term: object) -> bool:
            iri = term.value if isinstance(term, NamedNode) else None
            return iri is not None and withdrawals.hash_of(iri) in self.withdrawn

        for file in self.files:
            for quad in sources.quads([file], relative_iris=False):
                subject, value, graph = quad.subject, quad.object, quad.graph_name
                if isinstance(subject, BlankNode) or isinstance(value, BlankNode):
                    raise SourceError(
                        str(file),
                        f"a blank node is in the statement {quad}; give the thing an IRI",
                    )
                if self.in_graphs and isinstance(graph, DefaultGraph):
                    raise SourceError(
                        str(file),
                        f"the statement {quad} is in no graph, so nobody says it; "
                        "put it into an assertion set or another graph",
                    )
                if not is_current(graph):
                    raise SourceError(
                        str(file),
                        f"the statement {quad} is in a graph that only a build makes; put it into "
                        "its assertion set, and decide about its standing",
                    )
                if self.withdrawn:
                    for term in (subject, value, graph):
                        if is_withdrawn(term):
                            raise _withdrawn(file, term)
                yield quad


def _withdrawn(file: Path, term: object) -> SourceError:
    iri = getattr(term, "value", "")
    place = locate([file], [iri]).get(iri)
    return SourceError(
        str(file),
        f"{term} was withdrawn; take it out by rallynov withdraw",
        place.line if place else None,
    )
