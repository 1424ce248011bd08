"""How much of a server one client has, and who is one, as seen through the server."""

import http.client
import os
import re
import select
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from heavy_queries import HEAVY
from rallynov_graph.release.release import Release
from servers import DATA, Server, children, serving
from waiting import eventually

OPTIONS = ("--query-timeout", "60", "--workers", "1", "--proxy", "127.0.0.1")


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Server]:
    """A server that believes a proxy on this machine when it says for whom it asks."""
    file = tmp_path / "data.trig"
    file.write_text(DATA, "utf-8")
    with serving("--data", str(file), *OPTIONS) as running:
        yield running


class Asking:
    """Connections on which a query is asked whose answers nobody has read yet."""

    def __init__(self, server: Server, held: ExitStack) -> None:
        self._place, self._held = urlsplit(server.address), held
        self.all: list[socket.socket] = []

    def ask(self, query: str, client: str) -> None:
        """Ask a query for a client of the proxy."""
        asker = socket.create_connection((self._place.hostname, self._place.port), timeout=30)
        self.all.append(self._held.enter_context(asker))
        head = f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {client}"
        asker.sendall(f"{head}\r\n\r\n".encode())

    def answered(self) -> list[socket.socket]:
        """Return those to which something was answered."""
        waiting = select.poll()
        for asker in self.all:
            waiting.register(asker, select.POLLIN)
        ready = {descriptor for descriptor, _ in waiting.poll(0)}
        return [asker for asker in self.all if asker.fileno() in ready]


def statuses(answered: list[socket.socket]) -> set[bytes]:
    return {asker.recv(64).split()[1] for asker in answered}


def running(server: Server, length: str) -> int:
    """Return how many queries are under way that are short, or long."""
    told = re.search(rf'{{length="{length}"}} (\d+)', server.ask("GET", "/metrics").text)
    assert told
    return int(told[1])


def test_all_addresses_of_a_network_of_ipv6_are_one_client(behind: Server) -> None:
    """Who has one such address has all of its network: he would be as many clients as he likes."""
    with ExitStack() as held:
        asking = Asking(behind, held)
        for number in range(6):
            asking.ask(f"{HEAVY} #{number}", f"2001:db8:1:2::{number + 1}")
        assert eventually(lambda: bool(asking.answered()), within=20)
        assert statuses(asking.answered()) == {b"429"}


def test_addresses_of_other_networks_are_other_clients(behind: Server) -> None:
    with ExitStack() as held:
        asking = Asking(behind, held)
        for number in range(6):
            asking.ask(f"{HEAVY} #{number}", f"2001:db8:1:{number}::1")
        assert eventually(lambda: running(behind, "long") == 6, within=20)
        assert asking.answered() == []


def test_who_waits_among_too_many_of_his_own_is_refused_before_anybody_is_answered(
    behind: Server,
) -> None:
    stopped = {behind.zygote(), *children(behind.zygote())}
    for pid in stopped:
        os.kill(pid, signal.SIGSTOP)
    try:
        with ExitStack() as held:
            asking = Asking(behind, held)
            for number in range(500):
                asking.ask(f"ASK {{}} #{number}", "192.0.2.1")
            assert eventually(lambda: bool(asking.answered())), "those who wait do so for longer"
            refused = asking.answered()
            assert 0 < len(refused) < 400
            assert statuses(refused) == {b"429"}
    finally:
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
    assert behind.query("ASK {}").status == 200


def resident(pid: int) -> int:
    [told] = re.findall(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)
    return int(told) * 1024


def test_what_a_proxy_passes_on_as_an_address_is_not_kept(release: Release) -> None:
    with serving("--release", str(release.path), "--workers", "1", *OPTIONS[4:]) as server:
        [web] = server.webs()
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=30)
        for number in range(50):
            _asked_by(connection, str(number))
        before = resident(web)
        for number in range(2500):
            _asked_by(connection, f"{number}{'x' * 30_000}")
        assert resident(web) - before < 32 << 20, "75 MB of names were told"


def _asked_by(connection: http.client.HTTPConnection, client: str) -> None:
    connection.request("GET", "/sparql?query=ASK%20%7B%7D", headers={"X-Forwarded-For": client})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200


def test_a_path_that_is_too_long_for_one_is_put_under_no_address(behind: Server) -> None:
    query = f"/sparql?query={quote('SELECT (<h> AS ?h) {}')}"
    for path, is_taken in (("/short", True), (f"/{'long' * 100}", False)):
        answer = behind.ask("GET", query, Accept="text/csv", X_Forwarded_Prefix=path)
        assert (path in answer.text) == is_taken
