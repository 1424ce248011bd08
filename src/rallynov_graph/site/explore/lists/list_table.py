"""A list as a table: its things in the order that is asked for, page by page, with their cells."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import KINDS
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.terms import Term
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange, ordered
from rallynov_graph.site.model.selection.cells import (
    MOST,
    CertaintyMark,
    ListCell,
    answer_marks,
    cells_of_things,
)
from rallynov_graph.site.model.selection.list_queries import (
    LINKS,
    NAME,
    Selection,
    Source,
    sort_key,
)
from rallynov_graph.site.web.feature import ListedThings

SIZE: Final = 100
"""How many things a page of a list shows."""


@dataclass(frozen=True)
class ListRow:
    """A thing, how surely it answers what the list asks, and its cells, one a column."""

    node: Node
    mark: CertaintyMark
    cells: tuple[ListCell, ...]
    is_apart: bool = False
    """Whether it stands after the others, as one without a name does."""


@dataclass(frozen=True)
class ListTable:
    """A page of a list as a table: its columns by their names, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[ListRow, ...]
    pages: PageRange


NO_TABLE: Final = ListTable((), (), PageRange(1, 1, None, None))


def list_table(listed: ListedThings) -> ListTable | None:
    """Return a page of the things as a table, None where there are not so many pages."""
    selection, state = listed.selection, listed.state
    apart = _apart(selection)
    things = _sorted(selection, listed.things, apart)
    pages = page_range(
        len(things), state.number, lambda page: listed.address(replace(state, number=page))
    )
    if pages is None:
        return None
    shown = things[(state.number - 1) * SIZE : state.number * SIZE]
    columns, rows = _rows(listed.view, selection, shown, apart)
    return ListTable(columns, rows, pages)


def whole_table(listed: ListedThings) -> ListTable:
    """Return all pages of the things as one table, each cell with all its values."""
    selection = listed.selection
    apart = _apart(selection)
    things = _sorted(selection, listed.things, apart)
    columns, rows = _rows(listed.view, selection, things, apart, most=sys.maxsize)
    return ListTable(columns, rows, NO_TABLE.pages)


def things_of_table(view: GraphView, selection: Selection) -> tuple[str, ...]:
    """Return the things of a list without choices, as the rows of its pages show them."""
    things = ordered(view, selection.things())
    return _sorted(selection, things, _apart(selection))


def _apart(selection: Selection) -> frozenset[str]:
    """Return the things that stand after the others, where the things are sorted by name."""
    kind = KINDS.get(selection.source.kind)
    if kind is None or not kind.apart or selection.choices.sort != NAME:
        return frozenset()
    members = Selection(selection.queries, Source(of_class=kind.apart, prefix=ID)).members()
    found = (row[0] for row in selection.queries.cached(members).rows)
    return frozenset(thing.value for thing in found if isinstance(thing, NamedNode))


def _sorted(
    selection: Selection, things: tuple[str, ...], apart: frozenset[str]
) -> tuple[str, ...]:
    """Return the things as the reader wants them; where that leaves equals, by what else sorts."""
    sort = selection.choices.sort
    if sort == NAME:
        return tuple(sorted(things, key=apart.__contains__)) if apart else things
    if sort == LINKS:
        links = selection.link_counts()
        return tuple(sorted(things, key=lambda iri: -_number(links.get(iri))))
    columns = selection.source.sorts
    for column in sorted(columns, key=lambda c: c.name == sort):
        things = _by_value(things, selection.least_values(column.path))
    return things


def _by_value(things: tuple[str, ...], values: dict[str, Term]) -> tuple[str, ...]:
    return tuple(sorted(things, key=lambda iri: sort_key(values.get(iri))))


def _number(value: Term | None) -> float:
    text = value.value if isinstance(value, Literal) else "0"
    try:
        return float(text)
    except ValueError:
        return 0.0


def _rows(
    view: GraphView,
    selection: Selection,
    shown: tuple[str, ...],
    apart: frozenset[str],
    most: int = MOST,
) -> tuple[tuple[str, ...], tuple[ListRow, ...]]:
    source = selection.source
    columns = source.columns if source.certain else ()
    rows: list[ListRow] = []
    for start in range(0, len(shown), SIZE):
        some = shown[start : start + SIZE]
        described = view.described(some)
        found = cells_of_things(view, some, columns, selection.choices.certainty, most)
        sure = answer_marks(view, some, selection) if source.certain else {}
        rows += (
            ListRow(
                view.thing(iri, described[iri]),
                sure.get(iri, CertaintyMark()),
                found[iri],
                iri in apart,
            )
            for iri in some
        )
    used = [any(row.cells[place].values for row in rows) for place in range(len(columns))]
    return tuple(column.name for column in compress(columns, used)), tuple(
        replace(row, cells=tuple(compress(row.cells, used))) for row in rows
    )


def page_range(total: int, number: int, address: Callable[[int], str]) -> PageRange | None:
    """Return where a page stands among those of so many things; None where there is none such."""
    count = max(1, -(-total // SIZE))
    if not 1 <= number <= count:
        return None
    return PageRange(
        number,
        count,
        address(number - 1) if number > 1 else None,
        address(number + 1) if number < count else None,
    )
