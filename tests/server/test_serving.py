"""The server as a whole: it starts, says so, survives its parts, and stops cleanly."""

import os
import resource
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from rallynov_graph.base.errors import ServingError
from rallynov_graph.release.release import Release
from rallynov_graph.server.generation import address, listen
from servers import Server, Starting, descendants, serving, start

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/task").exists(), reason="processes are looked at through /proc"
)


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


def gone(pids: set[int], within: float = 5) -> bool:
    until = time.monotonic() + within
    while alive(pids) and time.monotonic() < until:
        time.sleep(0.05)
    return not alive(pids)


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_cleanly(release: Release, kind: signal.Signals) -> None:
    with serving("--release", str(release.path)) as server:
        assert server.query("ASK {}").status == 200
        below = server.children()
        assert server.stop(kind) == 0
        assert gone(below)
        assert server.process.communicate()[1] == ""


def test_what_runs_is_finished_before_the_end(release: Release) -> None:
    numbers = " ".join(map(str, range(150)))
    values = " ".join(f"VALUES ?v{i} {{ {numbers} }}" for i in range(3))
    query = f"SELECT (COUNT(*) AS ?n) {{ {values} FILTER(?v0 + ?v1 + ?v2 > 0) }}"
    with serving("--release", str(release.path), "--workers", "1") as server:
        answers = []
        asking = threading.Thread(target=lambda: answers.append(server.query(query)))
        asking.start()
        time.sleep(0.4)
        assert server.stop() == 0
        asking.join()
    assert [answer.status for answer in answers] == [200]


