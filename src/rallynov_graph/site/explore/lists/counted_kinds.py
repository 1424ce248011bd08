"""The kinds of things that can be explored, each with how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from rallynov_graph.base.kinds import KINDS, NAVIGATION
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection.list_queries import (
    Choices,
    Selection,
    source_of_kind,
)
from rallynov_graph.site.model.themes import TREE, themes_page


@dataclass(frozen=True)
class CountedKind:
    """A kind, how many things it has at the reader's certainty, and where they are."""

    name: str
    things: int
    href: str
    is_current: bool


def counted_kinds(view: GraphView, current: str) -> tuple[CountedKind, ...]:
    """Return the kinds of the navigation and the current one; none of a graph that is not ours."""
    if view.foreign:
        return ()
    names = (*NAVIGATION, *([current] if current in KINDS and current not in NAVIGATION else []))
    return tuple(_counted(view, name, name == current) for name in names)


def _counted(view: GraphView, name: str, is_current: bool) -> CountedKind:
    return CountedKind(name, _count(view, name), view.addresses.path(f"/list/{name}"), is_current)


def _count(view: GraphView, name: str) -> int:
    """Return how many things of a kind there are; counted once for all pages of lists."""
    certainty = view.addresses.certainty

    def counted() -> int:
        if name == TREE:
            return themes_page(view, certainty).total
        return Selection(view.queries, source_of_kind(name), Choices(certainty)).total()

    return view.queries.once("things of a kind", (certainty, name), counted)
