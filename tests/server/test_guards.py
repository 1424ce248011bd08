"""What a server refuses, keeps and tells, as seen from outside: each of these is a guard."""

import http.client
import json
import os
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from servers import Answer, Server, children, serving
from standin import StandIn

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
EVERYWHERE = ("/sparql", "/sparql?query=ASK%7B%7D", "/sparql?query=x", "/sparql/graphs?default")


def post(server: Server, body: bytes, content_type: str, **headers: str) -> Answer:
    return server.ask("POST", "/sparql", body, Content_Type=content_type, **headers)


def is_kept(answer: Answer) -> bool:
    assert answer.status == 200
    return "cache" in answer.headers["server-timing"]


@pytest.fixture(scope="module")
def one(release: Release) -> Iterator[Server]:
    """A server of one web process: each has answers of its own that it keeps."""
    with serving("--release", str(release.path), "--workers", "1") as running:
        yield running


# What is kept, and for whom


def test_a_very_long_answer_is_not_kept_in_the_place_of_many_short_ones(one: Server) -> None:
    numbers = " ".join(map(str, range(200)))
    query = f"SELECT * {{ VALUES ?a {{ {numbers} }} VALUES ?b {{ {numbers} }} }}"
    told = [one.query(query, "application/sparql-results+json") for _ in range(2)]
    assert len(told[0].body) > 4 << 20
    assert not any(map(is_kept, told))
    assert [is_kept(one.query("ASK {} #short")) for _ in range(2)][1]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_very_long_request_is_not_kept_either(one: Server, method: str) -> None:
    query = f"ASK {{}} #{'x' * 25_000}"
    for _ in range(2):
        answer = one.query(query) if method == "GET" else post(one, query.encode(), DIRECT)
        assert not is_kept(answer)


def test_an_answer_that_is_kept_is_given_to_no_other_request(one: Server) -> None:
    body = b"query=ASK%7B%7D%23form"
    for _ in range(2):
        assert post(one, body, FORM).status == 200
    assert post(one, body, "text/plain").status == 415
    assert post(one, body, DIRECT).status == 400


def test_the_graphs_that_are_asked_are_in_the_tag(one: Server) -> None:
    query = "ASK { ?s ?p ?o }"
    told = [
        one.query(query),
        one.query(query, default_graph_uri="urn:none"),
        one.query(query, default_graph_uri="urn:other"),
        one.query(query, named_graph_uri="urn:none"),
    ]
    assert len({answer.headers["etag"] for answer in told}) == 4
    other = {"If_None_Match": told[0].headers["etag"]}
    path = f"/sparql?query={quote(query)}"
    assert one.ask("GET", path, **other).status == 304
    assert one.ask("GET", f"{path}&default-graph-uri=urn:none", **other).status == 200


def test_who_posts_is_answered_whatever_he_has(one: Server) -> None:
    """What is not modified is said of a GET only (RFC 9110, 13.1.2)."""
    query = "ASK {} #posted"
    tag = one.query(query).headers["etag"]
    for _ in range(3):  # at first it is not kept under this request
        assert post(one, query.encode(), DIRECT, If_None_Match=tag).status == 200


def test_an_answer_that_is_kept_in_a_coding_is_given_to_who_takes_that(one: Server) -> None:
    path = f"/sparql?query={quote('SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 90')}"
    for _ in range(2):
        for coding in ("gzip", "zstd", "identity"):
            answer = one.ask("GET", path, Accept_Encoding=coding)
            assert answer.headers.get("content-encoding", "identity") == coding


def test_what_a_reader_has_of_another_release_is_sent_again(
    one: Server, standins: StandIn, tmp_path: Path
) -> None:
    other = build(tmp_path / "releases", data=standins.data, ontology=standins.ontology)
    path, same = f"/sparql?query={quote('ASK { ?s ?p ?o }')}", {"Host": "rallynov.example.org"}
    tag = one.ask("GET", path, **same).headers["etag"]
    assert one.ask("GET", path, If_None_Match=tag, **same).status == 304
    with serving("--release", str(other.path), "--workers", "1") as running:
        assert running.ask("GET", path, If_None_Match=tag, **same).status == 200


@pytest.mark.parametrize("what", ["UUID()", "uuid()", "NOW()"])
def test_what_is_another_the_next_time_is_not_kept(one: Server, what: str) -> None:
    answers = [one.query(f"SELECT ({what} AS ?x) {{}}") for _ in range(2)]
    assert answers[0].body != answers[1].body
    assert not any("etag" in answer.headers for answer in answers)


# What is refused


def test_a_body_that_is_announced_as_too_long_is_not_waited_for(data_server: Server) -> None:
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {DIRECT}\r\nContent-Length: {1 << 30}"
    )
    with _connected(data_server) as client:
        client.sendall(f"{head}\r\n\r\n".encode())
        assert client.recv(64).startswith(b"HTTP/1.1 413 ")


def test_a_body_that_grows_without_end_is_not_waited_for(data_server: Server) -> None:
    head = (
        f"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: {DIRECT}\r\nTransfer-Encoding: chunked"
    )
    with _connected(data_server) as client:
        client.sendall(f"{head}\r\n\r\n{8 << 20:x}\r\n".encode() + b"#" * (8 << 20) + b"\r\n")
        assert client.recv(64).startswith(b"HTTP/1.1 413 ")


