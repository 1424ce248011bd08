"""The first request after a start: ``python bench/first_requests.py RELEASE``.

A release is served by one web process. Each address is asked of a web process that has
answered nothing before: the one that answered the last address is ended, and the server starts
another. Told are the milliseconds of processor that the web process took, whatever else the machine
does, and those by the clock, from the request to the end of its answer, as the access log has them.
What is answered from elsewhere than the web process shows in the clock alone.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import unquote, urlencode

sys.path.append(str(Path(__file__).parent.parent / "tests" / "support"))

from rallynov_graph.questions import catalogue
from rallynov_graph.questions.page_queries import readable
from servers import Server

LIMIT = 5.0
"""Milliseconds in which the first answer is to be there, ..."""
SHARE = 0.95
"""... of so many addresses."""
PAGES = (
    *("/", "/list/organisation", "/list/person", "/list/innovation", "/list/theme", "/list/stage"),
    "/list/organisation?view=matrix",
)
RESULTS = "application/sparql-results+json"
LIFE = 1.5
"""Seconds that a web process is left: one that ends sooner counts as one that fails to start."""


@dataclass(frozen=True)
class Asked:
    """A request: what asks, for which address, and what it takes."""

    part: str
    path: str
    accept: str


@dataclass(frozen=True)
class First:
    """What the first answer of a web process took."""

    part: str
    path: str
    status: int
    bytes: int
    processor: float
    """Milliseconds of the web process's threads."""
    clock: float
    """Milliseconds on the server."""


@contextmanager
def served(release: Path) -> Iterator[tuple[Server, Iterator[str]]]:
    """Serve a release by one web process; give the lines of its access log, too."""
    command = [sys.executable, "-m", "rallynov_graph", "serve", "--port", "0", "--workers", "1"]
    process = subprocess.Popen(
        [*command, "--release", str(release), "--log", "requests"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().split(" at ", 1)[-1].split()[0].rstrip("/.,;")
        yield Server(address, process), iter(process.stderr)
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate()


def first(server: Server, log: Iterator[str], asked: Asked) -> First:
    """Ask something of a web process that has answered nothing; the process is then ended."""
    web = at_rest(server)
    before = worked(web)
    answer = server.ask("GET", asked.path, Accept=asked.accept)
    noted = json.loads(next(log))
    processor = (worked(web) - before) / 1e6
    os.kill(web, signal.SIGKILL)
    size = len(answer.body)
    return First(asked.part, asked.path, answer.status, size, processor, noted["ms"])


def at_rest(server: Server) -> int:
    """Return the web process, once it has lived long enough and waits for requests."""
    time.sleep(LIFE)
    while True:
        webs = [it for it in server.webs() if priority(it) == priority(server.generation())]
        before = [worked(it) for it in webs]
        time.sleep(0.1)
        if len(webs) == 1 and [worked(it) for it in webs] == before:
            return webs[0]


def priority(pid: int) -> int:
    """Return how much a process lets others go first, as one that works ahead does."""
    return os.getpriority(os.PRIO_PROCESS, pid)


def worked(pid: int) -> int:
    """Return the nanoseconds of processor that the threads of a process took."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks)


def table(found: list[First]) -> str:
    """Return what was found as Markdown, the slowest first."""
    lines = ["| address | processor | clock | kB |", "| --- | ---: | ---: | ---: |"]
    for it in sorted(found, key=lambda one: -one.processor):
        cells = f"{it.processor:.1f} ms | {it.clock:.1f} ms | {it.bytes / 1000:,.0f}"
        lines.append(f"| `{unquote(it.path)[:80].splitlines()[0]}` | {cells} |")
    parts = [[it for it in found if it.part == part] for part in {it.part: 0 for it in found}]
    summaries = [summary(by, them) for them in parts for by in ("processor", "clock")]
    return "\n".join([*lines, "", *summaries, ""])


def summary(name: str, found: list[First]) -> str:
    """Return how many addresses are answered in time, by the processor or by the clock."""
    times = [getattr(it, name) for it in found]
    share = sum(it < LIMIT for it in times) / len(times)
    slow = statistics.quantiles(times, n=20)[-1]
    told = f"median {statistics.median(times):.1f} ms, p95 {slow:.1f} ms"
    begun = f"{found[0].part}, by the {name}: {share:.0%} of {len(times)}"
    return f"{begun} in under {LIMIT:g} ms; {told}."


def measured(release: Path, every: int) -> list[First]:
    """Return what the first answer took for every address, or for every third or so."""
    with served(release) as (server, log):
        return [told(first(server, log, it)) for it in requests()[::every]]


def requests() -> list[Asked]:
    """Return what is asked: the pages, and each question of the catalogue in three ways."""
    questions = catalogue.load()
    queries = (urlencode({"query": readable(it.text)}) for it in questions.values())
    return [
        *(Asked("pages", path, "text/html") for path in PAGES),
        *(Asked("pages", f"/questions/{name}", "text/html") for name in questions),
        *(Asked("/sparql", f"/sparql?{query}", RESULTS) for query in queries),
        *(Asked("/api", f"/api/questions/{name}", "application/json") for name in questions),
    ]


def told(found: First) -> First:
    """Return what was found after it was told on standard error."""
    line = f"{found.path[:80]}: {found.processor:.1f} ms, {found.clock:.1f} ms by the clock"
    print(line, file=sys.stderr, flush=True)
    return found


def main() -> None:
    """Measure the first answers of a release, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("release", type=Path, help="a release folder, or a folder of releases")
    parser.add_argument("--out", type=Path, help="a file for the results as JSON")
    parser.add_argument("--every", type=int, default=1, help="ask only every third, or so")
    arguments = parser.parse_args()
    found = measured(arguments.release, arguments.every)
    if arguments.out is not None:
        arguments.out.write_text(json.dumps([asdict(it) for it in found], indent=2) + "\n", "utf-8")
    print(table(found))


if __name__ == "__main__":
    main()
