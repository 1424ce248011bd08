"""Addresses that gave way to others: 301 to the one that took its place, 300 with the choice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import abort, redirect, request
from pyoxigraph import NamedNode
from werkzeug.exceptions import HTTPException

from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.reader import site, view


class SeveralThings(HTTPException):
    """An address that stood for several things; carries what a reader chooses from."""

    code = 300

    def __init__(self, choices: tuple[Node, ...]) -> None:
        super().__init__()
        self.near = choices


def lead_on(iri: str) -> None:
    """Answer with where a thing is now, if its address gave way; the rest of the request is kept.

    Every address that names the thing leads to the same one of what took its place: its page, its
    data in any format, its IRI.
    """
    successors = () if site().foreign else site().graph.successors.get(iri, ())
    if not successors:
        return
    if len(successors) == 1:
        abort(redirect(_instead(iri, successors[0]), 301))
    raise SeveralThings(choices(successors, lambda now: _instead(iri, now)))


def choices(successors: tuple[str, ...], address: Callable[[str], str]) -> tuple[Node, ...]:
    """Return the things that an address stood for, each with where it is read."""
    nodes = view().nodes(map(NamedNode, successors))
    return tuple(replace(nodes[NamedNode(it)], href=address(it)) for it in successors)


def _instead(iri: str, now: str) -> str:
    """Return the address that is asked for, of another thing."""
    addresses = view().addresses
    short, short_now = addresses.short(iri) or "", addresses.short(now) or ""
    path = request.path.replace(f"/{short}", f"/{short_now}", 1)
    query = [(key, now if value == iri else value) for key, value in request.args.items(multi=True)]
    return addresses.file(path, query)
