"""What the server tells those who run it."""

import json
import re
import signal

import pytest

from rallynov_graph.releases.release import Release
from rallynov_graph.service.figures import Figures, Part, Sum
from rallynov_graph.service.shares import network
from servers import Server, fork, serving


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
    figures = Figures(2)
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
