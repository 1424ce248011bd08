"""A list as files: a page of it as RDF or links, what it shows as rows, the menu of these."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from flask import Response
from pyoxigraph import NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.exports.data_documents import AS, CollectionPage
from rallynov_graph.http.links import Link, Links
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.site.explore.lists.list_choices import UnknownChoiceError
from rallynov_graph.site.explore.lists.list_request import (
    address,
    addresses,
    bad_parameter,
    files,
    list_request,
    page_parameters,
)
from rallynov_graph.site.explore.lists.list_table import ListRow, whole_table
from rallynov_graph.site.explore.lists.page import ListPage, UnknownWayError, listed_things
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import touching_any
from rallynov_graph.site.model.selection.cells import CertaintyMark
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.feature import TABLE, ListedThings, Pair, list_views
from rallynov_graph.site.web.page_files import graph_response, plain
from rallynov_graph.site.web.reader import absolute, site, view, words
from rallynov_graph.site.web.signposting import (
    links_of_list,
    linkset_response,
    set_links,
    with_open_questions,
)

RDF_SUFFIXES: Final = tuple(form.suffix[1:] for form in GRAPHS)
MOST_TOUCHED: Final = 1000
"""Of how many things the open questions are named beside a file."""
_TABLE_SUFFIXES: Final = (*page_files.ROWS, *RDF_SUFFIXES)
_OF_VALUE: Final = ("value", "label", "certainty", "evidence")
"""What a file says of a value in a cell."""


def file_suffixes() -> frozenset[str]:
    """Return the suffixes of all files that a list has in one way or another."""
    return frozenset(
        (
            *_TABLE_SUFFIXES,
            *(suffix for way in list_views() for suffix in (*way.tables, *way.graphs)),
        )
    )


def files_of(found: ListPage) -> dict[str, list[tuple[str, str]]]:
    """Return the files of what a page shows, by the group of the menu that they stand in."""
    way = found.keys.way if found.keys else None
    is_table = way is None or way.name == TABLE
    path = found.keys.source.path if found.keys else "/list"
    tables = page_files.ROWS if way is None or is_table else way.tables
    graphs = ("ttl",) if way is None or is_table else way.graphs
    whole = [(name, value) for name, value in page_parameters() if name != "page"]

    def of(suffixes: Sequence[str], pairs: list[Pair]) -> list[tuple[str, str]]:
        names = words()
        return [
            (
                names.or_else(f"export.as_{suffix}", suffix.upper()),
                view().addresses.path(f"{path}.{suffix}", pairs),
            )
            for suffix in suffixes
        ]

    return {
        "table": of(tables, whole),
        "graph": of(graphs, page_parameters() if is_table else whole),
    }


def list_file(source: Source, suffix: str) -> Response:
    """Serve what a list shows, all pages, in the format of a suffix: its table, or what another way
    to look at its things makes of them.
    """
    try:
        keys, listed = listed_things(view(), source, list_request())
    except (UnknownChoiceError, UnknownWayError) as error:
        raise bad_parameter(error, source) from None
    selection, way = listed.selection, keys.way
    members = view().queries.cached(selection.members())
    if not members.rows:
        raise Missing
    if way.name != TABLE:
        if suffix not in (*way.tables, *way.graphs):
            raise Missing
        return with_open_questions(
            way.file(listed, suffix), touching_any(view(), listed.things[:MOST_TOUCHED])
        )
    things = (term.value for row in members.rows for term in row if isinstance(term, NamedNode))
    return with_open_questions(_table_file(listed, suffix), touching_any(view(), things))


def _table_file(listed: ListedThings, suffix: str) -> Response:
    """Serve the whole table of a list: each name and each value with its certainty and evidence.

    In CSV the values of a cell are parted by a bar; in JSON they are a list.
    """
    if suffix not in page_files.ROWS:
        raise Missing
    table, is_certain = whole_table(listed), listed.selection.source.certain
    of_thing = ("thing", "label", *(_OF_VALUE[2:] if is_certain else ()))
    if suffix == "csv":
        header = [*of_thing]
        for column in table.columns:
            header += (column, *(f"{column}_{part}" for part in _OF_VALUE[1:]))
        return page_files.of_rows(
            header, map(partial(_flat, len(of_thing)), table.rows), suffix, "list"
        )
    rows = (
        (
            *_described(row.node.iri, row.node, row.mark)[: len(of_thing)],
            *([dict(zip(_OF_VALUE, it, strict=True)) for it in cell] for cell in _cells(row)),
        )
        for row in table.rows
    )
    return page_files.of_rows((*of_thing, *table.columns), rows, suffix, "list")


def _flat(width: int, row: ListRow) -> list[str]:
    """Return a row for CSV; the first cells, of this number, are about its thing."""
    found = [*_described(row.node.iri, row.node, row.mark)[:width]]
    for cell in _cells(row):
        found += map("|".join, zip(*cell, strict=True) if cell else [()] * len(_OF_VALUE))
    return found


def _cells(row: ListRow) -> Iterator[list[tuple[str, ...]]]:
    for cell in row.cells:
        yield [_described(plain(it.term), it.node, it.mark) for it in cell.values]


def _described(value: str, node: Node, mark: CertaintyMark) -> tuple[str, ...]:
    evidence = absolute(mark.explanation) if mark.explanation else ""
    return value, node.text, mark.word, evidence


def collection(path: str, found: ListPage, form: Format) -> Response:
    """Return a page of a list as a page of a collection, and what is said of its things."""
    number, count = found.pages.number, found.pages.count
    previous, following = number - 1 or None, number + 1 if number < count else None

    def at(page: int | None) -> str | None:
        return absolute(address(path, page)) if page else None

    things = [row.node.iri for row in found.rows]
    this, whole = absolute(address(path, number)), absolute(address(path))
    first, last = absolute(address(path, 1)), absolute(address(path, count))
    collection = CollectionPage(
        whole, this, first, last, at(previous), at(following), found.total, things
    )
    file = f"{path}{form.suffix}"
    previous_address = address(file, previous) if previous else None
    following_address = address(file, following) if following else None
    set_links(links_of_list(addresses(path), previous_address, following_address, form.media_type))
    queries = view().queries
    statements = queries.store.construct(queries.text("about_thing", thing=map(NamedNode, things)))
    about = site().origin.of(this, whole)
    triples = [*collection.triples(), *about, *statements]
    response = graph_response(triples, form, {**PREFIXES, "as": AS})
    return with_open_questions(response, touching_any(view(), things))


def set_page_links(path: str, found: ListPage) -> None:
    """Name the pages around this one, and its links, in the headers of the answer."""
    set_links(_page_links(path, found))


def _page_links(path: str, found: ListPage) -> tuple[Link, ...]:
    links = address(f"/linkset{path}", _number(found))
    return links_of_list(files(path), found.pages.previous, found.pages.following, links=links)


def linkset(path: str, found: ListPage) -> Response:
    """Return the links of a page of a list, to each of its things too."""
    pages = (row.node.href for row in found.rows)
    items = (Link("item", absolute(page), "text/html") for page in pages if page)
    this = absolute(address(path, _number(found)))
    return linkset_response((Links(this, (*_page_links(path, found), *items)),))


def _number(found: ListPage) -> int | None:
    return found.pages.number if found.pages.number > 1 else None
