"""Connections on which much is asked, or much is sent, as seen through a server."""

import http.client
import socket
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from heavy_queries import HEAVY
from servers import DATA, Server, serving
from waiting import eventually


def connected(server: Server) -> socket.socket:
    place = urlsplit(server.address)
    return socket.create_connection((place.hostname, place.port), timeout=30)


def taken(client: socket.socket, most: int) -> int:
    """Return how many bytes can be sent until nothing is taken for a while."""
    sent, piece = 0, b"x" * (1 << 20)
    with suppress(TimeoutError):
        while sent < most:
            sent += client.send(piece)
    return sent


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_request_of_a_connection_may_have_a_head_of_its_own(
    data_server: Server, method: str
) -> None:
    connection = http.client.HTTPConnection(urlsplit(data_server.address).netloc, timeout=30)
    headers = {"Content-Type": "application/sparql-query", "X-Long": "x" * 9_000}
    for number in range(8):
        if method == "GET":
            connection.request("GET", f"/sparql?query=ASK%7B%7D%23{number}", headers=headers)
        else:
            connection.request("POST", "/sparql", f"ASK {{}} #{number}", headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
    connection.close()


def test_a_header_that_does_not_end_is_too_long_before_it_is_too_late(data_server: Server) -> None:
    with connected(data_server) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * 40_000)
        assert client.recv(64).startswith(b"HTTP/1.1 431 ")


def test_what_is_sent_before_an_answer_is_there_is_not_taken_without_end(tmp_path: Path) -> None:
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    with (
        serving("--data", str(file), "--query-timeout", "60", "--workers", "1") as server,
        connected(server) as client,
    ):
        client.sendall(f"GET /sparql?query={quote(HEAVY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wanted = 'rallynov_queries_running{length="long"} 1.0'
        assert eventually(lambda: wanted in server.ask("GET", "/metrics").text, within=20)
        client.settimeout(3)
        assert taken(client, 64 << 20) < 64 << 20
