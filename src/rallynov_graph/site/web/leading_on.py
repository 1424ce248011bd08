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
    """Return the things that an address stood for, each with where it is read.

    They often have one name: what people write to name each tells them apart.
    """
    nodes = view().nodes(map(NamedNode, successors))
    return tuple(
        replace(node, href=address(iri), text=f"{node.text} ({view().addresses.short_or_iri(iri)})")
        for iri in successors
        for node in (nodes[NamedNode(iri)],)
    )


def _instead(iri: str, now: str) -> str:
    """Return the address that is asked for, of another thing."""
    addresses = view().addresses
    short, short_now = addresses.short(iri) or "", addresses.short(now) or ""
    path = request.path.replace(f"/{short}", f"/{short_now}", 1)
    query = [(key, now if value == iri else value) for key, value in request.args.items(multi=True)]
    return addresses.file(path, query)
