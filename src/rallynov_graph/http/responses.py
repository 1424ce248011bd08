"""Responses that are not pages: their headers and their errors."""

import json
from http import HTTPStatus
from typing import Final, NamedTuple

from rallynov_graph.http.protocol import Refused
from rallynov_graph.rdf.formats import Format

Headers = list[tuple[bytes, bytes]]

RETRY_AFTER: Final = 5
"""The number of seconds after which a client may try again when all processes were busy."""
ANY_SITE: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"accept-ranges, content-type, content-disposition, content-range, etag, link,"
        b" repr-digest, retry-after, server-timing",
    ),
]
"""Scripts of every site may read every answer: nothing here is anybody's own."""
SHARED_BRIEFLY: Final = "public, max-age=0, s-maxage=10"
"""How long an answer of a release may be kept: a cache in front of many readers may give it again
for ten seconds, so that a newer release shows that soon; a browser asks each time."""
NO_STORE: Final = (b"cache-control", b"no-store")
PROBLEM: Final = Format("problem", "Problem", "application/problem+json")
"""The media type of errors for programs (RFC 9457)."""
_ALWAYS: Final[Headers] = [
    (b"vary", b"Accept"),
    (b"timing-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
]


class Response(NamedTuple):
    """A whole response to a request."""

    status: int
    headers: Headers
    """Each with its name in small letters."""
    body: bytes = b""


def response(status: int, extra: Headers, body: bytes = b"", shared: bool = True) -> Response:
    """Return a response with the common headers and these.

    Scripts of other sites may only read it if it is ``shared``.
    """
    headers = [*(ANY_SITE if shared else ()), *_ALWAYS, *extra]
    if status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        headers.append((b"content-length", str(len(body)).encode()))
    return Response(status, headers, body)


def preflight(methods: str) -> Headers:
    """Return the response to OPTIONS for an address with these methods."""
    return [
        (b"allow", methods.encode()),
        (b"access-control-allow-methods", methods.encode()),
        (
            b"access-control-allow-headers",
            b"Accept, Content-Type, Authorization, If-None-Match, X-Requested-With",
        ),
        (b"access-control-max-age", b"86400"),
    ]


def refusal(refused: Refused, accept: str, methods: str = "") -> Response:
    """Return an error, as JSON for clients that accept JSON, else as text."""
    extra: Headers = [NO_STORE]
    if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
        extra.append((b"allow", methods.encode()))
    if refused.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        extra.append((b"retry-after", str(RETRY_AFTER).encode()))
    if refused.status == HTTPStatus.REQUEST_TIMEOUT:
        extra.append((b"connection", b"close"))
    if "json" in accept.lower():
        problem = {
            "type": "about:blank",
            "title": HTTPStatus(refused.status).phrase,
            "status": refused.status,
            "detail": refused.detail,
            "line": refused.line,
            "column": refused.column,
        }
        body = json.dumps({k: v for k, v in problem.items() if v is not None}, ensure_ascii=False)
        media_type = PROBLEM.content_type
    else:
        body, media_type = f"{refused.detail}\n", "text/plain; charset=utf-8"
    extra.append((b"content-type", media_type.encode()))
    return response(refused.status, extra, body.encode("utf-8", "replace"))


BROKEN: Final = refusal(Refused(500, "Something is wrong with this server."), "")