def test_a_query_is_no_longer_than_a_mebibyte(data_server: Server) -> None:
    assert post(data_server, b"ASK {} #" + b"x" * (1 << 20), DIRECT).status == 413
    assert post(data_server, b"ASK {} #" + b"x" * (1 << 19), DIRECT).status == 200


@pytest.mark.parametrize(
    ("path", "body", "content_type", "words"),
    [
        ("/sparql?query=ASK%7B%7D", b"ASK {}", DIRECT, "two queries"),
        ("/sparql", b"query=ASK%7B%7D%\n", FORM, "percent sign"),
        ("/sparql", b"query=ASK%7B%7D%4\r\n", FORM, "percent sign"),
        ("/sparql", b"query=+%20%0A", FORM, "query is empty"),
        ("/sparql", b" \n", DIRECT, "query is empty"),
    ],
)
def test_what_is_wrong_with_a_request_is_said(
    data_server: Server, path: str, body: bytes, content_type: str, words: str
) -> None:
    answer = data_server.ask("POST", path, body, Content_Type=content_type)
    assert answer.status == 400
    assert words in answer.text


def test_a_host_that_is_none_is_not_taken_into_addresses(data_server: Server) -> None:
    for host in ("a_b", "(x)", "x'y"):
        answer = data_server.ask(
            "GET", f"/sparql?query={quote('SELECT (<h> AS ?h) {}')}", Host=host
        )
        [found] = json.loads(answer.body)["results"]["bindings"]
        assert found["h"]["value"] == f"{data_server.address}/h"


# What is told with each answer


@pytest.mark.parametrize("path", [*EVERYWHERE, "/healthz", "/sparql/graphs?graph=urn:none"])
def test_a_browser_runs_nothing_that_an_answer_holds(server: Server, path: str) -> None:
    """A label of the data may be written as HTML, and its answer opened in a browser."""
    for method in ("GET", "HEAD"):
        headers = server.ask(method, path, Accept="*/*").headers
        assert headers["x-content-type-options"] == "nosniff"
        policy = {one.strip() for one in headers["content-security-policy"].split(";")}
        assert {"default-src 'none'", "frame-ancestors 'none'", "sandbox"} <= policy


def test_scripts_of_other_sites_read_what_they_need_of_an_answer(server: Server) -> None:
    for path in EVERYWHERE:
        headers = server.ask("GET", path, Accept="text/turtle, */*;q=0.1").headers
        told = {one.strip() for one in headers["access-control-expose-headers"].split(",")}
        assert {"etag", "link", "retry-after", "server-timing", "content-disposition"} <= told
        assert headers["timing-allow-origin"] == "*"


def test_how_a_server_does_is_not_kept_by_anybody(server: Server) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        assert server.ask("GET", path).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("named", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_the_figures_are_told_through_no_proxy(data_server: Server, named: str) -> None:
    assert data_server.ask("GET", "/metrics", **{named: "192.0.2.7"}).status == 403


def test_the_figures_are_told_to_no_other_machine(release: Release) -> None:
    addresses = {told[4][0] for told in socket.getaddrinfo(socket.gethostname(), 80)}
    outside = sorted(one for one in addresses if not one.startswith("127.") and ":" not in one)
    if not outside:
        pytest.skip("this machine has no address but its own")
    with serving("--release", str(release.path), "--host", "0.0.0.0", "--workers", "1") as running:
        port = urlsplit(running.address).port
        with closing(http.client.HTTPConnection(outside[0], port, timeout=30)) as connection:
            connection.request("GET", "/metrics")
            assert connection.getresponse().status == 403


@pytest.fixture
def stopped(release: Release) -> Iterator[Server]:
    """A server of which no query process runs."""
    with serving("--release", str(release.path), "--workers", "1") as running:
        asleep = {running.zygote(), *children(running.zygote())}
        for pid in asleep:
            os.kill(pid, signal.SIGSTOP)
        yield running
        for pid in asleep:
            os.kill(pid, signal.SIGCONT)


def test_a_server_that_cannot_answer_now_says_when_to_ask_again(stopped: Server) -> None:
    answer = stopped.ask("GET", "/readyz")
    assert answer.status == 503
    assert re.fullmatch(r"[1-9]\d?", answer.headers["retry-after"])


# What is not kept in memory


def test_the_heads_of_requests_are_not_kept(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "1") as running:
        [web] = running.webs()
        connection = http.client.HTTPConnection(urlsplit(running.address).netloc, timeout=30)

        def ask(length: int, number: int) -> None:
            connection.request(
                "GET", "/sparql?query=ASK%7B%7D", headers={"X-Own": f"{number}{'x' * length}"}
            )
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200

        for number in range(50):
            ask(100, number)
        before = resident(web)
        for number in range(1500):
            ask(30_000, number)
        assert resident(web) - before < 16 << 20, "45 MB were sent"


def resident(pid: int) -> int:
    [told] = re.findall(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(told) * 1024


def _connected(server: Server) -> socket.socket:
    place = urlsplit(server.address)
    return socket.create_connection((place.hostname, place.port), timeout=30)
