"""Plain requests are answered without a task, and nobody can tell from the answer."""

import asyncio
import re
import socket
import time
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import uvicorn

from rallynov_graph.http import responses
from rallynov_graph.server import request_heads
from rallynov_graph.server.connections import Connection
from servers import Server

HOST = b"Host: example.org\r\n"
PLAIN = b"GET /quick HTTP/1.1\r\n" + HOST + b"\r\n"
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


@pytest.mark.parametrize(("query", "headers"), ASKED)
def test_the_answer_is_the_same_as_in_the_usual_way(
    data_server: Server, query: str, headers: list[str]
) -> None:
    line = f"GET /sparql?query={quote(query, safe='')} HTTP/1.1\r\n".encode()
    rest = HOST + "".join(f"{header}\r\n" for header in headers).encode() + b"\r\n"
    closing = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    whole = exchanged(data_server, line + rest, closing)
    assert whole.count(b"HTTP/1.1 ") == 2
    assert exchanged(data_server, line, rest, closing) == whole
    assert exchanged(data_server, line + rest, closing) == whole, "kept from before"


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
    closing = b"GET /healthz HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"
    if status != b"200 OK":
        assert exchanged(data_server, plain).startswith(b"HTTP/1.1 " + status)
    else:
        assert b'"http://a.example.org/here"' in exchanged(data_server, plain, closing)


@pytest.mark.parametrize(
    "unusual",
    [
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
                b"Connection: close",
                b"Connection: Upgrade\r\nUpgrade: websocket",
                b"Content-Length: 1",
                b"Transfer-Encoding: chunked",
                b"Expect: 100-continue",
                b"If-None-Match: *",
            )
        ),
    ],
)
def test_a_head_that_is_not_plain_is_left_to_the_server(unusual: bytes) -> None:
    assert request_heads.plain(unusual) is None


def test_a_plain_head_is_read() -> None:
    lines = b"HOST: x\r\nAccept:  text/csv\r\nConnection: Keep-Alive\r\n\r\n"
    wanted = {b"host": b"x", b"accept": b"text/csv", b"connection": b"Keep-Alive"}
    assert request_heads.plain(lines) == wanted


class Quick:
    """An application that answers plain requests itself, a little later."""

    def __init__(self, *, by_application: bool = False, after: float = 0.05) -> None:
        self._by_application, self._after = by_application, after
        self.left = 0

    def at_once(self, data: bytes, connection: Connection) -> bool:
        if data != PLAIN:
            return False
        connection.loop.call_later(self._after, self._answer, connection)
        return True

    def _answer(self, connection: Connection) -> None:
        self.left += connection.is_lost
        if self._by_application:
            connection.answer_by(self)
        else:
            connection.answer(200, b"content-length: 5\r\n", b"quick")

    async def __call__(self, scope: Any, _receive: Any, send: Any) -> None:
        await responses.respond(scope, send, 200, [], b"usual " + scope["path"].encode())


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


def test_an_application_may_answer_after_all() -> None:
    sent = (PLAIN, b"GET /next HTTP/1.1\r\n" + HOST + b"\r\n", LAST)
    wanted = [b"usual /quick", b"usual /next", b"usual /last"]
    assert told(Quick(by_application=True), *sent) == wanted


@pytest.mark.parametrize("by_application", [False, True])
def test_nothing_is_sent_to_who_has_left(by_application: bool) -> None:
    application = Quick(by_application=by_application, after=1)
    assert told(application, PLAIN, leave=True) == []
    assert application.left == 1


@pytest.mark.parametrize("more", [b"\n", b"G", PLAIN, PLAIN * 5000])
def test_who_leaves_after_sending_more_is_missed(more: bytes) -> None:
    application = Quick(after=1)
    assert told(application, PLAIN, more, leave=True) == []
    assert application.left == 1, "nothing more is read before the answer"


@pytest.mark.parametrize("after", [0.05, 1])
@pytest.mark.parametrize("by_application", [False, True])
def test_who_sends_no_more_gets_all_answers(by_application: bool, after: float) -> None:
    application = Quick(by_application=by_application, after=after)
    [body] = told(application, PLAIN, half=True)
    assert body == (b"usual /quick" if by_application else b"quick")
    assert len(told(application, PLAIN, PLAIN * 3, half=True)) == 4
    assert len(told(application, PLAIN, PLAIN[:9], half=True)) == 1


def test_an_idle_connection_is_closed_in_the_end() -> None:
    assert told(Quick(), PLAIN) == [b"quick"]


def test_a_stopping_server_closes_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "stopping", True)
    assert told(Quick(), PLAIN) == [b"quick"]
