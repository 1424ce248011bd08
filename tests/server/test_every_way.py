"""A request gets one answer, whichever way it has come: nobody can tell which that was."""

import asyncio
import re
import socket
import time
from itertools import product
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import uvicorn

from rallynov_graph.http import responses
from rallynov_graph.http.protocol import FORM, QUERY
from rallynov_graph.http.request import HttpRequest
from rallynov_graph.release.release import Release
from rallynov_graph.server import asgi
from rallynov_graph.server.connections import Connection
from rallynov_graph.server.request_reader import RequestReader
from servers import Server, serving

HOST = b"Host: example.org\r\n"
PLAIN = b"GET /quick HTTP/1.1\r\n" + HOST + b"\r\n"
LONG_BODY = b"x" * (responses.PIECE * 9 + 1)
CLOSING = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
LAST = b"GET /last HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
_CHANGES = re.compile(rb"(?m)^(date|server-timing): [^\r]*\r\n")

LIKES = "SELECT ?s { GRAPH ?g { ?s <https://example.org/likes> ?o } } ORDER BY ?s"
GRAPH = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o FILTER(?p = <https://example.org/n>) }"
MANY = "SELECT * { VALUES ?a { 1 2 3 4 5 6 7 8 9 } VALUES ?b { 1 2 3 4 5 6 7 8 9 } }"
LONG = "SELECT * { " + "".join(f"VALUES ?v{n} {{ 1 2 3 4 5 6 7 8 9 }} " for n in range(4)) + "}"
JSON = "Accept: application/sparql-results+json"
ASKED = [
    (LIKES, [JSON]),
    (LIKES, []),
    (LIKES, ["Accept: text/csv", "User-Agent: x", "Connection: keep-alive"]),
    (LIKES, ["Accept: application/sparql-results+xml;q=0.5, text/turtle"]),
    (LIKES, ["Accept: image/png"]),
    (LIKES, [JSON, "If-None-Match: *"]),
    (GRAPH, ["Accept: text/turtle"]),
    (GRAPH, ["Accept: application/n-triples, application/json"]),
    (GRAPH, [JSON]),
    (MANY, [JSON, "Accept-Encoding: gzip"]),
    (MANY, [JSON, "Accept-Encoding: zstd, br"]),
    (LONG, [JSON]),
    (LONG, [JSON, "Accept-Encoding: gzip"]),
    ("SELECT (<here> AS ?there) {}", [JSON]),
    ("SELECT (RAND() < 2 AS ?r) {}", [JSON]),
    ("ASK { FILTER('é' = '\U0001f600') }", [JSON]),
    ("SELECT WHERE", [JSON]),
    ("SELECT WHERE", []),
    ("", []),
    ("INSERT DATA {}", [JSON]),
    ("SELECT * { SERVICE <http://example.org> { ?s ?p ?o } }", [JSON]),
    ("ASK " + "{" * 5000 + "}" * 5000, [JSON]),
    (LIKES, [JSON, "Accept: text/csv"]),
    (LIKES, [JSON, "Content-Length: 0"]),
    (LIKES, [JSON, "Range: bytes=0-3"]),
]


def exchanged(server: Server, *parts: bytes) -> bytes:
    """Return what comes for what is sent in parts, but the parts of it that change by themselves.

    The last request tells the server to close.
    """
    place = urlsplit(server.address)
    with socket.create_connection((place.hostname, place.port), timeout=30) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for part in parts:
            connection.sendall(part)
            time.sleep(0.02)
        received = b"".join(iter(lambda: connection.recv(1 << 16), b""))
    return _CHANGES.sub(b"", received)


WAYS = ("one piece", "two pieces", "pipelined", "form", "form in two pieces", "body", "chunked")


def requests(way: str, query: str, headers: list[str]) -> list[bytes]:
    """Return a request for a query as it is sent by a way, in parts."""
    encoded = f"query={quote(query, safe='')}".encode()
    rest = HOST + "".join(f"{header}\r\n" for header in headers).encode()
    get = b"GET /sparql?" + encoded + b" HTTP/1.1\r\n"
    post = b"POST /sparql HTTP/1.1\r\n" + rest
    form, direct = (b"Content-Type: " + it.encode() + b"\r\n" for it in (FORM, QUERY))
    length = b"Content-Length: %d\r\n\r\n"
    body = query.encode()
    if way == "one piece":
        return [get + rest + b"\r\n"]
    if way == "two pieces":
        return [get, rest + b"\r\n"]
    if way == "pipelined":
        return [get + rest + b"\r\n" + CLOSING]
    if way == "form":
        return [post + form + length % len(encoded) + encoded]
    if way == "form in two pieces":
        return [post + form + length % len(encoded), encoded]
    if way == "body":
        return [post + direct + length % len(body) + body]
    chunked = b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%b\r\n0\r\n\r\n"
    return [post + form + chunked % (len(encoded), encoded)]


def test_the_answer_is_the_same_by_every_way(
    data_server: Server, subtests: pytest.Subtests
) -> None:
    for query, headers in ASKED:
        with subtests.test(query[:40], headers=headers):
            hold_alike(data_server, query, headers)


def hold_alike(server: Server, query: str, headers: list[str]) -> None:
    posted = [it for it in headers if not it.startswith(("Content-Length", "If-None-Match"))]
    got: dict[bool, set[bytes]] = {True: set(), False: set()}
    for way in WAYS * 2:
        is_post = way in WAYS[3:]
        if not query and is_post and way == "body":
            continue  # an empty body and an empty field are told apart
        parts = requests(way, query, posted if is_post else headers)
        last = [] if way == "pipelined" else [CLOSING]
        whole = exchanged(server, *parts, *last)
        assert whole.count(b"HTTP/1.1 ") == 2, way
        got[is_post].add(whole)
    assert all(len(answers) == 1 for answers in got.values())
    if posted == headers:
        assert got[True] == got[False]


def test_head_is_answered_as_get_but_for_the_body(
    data_server: Server, subtests: pytest.Subtests
) -> None:
    for query, headers in ASKED:
        with subtests.test(query[:40], headers=headers):
            [get] = requests("one piece", query, [*headers, "Connection: close"])
            head = get.replace(b"GET", b"HEAD", 1)
            wanted = exchanged(data_server, get).partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            assert exchanged(data_server, head) == wanted
            assert exchanged(data_server, head[:30], head[30:]) == wanted


PATHS = (b"/healthz", b"/sparql", b"/sparql/graphs?default", b"/sparql/graphs?graph=x", b"/metrics")


def test_a_path_is_answered_the_same_in_one_piece_and_in_two(data_server: Server) -> None:
    accept = b"Accept: text/turtle, text/plain\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    for method, path in product((b"GET", b"HEAD", b"POST", b"OPTIONS", b"PUT"), PATHS):
        line, rest = method + b" " + path + b" HTTP/1.1\r\n", HOST + accept
        whole, parts = exchanged(data_server, line + rest), exchanged(data_server, line, rest)
        if path == b"/metrics":
            whole, parts = (it.partition(b"content-length")[0] for it in (whole, parts))
        assert whole == parts, (method, path)
        assert whole.startswith(b"HTTP/1.1 "), (method, path)


def test_who_asks_through_a_proxy_is_answered_the_same_by_every_way(release: Release) -> None:
    said = ["X-Forwarded-For: 198.51.100.9", "X-Forwarded-Proto: https", "X-Forwarded-Prefix: /a"]
    said.append("X-Forwarded-Host: graph.example.org")
    with serving(
        "--release", str(release.path), "--proxy", "127.0.0.1", "--workers", "1"
    ) as server:
        for query in ("SELECT (<here> AS ?there) {}", "SELECT WHERE"):
            got = {
                exchanged(server, *requests(way, query, [JSON, *said]), *last)
                for way in WAYS
                for last in [[] if way == "pipelined" else [CLOSING]]
            }
            assert len(got) == 1
        for path in ("/data/stage/vesoul.ttl", "/page/stage/vesoul", "/page/stage/vesoul?lang=en"):
            head = HOST + "\r\n".join([*said, "Connection: close\r\n\r\n"]).encode()
            line = f"GET {path} HTTP/1.1\r\n".encode()
            whole, parts = exchanged(server, line + head), exchanged(server, line, head)
            assert whole == parts
            assert b"https://graph.example.org/a" in whole


@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        (b"Host: a.example.org\r\nHost: b.example.org\r\n", b"400 Bad Request"),
        (b"Host: a.example.org\r\nX: y\r\nhost: a.example.org\r\n", b"400 Bad Request"),
        (b"", b"400 Bad Request"),
        (b"X: " + b"y" * 33_000 + b"\r\nHost: a.example.org\r\n", b"431 Request Header"),
        (b"Host: a.example.org\r\n", b"200 OK"),
    ],
)
def test_a_head_that_is_refused_is_refused_on_every_way(
    data_server: Server, hosts: bytes, status: bytes
) -> None:
    query = quote("SELECT (<here> AS ?there) {}", safe="").encode()
    for path in (
        b"/sparql?query=" + query,
        b"/sparql",
        b"/healthz",
        b"/",
        b"/sparql/graphs?default",
    ):
        line = b"GET " + path + b" HTTP/1.1\r\n"
        accept = b"Accept: application/sparql-results+json, text/turtle, */*;q=0.1\r\n"
        last = b"Connection: close\r\n\r\n"
        for parts in ((line + hosts + accept + last,), (line, hosts + accept, last)):
            assert exchanged(data_server, *parts).startswith(b"HTTP/1.1 " + status), path
    plain = b"GET /sparql?query=" + query + b" HTTP/1.1\r\n" + hosts + b"\r\n"
    if status != b"200 OK":
        assert exchanged(data_server, plain).startswith(b"HTTP/1.1 " + status)
    else:
        assert b'"http://a.example.org/here"' in exchanged(data_server, plain, CLOSING)


