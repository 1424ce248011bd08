"""The lists: the things of a kind or a class, narrowed as the reader chooses, and as files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from flask import Blueprint, Response, make_response, request
from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import LISTED
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.exports.collections import AS, CollectionPage
from rallynov_graph.http.links import Link, Links
from rallynov_graph.http.negotiation import HTML
from rallynov_graph.rdf.formats import GRAPHS, Format
from rallynov_graph.site.explore.lists.counted_kinds import counted_kinds
from rallynov_graph.site.explore.lists.list_choices import UnknownChoiceError
from rallynov_graph.site.explore.lists.page import (
    ListPage,
    ListRequest,
    UnknownWayError,
    class_page,
    kind_page,
    listed_things,
    refused_in,
    source_of_class,
    source_of_kind,
    without_class,
)
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import touching_any, touching_things
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.model.themes import TREE, themes_page
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import Cited, cited, cited_list
from rallynov_graph.site.web.error_pages import Missing, near_nodes
from rallynov_graph.site.web.feature import list_views
from rallynov_graph.site.web.json_answers import with_open_questions
from rallynov_graph.site.web.list_views import TABLE, Pair
from rallynov_graph.site.web.rdf_answers import (
    format_of_suffix,
    graph_response,
    negotiated,
    negotiated_format,
)
from rallynov_graph.site.web.reader import absolute, page, page_number, site, view, words
from rallynov_graph.site.web.request_context import Files
from rallynov_graph.site.web.signposting import links_of_list, linkset_response, set_links
from rallynov_graph.site.web.url_parameters import BadParameterError, certainty, iri_node

blueprint = Blueprint("lists", __name__)

_RDF_SUFFIXES: Final = tuple(form.suffix[1:] for form in GRAPHS)
MOST_TOUCHED: Final = 1000
"""Of how many things the open questions are named beside a file."""
_TABLE_SUFFIXES: Final = (*page_files.ROWS, *_RDF_SUFFIXES)


@blueprint.get("/list")
def class_list() -> str | Response:
    """Show the things of a class, or those that have none."""
    form = negotiated_format(_addresses("/list"))
    found = _class_page(request.args.get("class", ""))
    if form is not HTML:
        return negotiated(_collection("/list", found, form), form, _addresses("/list"))
    title = found.node.text if found.node else words()["list.without_class"]
    _set_page_links("/list", found)
    return _list_page(found, cited_list(title, "/list"))


@blueprint.get("/list.<suffix>")
def class_file(suffix: str) -> Response:
    """Serve the things of a class, or those that have none, as a file; as RDF, a page of them."""
    iri = request.args.get("class", "")
    if suffix in _RDF_SUFFIXES and _way() == TABLE:
        return _collection("/list", _class_page(iri), format_of_suffix(suffix))
    if not iri:
        return page_files.of_query(_found(without_class(view(), 1)).query, suffix, "list")
    return _file(source_of_class(view(), iri_node(iri, "class").value), suffix)


@blueprint.get("/list/<kind>")
def kind_list(kind: str) -> str | Response:
    """Show the things of a kind; with a suffix, give them as a file, as RDF a page of them."""
    stem, _, suffix = kind.rpartition(".")
    kind = stem if stem and suffix in _suffixes() else kind
    path = f"/list/{kind}"
    is_table = kind == TREE or _way() == TABLE
    form = (
        format_of_suffix(suffix) if stem == kind and suffix in _RDF_SUFFIXES and is_table else None
    )
    rows = stem == kind and form is None
    wanted = form or (None if rows else negotiated_format(_addresses(path)))
    if kind == TREE and not site().foreign and wanted in (HTML, None):
        tree = themes_page(view(), certainty())
        if rows:
            response = page_files.of_query(tree.query, suffix, TREE)
            return with_open_questions(response, touching_any(view(), tree.iris()))
        page_number()
        set_links(links_of_list(_addresses(path), None, None))
        cite = cited(words()["kind.theme"], path, "certainty")
        marks = touching_things(view(), tree.iris())
        return _varying(
            page(
                "explore/lists/themes.html",
                page=tree,
                cite=cite,
                open_questions=marks,
                kinds=counted_kinds(view(), TREE, _way()),
            )
        )
    if rows:
        return _file(source_of_kind(view(), kind), suffix)
    found = _kind_page(kind)
    if form is not None:
        return _collection(path, found, form)
    if wanted is not None and wanted is not HTML:
        return negotiated(_collection(path, found, wanted), wanted, _addresses(path))
    cite = cited_list(words().or_else(f"kind.{kind}", kind), path)
    _set_page_links(path, found)
    return _list_page(found, cite)


@blueprint.get("/linkset/list")
def links_of_class() -> Response:
    """Serve the links of a page of the things of a class, to each of them too."""
    return _linkset("/list", _class_page(request.args.get("class", "")))


@blueprint.get("/linkset/list/<kind>")
def links_of_kind(kind: str) -> Response:
    """Serve the links of a page of the things of a kind, to each of them too."""
    return _linkset(f"/list/{kind}", _kind_page(kind))


def _class_page(iri: str) -> ListPage:
    if not iri:
        return _found(without_class(view(), page_number()))
    of_class = iri_node(iri, "class").value
    try:
        return _found(class_page(view(), of_class, _request()))
    except (UnknownChoiceError, UnknownWayError) as error:
        raise _bad_parameter(error, source_of_class(view(), of_class)) from None


def _kind_page(kind: str) -> ListPage:
    try:
        found = kind_page(view(), kind, _request())
    except (UnknownChoiceError, UnknownWayError) as error:
        raise _bad_parameter(error, source_of_kind(view(), kind)) from None
    if found is None:
        raise Missing(near_nodes(kind, _lists()))
    return found


def _set_page_links(path: str, found: ListPage) -> None:
    set_links(_page_links(path, found))


def _page_links(path: str, found: ListPage) -> tuple[Link, ...]:
    links = _address(f"/linkset{path}", _number(found))
    return links_of_list(_addresses(path), found.pages.previous, found.pages.following, links=links)


def _linkset(path: str, found: ListPage) -> Response:
    pages = (row.node.href for row in found.rows)
    items = (Link("item", absolute(page), "text/html") for page in pages if page)
    this = absolute(_address(path, _number(found)))
    return linkset_response((Links(this, (*_page_links(path, found), *items)),))


def _number(found: ListPage) -> int | None:
    return found.pages.number if found.pages.number > 1 else None


def _list_page(found: ListPage, cite: Cited | None) -> Response:
    marks = touching_things(view(), _shown_things(found))
    return _varying(
        page(
            "explore/lists/list.html",
            page=found,
            way=found.keys.way if found.keys else None,
            shown=found.shown,
            files=_files(found),
            kinds=counted_kinds(view(), found.kind, _way()),
            cite=cite,
            open_questions=marks,
        )
    )


def _shown_things(found: ListPage) -> Iterable[str]:
    """Return the things whose open questions are marked: of a table those of the page."""
    if found.rows or found.listed is None:
        return (row.node.iri for row in found.rows)
    return found.listed.things[:MOST_TOUCHED]


def _files(found: ListPage) -> dict[str, list[tuple[str, str]]]:
    """Return the files of what a page shows, by the group of the menu that they stand in."""
    way = found.keys.way if found.keys else None
    is_table = way is None or way.name == TABLE
    path = found.keys.source.path if found.keys else "/list"
    tables = page_files.ROWS if way is None or is_table else way.tables
    graphs = ("ttl",) if way is None or is_table else way.graphs
    whole = [(name, value) for name, value in _page_parameters() if name != "page"]

    def of(suffixes: Sequence[str], pairs: list[Pair]) -> list[tuple[str, str]]:
        names = words()
        return [
            (
                names.or_else(f"export.as_{suffix}", suffix.upper()),
                view().addresses.path(f"{path}.{suffix}", pairs),
            )
            for suffix in suffixes
        ]

    others = way.other_files(found.listed) if way and found.listed else ()
    return {
        "table": of(tables, whole)
        + [(words()[f"export.as_{suffix}"], it) for suffix, it in others],
        "graph": of(graphs, _page_parameters() if is_table else whole),
    }


def _varying(text: str) -> Response:
    response = make_response(text)
    response.headers["Vary"] = "Accept"
    return response


def _collection(path: str, found: ListPage, form: Format) -> Response:
    """Return a page of a list as a page of a collection, and what is said of its things."""
    number, count = found.pages.number, found.pages.count
    previous, following = number - 1 or None, number + 1 if number < count else None

    def at(page: int | None) -> str | None:
        return absolute(_address(path, page)) if page else None

    things = [row.node.iri for row in found.rows]
    this, whole = absolute(_address(path, number)), absolute(_address(path))
    first, last = absolute(_address(path, 1)), absolute(_address(path, count))
    collection = CollectionPage(
        whole, this, first, last, at(previous), at(following), found.total, things
    )
    file = f"{path}{form.suffix}"
    previous_address = _address(file, previous) if previous else None
    following_address = _address(file, following) if following else None
    set_links(links_of_list(_addresses(path), previous_address, following_address, form.media_type))
    queries = view().queries
    statements = queries.store.construct(queries.text("about_thing", thing=map(NamedNode, things)))
    about = site().origin.of(this, whole)
    triples = [*collection.triples(), *about, *statements]
    response = graph_response(triples, form, {**PREFIXES, "as": AS})
    return with_open_questions(response, touching_any(view(), things))


def _addresses(path: str) -> Files:
    """Return the addresses of the list at a path, as it is chosen, in each format."""
    number = page_number()
    page = number if number > 1 else None
    return tuple((form, _address(f"{path}{form.suffix}", page)) for form in GRAPHS)


def _address(path: str, number: int | None = None) -> str:
    """Return an address of the list as it is chosen: the same in every language."""
    kept = [(name, value) for name, value in _parameters() if name not in ("lang", "page")]
    return view().addresses.file(path, [*kept, ("page", str(number or ""))])


def _page_parameters() -> list[Pair]:
    """Return what the address says of this page of the list, the language aside."""
    return [(name, value) for name, value in _parameters() if name != "lang"]


def _file(source: Source, suffix: str) -> Response:
    """Serve what a list shows, all pages, in the format of a suffix: its names, or what another way
    to look at its things makes of them.
    """
    try:
        keys, listed = listed_things(view(), source, _request())
    except (UnknownChoiceError, UnknownWayError) as error:
        raise _bad_parameter(error, source) from None
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
    response = page_files.of_query(selection.things(), suffix, "list")
    return with_open_questions(response, touching_any(view(), things))


def _request() -> ListRequest:
    return ListRequest(_parameters(), page_number(), list_views(), _way())


def _way() -> str:
    """Return the name of the way to look at the list that the address asks for."""
    return request.args.get("view", "") or TABLE


def _suffixes() -> frozenset[str]:
    """Return the suffixes of all files that a list has in one way or another."""
    return frozenset(
        (
            *_TABLE_SUFFIXES,
            *(suffix for way in list_views() for suffix in (*way.tables, *way.graphs)),
        )
    )


def _parameters() -> tuple[Pair, ...]:
    return tuple(request.args.items(multi=True))


def _bad_parameter(
    error: UnknownChoiceError | UnknownWayError, source: Source
) -> BadParameterError:
    """Return the error of an address, with the list at the same address without what is refused."""
    refused = refused_in(view(), source, _request())
    if isinstance(error, UnknownWayError):
        allowed = tuple(Node(name, href=_seen_as(source, name)) for name in error.offered)
        return BadParameterError(BadParameter("view", "one_of", (), allowed, refused))
    nodes = view().nodes(it.term for it in error.near)
    near = tuple(
        replace(nodes[it.term], href=it.href, external=False)
        if it.term is not None
        else Node(it.key, href=it.href)
        for it in error.near
    )
    allowed = tuple(Node(it.key, href=it.href or None) for it in error.allowed)
    return BadParameterError(BadParameter(error.parameter, error.key, near, allowed, refused))


def _seen_as(source: Source, way: str) -> str:
    """Return the address of a list looked at in a way, with nothing chosen."""
    of_class = "" if source.kind else source.of_class
    pairs = [("class", of_class), ("view", way if way != TABLE else "")]
    return view().addresses.path(source.path, pairs)


def _found(found: ListPage | None) -> ListPage:
    if found is None:
        raise Missing
    return found


def _lists() -> dict[str, Node]:
    """Return the lists by their kinds."""
    return {
        kind: Node(words()[f"kind.{kind}"], href=view().addresses.path(f"/list/{kind}"))
        for kind in LISTED
    }
