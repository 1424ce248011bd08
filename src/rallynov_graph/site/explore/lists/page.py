"""A list: the things of a kind or a class that fit a reader's choices, a page at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.explore.lists.list_choices import Pair, Written, read, written
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
    """A thing, how surely it is of the list, and its cells, one a column."""

    node: Node
    mark: CertaintyMark
    cells: tuple[ListCell, ...]


@dataclass(frozen=True)
class ListPage:
    """A list: its columns by their names, its rows, its pages, and what narrows it."""

    kind: str
    node: Node | None
    """The class, where the list is one of a class."""
    columns: tuple[str, ...]
    rows: tuple[ListRow, ...]
    total: int
    pages: PageRange
    query: str
    narrowing: Narrowing | None
    """What it can be narrowed and sorted by; nothing where it is of things without a class."""


def kind_page(view: GraphView, kind: str, asked: Sequence[Pair], number: int) -> ListPage | None:
    """Return a page of the things of a kind; None where there are none or not so many pages.

    Raises UnknownChoiceError where the address chooses what the list has not.
    """
    return _page(view, source_of_kind(view, kind), None, asked, number)


def class_page(view: GraphView, iri: str, asked: Sequence[Pair], number: int) -> ListPage | None:
    """Return a page of the things of a class; None where there are none or not so many pages.

    Raises UnknownChoiceError where the address chooses what the list has not.
    """
    return _page(view, source_of_class(view, iri), view.node(iri), asked, number)


def without_class(view: GraphView, number: int) -> ListPage | None:
    """Return a page of the things that have no class; None where there are none."""
    query = view.queries.text("subjects")
    things = ordered(view, query)
    pages = _pages(len(things), number, lambda page: view.addresses.path("/list", _numbered(page)))
    if not things or pages is None:
        return None
    shown = things[(number - 1) * SIZE : number * SIZE]
    described = view.described(shown)
    rows = tuple(ListRow(view.thing(iri, described[iri]), CertaintyMark(), ()) for iri in shown)
    return ListPage("", None, (), rows, len(things), pages, readable(query), None)


def source_of_kind(view: GraphView, kind: str) -> Source:
    """Return where the things of a kind come from."""
    return replace(list_queries.source_of_kind(kind), certain=not view.foreign)


def source_of_class(view: GraphView, iri: str) -> Source:
    """Return where the things of a class come from."""
    return list_queries.source_of_class(view.queries, iri, view.foreign)


def selected(view: GraphView, source: Source, asked: Sequence[Pair]) -> tuple[Written, Selection]:
    """Return the things that an address chooses; raise UnknownChoiceError where it cannot be."""
    how = written(source, Selection(view.queries, source).counts())
    return how, Selection(view.queries, source, read(how, asked, view.addresses))


def _page(
    view: GraphView, source: Source, node: Node | None, asked: Sequence[Pair], number: int
) -> ListPage | None:
    if not all_ordered(view.queries, Selection(view.queries, source).things(), view.language):
        return _nameless(view, source, node)
    how, selection = selected(view, source, asked)
    query = selection.things()
    things = _sorted(
        selection,
        ordered(view, query)
        if selection.choices.chosen
        else all_ordered(view.queries, query, view.language),
    )
    pages = _pages(
        len(things), number, lambda page: how.address(view.addresses, selection.choices, page)
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
        narrowing(view, how, selection),
    )


def _nameless(view: GraphView, source: Source, node: Node | None) -> ListPage | None:
    """Return the empty list of a class whose things have no addresses; None where it has none."""
    of_class = NamedNode(source.of_class) if node else None
    if of_class is None or not view.queries.ask("has_things", **{"class": of_class}):
        return None
    query = readable(Selection(view.queries, source).things())
    return ListPage("", node, (), (), 0, PageRange(1, 1, None, None), query, None)


def _sorted(selection: Selection, things: tuple[str, ...]) -> tuple[str, ...]:
    """Return the things as the reader wants them; where that leaves equals, by what else sorts."""
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
    found = cells_of_things(view, shown, columns, choices.certainty)
    sure = class_marks(view, shown) if source.certain else {}
    used = [
        place for place in range(len(columns)) if any(found[iri][place].values for iri in shown)
    ]
    rows = tuple(
        ListRow(
            view.thing(iri, described[iri]),
            sure.get(iri, CertaintyMark()),
            tuple(found[iri][place] for place in used),
        )
        for iri in shown
    )
    return tuple(columns[place].name for place in used), rows


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


def _numbered(page: int) -> list[Pair]:
    return [("page", str(page) if page > 1 else "")]
