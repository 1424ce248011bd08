"""What the server tells those who run it."""

import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from heavy_queries import asleep
from rallynov_graph.release.release import Release
from servers import DATA, Server, fork, serving, start
from waiting import eventually


@pytest.fixture
def data(tmp_path: Path) -> str:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    return str(file)


def test_a_server_says_that_it_lives_and_is_ready(guarded: Server) -> None:
    for path in ("/healthz", "/readyz"):
        answer = guarded.ask("GET", path)
        assert (answer.text, answer.headers["cache-control"]) == ("ok\n", "no-store")
        assert guarded.ask("POST", path, b"").status == 405

    def is_not_ready() -> bool:
        """Tell whether it says so; a query process that was just being started is missed once."""
        with asleep(guarded):
            answer = guarded.ask("GET", "/readyz")
            assert guarded.ask("GET", "/healthz").status == 200
        retry = re.fullmatch(r"[1-9]\d?", answer.headers.get("retry-after", ""))
        return answer.status == 503 and retry is not None

    assert eventually(is_not_ready, 60)
    assert eventually(lambda: guarded.ask("GET", "/readyz").status == 200)


def test_the_figures_are_those_of_all_processes(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "2") as server:
        for number in range(20):
            assert server.query(f"ASK {{}} #{number}").status == 200
        assert server.query("nonsense").status == 400
        requests = 'rallynov_requests_total{part="sparql",status="%d"}'
        assert server.figure(requests % 200) == 20
        assert server.figure(requests % 400) == 1
        assert server.figure('rallynov_queries_total{outcome="invalid"}') == 1
        assert server.figure('rallynov_request_seconds_count{part="sparql"}') == 21
        assert server.figure("rallynov_store_bytes") > 1e7
        told = server.ask("GET", "/metrics")
        assert (release.id in told.text, told.headers["cache-control"]) == (True, "no-store")
        before = server.figure('rallynov_queries_total{outcome="answered"}')
        path = "/page/theme/vie-au-travail?lang=en&certainty=explicit"
        assert server.ask("GET", path).status == 200
        after = server.figure('rallynov_queries_total{outcome="answered"}')
        assert after > before, "what a page asks runs where it can be ended"


def test_no_request_is_counted_twice_or_lost_when_processes_are_replaced(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "2") as server:
        asked = 0
        for _ in range(3):
            os.kill(server.webs()[0], signal.SIGKILL)
            assert len(server.webs()) == 2
            for number in range(20):
                assert server.query(f"ASK {{}} #{asked}").status == 200, number
                asked += 1
        answered = 'rallynov_requests_total{part="sparql",status="200"}'
        assert server.figure(answered) == asked
        assert server.figure("rallynov_processes_replaced_total") >= 3


def test_the_figures_are_told_to_no_proxy_and_no_other_machine(guarded: Server, data: str) -> None:
    for named in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        assert guarded.ask("GET", "/metrics", **{named: "192.0.2.7"}).status == 403
    figures = guarded.ask("GET", "/metrics")
    assert (figures.status, figures.media_type) == (200, "text/plain")
    assert "access-control-allow-origin" not in figures.headers
    for of_web_page in (
        {"Origin": "http://evil.example.org"},
        {"Host": "evil.example.org"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ):
        assert guarded.ask("GET", "/metrics", **of_web_page).status == 403, of_web_page
    by_hand = {"Sec-Fetch-Site": "none", "Host": "localhost:8000"}
    assert guarded.ask("GET", "/metrics", **by_hand).status == 200
    addresses = {told[4][0] for told in socket.getaddrinfo(socket.gethostname(), 80)}
    outside = sorted(one for one in addresses if not one.startswith("127.") and ":" not in one)
    if not outside:
        pytest.skip("this machine has no address but its own")
    with serving("--data", data, "--host", "0.0.0.0", "--workers", "1") as running:
        port = urlsplit(running.address).port
        with closing(http.client.HTTPConnection(outside[0], port, timeout=30)) as connection:
            connection.request("GET", "/metrics")
            assert connection.getresponse().status == 403


def test_texts_are_shown_under_the_own_names_of_the_site_only(
    release: Release, source_text: str, tmp_path: Path
) -> None:
    """A web page whose name leads to this machine for a moment could read them otherwise."""
    text = tmp_path / "carnet.txt"
    text.write_bytes(source_text.encode())
    options = ("--release", str(release.path), "--source", str(text), "--workers", "1")
    with serving(*options, "--base", "https://data.example.org/rally/") as server:
        for own in ("127.0.0.1:8000", "localhost", "[::1]:80", "data.example.org"):
            assert server.ask("GET", "/carnet/carnet-2", Host=own).status == 200, own
        for other in ("evil.example.org", "localhost.evil.example.org:8000"):
            for path in ("/carnet/carnet-2", "/sparql?query=ASK%7B%7D", "/api/questions"):
                refused = server.ask("GET", path, Host=other)
                assert (refused.status, "--base" in refused.text) == (403, True), (other, path)


@pytest.mark.parametrize("log", ["requests", "everything"])
def test_requests_are_noted_without_what_is_nobody_elses_business(data: str, log: str) -> None:
    options = ("--data", data, "--workers", "1", "--proxy", "127.0.0.1")
    process = fork("--port", "0", *options, "--log", log)
    server = Server(process.stdout.readline().split()[2], process)
    server.query("ASK { 'secret' a ?x }")
    for client in ("192.0.2.77", "2001:db8:1:2::3", "nonsense"):
        server.ask("GET", "/sparql?query=ASK%7B%7D", X_Forwarded_For=client)
    assert server.ask("GET", f"/sparql?query=ASK%7B%7D%23{'a' * 40_000}").status == 414
    assert server.figure('rallynov_requests_total{part="sparql",status="414"}') == 1
    server.stop(signal.SIGTERM)
    _, written = process.communicate()
    lines = [json.loads(line) for line in written.splitlines()]
    assert [line["status"] for line in lines] == [200, 200, 200, 200, 414, 200]
    assert {line["path"] for line in lines[:4]} == {"/sparql"}
    assert ("secret" in written) == (log == "everything")
    clients = [line["client"] for line in lines[:3]]
    if log == "requests":
        assert clients == ["127.0.0.0/24", "192.0.2.0/24", "2001:db8:1::/48"]
    else:
        assert clients == ["127.0.0.1", "192.0.2.77", "2001:db8:1:2::3"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("BODY", "much"), ("BODY", "0"), ("BODY_SECONDS", "inf"), ("PAGES", "0.5"), ("UNSENT", "-1")],
)
def test_a_limit_that_is_none_ends_the_start_in_a_sentence(
    data: str, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"RALLYNOV_{name}", value)
    process = fork("--data", data, "--port", "0")
    out, complained = process.communicate(60)
    assert (process.wait(), out, complained.count("\n")) == (2, "", 1)
    assert f"RALLYNOV_{name}" in complained and repr(value) in complained


