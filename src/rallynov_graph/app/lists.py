"""The lists: the things of a kind or a class, narrowed as the reader chooses, and as files."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request

from rallynov_graph.app import files
from rallynov_graph.app.certainty import certainty
from rallynov_graph.app.citing import cited, cited_list
from rallynov_graph.app.errors import Missing, near_nodes
from rallynov_graph.app.pages import named
from rallynov_graph.app.reading import lens, page, page_number, site, words
from rallynov_graph.app.wrong import WrongParameter
from rallynov_graph.rdf.formats import GRAPHS
from rallynov_graph.views.kinds import TREE
from rallynov_graph.views.list_choices import Pair, UnknownChoiceError
from rallynov_graph.views.list_page import (
    ListPage,
    class_page,
    kind_page,
    selected,
    source_of_class,
    source_of_kind,
    without_class,
)
from rallynov_graph.views.nodes import Node
from rallynov_graph.views.selecting import Source
from rallynov_graph.views.themes import ThemesPage, themes_page
from rallynov_graph.views.wrong import Wrong

blueprint = Blueprint("lists", __name__)

_THINGS: Final = tuple(form.suffix[1:] for form in GRAPHS)
_SUFFIXES: Final = (*files.ROWS, *_THINGS)


@blueprint.get("/list")
def class_list() -> str:
    """Show the things of a class, or those that have none."""
    found = _class_page(request.args.get("class", ""))
    title = found.node.text if found.node else words()["list.without_class"]
    return page("list.html", page=found, cite=cited_list(title, "/list"), shown=_shown())


@blueprint.get("/list.<suffix>")
def class_file(suffix: str) -> Response:
    """Give the things of a class, or those that have none, as a file."""
    iri = request.args.get("class", "")
    if suffix in _THINGS:
        return _things(_class_page(iri), suffix)
    if not iri:
        return files.of_query(_there(without_class(lens(), 1)).query, suffix, "list")
    return _file(source_of_class(lens(), named(iri, "class").value), suffix)


@blueprint.get("/list/<kind>")
def kind_list(kind: str) -> str | Response:
    """Show the things of a kind; with a suffix, give them as a file."""
    stem, _, suffix = kind.rpartition(".")
    kind = stem if stem and suffix in _SUFFIXES else kind
    path = f"/list/{kind}"
    if kind == TREE and not site().foreign:
        tree = themes_page(lens(), certainty())
        if stem:
            return _tree(tree, suffix)
        page_number()
        return page("themes.html", page=tree, cite=cited(words()["kind.theme"], path, "certainty"))
    if stem == kind and suffix in files.ROWS:
        return _file(source_of_kind(lens(), kind), suffix)
    found = _kind_page(kind)
    if stem == kind:
        return _things(found, suffix)
    cite = cited_list(words().or_else(f"kind.{kind}", kind), path)
    return page("list.html", page=found, cite=cite, shown=_shown())


def _class_page(iri: str) -> ListPage:
    try:
        if not iri:
            return _there(without_class(lens(), page_number()))
        return _there(class_page(lens(), named(iri, "class").value, _asked(), page_number()))
    except UnknownChoiceError as error:
        raise _misread(error) from None


def _kind_page(kind: str) -> ListPage:
    try:
        found = kind_page(lens(), kind, _asked(), page_number())
    except UnknownChoiceError as error:
        raise _misread(error) from None
    if found is None:
        raise Missing(near_nodes(kind, _lists()))
    return found


def _tree(tree: ThemesPage, suffix: str) -> Response:
    if suffix in files.ROWS:
        return files.of_query(tree.query, suffix, TREE)
    return files.of_things(tree.iris(), suffix, TREE)


def _things(found: ListPage, suffix: str) -> Response:
    """Give what the graph says of the things of a page."""
    return files.of_things((row.node.iri for row in found.rows), suffix, "list")


def _shown() -> list[Pair]:
    """Return what the address says of this page of the list, the language aside."""
    return [(name, value) for name, value in _asked() if name != "lang"]


def _file(source: Source, suffix: str) -> Response:
    """Give the names of the things of a list, all pages, in the format of a suffix."""
    try:
        _, selection = selected(lens(), source, _asked())
    except UnknownChoiceError as error:
        raise _misread(error) from None
    if not lens().queries.kept(selection.members()).rows:
        raise Missing
    return files.of_query(selection.things(), suffix, "list")


def _asked() -> tuple[Pair, ...]:
    return tuple(request.args.items(multi=True))


def _misread(error: UnknownChoiceError) -> WrongParameter:
    near = tuple(Node(text, href=href) for text, href in error.near)
    right = tuple(Node(text) for text in error.right)
    return WrongParameter(Wrong(error.parameter, error.key, near, right))


def _there(found: ListPage | None) -> ListPage:
    if found is None:
        raise Missing
    return found


def _lists() -> dict[str, Node]:
    """Return the lists by their kinds."""
    prefix = "kind."
    kinds = (key.removeprefix(prefix) for key in words() if key.startswith(prefix))
    return {
        kind: Node(words()[f"{prefix}{kind}"], href=lens().addresses.path(f"/list/{kind}"))
        for kind in kinds
    }
