"""Connections between a web process and its query processes: they stay from visit to visit."""

import asyncio
import gc
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import HEAD, Board, Limits, Outcome, QueryJob, Reply
from rallynov_graph.rdf import formats
from rallynov_graph.server import complaints, query_process, query_runner
from rallynov_graph.server.accept_queue import AcceptQueue
from rallynov_graph.server.query_process import QueryProcess
from rallynov_graph.server.query_runner import Sandbox
from rallynov_graph.server.worker_pool import Gone, connected
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore, StoreQuery

ASK = QueryJob(StoreQuery("ASK {}"), formats.RESULTS_JSON, None)
pytestmark = pytest.mark.skipif(not hasattr(select, "epoll"), reason="processes wait by epoll")


class Pool:
    """Query processes at one queue, started one by one."""

    def __init__(self, folder: Path) -> None:
        self.board, self._place = Board(), 0
        self._life, self._alive = os.pipe()
        self._queue = socket.socket(socket.AF_UNIX)
        self._queue.bind(str(folder / "queue"))
        self._queue.listen(8)
        self._turns = AcceptQueue(self._queue)
        self._pids: list[int] = []

    @property
    def address(self) -> str:
        address: str = self._queue.getsockname()
        return address

    def start(self, *, confined: bool = False) -> int:
        process = QueryProcess(EmbeddedStore.of_quads([]), self.board, self._place, Limits())
        self._place += 1
        pid = os.fork()
        if not pid:
            with suppress(BaseException):
                if confined:
                    process.run(self._turns, self._life)
                process._answer_lines(self._turns)
            os._exit(0)
        self._pids.append(pid)
        return pid

    def kill(self, pid: int) -> None:
        self._pids.remove(pid)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)

    def end(self) -> None:
        for pid in [*self._pids]:
            self.kill(pid)
        self._queue.close()
        os.close(self._life)
        os.close(self._alive)

    def sandbox(self, at_once: int, limits: Limits | None = None) -> Sandbox:
        return Sandbox(self.address, self.board, limits or Limits(), at_once)


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[Pool]:
    made = Pool(tmp_path)
    yield made
    made.end()


