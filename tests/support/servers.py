"""Real servers in processes of their own, and what a test needs to speak with them."""

import http.client
import os
import re
import signal
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

    def zygote(self) -> int:
        """Return the process that forks query processes, once it has."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            for pid in children(self.generation()):
                if children(pid):
                    return pid
            time.sleep(0.02)
        raise AssertionError("no process forks query processes")

    def webs(self) -> list[int]:
        """Return the web processes, once the other one has forked."""
        self.zygote()
        return sorted(pid for pid in children(self.generation()) if not children(pid))


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


def children(pid: int) -> set[int]:
    """Return the processes that one has started, as the kernel tells."""
    try:
        return {*map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())}
    except FileNotFoundError:
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
