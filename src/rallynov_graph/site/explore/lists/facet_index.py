"""The facets of a list in an edition: each value with the rows that have it.

Rows are counted from 0 and grouped by certainty, the surest first. A script of an edition filters
its lists with these files; a server does not have them.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final
from urllib.parse import quote

from flask import Blueprint, Response, make_response
from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, admitted
from rallynov_graph.base.kinds import NAVIGATION, WITHIN, Facet, ListColumn
from rallynov_graph.base.terms import Term
from rallynov_graph.site.explore.lists.choices import (
    LONGEST_TITLE,
    MOST_NAMED,
    OF_OTHER_KINDS,
    QUOTED,
    AddressKeys,
    Narrowing,
    clauses_of,
    label_of,
    placed,
    sort_text,
    subject_of,
    value_keys,
    value_nodes,
)
from rallynov_graph.site.explore.lists.table import COLUMNS, SIZE, ListTable, things_of_table
from rallynov_graph.site.model.cells import direct
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection import (
    Choices,
    Selection,
    Source,
    Surest,
    source_of_class,
    source_of_kind,
)
from rallynov_graph.site.web.error_pages import Missing
from rallynov_graph.site.web.feature import TABLE
from rallynov_graph.site.web.params import Iri, Params, params
from rallynov_graph.site.web.reader import view

blueprint = Blueprint("facets", __name__)

_ID: Final = 8

RowsByCertainty = tuple[tuple[int, ...], ...]
_Described = dict[str, object]


@dataclass(frozen=True)
class PreparedFacets:
    """The information on a page of an edition's list about its facet file."""

    is_table: bool
    """Whether the rows are on the page; other ways to look at things are not narrowed."""
    table: str
    """The address of the first page of the list as a table."""
    index: str = ""
    """The address of the file; empty if the list is too long, or has no cells."""
    id: str = ""
    facets: Mapping[str, str] = field(default_factory=dict)
    """The names of the facets that ask about the values of a column, parted by spaces."""
    _answers: Mapping[str, Mapping[Term, tuple[str, ...]]] = field(default_factory=dict)

    def answers(self, column: str, value: Term) -> str:
        """Return the choices that a value of a column answers, parted by spaces."""
        return " ".join(self._answers.get(column, {}).get(value, ()))


@dataclass(frozen=True)
class ClassParams(Params):
    """The class of the things of a list."""

    class_: Iri


@blueprint.get("/list/<kind>.facets.json")
def of_kind(kind: str) -> Response:
    return _served(source_of_kind(kind, not view().foreign))


@blueprint.get("/list.facets.json")
def of_class() -> Response:
    iri = params(ClassParams).class_
    return _served(source_of_class(view().queries, iri, view().foreign))


def prepared_facets(
    keys: AddressKeys | None, by: Narrowing | None, table: ListTable
) -> PreparedFacets | None:
    """Return the facet file of a page of a list in an edition, or None."""
    if keys is None or by is None or not (by.facets or by.further):
        return None
    source, addresses = keys.source, view().addresses
    pairs = [("class", "" if source.kind else source.of_class)]
    first = addresses.path(source.path, pairs)
    if keys.way.name != TABLE:
        return PreparedFacets(False, first)
    name, content = _written(source)
    if not content:
        return PreparedFacets(True, first)
    index = addresses.path(f"{source.path}.facets.json", pairs)
    facets: dict[str, list[str]] = {}
    answers: dict[str, dict[Term, tuple[str, ...]]] = {}
    named: tuple[Facet | ListColumn, ...] = (*source.facets, *source.columns)
    columns = {direct(it.path): it.name for it in named if it.name in table.columns}
    for facet in filter(lambda it: keys.keys[it.name], source.facets):
        column, of_facet = columns[direct(facet.path)], keys.keys[facet.name]
        facets.setdefault(column, []).append(facet.name)
        wider: list[tuple[Term | None, ...]] = [(term, term) for term in of_facet]
        if facet.path.form == WITHIN:
            further = NamedNode(facet.path.further)
            wider += view().queries.rows("wider_values", further=further).rows
        of_column = answers.setdefault(column, {})
        for near, wide in dict.fromkeys(wider):
            if near is not None and wide is not None and wide in of_facet:
                choice = f"{facet.name}={quote(of_facet[wide], safe='')}"
                of_column[near] = (*of_column.get(near, ()), choice)
    names = {column: " ".join(of) for column, of in facets.items()}
    return PreparedFacets(True, first, index, name, names, answers)


