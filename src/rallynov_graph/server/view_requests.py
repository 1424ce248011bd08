"""Requests for views of documents, which a web process passes on to the processes of the view."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import closing, suppress
from typing import Final
from urllib.parse import quote

import h11

from rallynov_graph.http.request import HttpRequest
from rallynov_graph.server.asgi import Receive, Send
from rallynov_graph.server.view_slots import SlotBoard, Stage, ViewName, Why
from rallynov_graph.server.worker_pool import connected

PATIENCE: Final = 5.0
"""So many seconds a request waits for a view that is being built."""
MOST_WAITING: Final = 64
"""How many requests of one web process may wait so."""
_STEP: Final = 0.05
_TALK: Final = 5.0
"""How many seconds the process that starts views may take to answer."""
_STEP_OF_BYTES: Final = 1 << 16
_LEFT_OUT: Final = frozenset(
    (
        *(b"connection", b"keep-alive", b"te", b"trailer", b"upgrade", b"expect"),
        *(b"proxy-connection", b"date", b"host", b"forwarded", b"x-real-ip"),
    )
)
"""Headers of one connection, and those that say who asks: the view is told so anew."""

Headers = list[tuple[bytes, bytes]]


class ViewRequests:
    """Asks for views, and passes requests on to them."""

    def __init__(self, desk: str, board: SlotBoard) -> None:
        """``desk`` is where the process that starts views is asked."""
        self._desk, self._board = desk, board
        self._known: dict[ViewName, tuple[int, str]] = {}
        self._waiting = 0

    async def find(self, view: ViewName) -> str | Why:
        """Return where a view listens that is served; else why it is not, after some patience."""
        found = self._served(view)
        if found or self._waiting >= MOST_WAITING:
            return found or Why.FULL
        self._waiting += 1
        try:
            return await self._awaited(view)
        finally:
            self._waiting -= 1

    async def _awaited(self, view: ViewName) -> str | Why:
        until = time.monotonic() + PATIENCE
        while True:
            slot, answer = await self._ask(view)
            if slot < 0:
                if int(answer) != Why.BUILDING or time.monotonic() > until:
                    return Why(int(answer))
            else:
                self._known[view] = slot, answer
                while self._board.stage(slot) is Stage.BUILDING and time.monotonic() < until:
                    await asyncio.sleep(_STEP)
                if found := self._served(view):
                    return found
                if time.monotonic() > until:
                    return Why.BUILDING
            await asyncio.sleep(_STEP)

    def _served(self, view: ViewName) -> str:
        slot, address = self._known.get(view, (-1, ""))
        if slot < 0 or self._board.stage(slot) is not Stage.SERVED:
            return ""
        self._board.use(slot)
        return address

    async def _ask(self, view: ViewName) -> tuple[int, str]:
        """Return the slot of a view and where it listens, or -1 and why there is none.

        Nobody keeps the process waiting that starts views: it finds the question where it is asked.
        """
        told = b""
        with suppress(OSError, TimeoutError):
            connection = connected(self._desk)
            connection.send(f"{view.release} {view.document}\n".encode())
            reader, writer = await asyncio.open_unix_connection(sock=connection)
            with closing(writer):
                async with asyncio.timeout(_TALK):
                    told = await reader.readline()
        slot, _, answer = told.decode().strip().partition(" ")
        return (-1, answer or str(Why.BROKEN.value)) if slot in ("-", "") else (int(slot), answer)

    async def pass_on(
        self,
        view: ViewName,
        address: str,
        passed: tuple[HttpRequest, Headers],
        receive: Receive,
        send: Send,
        seconds: float,
    ) -> bool:
        """Pass a request on, and its answer back; return False where no answer has begun.

        The request comes with its headers as they were sent. The view may take so many seconds
        between two pieces of its answer.
        """
        try:
            reader, writer = await asyncio.open_unix_connection(sock=connected(address))
        except OSError:
            self._known.pop(view, None)  # another one may listen in its slot by now
            return False
        exchange = _Exchange(reader, writer, seconds)
        sending = asyncio.ensure_future(exchange.send(*passed, receive))
        answering = asyncio.ensure_future(exchange.answer(send))
        leaving = asyncio.ensure_future(_left(sending, receive))
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                return True  # the client has gone, and the view sees it
            return answering.result()
        finally:
            for task in (sending, answering, leaving):
                task.cancel()
            writer.close()


class _Exchange:
    """A request that is passed on, and its answer."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, seconds: float
    ) -> None:
        self._reader, self._writer, self._seconds = reader, writer, seconds
        self._http = h11.Connection(h11.CLIENT)

    async def send(self, request: HttpRequest, headers: Headers, receive: Receive) -> None:
        """Send the request, its body as it comes."""
        target = _target(request)
        has_body = {name for name, _ in headers} & {b"content-length", b"transfer-encoding"}
        head = [*_kept(headers), *_said(request)]
        with suppress(h11.LocalProtocolError, OSError):
            self._write(h11.Request(method=request.method, target=target, headers=head))
            while has_body:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return
                if body := message.get("body", b""):
                    self._write(h11.Data(data=body))
                    await self._writer.drain()
                if not message.get("more_body"):
                    break
            self._write(h11.EndOfMessage())
            await self._writer.drain()

    def _write(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")

    async def answer(self, send: Send) -> bool:
        """Pass the answer on as it comes; return whether one began."""
        has_begun = False
        try:
            async for event in self._events():
                if isinstance(event, h11.Response):
                    has_begun = True
                    headers = _kept([(bytes(name), bytes(value)) for name, value in event.headers])
                    start = {"type": "http.response.start", "status": event.status_code}
                    await send({**start, "headers": headers})
                elif isinstance(event, h11.Data):
                    piece = {"type": "http.response.body", "body": bytes(event.data)}
                    await send({**piece, "more_body": True})
                else:
                    await send({"type": "http.response.body", "body": b""})
        except (h11.RemoteProtocolError, OSError, TimeoutError):
            if has_begun:
                raise
        return has_begun

    async def _events(self) -> AsyncIterator[h11.Event]:
        while True:
            event = self._http.next_event()
            if event is h11.NEED_DATA:
                async with asyncio.timeout(self._seconds):
                    data = await self._reader.read(_STEP_OF_BYTES)
                self._http.receive_data(data)
                continue
            assert isinstance(event, h11.Event)
            if not isinstance(event, h11.InformationalResponse):
                yield event
            if isinstance(event, h11.EndOfMessage):
                return


async def _left(sending: "asyncio.Task[None]", receive: Receive) -> None:
    """Wait until the client has gone, once its request was sent."""
    await sending
    while (await receive())["type"] != "http.disconnect":
        pass


def _target(request: HttpRequest) -> bytes:
    path = quote(request.path, safe="/:@!$&'()*+,;=~-._").encode()
    return path + (b"?" + request.query_string if request.query_string else b"")


def _kept(headers: Headers) -> Headers:
    """Return the headers that are not of one connection, and not about who asks when."""
    return [
        (name, value)
        for name, value in headers
        if name.lower() not in _LEFT_OUT and not name.lower().startswith(b"x-forwarded-")
    ]


def _said(request: HttpRequest) -> Headers:
    """Return what the view is told of who asks, and how."""
    scheme, _, host = request.head.origin.partition("://")
    return [
        (b"host", host.encode("latin-1") or b"localhost"),
        (b"connection", b"close"),
        (b"x-forwarded-for", request.client.encode("latin-1") or b"127.0.0.1"),
        (b"x-forwarded-proto", scheme.encode()),
        (b"x-forwarded-prefix", request.root.encode("latin-1")),
    ]
