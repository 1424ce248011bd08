"""HTTP connections that cannot be held open for nothing."""

import asyncio
import sys
from collections.abc import Callable
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from rallynov_graph.http.responses import WHOLE, Application
from rallynov_graph.service import heads

MESSAGE: Final = 10.0
"""How many seconds a client has to send a whole request."""
STALL: Final = 30.0
"""How many seconds a client may take nothing of an answer that waits for it."""
LINGER: Final = 1.0
"""For so many seconds more is taken what a client sends, so that it reads why it is refused."""

_EXTENSIONS: Final[dict[str, dict[object, object]]] = {WHOLE: {}}
AtOnce = Callable[[bytes, "Connection"], bool]
"""Takes what a connection has received between two requests; tells whether it is one to answer.

If so, it calls ``answer`` or ``answer_by`` of the connection once, now or later.
"""

NoteUnread = Callable[["Connection", int, int], None]
"""Notes that what a connection sent was refused unread, with which status and so many bytes."""

_LATE: Final = b"The request did not arrive whole in time.\n"


class _Cycle(RequestResponseCycle):
    """A request and its answer, of which the head goes out with the first piece of the body."""

    async def send(self, message: Any) -> None:
        """Send a whole answer at once, any other in pieces."""
        if message["type"] != WHOLE:
            if message["type"] == "http.response.start" and self.scope["method"] != "HEAD":
                # One packet instead of two, and one call of the system. HEAD has a head alone.
                self.transport = _Corked(self.transport)  # type: ignore[assignment]
            await super().send(message)
            return
        if self.flow.write_paused and not self.disconnected:
            await self.flow.drain()
        if self.disconnected:
            return
        if self.response_started:
            raise RuntimeError("There is an answer already.")
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        dated = b"".join([b"%b: %b\r\n" % header for header in self.default_headers])
        parts = message["status"], dated, message["head"], message["body"]
        self.transport.write(_whole(*parts, closing=not self.keep_alive))
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def _whole(status: int, dated: bytes, head: bytes, body: bytes, *, closing: bool) -> bytes:
    """Return an answer as it is sent; heads end with a line break."""
    end = b"connection: close\r\n\r\n" if closing else b"\r\n"
    return b"".join((STATUS_LINE[status], dated, head, end, body))


class _Corked:
    """A transport on which the head of an answer waits for the first piece of its body."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._head = b""
        self._begun = False

    def write(self, data: bytes) -> None:
        """Send data, except for the head, which comes first."""
        if self._head:
            data, self._head = self._head + data, b""
        elif not self._begun:
            self._head, self._begun = data, True
            return
        self._transport.write(data)

    def close(self) -> None:
        """Send what waits, and close."""
        if self._head:
            self.write(b"")
        self._transport.close()

    def is_closing(self) -> bool:
        """Whether no more is sent."""
        return self._transport.is_closing()


class Connection(HttpToolsProtocol):
    """A connection that ends when a request is half sent for too long, or an answer not taken.

    What it receives is shown to ``application.at_once`` first, where there is such a method: a
    request that is there whole may be answered without a task. All else is uvicorn's.
    """

    stopping = False
    """Whether every connection is to close after its next answer."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._due: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._head = 0
        self._size = heads.Size()
        self._is_given_up = False
        self._is_half_read = False
        self._note_unread: NoteUnread | None = getattr(self.app, "note_unread", None)
        self._at_once: AtOnce | None = getattr(self.app, "at_once", None)
        self._asked = b""
        """The request that is to be answered without a task."""
        self._held_back = b""
        self._idle_since = 0.0
        self._dated: tuple[object, bytes] = None, b""
        self._gone: asyncio.Event | None = None
        self.is_lost = False
        """Whether the client has gone."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_message()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_message()
        if self._stalled is not None:
            self._stalled.cancel()
        self.is_lost = True
        if self._gone is not None:
            self._gone.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_given_up:
            return
        if self._asked:
            self._held_back += data
            self.flow.pause_reading()
            return
        if self._at_once is not None and self._is_between_requests():
            self._asked = data
            if self._at_once(data, self):
                self._forget_message()
                return
            self._asked = b""
        if self._head >= 0:
            self._head += len(data)
        super().data_received(data)
        if self._due is None and (self._is_half_read or self._is_idle()):
            self._wait_for_message()
        if self._head > heads.LONGEST and not self.transport.is_closing():
            self._give_up(*heads.TOO_LONG)

    async def departure(self) -> None:
        """Wait until the client has gone."""
        if not self.is_lost:
            self._gone = self._gone or asyncio.Event()
            await self._gone.wait()

    def answer(self, status: int, head: bytes, body: bytes) -> None:
        """Send the whole answer to what was asked at once."""
        self._asked = b""
        if self.is_lost:
            return
        default = self.server_state.default_headers
        if self._dated[0] is not default:  # uvicorn makes a new list every second
            self._dated = default, b"".join([b"%b: %b\r\n" % header for header in default])
        closing = Connection.stopping
        self.transport.write(_whole(status, self._dated[1], head, body, closing=closing))
        if closing:
            self.transport.close()
            return
        self._idle_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._keep(self.timeout_keep_alive)
        self._go_on()

    def answer_by(self, application: Application) -> None:
        """Have what was asked at once answered by an application, in a task."""
        data, self._asked = self._asked, b""
        if self.is_lost:
            return
        usual, self.app = self.app, application
        try:
            super().data_received(data)
        finally:
            self.app = usual
        self._go_on()

    def _go_on(self) -> None:
        """Read what came meanwhile."""
        if self._held_back:
            data, self._held_back = self._held_back, b""
            self.flow.resume_reading()
            self.data_received(data)

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
        if self._asked or left > 0:
            self._keep(max(left, 1.0))
        else:
            super().timeout_keep_alive_handler()

    def shutdown(self) -> None:
        if not self._asked:  # else it closes after its answer
            super().shutdown()

    def on_message_begin(self) -> None:
        self._is_half_read = True
        self._size = heads.Size()
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        self._size.add(len(url), heads.LONG_ADDRESS)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._size.add(len(name) + len(value) + len(b": \r\n"), heads.TOO_LONG)

    def on_headers_complete(self) -> None:
        self._head = -1
        heads.check_host(self.parser.get_http_version(), self.headers)
        self.scope["extensions"] = _EXTENSIONS
        super().on_headers_complete()
        self.cycle.__class__ = _Cycle  # there is no other way to have uvicorn take one's own
        if Connection.stopping:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        self._forget_message()
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
        refusal = (heads.BAD, msg.encode() + b"\n")
        self._give_up(*(reason.refusal if isinstance(reason, heads.Refused) else refusal))

    def _is_idle(self) -> bool:
        return not self._asked and (self.cycle is None or self.cycle.response_complete)

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
        if self._note_unread is not None:
            self._note_unread(self, int(status[:3]), len(words))
        if self._is_idle() or not self.cycle.response_started:
            self.transport.write(
                b"HTTP/1.1 %s\r\ncontent-type: text/plain; charset=utf-8\r\n"
                b"access-control-allow-origin: *\r\n"
                b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (status, len(words), words)
            )
        if self._is_idle() and self.transport.can_write_eof():
            self.transport.write_eof()
            self.loop.call_later(LINGER, self.transport.close)
        else:
            self.transport.close()
