"""The query processes of a store: the release process forks them, each serves one line.

Each answers one query at a time, within limits, without network access.
"""

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
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from pyoxigraph import QueryTriples

from rallynov_graph.base.errors import QueryError
from rallynov_graph.http.queries import LENGTH, LONG, Outcome, QueryJob, Reply
from rallynov_graph.rdf.tokens import calls_out, is_update, position_of_call, position_of_update
from rallynov_graph.server.limits import Limits
from rallynov_graph.server.log import complain
from rallynov_graph.server.processes import fork, tell
from rallynov_graph.server.query_pool.pool import TAKEN
from rallynov_graph.sparql.embedded import EmbeddedStore, serialized

IDLE: Final = 2
"""So many processes wait for a line."""
LOOK: Final = 0.05
"""The interval, in seconds, at which the memory of running queries is checked."""
_SOON: Final = 1.0
"""A process that ends within these seconds, without a line, has failed to start."""
_FAILED_STARTS: Final = 8
"""The number of consecutive failures after which the next one is started later."""
_PAUSE: Final = 1.0
_NO_START: Final = "Query processes end as soon as they start: one is started each second."
_STACK: Final = 1 << 23
"""The stack for parsing nested queries; a query that needs more crashes its process."""
_NICE: Final = 5
_PIECE: Final = 1 << 16
_HIGHEST: Final = 1 << 16
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_FAULTS: Final = 7
"""The position of the page faults in the kernel's line on a process, after its name."""


class QueryProcesses:
    """The query processes of a store, waiting or busy."""

    def __init__(self, store: EmbeddedStore, limits: Limits, ended: Callable[[], None]) -> None:
        """``ended`` is called whenever one ends and is replaced."""
        self._store, self._limits, self._ended = store, limits, ended
        kind = socket.SOCK_SEQPACKET if sys.platform == "linux" else socket.SOCK_DGRAM
        self.queue, self._waiting = socket.socketpair(socket.AF_UNIX, kind)
        """The sockets on which web processes send lines, and query processes wait for them."""
        self.queue.setblocking(False)
        self.notes, self._notes = os.pipe()
        """The pipe on which a process tells the release process that it has taken a line."""
        os.set_blocking(self.notes, False)
        self._idle: dict[int, float] = {}
        self._asked: set[int] = set()
        """Those that have a line."""
        self._failed, self._next_start = 0, 0.0

    @property
    def pids(self) -> set[int]:
        return {*self._idle, *self._asked}

    def close_others(self) -> None:
        """Close in a web process the descriptors that it does not use."""
        self._waiting.close()
        os.close(self.notes)
        os.close(self._notes)

    def fill(self, life: int) -> float | None:
        """Start missing processes; return the seconds until the next action, if there is one."""
        self._hear()
        now = time.monotonic()
        while len(self._idle) < IDLE and now >= self._next_start:
            arguments = self._store, self._waiting, self._notes, life, self._limits
            try:
                pid = fork(partial(_run, *arguments))
            except OSError:  # the machine has no room for it by now
                self._next_start = now + _PAUSE
                break
            self._idle[pid] = now
        if len(self._idle) < IDLE:
            return max(0.0, self._next_start - now)
        return LOOK if self._asked else None

    def reap(self, ended: dict[int, int]) -> None:
        self._hear()
        for pid in self.pids & ended.keys():
            if ended[pid] not in (0, signal.SIGIO):  # as its line ended
                self._ended()
            begun = self._idle.pop(pid, None)
            if begun is None:
                self._asked.discard(pid)
            elif time.monotonic() - begun < _SOON:
                self._failed += 1
                if self._failed >= _FAILED_STARTS:
                    self._next_start = time.monotonic() + _PAUSE
                    complain(_NO_START)

    def sizes(self) -> Iterable[tuple[int, int]]:
        """Return the upper bound of the private memory of each process with a line."""
        return ((_own(pid), pid) for pid in self._asked)

    def _hear(self) -> None:
        """Note the processes that have taken a line."""
        with suppress(BlockingIOError):
            heard = os.read(self.notes, 1 << 12)
            for at in range(0, len(heard), 4):
                pid = int.from_bytes(heard[at : at + 4], "big")
                if self._idle.pop(pid, None) is not None:
                    self._asked.add(pid)
                    self._failed = 0


def keep_to_budget(pools: Iterable[QueryProcesses], budget: int) -> None:
    """Kill the largest query while all together exceed the memory budget."""
    sizes = sorted(size for pool in pools for size in pool.sizes())
    while sizes and sum(size for size, _ in sizes) > budget:
        tell(sizes.pop()[1], signal.SIGKILL)


def _run(store: EmbeddedStore, queue: socket.socket, notes: int, life: int, limits: Limits) -> None:
    """Answer the queries of one line, until one was long; end earlier with the pipe ``life``.

    A process that has worked for long has copied much of the store: another one continues.
    ``notes`` is a pipe for reporting that it has taken a line.
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
    """Return the next waiting line; None if this process is to end."""
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
    """Let SIGIO kill this process when a pipe closes; return whether it is open.

    Nothing is ever sent through this pipe. The line itself cannot be used: the kernel signals the
    arrival of a query a moment after it has woken this process to read it.
    """
    fcntl.fcntl(pipe, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    return not select.select([pipe], [], [], 0)[0]


def _answer_on(line: socket.socket, store: EmbeddedStore, limits: Limits) -> None:
    line.setblocking(True)
    faulthandler.enable(
        line.fileno(), all_threads=False
    )  # the reason of its death is written on the line
    line.sendall(TAKEN)
    while (job := _next_job(line)) is not None:
        begun = time.perf_counter()
        reply = _answer(store, job, limits)
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
    """Return the next query of a line, None if the line is closed."""
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


def _answer(store: EmbeddedStore, job: QueryJob, limits: Limits) -> Reply:
    """Return the reply to a query.

    Calls to other servers and updates are detected here, where a long query delays no other.
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
    """Confine this process: its own files and one line, limited memory, no core dumps."""
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
        size = _writable() + limits.memory + _STACK
        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    os.nice(_NICE)


def _writable() -> int:
    """Return how much this process may write without allocating, as bounded by ``RLIMIT_DATA``."""
    return _size_at(5)


def _own(process: int) -> int:
    """Return an upper bound of a forked process's private memory, copied or allocated.

    A shared page is copied when it is written, and each copy counts as a fault.
    """
    try:
        line = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2]
        faults = int(line.split()[_FAULTS]) * _PAGE
    except (OSError, IndexError):
        return 0
    return min(faults, _size_at(1, process))


def _size_at(place: int, process: int | str = "self") -> int:
    try:
        pages = Path(f"/proc/{process}/statm").read_text("ascii").split()[place]
    except (OSError, IndexError):
        return 0
    return int(pages) * _PAGE


def size_of_this() -> int:
    """Return the memory of this process in bytes, shared pages included; 0 if unknown."""
    return _size_at(1)
