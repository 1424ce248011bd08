"""Visitors' queries: what they may use, what they cannot do, and that nobody else notices."""

import http.client
import json
import os
import re
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from heavy_queries import HEAVY, HUNGRY, NUMBERS, SMALL, busiest, post, seconds
from rallynov_graph.http.query_jobs import (
    LONG_AT_ONCE,
    LONG_OF_ONE,
    VISIT,
    Board,
    Limits,
    Outcome,
    QueryJob,
    Reply,
)
from rallynov_graph.rdf import formats
from rallynov_graph.server.query_process import QueryProcess
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore, StoreQuery
from servers import DATA, Server, children, serving
from waiting import eventually

SLOW_ASK = "ASK {{ {} FILTER(?v0 + ?v1 + ?v2 + ?v3 < 0) }}".format(
    " ".join(f"VALUES ?v{i} {{ {NUMBERS} }}" for i in range(6))
)
NOBODY = 65534
pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="processes are looked at through /proc"
)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    file = tmp_path_factory.mktemp("guarded") / "data.trig"
    file.write_text(DATA, "utf-8")
    with serving("--data", str(file), "--query-timeout", "1", "--workers", "1") as running:
        yield running


@pytest.fixture
def queries(store: EmbeddedStore) -> QueryProcess:
    return QueryProcess(store, Board(), 0, Limits(answer=2000))


def nested(times: int) -> str:
    return f"ASK {'{' * times}{'}' * times}"


@pytest.mark.parametrize("times", [2_500, 20_000, 400_000])
def test_nesting_that_kills_a_process_is_a_clear_error(guarded: Server, times: int) -> None:
    answer = post(guarded, nested(times))
    assert (answer.status, answer.text) == (400, "The query is nested too deeply.\n")
    assert post(guarded, SMALL).status == 200


@pytest.mark.parametrize("query", [HEAVY, SLOW_ASK], ids=["count", "ask"])
def test_a_query_that_never_ends_is_ended(guarded: Server, query: str) -> None:
    zygote = guarded.zygote()
    assert eventually(lambda: children(zygote))
    ready = children(zygote)
    answer = post(guarded, query)
    assert (answer.status, answer.text) == (504, "The query took longer than 1 s.\n")
    assert eventually(lambda: not ready <= children(zygote)), "the process asked still runs"
    page = guarded.ask("GET", f"/sparql?query={quote(query)}", Accept="text/html")
    assert (page.status, page.media_type) == (504, "text/html")
    assert post(guarded, SMALL).status == 200


def test_a_query_that_takes_all_memory_is_ended(tmp_path: Path) -> None:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    with serving("--data", str(file), "--query-timeout", "60", "--workers", "1") as server:
        answer = post(server, HUNGRY)
        assert answer.status == 422
        assert "memory" in answer.text
        assert post(server, SMALL).status == 200


def test_small_queries_are_answered_while_heavy_ones_run(tmp_path: Path) -> None:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    request = f"GET /sparql?query={quote(HEAVY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with serving("--data", str(file), "--query-timeout", "60", "--workers", "1") as server:
        place = urlsplit(server.address)
        somebody_else = ("127.0.0.2", 0)
        asking = [
            socket.create_connection((place.hostname, place.port), source_address=somebody_else)
            for _ in range(4)
        ]
        for client in asking:
            client.sendall(request)
        assert eventually(lambda: seconds(busiest(server)) > 0.1, within=20)
        assert post(server, SMALL).status == 200
        assert select.select(asking, [], [], 0)[0] == [], "a heavy one was answered before it"
        for client in asking:
            client.close()


