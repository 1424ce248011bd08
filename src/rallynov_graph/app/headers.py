"""What every answer carries: what a browser may do with it, and how long it holds."""

from __future__ import annotations

import hashlib
from typing import Final

from flask import Flask, Response, g, request

from rallynov_graph.app.reading import site

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
    "/data/",
    "/id/",
    "/ontology",
    "/shapes",
    "/context.jsonld",
    "/resource.",
    "/api/",
    "/reconcile",
    "/downloads/",
)
"""Paths whose answers any site may read: they are data."""
_FRAMED: Final = "/reconcile/preview"
"""What other sites show in a frame."""
_YEAR: Final = 31_536_000


def guard(app: Flask) -> None:
    """Give every answer of the app its headers."""
    app.before_request(_unchanged)
    app.after_request(_seal)


def _unchanged() -> Response | None:
    """Answer 304 at once where the reader has the page of this very release."""
    tag = _tag()
    if tag and request.if_none_match.contains_weak(tag):
        response = Response(status=304)
        response.set_etag(tag, weak=True)
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
        tag = "" if "passing" in g else _tag()
        if tag and "ETag" not in response.headers:
            response.set_etag(tag, weak=True)
        response.headers.setdefault("Cache-Control", "no-cache")
    elif response.status_code != 304:
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _tag() -> str:
    """Return what this page's content depends on, hashed; the empty string where it is not known.

    A visitor's query is not of the release alone: it may take another time or fail.
    """
    stamp = site().stamp
    reads = request.method in ("GET", "HEAD")
    fixed = reads and not request.path.startswith(("/sparql", "/static"))
    if not (stamp and fixed):
        return ""
    asked = f"{stamp} {request.full_path} {request.headers.get('Accept', '')} {request.script_root}"
    return hashlib.sha256(asked.encode("utf-8", "replace")).hexdigest()[:20]
