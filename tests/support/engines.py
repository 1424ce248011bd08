"""Other people's SPARQL servers, really running, filled with the release by ``load``."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import virtuoso
from rallynov_graph.questions.datasets import of_server
from rallynov_graph.release.loading import load
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore

ENGINES = ["oxigraph", "oxigraph with a union", "virtuoso"]
"""An own default graph; one of all graphs, by the letter of the protocol; the same, otherwise."""


@contextmanager
def oxigraph(*options: str, port: int = 0) -> Iterator[Server]:
    """Run the server of the package ``oxigraph``, in memory, until the block ends."""
    program = Path(sys.executable).parent / "oxigraph"
    with socket.create_server(("127.0.0.1", port)) as taken:
        port = taken.getsockname()[1]
    process = subprocess.Popen(
        [
            str(program if program.exists() else shutil.which("oxigraph")),
            *("serve", "--bind", f"127.0.0.1:{port}", *options),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + 30
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.02)
        at = f"http://127.0.0.1:{port}"
        yield Server(f"{at}/query", update_url=f"{at}/update")
    finally:
        process.kill()
        process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="session")
def virtuoso_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Virtuoso for all tests of the session, which has what any of them loaded."""
    yield from started_virtuoso(tmp_path_factory)


def started_virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of a Virtuoso that has nothing yet."""
    if virtuoso.installed() is None:
        if virtuoso.is_required():
            pytest.fail(f"{virtuoso.MISSING}, and {virtuoso.REQUIRED} says that it must be")
        pytest.skip(virtuoso.MISSING)
    with virtuoso.running(tmp_path_factory.mktemp("virtuoso")) as address:
        yield address


@pytest.fixture(scope="session")
def loaded_virtuoso(virtuoso_address: str, release: Release) -> Server:
    """The address at which everybody may ask a Virtuoso that has the release."""
    load(release, virtuoso.filled(virtuoso_address))
    return virtuoso.asked(virtuoso_address)


@pytest.fixture(scope="session")
def loaded_oxigraph(release: Release) -> Iterator[Server]:
    """An Oxigraph server that has the release."""
    with oxigraph() as server:
        load(release, server)
        yield server


@pytest.fixture(scope="session")
def loaded_union(release: Release) -> Iterator[Server]:
    """An Oxigraph server whose default graph is all graphs, with the release."""
    with oxigraph("--union-default-graph") as server:
        load(release, server)
        yield server


@pytest.fixture(scope="session", params=ENGINES)
def elsewhere(request: pytest.FixtureRequest) -> RemoteStore:
    """The release on each kind of server, as ``serve --endpoint`` asks it."""
    fixtures = dict(
        zip(ENGINES, ("loaded_oxigraph", "loaded_union", "loaded_virtuoso"), strict=True)
    )
    server: Server = request.getfixturevalue(fixtures[request.param])
    return RemoteStore(server, dataset=of_server(server))
