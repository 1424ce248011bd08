"""Connections that are half used: they end, and hold up nobody."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn

from rallynov_graph.http import responses
from rallynov_graph.server import asgi, connections
from rallynov_graph.server.connection_limit import ConnectionLimit
from rallynov_graph.server.connections import Connection

GREETING = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def _large(scope: Any, receive: Any, send: Any) -> None:
    """Read the body, then answer with more than any buffer takes."""
    while (await receive()).get("more_body"):
        pass
    await send({"type": "http.response.start", "status": 200, "headers": []})
    size = 1 << 24 if scope["path"] == "/large" else 2
    await send({"type": "http.response.body", "body": b"x" * size, "more_body": True})
    await send({"type": "http.response.body", "body": b"HTTP/1.1 is no head here"})


async def _ours(scope: Any, _receive: Any, send: Any) -> None:
    """Answer as our endpoints do, each path with its own status."""
    if scope["path"] == "/broken":
        with pytest.raises(ValueError, match="line break"):
            responses.response(200, [(b"x-own", b"1\r\nx-other: 2")])
    status = 304 if scope["path"] == "/304" else 200
    body = b"x" * (1 << 20) if scope["path"] == "/large" else b"whole"
    body = b"" if status == 304 else body
    answer = responses.response(status, [(b"x-own", b"1")], body)
    await asgi.send_by(send, answer.for_method(scope["method"]))


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "STALL", 0.3)
    monkeypatch.setattr(Connection, "stopping", False)


def talk(*sent: bytes, read: bool = True, application: Any = _large) -> bytes:
    """Return what a server says to what is sent, until it closes."""

    async def conversation() -> bytes:
        config = uvicorn.Config(
            application, http=Connection, lifespan="off", log_config=None, timeout_keep_alive=1
        )
        config.load()
        server = uvicorn.Server(config)
        await server.on_tick(0)  # uvicorn sets the date of its answers every second
        loop = asyncio.get_running_loop()
        listening = await loop.create_server(
            lambda: Connection(config, server.server_state, {}), "127.0.0.1", 0
        )
        reader, writer = await asyncio.open_connection(*listening.sockets[0].getsockname()[:2])
        try:
            while not server.server_state.connections:
                await asyncio.sleep(0)  # else parts that follow could come together
            for part in sent:
                writer.write(part)
                await asyncio.sleep(0.01)
            async with asyncio.timeout(20):
                while not read and server.server_state.connections:
                    await asyncio.sleep(0.05)
                return await reader.read()
        finally:
            writer.close()
            listening.close()

    return asyncio.run(conversation())


@pytest.mark.parametrize(
    "half",
    [
        b"",
        b"\r\n",
        GREETING,
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
        GREETING + b"\r\n" + GREETING,
    ],
    ids=["nothing", "empty line", "headers", "body", "second request"],
)
def test_a_half_sent_request_is_given_up(half: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MESSAGE", 0.2)
    assert b"HTTP/1.1 408 Request Timeout\r\n" in talk(half)


def test_a_whole_request_is_answered_and_its_connection_kept() -> None:
    answers = talk(GREETING + b"\r\n", GREETING + b"Connection: close\r\n\r\n")
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert b"408" not in answers
    assert answers.count(b"HTTP/1.1 is no head here") == 2


def test_a_body_is_asked_for_where_the_client_waits_for_that() -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n"
    answer = talk(head + b"Connection: close\r\n\r\n", b"x")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_a_head_comes_alone_where_that_is_asked_for() -> None:
    answer = talk(b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b"\r\n\r\n")


def test_a_client_that_takes_nothing_is_given_up() -> None:
    answer = talk(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n", read=False)
    assert len(answer) < 1 << 24


def test_headers_without_end_are_given_up() -> None:
    answer = talk(GREETING, *[b"X: " + b"y" * 30_000 + b"\r\n"] * 3)
    assert answer.startswith(b"HTTP/1.1 431 ")


HEADER_LINE = b"X-Many: " + b"y" * 990 + b"\r\n"


@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [
        (b"GET /", HEADER_LINE * 31, b"200 OK"),
        (b"GET /", HEADER_LINE * 33, b"431 Request Header Fields Too Large"),
        (b"GET /", b"X: " + b"y" * 33_000 + b"\r\n", b"431 Request Header Fields Too Large"),
        (b"GET /", b"X: " + b"y" * 2_000_000 + b"\r\n", b"431 Request Header Fields Too Large"),
        (b"GET /", b"x:\r\n" * 9_000, b"431 Request Header Fields Too Large"),
        (b"GET /?" + b"y" * 31_000, b"", b"200 OK"),
        (b"GET /?" + b"y" * 31_000, HEADER_LINE * 2, b"431 Request Header Fields Too Large"),
        (b"GET /?" + b"y" * 33_000, b"", b"414 URI Too Long"),
        (b"GET /?" + b"y" * 2_000_000, b"", b"414 URI Too Long"),
    ],
)
@pytest.mark.parametrize("pieces", [1, 3])
def test_a_head_has_32_kilobytes_at_most(
    request_line: bytes, headers: bytes, status: bytes, pieces: int
) -> None:
    whole = request_line + b" HTTP/1.1\r\nHost: x\r\n" + headers + b"Connection: close\r\n\r\n"
    size = -(-len(whole) // pieces)
    parts = [whole[start : start + size] for start in range(0, len(whole), size)]
    answer = talk(*parts, application=_ours)
    assert answer.startswith(b"HTTP/1.1 " + status + b"\r\n")
    assert answer.endswith(b"whole" if status == b"200 OK" else b".\n")
    assert (b"by POST" in answer) == status.startswith(b"414")


def test_a_head_that_is_too_long_is_no_second_request_either() -> None:
    answers = talk(
        GREETING + b"\r\n", GREETING + HEADER_LINE * 40 + b"\r\n", application=_ours
    ).split(b"HTTP/1.1 ")[1:]
    assert [answer[:3] for answer in answers] == [b"200", b"431"]


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: x\r\n", b"200"),
        (b"GET / HTTP/1.1\r\nHost:\r\n", b"200"),
        (b"GET / HTTP/1.1\r\nhOST: [::1]:8000\r\n", b"200"),
        (b"GET / HTTP/1.0\r\n", b"200"),
        (b"GET / HTTP/1.1\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n", b"400"),
        (b"GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x, y\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: x/y\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: \xc3\xa9.org\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: " + b"x" * 300 + b"\r\n", b"400"),
    ],
)
def test_a_request_names_one_host(head: bytes, status: bytes) -> None:
    answer = talk(head + b"Connection: close\r\n\r\n", application=_ours)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert (b"one Host header" in answer) == (status == b"400")


def test_what_is_not_http_is_told_so() -> None:
    answer = talk(b"nonsense\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"access-control-allow-origin: *" in answer


def test_a_stopping_server_closes_after_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "stopping", True)
    answer = talk(GREETING + b"\r\n")
    assert b"connection: close" in answer


def test_answers_of_ours_follow_each_other_on_a_connection() -> None:
    paths = (b"GET /", b"HEAD /", b"GET /304", b"GET /large", b"GET /broken", b"GET /last")
    sent = [path + b" HTTP/1.1\r\nHost: x\r\n\r\n" for path in paths]
    sent[-1] = sent[-1].replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answers = talk(b"".join(sent), application=_ours).split(b"HTTP/1.1 ")[1:]
    heads = [answer.partition(b"\r\n\r\n")[0] for answer in answers]
    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert bodies == [b"whole", b"", b"", b"x" * (1 << 20), b"whole", b"whole"]
    assert [head[:3] for head in heads] == [b"200", b"200", b"304", b"200", b"200", b"200"]
    assert [head.count(b"\r\nx-own: 1") for head in heads] == [1] * 6
    assert [head.count(b"content-length: ") for head in heads] == [1, 1, 0, 1, 1, 1]
    assert [head.count(b"connection: close") for head in heads] == [0, 0, 0, 0, 0, 1]
    assert not any(b"x-other" in head for head in heads)


def test_every_answer_says_its_date_once() -> None:
    asked = b"GET %b HTTP/1.1\r\nHost: x\r\n\r\n"
    told = talk(asked % b"/", asked % b"/304", asked % b"/large", application=_ours)
    assert told.lower().count(b"\r\ndate: ") == told.count(b"HTTP/1.1 ") == 3


class Slow:
    """An application that answers when it is told to, and counts the clients that left before."""

    def __init__(self) -> None:
        self.may_answer = asyncio.Event()
        self.asked = self.left = 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        while (await receive()).get("more_body"):
            pass
        leaving = asyncio.ensure_future(receive())
        answering = asyncio.ensure_future(self.may_answer.wait())
        await asyncio.wait((leaving, answering), return_when=asyncio.FIRST_COMPLETED)
        self.left += leaving.done()
        leaving.cancel()
        await asgi.send_by(send, responses.response(200, [], scope["path"].encode()))


Client = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Door:
    """Where clients connect."""

    def __init__(self, place: tuple[str, int], held: set[Any]) -> None:
        self._place, self.held = place, held
        self.clients: list[Client] = []

    async def __call__(self) -> Client:
        self.clients.append(await asyncio.open_connection(*self._place))
        return self.clients[-1]


@asynccontextmanager
async def served(application: Any) -> AsyncIterator[Door]:
    """Serve an application; yield what opens a connection to it."""
    config = uvicorn.Config(application, http=Connection, lifespan="off", log_config=None)
    config.load()
    server = uvicorn.Server(config)
    await server.on_tick(0)
    listening = await asyncio.get_running_loop().create_server(
        lambda: Connection(config, server.server_state, {}), "127.0.0.1", 0
    )
    door = Door(listening.sockets[0].getsockname()[:2], server.server_state.connections)
    async with asyncio.timeout(20):
        yield door
    for _, writer in door.clients:
        writer.close()
    listening.close()


async def until(condition: Callable[[], object]) -> None:
    while not condition():
        await asyncio.sleep(0.01)


REST = b"\r\n"


@pytest.mark.parametrize("version", [b"1.1", b"1.0"])
@pytest.mark.parametrize("seconds", [0, 1])
def test_who_sends_no_more_gets_an_answer(seconds: float, version: bytes) -> None:
    async def story() -> bytes:
        slow = Slow()
        async with served(slow) as connected:
            reader, writer = await connected()
            writer.write(GREETING.replace(b"1.1", version) + REST)
            writer.write_eof()
            await asyncio.sleep(seconds)
            slow.may_answer.set()
            return await reader.read()

    answer = asyncio.run(story())
    interim, status, whole = answer.partition(b"HTTP/1.1 200 OK\r\n")
    assert status
    assert whole.endswith(b"\r\n\r\n/")
    only = b"HTTP/1.1 100 Continue\r\n\r\n"
    assert interim == only * interim.count(only), "every client passes over that"
    assert not (interim and version == b"1.0"), "that version knows no interim answers"


def test_a_large_answer_reaches_who_sends_no_more() -> None:
    async def story() -> bytes:
        async with served(_large) as connected:
            reader, writer = await connected()
            writer.write(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
            writer.write_eof()
            return await reader.read()

    assert len(asyncio.run(story())) > 1 << 24


@pytest.mark.parametrize(
    "more", [b"", b"\n", b"G", GREETING + REST, (GREETING + REST) * 5000], ids=len
)
def test_who_leaves_is_missed_whatever_was_sent_before(more: bytes) -> None:
    async def story() -> None:
        slow = Slow()
        async with served(slow) as connected:
            _, writer = await connected()
            writer.write(GREETING + REST)
            await until(lambda: slow.asked)
            writer.write(more)
            await asyncio.sleep(0.05)
            writer.transport.abort()
            await until(lambda: slow.left)

    asyncio.run(story())


def test_idle_connections_make_room_for_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "limit", ConnectionLimit(2))

    async def story() -> None:
        async with served(_ours) as connected:
            asked, idle = await connected(), await connected()
            asked[1].write(GREETING + REST)
            assert await asked[0].readuntil(b"whole")
            reader, writer = await connected()
            told = await idle[0].read()
            assert told.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
            assert b"\r\nretry-after: " in told
            writer.write(GREETING + REST)
            assert await reader.readuntil(b"whole")
            await connected()
            assert await asked[0].read() == b"", "it was told its answer, and is closed"

    asyncio.run(story())


def test_who_finds_no_room_is_told_so_whatever_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "limit", ConnectionLimit(1))

    async def story() -> None:
        slow = Slow()
        async with served(slow) as connected:
            first = await connected()
            first[1].write(GREETING + REST)
            await until(lambda: slow.asked)
            for sent in (b"", GREETING + REST, b"x" * (1 << 20)):
                reader, writer = await connected()
                writer.write(sent)
                told = await reader.read()
                assert told.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
                assert b"\r\nretry-after: " in told
            slow.may_answer.set()
            assert (await first[0].readuntil(b"\r\n\r\n/")).startswith(b"HTTP/1.1 200 OK\r\n")

    asyncio.run(story())


def test_who_is_refused_and_stays_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "limit", ConnectionLimit(0))
    monkeypatch.setattr(connections, "LINGER", 0.5)

    async def story() -> None:
        async with served(_ours) as connected:
            clients = [await connected() for _ in range(40)]
            await until(lambda: 0 < len(connected.held) < 20)
            await until(lambda: not connected.held)
            assert clients

    asyncio.run(story())


def test_who_is_refused_makes_room_for_others_who_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Connection, "limit", ConnectionLimit(0))
    monkeypatch.setattr(connections, "LINGER", 60)

    async def story() -> None:
        async with served(_ours) as connected:
            clients = [await connected() for _ in range(40)]
            for reader, _ in clients[-2:]:
                assert (await reader.readline()).startswith(b"HTTP/1.1 503 ")
            await until(lambda: 0 < len(connected.held) < 20)

    asyncio.run(story())
