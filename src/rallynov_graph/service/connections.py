"""HTTP connections that cannot be held open for nothing."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MESSAGE: Final = 10.0
"""How many seconds a client has to send a whole request."""
STALL: Final = 30.0
"""How many seconds a client may take nothing of an answer that waits for it."""
LONGEST_HEAD: Final = 4 << 20
"""How many bytes a request may have in front of its body."""

_CONTINUE: Final = b"HTTP/1.1 100 "
_LATE: Final = b"The request did not arrive whole in time.\n"
_TOO_LONG: Final = b"The request's headers are too long.\n"


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
        elif not self._begun and not data.startswith(_CONTINUE):
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

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for_message()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget_message()
        if self._stalled is not None:
            self._stalled.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._due is None and self._is_idle():
            self._wait_for_message()
        if self._head >= 0:
            self._head += len(data)
        super().data_received(data)
        if self._head > LONGEST_HEAD and not self.transport.is_closing():
            self._give_up(b"431 Request Header Fields Too Large", _TOO_LONG)

    def on_message_begin(self) -> None:
        if self._due is None:
            self._wait_for_message()
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._head = -1
        super().on_headers_complete()
        if self.scope["method"] != "HEAD":
            # One packet instead of two, and one call of the system. HEAD has a head alone.
            self.cycle.transport = _Corked(self.transport)  # type: ignore[assignment]
        if Connection.stopping:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        self._forget_message()
        self._head = 0
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
