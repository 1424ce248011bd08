"""A query process: it answers one query at a time, within limits, and cannot call out."""

import faulthandler
import fcntl
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from pyoxigraph import QueryTriples

from rallynov_graph.base.errors import QueryError
from rallynov_graph.http.query_jobs import LENGTH, LONG, Limits, Outcome, QueryJob, Reply
from rallynov_graph.rdf.tokens import calls_out, is_update, position_of_call, position_of_update
from rallynov_graph.server import memory
from rallynov_graph.server.query_pool.line import TAKEN
from rallynov_graph.sparql.embedded import EmbeddedStore, serialized

_STACK: Final = 1 << 23
"""For the engine to read nested queries with; one that needs more ends its process."""
_NICE: Final = 5
_PIECE: Final = 1 << 16
_HIGHEST: Final = 1 << 16


def run(store: EmbeddedStore, queue: socket.socket, notes: int, life: int, limits: Limits) -> None:
    """Answer the queries of one line, until one was long; end with the pipe ``life`` before that.

    A process that has worked long has copied much of the store: another one goes on. ``notes`` is
    a pipe on which it says that it has taken a line.
    """
    _confine({queue.fileno(), notes, life, *store.descriptors()}, limits)
    # The engine keeps what it draws RAND and UUID from by thread: that of the thread which forks
    # is copied, and every process would give the same.
    threading.stack_size(_STACK)
    answering = threading.Thread(target=_work, args=(store, queue, notes, life, limits))
    answering.start()
    answering.join()


def _work(
    store: EmbeddedStore, queue: socket.socket, notes: int, life: int, limits: Limits
) -> None:
    status = 1
    try:
        line = _next_line(queue, life)
        if line is not None:
            os.write(notes, os.getpid().to_bytes(4, "big"))
            _answer_on(line, store, limits)
        status = 0
    finally:
        os._exit(status)


def _next_line(queue: socket.socket, life: int) -> socket.socket | None:
    """Return the next line that waits; None where this process is to end."""
    while life not in select.select([queue.fileno(), life], [], [])[0]:
        try:
            _, received, _, _ = socket.recv_fds(queue, 1, 2, socket.MSG_DONTWAIT)
        except BlockingIOError:
            continue  # another process took it
        if len(received) == 2 and _ends_with(received[1]):
            return socket.socket(fileno=received[0])
        for descriptor in received:
            os.close(descriptor)
    return None


def _ends_with(pipe: int) -> bool:
    """Let SIGIO end this process, whatever it does, when a pipe closes; return if it is open.

    Nothing is ever sent through it: the line itself would not do, as the kernel signals the
    arrival of a query a moment after it has woken this process to read it.
    """
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    return not select.select([pipe], [], [], 0)[0]


def _answer_on(line: socket.socket, store: EmbeddedStore, limits: Limits) -> None:
    line.setblocking(True)
    faulthandler.enable(line.fileno(), all_threads=False)  # what it dies of is told on the line
    line.sendall(TAKEN)
    while (job := _next_job(line)) is not None:
        begun = time.perf_counter()
        reply = answer(store, job, limits)
        seconds = time.perf_counter() - begun
        head, content = reply.frame(seconds)
        if len(content) < _PIECE:
            line.sendall(head + content)
        else:
            line.sendall(head)
            line.sendall(content)
        if seconds > LONG:
            return


def _next_job(line: socket.socket) -> QueryJob | None:
    """Return the next query of a line, None where it has closed."""
    received = line.recv(_PIECE)
    while received:
        if len(received) >= LENGTH.size:
            length = LENGTH.size + LENGTH.unpack_from(received)[0]
            if len(received) == length:
                return QueryJob.read(received[LENGTH.size :])
        more = line.recv(_PIECE)
        if not more:
            break
        received += more
    return None


def answer(store: EmbeddedStore, job: QueryJob, limits: Limits) -> Reply:
    """Return what a query comes to.

    Calls out and updates are looked for here, where a long query holds up no other.
    """
    query = job.store_query.query
    if calls_out(query):
        return Reply(Outcome.CALLS_OUT, b"", None, *position_of_call(query))
    try:
        found = store.answer(job.store_query)
        form = job.graph if isinstance(found, QueryTriples) else job.results
        if form is None:
            return Reply(Outcome.UNACCEPTABLE)
        content = serialized(found, form)
    except QueryError as error:
        if is_update(query):
            return Reply(Outcome.UPDATE, b"", None, *position_of_update(query))
        return Reply(Outcome.INVALID, str(error).encode(), None, error.line, error.column)
    except MemoryError:
        return Reply(Outcome.TOO_MUCH_MEMORY)
    if len(content) > limits.answer:
        return Reply(Outcome.TOO_LARGE)
    return Reply(Outcome.ANSWERED, content, form)


def _confine(used: set[int], limits: Limits) -> None:
    """Leave this process no way out: its own files and one line, so much memory, no core."""
    with suppress(OSError):  # where memory runs out, the kernel ends a query and not the server
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nowhere, standard)
    kept = sorted({0, 1, 2, *used})
    for low, high in zip(kept, [*kept[1:], _HIGHEST], strict=True):
        os.closerange(low + 1, high)
    free = os.dup(0)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free + 2, free + 2))  # a line and its pipe
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        size = memory.writable() + limits.memory + _STACK
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    os.nice(_NICE)