def read(lines: bytes, method: bytes = b"GET", *proxies: str) -> HttpRequest | None:
    data = method + b" /sparql?query=x HTTP/1.1\r\n" + lines
    return RequestReader(proxies).read(data, "192.0.2.1", "reached:80")


UNUSUAL = (
    b"",
    b"X: 1\r\n",
    HOST + b"\r\nGET / HTTP/1.1\r\n\r\n",
    HOST + b"\r\nG",
    HOST + HOST + b"\r\n",
    HOST + b"Bad name: 1\r\n\r\n",
    HOST + b"\n",
    *(
        HOST + header + b"\r\n\r\n"
        for header in (
            b"Connection: Upgrade\r\nUpgrade: websocket",
            b"Content-Length: 1",
            b"Content-Length: 0\r\nContent-Length: 0",
            b"Transfer-Encoding: chunked",
            b"Expect: 100-continue",
        )
    ),
    HOST + b"Content-Length: 1\r\n\r\nxy",
)
UNUSUAL_LINES = (
    b"GET /a%20b HTTP/1.1",
    b"GET //x HTTP/1.1",
    b"GET http://x/ HTTP/1.1",
    b"GET /?# HTTP/1.1",
    b"GET / HTTP/1.0",
    b"GET  / HTTP/1.1",
    b"get / HTTP/1.1",
    b" GET / HTTP/1.1",
    b"PUT / HTTP/1.1",
)


