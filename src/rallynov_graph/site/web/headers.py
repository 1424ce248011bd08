"""What every answer carries: what a browser may do with it, and how long it holds."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Final

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header

from rallynov_graph.site.web.publisher import offered_files
from rallynov_graph.site.web.reader import site
from rallynov_graph.site.web.signposting import link_header, links_of_answer
from rallynov_graph.site.web.site import Site

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
SECURITY: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
FRAMED: Final = {name: value for name, value in SECURITY.items() if name != "X-Frame-Options"} | {
    "Content-Security-Policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
}
_OPEN: Final = (
    *("/data", "/id/", "/dataset", "/ontology", "/shapes", "/context", "/resource.", "/list"),
    *("/linkset", "/catalog", "/.well-known/", "/void", "/sitemap", "/robots.txt"),
    *("/api/", "/reconcile", "/downloads/"),
)
"""Paths whose answers any site may read: they are data."""
_LISTING: Final = ("/.well-known/void", "/void.", "/catalog")
"""Paths whose answers list the downloads, which may be made meanwhile."""
_FRAMED: Final = "/reconcile/preview"
"""What other sites show in a frame."""
_YEAR: Final = 31_536_000
_PAGE: Final = "text/html"


def guard(app: Flask) -> None:
    """Add the headers of every answer of an application."""
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


def _unchanged() -> Response | None:
    """Return 304 where the reader has the answer of this very release."""
    tag = _tag()
    known = request.if_none_match
    if tag and not known.star_tag and known.contains_weak(tag):
        response = Response(status=304)
        response.set_etag(tag, weak=not known.contains(tag))
        response.headers["Vary"] = "Accept"
        return response
    return None


def _seal(response: Response) -> Response:
    for name, value in (FRAMED if request.path == _FRAMED else SECURITY).items():
        response.headers.setdefault(name, value)
    if request.path.startswith(_OPEN):
        response.headers.setdefault("Access-Control-Allow-Origin", "*")
    if request.path.startswith("/static/"):
        lasting = f"public, max-age={_YEAR}, immutable"
        fixed = request.args.get("v") or site().assets.holds(request.path)
        good = response.status_code in (200, 206, 304)
        response.headers["Cache-Control"] = lasting if fixed and good else "no-cache"
    elif response.status_code == 200:
        _link(response)
        response.headers.setdefault("Cache-Control", "no-cache")
        tag = "" if "passing" in g else _tag()
        if tag and "ETag" not in response.headers:
            _date(response, tag)
    elif response.status_code in (303, 304):
        response.headers.setdefault("Cache-Control", "no-cache")
    else:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _link(response: Response) -> None:
    header = link_header(links_of_answer())
    if header:
        response.headers.add("Link", header)


def _date(response: Response, tag: str) -> None:
    """Add the entity tag and the date of the release; send the range of data that is asked for.

    A page also changes with the software and its words, so that its date alone says little.
    """
    is_page = response.mimetype == _PAGE
    response.set_etag(tag, weak=is_page)
    response.last_modified = _issued()
    length = response.content_length if response.is_streamed else len(response.get_data())
    if is_page or length is None:
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
    asked = parse_range_header(request.headers.get("Range"))
    return asked is not None and asked.units == "bytes" and len(asked.ranges) == 1


def _issued() -> datetime | None:
    """Return the day that the data give themselves; the clock is never asked."""
    known: datetime | None = current_app.extensions.get("issued")
    if known is None:
        known = current_app.extensions["issued"] = issued_of(site())
    return known


def issued_of(site: Site) -> datetime | None:
    """Return the day that the data of a release give themselves, None where there is none."""
    told = site.release.manifest.issued if site.release else ""
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        try:
            return datetime.strptime(told, form).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def _tag() -> str:
    """Return what this page's content depends on, hashed; the empty string where it is not known.

    A visitor's query is not of the release alone: it may take another time or fail.
    """
    reads = request.method in ("GET", "HEAD")
    if not (site().stamp and reads) or request.path.startswith(("/sparql", "/static")):
        return ""
    asked, accept = request.full_path, request.headers.get("Accept", "")
    if request.path.startswith(_LISTING):
        asked += "".join(offer.sha256 or offer.file for offer in offered_files())
    at = f"{request.host_url.rstrip('/')}{request.script_root}"
    return tag_of(site(), asked, accept, at)


def tag_of(site: Site, asked: str, accept: str, at: str) -> str:
    """Return a hash of the release and of all that an answer depends on beside it.

    ``at`` is the whole address of the site: links in an answer, and in its head, begin with it.
    """
    told = f"{site.stamp} {asked} {accept} {at}"
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:20]
