"""Things of any kind × what they are linked to in one way: which has which, and how surely."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import SUREST
from rallynov_graph.base.kinds import BACK, DIRECT, THROUGH, Facet, ListColumn, ValuePath
from rallynov_graph.site.explore.matrix.seriation import alike
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.selection.cells import CertaintyMark, cells_of_things
from rallynov_graph.site.model.selection.list_queries import Selection, Source

MOST_ROWS: Final = 200
"""How many things a page shows."""
MOST_COLUMNS: Final = 80
"""How many values have a column: those of most things."""
HEADER: Final = ("thing", "thing_label", "value", "value_label", "certainty")
_FORMS: Final = (DIRECT, BACK, THROUGH)
_FIRST: Final = ("theme", "event", "stage")
"""What columns are by preference."""


@dataclass(frozen=True)
class ValueRow:
    """A thing with a mark for each column; None where nothing links the two."""

    thing: Node
    marks: tuple[CertaintyMark | None, ...]


@dataclass(frozen=True)
class ValueMatrix:
    """The things of a page and the values of a facet, in order."""

    by: str
    columns: tuple[Node, ...]
    rows: tuple[ValueRow, ...]
    more_columns: int
    """How many values have no column."""
    without: int
    """How many of the things have no value."""


def ways(source: Source) -> tuple[Facet, ...]:
    """Return the facets whose values can be columns, the best first."""
    fitting = [facet for facet in source.facets if facet.path.form in _FORMS]
    return tuple(sorted(fitting, key=lambda facet: _place(facet.name)))


def value_matrix(
    view: GraphView, selection: Selection, things: tuple[str, ...], facet: Facet, sort: str
) -> ValueMatrix:
    """Return the matrix of some things and the values of a facet that they have."""
    column = ListColumn(facet.name, facet.path)
    certainty = selection.choices.certainty
    cells = cells_of_things(view, things, (column,), certainty, most=MOST_COLUMNS)
    marks = {
        (thing, value.node): value.mark for thing, (cell,) in cells.items() for value in cell.values
    }
    sizes = Counter(value for _, value in marks)
    by_name = sorted(sizes, key=lambda node: (sortable(node.text), node.iri))
    columns = sorted(by_name, key=lambda node: -sizes[node])[:MOST_COLUMNS]
    described = view.described(things)
    nodes = {thing: view.thing(thing, described[thing]) for thing in things}
    rows = [thing for thing in things if any((thing, value) in marks for value in columns)]
    if sort == "size":
        totals = Counter(thing for thing, _ in marks)
        rows.sort(key=lambda thing: -totals[thing])
    elif sort == "name":
        columns.sort(key=by_name.index)
    else:
        rows, columns = _alike(rows, columns, set(marks))
    return ValueMatrix(
        facet.name,
        tuple(columns),
        tuple(
            ValueRow(nodes[thing], tuple(marks.get((thing, value)) for value in columns))
            for thing in rows
        ),
        len(sizes) - len(columns),
        len(things) - len(rows),
    )


def _alike(
    rows: list[str], columns: list[Node], pairs: set[tuple[str, Node]]
) -> tuple[list[str], list[Node]]:
    places = {str(place): value for place, value in enumerate(columns)}
    weights = {
        (thing, place): 1
        for thing in rows
        for place, value in places.items()
        if (thing, value) in pairs
    }
    in_rows, in_columns = alike(rows, [*places], weights)
    return in_rows, [places[place] for place in in_columns]


def rows_of(matrix: ValueMatrix) -> Iterator[tuple[str, ...]]:
    """Yield the cells as rows under the header."""
    for row in matrix.rows:
        for value, mark in zip(matrix.columns, row.marks, strict=True):
            if mark is not None:
                thing = row.thing
                how = mark.certainty or SUREST
                yield (thing.iri, thing.text, value.iri, value.text, how)


def triples_of(matrix: ValueMatrix, path: ValuePath) -> Iterator[Triple]:
    """Yield the statements that the cells stand for, where a property links two things."""
    for thing, _, value, *_ in rows_of(matrix):
        if not value:
            continue
        ends = NamedNode(thing), NamedNode(value)
        subject, other = reversed(ends) if path.form == BACK else ends
        yield Triple(subject, NamedNode(path.property), other)


def _place(name: str) -> int:
    return _FIRST.index(name) if name in _FIRST else len(_FIRST)
