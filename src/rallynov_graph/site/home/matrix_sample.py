"""A corner of the matrix of organisations and themes: those with most links."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.site.model.links.organisations_and_themes import evidence_index
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable

ORGANISATIONS: Final = 8
THEMES: Final = 9


@dataclass(frozen=True)
class SampleCell:
    """How many clues link an organisation to a theme, how sure the surest is, its evidence."""

    clues: int
    certainty: str
    explanation: str


@dataclass(frozen=True)
class MatrixSample:
    """The organisations and the large themes with most links."""

    themes: tuple[Node, ...]
    rows: tuple[tuple[Node, tuple[SampleCell | None, ...]], ...]
    organisations: int
    """How many organisations the whole matrix has."""


def matrix_sample(view: GraphView, certainty: str) -> MatrixSample:
    """Return the part of the matrix that the home page shows, of links at least so certain."""
    index = evidence_index(view, certainty)
    large = {*index.themes}
    pairs = [pair for pair in index.within if pair[1] in large]
    nodes = view.nodes(NamedNode(iri) for pair in pairs for iri in pair)

    def most(place: int, number: int) -> list[str]:
        sizes = Counter(pair[place] for pair in pairs)
        names = {iri: sortable(nodes[NamedNode(iri)].text) for iri in sizes}
        return sorted(sizes, key=lambda iri: (-sizes[iri], names[iri], iri))[:number]

    organisations, themes = most(0, ORGANISATIONS), most(1, THEMES)

    def cell(organisation: str, theme: str) -> SampleCell | None:
        strength = index.strength((organisation, theme))
        if strength is None:
            return None
        explanation = view.note_address(organisation, strength.property, NamedNode(theme)) or ""
        return SampleCell(strength.count, strength.certainty, explanation)

    return MatrixSample(
        tuple(nodes[NamedNode(theme)] for theme in themes),
        tuple(
            (nodes[NamedNode(one)], tuple(cell(one, theme) for theme in themes))
            for one in organisations
        ),
        len({organisation for organisation, _ in pairs}),
    )
