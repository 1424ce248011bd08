"""A list as a table: its things in the order that is asked for, page by page, with their cells."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from typing import Final

from flask import Response
from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.kinds import KINDS, Facet, ListColumn
from rallynov_graph.base.namespaces import ID, short_iri
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text
from rallynov_graph.questions.page_queries import dates_of_documents
from rallynov_graph.site.explore.lists.choices import label_of
from rallynov_graph.site.model.cells import (
    MOST,
    CertaintyMark,
    ListCell,
    ShownColumn,
    answers_of_things,
    asked_columns,
    direct,
    merged,
)
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import PageRange, ordered, paginate
from rallynov_graph.site.model.selection import (
    ANY_CERTAINTY,
    LINKS,
    NAME,
    SURE,
    Selection,
    Source,
    sort_key,
)
from rallynov_graph.site.model.statement import iri_of
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.feature import ListedThings
from rallynov_graph.site.web.page_files import plain
from rallynov_graph.site.web.reader import absolute

SIZE: Final = 50
"""How many things a page of a list shows."""
COLUMNS: Final = 4
"""How many columns a page shows beside the names: first those that are asked about."""
_OF_VALUE: Final = ("value", "label", "certainty", "evidence")
"""The columns of a file for a value in a cell."""

OF_DOCUMENTS: Final = ("documents", "known_from", "last_said", "passages")
"""The columns of a list's file for the documents, if there are several."""
_NO_NAME: Final = re.compile(r"[^\w]+", re.ASCII)
_LONGEST_NAME: Final = 100
_SAID: Final = CertaintyMark()
_ONE_PAGE: Final = PageRange(1, 1, None, None)


@dataclass(frozen=True)
class DocumentOfThing:
    """A document that says something of a thing, when it appeared, and in how many passages."""

    node: Node
    issued: str
    passages: int


@dataclass(frozen=True)
class ListRow:
    """A thing, how surely it answers what the list asks, and its cells, one for each column."""

    node: Node
    mark: CertaintyMark = _SAID
    cells: tuple[ListCell, ...] = ()
    description: Text | None = None
    documents: tuple[DocumentOfThing, ...] = ()
    """The documents that mention it, the earliest first; none if there is only one."""
    is_apart: bool = False
    """Whether it is after the others, as one without a name does."""


@dataclass(frozen=True)
class ListTable:
    """A page of a list as a table: its columns by their names, and its rows."""

    columns: tuple[str, ...] = ()
    asked: int = 0
    """How many of the columns, the first ones, are of what is asked."""
    hidden: frozenset[int] = frozenset()
    """The places of those that are not seen at first."""
    rows: tuple[ListRow, ...] = ()
    pages: PageRange = _ONE_PAGE
    labels: Mapping[str, Text] = field(default_factory=dict)
    """The name of a column's property, if the site has no word for it."""


def list_table(listed: ListedThings, with_facets: bool = False) -> ListTable | None:
    """Return a page of the things as a table, None if there are fewer pages.

    With facets, hidden columns for the filters follow the visible ones.
    """
    state, things = listed.state, _sorted(listed.selection, listed.things)
    found = paginate(
        things, state.number, SIZE, lambda page: listed.address(replace(state, number=page))
    )
    if found is None:
        return None
    shown, pages = found
    by_facet, declared = _columns(listed.view, listed.selection)
    asked = merged(by_facet)
    paths = {(it.path.form, it.path.last()) for it in asked}
    others = [it for it in declared if (it.path.form, it.path.last()) not in paths]
    columns = (*asked, *others[: max(0, COLUMNS - len(asked))])
    source, seen = listed.selection.source, len(columns)
    with_facets = with_facets and source.certain  # else the list has no cells
    if with_facets:
        columns = _with_facets(columns, listed.selection)
    rows = [*_rows(listed.view, listed.selection, shown, columns)]
    has_values = [any(row.cells[place].values for row in rows) for place in range(len(columns))]
    used = [with_facets or it for it in has_values]
    hidden = frozenset(at for at, it in enumerate(has_values) if at >= seen or not it)
    named: tuple[Facet | ListColumn, ...] = (*source.facets, *source.columns)
    labels = {it.name: label for it in named if (label := label_of(listed.view, it))}
    return ListTable(
        tuple(column.name for column in compress(columns, used)),
        sum(used[: len(asked)]),
        hidden if with_facets else frozenset(),
        tuple(replace(row, cells=tuple(compress(row.cells, used))) for row in rows),
        pages,
        labels,
    )


def bare_table(
    view: GraphView, things: tuple[str, ...], number: int, address: Callable[[int], str]
) -> ListTable | None:
    """Return a page of things with only their names, None if there are fewer pages."""
    found = paginate(things, number, SIZE, address)
    if found is None:
        return None
    shown, pages = found
    described = view.described(shown)
    rows = tuple(ListRow(view.thing(iri, described[iri])) for iri in shown)
    return ListTable(rows=rows, pages=pages)


def things_of_table(view: GraphView, selection: Selection) -> tuple[str, ...]:
    """Return the things of a list without choices, as the rows of its pages show them."""
    return _sorted(selection, ordered(view, selection.things()))


