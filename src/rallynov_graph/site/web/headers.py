"""The headers of every answer of the site: what a browser may do with it, and how long it holds."""

import hashlib
from collections.abc import Mapping
from typing import Final

from flask import Flask, Response, g, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header, quote_etag

from rallynov_graph.http import responses
from rallynov_graph.site.model.addresses import FIRST_PAGE, LANGUAGE
from rallynov_graph.site.web.reader import site
from rallynov_graph.site.web.signposting import link_header, offered_files

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_FRAME_OPTIONS: Final = "X-Frame-Options"
SECURITY: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    _FRAME_OPTIONS: "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What a browser may do with an answer."""
FRAMED: Final = {name: value for name, value in SECURITY.items() if name != _FRAME_OPTIONS} | {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
}
_LISTING: Final = ("/.well-known/void", "/void.", "/catalog")
"""Paths whose answers list the downloads, which may be made meanwhile."""
_FRAMED: Final = "/reconcile/preview"
"""What other sites show in a frame."""
_METHODS: Final = "GET, HEAD, OPTIONS"
_YEAR: Final = 31_536_000
_PAGE: Final = "text/html"
_PASSING: Final = "no-cache"
"""What may be otherwise the next time, though the release is the same."""


def guard(app: Flask) -> None:
    app.before_request(_unchanged)
    app.after_request(_seal)


def keep_nowhere(response: Response) -> None:
    """Forbid caches to keep the text of a document, and other sites to read it.

    ``private`` would still let the reader's browser write it to a file.
    """
    response.headers["Cache-Control"] = "no-store"
    response.headers["Access-Control-Allow-Origin"] = request.host_url.rstrip("/")
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["X-Robots-Tag"] = "noindex, noarchive"


def prevent_caching_without_index() -> None:
    """Forbid caching of the answer while the index of the search is still being built."""
    index_file = site().finder.index_file
    if index_file is not None and index_file.index() is None:
        g.passing = True


def _unchanged() -> Response | None:
    """Return 304 if the reader has the response of this release."""
    if not (request.if_none_match and _is_lasting()):
        return None
    tag, known = _tag(), request.if_none_match
    if not tag or known.star_tag or not known.contains_weak(tag):
        return None
    return Response(status=304, headers={"ETag": quote_etag(tag), "Vary": "Accept"})


def _seal(response: Response) -> Response:
    """Return a response with its headers; those that it has stay."""
    path, status = request.path, response.status_code
    if path == FIRST_PAGE and LANGUAGE not in request.args:
        response.vary.add("Accept-Language")
    _complete(response, FRAMED if path == _FRAMED else SECURITY)
    _complete(response, _ANY_SITE)
    if request.method == "OPTIONS":
        _complete(response, _PREFLIGHT)
    if path.startswith("/static/"):
        response.headers["Cache-Control"] = _holding_of_file(status)
        return response
    tag = _tag() if _is_lasting() else ""
    current = responses.SHARED_BRIEFLY if _is_lasting() else _PASSING
    _complete(response, {"Cache-Control": current if status in (200, 303, 304) else "no-store"})
    if status == 200:
        if links := link_header(g.get("links", ())):
            response.headers.add("Link", links)
        if tag and "ETag" not in response.headers:
            _validate(response, tag)
    return response


def _complete(response: Response, headers: Mapping[str, str]) -> None:
    for name, value in headers.items():
        response.headers.setdefault(name, value)


def _holding_of_file(status: int) -> str:
    """Return the caching time of a file: a year if its address contains a hash of its content."""
    is_fixed = request.args.get("v") or site().assets.holds(request.path)
    is_good = status in (200, 206, 304)
    return f"public, max-age={_YEAR}, immutable" if is_fixed and is_good else _PASSING


def _validate(response: Response, tag: str) -> None:
    """Add the entity tag and the date of the release; send the range of data that is asked for.

    A page also changes with the software and its words, so that its date alone says little.
    """
    response.headers["ETag"] = quote_etag(tag)
    if site().last_modified:
        response.headers["Last-Modified"] = site().last_modified
    length = response.content_length if response.is_streamed else len(response.get_data())
    if response.mimetype == _PAGE or length is None:
        return
    try:
        response.make_conditional(request, accept_ranges=_is_one_range(), complete_length=length)
    except RequestedRangeNotSatisfiable:
        response.status_code = 416
        response.headers["Content-Range"] = f"bytes */{length}"
        response.set_data(b"")
    response.headers["Accept-Ranges"] = "bytes"
    response.headers.pop("Date", None)  # the server says it


def _is_one_range() -> bool:
    """Return whether a part is asked for that can be given; any other wish is passed over."""
    wanted = parse_range_header(request.headers.get("Range"))
    return wanted is not None and wanted.units == "bytes" and len(wanted.ranges) == 1


def _is_lasting() -> bool:
    """Return whether the answer follows from its address and the data.

    A visitor's query does not: it may take another time or fail.
    """
    is_asked = request.method in ("GET", "HEAD")
    passes = "passing" in g or request.path.startswith(("/sparql", "/static"))
    return is_asked and not passes


def _tag() -> str:
    """Return a hash of everything this response depends on; the empty string if unknown.

    These are the release, the request, and the address of the site, which begins all links.
    """
    if not site().stamp:
        return ""
    path_and_query, accept = request.full_path, request.headers.get("Accept", "")
    if request.path.startswith(_LISTING):
        path_and_query += "".join(offer.sha256 or offer.file for offer in offered_files())
    at = f"{request.host_url.rstrip('/')}{request.script_root}"
    content = f"{site().stamp} {path_and_query} {accept} {at}"
    return hashlib.sha256(content.encode("utf-8", "replace")).hexdigest()[:20]


def _decoded(headers: responses.Headers) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in headers}


_ANY_SITE: Final = _decoded(responses.ANY_SITE)
_PREFLIGHT: Final = _decoded(responses.preflight(_METHODS))
