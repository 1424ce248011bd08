"""The whole site of a web process: who answers each request; each answer is counted and noted."""

import asyncio
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

from rallynov_graph.http import responses
from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.request import HttpRequest, RequestHead
from rallynov_graph.http.responses import Response
from rallynov_graph.release.release_set import release_id_at, split_path
from rallynov_graph.server import asgi, graph_store, operations
from rallynov_graph.server.access_log import AccessLog
from rallynov_graph.server.asgi import AsgiClient, Message, Receive, Scope
from rallynov_graph.server.connections import Connection
from rallynov_graph.server.deliveries import Deliveries
from rallynov_graph.server.endpoint import PATH, Describe, Endpoint, Send, number_of
from rallynov_graph.server.metrics import Metrics, MetricsRow, Part
from rallynov_graph.server.operations import Operations, Served
from rallynov_graph.server.page_threads import WSGI, Pages
from rallynov_graph.server.query_pool.clients import Client, QueryRunner
from rallynov_graph.server.request_reader import RequestReader

_Sending = Callable[[Response], Awaitable[None]]


class Responder(Protocol):
    """Answers the requests to some paths, whoever has read them."""

    methods: str
    """Those that are possible, as OPTIONS tells them."""

    @property
    def longest_body(self) -> int:
        """How many bytes of a body are read; 0 where none is wanted."""
        ...

    def respond(self, request: HttpRequest, client: Client, send: Send) -> bool:
        """Send the answer, now or later; return False where a page is to be made."""
        ...


@dataclass(frozen=True)
class ServedSite:
    """What a web process serves."""

    runner: QueryRunner
    """Who has visitors' queries answered."""
    pages: WSGI | None = None
    stamp: bytes = b""
    """What answers depend on beside the request; empty where they may change meanwhile."""
    describe: Describe | None = None
    served: Served = field(default_factory=Served)
    metrics: Metrics = field(default_factory=lambda: Metrics(1))
    number: int = 0
    """Which row of the figures is this process's."""
    access_log: AccessLog = field(default_factory=AccessLog)
    proxies: tuple[str, ...] = ()
    """The addresses that are believed when they say for whom they ask."""
    earlier: Mapping[str, "ServedSite"] = field(default_factory=dict)
    """What lies under ``/release/<id>/``, by id; of them, only what they answer with is taken."""

    @property
    def row(self) -> MetricsRow:
        """The figures of this process."""
        return self.metrics.row(self.number)


class _Nowhere:
    """Answers where there is nothing."""

    methods, longest_body = "", 0

    def respond(self, request: HttpRequest, client: Client, send: Send) -> bool:
        """Send that nothing is there."""
        send(responses.refusal(_NOTHING, ""))
        return True


_FIRST: Final = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n"
_NOTHING: Final = Refused(404, f"Nothing is here; queries are answered at {PATH}.")


class _ReleaseRoutes:
    """Everything that is answered for one release: each path to who answers it."""

    def __init__(self, site: ServedSite, row: MetricsRow) -> None:
        has_pages = site.pages is not None
        endpoint = Endpoint(
            site.runner,
            stamp=site.stamp,
            describe=site.describe,
            row=row,
            has_pages=has_pages,
        )
        self.pages = None if site.pages is None else Pages(site.pages, endpoint)
        self._endpoint, self._graphs = endpoint, graph_store.GraphStore(endpoint)

    def find(self, path: str) -> tuple[Part, Responder | None]:
        """Return who answers a path of the release, and under which part that is counted.

        None where only a page can.
        """
        if path == PATH:
            return Part.SPARQL, self._endpoint
        if path == graph_store.PATH or path.startswith(f"{graph_store.PATH}/"):
            return Part.GRAPHS, self._graphs
        return Part.PAGES, None if self.pages else _Nowhere()


