"""The pages: Flask in threads; their queries run in the same processes as visitors' queries."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future
from functools import partial
from typing import Any, Final
from urllib.parse import quote

from a2wsgi import WSGIMiddleware

from rallynov_graph.http import protocol
from rallynov_graph.http.protocol import Left, Refused
from rallynov_graph.http.queries import QueryJob, Reply
from rallynov_graph.http.responses import Response
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server import limits
from rallynov_graph.server.endpoint import Endpoint
from rallynov_graph.server.query_pool.fair_queue import FairQueue, Place
from rallynov_graph.server.requests import HttpRequest, Message, Receive, Scope, Send, while_there
from rallynov_graph.sparql.embedded import StoreQuery

WSGI = Callable[..., Iterable[bytes]]

_LONG: Final = 1 << 20
"""A page of more bytes is sent while it is made, as the client takes it."""
_IN_ADDRESSES: Final = "%/?&=+!$'()*,;:@-._~"
_LATE: Final = Refused(
    504,
    "Cette page demande trop de temps : demandez-en une plus petite.\n"
    "This page takes too long to make: ask for a smaller one.",
)


class Pages:
    """Makes a few pages at a time, so that each is quick; clients take turns.

    While a page waits for a query, it gives its turn to another one.
    """

    def __init__(self, pages: WSGI, endpoint: Endpoint) -> None:
        self._pages, self._endpoint = pages, endpoint
        wait = endpoint.runner.limits.wait
        self._queue = FairQueue(wait, limits.PAGES, limits.PAGES_OF_ONE)
        self._turns = FairQueue(limits.PAGE_SECONDS.value, limits.PAGES_MADE, limits.PAGES_MADE)
        self._site: Any = WSGIMiddleware(self._make, workers=int(limits.PAGES.value))

    async def answer(
        self, scope: Scope, request: HttpRequest, receive: Receive, send: Send
    ) -> Response | None:
        """Return a page; None for a long one, which was sent while it was made. Raises Refused."""
        loop, page = asyncio.get_running_loop(), _Page(send, self._turns)
        scope = {
            **scope,
            "root_path": request.root,
            "path": f"{request.root}{request.path}",  # WSGI counts the root as a part
            "query_string": quote(request.query_string, safe=_IN_ADDRESSES).encode(),
            protocol.ASK: partial(self._ask, loop, page, request, receive),
        }

        async def whole() -> Message:
            return {"type": "http.request", "body": request.body, "more_body": False}

        async with while_there(receive):
            place = await self._queue.enter(request.sharer)
        try:
            async with while_there(receive):
                await page.enter(request.sharer)
        except BaseException:
            self._leave(place, page)  # also a turn that came as the client left
            raise
        making = loop.create_task(self._site(scope, whole, page.take))
        making.add_done_callback(lambda _: self._leave(place, page))
        await asyncio.wait({making}, timeout=limits.PAGE_SECONDS.value)
        if not (making.done() or page.is_sent):
            page.end()
            making.add_done_callback(lambda made: made.cancelled() or made.exception())
            raise _LATE
        await making
        return None if page.is_sent else Response(page.status, page.headers, b"".join(page.pieces))

    def _make(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        found = {
            protocol.ASK: environ["asgi.scope"][protocol.ASK],
            protocol.SECONDS: self._endpoint.runner.limits.seconds,
        }
        return self._pages({**environ, **found}, start_response)

    def _leave(self, place: Place, page: "_Page") -> None:
        self._queue.leave(place)
        page.is_over = True
        page.leave()

    def _ask(
        self,
        loop: asyncio.AbstractEventLoop,
        page: "_Page",
        request: HttpRequest,
        receive: Receive,
        query: str,
        results: Format | None,
        graph: Format | None,
        of: tuple[str, ...] | None = None,
        documents: tuple[str, ...] = (),
    ) -> Reply:
        """Return the answer to a query on these graphs; raise Refused.

        With ``documents``, it only sees the content of these documents.

        The page's thread waits for it.
        """
        protocol.of_query(query, self._endpoint.runner.limits.query)
        job = QueryJob(
            StoreQuery(query, default_graphs=of, documents=documents),
            results,
            graph,
            request.sharer,
        )

        async def reply() -> Reply:
            page.leave()
            found = await self._endpoint.reply(job, receive)
            await page.enter(request.sharer)
            return found

        answer = asyncio.run_coroutine_threadsafe(reply(), loop)
        page.asked.append(answer)
        if page.is_over:
            answer.cancel()
        try:
            return answer.result()
        except CancelledError:
            raise Left from None


class _Page:
    """A page while it is made; it is collected, or sent during that if it is long.

    ``take`` never fails: the thread that makes the page would wait forever.
    """

    def __init__(self, send: Send, turns: FairQueue) -> None:
        self._turns = turns
        self._turn: Place | None = None
        self._entering = asyncio.Lock()
        self.status, self.headers = 0, list[tuple[bytes, bytes]]()
        self.pieces: list[bytes] = []
        self.asked: list[Future[Reply]] = []
        """The answers to its queries, some of which may not be there yet."""
        self.is_sent = self.is_over = False
        self._size, self._send = 0, send

    async def enter(self, client: str) -> None:
        """Wait for a turn; a page that is already being sent needs none.

        A page has one turn, however many of its queries run at once: pages waiting for a second
        turn would wait for each other.
        """
        async with self._entering:
            if self._turn is not None or self.is_sent:
                return
            turn = await self._turns.enter(client)
            if self.is_over or self.is_sent:
                self._turns.leave(turn)
            else:
                self._turn = turn

    def leave(self) -> None:
        if self._turn is not None:
            self._turns.leave(self._turn)
            self._turn = None

    def end(self) -> None:
        """Discard the rest, and end the page's queries."""
        self.is_over = True
        for answer in self.asked:
            answer.cancel()

    async def take(self, message: Message) -> None:
        if self.is_over:
            return
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], message["headers"]
            return
        piece = message.get("body", b"")
        self._size += len(piece)
        self.pieces.append(piece)
        if self._size <= _LONG:
            return
        try:
            if not self.is_sent:
                self.is_sent = True
                self.leave()
                start = {"type": "http.response.start", "status": self.status}
                await self._send({**start, "headers": self.headers})
            await self._pass_on(message.get("more_body", False))
        except Exception:
            self.is_over = True
        self.pieces.clear()

    async def _pass_on(self, more: bool) -> None:
        for piece in self.pieces:
            async with asyncio.timeout(limits.STALL_SECONDS.value):
                await self._send({"type": "http.response.body", "body": piece, "more_body": True})
        if not more:
            await self._send({"type": "http.response.body", "body": b""})
