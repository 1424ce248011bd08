"""How an answer that is not a page is sent: its headers, its errors, its size."""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, Final

from rallynov_graph.http.protocol import Refused
from rallynov_graph.rdf.formats import Format

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

RETRY_AFTER: Final = 5
"""After so many seconds one may ask again when all query processes were busy."""
ANY_SITE: Final[Headers] = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"accept-ranges, content-type, content-disposition, content-range, etag, link,"
        b" repr-digest, retry-after, server-timing",
    ),
]
"""Scripts of every site may read every answer: nothing here is anybody's own."""
VARY: Final = (b"vary", b"Accept, Accept-Encoding")
_ALWAYS: Final[Headers] = [
    *ANY_SITE,
    VARY,
    (b"timing-allow-origin", b"*"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
]
NO_STORE: Final = (b"cache-control", b"no-store")
PROBLEM: Final = Format("problem", "Problem", "application/problem+json")
"""How programs are told of an error (RFC 9457)."""
_PIECE: Final = 1 << 18
"""A client that takes this many bytes is not one that does not read."""
WHOLE: Final = "rallynov.whole"
"""An extension of ASGI, and its message: a status, a head as it is sent, a body, all at once."""


def preflight(methods: str) -> Headers:
    """Return what OPTIONS is answered with where these methods are possible."""
    return [
        (b"allow", methods.encode()),
        (b"access-control-allow-methods", methods.encode()),
        (
            b"access-control-allow-headers",
            b"Accept, Content-Type, Authorization, If-None-Match, X-Requested-With",
        ),
        (b"access-control-max-age", b"86400"),
    ]


async def respond(scope: Scope, send: Send, status: int, extra: Headers, body: bytes = b"") -> None:
    """Send a whole answer, in pieces that show whether the client takes them."""
    if status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        extra = [*extra, (b"content-length", b"%d" % len(body))]
    shown = b"" if scope["method"] == "HEAD" else body
    if len(shown) <= _PIECE and WHOLE in scope.get("extensions", ()):
        head = _ALWAYS_WRITTEN + _written(extra)
        await send({"type": WHOLE, "status": status, "head": head, "body": shown})
        return
    headers = [*_ALWAYS, *extra]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    start = 0
    while len(shown) - start > _PIECE:
        piece = shown[start : start + _PIECE]
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        start += _PIECE
    await send({"type": "http.response.body", "body": shown[start:] if start else shown})


async def send_whole(scope: Scope, send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Send an answer that has these headers alone: in one message where the server takes one."""
    if WHOLE in scope.get("extensions", ()):
        head = _written(headers)
        await send({"type": WHOLE, "status": status, "head": head, "body": body})
        return
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def head(extra: Headers, size: int) -> bytes:
    """Return the head of an answer of so many bytes, as it is sent after its status."""
    return _ALWAYS_WRITTEN + _written([*extra, (b"content-length", b"%d" % size)])


def _written(headers: Headers) -> bytes:
    """Return headers as they are sent; raise ValueError where one would be more than one."""
    written = b"".join([b"%b: %b\r\n" % header for header in headers])
    if written.count(b"\n") != len(headers) or written.count(b"\r") != len(headers):
        raise ValueError("A header has a line break in it.")
    return written


_ALWAYS_WRITTEN: Final = _written(_ALWAYS)


async def refuse(scope: Scope, refused: Refused, accept: str, send: Send, methods: str) -> None:
    """Send an error, as JSON to those who take JSON, else as text."""
    extra: Headers = [NO_STORE]
    if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
        extra.append((b"allow", methods.encode()))
    if refused.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        extra.append((b"retry-after", str(RETRY_AFTER).encode()))
    if "json" in accept.lower():
        said = {
            "type": "about:blank",
            "title": HTTPStatus(refused.status).phrase,
            "status": refused.status,
            "detail": refused.detail,
            "line": refused.line,
            "column": refused.column,
        }
        body = json.dumps({k: v for k, v in said.items() if v is not None}, ensure_ascii=False)
        media_type = PROBLEM.content_type
    else:
        body, media_type = f"{refused.detail}\n", "text/plain; charset=utf-8"
    extra.append((b"content-type", media_type.encode()))
    await respond(scope, send, refused.status, extra, body.encode("utf-8", "replace"))
