"""A connection to one query process: it carries one query at a time, and ends with the process."""

import asyncio
import os
import socket
from typing import Final, cast

from rallynov_graph.http.query_jobs import HEAD, Outcome, QueryJob, Reply

TAKEN: Final = b"+"
"""What a query process says when it takes a line."""
_LAST_WORDS: Final = {
    b"Fatal Python error: Segmentation": Outcome.TOO_NESTED,
    b"Fatal Python error: Bus": Outcome.TOO_NESTED,
    b"Fatal Python error: Abort": Outcome.TOO_MUCH_MEMORY,
}
"""What ``faulthandler`` writes in a query process that dies, and what that means of the query."""


class Line(asyncio.Protocol):
    """The web process's end of a line."""

    is_open = True
    is_unread = False
    """Whether the query process ended before it read what was sent: the kernel resets the line."""
    timer: asyncio.TimerHandle | None = None
    """What ends its query."""

    def __init__(self, life: int) -> None:
        """``life``: the pipe with which the query process ends."""
        self._life = life
        self._received, self._whole = bytearray(), 0
        loop = asyncio.get_running_loop()
        self._taken: asyncio.Future[bool] | None = loop.create_future()
        self._reply: asyncio.Future[Reply] | None = None

    @classmethod
    async def opened(cls, queue: socket.socket) -> "Line":
        """Return a line to the next query process that is free; raise OSError."""
        ours, theirs = socket.socketpair()
        hears, life = os.pipe()
        try:
            ours.setblocking(False)
            socket.send_fds(queue, [TAKEN], [theirs.fileno(), hears])
        except BaseException:
            ours.close()
            os.close(life)
            raise
        finally:
            theirs.close()
            os.close(hears)
        line = cls(life)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(lambda: line, ours)
        except BaseException:
            ours.close()
            os.close(life)
            raise
        return line

    async def is_taken(self, patience: float) -> bool:
        """Return whether a query process takes the line within so many seconds."""
        taken = self._taken
        if taken is None:
            return True
        timer = asyncio.get_running_loop().call_later(patience, _settle, taken)
        try:
            return await taken
        finally:
            timer.cancel()

    def ask(self, job: QueryJob) -> asyncio.Future[Reply]:
        """Send a query and return what will be its reply; raise UnicodeEncodeError."""
        frame = job.frame()
        self._reply = asyncio.get_running_loop().create_future()
        if self.is_open:
            self._transport.write(frame)
        else:
            self._reply.set_result(Reply(Outcome.BROKEN))
        return self._reply

    def hang_up(self, why: Outcome = Outcome.BROKEN) -> None:
        """End the line, and the query process whatever it does; say why to the query's asker."""
        if not self.is_open:
            return
        self.is_open = False
        if self.timer is not None:
            self.timer.cancel()
        os.close(self._life)
        self._transport.abort()
        if self._taken is not None:
            _settle(self._taken)
        if self._reply is not None and not self._reply.done():
            self._reply.set_result(Reply(why))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        if self._taken is not None and data.startswith(TAKEN):
            data = data[len(TAKEN) :]
            taken, self._taken = self._taken, None
            if not taken.done():
                taken.set_result(True)
        self._received += data
        if not self._whole and len(self._received) >= HEAD.size:
            self._whole = HEAD.size + HEAD.unpack_from(self._received)[-1]
        if self._whole and len(self._received) == self._whole:
            received, self._received, self._whole = self._received, bytearray(), 0
            if self._reply is not None and not self._reply.done():
                content = bytes(memoryview(received)[HEAD.size :])
                self._reply.set_result(Reply.read(received, content))

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_unread = isinstance(exc, ConnectionError)
        words = bytes(self._received)
        causes = (outcome for text, outcome in _LAST_WORDS.items() if words.startswith(text))
        self.hang_up(next(causes, Outcome.BROKEN))


def _settle(taken: asyncio.Future[bool]) -> None:
    if not taken.done():
        taken.set_result(False)
