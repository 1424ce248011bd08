"""Reading a request that has arrived in one piece, without uvicorn's messages and tasks.

Most requests do. What is unusual about a request, from an encoded path to a body in chunks, is left
to uvicorn, which reads everything.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol

import httptools
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from rallynov_graph.http.forwarding import Forwarded, Headers, Proxies, forwarded
from rallynov_graph.http.request import HttpRequest, RequestHead
from rallynov_graph.server import request_heads

if TYPE_CHECKING:
    from rallynov_graph.server.connections import Connection

_SHORT: Final = 2048
"""So many bytes of headers, a thousand times, stay known."""
_METHODS: Final = {b"GET": "GET", b"HEAD": "HEAD", b"POST": "POST"}
_PATH: Final = re.compile(rb"/(?!/)[A-Za-z0-9._~!$&'()*+,;=:@/-]*")
_OF_QUERIES: Final = bytes({*range(0x21, 0x7F)} - {*b'"#'})
_ANY_LINE: Final = b"POST / HTTP/1.1\r\n"
_END: Final = b"\r\n\r\n"
_CONNECTIONS: Final = (b"keep-alive", b"close")
_UNUSUAL: Final = frozenset({b"expect", b"te", b"transfer-encoding", b"upgrade"})
"""With any of these, the client waits for something before its answer, or the body is coded."""


@dataclass(frozen=True)
class _Usual:
    """What usual headers say."""

    head: RequestHead
    forwarded: Forwarded
    length: int
    """How many bytes the body has."""
    keep_alive: bool


class RequestReader:
    """Reads requests, of which some may come from proxies that are believed."""

    def __init__(self, believed: tuple[str, ...] = ()) -> None:
        """``believed`` are the addresses of proxies that may say for whom they ask."""
        middleware = ProxyHeadersMiddleware(None, [*believed])  # type: ignore[arg-type]
        self.proxies: Proxies = middleware.trusted_hosts
        self._has_proxies = bool(believed)
        self._known = lru_cache(maxsize=1024)(self._usual)

    def read(self, data: bytes, client: str, reached: str) -> HttpRequest | None:
        """Return the request of a client, None unless this is one alone, whole and usual.

        ``reached`` is the host of the server itself.
        """
        line, end = data.find(b"\r\n"), data.find(_END) + len(_END)
        words = data[:line].split(b" ")
        if len(words) != 3 or not len(_END) <= end <= request_heads.LONGEST:
            return None
        method, (path, _, query) = _METHODS.get(words[0]), words[1].partition(b"?")
        is_usual = words[2] == b"HTTP/1.1" and _PATH.fullmatch(path)
        if method is None or not is_usual or query.translate(None, _OF_QUERIES):
            return None
        lines = data[line + 2 : end]
        read = self._known if len(lines) <= _SHORT else self._usual
        is_proxy = self._has_proxies and client in self.proxies
        usual = read(lines, client if is_proxy else "", reached)
        if usual is None or len(data) - end != usual.length:
            return None
        origin = usual.forwarded
        at = origin.client or client, origin.root
        return HttpRequest(
            method, path.decode(), query, usual.head, *at, data[end:], usual.keep_alive
        )

    def _usual(self, lines: bytes, proxy: str, reached: str) -> _Usual | None:
        """Return what headers say, up to the empty line; None where they are not usual.

        The parser is uvicorn's: both take the same for a request.
        """
        found = _Found()
        parser = httptools.HttpRequestParser(found)
        try:
            parser.feed_data(_ANY_LINE + lines)
            request_heads.check_host("1.1", found.headers)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade, request_heads.Refused):
            return None
        named = dict(found.headers)
        connection = named.get(b"connection", b"keep-alive").lower()
        is_one = found.begun == found.complete == 1
        if not is_one or connection not in _CONNECTIONS or _UNUSUAL & named.keys():
            return None
        origin = forwarded(found.headers, proxy, self.proxies)
        head = RequestHead.of(origin.replaced(found.headers), origin.scheme or "http", reached)
        length = int(named.get(b"content-length", b"0"))
        return _Usual(head, origin, length, connection != b"close")


class _Found:
    """Collects what the parser finds."""

    def __init__(self) -> None:
        self.headers: Headers = []
        self.begun = self.complete = 0

    def on_message_begin(self) -> None:
        self.begun += 1

    def on_headers_complete(self) -> None:
        self.complete += 1

    def on_header(self, name: bytes, value: bytes) -> None:
        self.headers.append((name.lower(), value))


class RequestHandler(Protocol):
    """An application that answers some requests without ASGI's messages."""

    reader: RequestReader

    def respond(self, request: HttpRequest, connection: "Connection") -> bool:
        """Answer a request now or later; return False for one that goes by ASGI.

        The answer is sent by ``answer`` of the connection, or by what ``run`` was called with.
        """
        ...

    def note_unread(self, client: str, status: int, size: int) -> None:
        """Note that what a client sent was refused unread, in so many bytes."""
        ...
