"""What the server tells those who run it."""

import http.client
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from rallynov_graph.release.release import Release
from rallynov_graph.server.metrics import Metrics, Part, Sum
from rallynov_graph.server.rate_limit import network
from servers import Server, fork, serving, start


def figure(server: Server, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", server.ask("GET", "/metrics").text, re.M)
    return float(found[1]) if found else 0.0


def test_a_server_says_that_it_lives_and_is_ready(data_server: Server) -> None:
    for path in ("/healthz", "/readyz"):
        assert data_server.ask("GET", path).text == "ok\n"
        assert data_server.ask("POST", path, b"").status == 405


def test_the_figures_are_those_of_all_processes(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "2") as server:
        for number in range(20):
            assert server.query(f"ASK {{}} #{number}").status == 200
        assert server.query("nonsense").status == 400
        requests = 'rallynov_requests_total{part="sparql",status="%d"}'
        assert figure(server, requests % 200) == 20
        assert figure(server, requests % 400) == 1
        assert figure(server, 'rallynov_queries_total{outcome="invalid"}') == 1
        assert figure(server, 'rallynov_request_seconds_count{part="sparql"}') == 21
        assert figure(server, "rallynov_store_bytes") > 1e7
        assert release.id in server.ask("GET", "/metrics").text


def test_the_figures_are_not_told_through_a_proxy(data_server: Server) -> None:
    assert data_server.ask("GET", "/metrics", X_Forwarded_For="192.0.2.7").status == 403
    assert data_server.ask("GET", "/metrics").media_type == "text/plain"


def test_rows_add_up() -> None:
    figures = Metrics(2)
    for number in range(2):
        figures.row(number).answered(Part.PAGES, 200, 0.02)
        figures.row(number).answered(Part.PAGES, 999, 100.0)
        figures.row(number).add(Sum.HITS)
    assert figures.requests(Part.PAGES) == {200: 2, 0: 2}
    counts, seconds = figures.durations(Part.PAGES)
    assert (sum(counts), counts[-1]) == (4, 2)
    assert seconds == pytest.approx(200.04)
    assert figures.sum(Sum.HITS) == 2
    assert figures.requests(Part.SPARQL) == {}


@pytest.mark.parametrize(
    ("log", "seen"), [("requests", "127.0.0.0/24"), ("everything", "127.0.0.1")]
)
def test_requests_are_noted_without_what_is_nobody_elses_business(
    release: Release, log: str, seen: str
) -> None:
    process = fork("--port", "0", "--release", str(release.path), "--log", log)
    address = process.stdout.readline().split()[2]
    server = Server(address, process)
    server.query("ASK { 'secret' a ?x }")
    server.stop(signal.SIGTERM)
    _, written = process.communicate()
    [line] = [json.loads(line) for line in written.splitlines()]
    assert (line["path"], line["status"], line["client"]) == ("/sparql", 200, seen)
    assert ("secret" in written) == (log == "everything")


def test_a_request_that_is_refused_unread_is_noted_and_counted(release: Release) -> None:
    options = ("--port", "0", "--release", str(release.path), "--log", "requests")
    for proxy in ((), ("--proxy", "127.0.0.1")):
        process = fork(*options, "--workers", "1", *proxy)
        server = Server(process.stdout.readline().split()[2], process)
        assert server.ask("GET", "/sparql?query=ASK%7B%7D", Accept="a/b," * 10_000).status == 431
        refused = server.ask("GET", f"/sparql?query=ASK%7B%7D%23{'a' * 40_000}")
        assert (refused.status, "POST" in refused.text) == (414, True)
        assert server.query("ASK {}").status == 200, "the next visitor notices nothing"
        assert figure(server, 'rallynov_requests_total{part="pages",status="431"}') == 1
        server.stop(signal.SIGTERM)
        _, written = process.communicate()
        statuses = [json.loads(line)["status"] for line in written.splitlines()]
        assert statuses == [431, 414, 200, 200]


def test_a_network_tells_clients_apart_but_not_who_they_are() -> None:
    assert network("192.0.2.77") == "192.0.2.0/24"
    assert network("2001:db8:1:2::3") == "2001:db8:1::/48"
    assert network("nonsense") == ""


def connected(server: Server) -> http.client.HTTPConnection:
    """Return a connection that stays."""
    place = urlsplit(server.address)
    connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=20)
    connection.request("GET", "/healthz")
    assert connection.getresponse().read() == b"ok\n"
    return connection


def status(connection: http.client.HTTPConnection, path: str) -> int:
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_a_server_that_cannot_ask_queries_is_not_ready_until_it_can(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1")
    with serving(*options, starting=start) as server:
        connection = connected(server)
        [web] = server.webs()
        soft, hard = resource.prlimit(web, resource.RLIMIT_NOFILE)
        time.sleep(1)  # the lines of queries that were asked before are left by now
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
def logging(release: Release, stderr: int) -> Iterator[subprocess.Popen[str]]:
    """Run a server that writes its log there."""
    options = ("--port", "0", "--release", str(release.path), "--workers", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "rallynov_graph", "serve", *options, "--log", "everything"],
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):  # one that waits for a reader sees no parent end
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def logged(process: subprocess.Popen[str]) -> Server:
    assert process.stdout is not None
    return Server(process.stdout.readline().split()[2], process)


def test_a_log_that_nobody_reads_stops_nothing(release: Release) -> None:
    reads, writes = os.pipe()
    with logging(release, writes) as process:
        os.close(writes)
        server = logged(process)
        connection = connected(server)
        path = f"/sparql?query=ASK%20%7B%7D%23{'x' * 3000}"
        for number in range(600):
            assert status(connection, f"{path}{number}") == 200, "more than a pipe and we hold"
        begun = time.monotonic()
        assert server.stop() == 0
        assert time.monotonic() - begun < 15, "a query may run 20 s, and none runs"
    os.close(reads)


def test_lines_that_were_lost_are_counted_in_the_log(release: Release) -> None:
    reads, writes = os.pipe()
    with logging(release, writes) as process:
        os.close(writes)
        connection = connected(logged(process))
        path = f"/sparql?query=ASK%20%7B%7D%23{'x' * 3000}"
        for number in range(600):
            assert status(connection, f"{path}{number}") == 200
        log = os.fdopen(reads)
        told = 0
        while not told:
            found = re.match(r"rallynov: (\d+) lines were not written here: ", log.readline())
            told = int(found[1]) if found else 0
            if not told:
                status(connection, "/healthz")
        assert told > 100
    log.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no disk is always full")
def test_a_log_on_a_full_disk_closes_no_connection(release: Release) -> None:
    with open("/dev/full", "w") as full, logging(release, full.fileno()) as process:
        server = logged(process)
        connection = connected(server)
        for number in range(5):
            assert status(connection, f"/sparql?query=ASK%20%7B%7D%23{number}") == 200
            assert status(connection, "/healthz") == 200
        assert connection.sock is not None, "it is still the first one"
        assert server.stop() == 0


def test_a_log_whose_reader_is_gone_closes_no_connection(release: Release) -> None:
    reads, writes = os.pipe()
    with logging(release, writes) as process:
        os.close(writes)
        server = logged(process)
        os.close(reads)
        connection = connected(server)
        for number in range(5):
            assert status(connection, f"/sparql?query=ASK%20%7B%7D%23{number}") == 200
        assert connection.sock is not None
        assert server.stop() == 0
