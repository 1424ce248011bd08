"""Two programs that serve the same release, in turn: ``python bench/served.py RALLYNOV RALLYNOV``.

Each RALLYNOV is the command of an installation, the earlier one first: what readers wait for is
asked of both, and then what is left of it beside clients who mean no good. Answers are compared
before they are timed. Machines are noisy: read the ratios. ``wrk`` counts (Debian has it).
"""

import argparse
import json
import os
import re
import select
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import load

ENTITY = "SELECT ?p ?o WHERE {{ <{}> ?p ?o }}"
THINGS = "SELECT ?thing WHERE { GRAPH ?g { ?thing a ?class } } ORDER BY ?thing"
HUNGRY = "SELECT ?a ?b ?c ?d WHERE { ?a ?p ?b . ?c ?q ?d } ORDER BY ?b ?d ?a ?c"
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
LARGE = "SELECT ?s ?p ?o ?t WHERE { ?s ?p ?o . ?t a ?class } LIMIT 200000"
QUERIES = Path(__file__).with_name("queries")
ANALYSES = 20
"""So often each query of an analyst is asked."""

Figures = dict[str, float]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("programs", nargs=2, type=Path, metavar="RALLYNOV")
    parser.add_argument("--release", type=Path, action="append", default=[])
    parser.add_argument("--seconds", type=float, default=5, help="of each rate")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bad", type=int, default=12, help="clients of each kind who mean no good")
    given = parser.parse_args()
    found: tuple[list[Figures], list[Figures]] = ([], [])
    for _ in range(given.rounds):
        for figures, program in zip(found, given.programs, strict=True):
            figures.append(measured(program, given.release, given.seconds, given.bad))
    print("| | before | after | after : before |\n| --- | ---: | ---: | ---: |")
    for name in found[0][0]:
        before, after = (statistics.median(it[name] for it in figures) for figures in found)
        ratio = f"{after / before:.2f}" if before else "–"
        print(f"| {name} | {before:,.2f} | {after:,.2f} | {ratio} |")


def measured(program: Path, releases: list[Path], seconds: float, bad: int) -> Figures:
    """Return the figures of a program, by measurement."""
    with served(program, releases) as (address, process, first):
        found = {"first answer after start, s": first}
        time.sleep(3)  # what a start leaves to do is done
        found |= idle(process.pid)
        asked = requests(address)
        for name, (paths, accept, mark) in asked.items():
            for connections in (1, 16):
                rate = load.rate_of(
                    address,
                    paths,
                    seconds=seconds,
                    connections=connections,
                    accept=accept,
                    mark=mark and load.marked("")[2:],
                )
                assert not rate.failed, (name, rate)
                found[f"{name}, {connections}: a second"] = rate.a_second
                found[f"{name}, {connections}: p95, ms"] = rate.p95
        begun = time.perf_counter()
        for query in sorted(QUERIES.glob("*.rq")) * ANALYSES:
            assert load.latency(f"{address}/sparql", query.read_text("utf-8"), 60) is not None
        found["the queries of bench/queries, s"] = (time.perf_counter() - begun) / ANALYSES
        return found | beside_bad_clients(address, process.pid, seconds, bad)


@contextmanager
def served(
    program: Path, releases: list[Path]
) -> Iterator[tuple[str, "subprocess.Popen[str]", float]]:
    """Serve releases; yield the address, the process, the seconds until the first answer."""
    command = [str(program), "serve", "--port", "0", *(f"--release={it}" for it in releases)]
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        told = ""
        while not (at := re.search(r"http://[\d.]+:\d+", told)):
            told = process.stdout.readline()
            assert told, "the server ended"
        urllib.request.urlopen(at[0]).read()
        yield at[0], process, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(60)


def requests(address: str) -> dict[str, tuple[list[str], str, str]]:
    """Return the paths that readers request, by purpose, format and whether to mark."""
    [path] = load.addresses(f"{address}/sparql", [THINGS])
    asked = urllib.request.Request(address + path, headers={"Accept": load.JSON})
    with urllib.request.urlopen(asked) as answer:
        rows = json.load(answer)["results"]["bindings"]
    things = sorted({it["thing"]["value"] for it in rows if "/id/" in it["thing"]["value"]})
    assert len(things) > 100
    pages = [f"/page/{thing.partition('/id/')[2]}" for thing in things]
    pages = [page for page in pages if status(address, page) == 200]
    words = ("santé", "logement", "dole", "énergie", "monnaie", "jardin", "musique", "emploi")
    entity = load.addresses("/sparql", [ENTITY.format(thing) for thing in things])
    return {
        "a thing's page": (pages, "text/html", ""),
        "home": (["/"], "text/html", ""),
        "search": ([f"/search?q={quote(word)}" for word in words], "text/html", ""),
        "a query of one thing": (entity, load.JSON, "marked"),
        "the same query again": (entity[:1], load.JSON, ""),
    }


