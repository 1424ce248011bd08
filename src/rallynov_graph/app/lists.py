"""The lists: the things of a kind or a class, narrowed as the reader chooses, and as files."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, make_response, request

from rallynov_graph.app.errors import Missing, near_nodes
from rallynov_graph.app.pages import named
from rallynov_graph.app.reading import lens, page, page_number, site, words
from rallynov_graph.app.wrong import WrongParameter
from rallynov_graph.rdf.formats import RESULTS
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
from rallynov_graph.views.themes import themes_page
from rallynov_graph.views.wrong import Wrong

blueprint = Blueprint("lists", __name__)

_FILES: Final = {form.name: form for form in RESULTS if form.name in ("csv", "json")}


@blueprint.get("/list")
def class_list() -> str:
    """Show the things of a class, or those that have none."""
    iri = request.args.get("class", "")
    try:
        if not iri:
            return _listed(without_class(lens(), page_number()))
        return _listed(class_page(lens(), named(iri, "class").value, _asked(), page_number()))
    except UnknownChoiceError as error:
        raise _misread(error) from None


@blueprint.get("/list.<suffix>")
def class_file(suffix: str) -> Response:
    """Give the things of a class as a file."""
    iri = request.args.get("class", "")
    if not iri or suffix not in _FILES:
        raise Missing
    return _file(source_of_class(lens(), named(iri, "class").value), suffix, "list")


@blueprint.get("/list/<kind>")
def kind_list(kind: str) -> str | Response:
    """Show the things of a kind; with a suffix, give them as a file."""
    stem, _, suffix = kind.rpartition(".")
    if stem and suffix in _FILES:
        return _file(source_of_kind(lens(), stem), suffix, "list")
    if kind == TREE and not site().foreign:
        page_number()
        return page("themes.html", page=themes_page(lens()))
    try:
        found = kind_page(lens(), kind, _asked(), page_number())
    except UnknownChoiceError as error:
        raise _misread(error) from None
    if found is None:
        raise Missing(near_nodes(kind, _lists()))
    return _listed(found)


def _file(source: Source, suffix: str, name: str) -> Response:
    """Give the names of the things of a list, all pages, in the format of a suffix."""
    try:
        _, selection = selected(lens(), source, _asked())
    except UnknownChoiceError as error:
        raise _misread(error) from None
    if not lens().queries.kept(selection.members()).rows:
        raise Missing
    form = _FILES[suffix]
    response = make_response(site().store.serialize(selection.things(), form.media_type))
    response.content_type = form.content_type
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form.name}"'
    return response


def _asked() -> tuple[Pair, ...]:
    return tuple(request.args.items(multi=True))


def _misread(error: UnknownChoiceError) -> WrongParameter:
    near = tuple(Node(text, href=href) for text, href in error.near)
    right = tuple(Node(text) for text in error.right)
    return WrongParameter(Wrong(error.parameter, error.key, near, right))


def _listed(found: ListPage | None) -> str:
    if found is None:
        raise Missing
    return page("list.html", page=found)


def _lists() -> dict[str, Node]:
    """Return the lists by their kinds."""
    prefix = "kind."
    kinds = (key.removeprefix(prefix) for key in words() if key.startswith(prefix))
    return {
        kind: Node(words()[f"{prefix}{kind}"], href=lens().addresses.path(f"/list/{kind}"))
        for kind in kinds
    }
