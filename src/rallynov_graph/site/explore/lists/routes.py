"""The lists: the things of a kind or a class, narrowed as the reader chooses, and as files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from rallynov_graph.http.negotiation import HTML
from rallynov_graph.site.explore.lists.counted_kinds import counted_kinds
from rallynov_graph.site.explore.lists.facet_routes import prepared_facets
from rallynov_graph.site.explore.lists.list_choices import UnknownChoiceError
from rallynov_graph.site.explore.lists.list_files import (
    MOST_TOUCHED,
    RDF_SUFFIXES,
    collection,
    file_suffixes,
    files_of,
    linkset,
    list_file,
    set_page_links,
)
from rallynov_graph.site.explore.lists.list_request import (
    addresses,
    bad_parameter,
    list_request,
    way,
)
from rallynov_graph.site.explore.lists.page import (
    ListPage,
    UnknownWayError,
    class_page,
    kind_page,
    source_of_class,
    source_of_kind,
    without_class,
)
from rallynov_graph.site.model.listed_kinds import listed_kinds
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import touching_any, touching_things
from rallynov_graph.site.model.themes import HEADER, TREE, themes_page
from rallynov_graph.site.web import page_files
from rallynov_graph.site.web.citation import Cited, cited, cited_list
from rallynov_graph.site.web.error_pages import Missing, near_nodes
from rallynov_graph.site.web.feature import TABLE, list_views
from rallynov_graph.site.web.frame import page
from rallynov_graph.site.web.page_files import format_of_suffix, negotiated, negotiated_format
from rallynov_graph.site.web.reader import page_number, site, view, without_parameters, words
from rallynov_graph.site.web.signposting import links_of_list, set_links, with_open_questions
from rallynov_graph.site.web.url_parameters import certainty, iri_node

blueprint = Blueprint("lists", __name__)

_ONCE_FOR_EVERY_KIND: Final = frozenset({"chart", "map", "matrix", "network", "timeline"})
_OF_VIEWS: Final = ("view", "by", "open", "same_stage", "from", "sort")
"""The parameters of these views; a table has orders of its own."""


@blueprint.before_request
def lead_to_table() -> AnyResponse | None:
    """Redirect the address of a view that a kind has no more to its table, which keeps the choices.

    A file in a format that a table has not leads to the page.
    """
    name = way()
    if name not in _ONCE_FOR_EVERY_KIND:
        return None
    path, dot, suffix = request.path.rpartition(".")
    kind = (path if dot else request.path).rpartition("/")[2]
    has_it = any(it.name == name and it.suits(kind, site().foreign) for it in list_views())
    by = request.args.get("by")
    if has_it and by is None:
        return None
    here = request.path
    if dot and not has_it and suffix not in (*page_files.ROWS, *RDF_SUFFIXES):
        here = here.removesuffix(f".{suffix}")
    gone = ("by",) if has_it and by == "theme" else _OF_VIEWS
    return redirect(without_parameters(*gone, path=here), 301)


@blueprint.get("/list")
def class_list() -> AnyResponse:
    """Show the things of a class, or those that have none."""
    form = negotiated_format(addresses("/list"))
    found = _class_page(request.args.get("class", ""))
    if form is not HTML:
        return negotiated(collection("/list", found, form), form, addresses("/list"))
    if _is_first_of_several():
        return _whole_list()
    title = found.node.text if found.node else words()["list.without_class"]
    set_page_links("/list", found)
    return _list_page(found, cited_list(title, "/list", found.chosen))


@blueprint.get("/list.<suffix>")
def class_file(suffix: str) -> Response:
    """Serve the things of a class, or those that have none, as a file; as RDF, a page of them."""
    iri = request.args.get("class", "")
    if suffix in RDF_SUFFIXES and way() == TABLE:
        return collection("/list", _class_page(iri), format_of_suffix(suffix))
    if not iri:
        return page_files.of_query(_found(without_class(view(), 1)).query, suffix, "list")
    return list_file(source_of_class(view(), iri_node(iri, "class").value), suffix)


@blueprint.get("/list/<kind>")
def kind_list(kind: str) -> AnyResponse:
    """Show the things of a kind; with a suffix, give them as a file, as RDF a page of them."""
    stem, _, suffix = kind.rpartition(".")
    kind = stem if stem and suffix in file_suffixes() else kind
    path = f"/list/{kind}"
    is_table = kind == TREE or way() == TABLE
    form = (
        format_of_suffix(suffix) if stem == kind and suffix in RDF_SUFFIXES and is_table else None
    )
    rows = stem == kind and form is None
    wanted = form or (None if rows else negotiated_format(addresses(path)))
    if wanted is HTML and _is_first_of_several():
        return _whole_list()
    if kind == TREE and not site().foreign and wanted in (HTML, None):
        return _theme_tree(path, suffix if rows else "")
    if rows:
        return list_file(source_of_kind(view(), kind), suffix)
    found = _kind_page(kind)
    if form is not None:
        return collection(path, found, form)
    if wanted is not None and wanted is not HTML:
        return negotiated(collection(path, found, wanted), wanted, addresses(path))
    cite = cited_list(words().or_else(f"kind.{kind}", kind), path, found.chosen)
    set_page_links(path, found)
    return _list_page(found, cite)


@blueprint.get("/linkset/list")
def links_of_class() -> Response:
    """Serve the links of a page of the things of a class, to each of them too."""
    return linkset("/list", _class_page(request.args.get("class", "")))


@blueprint.get("/linkset/list/<kind>")
def links_of_kind(kind: str) -> Response:
    """Serve the links of a page of the things of a kind, to each of them too."""
    return linkset(f"/list/{kind}", _kind_page(kind))


def _theme_tree(path: str, suffix: str) -> Response:
    """Return the tree of themes as a page, or as the file of a suffix."""
    tree = themes_page(view(), certainty())
    if suffix:
        response = page_files.of_rows(HEADER, tree.rows(), suffix, TREE)
        return with_open_questions(response, touching_any(view(), tree.iris()))
    page_number()
    set_links(links_of_list(addresses(path) if tree.total else (), None, None))
    return _varying(
        page(
            "explore/lists/themes.html",
            page=tree,
            cite=cited(words()["kind.theme"], path, "certainty"),
            open_questions=touching_things(view(), tree.iris()),
            kinds=counted_kinds(view(), TREE),
        )
    )


def _class_page(iri: str) -> ListPage:
    if not iri:
        return _found(without_class(view(), page_number()))
    of_class = iri_node(iri, "class").value
    try:
        return _found(class_page(view(), of_class, list_request()))
    except (UnknownChoiceError, UnknownWayError) as error:
        raise bad_parameter(error, source_of_class(view(), of_class)) from None


def _kind_page(kind: str) -> ListPage:
    try:
        found = kind_page(view(), kind, list_request())
    except (UnknownChoiceError, UnknownWayError) as error:
        raise bad_parameter(error, source_of_kind(view(), kind)) from None
    if found is None:
        raise Missing(near_nodes(kind, _lists()))
    return found


def _list_page(found: ListPage, cite: Cited | None) -> Response:
    marks = touching_things(view(), _shown_things(found))
    return _varying(
        page(
            "explore/lists/list.html",
            page=found,
            way=found.keys.way if found.keys else None,
            shown=found.shown,
            prepared_facets=partial(prepared_facets, found),
            files=files_of(found),
            kinds=counted_kinds(view(), found.kind),
            cite=cite,
            open_questions=marks,
        )
    )


def _is_first_of_several() -> bool:
    """Return whether the address is that by which RDF tells the first page from the whole list."""
    return request.args.get("page") == "1"


def _whole_list() -> AnyResponse:
    """Return where a reader has the first page of a list: a page has one address."""
    response = redirect(without_parameters(), 301)
    response.headers["Vary"] = "Accept"
    return response


def _shown_things(found: ListPage) -> Iterable[str]:
    """Return the things whose open questions are marked: of a table those of the page."""
    if found.rows or found.listed is None:
        return (row.node.iri for row in found.rows)
    return found.listed.things[:MOST_TOUCHED]


def _varying(text: str) -> Response:
    response = make_response(text)
    response.headers["Vary"] = "Accept"
    return response


def _found(found: ListPage | None) -> ListPage:
    if found is None:
        raise Missing
    return found


def _lists() -> dict[str, Node]:
    """Return the lists by their kinds."""
    return {
        kind: Node(words()[f"kind.{kind}"], href=view().addresses.path(f"/list/{kind}"))
        for kind in listed_kinds(view().queries)
    }
