"""Organisations × themes: how many pieces of evidence link each to each, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.explore.matrix.seriation import alike
from rallynov_graph.site.model.links.organisations_and_themes import (
    EvidenceIndex,
    Strength,
    evidence_index,
    evidence_query,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange, sortable

SORTS: Final = ("size", "name", "similarity")
DARKEST: Final = 4
"""From so many pieces of evidence on, a cell is as dark as cells become."""
SIZE: Final = 200
"""How many organisations a page shows."""


@dataclass(frozen=True)
class MatrixRequest:
    """What a reader wants to see of the matrix."""

    certainty: str = LEAST_SURE
    sort: str = SORTS[0]
    opened: tuple[str, ...] = ()
    """The IRIs of the themes whose narrower themes have columns of their own."""


Address = Callable[[MatrixRequest, int], str]
"""Returns the address of a page of the matrix as it is asked for."""


@dataclass(frozen=True)
class Cell:
    """How many pieces of evidence link an organisation to a theme."""

    count: int
    how: str
    """The strongest certainty that one of them has."""
    why: str
    """Where each of them is shown."""

    @property
    def shade(self) -> int:
        """How dark the cell is, 0 where nothing links the two."""
        return min(self.count, DARKEST)


@dataclass(frozen=True)
class ThemeColumn:
    """A theme with all that is within it, or alone where it is opened and addressed itself."""

    theme: Node
    depth: int = 0
    within: Node | None = None
    """The opened theme that it is a part of."""
    alone: bool = False
    """Whether only what addresses the theme itself is counted."""
    is_open: bool = False
    switch: str = ""
    """Where its narrower themes are shown, or no longer; empty where it has none."""

    @property
    def can_open(self) -> bool:
        """Whether it has narrower themes."""
        return bool(self.switch)


@dataclass(frozen=True)
class MatrixRow:
    """An organisation with a cell for each column; None where nothing links them."""

    organisation: Node
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Matrix:
    """All organisations and all columns, in order, and what links them."""

    request: MatrixRequest
    columns: tuple[ThemeColumn, ...]
    organisations: tuple[Node, ...]
    found: EvidenceIndex

    @property
    def links(self) -> Solutions:
        """The links that the cells are made of, as the question of the catalogue answers them."""
        pairs = (tuple(map(NamedNode, pair)) for pair in self.found.directly)
        return Solutions(("organisation", "theme"), tuple(pairs))

    def strength(self, organisation: str, column: ThemeColumn) -> Strength | None:
        """Return what links an organisation to the theme of a column, None where nothing does."""
        return self.found.strength((organisation, column.theme.iri), alone=column.alone)


@dataclass(frozen=True)
class MatrixPage:
    """A page of the matrix, the certainty that it admits and the order that it is in."""

    request: MatrixRequest
    columns: tuple[ThemeColumn, ...]
    rows: tuple[MatrixRow, ...]
    total: int
    """How many organisations all pages have."""
    pages: PageRange
    everything: str
    """Where all large themes are opened, or closed where one is open; empty where none can be."""
    links: Solutions
    """The links that the cells of all pages are made of."""
    query: str


def matrix_page(
    view: GraphView,
    request: MatrixRequest,
    number: int,
    among: Collection[str],
    address: Address,
) -> MatrixPage | None:
    """Return a page of the matrix of what is at least so certain, of some organisations.

    None where there are not so many pages.
    """
    made = matrix(view, request, among, address)
    count = max(1, -(-len(made.organisations) // SIZE))
    if number > count:
        return None
    openable = tuple(theme for theme in made.found.themes if made.found.narrower(theme))
    everything = replace(request, opened=() if request.opened else openable)
    return MatrixPage(
        request,
        made.columns,
        tuple(_row(view, made, one) for one in made.organisations[(number - 1) * SIZE :][:SIZE]),
        len(made.organisations),
        PageRange(
            number,
            count,
            address(request, number - 1) if number > 1 else None,
            address(request, number + 1) if number < count else None,
        ),
        address(everything, 1) if openable else "",
        made.links,
        readable(evidence_query(view, request.certainty)),
    )


def _nowhere(_request: MatrixRequest, _number: int) -> str:
    return "#"


def matrix(
    view: GraphView,
    request: MatrixRequest,
    among: Collection[str] | None = None,
    address: Address = _nowhere,
) -> Matrix:
    """Return the matrix of what is at least so certain, its rows and columns in order.

    Its rows are organisations ``among`` some, or all.
    """
    found = evidence_index(view, request.certainty)
    if among is not None:
        wanted = frozenset(among)
        directly = {pair: ranks for pair, ranks in found.directly.items() if pair[0] in wanted}
        found = EvidenceIndex(directly, found.tree)
    nodes = view.nodes(NamedNode(iri) for pair in found.within for iri in pair)
    columns = _Columns(request, found, nodes, address)
    organisations, place = _in_order(request.sort, found, nodes, columns)
    rows = tuple(nodes[NamedNode(one)] for one in organisations)
    return Matrix(request, tuple(columns.walk(place)), rows, found)


def _row(view: GraphView, made: Matrix, organisation: Node) -> MatrixRow:
    def cell(column: ThemeColumn) -> Cell | None:
        found = made.strength(organisation.iri, column)
        if found is None:
            return None
        theme = NamedNode(column.theme.iri)
        why = view.note_address(organisation.iri, found.property, theme) or ""
        return Cell(found.count, found.certainty, why)

    return MatrixRow(organisation, tuple(map(cell, made.columns)))


@dataclass(frozen=True)
class _Columns:
    """The columns of the themes that are there, as they are opened."""

    request: MatrixRequest
    found: EvidenceIndex
    nodes: Mapping[Term, Node]
    address: Address

    def walk(self, place: Mapping[str, int], way: tuple[str, ...] = ()) -> Iterator[ThemeColumn]:
        """Yield the columns of the largest themes, or of those below others, in their places."""
        themes = self.found.narrower(way[-1]) if way else self.found.themes
        within = self.nodes[NamedNode(way[-1])] if way else None
        for theme in sorted(themes, key=lambda iri: place[iri]):
            if theme in way:
                continue
            node, depth = self.nodes[NamedNode(theme)], len(way)
            switch = self._switch(theme) if self.found.narrower(theme) else ""
            is_open = bool(switch) and theme in self.request.opened
            yield ThemeColumn(node, depth, within, is_open=is_open, switch=switch)
            if is_open:
                if theme in self.found.addressed:
                    yield ThemeColumn(node, depth + 1, node, alone=True)
                yield from self.walk(place, (*way, theme))

    def _switch(self, theme: str) -> str:
        """Return the address of the matrix with a theme opened, or closed where it is open."""
        opened = self.request.opened
        others = tuple(one for one in opened if one != theme)
        request = replace(self.request, opened=others if theme in opened else (*opened, theme))
        return self.address(request, 1)


def _in_order(
    sort: str, found: EvidenceIndex, nodes: Mapping[Term, Node], columns: _Columns
) -> tuple[list[str], dict[str, int]]:
    """Return the organisations in order, and the place of each theme among all others."""

    def by_name(iris: Iterable[str]) -> list[str]:
        return sorted({*iris}, key=lambda iri: (sortable(nodes[NamedNode(iri)].text), iri))

    organisations = by_name(one for one, _ in found.within)
    themes = by_name(theme for _, theme in found.within)
    if sort == "size":
        sizes = Counter(one for one, _ in found.directly)
        sizes.update(theme for _, theme in found.within)
        organisations.sort(key=lambda iri: -sizes[iri])
        themes.sort(key=lambda iri: -sizes[iri])
    elif sort == "similarity":
        shown = columns.walk({theme: place for place, theme in enumerate(themes)})
        those = [column.theme.iri for column in shown if not column.alone]
        weights = {pair: len(proofs) for pair, proofs in found.within.items()}
        organisations, themes = alike(organisations, those, weights)
    return organisations, {theme: place for place, theme in enumerate(themes)}
