"""Connections as raw bytes: what no client library sends, what is half sent, what nobody reads."""

import http.client
import resource
import socket
import time
from contextlib import ExitStack, suppress
from functools import partial
from urllib.parse import quote, urlsplit

import pytest

from forking import Forked
from heavy_queries import HEAVY, NUMBERS, resident
from rallynov_graph.release.release import Release
from servers import Server, Starting, serving
from waiting import eventually

ASK = "/sparql?query=ASK%7B%7D"
HERE = quote("SELECT (<here> AS ?there) {}")
HOST, CLOSE = b"Host: x\r\n", b"Connection: close\r\n\r\n"
DIRECT = b"Content-Type: application/sparql-query\r\n"
LONG = (
    f"SELECT (CONCAT('{'x' * 400}', STR(?b)) AS ?text)"
    f" {{ VALUES ?a {{ {NUMBERS} }} VALUES ?b {{ {NUMBERS} }} }}"
)
"""A table of 40,000 rows, each of some 400 bytes."""
LENGTH_OF_LONG = 16_000_000


def told(server: Server, *parts: bytes, source: str = "", half: bool = False) -> bytes:
    """Return what comes for what is sent in parts, until the server closes."""
    with server.connected(source) as client:
        for number, part in enumerate(parts):
            time.sleep(0.02 if number else 0)
            client.sendall(part)
        if half:
            client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(1 << 16), b""))


@pytest.mark.parametrize(
    ("line", "rest", "status"),
    [
        ("GET /sparql?query=%zz", "", 400),
        ("GET /sparql?query=ASK{'é'}", "", 400),
        ("GET /sparql/graphs/%ff%fe", "", 400),
        ("GET /%ff%00", "", 404),
        ("GET /search?q=é", "", 400),
        ("GET /search?q=%ff", "", 200),
        ("TRACE /sparql", "", 405),
        ("BREW /sparql", "", 405),
        ("CONNECT x:1", "", 404),
        ("OPTIONS *", "", 204),
        ("nonsense", "", 400),
        (f"GET http://x{ASK}", "", 200),
        (f"GET {ASK}", "Upgrade: websocket\r\n", 200),
        (f"GET {ASK}", 'If-None-Match: ,,\xff"*\r\n', 200),
        (f"GET {ASK}", "Accept-Encoding: \xff;q=nan, gzip;q=inf\r\n", 200),
        (f"GET {ASK}", "Accept: ;;/,*/*;q=zz,\xff\r\n", 200),
        (f"GET {ASK}", "Accept: ;;/,*;q=zz,\xff\r\n", 406),
        (f"GET {ASK}", "Range: bytes=0-3\r\n", 200),
        ("POST /sparql", "Content-Length: abc\r\n", 400),
        ("POST /sparql", f"Content-Length: {1 << 30}\r\n", 413),
        ("POST /sparql/check", f"Content-Length: {1 << 30}\r\n", 413),
        ("POST /sparql", "Transfer-Encoding: chunked\r\n\r\n6\r\nASK {}\r\n0\r\n", 200),
        ("POST /sparql", "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ("POST /sparql", f"Transfer-Encoding: chunked\r\n\r\n800000\r\n{'#' * (8 << 20)}\r\n", 413),
        # A head has 64 kilobytes at most, an address 32
        (f"GET {ASK}", f"X: {'y' * 990}\r\n" * 63, 200),
        (f"GET {ASK}", f"X: {'y' * 2_000_000}\r\n", 400),
        (f"GET {ASK}", "x:\r\n" * 90_000, 400),
        (f"GET {ASK}%23{'y' * 31_000}", "", 200),
        (f"GET {ASK}%23{'y' * 33_000}", "", 414),
        (f"GET /?{'y' * 2_000_000}", "", 400),
        # A request names one host
        (f"GET {ASK}", "Host: x\r\n", 400),
        (f"GET {ASK}", "X: y\r\nhost: other.example.org\r\n", 400),
    ],
)
def test_odd_bytes_get_the_right_status(
    data_server: Server, line: str, rest: str, status: int
) -> None:
    content = DIRECT.decode() if line.startswith("POST") else ""
    head = f"{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{content}{rest}\r\n".encode(
        "latin-1"
    )
    middle = len(head) // 2
    for parts in ((head,), (head[:middle], head[middle:])):
        try:
            answer = told(data_server, *parts)
        except OSError:
            assert status in (400, 413), "it is read no further"
            continue
        assert answer.startswith(b"HTTP/1.1 %d " % status)
        is_unread = b"Invalid HTTP request received" in answer
        assert (b"access-control-allow-origin: *" in answer) != is_unread
        assert b"Traceback" not in answer
        assert (b"by POST" in answer) == (status == 414)


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"HTTP/1.1\r\nhOST: [::1]:8000\r\n", b"200"),
        (b"HTTP/1.0\r\n", b"200"),
        (b"HTTP/1.1\r\n", b"400"),
        (b"HTTP/1.0\r\nHost: x\r\nHost: y\r\n", b"400"),
        *(
            (b"HTTP/1.1\r\nHost: " + it, b"400")
            for it in (b"x, y\r\n", b"x/y\r\n", b"\xc3\xa9\r\n")
        ),
    ],
)
def test_a_request_names_one_host_as_a_host_is_written(
    data_server: Server, head: bytes, status: bytes
) -> None:
    for path in (b"/sparql?query=" + HERE.encode(), b"/healthz", b"/", b"/sparql/graphs?default"):
        answer = told(data_server, b"GET %b %b%b" % (path, head, CLOSE))
        assert answer.startswith(b"HTTP/1.1 " + status)


