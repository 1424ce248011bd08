"""HTTP connections that cannot be held open for nothing."""

import asyncio
import sys
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from rallynov_graph.http.request import HttpRequest
from rallynov_graph.http.responses import RETRY_AFTER, Response
from rallynov_graph.server import request_heads
from rallynov_graph.server.connection_limit import ConnectionLimit
from rallynov_graph.server.departure import DepartureWatch
from rallynov_graph.server.local_sockets import is_of_this_user
from rallynov_graph.server.request_cycle import Cycle
from rallynov_graph.server.request_reader import RequestHandler

MESSAGE: Final = 10.0
"""How many seconds a client has to send a whole request."""
STALL: Final = 30.0
"""How many seconds a client may take nothing of an answer that waits for it."""
LINGER: Final = 1.0
"""For so many seconds more is taken what a client sends, so that it reads why it is refused."""

_LATE: Final = b"The request did not arrive whole in time.\n"
_FULL: Final = b"The server has as many connections as it can hold; ask again in a moment.\n"
_INTERIM: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(HttpToolsProtocol):
    """A connection that ends when a request is half sent for too long, or an answer not taken.

    A request that has come whole is read here, and answered without uvicorn where the application
    is a ``RequestHandler`` that does so. All else is uvicorn's.
    """

    stopping = False
    """Whether every connection is to close after its next answer."""
    limit = ConnectionLimit()
    """How many there may be in this process."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._due: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._head = 0
        self._is_half_read = False
        self._size = request_heads.Size()
        self._is_given_up = False
        self._handler: RequestHandler | None = self.app if hasattr(self.app, "respond") else None
        self._request: HttpRequest | None = None
        """The request that is answered without uvicorn."""
        self._is_sending = False
        """Whether a part of its answer was sent."""
        self._address = self._reached = ""
        self._held_back = b""
        self._idle_since = 0.0
        self._dated: tuple[object, bytes] = None, b""
        self._active: RequestResponseCycle | None = None
        """The request that is being answered by an application; ``cycle`` is the newest one."""
        self._gone: asyncio.Event | None = None
        self._watch: DepartureWatch | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self.is_half_closed = False
        """Whether the client sends nothing more, and may wait for answers."""
        self.is_lost = False
        """Whether the client has gone."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        self._reached = "{}:{}".format(*self.server) if self.server else ""
        if not is_of_this_user(transport.get_extra_info("socket")):
            transport.abort()
        elif self.limit.admit(self):
            self._wait_for_message()
        else:
            self._give_up(b"503 Service Unavailable", _FULL)
            self.limit.refuse(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_message()
        for timer in (self._stalled, self._leaving):
            if timer is not None:
                timer.cancel()
        if self._watch is not None:
            self._watch.stop()
        self.limit.forget(self)
        self.is_lost = True
        if self._gone is not None:
            self._gone.set()
        self._leave_application()
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]
        """Keep the connection of a client that waits for answers to whole requests."""
        if self._is_given_up or not self.is_answering():
            return False
        self.is_half_closed = True
        self._watch_client()
        return True

    def is_answering(self) -> bool:
        """Return whether the client waits for an answer to a request that is there whole."""
        active = self._active
        return self._request is not None or (
            active is not None and not active.response_complete and not active.more_body
        )

    def try_client(self) -> None:
        """Send an interim answer to a client of HTTP/1.1, where no answer has begun."""
        active = self._active
        if self._request is not None:
            if not self._is_sending:
                self.transport.write(_INTERIM)
            return
        if active is None or active.response_started or active.scope["http_version"] != "1.1":
            return
        self.transport.write(_INTERIM)

    def make_room(self) -> None:
        """Close, as another needs the place; say why to a client that was told nothing yet."""
        self._forget_message()
        is_new = self.cycle is None and not self._idle_since
        if is_new or (self._is_half_read and not self._has_begun()):
            self._say(b"503 Service Unavailable", _FULL)
        self.transport.close()

    def abort(self) -> None:
        """Close at once."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        if self._is_given_up:
            return
        if self._request is not None:
            self._held_back += data
            self.flow.pause_reading()
            self._watch_client()
            return
        if self._is_between_requests() and self._respond(data):
            return
        if self._head >= 0:
            self._head += len(data)
        super().data_received(data)
        if self._is_given_up:
            return
        if self._due is None and (self._is_half_read or self._is_idle()):
            self._wait_for_message()
        if self._head > request_heads.LONGEST and not self.transport.is_closing():
            self._give_up(*request_heads.TOO_LONG)

    async def departure(self) -> None:
        """Wait until the client has gone."""
        if not self.is_lost:
            self._gone = self._gone or asyncio.Event()
            await self._gone.wait()

    def _respond(self, data: bytes) -> bool:
        """Answer what has come, if it is one whole request that needs no uvicorn."""
        if self._handler is None:
            return False
        request = self._handler.reader.read(data, self._address, self._reached)
        if request is None:
            return False
        self._request = request
        if not self._handler.respond(request, self):
            self._request = None
            return False
        self._forget_message()
        if self._request is not None:
            self.limit.is_busy(self)
        return True

    def run(self, answering: Coroutine[Any, Any, None]) -> None:
        """Send a long answer in a task."""
        task = self.loop.create_task(answering)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def answer(self, response: Response) -> None:
        """Send a whole answer, which is a short one."""
        closes = self._closes()
        self.transport.write(self._written(response, response.body, closes))
        self._end(closes)

    async def send(self, response: Response) -> None:
        """Send a long answer, each piece when the client takes it."""
        closes = self._closes()
        first, *others = response.pieces()
        self._is_sending = True
        for piece in (self._written(response, first, closes), *others):
            if self.flow.write_paused:
                await self.flow.drain()
            if self.is_lost:
                return
            self.transport.write(piece)
        self._end(closes or Connection.stopping)

    def _closes(self) -> bool:
        """Return whether the connection ends after the answer that now begins."""
        return Connection.stopping or not (self._request and self._request.keep_alive)

    def _written(self, response: Response, body: bytes, closes: bool) -> bytes:
        """Return the head of an answer as it is sent, with the beginning of its body."""
        default = self.server_state.default_headers
        if self._dated[0] is not default:  # another list every second
            self._dated = default, b"".join([b"%b: %b\r\n" % header for header in default])
        end = b"connection: close\r\n\r\n" if closes else b"\r\n"
        return b"".join((STATUS_LINE[response.status], self._dated[1], response.head, end, body))

    def _end(self, closes: bool) -> None:
        """Be done with a request whose answer was sent."""
        self._request, self._is_sending = None, False
        if closes:
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._keep(self.timeout_keep_alive)
        self._go_on()
        self._rest()

    def _go_on(self) -> None:
        """Read what came meanwhile."""
        if self._held_back:
            data, self._held_back = self._held_back, b""
            self.flow.resume_reading()
            self.data_received(data)

    def _rest(self) -> None:
        """Wait for a request, if none is being answered; close where none can come any more."""
        if self.is_answering() or self._is_given_up or self.transport.is_closing():
            return
        if self.is_half_closed:
            self.transport.close()
        else:
            self.limit.is_idle(self)

    def _watch_client(self) -> None:
        """See when the client leaves, though nothing more is read of it."""
        if self._watch is None or self._watch.is_over:
            self._watch = DepartureWatch(self, self.loop)

    def _leave_application(self) -> None:
        """Show an application that its client is gone."""
        active = self._active
        if active is not None and not active.response_complete:
            active.disconnected = True
            active.message_event.set()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        self._active = cycle
        super()._start_asgi_task(cycle, app)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._rest()

    def _is_between_requests(self) -> bool:
        return (
            not self._is_half_read
            and (self.cycle is None or self.cycle.response_complete)
            and not self.pipeline
            and not self.flow.write_paused
            and not self.transport.is_closing()
        )

    def _keep(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(
            seconds, self.timeout_keep_alive_handler
        )

    def timeout_keep_alive_handler(self) -> None:
        """Close what has been idle for long: a request that is answered at once stops no timer."""
        self.timeout_keep_alive_task = None
        left = self._idle_since + self.timeout_keep_alive - self.loop.time()
        if self._request is not None or left > 0:
            self._keep(max(left, 1.0))
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        if self._request is None:  # else it closes after its answer
            super().shutdown()

    def on_message_begin(self) -> None:
        self._is_half_read = True
        self._size = request_heads.Size()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._size.add(len(url), request_heads.LONG_ADDRESS)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._size.add(len(name) + len(value) + len(b": \r\n"), request_heads.TOO_LONG)

    def on_headers_complete(self) -> None:
        self._head = -1
        request_heads.check_host(self.parser.get_http_version(), self.headers)
        super().on_headers_complete()
        self.cycle.__class__ = Cycle  # there is no other way to have uvicorn take one's own
        if Connection.stopping:
            self.cycle.keep_alive = False
        if self.pipeline:  # nothing more is read before its turn
            self._watch_client()

    def on_message_complete(self) -> None:
        self._forget_message()
        self.limit.is_busy(self)
        self._head = 0
        self._is_half_read = False
        super().on_message_complete()

    def pause_writing(self) -> None:
        if self._stalled is None:
            self._stalled = self.loop.call_later(STALL, self.transport.abort)
        super().pause_writing()

    def resume_writing(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        error = sys.exception()  # uvicorn has caught it: the parser's, of which ours is the reason
        reason = error.__context__ if error else None
        refusal = (request_heads.BAD, msg.encode() + b"\n")
        self._give_up(*(reason.refusal if isinstance(reason, request_heads.Refused) else refusal))

    def _is_idle(self) -> bool:
        return self._request is None and (self.cycle is None or self.cycle.response_complete)

    def _has_begun(self) -> bool:
        """Return whether a part of an answer was sent, and another is to follow."""
        return not self._is_idle() and self.cycle is not None and self.cycle.response_started

    def _wait_for_message(self) -> None:
        self._due = self.loop.call_later(MESSAGE, self._late)

    def _forget_message(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _late(self) -> None:
        """Close the connection, unless it is we who have not read its next request yet."""
        self._due = None
        if self.transport.is_closing():
            return
        if not self._is_idle() and not self.cycle.more_body:
            self._wait_for_message()
        else:
            self._give_up(b"408 Request Timeout", _LATE)

    def _give_up(self, status: bytes, words: bytes) -> None:
        """Say why and close, where no answer has begun."""
        if self._is_given_up:
            return
        self._is_given_up = True
        self._forget_message()
        if self._handler is not None:
            self._handler.note_unread(self._address, int(status[:3]), len(words))
        self.limit.is_busy(self)
        if self._has_begun():
            self.transport.close()
            return
        self._say(status, words)
        self._leave_application()
        self._leaving = self.loop.call_later(LINGER, self.transport.abort)
        self._unset_keepalive_if_required()
        self.flow.resume_reading()
        with suppress(OSError):  # the client has gone
            self.transport.write_eof()

    def _say(self, status: bytes, words: bytes) -> None:
        """Send a refusal, after which the connection is to close."""
        retry = b"retry-after: %d\r\n" % RETRY_AFTER if status.startswith(b"503") else b""
        self.transport.write(
            b"HTTP/1.1 %s\r\ncontent-type: text/plain; charset=utf-8\r\n"
            b"access-control-allow-origin: *\r\n%b"
            b"content-length: %d\r\nconnection: close\r\n\r\n%b"
            % (status, retry, len(words), words)
        )
