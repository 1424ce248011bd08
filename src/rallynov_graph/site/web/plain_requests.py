"""Requests for a whole answer, with nothing unusual: they need neither Flask nor a thread."""

from __future__ import annotations

import re
from typing import Final

from werkzeug.http import parse_etags

from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import Response
from rallynov_graph.site.web import headers
from rallynov_graph.site.web.site import Site

_HOST: Final = re.compile(rb"(?!.*xn--)[a-z0-9.-]+(?::(?!(?:80|443)$)\d+)?")
"""A host that is written into addresses as it stands."""
_CONDITIONS: Final = frozenset(
    {b"if-match", b"if-modified-since", b"if-unmodified-since", b"if-range", b"range"}
)
"""The headers with which the answer may be a part of the whole, or an error."""


def is_plain(request: HttpRequest) -> bool:
    """Return whether the answer to a request is the whole, or that the client has it."""
    named = request.head.headers
    reads = request.method in ("GET", "HEAD")
    return (
        reads and not _CONDITIONS & named.keys() and bool(_HOST.fullmatch(named.get(b"host", b"")))
    )


def tag_or_unchanged(site: Site, request: HttpRequest) -> str | Response | None:
    """Return the entity tag of the answer to a plain request; where the client has it, that.

    It is None where the request is left to the routes.
    """
    query = request.query_string.decode("latin-1")
    tag = headers.tag_of(site, f"{request.path}?{query}", request.head.accept, request.site)
    known = parse_etags(request.head.headers.get(b"if-none-match", b"").decode("latin-1"))
    etag = headers.known_tag(tag, known)
    if etag or known.star_tag:
        return headers.unchanged(etag) if etag else None
    return tag