def test_who_names_no_host_is_told_of_the_address_that_was_reached(release: Release) -> None:
    options = ("--release", str(release.path), "--host", "0.0.0.0", "--workers", "1")
    with serving(*options) as running:
        port = urlsplit(running.address).port
        for address in ("127.0.0.1", "127.0.0.2") * 2:
            place = Server(f"http://{address}:{port}", running.process)
            answer = told(place, f"GET /sparql?query={HERE} HTTP/1.0\r\n\r\n".encode())
            assert f'"http://{address}:{port}/here"'.encode() in answer


def test_requests_are_answered_in_their_order_on_one_connection(data_server: Server) -> None:
    lines = (f"GET {ASK}", "HEAD /", "GET /healthz", f"GET {ASK}%23", "GET /none", "GET /healthz")
    sent = b"".join(f"{line} HTTP/1.1\r\n".encode() + HOST + b"\r\n" for line in lines)
    closing = sent[:-2] + CLOSE
    for parts in ((closing,), (sent, b"GET /healthz HTTP/1.1\r\n", HOST + CLOSE)):
        answers = told(data_server, *parts).split(b"HTTP/1.1 ")[1:]
        assert [it[:3] for it in answers][:6] == [b"200", b"200", b"200", b"200", b"404", b"200"]
        heads = [it.partition(b"\r\n\r\n")[0].lower() for it in answers]
        assert {it.count(b"\r\ndate: ") for it in heads} == {1}
        assert {it.count(b"\r\ncontent-length: ") for it in heads} == {1}
        assert [it.count(b"connection: close") for it in heads] == [0] * (len(heads) - 1) + [1]
    head = b"POST /sparql HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 6\r\n" + DIRECT + HOST
    answer = told(data_server, head + CLOSE, b"ASK {}")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_request_of_a_connection_may_have_a_head_of_its_own(
    data_server: Server, method: str
) -> None:
    connection = http.client.HTTPConnection(urlsplit(data_server.address).netloc, timeout=30)
    headers = {"Content-Type": "application/sparql-query", "X-Long": "x" * 9_000}
    for number in range(8):
        path = f"/sparql?query=ASK%7B%7D%23{number}" if method == "GET" else "/sparql"
        body = f"ASK {{}} #{number}" if method == "POST" else None
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        assert (answer.status, b"true" in answer.read()) == (200, True)
    connection.close()


