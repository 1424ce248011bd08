"""Connections that are half used: they end, and hold up nobody."""

import asyncio
from typing import Any

import pytest
import uvicorn

from rallynov_graph.http import responses
from rallynov_graph.service import connections
from rallynov_graph.service.connections import Connection

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
            await responses.respond(scope, send, 200, [(b"x-own", b"1\r\nx-other: 2")])
    status = 304 if scope["path"] == "/304" else 200
    body = b"x" * (1 << 20) if scope["path"] == "/large" else b"whole"
    await responses.respond(scope, send, status, [(b"x-own", b"1")], b"" if status == 304 else body)


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