def run(story: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        await asyncio.wait_for(story(), 20)

    asyncio.run(bounded())


def never() -> Awaitable[object]:
    return asyncio.Event().wait()


async def asked(runner: Sandbox, visit: QueryJob, gone: Gone) -> Reply | None:
    reply: asyncio.Future[Reply | Refused | None] = asyncio.get_running_loop().create_future()
    begun = runner.begin(visit, gone, reply.set_result)
    try:
        told = await reply
    finally:
        begun.end()
    assert not isinstance(told, Refused)
    return told


def outcome(reply: Reply | None) -> Outcome | None:
    return reply and reply.outcome


def test_a_process_answers_on_its_line_until_nobody_asks(pool: Pool) -> None:
    pool.start()
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(pool.address)
        for ticket in (1, 2, 3):
            line.sendall(ASK.frame(ticket))
            head = line.recv(HEAD.size, socket.MSG_WAITALL)
            content = line.recv(HEAD.unpack(head)[-1], socket.MSG_WAITALL)
            assert Reply.read(head, content).outcome is Outcome.ANSWERED
        assert line.recv(1) == b"", "it keeps the descriptor that another line needs"


def test_a_visit_in_pieces_is_whole_however_slowly_they_come(pool: Pool) -> None:
    pool.start()
    query = f"ASK {{}} #{'x' * 100_000}"
    frame = QueryJob(StoreQuery(query), formats.RESULTS_JSON, None).frame(1)
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(10)
        line.connect(pool.address)
        line.sendall(frame[:1000])
        time.sleep(0.8)
        line.sendall(frame[1000:])
        head = line.recv(HEAD.size, socket.MSG_WAITALL)
    assert HEAD.unpack(head)[0] == Outcome.ANSWERED


def test_visits_wait_for_the_lines_that_there_are(pool: Pool) -> None:
    pool.start()

    async def story() -> None:
        asker = pool.sandbox(at_once=1)
        visits = [
            QueryJob(StoreQuery(f"ASK {{}} #{n}"), formats.RESULTS_JSON, None) for n in range(20)
        ]
        replies = await asyncio.gather(*(asked(asker, visit, never) for visit in visits))
        assert [outcome(reply) for reply in replies] == [Outcome.ANSWERED] * 20
        assert len(asker._free) == 1

    run(story)


def test_a_visit_to_a_process_that_has_just_ended_goes_to_another(pool: Pool) -> None:
    first = pool.start()

    async def story() -> None:
        asker = pool.sandbox(at_once=2)
        assert outcome(await asked(asker, ASK, never)) is Outcome.ANSWERED
        pool.kill(first)  # the event loop has not seen it when the next visit is sent
        pool.start()
        assert outcome(await asked(asker, ASK, never)) is Outcome.ANSWERED

    run(story)


def test_a_visit_that_is_written_late_goes_to_another_process(pool: Pool) -> None:
    pool.start()

    async def story() -> None:
        asking = asyncio.ensure_future(asked(pool.sandbox(at_once=1), ASK, never))
        await asyncio.sleep(0)  # there is a line, on which nothing was written yet
        time.sleep(0.8)  # longer than a process waits on a line
        assert outcome(await asking) is Outcome.ANSWERED

    run(story)


def test_a_process_without_descriptors_stays_after_a_long_visit(
    pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_process, "LONG", 0.0)
    pool.start(confined=True)

    async def story() -> None:
        asker = pool.sandbox(at_once=1)
        for _ in range(3):
            assert outcome(await asked(asker, ASK, never)) is Outcome.ANSWERED

    run(story)


def test_a_line_that_rests_is_opened_again(pool: Pool) -> None:
    pool.start()

    async def story() -> None:
        asker = pool.sandbox(at_once=2)
        assert outcome(await asked(asker, ASK, never)) is Outcome.ANSWERED
        while asker._free:
            await asyncio.sleep(0.05)
        assert outcome(await asked(asker, ASK, never)) is Outcome.ANSWERED

    run(story)


def test_who_leaves_while_he_waits_is_not_asked_for(pool: Pool) -> None:
    async def story() -> None:
        asker, gone = pool.sandbox(at_once=1), asyncio.Event()
        first = asyncio.ensure_future(asked(asker, ASK, never))
        second = QueryJob(StoreQuery("ASK {} # second"), formats.RESULTS_JSON, None)
        leaving = asyncio.ensure_future(asked(asker, second, gone.wait))
        await asyncio.sleep(0.1)
        gone.set()
        assert await leaving is None
        pool.start()
        assert outcome(await first) is Outcome.ANSWERED
        assert (len(asker._waiting), asker._placed, asker._under_way) == (0, 0, {})

    run(story)


def test_a_visit_that_ends_before_its_line_is_there_reaches_no_process(pool: Pool) -> None:
    async def story() -> None:
        asker = pool.sandbox(at_once=1)
        asker.begin(ASK, never, lambda _: None).end()
        await asyncio.gather(*asker._tasks)
        line, _ = await asyncio.to_thread(pool._queue.accept)
        with line:
            line.settimeout(10)
            assert await asyncio.to_thread(line.recv, 1) == b""

    run(story)


def test_a_line_that_is_hung_up_is_closed_once(pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """By whom matters: a socket object that still has a closed descriptor closes another's."""
    uvloop = pytest.importorskip("uvloop", reason="the event loop of served processes")
    lines: list[socket.socket] = []

    def noted(address: str) -> socket.socket:
        lines.append(connected(address))
        return lines[-1]

    monkeypatch.setattr(query_runner, "connected", noted)

    async def story() -> None:
        asker = pool.sandbox(at_once=1)
        asker.begin(ASK, never, lambda _: None).end()
        await asyncio.gather(*asker._tasks)
        while lines[0].fileno() >= 0:
            await asyncio.sleep(0.01)

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asyncio.wait_for(story(), 5))


def test_nobody_waits_longer_than_the_limit(pool: Pool) -> None:
    async def story() -> None:
        asker = pool.sandbox(at_once=1, limits=Limits(wait=0.1))
        others = (
            QueryJob(StoreQuery(f"ASK {{}} #{n}"), formats.RESULTS_JSON, None) for n in range(2)
        )
        replies = await asyncio.gather(*(asked(asker, visit, never) for visit in others))
        assert [outcome(reply) for reply in replies] == [Outcome.BUSY] * 2

    run(story)


def test_a_visit_for_which_no_descriptor_is_left_takes_nobody_s_place(
    pool: Pool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(complaints, "_last_written", {})
    pool.start()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    async def story() -> None:
        asker = pool.sandbox(at_once=2)
        gc.collect()  # what earlier tests left open would be closed in the middle of this one
        free = os.dup(0)
        os.close(free)
        resource.setrlimit(resource.RLIMIT_NOFILE, (free, hard))
        try:
            visits = [
                QueryJob(StoreQuery(f"ASK {{}} #{n}"), formats.RESULTS_JSON, None) for n in range(9)
            ]
            replies = await asyncio.gather(*(asked(asker, visit, never) for visit in visits))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert [outcome(reply) for reply in replies] == [Outcome.BUSY] * 9
        assert (asker._placed, asker._under_way) == (0, {})
        assert outcome(await asked(asker, ASK, never)) is Outcome.ANSWERED

    run(story)
    assert capsys.readouterr().err.count("Queries cannot be asked of their processes") == 1