def test_what_two_may_read_as_two_requests_ends_the_connection(data_server: Server) -> None:
    both = b"POST /sparql HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n"
    answer = told(
        data_server, both + HOST + b"\r\n0\r\n\r\n", b"GET /healthz HTTP/1.1\r\n" + HOST + CLOSE
    )
    assert answer.count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("first", [b"", b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"], ids=len)
def test_a_head_that_does_not_arrive_is_given_up(
    release: Release, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    monkeypatch.setenv("RALLYNOV_IDLE_SECONDS", "1")
    monkeypatch.setenv("RALLYNOV_CONNECTIONS", "2")
    options = ("--release", str(release.path), "--workers", "1", "--query-timeout", "3")
    with serving(*options) as server, ExitStack() as held:
        assert server.query(HEAVY).status == 504, "a connection that waits for its answer stays"
        for _ in range(2):
            held.enter_context(server.connected()).sendall(first + b"GET / HTTP/1.1\r\n")
        assert eventually(lambda: server.ask("GET", "/healthz").status == 503, 1)
        assert eventually(lambda: server.ask("GET", "/healthz").status == 200)


@pytest.mark.parametrize("path", ["/", "/sparql", "/sparql/check", "/reconcile", "/mcp"])
def test_a_body_that_does_not_arrive_is_given_up(guarded: Server, path: str) -> None:
    half = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf".encode()
    assert told(guarded, half).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize("path", ["/sparql/check", "/sparql/cite", "/reconcile", "/search"])
def test_a_body_has_one_limit_and_none_is_written_to_a_file(server: Server, path: str) -> None:
    part = b'--b\r\nContent-Disposition: form-data; name="query"; filename="q"\r\n\r\n%b\r\n--b--'
    form = "multipart/form-data; boundary=b"
    webs = server.webs()
    try:
        for web in webs:
            resource.prlimit(web, resource.RLIMIT_FSIZE, (1 << 16, -1))
        answer = server.ask("POST", path, part % (b"#" * (3 << 20)), Content_Type=form)
        assert answer.status < 500
    finally:
        for web in webs:
            resource.prlimit(web, resource.RLIMIT_FSIZE, (-1, -1))
    head = f"POST {path} HTTP/1.1\r\nContent-Length: {5 << 20}\r\n".encode()
    assert told(server, head + HOST + CLOSE).startswith(b"HTTP/1.1 413 ")


def test_a_client_that_takes_nothing_is_given_up(guarded: Server) -> None:
    with guarded.connected() as client:
        client.sendall(f"GET /sparql?query={quote(LONG)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert client.recv(12) == b"HTTP/1.1 200"
        time.sleep(2)
        taken = 0
        with suppress(ConnectionResetError):
            while piece := client.recv(1 << 20):
                taken += len(piece)
        assert taken < LENGTH_OF_LONG


def test_what_is_sent_before_an_answer_is_there_is_not_taken_without_end(
    data_server: Server,
) -> None:
    with data_server.asking(f"/sparql?query={quote(HEAVY)}", "127.0.0.9") as client:
        assert eventually(lambda: data_server.figure("rallynov_queries_running") > 0)
        client.settimeout(1)
        sent, piece = 0, b"x" * (1 << 20)
        with suppress(OSError):
            while sent < 64 << 20:
                sent += client.send(piece)
        assert sent < 64 << 20


def test_the_heads_of_requests_are_not_kept(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1", "--proxy", "127.0.0.1")
    with serving(*options) as running:
        [web] = running.webs()
        connection = http.client.HTTPConnection(urlsplit(running.address).netloc, timeout=30)

        def ask(length: int, number: int) -> None:
            said = dict.fromkeys(("X-Own", "X-Forwarded-For"), f"{number}{'x' * length}")
            connection.request("GET", ASK, headers=said)
            answer = connection.getresponse()
            assert (answer.status, answer.read()[:1]) == (200, b"{")

        for number in range(50):
            ask(100, number)
        before = resident(web)
        for number in range(800):
            ask(15_000, number)
        assert resident(web) - before < 8 << 20, "24 MB were sent"


def start_with(soft: int, hard: int) -> Starting:
    """Return how to start a server that may open so many files."""
    before = partial(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
    return lambda *options: Forked("serve", *options, before=before)


def test_clients_that_take_nothing_hold_little_and_others_are_served(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1")
    with serving(*options) as server, ExitStack() as held:
        assert server.query(LONG, "text/csv").status == 200
        [web] = server.webs()
        before, most = resident(web), 0
        for number in range(200):
            path = f"/sparql?query={quote(f'{LONG} #{number % 8}')}"
            client = held.enter_context(
                server.asking(path, f"127.0.3.{number + 1}", "Accept: text/csv")
            )
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            most = max(most, resident(web) - before)
            if number % 20 == 19:
                assert server.query(f"ASK {{}} #{number}").status == 200
                assert server.ask("GET", "/about").status == 200
        assert eventually(lambda: server.query(f"{LONG} #other", "text/csv").status == 200, 30)
        assert max(most, resident(web) - before) < 300 << 20, "3 GB were asked for"


def test_a_server_takes_the_descriptors_that_it_may_have(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1")
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with serving(*options, starting=start_with(200, hard)) as server:
        [web] = server.webs()
        assert resource.prlimit(web, resource.RLIMIT_NOFILE)[0] == min(hard, 1 << 16)
    process = start_with(100, 100)("--port", "0", *options)
    _, complained = process.communicate(timeout=30)
    assert (process.returncode, complained.count("\n")) == (2, 1)
    assert "may open 100 files only and needs 128" in complained


def test_who_reads_slowly_leaves_long_answers_to_others(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "1") as server, ExitStack() as slow:
        statuses = []
        while len(statuses) < 12 and 429 not in statuses:
            path = f"/sparql?query={quote(f'{LONG} #{len(statuses)}')}"
            client = slow.enter_context(server.asking(path, "127.0.0.2", "Accept: text/csv"))
            statuses.append(int(client.recv(12).split()[1]))
        assert (statuses[0], statuses[-1]) == (200, 429)
        other = server.query(LONG, "text/csv")
        assert (other.status, len(other.body) > LENGTH_OF_LONG) == (200, True)
        slow.close()

        def is_answered_again() -> bool:
            path = f"/sparql?query={quote(LONG)}%2399"
            with server.asking(path, "127.0.0.2", "Accept: text/csv") as again:
                return again.recv(12).split()[1] == b"200"

        assert eventually(is_answered_again)