def status(address: str, path: str) -> int:
    place = urlsplit(address)
    with socket.create_connection((place.hostname, place.port), 60) as client:
        client.sendall(
            f"HEAD {path} HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n".encode()
        )
        return int(client.recv(4096).split()[1])


def idle(pid: int) -> Figures:
    """Return the idle cost of a server."""
    seconds = 10
    before = switches(pid)
    time.sleep(seconds)
    return {
        "idle: processes": len(family(pid)),
        "idle: memory, MB": memory(pid),
        "idle: wake-ups a second": (switches(pid) - before) / seconds,
    }


def family(pid: int) -> list[int]:
    """Return a process and those below it, in every generation."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [pid, *(it for child in map(int, told.split()) for it in family(child))]
    return []


def memory(pid: int) -> float:
    """Return the megabytes of a server's processes; what they share counts once."""
    kilobytes = sum(it for each in family(pid) for it in _told(f"{each}/smaps_rollup", r"^Pss:"))
    return kilobytes / 1024


def switches(pid: int) -> int:
    """Return how often the threads of a server have waited for something."""
    threads = [f"{each}/task/{it}" for each in family(pid) for it in _threads(each)]
    return sum(it for each in threads for it in _told(f"{each}/status", r"^voluntary_ctxt\w*:"))


def _threads(pid: int) -> list[str]:
    with suppress(OSError):
        return os.listdir(f"/proc/{pid}/task")
    return []


def _told(file: str, line: str) -> list[int]:
    """Return the number on a line of a file of ``/proc``; None if the process has ended."""
    with suppress(OSError):
        text = Path("/proc", file).read_text()
        return [int(it) for it in re.findall(rf"{line}\s+(\d+)", text, re.MULTILINE)]
    return []


def beside_bad_clients(address: str, pid: int, seconds: float, bad: int) -> Figures:
    """Return a good client's times alone and beside those who mean no good, and what stays."""
    [path] = load.addresses("/sparql", [ENTITY.format("urn:nobody")])
    kinds = {"a query": (path, load.JSON, "marked"), "a page": ("/list/stage", "text/html", "")}
    found: Figures = {}

    def good(name: str) -> None:
        for kind, (asked, accept, mark) in kinds.items():
            rate = load.rate_of(
                address,
                [asked],
                seconds=seconds,
                connections=1,
                accept=accept,
                mark=mark and load.marked("")[2:],
            )
            found[f"{kind} {name}: p95, ms"] = rate.p95 if rate.requests else 1000 * seconds
            found[f"{kind} {name}: wrong or refused"] = rate.failed

    before = memory(pid)
    good("alone")
    stop = os.pipe()
    workers = [
        subprocess.Popen(
            [sys.executable, __file__, "--bad-client", kind, str(number), address],
            stdin=stop[0],
            close_fds=True,
        )
        for kind in BAD
        for number in range(bad)
    ]
    os.close(stop[0])
    time.sleep(2)
    good("beside bad clients")
    found["most memory beside bad clients, MB"] = memory(pid)
    os.close(stop[1])
    for worker in workers:
        worker.wait(30)
    time.sleep(5)
    good("afterwards")
    found["memory that stays, MB"] = max(0.0, memory(pid) - before)
    return found


def bad_client(kind: str, number: int, address: str) -> None:
    """Ask as somebody who means no good, from an address of its own, until the input ends."""
    place, source = urlsplit(address), (f"127.1.{list(BAD).index(kind)}.{number + 1}", 0)
    while not select.select([0], [], [], 0)[0]:
        with ExitStack() as opened, suppress(OSError):
            held = [
                opened.enter_context(
                    socket.create_connection((place.hostname, place.port), 5, source)
                )
                for _ in range(4)
            ]
            for client in held:
                client.sendall(BAD[kind](f"Host: {place.netloc}\r\n").encode())
            select.select([0], [], [], 3)


def _asked(query: str) -> Callable[[str], str]:
    return lambda host: (
        f"GET /sparql?query={quote(load.marked(query))} HTTP/1.1\r\n{host}Accept: text/csv\r\n\r\n"
    )


BAD: dict[str, Callable[[str], str]] = {
    "endless": _asked(ENDLESS),
    "hungry": _asked(HUNGRY),
    "takes nothing": _asked(LARGE),
    "half a head": lambda host: f"GET /list/stage HTTP/1.1\r\n{host}Accept: ",
    "half a body": lambda host: (
        f"POST /sparql/check HTTP/1.1\r\n{host}Content-Length: 999\r\n\r\na"
    ),
    "takes no pages": lambda host: f"GET /list/statement HTTP/1.1\r\n{host}\r\n" * 20,
}
"""What clients send who mean no good, by what they do; each gives its connections up after 3 s."""


if __name__ == "__main__":
    if sys.argv[1:2] == ["--bad-client"]:
        bad_client(sys.argv[2], int(sys.argv[3]), sys.argv[4])
    else:
        main()