def test_a_request_that_is_not_usual_is_left_to_uvicorn() -> None:
    for method, unusual in product((b"GET", b"POST"), UNUSUAL):
        assert read(unusual, method) is None, (method, unusual)
    for line in UNUSUAL_LINES:
        whole = line + b"\r\n" + HOST + b"\r\n"
        assert RequestReader().read(whole, "192.0.2.1", "reached:80") is None, line


def test_a_usual_request_is_read() -> None:
    lines = b"HOST: x\r\nAccept:  text/csv\r\nConnection: Close\r\nContent-Length: 2\r\n\r\nxy"
    request = read(lines, b"POST")
    assert request is not None
    assert (request.method, request.path, request.query_string) == ("POST", "/sparql", b"query=x")
    assert (request.head.origin, request.head.accept) == ("http://x", "text/csv")
    assert (request.client, request.body, request.keep_alive) == ("192.0.2.1", b"xy", False)


def test_only_a_proxy_that_is_believed_says_for_whom_it_asks() -> None:
    said = b"X-Forwarded-For: 198.51.100.9, 192.0.2.1\r\nX-Forwarded-Proto: https\r\n"
    said += b"X-Forwarded-Host: graph.example.org\r\nX-Forwarded-Prefix: /a/\r\n"
    by_proxy = read(HOST + said + b"\r\n", b"GET", "192.0.2.1")
    other = read(HOST + said + b"\r\n", b"GET", "192.0.2.2")
    assert by_proxy is not None
    assert other is not None
    assert (by_proxy.client, by_proxy.site) == ("198.51.100.9", "https://graph.example.org/a")
    assert (other.client, other.site) == ("192.0.2.1", "http://example.org")


