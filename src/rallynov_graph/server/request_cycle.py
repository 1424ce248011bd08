"""A request and its answer, as uvicorn has it, sent in few packets."""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle


class Cycle(RequestResponseCycle):
    """A request and its answer, of which the head goes out with the first piece of the body."""

    async def send(self, message: Any) -> None:
        """Send a message; what begins an answer waits for what follows."""
        if message["type"] == "http.response.start" and self.scope["method"] != "HEAD":
            # One packet instead of two, and one call of the system. HEAD has a head alone.
            self.transport = _Corked(self.transport)  # type: ignore[assignment]
        await super().send(message)


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