def test_a_limit_may_be_a_part_of_its_unit(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RALLYNOV_BODY", "0.5")
    monkeypatch.setenv("RALLYNOV_CONNECTIONS", "1")
    with serving("--data", data) as server:
        assert (
            server.ask("POST", "/sparql", b"ASK {}", Content_Type="application/sparql-query").status
            == 200
        )


def connected(server: Server) -> http.client.HTTPConnection:
    """Return a connection that stays."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=20)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok\n"
    return connection


def status(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_a_server_that_cannot_ask_queries_is_not_ready_until_it_can(data: str) -> None:
    with serving("--data", data, "--workers", "1", starting=start) as server:
        connection = connected(server)
        [web] = server.webs()
        soft, hard = resource.prlimit(web, resource.RLIMIT_NOFILE)
        for pid in server.queries():  # what it has open to them is no more of use
            os.kill(pid, signal.SIGKILL)
        time.sleep(1)
        opened = {*map(int, os.listdir(f"/proc/{web}/fd"))}
        none_free = min({*range(len(opened) + 1)} - opened)
        resource.prlimit(web, resource.RLIMIT_NOFILE, (none_free, hard))
        for number in range(20):
            assert status(connection, f"/sparql?query=ASK%20%7B%7D%23{number}") == 503
        assert status(connection, "/readyz") == 503
        assert status(connection, "/healthz") == 200
        resource.prlimit(web, resource.RLIMIT_NOFILE, (soft, hard))
        for number in range(20):
            assert status(connection, f"/sparql?query=ASK%20%7B%7D%23{number}") == 200
        assert status(connection, "/readyz") == 200
        server.stop()
        _, complained = server.process.communicate()
    told = "rallynov: Queries cannot be asked of their processes: Too many open files.\n"
    assert complained == told


@contextmanager
def logging(data: str, stderr: int) -> Iterator[tuple[Server, http.client.HTTPConnection]]:
    """Run a server that writes its log there; yield it with a connection to it."""
    options = ("--port", "0", "--data", data, "--workers", "1", "--log", "everything")
    process = subprocess.Popen(
        [sys.executable, "-m", "rallynov_graph", "serve", *options],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout is not None
        server = Server(process.stdout.readline().split()[2], process)
        yield server, connected(server)
    finally:
        with suppress(ProcessLookupError):  # one that waits for a reader sees no parent end
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def test_a_log_that_nobody_reads_stops_nothing_and_lines_lost_are_counted(data: str) -> None:
    reads, writes = os.pipe()
    with logging(data, writes) as (server, connection):
        os.close(writes)
        path = f"/sparql?query=ASK%20%7B%7D%23{'x' * 3000}"
        for number in range(600):
            assert status(connection, f"{path}{number}") == 200, "more than a pipe and we hold"
        with os.fdopen(os.dup(reads)) as log:
            told = 0
            while not told:
                found = re.match(r"rallynov: (\d+) lines were not written here\.", log.readline())
                told = int(found[1]) if found else 0
                if not told:
                    status(connection, "/healthz")
            assert told > 100
        for number in range(600):
            assert status(connection, f"{path}{number}") == 200
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 15, "a query may run 20 s, and none runs"
    os.close(reads)


@pytest.mark.parametrize("full", [True, False], ids=["full disk", "reader gone"])
def test_a_log_that_cannot_be_written_closes_no_connection(data: str, full: bool) -> None:
    if full and not Path("/dev/full").exists():
        pytest.skip("no disk is always full")
    reads, writes = (0, os.open("/dev/full", os.O_WRONLY)) if full else os.pipe()
    with logging(data, writes) as (server, connection):
        os.close(writes)
        if not full:
            os.close(reads)
        for number in range(5):
            assert status(connection, f"/sparql?query=ASK%20%7B%7D%23{number}") == 200
            assert status(connection, "/healthz") == 200
        assert connection.sock is not None, "it is still the first one"
        assert server.stop() == 0