@pytest.mark.parametrize("more", [b"", b"x", b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"], ids=len)
@pytest.mark.parametrize("accept", ["application/json", "text/html"], ids=["program", "browser"])
def test_a_query_ends_when_its_asker_leaves(tmp_path: Path, accept: str, more: bytes) -> None:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    with serving("--data", str(file), "--query-timeout", "60", "--workers", "1") as server:
        place = urlsplit(server.address)
        with socket.create_connection((place.hostname, place.port)) as client:
            path = f"/sparql?query={quote(HEAVY)}"
            client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: {accept}\r\n\r\n".encode())
            assert eventually(lambda: seconds(busiest(server)) > 0.3, within=20)
            asked = busiest(server)
            client.sendall(more)
        assert eventually(lambda: asked not in server.children(), within=20)


def test_a_killed_query_process_is_replaced(guarded: Server) -> None:
    zygote = guarded.zygote()
    for pid in children(zygote):
        os.kill(pid, signal.SIGKILL)
    assert eventually(lambda: children(zygote))
    assert post(guarded, SMALL).status == 200


def test_no_descriptor_is_left_to_call_out_with(guarded: Server) -> None:
    assert post(guarded, SMALL).status == 200
    ready = lambda: children(guarded.zygote())  # noqa: E731
    assert eventually(lambda: ready() and all(map(is_confined, ready())))


def is_confined(pid: int) -> bool:
    """Return whether every number that a descriptor may have is taken but one: the asker's.

    Of a process that has ended meanwhile, nothing is known.
    """
    try:
        limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
        taken = {int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()}
        [line] = [line for line in limits if line.startswith("Max open files")]
    except (OSError, ValueError):
        return False
    return len(set(range(int(line.split()[3]))) - taken) == 1


def test_the_guard_holds_where_a_call_would_slip_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is asked in a confined process, past the check of words: no connection comes."""
    from rallynov_graph.server.query_process import _alone_with, _confine

    monkeypatch.setattr("rallynov_graph.server.query_process.calls_out", lambda query: False)
    with socket.create_server(("127.0.0.1", 0)) as outside:
        outside.settimeout(0.5)
        url = f"http://127.0.0.1:{outside.getsockname()[1]}/"
        ours, theirs = socket.socketpair()
        store = EmbeddedStore.of_quads([])
        pid = os.fork()
        if not pid:
            try:
                _alone_with(frozenset({theirs.fileno()}))
                _confine(Limits())
                os.dup(theirs.fileno())  # where the asker's connection would be
                process = QueryProcess(store, Board(), 0, Limits())
                asked = StoreQuery(f"SELECT ?x {{ SERVICE <{url}> {{ ?x ?y ?z }} }}")
                reply = process.reply(QueryJob(asked, formats.RESULTS_JSON, None))
                theirs.sendall(bytes([reply.outcome]))
            finally:
                os._exit(0)
        theirs.close()
        assert ours.recv(1) == bytes([Outcome.INVALID])
        os.waitpid(pid, 0)
        ours.close()
        with pytest.raises(TimeoutError):
            outside.accept()


def test_an_answer_beyond_the_limit_is_an_error(queries: QueryProcess) -> None:
    asked = StoreQuery("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 1000")
    visit = QueryJob(asked, formats.RESULTS_JSON, formats.TURTLE)
    assert queries.reply(visit).outcome is Outcome.TOO_LARGE


def test_the_form_of_the_answer_chooses_the_format(queries: QueryProcess) -> None:
    def form(query: str, results: formats.Format | None, graph: formats.Format | None) -> object:
        reply = queries.reply(QueryJob(StoreQuery(query), results, graph))
        return reply.form or reply.outcome

    both = (formats.RESULTS_CSV, formats.TURTLE)
    assert form("ASK {}", *both) is formats.RESULTS_CSV
    assert form("CONSTRUCT {} {}", *both) is formats.TURTLE
    assert form("ASK {}", None, formats.TURTLE) is Outcome.UNACCEPTABLE
    assert form("CONSTRUCT {} {}", formats.RESULTS_CSV, None) is Outcome.UNACCEPTABLE


def test_visits_and_replies_arrive_as_they_were_sent() -> None:
    asked = StoreQuery("ASK { ?s ?p 'é\u2028' }", "https://example.org/", ("urn:a",), None)
    visit = QueryJob(asked, formats.RESULTS_TSV, None)
    assert QueryJob.read(visit.frame(7)[VISIT.size :]) == visit
    for reply in (
        Reply(Outcome.ANSWERED, b"\0data", formats.N_QUADS),
        Reply(Outcome.INVALID, "où ?".encode(), None, 3, 4),
    ):
        assert Reply.read(*reply.frame()) == reply


def test_the_board_tells_what_became_of_a_visit() -> None:
    board = Board()
    assert board.place_of(7) is None
    board.begin(3)
    board.take(3, 7)
    assert (board.place_of(7), board.failure(7)) == (3, None)
    assert board.busy_since(3)
    board.fail(3, Outcome.TOO_LONG)
    assert board.failure(7) is Outcome.TOO_LONG
    board.clear(3)
    assert board.place_of(7) is None
    assert board.busy_since(3) is None


@pytest.mark.parametrize(
    ("clients", "each", "left", "told"),
    [(1, 7, LONG_OF_ONE, 429), (3, LONG_OF_ONE, LONG_AT_ONCE, 503)],
    ids=["of one client", "of all"],
)
def test_long_queries_beyond_the_limit_are_ended(
    tmp_path: Path, clients: int, each: int, left: int, told: int
) -> None:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    request = f"GET /sparql?query={quote(HEAVY)}&n={{}} HTTP/1.1\r\nHost: x\r\n\r\n"
    options = ("--query-timeout", "60", "--workers", "1")
    with serving("--data", str(file), *options) as server, ExitStack() as open_ones:
        place = urlsplit(server.address)
        asking = [
            open_ones.enter_context(
                socket.create_connection(
                    (place.hostname, place.port), source_address=(f"127.0.0.{2 + client}", 0)
                )
            )
            for client in range(clients)
            for _ in range(each)
        ]
        for number, client in enumerate(asking):
            client.sendall(request.format(number).encode())
        answered = lambda: select.select(asking, [], [], 0)[0]  # noqa: E731
        beyond = clients * each - left
        assert eventually(lambda: len(answered()) >= beyond, within=20)
        time.sleep(1)
        assert {int(client.recv(64).split()[1]) for client in answered()} == {told}
        assert len(answered()) == beyond, "more were ended than had to be"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells who connects")
@pytest.mark.skipif(os.getuid() != 0, reason="root alone can be another user")
def test_another_user_of_the_machine_is_not_answered(guarded: Server) -> None:
    """The queue has no file that rights could be set on: everybody on the machine can connect."""
    visit = QueryJob(StoreQuery(SMALL), formats.RESULTS_JSON, None).frame(1)
    queues = re.findall(r"@(rallynov-[0-9a-f]{32})", Path("/proc/net/unix").read_text())
    theirs = {queue for queue in queues if answers(queue, os.getuid(), visit)}
    assert theirs, "no queue answers ourselves"
    assert not [queue for queue in theirs if answers(queue, NOBODY, visit)]


def answers(queue: str, user: int, visit: bytes) -> bool:
    """Tell whether a queue answers a visit of a user."""
    pid = os.fork()
    if pid:
        return os.waitpid(pid, 0)[1] == 0
    status = 1
    try:
        os.setuid(user)
        with socket.socket(socket.AF_UNIX) as asker:
            asker.settimeout(10)
            asker.connect(f"\0{queue}")
            asker.sendall(visit)
            status = 0 if asker.recv(1) else 1
    finally:
        os._exit(status)


def test_too_many_long_queries_wait_and_are_told_so(tmp_path: Path) -> None:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    with serving("--data", str(file), "--query-timeout", "0.5", "--workers", "1") as server:
        clients = [http.client.HTTPConnection(urlsplit(server.address).netloc) for _ in range(12)]
        for client in clients:
            client.request(
                "GET", f"/sparql?query={quote(HEAVY)}", headers={"Accept": "application/json"}
            )
        answers = [client.getresponse() for client in clients]
        assert {answer.status for answer in answers} <= {429, 503, 504}
        assert all(json.loads(answer.read())["detail"] for answer in answers)
        assert post(server, SMALL).status == 200
