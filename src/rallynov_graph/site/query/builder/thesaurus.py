"""Which terms lie within which: narrower terms over all steps, and the members of groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.site.model.nodes import GraphView

_MOST: Final = 5_000
"""So many steps from a term to a narrower one are known at most."""


@dataclass(frozen=True)
class Thesaurus:
    """The terms that lie within each term, itself left out."""

    within: Mapping[str, tuple[str, ...]]
    is_whole: bool = True
    """Whether these are all: otherwise any term may have others within it."""

    def is_wide(self, iri: str) -> bool:
        """Return whether other terms lie within a term, as far as that is known."""
        return not self.is_whole or iri in self.within

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each term that others lie within with itself and with each of these."""
        return (
            (near, wide) for wide, all_within in self.within.items() for near in (wide, *all_within)
        )


def thesaurus_of(view: GraphView) -> Thesaurus:
    """Return the terms of a graph that lie within others; read once."""
    return view.graph.queries.once("thesaurus", None, lambda: _read(view))


def _read(view: GraphView) -> Thesaurus:
    rows = view.queries.rows("narrower_terms").rows
    if len(rows) > _MOST:
        return Thesaurus({}, is_whole=False)
    steps: dict[str, list[str]] = {}
    for wider, narrower in rows:
        if isinstance(wider, NamedNode) and isinstance(narrower, NamedNode):
            steps.setdefault(wider.value, []).append(narrower.value)
    return Thesaurus({iri: tuple(_reached(steps, iri)) for iri in steps})


def _reached(steps: Mapping[str, Sequence[str]], start: str) -> Iterable[str]:
    """Return what is reached from a term, whatever circles there are."""
    found: dict[str, None] = {}
    waiting = [start]
    while waiting:
        new = [iri for iri in steps.get(waiting.pop(), ()) if iri not in found]
        found |= dict.fromkeys(new)
        waiting += new
    found.pop(start, None)
    return found
