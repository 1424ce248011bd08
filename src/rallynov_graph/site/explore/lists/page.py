"""A list: the things of a kind or a class that fit a reader's choices, and what narrows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import WITHIN
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.site.explore.lists.list_choices import (
    AddressKeys,
    address_keys,
    read_choices,
    refused_pairs,
)
from rallynov_graph.site.explore.lists.list_table import (
    NO_TABLE,
    SIZE,
    ListRow,
    ListTable,
    list_table,
    page_range,
)
from rallynov_graph.site.explore.lists.narrowing import Narrowing, narrowing
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange, ordered
from rallynov_graph.site.model.selection import list_queries
from rallynov_graph.site.model.selection.cells import CertaintyMark
from rallynov_graph.site.model.selection.list_queries import Selection, Source
from rallynov_graph.site.web.feature import TABLE, ListedThings, ListState, ListView, Pair


@dataclass(frozen=True)
class ListTab:
    """A way to look at the same things."""

    name: str
    href: str


@dataclass(frozen=True)
class ListPage:
    """A list as a reader sees it, and what narrows it."""

    kind: str
    node: Node | None
    """The class, where the list is one of a class."""
    table: ListTable
    """Empty where the things are looked at in another way."""
    total: int
    query: str
    narrowing: Narrowing | None = None
    """What it can be narrowed and sorted by; nothing where it is of things without a class."""
    keys: AddressKeys | None = None
    listed: ListedThings | None = None
    shown: object = None
    """What another way to look at the things shows."""
    certainties: tuple[tuple[str, int], ...] = ()
    """How many things answer the choices with each certainty."""
    tabs: tuple[ListTab, ...] = ()

    @property
    def chosen(self) -> tuple[str, ...]:
        """What the chosen values are called."""
        return tuple(pill.node.text for pill in self.narrowing.pills) if self.narrowing else ()

    @property
    def is_by_thesaurus(self) -> bool:
        """Whether a chosen value has things by narrower ones, which the curators say they are."""
        if self.keys is None or self.listed is None:
            return False
        chosen = self.listed.selection.choices.chosen
        facets = self.keys.source.facets
        return any(facet.path.form == WITHIN and facet.name in chosen for facet in facets)

    @property
    def here(self) -> str:
        """The one address of what is shown; nothing where it has no other than it was asked for."""
        return self.listed.address(self.listed.state) if self.listed else ""

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """The rows of the table."""
        return self.table.rows

    @property
    def pages(self) -> PageRange:
        """Where the page stands among those of its table."""
        return self.table.pages


@dataclass(frozen=True)
class ListRequest:
    """What is asked of a list."""

    pairs: Sequence[Pair]
    number: int
    ways: tuple[ListView, ...]
    """The ways to look at it that there are."""
    way: str = TABLE

    def offered(self, view: GraphView, source: Source) -> tuple[ListView, ...]:
        """Return the ways that suit the things of a source."""
        return tuple(way for way in self.ways if way.suits(source.kind, view.foreign))

    def at(self, view: GraphView, source: Source) -> tuple[ListView, tuple[ListView, ...]]:
        """Return the way that is asked for, and all that suit; raise LookupError for no other."""
        offered = self.offered(view, source)
        found = next((way for way in offered if way.name == self.way), None)
        if found is None:
            raise UnknownWayError(tuple(way.name for way in offered))
        return found, offered


class UnknownWayError(Exception):
    """A list cannot be looked at in this way: in which it can."""

    def __init__(self, offered: tuple[str, ...]) -> None:
        super().__init__("no such way to look at the list")
        self.offered = offered


def kind_page(view: GraphView, kind: str, request: ListRequest) -> ListPage | None:
    """Return a page of the things of a kind; None where there are none or not so many pages.

    Raises UnknownChoiceError where the address chooses what the list has not, UnknownWayError
    where it cannot be looked at so.
    """
    return _page(view, source_of_kind(view, kind), None, request)


def class_page(view: GraphView, iri: str, request: ListRequest) -> ListPage | None:
    """Return a page of the things of a class; None where there are none or not so many pages.

    Raises the errors of ``kind_page``.
    """
    return _page(view, source_of_class(view, iri), view.node(iri), request)


def without_class(view: GraphView, number: int) -> ListPage | None:
    """Return a page of the things that have no class; None where there are none."""
    query = view.queries.text("subjects")
    things = ordered(view, query)
    pages = page_range(
        len(things), number, lambda page: view.addresses.path("/list", _page_parameter(page))
    )
    if not things or pages is None:
        return None
    shown = things[(number - 1) * SIZE : number * SIZE]
    described = view.described(shown)
    rows = tuple(ListRow(view.thing(iri, described[iri]), CertaintyMark(), ()) for iri in shown)
    return ListPage("", None, ListTable((), rows, pages), len(things), readable(query))


def source_of_kind(view: GraphView, kind: str) -> Source:
    """Return where the things of a kind come from."""
    return replace(list_queries.source_of_kind(kind), certain=not view.foreign)


def source_of_class(view: GraphView, iri: str) -> Source:
    """Return where the things of a class come from."""
    return list_queries.source_of_class(view.queries, iri, view.foreign)


def listed_things(
    view: GraphView, source: Source, request: ListRequest
) -> tuple[AddressKeys, ListedThings]:
    """Return the things that an address chooses; raise the errors of ``kind_page``."""
    way, _ = request.at(view, source)
    keys, selection = selected(view, source, request.pairs, way)
    choices, query = selection.choices, selection.things()
    things = ordered(view, query)
    state = ListState(choices.sort, request.number, keys.own)
    return keys, ListedThings(
        view,
        selection,
        things,
        state,
        lambda state: keys.address_of(view.addresses, choices, state),
    )


def selected(
    view: GraphView, source: Source, pairs: Sequence[Pair], way: ListView
) -> tuple[AddressKeys, Selection]:
    """Return the selection of an address; raise UnknownChoiceError where it cannot be."""
    keys = address_keys(Selection(view.queries, source), way, pairs)
    return keys, Selection(view.queries, source, read_choices(keys, pairs, view.addresses))


def refused_in(view: GraphView, source: Source, request: ListRequest) -> tuple[Pair, ...]:
    """Return the parameters of an address without which the list can be shown."""
    offered = request.offered(view, source)
    way = next((way for way in offered if way.name == request.way), None)
    own = next(it for it in offered if it.name == TABLE) if way is None else way
    keys = address_keys(Selection(view.queries, source), own, request.pairs)
    unknown_way = (("view", request.way),) if way is None else ()
    return (*unknown_way, *refused_pairs(keys, request.pairs, view.addresses))


def _page(
    view: GraphView, source: Source, node: Node | None, request: ListRequest
) -> ListPage | None:
    if not ordered(view, Selection(view.queries, source).things()):
        return _nameless(view, source, node)
    way, offered = request.at(view, source)
    keys, listed = listed_things(view, source, request)
    selection, choices = listed.selection, listed.selection.choices
    table = list_table(listed) if way.name == TABLE else NO_TABLE
    shown = way.shown(listed)
    if table is None or shown is None:
        return None
    chosen_sort = choices.sort if choices.sort != keys.sort else ""
    carried = replace(choices, sort=chosen_sort)
    tabs = (
        ListTab(other.name, keys.seen_as(other).address(view.addresses, carried))
        for other in offered
    )
    return ListPage(
        source.kind,
        node,
        table,
        len(listed.things),
        readable(selection.things()),
        narrowing(view, keys, selection),
        keys,
        listed,
        shown,
        tuple(selection.certainties().items()),
        tuple(tabs) if len(offered) > 1 else (),
    )


def _nameless(view: GraphView, source: Source, node: Node | None) -> ListPage | None:
    """Return the empty list of a class whose things have no addresses; None where it has none."""
    of_class = NamedNode(source.of_class) if node else None
    if of_class is None or not view.queries.ask("has_things", **{"class": of_class}):
        return None
    query = readable(Selection(view.queries, source).things())
    return ListPage("", node, NO_TABLE, 0, query)


def _page_parameter(page: int) -> list[Pair]:
    return [("page", str(page) if page > 1 else "")]