class Quick:
    """An application that answers some requests itself, a little later."""

    def __init__(self, *, long: bool = False, after: float = 0.05) -> None:
        self._long, self._after = long, after
        self.left = 0
        self.reader = RequestReader()

    def respond(self, request: HttpRequest, connection: Connection) -> bool:
        if request.path == "/quick":
            connection.loop.call_later(self._after, self._answer, connection)
        return request.path == "/quick"

    def note_unread(self, client: str, status: int, size: int) -> None:
        pass

    def _answer(self, connection: Connection) -> None:
        self.left += connection.is_lost
        if connection.is_lost:
            return
        if self._long:
            connection.run(connection.send(responses.response(200, [], LONG_BODY)))
        else:
            connection.answer(responses.response(200, [], b"quick"))

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        await asgi.send_by(send, responses.response(200, [], b"usual " + scope["path"].encode()))


@pytest.fixture(autouse=True)
def _serving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "stopping", False)


def told(application: Quick, *sent: bytes, leave: bool = False, half: bool = False) -> list[bytes]:
    """Return the bodies that come for what is sent, until the server closes.

    After that, the client leaves, or tells that it sends no more.
    """

    async def conversation() -> bytes:
        config = uvicorn.Config(
            application,
            http=Connection,
            lifespan="off",
            log_config=None,
            proxy_headers=False,
            timeout_keep_alive=1,
        )
        config.load()
        server = uvicorn.Server(config)
        await server.on_tick(0)
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(
            lambda: Connection(config, server.server_state, {}), "127.0.0.1", 0
        )
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname()[:2])
        while not server.server_state.connections:
            await asyncio.sleep(0)  # else parts that follow could come together
        for part in sent:
            writer.write(part)
            await asyncio.sleep(0.02)
        if half:
            writer.write_eof()
        if leave:
            writer.transport.abort()
            async with asyncio.timeout(20):
                while server.server_state.connections or not application.left:
                    await asyncio.sleep(0.05)
        received = b"" if leave else await asyncio.wait_for(reader.read(), 20)
        writer.close()
        listening.close()
        assert not server.server_state.connections
        return received

    answers = asyncio.run(conversation()).split(b"HTTP/1.1 200 OK\r\n")[1:]
    return [answer.partition(b"\r\n\r\n")[2] for answer in answers]


def test_what_comes_meanwhile_is_answered_after_it() -> None:
    sent = (PLAIN, PLAIN + PLAIN, LAST[:9], LAST[9:])
    assert told(Quick(), *sent) == [b"quick", b"usual /quick", b"usual /quick", b"usual /last"]
    assert told(Quick(), PLAIN, PLAIN) == [b"quick", b"quick"]


def test_a_long_answer_is_sent_in_pieces_before_what_comes_meanwhile() -> None:
    sent = (PLAIN, b"GET /next HTTP/1.1\r\n" + HOST + b"\r\n", LAST)
    assert told(Quick(long=True), *sent) == [LONG_BODY, b"usual /next", b"usual /last"]


@pytest.mark.parametrize("more", [b"", b"\n", b"G", PLAIN, PLAIN * 5000], ids=len)
def test_who_leaves_is_missed_whatever_was_sent_before(more: bytes) -> None:
    application = Quick(after=1)
    assert told(application, PLAIN, more, leave=True) == []
    assert application.left == 1, "nothing more is read before the answer"


@pytest.mark.parametrize("after", [0.05, 1])
@pytest.mark.parametrize("long", [False, True])
def test_who_sends_no_more_gets_all_answers(long: bool, after: float) -> None:
    application = Quick(long=long, after=after)
    assert told(application, PLAIN, half=True) == [LONG_BODY if long else b"quick"]
    assert len(told(application, PLAIN, PLAIN * 3, half=True)) == 4
    assert len(told(application, PLAIN, PLAIN[:9], half=True)) == 1


def test_an_idle_connection_is_closed_in_the_end() -> None:
    assert told(Quick(), PLAIN) == [b"quick"]


def test_a_stopping_server_closes_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "stopping", True)
    assert told(Quick(), PLAIN) == [b"quick"]
