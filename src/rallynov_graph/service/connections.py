"""HTTP connections that cannot be held open for nothing."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import (
    STATUS_LINE,
    HttpToolsProtocol,
    RequestResponseCycle,
)

from rallynov_graph.http.responses import WHOLE

MESSAGE: Final = 10.0
"""How many seconds a client has to send a whole request."""
STALL: Final = 30.0
"""How many seconds a client may take nothing of an answer that waits for it."""
LONGEST_HEAD: Final = 4 << 20
"""How many bytes a request may have in front of its body."""

_EXTENSIONS: Final[dict[str, dict[object, object]]] = {WHOLE: {}}
_LATE: Final = b"The request did not arrive whole in time.\n"
_TOO_LONG: Final = b"The request's headers are too long.\n"


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
        closing = b"" if self.keep_alive else b"connection: close\r\n"
        dated = b"".join([b"%b: %b\r\n" % header for header in self.default_headers])
        head = STATUS_LINE[message["status"]], dated, message["head"], closing, b"\r\n"
        self.transport.write(b"".join((*head, message["body"])))
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


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
    """A connection that ends when a request is half sent for too long, or an answer not taken."""

    stopping = False
    """Whether every connection is to close after its next answer."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._due: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        self._head = 0
        self._is_half_read = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_message()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_message()
        if self._stalled is not None:
            self._stalled.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head >= 0:
            self._head += len(data)
        super().data_received(data)
        if self._due is None and (self._is_half_read or self._is_idle()):
            self._wait_for_message()
        if self._head > LONGEST_HEAD and not self.transport.is_closing():
            self._give_up(b"431 Request Header Fields Too Large", _TOO_LONG)

    def on_message_begin(self) -> None:
        self._is_half_read = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = -1
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
        self._give_up(b"400 Bad Request", msg.encode() + b"\n")

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

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
        if self._is_idle() or not self.cycle.response_started:
            self.transport.write(
                b"HTTP/1.1 %s\r\ncontent-type: text/plain; charset=utf-8\r\n"
                b"access-control-allow-origin: *\r\n"
                b"content-length: %d\r\nconnection: close\r\n\r\n%s" % (status, len(words), words)
            )
        self.transport.close()