def test_what_waits_to_be_accepted_is_answered_before_the_end(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "1") as server:
        assert server.query("ASK {}").status == 200
        host, _, port = server.address.removeprefix("http://").rpartition(":")
        [web] = server.webs()
        os.kill(web, signal.SIGSTOP)
        clients = [socket.create_connection((host, int(port))) for _ in range(20)]
        for client in clients:
            client.sendall(b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n")
        server.process.send_signal(signal.SIGTERM)
        time.sleep(0.3)
        os.kill(web, signal.SIGCONT)
        for client in clients:
            with client:
                assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 OK\r\n")
        assert server.process.wait(30) == 0


def test_who_connects_while_a_server_ends_is_refused_at_once(release: Release) -> None:
    numbers = " ".join(map(str, range(200)))
    values = " ".join(f"VALUES ?v{i} {{ {numbers} }}" for i in range(6))
    query = f"SELECT (COUNT(*) AS ?n) {{ {values} }}"
    options = ("--release", str(release.path), "--workers", "2", "--query-timeout", "4")
    with serving(*options) as server:
        answers = []
        asking = threading.Thread(target=lambda: answers.append(server.query(query)))
        asking.start()
        time.sleep(0.4)
        server.process.send_signal(signal.SIGTERM)
        time.sleep(1)
        with pytest.raises(ConnectionRefusedError):
            server.ask("GET", "/healthz")
        asking.join()
        assert [answer.status for answer in answers] == [504], "what runs is finished meanwhile"
        assert server.process.wait(30) == 0


def test_pages_are_made_while_visitors_wait_for_answers(release: Release) -> None:
    numbers = " ".join(map(str, range(200)))
    values = " ".join(f"VALUES ?v{i} {{ {numbers} }}" for i in range(6))
    heavy = f"/sparql?query={quote(f'SELECT (COUNT(*) AS ?n) {{ {values} }}')}"
    request = f"GET {heavy} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n".encode()
    options = ("--release", str(release.path), "--workers", "1", "--query-timeout", "60")
    with serving(*options) as server:
        assert server.ask("GET", "/", Accept="text/html").status == 200
        place = urlsplit(server.address)
        browsing = [socket.create_connection((place.hostname, place.port)) for _ in range(12)]
        for client in browsing:
            client.sendall(request)
        time.sleep(0.5)
        assert server.ask("GET", "/", Accept="text/html").status == 200
        answered = select.select(browsing, [], [], 0)[0]
        assert len(answered) < len(browsing), "the page waited for every heavy query"
        for client in answered:
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 429 "), "one client has a share"
        for client in browsing:
            client.close()


def test_a_web_process_that_ends_is_replaced(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "1") as server:
        assert server.query("ASK {}").status == 200
        [web] = server.webs()
        os.kill(web, signal.SIGKILL)
        until = time.monotonic() + 5
        while server.webs() in ([], [web]) and time.monotonic() < until:
            time.sleep(0.05)
        assert server.query("ASK {}").status == 200


def test_a_zygote_that_ends_is_replaced(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "1") as server:
        assert server.query("ASK {}").status == 200
        zygote = server.zygote()
        children = descendants(zygote)
        os.kill(zygote, signal.SIGKILL)
        assert gone(children)
        assert server.query("ASK {}").status == 200


def test_when_the_server_is_killed_its_processes_end_too(release: Release) -> None:
    with serving("--release", str(release.path)) as server:
        assert server.query("ASK {}").status == 200
        below = server.children()
        server.stop(signal.SIGKILL)
        assert gone(below)


def test_a_port_in_use_is_one_clear_sentence(server: Server) -> None:
    port = server.address.rpartition(":")[2]
    second = start("--port", port)
    said, complained = second.communicate(timeout=30)
    assert second.returncode == 2
    assert said == ""
    assert complained == (
        f"rallynov: Port {port} on 127.0.0.1 is in use: "
        "stop what uses it, or choose another by --port.\n"
    )


def test_an_address_that_is_none_is_one_clear_sentence() -> None:
    with pytest.raises(ServingError, match="not an address to listen on"):
        listen("no.such.host.invalid", 0)
    with pytest.raises(ServingError, match="cannot be listened on"):
        listen("192.0.2.1", 0)


def test_an_address_is_said_as_a_browser_takes_it() -> None:
    with listen("127.0.0.1", 0) as plain:
        assert address(plain) == f"http://127.0.0.1:{plain.getsockname()[1]}"


@pytest.mark.skipif(not socket.has_ipv6, reason="there is no IPv6 here")
def test_an_address_of_ipv6_stands_in_brackets() -> None:
    try:
        listener = listen("::1", 0)
    except ServingError:
        pytest.skip("there is no IPv6 here")
    with listener:
        assert address(listener).startswith("http://[::1]:")


def modules_of(*ours: str) -> set[str]:
    """Return all modules that some of ours load."""
    names = ", ".join(f"rallynov_graph.{name}" for name in ours)
    told = subprocess.run(
        [sys.executable, "-c", f"import sys, {names}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {*told.stdout.split()}


def test_the_server_loads_no_library_that_only_builds_need(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "1", starting=start) as server:
        maps = Path(f"/proc/{server.generation()}/maps").read_text()
    assert "pyoxigraph" in maps
    apart = {"rdflib", "pyshacl", "SPARQLWrapper", "urllib3", "rich"}
    endpoint = modules_of("cli.serve", "server.generation", "release.building")
    assert not apart & endpoint
    assert not apart & modules_of("site.application")


def start_with(files: int, kind: str = "-n") -> Starting:
    """Return how to start a server that may open so many files."""
    limited = ("sh", "-c", f'ulimit {kind} {files}; exec "$@"', "sh", sys.executable)
    return lambda *options: subprocess.Popen(
        [*limited, "-m", "rallynov_graph", "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def test_a_flood_of_idle_connections_stops_nobody(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1")
    with serving(*options, starting=start_with(200)) as server:
        place = urlsplit(server.address)
        flood = [socket.create_connection((place.hostname, place.port)) for _ in range(400)]
        for number in range(40):
            assert server.query(f"ASK {{}} #{number}").status == 200, "during the flood"
        assert server.ask("GET", "/readyz").status == 200
        assert server.ask("GET", "/", Accept="text/html").status == 200
        for client in flood:
            client.close()
        for number in range(40, 80):
            assert server.query(f"ASK {{}} #{number}").status == 200, "after the flood"
        server.stop()
        _, complained = server.process.communicate()
    [line] = complained.splitlines()
    assert line.startswith("rallynov: ")
    assert "connections are open, as many as this process may hold" in line


def test_a_server_takes_the_descriptors_that_it_may_have(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with serving(*options, starting=start_with(200, "-Sn")) as server:
        [web] = server.webs()
        assert resource.prlimit(web, resource.RLIMIT_NOFILE)[0] == min(hard, 1 << 16)


def test_too_few_descriptors_are_one_clear_sentence(release: Release) -> None:
    process = start_with(100)("--port", "0", "--release", str(release.path))
    _, complained = process.communicate(timeout=30)
    assert process.returncode == 2
    assert complained.count("\n") == 1
    assert "may open 100 files only and needs 128" in complained


def test_who_has_asked_last_is_closed_last(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1")
    asked = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n\r\n"
    with serving(*options, starting=start_with(200)) as server, ExitStack() as held:
        place = urlsplit(server.address)

        def connected() -> socket.socket:
            client = socket.create_connection((place.hostname, place.port), timeout=30)
            return held.enter_context(client)

        def ask(client: socket.socket) -> None:
            client.sendall(asked)
            assert client.recv(1 << 16).startswith(b"HTTP/1.1 200 ")

        first, second = connected(), connected()
        for client in (second, first, first):  # in the end it is an answer that was kept
            ask(client)
        for _ in range(400):
            ask(connected())
            closed = select.select([first, second], [], [], 0)[0]
            if closed:
                break
        assert closed == [second]
