"""The answers that are not made by the pages: their headers, their errors, how they are written."""

import json
from http import HTTPStatus
from typing import Final, NamedTuple

from rallynov_graph.http.protocol import Refused
from rallynov_graph.rdf.formats import Format

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
SHARED_BRIEFLY: Final = "public, max-age=0, s-maxage=10"
"""How long an answer of a release may be kept: a cache in front of many readers may give it again
for ten seconds, so that a newer release shows that soon; a browser asks each time."""
NO_STORE: Final = (b"cache-control", b"no-store")
PROBLEM: Final = Format("problem", "Problem", "application/problem+json")
"""How programs are told of an error (RFC 9457)."""
PIECE: Final = 1 << 18
"""A client that takes this many bytes is not one that does not read."""


class Response(NamedTuple):
    """A whole answer to a request."""

    status: int
    head: bytes
    """The headers as they are sent, each with its line break."""
    body: bytes = b""

    @property
    def headers(self) -> Headers:
        """The headers, each with its name in small letters."""
        lines = (line.partition(b": ") for line in self.head.split(b"\r\n")[:-1])
        return [(name, value) for name, _, value in lines]

    def pieces(self) -> list[bytes]:
        """Return the body in pieces, one at least, so that it shows whether a client takes them."""
        starts = range(0, max(1, len(self.body)), PIECE)
        return [self.body[start : start + PIECE] for start in starts]

    def for_method(self, method: str) -> "Response":
        """Return the answer as a request by this method gets it: HEAD gets no body."""
        return self._replace(body=b"") if method == "HEAD" else self


def response(status: int, extra: Headers, body: bytes = b"") -> Response:
    """Return an answer with the headers that all have, and these; raise ValueError for bad ones."""
    return Response(status, head(extra) + length(status, body), body)


def head(extra: Headers) -> bytes:
    """Return the headers that all answers have, and these, but for the length."""
    return _ALWAYS + written(extra)


def length(status: int, body: bytes) -> bytes:
    """Return the header with the length of a body, where an answer of this status has one."""
    if status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
        return b""
    return b"content-length: %d\r\n" % len(body)


def written(headers: Headers) -> bytes:
    """Return headers as they are sent; raise ValueError where one would be more than one."""
    lines = b"".join([b"%b: %b\r\n" % header for header in headers])
    if lines.count(b"\n") != len(headers) or lines.count(b"\r") != len(headers):
        raise ValueError("A header has a line break in it.")
    return lines


_ALWAYS: Final = written(
    [
        *ANY_SITE,
        (b"vary", b"Accept, Accept-Encoding"),
        (b"timing-allow-origin", b"*"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'; sandbox"),
    ]
)


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


def refusal(refused: Refused, accept: str, methods: str = "") -> Response:
    """Return an error, as JSON to those who take JSON, else as text."""
    extra: Headers = [NO_STORE]
    if refused.status == HTTPStatus.METHOD_NOT_ALLOWED:
        extra.append((b"allow", methods.encode()))
    if refused.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        extra.append((b"retry-after", str(RETRY_AFTER).encode()))
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


WRONG: Final = Refused(500, "Something is wrong with this server.")
BROKEN: Final = refusal(WRONG, "")