def table_file(listed: ListedThings, suffix: str) -> Response:
    """Serve the whole table of a list: each name and each value with its certainty and evidence.

    In CSV the values of a cell are parted by a bar; in JSON they are a list.
    """
    selection, things = listed.selection, _sorted(listed.selection, listed.things)
    asked, declared = _columns(listed.view, selection)
    names = {column.name for column in declared}
    every = (*asked, *declared)
    is_shown = [it.answers is None or it.name not in names for it in every]
    rows = [*_rows(listed.view, selection, things, every, most=sys.maxsize)]
    is_shown = [it and any(row.cells[at].values for row in rows) for at, it in enumerate(is_shown)]
    header = ["thing", "label", *(_OF_VALUE[2:] if selection.source.certain else ())]
    width = len(header)
    has_several = any(row.documents for row in rows)
    header += OF_DOCUMENTS if has_several else ()
    for column in compress(every, is_shown):
        of_value = (f"{column.name}_{part}" for part in _OF_VALUE[1:])
        header += (column.name, *of_value) if suffix == "csv" else (column.name,)
    cells = _flat if suffix == "csv" else _nested
    found = (
        (
            *_described(row.node.iri, row.node, row.mark)[:width],
            *(_of_documents(row) if has_several else ()),
            *cells(replace(row, cells=tuple(compress(row.cells, is_shown)))),
        )
        for row in rows
    )
    return page_files.of_rows(header, found, suffix, _file_name(listed))


def _of_documents(row: ListRow) -> tuple[object, ...]:
    """Return which documents say something of a thing, and how often, as the columns of a file."""
    said, dates = row.documents, [it.issued for it in row.documents if it.issued]
    first, last = (dates[0], dates[-1]) if dates else ("", "")
    named = " ".join(short_iri(it.node.iri) for it in said)
    return named, first, last, sum(it.passages for it in said)


def _file_name(listed: ListedThings) -> str:
    """Return the name of a list's file: its kind, and the choices."""
    chosen = (
        term.value.rpartition("/")[2] if isinstance(term, NamedNode) else term.value
        for terms in listed.selection.choices.chosen.values()
        for term in terms
        if isinstance(term, NamedNode | Literal)
    )
    certainty = listed.selection.choices.certainty
    parts = (*chosen, *([certainty] if certainty != ANY_CERTAINTY else ()))
    name = "-".join((listed.selection.source.kind or "list", *parts))
    return _NO_NAME.sub("-", name)[:_LONGEST_NAME].strip("-")


def _columns(
    view: GraphView, selection: Selection
) -> tuple[tuple[ShownColumn, ...], tuple[ShownColumn, ...]]:
    source = selection.source
    if not source.certain:
        return (), ()
    declared = (ShownColumn(it.name, it.path) for it in source.columns)
    return asked_columns(view, selection), tuple(declared)


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
    evidence = mark.explanation or mark.of_curators
    return value, node.text, mark.certainty, absolute(evidence) if evidence else ""


def _with_facets(columns: Sequence[ShownColumn], selection: Selection) -> tuple[ShownColumn, ...]:
    """Return columns, then those of used facets with another path; printed words are shown."""
    used = [it for it in selection.source.facets if selection.values().things[it.name]]
    every = {direct(it.path): ShownColumn(it.name, direct(it.path)) for it in used}
    further = (it for path, it in every.items() if path not in {it.path for it in columns})
    return tuple(replace(it, with_words=it.path in every) for it in (*columns, *further))


def _rows(
    view: GraphView,
    selection: Selection,
    shown: Sequence[str],
    columns: Sequence[ShownColumn],
    most: int = MOST,
) -> Iterator[ListRow]:
    apart, is_certain = _apart(selection), selection.source.certain
    for start in range(0, len(shown), SIZE):
        some = shown[start : start + SIZE]
        described = view.described(some)
        found = answers_of_things(view, some, columns, selection, most) if is_certain else {}
        texts: dict[str, list[Text]] = {}
        for thing, text in view.queries.rows("list_descriptions", thing=map(NamedNode, some)).rows:
            assert isinstance(thing, NamedNode) and isinstance(text, Literal)
            texts.setdefault(thing.value, []).append(Text(text.value, text.language or ""))
        said = _documents(view, some)
        for iri in some:
            node, description = view.thing(iri, described[iri]), view.best(texts.get(iri, ()))
            of = found.get(iri)
            mark, cells = (of.mark, of.cells) if of else (_SAID, ())
            yield ListRow(node, mark, cells, description, (*said[iri],), iri in apart)


def _documents(view: GraphView, things: Sequence[str]) -> dict[str, list[DocumentOfThing]]:
    """Return the documents that mention each thing; none if there is only one document."""
    dates = dates_of_documents(view.queries)
    found: dict[str, list[DocumentOfThing]] = {it: [] for it in things}
    if len(dates) < 2:
        return found
    order = [*dates]
    rows = view.queries.rows("documents_of_things", thing=map(NamedNode, things)).rows
    dated = (row for row in rows if iri_of(row[1]) in dates)
    for thing, document, passages in sorted(dated, key=lambda row: order.index(iri_of(row[1]))):
        iri, number = iri_of(document), passages.value if isinstance(passages, Literal) else "0"
        found[iri_of(thing)].append(DocumentOfThing(view.node(iri), dates[iri], int(number)))
    return found


def _sorted(selection: Selection, things: tuple[str, ...]) -> tuple[str, ...]:
    """Return the things in the chosen order, then in the default order."""
    sort = selection.source.sort(selection.choices)
    if sort == SURE:
        rest = replace(selection.choices, sort="", chosen={})
        ranks, things = selection.ranks(), _sorted(replace(selection, choices=rest), things)
        return tuple(sorted(things, key=lambda iri: ranks.get(iri, 0)))
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
    """Return the things that come after the others when sorted by name."""
    kind = KINDS.get(selection.source.kind)
    if kind is None or not kind.apart or selection.source.sort(selection.choices) != NAME:
        return frozenset()
    members = Selection(selection.queries, Source(of_class=kind.apart, prefix=ID)).members()
    found = (row[0] for row in selection.queries.cached(members).rows)
    return frozenset(thing.value for thing in found if isinstance(thing, NamedNode))


def _number(value: Term | None) -> float:
    try:
        return float(value.value) if isinstance(value, Literal) else 0.0
    except ValueError:
        return 0.0
