"""Who answers next, who stays: processes that wait on one queue for visits."""

import os
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from itertools import pairwise
from pathlib import Path

import pytest

from rallynov_graph.server.accept_queue import AcceptQueue

pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="processes wait by epoll")


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "queue"))
        listener.listen(8)
        yield listener


@pytest.fixture
def start() -> Iterator[Callable[[Callable[[], None]], int]]:
    """Run something in a process of its own; what still runs at the end is killed."""
    started: list[int] = []

    def begin(work: Callable[[], None]) -> int:
        pid = os.fork()
        if pid:
            started.append(pid)
            return pid
        with suppress(BaseException):
            work()
        os._exit(0)

    yield begin
    for pid in started:
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def answering(turns: AcceptQueue) -> Callable[[], None]:
    """Tell each asker which process has him, and keep him until he speaks."""

    def work() -> None:
        while True:
            with turns.take() as asker:
                asker.sendall(os.getpid().to_bytes(4, "big"))
                asker.recv(1)

    return work


def asking(queue: socket.socket) -> socket.socket:
    asker = socket.socket(socket.AF_UNIX)
    asker.settimeout(10)
    asker.connect(queue.getsockname())
    return asker


def told(asker: socket.socket) -> int:
    return int.from_bytes(asker.recv(4), "big")


def test_who_has_answered_last_answers_next(queue, start) -> None:
    turns = AcceptQueue(queue)
    for _ in range(3):
        start(answering(turns))
    answered = []
    for _ in range(30):
        time.sleep(0.01)  # it waits again
        with asking(queue) as asker:
            answered.append(told(asker))
            asker.sendall(b".")
    assert sum(it == last for last, it in pairwise(answered)) > 20, "they are woken in turn"


def test_nobody_waits_while_a_process_is_free(queue, start) -> None:
    turns = AcceptQueue(queue)
    pids = {start(answering(turns)) for _ in range(3)}
    with ExitStack() as held:
        askers = [held.enter_context(asking(queue)) for _ in range(3)]
        assert {told(asker) for asker in askers} == pids
        fourth = held.enter_context(asking(queue))
        assert select.select([fourth], [], [], 0.1)[0] == []
        askers[1].sendall(b".")
        assert told(fourth) in pids


def test_a_call_is_made_again_when_a_process_was_lost_with_it(queue, start) -> None:
    turns = AcceptQueue(queue)
    with asking(queue) as asker:
        turns._wait()  # as a process that is killed before it takes the visit
        start(answering(turns))
        assert select.select([asker], [], [], 0.1)[0] == []
        turns.call()
        assert told(asker)
