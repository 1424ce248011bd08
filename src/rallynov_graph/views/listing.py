"""Lists: the things of a kind or a class, a page at a time, with what tells them apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.labels import Text, chosen, last_part
from rallynov_graph.namespaces import ID
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.store import Solutions, Store, Term
from rallynov_graph.views.kinds import CLASSES
from rallynov_graph.views.nodes import Lens, Node

SIZE: Final = 100
"""How many things a page of a list shows."""
_NUMBER: Final = re.compile(r"[0-9]+")
_DIGITS: Final = 12
_KEPT: Final = 16
"""How many lists are kept in order, so that the next page comes at once."""


@dataclass(frozen=True)
class Cell:
    """The values of one column for one thing."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Row:
    """A thing and its cells, one a column."""

    node: Node
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Pages:
    """Where a page stands among the others of its list."""

    number: int
    count: int
    previous: str | None
    following: str | None


@dataclass(frozen=True)
class ListPage:
    """A list: its columns by the names of the query's variables, its rows, its pages."""

    kind: str
    node: Node | None
    """The class, where the list is one of a class."""
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    pages: Pages
    query: str


def of_kind(lens: Lens, kind: str, number: int) -> ListPage | None:
    """Return a page of the things of a kind; None where there are none or not so many pages."""
    prefix = f"{ID}{kind}/"
    if kind in CLASSES:
        query = lens.queries.text("things_of_class", **{"class": NamedNode(CLASSES[kind])})
    else:
        query = lens.queries.text("things_of_kind", prefix=Literal(prefix))
    things = tuple(iri for iri in _ordered(lens, query) if iri.startswith(prefix))
    return _page(lens, kind, None, things, number, query)


def of_class(lens: Lens, iri: str, number: int) -> ListPage | None:
    """Return a page of the things of a class; None where there are none or not so many pages."""
    query = lens.queries.text("things_of_class", **{"class": NamedNode(iri)})
    return _page(lens, "", lens.node(iri), _ordered(lens, query), number, query)


def without_class(lens: Lens, number: int) -> ListPage | None:
    """Return a page of the things that have no class; None where there are none."""
    query = lens.queries.text("subjects")
    return _page(lens, "", None, _ordered(lens, query), number, query)


def options(lens: Lens, kind: str, most: int) -> tuple[Node, ...]:
    """Return the things of a kind in order, none where there are more than ``most``."""
    prefix = Literal(f"{ID}{kind}/")
    things = _ordered(lens, lens.queries.text("things_of_kind", prefix=prefix))
    if len(things) > most:
        return ()
    described = lens.described(things)
    return tuple(lens.thing(iri, described[iri]) for iri in things)


def folded(text: str) -> str:
    """Return a text as it is sorted: by its letters, without accents and case, and its numbers."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    letters = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return _NUMBER.sub(lambda number: number[0].zfill(_DIGITS), letters)


def merged(rows: Solutions, key: str) -> dict[str, dict[str, list[Term]]]:
    """Return the distinct values of each variable by the thing that a variable holds."""
    found: dict[str, dict[str, list[Term]]] = {}
    for row in rows:
        thing = row[key]
        assert isinstance(thing, NamedNode)
        values = found.setdefault(thing.value, {v: [] for v in rows.variables if v != key})
        for variable, term in row.items():
            if variable != key and term is not None and term not in values[variable]:
                values[variable].append(term)
    return found


def _page(
    lens: Lens, kind: str, node: Node | None, things: tuple[str, ...], number: int, query: str
) -> ListPage | None:
    count = max(1, -(-len(things) // SIZE))
    if not things or not 1 <= number <= count:
        return None
    shown = things[(number - 1) * SIZE : number * SIZE]
    columns, rows = _rows(lens, kind, shown)
    path, asked = f"/list/{kind}", [] if node is None else [("class", node.iri)]

    def at(page: int) -> str | None:
        if not 1 <= page <= count:
            return None
        return lens.addresses.path(
            path if kind else "/list", [*asked, ("page", str(page) if page > 1 else "")]
        )

    return ListPage(
        kind,
        node,
        columns,
        rows,
        len(things),
        Pages(number, count, at(number - 1), at(number + 1)),
        readable(query),
    )


def _rows(lens: Lens, kind: str, shown: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[Row, ...]]:
    described = lens.described(shown)
    name = f"list_columns_{kind}"
    if name not in lens.queries:
        return (), tuple(Row(lens.thing(iri, described[iri]), ()) for iri in shown)
    found = lens.queries.rows(name, thing=map(NamedNode, shown))
    values = merged(found, "thing")
    columns = tuple(v for v in found.variables if v != "thing")
    nodes = lens.nodes(t for told in values.values() for terms in told.values() for t in terms)
    ordered = [iri for iri in values if iri in described] if kind == "stage" else shown
    rows = tuple(
        Row(
            lens.thing(iri, described[iri]),
            tuple(Cell(_cell(nodes, values.get(iri, {}).get(column, ()))) for column in columns),
        )
        for iri in ordered
    )
    used = [place for place in range(len(columns)) if any(row.cells[place].nodes for row in rows)]
    kept = tuple(Row(row.node, tuple(row.cells[place] for place in used)) for row in rows)
    return tuple(columns[place] for place in used), kept


def _cell(nodes: dict[Term, Node], terms: Iterable[Term]) -> tuple[Node, ...]:
    return tuple(nodes[term] for term in terms)


def _ordered(lens: Lens, query: str) -> tuple[str, ...]:
    """Return the things that a query finds, in the order of their names."""
    return _in_order(_Asked(lens.queries.store), query, lens.language)


@dataclass(frozen=True, eq=False)
class _Asked:
    """A store as a key of the lists that are kept: what counts is which one it is."""

    store: Store

    def __hash__(self) -> int:
        return id(self.store)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.store is self.store


@lru_cache(maxsize=_KEPT)
def _in_order(asked: _Asked, query: str, language: str) -> tuple[str, ...]:
    names: dict[str, list[Text]] = {}
    for row in asked.store.select(query):
        thing, label = row["thing"], row.get("label")
        assert isinstance(thing, NamedNode)
        told = names.setdefault(thing.value, [])
        if isinstance(label, Literal):
            told.append(Text(label.value, label.language or ""))

    def key(iri: str) -> tuple[str, str]:
        name = chosen(names[iri], language)
        return folded(name.value if name else last_part(iri)), iri

    return tuple(sorted(names, key=key))
