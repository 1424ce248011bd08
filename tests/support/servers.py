"""Real servers in processes of their own, and what a test needs to speak with them."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlencode, urlsplit

import pytest

from forking import Forked
from rallynov_graph.release.release import Release
from waiting import eventually

DATA = """\
@prefix : <https://example.org/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:a rdfs:label "chaise", "Stuhl"@de ; :n 1 ; :in :default .
:g1 { :a :likes :b . :a :in :g1 }
:g2 { :a :likes :b . :b :in :g2 . :b :has [ :is "nameless" ] }
"""
"""Three graphs, of which two say the same."""


@dataclass(frozen=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]

    @property
    def text(self) -> str:
        return self.body.decode()


Process: TypeAlias = subprocess.Popen[str] | Forked
Starting: TypeAlias = Callable[..., Process]


@dataclass(frozen=True)
class Server:
    """A running server."""

    address: str
    process: Process

    @property
    def endpoint(self) -> str:
        return f"{self.address}/sparql"

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        """Send a request as it stands; header names have underscores for hyphens."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, named)
            answer = connection.getresponse()
            lower = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, lower, answer.read())
        finally:
            connection.close()

    def query(self, query: str, accept: str = "", **more: str | list[str]) -> Answer:
        """Ask a query by GET."""
        fields = urlencode(
            {"query": query, **{k.replace("_", "-"): v for k, v in more.items()}}, True
        )
        headers = {"Accept": accept} if accept else {}
        return self.ask("GET", f"/sparql?{fields}", **headers)

    def stop(self, kind: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal; return the exit status when the server has ended."""
        self.process.send_signal(kind)
        return self.process.wait(30)

    def children(self) -> set[int]:
        """Return every process below the server's."""
        return descendants(self.process.pid)

    def generation(self) -> int:
        """Return the process that holds the store."""
        [generation] = children(self.process.pid)
        return generation

    def queries(self) -> set[int]:
        """Return the processes that run queries: the kernel would end them first."""
        return {pid for pid in self.children() if _is_expendable(pid)}

    def webs(self) -> list[int]:
        """Return the web processes: they have no children, and run no queries."""
        assert eventually(self.queries), "no process runs queries"
        return sorted(settled(lambda: self._childless() - self.queries()))

    def _childless(self) -> set[int]:
        return {pid for pid in self.children() if not children(pid)}

    def asking(self, path: str, source: str = "", *headers: str) -> socket.socket:
        """Ask for a path from an address of this machine, and wait for nothing."""
        client = self.connected(source)
        lines = "".join(f"{it}\r\n" for it in headers)
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\n{lines}\r\n".encode())
        return client

    def connected(self, source: str = "") -> socket.socket:
        """Return a connection from an address of this machine."""
        place = urlsplit(self.address)
        client = socket.create_connection(
            (place.hostname or "", place.port or 0), timeout=60, source_address=(source, 0)
        )
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client

    def figure(self, name: str) -> float:
        """Return the sum of the figures of ``/metrics`` whose names begin so."""
        told = self.ask("GET", "/metrics").text
        return sum(map(float, re.findall(rf"^{re.escape(name)}\S* (\S+)$", told, re.M)))


def start(*options: str) -> subprocess.Popen[str]:
    """Start ``rallynov serve`` with these options, as from a shell."""
    return subprocess.Popen(
        [sys.executable, "-m", "rallynov_graph", "serve", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


def fork(*options: str) -> Forked:
    """Start the same where the start is not what is tested: without the time of the imports."""
    return Forked("serve", *options)


@contextmanager
def serving(*options: str, starting: Starting = fork) -> Iterator[Server]:
    """Run ``rallynov serve`` on a free port until the block ends."""
    process = starting("--port", "0", *options)
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://\S+:\d+", said)
        assert found, f"the server said {said!r}"
        yield Server(found[0], process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()


def _is_expendable(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000"
    except OSError:
        return False


def settled(of: Callable[[], set[int]], seconds: float = 0.2) -> set[int]:
    """Return which processes there are when none has been started for some seconds."""
    found: set[int] = set()
    while found != (now := of()):
        found = now
        time.sleep(seconds)
    return found


def children(pid: int) -> set[int]:
    """Return the processes that one has started, as the kernel tells."""
    try:
        return {*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())}
    except OSError:
        return set()


def descendants(pid: int) -> set[int]:
    """Return the processes below one."""
    return {child for own in children(pid) for child in (own, *descendants(own))}


@pytest.fixture(scope="session")
def server(release: Release) -> Iterator[Server]:
    """The shipped data, served."""
    with serving("--release", str(release.path)) as running:
        yield running


@pytest.fixture(scope="session")
def data_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``DATA``, served with a short time limit."""
    file = tmp_path_factory.mktemp("served") / "data.trig"
    file.write_text(DATA, "utf-8")
    with serving("--data", str(file), "--query-timeout", "2") as running:
        yield running


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """``DATA``, served by one web process with a time limit of a second, and a short patience."""
    file = tmp_path_factory.mktemp("guarded") / "data.trig"
    file.write_text(DATA, "utf-8")
    options = ("--data", str(file), "--query-timeout", "1", "--workers", "1")
    with serving(*options, starting=hurried) as running:
        yield running


def hurried(*options: str) -> Forked:
    """Start a server that waits shorter for clients which send or take nothing."""
    return Forked("serve", *options, before=_hurry)


def _hurry() -> None:
    os.environ |= {"RALLYNOV_BODY_SECONDS": "0.5", "RALLYNOV_STALL_SECONDS": "1"}
