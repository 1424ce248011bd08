"""A request and its answer, as uvicorn has it, sent in few packets."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

from rallynov_graph.http.responses import WHOLE


class Cycle(RequestResponseCycle):
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
        self.transport.write(whole(*parts, closing=not self.keep_alive))
        self.message_event.set()
        if not self.keep_alive:
            self.transport.close()
        self.on_response()


def whole(status: int, dated: bytes, head: bytes, body: bytes, *, closing: bool) -> bytes:
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
