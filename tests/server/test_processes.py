"""The server as a whole: it starts, survives its parts, takes up new data, rests, and stops."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from heavy_queries import HEAVY, NUMBERS, SMALL, post
from servers import Server, descendants, serving, start
from waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are those of Linux")
ONE, TWO = (f'<urn:a> <urn:b> "{text}" .\n' for text in ("one", "two"))
SAID = "/sparql?query=SELECT%20%3Fo%20%7B%3Fs%20%3Fp%20%3Fo%7D"
SLOW = "SELECT (COUNT(*) AS ?n) {{ {} FILTER(?v0 + ?v1 + ?v2 > 0) }}".format(
    " ".join(f"VALUES ?v{i} {{ {' '.join(NUMBERS.split()[:100])} }}" for i in range(3))
)
"""It takes about a second."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "data.nt"
    path.write_text(ONE, "utf-8")
    return path


@pytest.fixture
def small(file: Path) -> Iterator[Server]:
    """A server of one triple."""
    with serving("--data", str(file), "--workers", "1") as running:
        yield running


def said(server: Server) -> str:
    """Return what the data say, nothing while a process ends in the middle of it."""
    with suppress(OSError):
        return server.ask("GET", SAID, Accept="text/csv").text.split()[-1]
    return ""


def are_gone(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() for pid in pids)


# Starting and stopping


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_stops_everything(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: signal.Signals
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    with serving("--data", str(file)) as server:
        assert said(server) == "one"
        below = server.children()
        status = server.stop(kind)
        assert eventually(lambda: are_gone(below), within=5)
        if kind is not signal.SIGKILL:
            assert (status, server.process.communicate()[1]) == (0, "")
    assert eventually(lambda: not [*temporary.iterdir()])


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.2, 0.4, 0.6])
def test_a_signal_that_comes_while_processes_start_is_not_lost(file: Path, seconds: float) -> None:
    with serving("--data", str(file), "--workers", "1") as server:
        server.process.send_signal(signal.SIGHUP)  # it starts others meanwhile
        time.sleep(seconds)
        assert server.stop() == 0


def test_what_runs_and_what_waits_is_answered_before_the_end(small: Server) -> None:
    [web] = small.webs()
    with ExitStack() as held:
        running = held.enter_context(small.asking(f"/sparql?query={quote(SLOW)}"))
        assert eventually(lambda: small.figure("rallynov_queries_running") == 1)
        os.kill(web, signal.SIGSTOP)
        waiting = [held.enter_context(small.asking(SAID)) for _ in range(20)]
        small.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        os.kill(web, signal.SIGCONT)
        for client in (*waiting, running):
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 OK\r\n")
    assert small.process.wait(30) == 0


def test_who_connects_while_a_server_ends_is_refused_at_once(file: Path) -> None:
    with serving("--data", str(file), "--query-timeout", "3") as server:
        with server.asking(f"/sparql?query={quote(HEAVY)}") as running:
            assert eventually(lambda: server.figure("rallynov_queries_running") == 1)
            server.process.send_signal(signal.SIGTERM)
            time.sleep(1)
            with pytest.raises(ConnectionRefusedError):
                server.connected()
            assert running.recv(64).startswith(b"HTTP/1.1 504 "), "it is finished meanwhile"
        assert server.process.wait(30) == 0


def test_a_port_in_use_and_an_address_that_is_none_are_one_clear_sentence(small: Server) -> None:
    port = small.address.rpartition(":")[2]
    for options, words in (
        (("--port", port), f"Port {port} on 127.0.0.1 is in use: stop what uses it, or choose"),
        (("--host", "no.such.host.invalid"), "not an address to listen on"),
        (("--host", "192.0.2.1", "--port", "0"), "cannot be listened on"),
    ):
        process = start(*options)
        out, complained = process.communicate(timeout=60)
        assert (process.returncode, out, complained.count("\n")) == (2, "", 1)
        assert words in complained


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")
def test_an_address_of_ipv6_stands_in_brackets(file: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("there is no IPv6 here")
    process = start("--data", str(file), "--host", "::1", "--port", "0")
    assert process.stdout is not None
    assert "http://[::1]:" in process.stdout.readline()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)


def test_the_server_loads_no_library_that_only_builds_need() -> None:
    ours = ("cli.serve", "server.release_process", "release.building", "site.application")
    names = ", ".join(f"rallynov_graph.{name}" for name in ours)
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {names}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {*told.stdout.split()}
    assert not {"rdflib", "pyshacl", "SPARQLWrapper", "urllib3", "rich"} & loaded


# Parts that end


def test_every_process_that_ends_is_replaced(small: Server) -> None:
    time.sleep(1.1)  # what ends as soon as it starts is not started for ever
    everybody = small.children()
    for pid in sorted(everybody, reverse=True):  # those that start others last
        below = descendants(pid)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        assert eventually(lambda: are_gone(below | {pid}), within=5)  # noqa: B023
        assert eventually(lambda: said(small) == "one")
        time.sleep(0.3)


# New data


class Asking:
    """Somebody who asks all the time on connections that he keeps, and counts what gets lost."""

    def __init__(self, server: Server) -> None:
        self._place = urlsplit(server.address).netloc
        self._stop = threading.Event()
        self.answered, self.lost = 0, list[str]()
        self._threads = [threading.Thread(target=self._ask) for _ in range(4)]

    def __enter__(self) -> "Asking":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _ask(self) -> None:
        connection = http.client.HTTPConnection(self._place, timeout=10)
        number = 0
        while not self._stop.wait(0.005):
            number += 1
            try:
                connection.request("GET", f"{SAID}%23{number}")
                answer = connection.getresponse()
                answer.read()
                assert answer.status == 200
                self.answered += 1
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.lost.append(repr(error))
                connection.close()


def test_new_data_are_taken_up_without_losing_a_request(file: Path) -> None:
    with serving("--data", str(file)) as server, Asking(server) as asking:
        for text in (TWO, ONE, TWO):
            before = server.generation()
            file.write_text(text, "utf-8")
            server.process.send_signal(signal.SIGHUP)
            assert eventually(lambda: are_gone({before}))  # noqa: B023
        assert said(server) == "two"
    assert asking.answered > 20
    assert asking.lost == []


def test_data_are_watched_and_what_cannot_be_opened_leaves_the_old_ones(file: Path) -> None:
    with serving("--data", str(file), "--watch") as server:
        file.write_text(TWO, "utf-8")
        assert eventually(lambda: said(server) == "two")
        file.write_text("nonsense", "utf-8")
        assert server.process.stderr is not None
        told = server.process.stderr.readline()
        assert "The new data are not served, the old ones still are" in told
        assert said(server) == "two"


# Rest


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
    time.sleep(1.5)
    return of() == pids and wakes(pids) == before


def test_a_server_that_nobody_asks_sleeps_and_answers_all_who_come_at_once(file: Path) -> None:
    with serving("--data", str(file), "--workers", "2") as server, ExitStack() as held:
        webs = {*server.webs()}  # uvicorn's loops look about them ten times a second
        assert eventually(lambda: sleeps(lambda: {server.process.pid, *server.children()} - webs))
        assert len(server.queries()) == 2
        date = parsedate_to_datetime(post(server, SMALL).headers["date"])
        assert abs(date.timestamp() - time.time()) < 10, "the date stands still while nobody asks"
        clients = [held.enter_context(server.asking(f"{SAID}%23{n}")) for n in range(16)]
        assert [client.recv(12) for client in clients] == [b"HTTP/1.1 200"] * 16
