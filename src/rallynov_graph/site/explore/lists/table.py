"""A list as a table: its things in the order that is asked for, page by page, with their cells."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Final

from flask import Response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.explore.lists.choices import label_of
from rallynov_graph.site.model.cells import (
    MOST,
    CertaintyMark,
    ListCell,
    answer_marks,
    cells_of_things,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange, ordered, paginate
from rallynov_graph.site.model.selection import LINKS, NAME, Selection, Source, sort_key
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.feature import ListedThings
from rallynov_graph.site.web.page_files import plain
from rallynov_graph.site.web.reader import absolute

SIZE: Final = 100
"""How many things a page of a list shows."""
_OF_VALUE: Final = ("value", "label", "certainty", "evidence")
"""What a file says of a value in a cell."""

_SAID: Final = CertaintyMark()
_ONE_PAGE: Final = PageRange(1, 1, None, None)


@dataclass(frozen=True)
class ListRow:
    """A thing, how surely it answers what the list asks, and its cells, one a column."""

    node: Node
    mark: CertaintyMark = _SAID
    cells: tuple[ListCell, ...] = ()
    is_apart: bool = False
    """Whether it stands after the others, as one without a name does."""


@dataclass(frozen=True)
class ListTable:
    """A page of a list as a table: its columns by their names, and its rows."""

    columns: tuple[str, ...] = ()
    rows: tuple[ListRow, ...] = ()
    pages: PageRange = _ONE_PAGE
    labels: Mapping[str, Text] = field(default_factory=dict)
    """What the property of a column is called, where the site has no word for it."""


def list_table(listed: ListedThings) -> ListTable | None:
    """Return a page of the things as a table, None where there are not so many pages."""
    state, things = listed.state, _sorted(listed.selection, listed.things)
    found = paginate(
        things, state.number, SIZE, lambda page: listed.address(replace(state, number=page))
    )
    if found is None:
        return None
    shown, pages = found
    columns, rows = _rows(listed.view, listed.selection, shown)
    labels = {
        column.name: label
        for column in listed.selection.source.columns
        if column.name in columns and (label := label_of(listed.view, column))
    }
    return ListTable(columns, rows, pages, labels)


def bare_table(
    view: GraphView, things: tuple[str, ...], number: int, address: Callable[[int], str]
) -> ListTable | None:
    """Return a page of things by their names alone, None where there are not so many pages."""
    found = paginate(things, number, SIZE, address)
    if found is None:
        return None
    shown, pages = found
    described = view.described(shown)
    return ListTable((), tuple(ListRow(view.thing(iri, described[iri])) for iri in shown), pages)


def things_of_table(view: GraphView, selection: Selection) -> tuple[str, ...]:
    """Return the things of a list without choices, as the rows of its pages show them."""
    return _sorted(selection, ordered(view, selection.things()))


def table_file(listed: ListedThings, suffix: str) -> Response:
    """Serve the whole table of a list: each name and each value with its certainty and evidence.

    In CSV the values of a cell are parted by a bar; in JSON they are a list.
    """
    selection = listed.selection
    things = _sorted(selection, listed.things)
    columns, rows = _rows(listed.view, selection, things, most=sys.maxsize)
    header = ["thing", "label", *(_OF_VALUE[2:] if selection.source.certain else ())]
    width = len(header)
    of_things = (_described(row.node.iri, row.node, row.mark)[:width] for row in rows)
    cells = _flat if suffix == "csv" else _nested
    if suffix == "csv":
        for column in columns:
            header += (column, *(f"{column}_{part}" for part in _OF_VALUE[1:]))
    else:
        header += columns
    found = ((*it, *cells(row)) for it, row in zip(of_things, rows, strict=True))
    return page_files.of_rows(header, found, suffix, "list")


def _cells(row: ListRow) -> Iterator[list[tuple[str, ...]]]:
    for cell in row.cells:
        yield [_described(plain(it.term), it.node, it.mark) for it in cell.values]


def _flat(row: ListRow) -> Iterator[object]:
    for cell in _cells(row):
        yield from map("|".join, zip(*cell, strict=True) if cell else [()] * len(_OF_VALUE))


def _nested(row: ListRow) -> Iterator[object]:
    for cell in _cells(row):
        yield [dict(zip(_OF_VALUE, it, strict=True)) for it in cell]


def _described(value: str, node: Node, mark: CertaintyMark) -> tuple[str, ...]:
    evidence = absolute(mark.explanation) if mark.explanation else ""
    return value, node.text, mark.certainty, evidence


def _rows(
    view: GraphView, selection: Selection, shown: Sequence[str], most: int = MOST
) -> tuple[tuple[str, ...], tuple[ListRow, ...]]:
    """Return the columns that have values, and the rows."""
    source, apart = selection.source, _apart(selection)
    columns = source.columns if source.certain else ()
    rows: list[ListRow] = []
    for start in range(0, len(shown), SIZE):
        some = shown[start : start + SIZE]
        described = view.described(some)
        found = cells_of_things(view, some, columns, selection.choices.certainty, most)
        sure = answer_marks(view, some, selection) if source.certain else {}
        for iri in some:
            node, mark = view.thing(iri, described[iri]), sure.get(iri, _SAID)
            rows.append(ListRow(node, mark, found[iri], iri in apart))
    used = [any(row.cells[place].values for row in rows) for place in range(len(columns))]
    return tuple(column.name for column in compress(columns, used)), tuple(
        replace(row, cells=tuple(compress(row.cells, used))) for row in rows
    )


def _sorted(selection: Selection, things: tuple[str, ...]) -> tuple[str, ...]:
    """Return the things as the reader wants them; where that leaves equals, by what else sorts."""
    sort = selection.choices.sort
    if sort == NAME:
        return tuple(sorted(things, key=_apart(selection).__contains__))
    if sort == LINKS:
        links = selection.link_counts()
        return tuple(sorted(things, key=lambda iri: -_number(links.get(iri))))
    for column in sorted(selection.source.sorts, key=lambda column: column.name == sort):
        values = selection.least_values(column.path)
        things = tuple(sorted(things, key=lambda iri: sort_key(values.get(iri))))
    return things


def _apart(selection: Selection) -> frozenset[str]:
    """Return the things that stand after the others, where the things are sorted by name."""
    kind = KINDS.get(selection.source.kind)
    if kind is None or not kind.apart or selection.choices.sort != NAME:
        return frozenset()
    members = Selection(selection.queries, Source(of_class=kind.apart, prefix=ID)).members()
    found = (row[0] for row in selection.queries.cached(members).rows)
    return frozenset(thing.value for thing in found if isinstance(thing, NamedNode))


def _number(value: Term | None) -> float:
    try:
        return float(value.value) if isinstance(value, Literal) else 0.0
    except ValueError:
        return 0.0