def _served(source: Source) -> Response:
    _, content = _written(source)
    if not content:
        raise Missing
    response = make_response(content)
    response.content_type = "application/json"
    return response


def _written(source: Source) -> tuple[str, bytes]:
    """Return the id by which pages know the index of a list, and its file; both empty without."""
    here = view()
    return here.queries.once("facet index", (source, here.addresses), lambda: _index(here, source))


def _index(here: GraphView, source: Source) -> tuple[str, bytes]:
    """Return the facet file of a list; empty if it would be too long.

    Rows are stored as differences from the previous one of the same certainty.
    """
    certainty = here.addresses.certainty
    if not Selection(here.queries, source).is_narrowed_in_browser():
        return "", b""
    selection = Selection(here.queries, source, Choices(certainty))
    listed, values = things_of_table(here, selection), selection.values()
    row_of = {iri: row for row, iri in enumerate(listed)}

    def rows(things: Surest) -> RowsByCertainty:
        found: list[list[int]] = [[] for _ in admitted(certainty)]
        for iri, rank in things.items():
            if iri in row_of and rank < len(found):
                found[rank].append(row_of[iri])
        return tuple(tuple(sorted(of)) for of in found)

    members = rows(values.members)
    content: _Described = {
        "rows": _gaps(members),
        "how": CERTAINTIES,
        "page": SIZE,
        "shown": COLUMNS,
        "named": MOST_NAMED,
        "longest": LONGEST_TITLE,
        "subject": [_subject(here, source, is_one) for is_one in (True, False)],
        "shared": OF_OTHER_KINDS,
        "columns": [column.name for column in source.columns],
        "facets": [
            _facet(
                here,
                source.kind,
                facet,
                {term: rows(of) for term, of in values.things[facet.name].items()},
                values.inner.get(facet.name, frozenset()),
            )
            for facet in source.facets
            if values.things[facet.name]
        ],
    }
    name = hashlib.sha256(_json(content)).hexdigest()[:_ID]
    count = max(1, -(-sum(map(len, members)) // SIZE))
    pages = [
        here.addresses.path(
            source.path,
            [
                ("class", "" if source.kind else source.of_class),
                ("page", "" if number == 1 else str(number)),
            ],
        )
        for number in range(1, count + 1)
    ]
    others = [here.addresses.path(f"/list/{it}.facets.json") for it in _others(here, source)]
    return name, _json({"id": name, **content, "pages": pages, "others": others})


def _subject(here: GraphView, source: Source, is_one: bool) -> str:
    """Return the words for a number of things of a list."""
    node = None if source.kind else here.node(source.of_class)
    template, named = subject_of(source.kind, node, is_one)
    return template.format(n="{n}", **{name: it.text for name, it in named.items()})


def _others(here: GraphView, source: Source) -> Iterator[str]:
    """Yield the other kinds of the navigation that can be asked the same, in the browser too."""
    names = {it.name for it in source.facets} & {*OF_OTHER_KINDS}
    for kind in listed_kinds(here.queries) if names else ():
        of = source_of_kind(kind, not here.foreign)
        has_same = bool(names & {it.name for it in of.facets})
        is_other = kind in NAVIGATION and kind != source.kind
        if is_other and has_same and Selection(here.queries, of).is_narrowed_in_browser():
            yield kind


def _facet(
    here: GraphView,
    kind: str,
    facet: Facet,
    rows: Mapping[Term, RowsByCertainty],
    inner: Set[Term],
) -> _Described:
    """Return a facet with its values, and the title's words for things that have one.

    An address may name an inner value that no form offers. The title's form of a value is left out
    if it is its name in quotation marks.
    """
    keys, nodes = value_keys(rows), value_nodes(here, facet, [*rows])
    one, other, form = clauses_of(kind, facet.name, label_of(here, facet))
    values: list[_Described] = []
    for term in sorted(rows, key=lambda term: sort_text(term, nodes[term])):
        node = nodes[term]
        values.append(
            {
                "key": keys[term],
                **_text(node.text, node.language),
                **({"said": placed(node, form).text} if form != QUOTED else {}),
                **({"inner": True} if term in inner else {}),
                "rows": _gaps(rows[term]),
            }
        )
    clause = [it.replace(f"{{{form}}}", "{it}") for it in (one, other)]
    return {"name": facet.name, "clause": clause, "values": values}


def _json(content: object) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _gaps(rows: RowsByCertainty) -> list[list[int]]:
    return [[after - before for before, after in pairwise((0, *of))] for of in rows]


def _text(text: str, language: str | None) -> dict[str, str]:
    return {"text": text, **({"lang": language} if language else {})}
