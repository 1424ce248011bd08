"""Answers on their way: how many bytes may wait for clients that take them slowly, or never."""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.responses import Response
from rallynov_graph.server import limits
from rallynov_graph.server.limits import MEBIBYTE
from rallynov_graph.server.requests import HttpRequest, Send

_PIECE: Final = 1 << 16
"""A client that takes this many bytes is not one that does not read."""
_SLOW: Final = 1.0
"""A client that has taken nothing for so many seconds makes room for others."""
_GREEDY: Final = "You have answers that you have not taken yet; ask again when you have them."
_FULL: Final = "Too many answers wait for others; ask again in a moment."


@dataclass(eq=False)
class _Delivery:
    client: str
    size: int
    since: float
    """When the client took something for the last time."""
    patience: asyncio.Timeout | None = None


@dataclass
class Unsent:
    """The answers of one process that are being sent.

    The last piece of each lies in the buffer of its connection, whose time the system limits.
    """

    _all: list[_Delivery] = field(default_factory=list)

    async def send(self, send: Send, response: Response, request: HttpRequest) -> None:
        """Send an answer; raise Refused before it begins where too much waits already.

        A client that takes nothing of it for too long loses its connection.
        """
        body = b"" if request.method == "HEAD" else response.body
        start = {"type": "http.response.start", "status": response.status}
        if len(body) <= _PIECE:
            await send({**start, "headers": response.headers})
            await send({"type": "http.response.body", "body": body})
            return
        loop = asyncio.get_running_loop()
        delivery = self._admitted(request.sharer, len(body), loop.time())
        try:
            await send({**start, "headers": response.headers})
            for at in range(0, len(body), _PIECE):
                piece, more = body[at : at + _PIECE], at + _PIECE < len(body)
                async with asyncio.timeout(limits.STALL_SECONDS.value) as delivery.patience:
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
                delivery.since = loop.time()
        except TimeoutError:
            return  # the server closes a connection whose answer is not whole
        finally:
            if delivery in self._all:
                self._all.remove(delivery)

    def _admitted(self, client: str, size: int, now: float) -> _Delivery:
        own = sum(it.size for it in self._all if it.client == client)
        if own and own + size > limits.UNSENT_OF_ONE.value * MEBIBYTE:
            raise Refused(429, _GREEDY)
        held = sum(it.size for it in self._all)
        while held and held + size > limits.UNSENT.value * MEBIBYTE:
            slowest = min(self._all, key=lambda it: it.since)
            if now - slowest.since < _SLOW or slowest.patience is None:
                raise Refused(503, _FULL)
            slowest.patience.reschedule(now)
            self._all.remove(slowest)
            held -= slowest.size
        delivery = _Delivery(client, size, now)
        self._all.append(delivery)
        return delivery
