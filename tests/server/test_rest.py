"""A server that nobody asks sleeps, with few processes, and wakes as soon as somebody does."""

import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from heavy_queries import HEAVY, SMALL, post
from rallynov_graph.http.query_jobs import HEAD, MEBIBYTE, Board, Limits, QueryJob
from rallynov_graph.rdf import formats
from rallynov_graph.server import crew, sandbox
from rallynov_graph.server.crew import READY, Crew
from rallynov_graph.server.forking import plain
from rallynov_graph.server.memory_budget import Budget
from rallynov_graph.server.sandbox import Zygote
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore, StoreQuery
from servers import DATA, Server, children, serving
from waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are those of Linux")
ASK = QueryJob(StoreQuery("ASK {}"), formats.RESULTS_JSON, None)
WINDOW = 1.5
"""For so many seconds nothing is to happen; what ticks does so several times."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    with serving("--data", str(file), "--query-timeout", "20", "--workers", "2") as running:
        yield running


class Zygotes:
    """A zygote in a process of its own, at one queue, which rests soon."""

    def __init__(self, folder: Path) -> None:
        self.budget = Budget(1024 * MEBIBYTE, 2, 8)
        self._queue = socket.socket(socket.AF_UNIX)
        self._queue.bind(str(folder / "queue"))
        self._queue.listen(8)
        life, self._alive = os.pipe()
        board = Board()
        self.pid = os.fork()
        if not self.pid:
            with suppress(BaseException):
                plain()
                os.close(self._alive)
                crew.REST = sandbox.REST = 0.4  # type: ignore[misc]
                sandbox._TICK_OF_REST = 0.1  # type: ignore[misc]
                store, budget = EmbeddedStore.of_quads([]), (self.budget, 0)
                Zygote(store, [self._queue], board, Limits(), budget=budget).run(life)
            os._exit(0)
        os.close(life)

    def asked(self) -> socket.socket:
        """Return a line on which a visit was answered."""
        line = socket.socket(socket.AF_UNIX)
        line.settimeout(10)
        line.connect(self._queue.getsockname())
        line.sendall(ASK.frame(1))
        assert len(line.recv(HEAD.size, socket.MSG_WAITALL)) == HEAD.size
        return line

    def end(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._alive)
        self._queue.close()


@pytest.fixture
def zygote(tmp_path: Path) -> Iterator[Zygotes]:
    made = Zygotes(tmp_path)
    yield made
    made.end()


def wakes(pids: set[int]) -> int:
    """Return how often the threads of these processes have begun to wait."""
    found = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            with suppress(OSError):
                words = (thread / "status").read_text().split()
                found += int(words[words.index("voluntary_ctxt_switches:") + 1])
    return found


def sleeps(of: Callable[[], set[int]]) -> bool:
    """Tell whether none of these processes wakes for a while."""
    pids = of()
    before = wakes(pids)
    time.sleep(WINDOW)
    return of() == pids and wakes(pids) == before


def test_nothing_wakes_while_nobody_asks(server: Server) -> None:
    """Nor has it more than one query process for each web process, until there are visits."""
    whole = lambda: {server.process.pid, *server.children()}  # noqa: E731
    assert eventually(lambda: sleeps(whole), within=20)
    assert len(children(server.zygote())) == 2 * READY
    assert post(server, SMALL).status == 200
    assert eventually(lambda: len(children(server.zygote())) > 2 * READY)


def test_the_first_visits_that_come_together_are_all_answered(server: Server) -> None:
    place = server.address.removeprefix("http://").split(":")
    with ExitStack() as held:
        lines = [
            held.enter_context(socket.create_connection((place[0], int(place[1])), timeout=20))
            for _ in range(16)
        ]
        for number, line in enumerate(lines):
            query = f"ASK%20%7B%7D%20%23{number}"
            line.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert [line.recv(12) for line in lines] == [b"HTTP/1.1 200"] * 16


def test_answers_have_the_date_at_which_they_are_given(server: Server) -> None:
    given = []
    for _ in range(2):
        date = parsedate_to_datetime(post(server, SMALL).headers["date"])
        given.append(date.timestamp())
        time.sleep(1.1)
    assert given[1] > given[0], "the date stands still while nobody asks"
    assert abs(given[1] - time.time()) < 10


def test_processes_that_were_not_needed_for_a_while_end(zygote: Zygotes) -> None:
    ready = lambda: children(zygote.pid)  # noqa: E731
    assert eventually(lambda: len(ready()) == READY)

    def three_lines_need_more() -> bool:
        """Tell so; on a loaded machine the first may rest before the third is answered."""
        with ExitStack() as held:
            for _ in range(3):
                held.enter_context(zygote.asked())
            return len(ready()) > READY

    assert eventually(three_lines_need_more)
    assert eventually(lambda: len(ready()) == READY)
    assert eventually(lambda: sleeps(lambda: {zygote.pid, *ready()}), within=20)
    zygote.asked().close()


def test_a_zygote_that_sleeps_gives_back_the_memory_that_others_lack(zygote: Zygotes) -> None:
    """What it holds for the visit that comes next is another's as soon as that one needs it."""
    assert eventually(lambda: sleeps(lambda: {zygote.pid}), within=20)
    held = zygote.budget.taken()
    assert held > 4 * zygote.budget.share, "it holds nothing for the next visit"
    zygote.budget.lack(1, MEBIBYTE)
    zygote.budget.wake_others(1)
    assert eventually(lambda: zygote.budget.taken() < held // 2)


def test_query_processes_that_sleep_end_with_their_zygote(zygote: Zygotes) -> None:
    assert eventually(lambda: len(children(zygote.pid)) == READY)
    [ready] = children(zygote.pid)
    assert eventually(lambda: sleeps(lambda: {ready}), within=20)
    os.kill(zygote.pid, signal.SIGKILL)
    assert eventually(lambda: not runs(ready))


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_client_that_leaves_before_his_visit_is_seen_ends_it(zygote: Zygotes) -> None:
    """His line has ended by the time that a process takes it: there is no event any more."""
    assert eventually(lambda: len(children(zygote.pid)) == READY)
    [ready] = children(zygote.pid)
    os.kill(ready, signal.SIGSTOP)
    line = socket.socket(socket.AF_UNIX)
    line.connect(zygote._queue.getsockname())
    line.sendall(QueryJob(StoreQuery(HEAVY), formats.RESULTS_JSON, None).frame(7))
    line.close()
    os.kill(ready, signal.SIGCONT)
    assert eventually(lambda: not runs(ready))


def test_a_queue_keeps_what_its_busiest_moment_needed_for_a_while() -> None:
    queue = Crew(4)
    assert queue.wanted(0, 1.0) == READY
    assert [queue.wanted(lines, 2.0) for lines in (1, 2, 9)] == [3, 4, 4]
    assert queue.wanted(0, 2.0 + crew.REST - 1) == 4
    assert queue.wanted(1, 2.0 + crew.REST) == 3
    assert queue.wanted(0, 2.0 + 2 * crew.REST) == READY
