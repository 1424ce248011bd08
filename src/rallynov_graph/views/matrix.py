"""Organisations × themes: how many pieces of evidence link each to each, and how surely."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.namespaces import RN
from rallynov_graph.questions.catalogue import Question
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.store import Term
from rallynov_graph.views.evidence import CERTAINTIES
from rallynov_graph.views.listing import folded
from rallynov_graph.views.nodes import Lens, Node

QUESTION: Final = "organisations_and_themes"
SORTS: Final = ("size", "name")
LINKED: Final = RN + "linkedToTheme"
DARKEST: Final = 4
"""From so many pieces of evidence on, a cell is as dark as cells become."""

Pair = tuple[str, str]


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
class MatrixRow:
    """An organisation with a cell for each theme; None where nothing links them."""

    organisation: Node
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class MatrixPage:
    """The matrix, the certainty that it admits and the order that it is in."""

    certainty: str
    sort: str
    themes: tuple[Node, ...]
    rows: tuple[MatrixRow, ...]
    query: str


def matrix_page(lens: Lens, question: Question, certainty: str, sort: str) -> MatrixPage:
    """Return the matrix of what is at least so certain, its rows and columns sorted."""
    counts = {how: _counts(lens, question, how) for how in _admitted(certainty)}
    pairs = counts[certainty]
    nodes = lens.nodes(NamedNode(iri) for pair in pairs for iri in pair)
    organisations = _sorted(Counter(a for a, _ in pairs), nodes, sort)
    themes = _sorted(Counter(b for _, b in pairs), nodes, sort)

    def cell(pair: Pair) -> Cell | None:
        if pair not in pairs:
            return None
        how = next(how for how, found in counts.items() if pair in found)
        return Cell(pairs[pair], how, lens.addresses.why(pair[0], LINKED, pair[1]))

    rows = (
        MatrixRow(nodes[NamedNode(a)], tuple(cell((a, b)) for b in themes)) for a in organisations
    )
    asked = readable(question.bind({"certainty": NamedNode(RN + certainty)}))
    columns = tuple(nodes[NamedNode(theme)] for theme in themes)
    return MatrixPage(certainty, sort, columns, tuple(rows), asked)


def _admitted(certainty: str) -> tuple[str, ...]:
    """Return the certainties as strong as this one, the strongest first."""
    return CERTAINTIES[: CERTAINTIES.index(certainty) + 1]


def _counts(lens: Lens, question: Question, certainty: str) -> dict[Pair, int]:
    rows = lens.queries.store.select(question.bind({"certainty": NamedNode(RN + certainty)}))
    found: dict[Pair, int] = {}
    for row in rows:
        organisation, theme, count = row["organisation"], row["theme"], row["evidence"]
        assert isinstance(organisation, NamedNode) and isinstance(theme, NamedNode)
        assert isinstance(count, Literal)
        found[organisation.value, theme.value] = int(count.value)
    return found


def _sorted(sizes: Counter[str], nodes: dict[Term, Node], sort: str) -> list[str]:
    """Return the things by how many others each is linked to, or by name as people order names."""
    by_name = sorted(sizes, key=lambda iri: folded(nodes[NamedNode(iri)].text))
    return by_name if sort == "name" else sorted(by_name, key=lambda iri: -sizes[iri])
