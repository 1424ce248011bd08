"""What an address asks of a list, and the addresses of what it asks in each format."""

from __future__ import annotations

from dataclasses import replace

from flask import request

from rallynov_graph.rdf.formats import GRAPHS
from rallynov_graph.site.explore.lists.list_choices import UnknownChoiceError
from rallynov_graph.site.explore.lists.page import ListRequest, UnknownWayError, refused_in
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.selection.list_queries import Source
from rallynov_graph.site.web.feature import TABLE, Pair, list_views
from rallynov_graph.site.web.reader import Files, page_number, view
from rallynov_graph.site.web.url_parameters import BadParameterError


def list_request() -> ListRequest:
    """Return what the address asks of a list."""
    return ListRequest(_parameters(), page_number(), list_views(), way())


def way() -> str:
    """Return the name of the way to look at the list that the address asks for."""
    return request.args.get("view", "") or TABLE


def addresses(path: str) -> Files:
    """Return the addresses of the list at a path, as it is chosen, in each format."""
    number = page_number()
    page = number if number > 1 else None
    return tuple((form, address(f"{path}{form.suffix}", page)) for form in GRAPHS)


def files(path: str) -> Files:
    """Return the addresses of the files with graphs that the list has as it is looked at."""
    ways = [it for it in list_views() if it.name == way() != TABLE]
    return tuple(
        (form, href)
        for form, href in addresses(path)
        if not ways or form.suffix[1:] in ways[0].graphs
    )


def address(path: str, number: int | None = None) -> str:
    """Return an address of the list as it is chosen: the same in every language."""
    kept = [(name, value) for name, value in _parameters() if name not in ("lang", "page")]
    return view().addresses.file(path, [*kept, ("page", str(number or ""))])


def page_parameters() -> list[Pair]:
    """Return what the address says of this page of the list, the language aside."""
    return [(name, value) for name, value in _parameters() if name != "lang"]


def _parameters() -> tuple[Pair, ...]:
    return tuple(request.args.items(multi=True))


def bad_parameter(error: UnknownChoiceError | UnknownWayError, source: Source) -> BadParameterError:
    """Return the error of an address, with the list at the same address without what is refused."""
    refused = refused_in(view(), source, list_request())
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
