"""A list: the things of a kind or a class that fit a reader's choices, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.explore.lists.list_choices import (
    AddressKeys,
    Pair,
    address_keys,
    read_choices,
)
from rallynov_graph.site.explore.lists.narrowing import Narrowing, narrowing
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange, all_ordered, ordered
from rallynov_graph.site.model.selection import list_queries
from rallynov_graph.site.model.selection.cells import (
    CertaintyMark,
    ListCell,
    cells_of_things,
    class_marks,
)
from rallynov_graph.site.model.selection.list_queries import (
    LINKS,
    NAME,
    Choices,
    Selection,
    Source,
    sort_key,
)

SIZE: Final = 100
"""How many things a page of a list shows."""


@dataclass(frozen=True)
class ListRow:
    """A thing, the certainty of its being in the list, and its cells, one for each column."""

    node: Node
    mark: CertaintyMark
    cells: tuple[ListCell, ...]


@dataclass(frozen=True)
class ListPage:
    """A page of a list: the names of its columns, its rows, and what narrows the list."""

    kind: str
    node: Node | None
    """The class, where the list is one of a class."""
    columns: tuple[str, ...]
    rows: tuple[ListRow, ...]
    total: int
    pages: PageRange
    query: str
    narrowing: Narrowing | None
    """What it can be narrowed and sorted by; None for the list of things without a class."""


def kind_page(view: GraphView, kind: str, pairs: Sequence[Pair], number: int) -> ListPage | None:
    """Return a page of the things of a kind; None where there is no such page.

    Raises UnknownChoiceError where the address names a choice that the list does not have.
    """
    return _page(view, source_of_kind(view, kind), None, pairs, number)


def class_page(view: GraphView, iri: str, pairs: Sequence[Pair], number: int) -> ListPage | None:
    """Return a page of the things of a class; None where there is no such page.

    Raises UnknownChoiceError where the address names a choice that the list does not have.
    """
    return _page(view, source_of_class(view, iri), view.node(iri), pairs, number)


def without_class(view: GraphView, number: int) -> ListPage | None:
    """Return a page of the things that have no class; None where there are none."""
    query = view.queries.text("subjects")
    things = ordered(view, query)
    pages = _pages(
        len(things), number, lambda page: view.addresses.path("/list", _page_parameter(page))
    )
    if not things or pages is None:
        return None
    shown = things[(number - 1) * SIZE : number * SIZE]
    described = view.described(shown)
    rows = tuple(ListRow(view.thing(iri, described[iri]), CertaintyMark(), ()) for iri in shown)
    return ListPage("", None, (), rows, len(things), pages, readable(query), None)


def source_of_kind(view: GraphView, kind: str) -> Source:
    """Return the source of the list of a kind."""
    return replace(list_queries.source_of_kind(kind), certain=not view.foreign)


def source_of_class(view: GraphView, iri: str) -> Source:
    """Return the source of the list of a class."""
    return list_queries.source_of_class(view.queries, iri, view.foreign)


def selected(
    view: GraphView, source: Source, pairs: Sequence[Pair]
) -> tuple[AddressKeys, Selection]:
    """Return the keys of a list, and the selection of an address; raise UnknownChoiceError."""
    keys = address_keys(source, Selection(view.queries, source).counts())
    return keys, Selection(view.queries, source, read_choices(keys, pairs, view.addresses))


def _page(
    view: GraphView, source: Source, node: Node | None, pairs: Sequence[Pair], number: int
) -> ListPage | None:
    if not all_ordered(view.queries, Selection(view.queries, source).things(), view.language):
        return _nameless(view, source, node)
    keys, selection = selected(view, source, pairs)
    query = selection.things()
    things = _sorted(
        selection,
        ordered(view, query)
        if selection.choices.chosen
        else all_ordered(view.queries, query, view.language),
    )
    pages = _pages(
        len(things), number, lambda page: keys.address(view.addresses, selection.choices, page)
    )
    if pages is None:
        return None
    shown = things[(number - 1) * SIZE : number * SIZE]
    columns, rows = _rows(view, source, selection.choices, shown)
    return ListPage(
        source.kind,
        node,
        columns,
        rows,
        len(things),
        pages,
        readable(query),
        narrowing(view, keys, selection),
    )


def _nameless(view: GraphView, source: Source, node: Node | None) -> ListPage | None:
    """Return the empty list of a class whose things have no IRIs; None where it has no things."""
    of_class = NamedNode(source.of_class) if node else None
    if of_class is None or not view.queries.ask("has_things", **{"class": of_class}):
        return None
    query = readable(Selection(view.queries, source).things())
    return ListPage("", node, (), (), 0, PageRange(1, 1, None, None), query, None)


def _sorted(selection: Selection, things: tuple[str, ...]) -> tuple[str, ...]:
    """Return the things sorted by the reader's choice, then by the other columns that sort."""
    sort = selection.choices.sort
    if sort == NAME:
        return things
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
    view: GraphView, source: Source, choices: Choices, shown: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[ListRow, ...]]:
    columns = source.columns if source.certain else ()
    described = view.described(shown)
    cells = cells_of_things(view, shown, columns, choices.certainty)
    marks = class_marks(view, shown) if source.certain else {}
    used = [
        column for column in range(len(columns)) if any(cells[iri][column].values for iri in shown)
    ]
    rows = tuple(
        ListRow(
            view.thing(iri, described[iri]),
            marks.get(iri, CertaintyMark()),
            tuple(cells[iri][column] for column in used),
        )
        for iri in shown
    )
    return tuple(columns[column].name for column in used), rows


def _pages(total: int, number: int, address: Callable[[int], str]) -> PageRange | None:
    count = max(1, -(-total // SIZE))
    if not 1 <= number <= count:
        return None
    return PageRange(
        number,
        count,
        address(number - 1) if number > 1 else None,
        address(number + 1) if number < count else None,
    )


def _page_parameter(page: int) -> list[Pair]:
    return [("page", str(page) if page > 1 else "")]
