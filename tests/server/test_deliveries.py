"""Long answers that clients do not take: each holds up himself, the others hold on."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote, urlsplit

import pytest

from rallynov_graph.http.protocol import Refused
from rallynov_graph.http.query_jobs import MEBIBYTE
from rallynov_graph.release.release import Release
from rallynov_graph.server.deliveries import Deliveries
from servers import Server, serving

VALUES = " ".join(f"VALUES ?v{n} {{ {' '.join(map(str, range(200)))} }}" for n in range(2))
LONG = f"SELECT (CONCAT('{'x' * 1000}', STR(?v0)) AS ?text) {{ {VALUES} }} LIMIT 30000"


def test_a_client_waits_for_what_he_takes_and_the_others_do_not() -> None:
    deliveries = Deliveries(most=100 * MEBIBYTE, of_one=40 * MEBIBYTE)
    with deliveries.of(1, 30 * MEBIBYTE):
        with pytest.raises(Refused) as refused, deliveries.of(1, 20 * MEBIBYTE):
            pass
        assert refused.value.status == 429
        with deliveries.of(1, 10 * MEBIBYTE), deliveries.of(1, MEBIBYTE):
            pass
        with deliveries.of(2, 60 * MEBIBYTE):  # the only one of his
            with pytest.raises(Refused) as full, deliveries.of(3, 20 * MEBIBYTE):
                pass
            assert full.value.status == 503
    with deliveries.of(1, 40 * MEBIBYTE):
        pass


@contextmanager
def unread(server: Server, number: int, source: str) -> Iterator[socket.socket]:
    """Ask for a long answer, of which the head alone is taken."""
    place = urlsplit(server.address)
    with socket.socket() as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 12)
        client.bind((source, 0))
        client.settimeout(60)
        client.connect((place.hostname, place.port))
        query = quote(f"{LONG} #{number}")
        client.sendall(
            f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\nAccept: text/csv\r\n\r\n".encode()
        )
        yield client


def test_who_reads_slowly_leaves_long_answers_to_others(release: Release) -> None:
    options = ("--release", str(release.path), "--workers", "1")
    with serving(*options) as server, ExitStack() as slow:
        told = []
        for number in range(12):
            client = slow.enter_context(unread(server, number, "127.0.0.2"))
            told.append(int(client.recv(12).split()[1]))
            if told[-1] != 200:
                break
        assert told[0] == 200
        assert told[-1] == 429
        other = server.query(LONG, "text/csv")
        assert (other.status, len(other.body) > MEBIBYTE) == (200, True)
        slow.close()
        time.sleep(0.5)
        again = slow.enter_context(unread(server, 99, "127.0.0.2"))
        assert again.recv(12).split()[1] == b"200"