class Root:
    """The whole site, as connections and as uvicorn ask it."""

    def __init__(self, site: ServedSite) -> None:
        self._access_log, self._row = site.access_log, site.row
        self._latest = _ReleaseRoutes(site, self._row)
        self._earlier = {id: _ReleaseRoutes(one, self._row) for id, one in site.earlier.items()}
        self._deliveries = Deliveries()
        self.operations = Operations(site.runner, site.metrics, site.served)
        self.reader = RequestReader(site.proxies)

    def respond(self, request: HttpRequest, connection: Connection) -> bool:
        """Answer a request that a connection has read; return False where a page is to be made."""
        part, responder, _, site_request = self._route(request)
        begun = time.perf_counter()

        def send(response: Response | None) -> None:
            if response is None or connection.is_lost:
                self._note(part, request, 0, 0, begun)
                return
            shown = response.for_method(request.method)
            if len(shown.body) <= responses.PIECE:
                connection.answer(shown)
                self._note(part, request, shown.status, len(shown.body), begun)
            else:
                connection.run(self._deliver(part, request, shown, connection.send, begun))

        return responder is not None and responder.respond(site_request, connection, send)

    async def __call__(self, scope: Scope, receive: Receive, send: asgi.Send) -> None:
        """Answer a request that uvicorn has read."""
        begun = time.perf_counter()
        scope = asgi.as_requested(scope, self.reader.proxies)
        request = asgi.request_of(scope)
        part, responder, pages, site_request = self._route(request)
        answer: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()
        try:
            if request.method == "POST" and responder is not None and responder.longest_body:
                body = await asgi.body_of(request, receive, responder.longest_body)
                site_request = site_request._replace(body=body)
        except Refused as refused:
            answer.set_result(responses.refusal(refused, request.head.accept))
        if answer.done() or (
            responder is not None
            and responder.respond(site_request, AsgiClient(receive), partial(_settle, answer))
        ):
            response = await answer
            if response is None:
                self._note(part, request, 0, 0, begun)
            else:
                shown = response.for_method(request.method)
                await self._deliver(part, request, shown, partial(asgi.send_by, send), begun)
        elif pages is not None:
            at = {**scope, "root_path": site_request.root, "path": site_request.path}
            await self._make_page(pages, part, request, at, receive, send, begun)

    def rehearse(self) -> None:
        """Read a request for the first page, and find who answers it; send nothing.

        A process that was forked has the memory of its parent until it uses it, which then costs
        the first of its clients milliseconds.
        """
        request = self.reader.read(_FIRST, "", "")
        assert request is not None
        self._route(request)

    def note_unread(self, client: str, status: int, size: int) -> None:
        """Note that a request was refused before it was read."""
        unread = HttpRequest("", "", b"", RequestHead.of([], ""), client)
        self._note(Part.PAGES, unread, status, size, time.perf_counter())

    def _route(
        self, request: HttpRequest
    ) -> tuple[Part, Responder | None, Pages | None, HttpRequest]:
        """Return who answers, under which part that is counted, and the request as it sees it."""
        if request.path in operations.PATHS:
            return Part.OPERATIONS, self.operations, None, request
        if self._earlier:
            place, rest = split_path(request.path)
            earlier = self._earlier.get(release_id_at(place))
            if earlier is not None:
                site_request = request._replace(path=rest, root=f"{request.root}{place}")
                return (*earlier.find(rest), earlier.pages, site_request)
        return (*self._latest.find(request.path), self._latest.pages, request)

    async def _deliver(
        self, part: Part, request: HttpRequest, response: Response, send: _Sending, begun: float
    ) -> None:
        """Send an answer, or that too many long ones wait to be taken; count it and note it."""
        try:
            with self._deliveries.of(number_of(request), len(response.body)):
                await send(response)
        except Refused as refused:
            response = responses.refusal(refused, request.head.accept)
            await send(response)
        finally:
            self._note(part, request, response.status, len(response.body), begun)

    async def _make_page(
        self,
        pages: Pages,
        part: Part,
        request: HttpRequest,
        scope: Scope,
        receive: Receive,
        send: asgi.Send,
        begun: float,
    ) -> None:
        """Make a page, count it and note it."""
        status = size = 0

        async def count_and_send(message: Message) -> None:
            nonlocal status, size
            status = message.get("status", status)
            size += len(message.get("body", b""))
            await send(message)

        try:
            await pages(scope, receive, count_and_send)
        except Exception:
            traceback.print_exc()
            if status:
                raise
            await asgi.send_by(count_and_send, responses.BROKEN.for_method(request.method))
        finally:
            self._note(part, request, status, size, begun)

    def _note(self, part: Part, request: HttpRequest, status: int, size: int, begun: float) -> None:
        took = time.perf_counter() - begun
        self._row.answered(part, status, took)
        if self._access_log.is_open:
            self._access_log.write(request, status, size, took)


def _settle(answer: "asyncio.Future[Response | None]", response: Response | None) -> None:
    if not answer.done():  # it is when the server stops waiting
        answer.set_result(response)
