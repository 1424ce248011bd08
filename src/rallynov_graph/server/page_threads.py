"""The pages of a web process: they are made in threads, and what they ask is answered elsewhere.

So many are made at a time. One that waits for an answer is not being made meanwhile: its place is
another's. So however long answers take, the pages that need none are not held up.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from rallynov_graph.http import protocol, responses
from rallynov_graph.http.query_jobs import MEBIBYTE, QueryJob, Reply
from rallynov_graph.rdf.formats import Format
from rallynov_graph.server.asgi import (
    AsgiClient,
    Message,
    Receive,
    Scope,
    Send,
    body_of,
    request_of,
    send_by,
)
from rallynov_graph.server.client_numbers import number
from rallynov_graph.server.endpoint import Endpoint
from rallynov_graph.server.query_pool.fair_queue import BUSY, GREEDY
from rallynov_graph.sparql.embedded import StoreQuery

WSGI = Callable[..., Iterable[bytes]]

PAGE_THREADS: Final = 8
"""How many pages one web process makes at a time."""
MOST_WAITING: Final = 128
"""How many more may wait for answers. A thread that waits costs some 75 kB."""
MOST_OF_ONE: Final = MOST_WAITING // 8
"""How many of those may be one client's."""
LONGEST_BODY: Final = 16 * MEBIBYTE
"""How many bytes of a request are read for a page; some pages want fewer."""
_PLACE: Final = "rallynov.place"


class _Place:
    """One of the places of pages that are made, and whether a page has it. The loop alone knows."""

    def __init__(self, all_places: asyncio.Semaphore) -> None:
        self._all, self._is_held = all_places, False
        self._asking, self._is_over = 0, False

    async def take(self) -> None:
        """Wait until it is free, and hold it."""
        await self._all.acquire()
        self._is_held = True

    def leave(self) -> None:
        """Let others have it, if they do not already."""
        if self._is_held:
            self._is_held = False
            self._all.release()

    async def lent(self, answer: Awaitable[Reply]) -> Reply:
        """Return what an answer comes to; while a page has any under way, others have its place."""
        self._asking += 1
        self.leave()
        try:
            return await answer
        except asyncio.CancelledError:
            self._is_over = True  # the server stops: nobody gives a place back any more
            raise
        finally:
            self._asking -= 1
            if not (self._asking or self._is_over):
                await self.take()


class Pages:
    """The pages as an ASGI application, which sees who leaves."""

    def __init__(self, pages: WSGI, endpoint: Endpoint) -> None:
        from a2wsgi import WSGIMiddleware

        self._pages, self._endpoint = pages, endpoint
        self._site: Any = WSGIMiddleware(self._render, workers=PAGE_THREADS + MOST_WAITING)
        self._places = asyncio.Semaphore(PAGE_THREADS)
        self._waiting: dict[int, Counter[_Place]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        self._loop = asyncio.get_running_loop()
        root = scope.get("root_path", "")
        if root:  # to a WSGI application, the path that it lies under is a part of the whole
            scope = {**scope, "path": root + scope["path"]}
        ask = partial(self._ask, scope, place := _Place(self._places), receive)
        scope = {**scope, _PLACE: place, protocol.ASK: ask}
        body = b""
        if scope["method"] not in ("GET", "HEAD"):  # it is whole before the page takes a place
            try:
                body = await body_of(request_of(scope), receive, LONGEST_BODY)
            except protocol.Refused as refused:
                await send_by(send, responses.refusal(refused, ""))
                return
        await place.take()
        try:
            await self._site(scope, partial(_whole, body), send)
        finally:
            place.leave()

    def _render(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Return a page, made in a thread; who takes it slowly has its place no longer."""
        assert self._loop is not None
        scope = environ["asgi.scope"]
        told = {
            protocol.ASK: scope[protocol.ASK],
            protocol.SECONDS: self._endpoint.seconds,
        }
        page = self._pages({**environ, **told}, start_response)
        self._loop.call_soon_threadsafe(scope[_PLACE].leave)
        return page

    def _ask(
        self,
        scope: Scope,
        place: _Place,
        receive: Receive,
        query: str,
        results: Format | None,
        graph: Format | None,
        of: tuple[str, ...] | None = None,
    ) -> Reply:
        """Return the answer to a query, of these graphs alone; raise Refused where there is none.

        A page has read what its visitor sends before it asks anything.
        """
        assert self._loop is not None
        protocol.of_query(query, self._endpoint.longest)
        store_query = StoreQuery(query, default_graphs=of)
        client = number(scope["client"][0]) if scope.get("client") else 0
        answer = self._answered(store_query, results, graph, client, place, receive)
        return asyncio.run_coroutine_threadsafe(place.lent(answer), self._loop).result()

    async def _answered(
        self,
        store_query: StoreQuery,
        results: Format | None,
        graph: Format | None,
        client: int,
        place: _Place,
        receive: Receive,
    ) -> Reply:
        with self._waits(client, place):
            job = QueryJob(store_query, results, graph, client)
            reply = await self._endpoint.reply(job, AsgiClient(receive))
        if reply is None:
            raise protocol.Left
        return reply

    @contextmanager
    def _waits(self, client: int, place: _Place) -> Iterator[None]:
        """Count a page that waits, once; raise Refused where so many wait already."""
        own = self._waiting.get(client, Counter())
        if place not in own:
            if len(own) >= MOST_OF_ONE:
                raise protocol.Refused(429, GREEDY)
            if sum(map(len, self._waiting.values())) >= MOST_WAITING:
                raise protocol.Refused(503, BUSY)
        self._waiting[client] = own
        own[place] += 1
        try:
            yield
        finally:
            own[place] -= 1
            if not own[place]:
                del own[place]
            if not own:
                del self._waiting[client]


async def _whole(body: bytes) -> Message:
    return {"type": "http.request", "body": body, "more_body": False}
