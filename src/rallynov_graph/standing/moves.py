"""Where a statement that is not current goes, and why."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from rallynov_graph.base.standings import STANDING


@dataclass(frozen=True, order=True)
class Move:
    """A standing that takes a statement out of its set."""

    standing: str
    place: str | None = None
    """The set whose statement took its place, or takes it back."""
    because: str | None = None
    """The decision, or the reading of an open question, that says so; None for the program."""

    def graph(self, named_set: str) -> NamedNode:
        """Return the graph in which statements of a set then lie."""
        by = f"-by-{slug(self.place)}" if self.place else ""
        return NamedNode(f"{STANDING}{slug(named_set)}-{self.standing}{by}")


def slug(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rstrip("/").rpartition("/")[2].rpartition("#")[2]
