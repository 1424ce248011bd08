"""A query process: it answers visits within the limits, and cannot call out."""

import os
import resource
import signal
import socket
import struct
import sys
import threading
import time
from contextlib import suppress
from itertools import pairwise
from typing import Final

from pyoxigraph import QueryTriples

from rallynov_graph.base import bounded_process
from rallynov_graph.base.errors import QueryError
from rallynov_graph.http.query_jobs import LONG, VISIT, Board, Limits, Outcome, QueryJob, Reply
from rallynov_graph.rdf.formats import Format
from rallynov_graph.rdf.tokens import calls_out, is_update, position_of_call, position_of_update
from rallynov_graph.server.accept_queue import AcceptQueue
from rallynov_graph.server.bell import Bell
from rallynov_graph.server.connection_watch import ConnectionWatch
from rallynov_graph.server.memory_grants import has_less
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore, serialized

_STANDARD: Final = 3
"""How many descriptors every process has: what comes in, what goes out, errors."""
_PIECE: Final = 1 << 16
_REST: Final = struct.pack("ll", 0, 500_000)
"""After half a second without a visit, a process leaves its line: it has room to take another."""
_CREDENTIALS: Final = struct.Struct("3i")
"""What the kernel tells of who connects: process, user, group."""
_STACK_OF_WATCH: Final = 1 << 18
_STACK: Final = 1 << 23
"""For the engine to read nested queries with; one that needs more ends its process."""


class QueryProcess:
    """A process that answers visits, one at a time, within the limits."""

    def __init__(
        self,
        store: EmbeddedStore,
        board: Board,
        place: int,
        limits: Limits,
        bell: Bell | None = None,
    ) -> None:
        """``bell`` wakes the zygote."""
        self._store, self._board, self._place, self._limits = store, board, place, limits
        self._bell = bell
        self._watch: ConnectionWatch | None = None

    def run(self, queue: AcceptQueue, life: int) -> None:
        """Answer visits until one ends this process, or the pipe of the zygote's life ends.

        No descriptor is left to call out with.
        """
        bell = {self._bell.ringing} if self._bell else set()
        _alone_with(queue.descriptors | self._store.descriptors() | {life, *bell})
        self._watch = ConnectionWatch(life)
        threading.stack_size(_STACK_OF_WATCH)
        threading.Thread(target=self._watch.run, daemon=True).start()
        # The engine keeps what it draws RAND and UUID from by thread: that of the thread which
        # forks is copied, and every process would give the same.
        threading.stack_size(_STACK)
        answering = threading.Thread(target=self._answer_all, args=(queue,))
        answering.start()
        answering.join()

    def _answer_all(self, queue: AcceptQueue) -> None:
        try:
            _confine(self._limits)
            self._answer_lines(queue)
        except BaseException:
            os._exit(1)

    def _answer_lines(self, queue: AcceptQueue) -> None:
        while True:
            with queue.take() as connection:
                if _is_ours(connection):
                    self._hold(connection)

    def _hold(self, line: socket.socket) -> None:
        """Answer what comes on a line; the zygote looks after this process meanwhile."""
        self._board.hold_line(self._place, True)
        if self._bell is not None:
            self._bell.ring()
        if self._watch is not None:
            self._watch.add(line)
        try:
            self._answer_on(line)
        finally:
            if self._watch is not None:
                self._watch.remove(line)
            self._board.hold_line(self._place, False)

    def _answer_on(self, line: socket.socket) -> None:
        """Answer what comes on a line until it rests, or a visit was long."""
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _REST)
        while received := _next(line):
            begun = self._board.begin(self._place)
            signal.setitimer(signal.ITIMER_REAL, self._limits.seconds)
            if self._watch is not None:
                self._watch.begin(line)
            with suppress(ConnectionError):
                self._receive_and_reply(line, received)
            if self._watch is not None:
                self._watch.end()
            signal.setitimer(signal.ITIMER_REAL, 0)
            self._board.clear(self._place)
            if time.monotonic() - begun > LONG:
                return

    def _receive_and_reply(self, connection: socket.socket, received: bytes) -> None:
        if len(received) < VISIT.size:
            return
        length, ticket, client = VISIT.unpack_from(received)
        self._board.take(self._place, ticket, client)
        content = _whole(connection, received[VISIT.size :], length)
        begun = time.perf_counter()
        reply = self.reply(QueryJob.read(content))
        head, answer = reply.frame(time.perf_counter() - begun)
        if len(answer) < _PIECE:
            connection.sendall(head + answer)
        else:
            connection.sendall(head)
            connection.sendall(answer)

    def reply(self, visit: QueryJob) -> Reply:
        """Return what a visit comes to.

        Calls out and updates are looked for here, where a long query holds up nobody else.
        """
        if calls_out(visit.store_query.query):
            return Reply(Outcome.CALLS_OUT, b"", None, *position_of_call(visit.store_query.query))
        try:
            answer = self._store.answer(visit.store_query)
            form: Format | None = visit.graph if isinstance(answer, QueryTriples) else visit.results
            if form is None:
                return Reply(Outcome.UNACCEPTABLE)
            content = serialized(answer, form)
        except QueryError as error:
            if is_update(visit.store_query.query):
                return Reply(
                    Outcome.UPDATE, b"", None, *position_of_update(visit.store_query.query)
                )
            return Reply(Outcome.INVALID, str(error).encode(), None, error.line, error.column)
        except MemoryError:
            crowded = self._board.is_crowded(self._place) or has_less()
            return Reply(Outcome.BUSY if crowded else Outcome.TOO_MUCH_MEMORY)
        if len(content) > self._limits.answer:
            return Reply(Outcome.TOO_LARGE)
        return Reply(Outcome.ANSWERED, content, form)


def _is_ours(connection: socket.socket) -> bool:
    """Return whether the other end runs under our user: on Linux, everybody reaches the queue."""
    if sys.platform != "linux":
        return True
    credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return bool(_CREDENTIALS.unpack(credentials)[1] == os.getuid())


def _alone_with(used: frozenset[int]) -> None:
    """Close every descriptor but those that are used; the standard three lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(_STANDARD):
        os.dup2(nowhere, standard)
    highest = os.sysconf("SC_OPEN_MAX")
    kept = sorted({*range(_STANDARD), *used})
    for low, high in pairwise([*kept, highest if 0 < highest < 1 << 16 else 1 << 16]):
        os.closerange(low + 1, high)


def _confine(limits: Limits) -> None:
    """Bound the memory of this process, and the descriptors: the asker's takes the last one."""
    bounded_process.bound(memory=limits.memory)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 1,) * 2)


def _next(line: socket.socket) -> bytes:
    """Return what a visit begins with; nothing when the line has ended, or rests."""
    try:
        return line.recv(_PIECE)
    except (BlockingIOError, ConnectionError):
        return b""


def _whole(connection: socket.socket, begun: bytes, length: int) -> bytes:
    """Return so many bytes, of which some are there; fewer when the asker stops."""
    if len(begun) == length:
        return begun
    whole = bytearray(begun)
    while len(whole) < length:
        with suppress(BlockingIOError):  # the rest is under way, and the visit's time runs
            content = connection.recv(min(length - len(whole), _PIECE))
            if not content:
                break
            whole += content
    return bytes(whole)
