"""Answers in RDF: the same bytes each time, in the format that the request wants."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from flask import Response, make_response, request
from pyoxigraph import Quad, Triple

from rallynov_graph.base.errors import UnwritableError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.http.negotiation import HTML, best
from rallynov_graph.rdf.canonical import written
from rallynov_graph.rdf.compact import Context
from rallynov_graph.rdf.compact import written as compacted
from rallynov_graph.rdf.formats import GRAPHS, JSON_LD, Format
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.web.error_pages import Missing, Unwritable
from rallynov_graph.site.web.reader import site
from rallynov_graph.site.web.request_context import Files

BY_SUFFIX: Final = {form.suffix: form for form in GRAPHS}


def graph_response(
    statements: Iterable[Triple] | Iterable[Quad],
    form: Format,
    prefixes: Mapping[str, str] = PREFIXES,
) -> Response:
    """Return a response of sorted statements in a format; JSON-LD uses our context.

    Raises Unwritable where the format cannot express one of them.
    """
    try:
        body = graph_content(statements, form, site().context, prefixes)
    except UnwritableError as error:
        raise Unwritable(()) from error
    response = make_response(body)
    response.content_type = form.content_type
    return response


def graph_content(
    statements: Iterable[Triple] | Iterable[Quad],
    form: Format,
    context: Context | None,
    prefixes: Mapping[str, str] = PREFIXES,
) -> bytes:
    """Return sorted statements in a format; raise UnwritableError where it cannot express one."""
    ordered = sorted(set(statements), key=str)
    assert form.rdf is not None
    if form is JSON_LD and context is not None:
        return compacted((s for s in ordered if isinstance(s, Triple)), context)
    return written(ordered, form.rdf, prefixes)  # type: ignore[arg-type]


def format_of_suffix(suffix: str, files: Files = ()) -> Format:
    """Return the format of a suffix without its dot; else raise Missing with the known ones."""
    form = BY_SUFFIX.get(f".{suffix}")
    if form is None:
        raise Missing(tuple(Node(known.label, href=href) for known, href in files))
    return form


def negotiated_format(files: Files, page: bool = True) -> Format:
    """Return the format that the request accepts; else raise Unwritable with those available."""
    wanted = tuple(form for form, _ in files)
    form = best(request.headers.get("Accept"), (HTML, *wanted) if page else wanted)
    if form is None:
        raise Unwritable(((HTML, request.path), *files) if page else files)
    return form


def negotiated(response: Response, form: Format, files: Files) -> Response:
    """Return a response with the headers of content negotiation."""
    response.headers["Vary"] = "Accept"
    if form is not HTML:
        response.headers["Content-Location"] = dict(files)[form]
    return response
