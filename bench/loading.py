"""What ``rallynov load`` takes, and that it goes on: ``python bench/loading.py RELEASE``.

A release is put into real servers: Oxigraph in memory, with its own default graph and with the
union of all, and Virtuoso with the settings that docs/scaling.md asks for. Told are the seconds of
processor and the megabytes of ``load`` and of the server, for a first run and for a second, which
finds all there. With ``--broken`` a run before them is killed once half of the quads are there.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.append(str(Path(__file__).parent.parent / "tests" / "support"))

import virtuoso
from engines import oxigraph
from rallynov_graph.release import release as releases
from rallynov_graph.sparql.remote_server import Server
from rallynov_graph.sparql.remote_store import RemoteStore

TICKS = os.sysconf("SC_CLK_TCK")
SECRET = "RALLYNOV_BENCH_SECRET"
HOW_MANY = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


@contextmanager
def running(engine: str) -> Iterator[Server]:
    """Run an empty server; yield its address for updates."""
    if engine != "virtuoso":
        with oxigraph(*(("--union-default-graph",) if engine == "union" else ())) as server:
            yield server
    else:
        with tempfile.TemporaryDirectory() as folder, virtuoso.running(Path(folder)) as address:
            yield virtuoso.filled(address)


def child() -> int:
    """Return the process of the server, the only child of this one."""
    (found,) = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return int(found)


def taken(process: int) -> tuple[float, int]:
    """Return the seconds of processor of a process, and the most megabytes that it had."""
    times = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    status = Path(f"/proc/{process}/status").read_text()
    peak = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    return (int(times[11]) + int(times[12])) / TICKS, peak


def started(server: Server, release: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "rallynov_graph", "load", "--endpoint", server.url]
    secret = ["--auth-env", SECRET] if server.url.endswith("-auth") else []
    return subprocess.Popen(
        [*command, *secret, "--release", str(release)],
        env={**os.environ, SECRET: virtuoso.SECRET},
    )


def break_off(server: Server, release: Path) -> None:
    """Kill a run once half of the quads are there."""
    half = releases.load(release).manifest.counts["quads"] // 2
    process, store = started(server, release), RemoteStore(server)
    while process.poll() is None:
        ((found,),) = store.select(HOW_MANY).rows
        there = int(getattr(found, "value", 0))
        if there >= half:
            process.kill()
            print(f"  killed when {there} quads were there", flush=True)
        time.sleep(0.5)


def measure(engine: str, release: Path, is_broken: bool) -> None:
    with running(engine) as server:
        serving = child()
        if is_broken:
            break_off(server, release)
        for run in ("first", "again"):
            before = taken(serving)[0]
            process = started(server, release)
            _, status, usage = os.wait4(process.pid, 0)
            seconds, peak = taken(serving)
            print(
                f"  {engine}, {run}: load {usage.ru_utime + usage.ru_stime:.1f} s,"
                f" {usage.ru_maxrss >> 10} MB; server {seconds - before:.1f} s, {peak} MB;"
                f" exit {os.waitstatus_to_exitcode(status)}",
                flush=True,
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--broken", action="store_true", help="kill a run before")
    engines = ("oxigraph", "union", "virtuoso")
    parser.add_argument("--engines", nargs="+", default=engines, choices=engines)
    given = parser.parse_args()
    for engine in given.engines:
        measure(engine, given.release, given.broken)


if __name__ == "__main__":
    main()
