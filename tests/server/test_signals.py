"""A signal that comes while processes start is not lost: whoever is told to stop stops."""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from types import FrameType

import pytest

from rallynov_graph.http.query_jobs import Board, Limits
from rallynov_graph.server import forking, sandbox
from rallynov_graph.server.forking import plain
from rallynov_graph.server.generation import Settings, listen
from rallynov_graph.server.opening import Opened
from rallynov_graph.server.sandbox import Zygote
from rallynov_graph.server.supervisor import Supervisor
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are those of Linux")
OF_START = {sandbox.__file__, forking.__file__}
LINES_OF_START = 60
"""About so many lines the zygote runs until it waits for the first time."""


@pytest.fixture
def begin() -> Iterator[Callable[[Callable[[], object]], int]]:
    """Run something in a process of its own, with a group of its own, which is ended at last."""
    started: list[int] = []

    def start(work: Callable[[], object]) -> int:
        pid = os.fork()
        if not pid:
            with suppress(BaseException):
                os.setpgid(0, 0)
                plain()
                work()
            os._exit(0)
        started.append(pid)
        return pid

    yield start
    for pid in started:
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)


def ends(pid: int, within: float = 15) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if os.waitpid(pid, os.WNOHANG)[0]:
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("at", [1, 2], ids=["first start", "new data"])
def test_a_signal_that_comes_while_the_supervisor_forks_ends_the_server(begin, at: int) -> None:
    told = os.pipe()

    def serve() -> None:
        supervisor, forks, looks = os.getpid(), count(1), count()

        def tell() -> None:
            if os.getpid() == supervisor and next(forks) == at:
                os.kill(supervisor, signal.SIGTERM)
                os.write(told[1], b".")

        os.register_at_fork(after_in_parent=tell)
        opening = lambda: Opened(EmbeddedStore.of_quads([]))  # noqa: E731
        settings, watched = Settings(workers=1), lambda: next(looks) > 0
        Supervisor(listen("127.0.0.1", 0), opening, settings, watched).run(lambda: None)

    server = begin(serve)
    assert select.select([told[0]], [], [], 15)[0], "it never forked so often"
    assert ends(server), "it was told to stop while it forked, and goes on"


@pytest.mark.parametrize("line", range(1, LINES_OF_START, 2))
def test_wherever_a_zygote_is_told_to_stop_it_does(begin, line: int) -> None:
    life, alive = os.pipe()

    def work() -> None:
        with socket.socket(socket.AF_UNIX) as queue:
            queue.bind(f"\0rallynov-test-{os.getpid()}")
            queue.listen()
            zygote = Zygote(EmbeddedStore.of_quads([]), [queue], Board(), Limits())
            sys.settrace(told_at(line))
            zygote.run(life)

    assert ends(begin(work), within=10), "it was told to stop, and goes on"
    os.close(life)
    os.close(alive)


def told_at(line: int) -> Callable[[FrameType, str, object], object]:
    """Return what sends SIGTERM to the process where it has run so many lines of its start."""
    lines = count(1)
    process = os.getpid()

    def trace(frame: FrameType, event: str, _: object) -> object:
        if frame.f_code.co_filename not in OF_START or os.getpid() != process:
            return None
        if event == "line" and next(lines) == line:
            os.kill(process, signal.SIGTERM)
        return trace

    return trace
