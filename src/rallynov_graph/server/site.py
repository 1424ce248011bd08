"""The whole site of a web process: dispatch requests, count and log responses."""

import asyncio
import ipaddress
import sys
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from rallynov_graph.http import protocol, responses
from rallynov_graph.http.protocol import Left, Refused
from rallynov_graph.http.queries import QueryJob
from rallynov_graph.http.responses import Response
from rallynov_graph.rdf import formats
from rallynov_graph.release.release_set import release_id_at, split_path
from rallynov_graph.server import limits
from rallynov_graph.server.endpoint import GRAPHS, METHODS, METHODS_OF_GRAPHS, PATH, Endpoint
from rallynov_graph.server.limits import MEBIBYTE
from rallynov_graph.server.log import Log, line_of
from rallynov_graph.server.metrics import Collector, Metrics, MetricsRow, Part, Served
from rallynov_graph.server.pages import Pages
from rallynov_graph.server.requests import (
    HttpRequest,
    Message,
    Proxies,
    Receive,
    Scope,
    Send,
    body_of,
    request_of,
)
from rallynov_graph.sparql.embedded import StoreQuery

HEALTH, READINESS, FIGURES = "/healthz", "/readyz", "/metrics"
_OPERATIONS: Final = frozenset({HEALTH, READINESS, FIGURES, "*"})
"""The last is the server as a whole, which can only be asked for its methods."""
_READY_WITHIN: Final = 2.0
"""The seconds within which a ready server answers an empty query."""
_FORWARDED: Final = frozenset({b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"})
_LENGTHS: Final = frozenset({b"content-length", b"transfer-encoding"})
_OWN_FETCHES: Final = (b"", b"none", b"same-origin")
_NOTHING: Final = Refused(404, f"Nothing is here; queries are answered at {PATH}.")
_OTHER_HOST: Final = Refused(
    403,
    "Des textes se lisent ici : ce service ne répond que sous son propre nom (--base, --host).\n"
    "Texts are read here: this service answers under its own name only (--base, --host).",
)

_PIECE: Final = 1 << 16
"""The number of bytes that proves that a client is reading."""
_SLOW: Final = 1.0
"""The seconds after which a client that reads nothing is disconnected."""
_GREEDY: Final = "You have answers that you have not taken yet; ask again when you have them."
_FULL: Final = "Too many answers wait for others; ask again in a moment."


@dataclass(frozen=True)
class Site:
    """The endpoint and the pages of one release."""

    endpoint: Endpoint
    pages: Pages | None


@dataclass(frozen=True)
class Access:
    """The accepted clients and hosts, and what is logged about requests."""

    log: Log = Log.NONE
    proxies: tuple[str, ...] = ()
    """The addresses of proxies that are believed when they say for whom they ask."""
    hosts: tuple[str, ...] | None = None
    """The names under which the site may be asked beside this machine's addresses; None: all."""


@dataclass(eq=False)
class _Delivery:
    client: str
    size: int
    since: float
    """When the client took something for the last time."""
    patience: asyncio.Timeout | None = None


@dataclass
class Unsent:
    """The responses that a process is sending.

    The last piece of each is in the buffer of its connection, whose time the system limits.
    """

    _all: list[_Delivery] = field(default_factory=list)

    async def send(self, send: Send, response: Response, request: HttpRequest) -> None:
        """Send a response; raise Refused at its beginning if too much is waiting already.

        The connection of a client that accepts nothing for too long is closed.
        """
        body = b"" if request.method == "HEAD" else response.body
        start = {"type": "http.response.start", "status": response.status}
        if len(body) <= _PIECE:
            await send({**start, "headers": response.headers})
            await send({"type": "http.response.body", "body": body})
            return
        loop = asyncio.get_running_loop()
        delivery = self._admitted(request.sharer, len(body), loop.time())
        try:
            await send({**start, "headers": response.headers})
            for at in range(0, len(body), _PIECE):
                piece, more = body[at : at + _PIECE], at + _PIECE < len(body)
                async with asyncio.timeout(limits.STALL_SECONDS.value) as delivery.patience:
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
                delivery.since = loop.time()
        except TimeoutError:
            return  # the server closes a connection whose answer is not whole
        finally:
            if delivery in self._all:
                self._all.remove(delivery)

    def _admitted(self, client: str, size: int, now: float) -> _Delivery:
        own = sum(it.size for it in self._all if it.client == client)
        if own and own + size > limits.UNSENT_OF_ONE.value * MEBIBYTE:
            raise Refused(429, _GREEDY)
        held = sum(it.size for it in self._all)
        while held and held + size > limits.UNSENT.value * MEBIBYTE:
            slowest = min(self._all, key=lambda it: it.since)
            if now - slowest.since < _SLOW or slowest.patience is None:
                raise Refused(503, _FULL)
            slowest.patience.reschedule(now)
            self._all.remove(slowest)
            held -= slowest.size
        delivery = _Delivery(client, size, now)
        self._all.append(delivery)
        return delivery


@dataclass
class Root:
    """The site, and the earlier releases below ``/release/<id>/``, as an ASGI application."""

    latest: Site
    earlier: Mapping[str, Site]
    access: Access
    metrics: Metrics
    row: MetricsRow
    served: Served
    is_stopping: bool = False
    """Whether every connection ends after its next answer."""
    _unsent: Unsent = field(default_factory=Unsent)

    def __post_init__(self) -> None:
        self._proxies = Proxies(self.access.proxies)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status, size = time.perf_counter(), 0, 0

        async def counted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if self.is_stopping or _is_ambiguous(scope):
                    message = {
                        **message,
                        "headers": [*message["headers"], (b"connection", b"close")],
                    }
            size += len(message.get("body", b""))
            await send(message)

        scope = self._proxies.as_requested(scope)
        request, accept = None, ""
        try:
            request = request_of(scope)
            accept = request.head.accept
            body = await body_of(request, receive)
            request = request._replace(body=body)
            response = await self._answer(scope, request, receive, counted)
            if response is not None:
                await self._unsent.send(counted, response, request)
        except Left:
            pass
        except Refused as refused:
            await _send(counted, responses.refusal(refused, accept), scope["method"])
        except Exception:
            traceback.print_exc(file=sys.stderr)
            if not status:
                await _send(counted, responses.BROKEN, scope["method"])
        finally:
            self._note(request, status, size, time.perf_counter() - begun)

    async def _answer(
        self, scope: Scope, request: HttpRequest, receive: Receive, send: Send
    ) -> Response | None:
        """Return the response to a request, None if it was sent; raise Refused."""
        if request.path in _OPERATIONS:
            return await self._operate(request, receive)
        self._require_own_host(request)
        site = self.latest
        if self.earlier:
            place, rest = split_path(request.path)
            earlier = self.earlier.get(release_id_at(place))
            if earlier is not None:
                site = earlier
                request = request._replace(path=rest, root=f"{request.root}{place}")
        part = _part(request.path)
        reads_page = request.method in ("GET", "HEAD") and request.head.takes_page
        is_page = part in (Part.PAGES, Part.OPERATIONS)  # those of the server are not a release's
        if is_page or (part is Part.SPARQL and reads_page and site.pages):
            if site.pages is None:
                raise _NOTHING
            return await site.pages.answer(scope, request, receive, send)
        methods = METHODS if part is Part.SPARQL else METHODS_OF_GRAPHS
        if request.method == "OPTIONS":
            return responses.response(204, responses.preflight(methods))
        if request.method not in methods.split(", "):
            return _no_method(request, methods)
        if len(request.query_string) > limits.ADDRESS.value * 1024:
            words = f"The address is too long: send the query by POST ({protocol.FORMS})."
            raise Refused(414, words)
        ask = site.endpoint.answer if part is Part.SPARQL else site.endpoint.graph
        return await ask(request, receive)

    async def _operate(self, request: HttpRequest, receive: Receive) -> Response:
        """Return the response for operators: liveness, readiness, figures."""
        if request.method == "OPTIONS":
            return responses.response(204, responses.preflight(METHODS_OF_GRAPHS))
        if request.method not in ("GET", "HEAD"):
            return _no_method(request, METHODS_OF_GRAPHS)
        body, media_type = b"ok\n", "text/plain; charset=utf-8"
        if request.path == FIGURES:
            if not (self.served.public or _is_operator(request)):
                raise Refused(403, "The figures are told on the server's own machine only.")
            body, media_type = Collector(self.metrics, self.served).text()
        elif request.path == READINESS:
            await self._make_sure(receive)
        headers = [(b"content-type", media_type.encode()), responses.NO_STORE]
        is_shared = request.path != FIGURES or self.served.public
        return responses.response(200, headers, body, is_shared)

    async def _make_sure(self, receive: Receive) -> None:
        """Raise Refused unless a test query is answered."""
        if self.is_stopping:
            raise Refused(503, "The server is about to stop.")
        job = QueryJob(StoreQuery("ASK {}"), formats.RESULTS_CSV, None)
        try:
            async with asyncio.timeout(_READY_WITHIN):
                await self.latest.endpoint.reply(job, receive)
        except (TimeoutError, Refused) as error:
            raise Refused(503, "No query process answers in time.") from error

    def _require_own_host(self, request: HttpRequest) -> None:
        """Raise Refused if texts are shown and another host name leads here."""
        if self.access.hosts is not None and not _is_own(request, self.access.hosts):
            raise _OTHER_HOST

    def _note(self, request: HttpRequest | None, status: int, size: int, took: float) -> None:
        path = "" if request is None else request.path
        part = _part(split_path(path)[1] if self.earlier else path)
        self.row.answered(part, status, took)
        if request is not None and self.access.log is not Log.NONE:
            sys.stderr.write(line_of(self.access.log, request, status, size, took))


def _part(path: str) -> Part:
    """Return which part of the site serves a path of a release."""
    if path in _OPERATIONS:
        return Part.OPERATIONS
    if path == PATH:
        return Part.SPARQL
    is_graph = path == GRAPHS or path.startswith(f"{GRAPHS}/")
    return Part.GRAPHS if is_graph else Part.PAGES


def _no_method(request: HttpRequest, methods: str) -> Response:
    words = f"{request.method} is not possible here, but {methods}."
    return responses.refusal(Refused(405, words), request.head.accept, methods)


def _is_operator(request: HttpRequest) -> bool:
    """Whether a request comes from this machine, not through a proxy or from a web page.

    A page of another site in a browser here may request any address of this machine, also under a
    name that leads here.
    """
    headers = request.head.headers
    if not request.client or (_FORWARDED | {b"origin"}) & headers.keys():
        return False
    if headers.get(b"sec-fetch-site", b"") not in _OWN_FETCHES or not _is_own(request, ()):
        return False
    return _is_address(request.client) and ipaddress.ip_address(request.client).is_loopback


def _is_ambiguous(scope: Scope) -> bool:
    """Whether a proxy may see the end of a request elsewhere (RFC 9112, 6.1)."""
    return {name for name, _ in scope["headers"]} >= _LENGTHS


def _is_own(request: HttpRequest, hosts: tuple[str, ...]) -> bool:
    """Whether a request names its host by an address, as localhost, or by these names."""
    name = urlsplit(request.head.origin).hostname or ""
    return name in ("", "localhost", *hosts) or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        return bool(ipaddress.ip_address(name))
    except ValueError:
        return False


async def _send(send: Send, response: Response, method: str) -> None:
    start = {"type": "http.response.start", "status": response.status}
    await send({**start, "headers": response.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else response.body})
