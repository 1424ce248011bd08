"""The ways to look at the things of a list; the feature that shows one registers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from flask import Response

from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection.list_queries import Selection

TABLE: Final = "table"
"""The way that an address without one shows."""
Pair = tuple[str, str]


@dataclass(frozen=True)
class ListState:
    """What a reader sees of a list but for the choices of facets: its address says all of it."""

    sort: str
    number: int = 1
    """The number of the page."""
    own: tuple[Pair, ...] = ()
    """The parameters that only this way to look at the things has."""

    def values(self, name: str) -> tuple[str, ...]:
        """Return the distinct values of a parameter of its own."""
        return tuple(dict.fromkeys(value for key, value in self.own if key == name and value))


@dataclass(frozen=True)
class ListedThings:
    """The things of a list under a reader's choices, as each way to look at them gets them."""

    view: GraphView
    selection: Selection
    things: tuple[str, ...]
    """In the order of their names."""
    state: ListState
    address: Callable[[ListState], str]
    """Returns the address of the same things seen in another state."""


def _no_file(_listed: ListedThings, _suffix: str) -> Response:
    raise LookupError


@dataclass(frozen=True)
class ListView:
    """A way to look at the things of a list."""

    name: str
    """Its name in the address; ``list.view_<name>`` is the key of its words."""
    template: str
    """Shows what ``shown`` returns, as a part of the page of the list."""
    shown: Callable[[ListedThings], object]
    """Returns what the template shows, None for a page number that is too high."""
    place: int
    """Its place among the tabs; low ones come first."""
    kind: str = ""
    """The kind whose things it shows, in our own graph; all lists have it where it is empty."""
    sorts: tuple[str, ...] = ()
    """What it can be sorted by, the default first; nothing where it has one order."""
    parameters: frozenset[str] = frozenset()
    """The parameters of its own."""
    tables: tuple[str, ...] = ()
    """The suffixes of its files with rows."""
    graphs: tuple[str, ...] = ()
    """The suffixes of its files that hold graphs or drawings."""
    file: Callable[[ListedThings, str], Response] = _no_file
    """Returns the file of a suffix; all of a list's pages are in it."""

    def suits(self, kind: str, foreign: bool) -> bool:
        """Return whether the list of a kind has it, in a graph of ours or in another."""
        return not self.kind or (self.kind == kind and not foreign)
