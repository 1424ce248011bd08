"""The matrix as data: its cells one a line, as links of a graph, as statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.site.explore.matrix.page import Matrix, ThemeColumn
from rallynov_graph.site.model.links.organisations_and_themes import LINKED, Strength
from rallynov_graph.site.model.nodes import Node

HEADER: Final = (
    "organisation",
    "organisation_label",
    "theme",
    "theme_label",
    "with_narrower",
    "evidence",
    "certainty",
)


@dataclass(frozen=True)
class Linking:
    """What links an organisation to a theme; an opened theme counts what addresses itself."""

    organisation: Node
    column: ThemeColumn
    strength: Strength


def linkings(matrix: Matrix) -> Iterator[Linking]:
    """Yield what links each organisation to each theme, no piece of evidence in two depths."""
    columns = [column for column in matrix.columns if not column.is_open]
    for organisation in matrix.organisations:
        for column in columns:
            strength = matrix.strength(organisation.iri, column)
            if strength is not None:
                yield Linking(organisation, column, strength)


def rows(them: Iterable[Linking]) -> Iterator[tuple[str | int | bool, ...]]:
    """Yield the cells as rows under the header."""
    for it in them:
        one, theme = it.organisation, it.column.theme
        narrower = it.column.can_open
        count, how = it.strength.count, it.strength.certainty
        yield (one.iri, one.text, theme.iri, theme.text, narrower, count, how)


def triples(matrix: Matrix) -> Iterator[Triple]:
    """Yield the statements that the cells stand for."""
    for it in linkings(matrix):
        pair = it.organisation.iri, it.column.theme.iri
        properties = {it.strength.property, *([LINKED] if pair in matrix.found.directly else [])}
        for prop in sorted(properties):
            yield Triple(NamedNode(pair[0]), NamedNode(prop), NamedNode(pair[1]))
