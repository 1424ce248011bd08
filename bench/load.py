"""The client of the service's benchmark: ``wrk`` where it is, else processes of our own.

Ours cost more processor than wrk on the same machine: ratios of fast services come out nearer to 1.
"""

import asyncio
import json
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import quote, urlsplit

SCRIPT = Path(__file__).with_name("requests.lua")
JSON = "application/sparql-results+json"
TURTLE = "text/turtle"
_marks = count(time.time_ns() // 1000)


@dataclass(frozen=True)
class Rate:
    """The responses in a time; latencies in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    failed: int
    bytes: int

    @property
    def a_second(self) -> float:
        return (self.requests - self.failed) / self.seconds


def addresses(endpoint: str, queries: list[str]) -> list[str]:
    """Return the paths by which queries are asked by GET."""
    place = urlsplit(endpoint)
    start = f"{place.path}?{place.query}&" if place.query else f"{place.path}?"
    return [f"{start}query={quote(query, safe='')}" for query in queries]


def marked(query: str) -> str:
    """Return a query that was never asked before."""
    return f"{query}\n#{next(_marks)}"


def latency(endpoint: str, query: str, limit: float, accept: str = JSON) -> float | None:
    """Return the seconds until the answer is complete, None if it is not within a limit.

    The query is marked, so that it is always new.
    """
    [path] = addresses(endpoint, [marked(query)])
    place = urlsplit(endpoint)
    asked = urllib.request.Request(
        f"{place.scheme}://{place.netloc}{path}", headers={"Accept": accept}
    )
    begun = time.perf_counter()
    try:
        with urllib.request.urlopen(asked, timeout=limit) as answer:
            answer.read()
    except urllib.error.HTTPError:
        raise
    except OSError:
        return None
    return time.perf_counter() - begun


def rate(
    endpoint: str,
    queries: list[str],
    *,
    seconds: float,
    connections: int = 16,
    accept: str = JSON,
    distinct: bool = True,
    post: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Rate:
    """Return how often the queries are answered in turn; distinct: no request comes twice.

    They are asked by GET, or posted as forms; each with more headers, if there are any.
    """
    mark = str(next(_marks)) if distinct else ""
    return rate_of(
        endpoint,
        [f"query={quote(query, safe='')}" for query in queries]
        if post
        else addresses(endpoint, queries),
        seconds=seconds,
        connections=connections,
        accept=accept,
        mark=mark,
        post=post,
        headers=headers,
    )


def rate_of(
    endpoint: str,
    paths: list[str],
    *,
    seconds: float,
    connections: int = 16,
    accept: str = TURTLE,
    mark: str = "",
    post: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Rate:
    """Return how often the paths of a server, or the forms posted to it, are answered in turn."""
    asked = {"Accept": accept, **(headers or {})}
    if shutil.which("wrk"):
        return _by_wrk(endpoint, paths, seconds, connections, asked, mark, post)
    return _by_ours(endpoint, paths, seconds, connections, asked, mark, post)


def _by_wrk(
    endpoint: str,
    paths: list[str],
    seconds: float,
    connections: int,
    headers: Mapping[str, str],
    mark: str,
    post: bool,
) -> Rate:
    place = urlsplit(endpoint)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.write("\n".join(paths) + "\n")
        file.flush()
        long = f"-d{max(1, round(seconds))}s"
        command = ["wrk", f"-t{min(2, connections)}", f"-c{connections}", long, "--timeout", "60s"]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        command += ["-s", str(SCRIPT), f"{place.scheme}://{place.netloc}"]
        command += ["--", file.name, mark or "-", *([place.path] if post else [])]
        ran = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Rate(**json.loads(ran.stdout.strip().rpartition("\n")[2]))


def _by_ours(
    endpoint: str,
    paths: list[str],
    seconds: float,
    connections: int,
    headers: Mapping[str, str],
    mark: str,
    post: bool,
) -> Rate:
    place, half = urlsplit(endpoint).netloc, max(1, connections // 2)
    to = urlsplit(endpoint).path if post else ""
    with ProcessPoolExecutor(2) as pool:
        work = [
            pool.submit(
                _one_process, place, paths, seconds, half, headers, mark and f"{mark}-{n}", to
            )
            for n in range(2)
        ]
        parts = [done.result() for done in work]
    times = sorted(took for part, _, _ in parts for took in part) or [0.0]
    return Rate(
        len(times),
        seconds,
        1000 * times[len(times) // 2],
        1000 * times[int(len(times) * 0.95)],
        1000 * times[int(len(times) * 0.99)],
        sum(failed for _, failed, _ in parts),
        sum(size for _, _, size in parts),
    )


def _one_process(
    place: str,
    paths: list[str],
    seconds: float,
    connections: int,
    headers: Mapping[str, str],
    mark: str,
    to: str,
) -> tuple[list[float], int, int]:
    return asyncio.run(_together(place, paths, seconds, connections, headers, mark, to))


async def _together(
    place: str,
    paths: list[str],
    seconds: float,
    connections: int,
    headers: Mapping[str, str],
    mark: str,
    to: str,
) -> tuple[list[float], int, int]:
    times: list[float] = []
    failed = size = 0
    until, numbers = time.perf_counter() + seconds, count()

    async def one() -> None:
        nonlocal failed, size
        host, _, port = place.rpartition(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        while time.perf_counter() < until:
            number = next(numbers)
            path = paths[number % len(paths)] + (f"%0A%23{mark}-{number}" if mark else "")
            begun = time.perf_counter()
            writer.write(_request(place, path, headers, to))
            status, length = await _answer(reader)
            times.append(time.perf_counter() - begun)
            failed += status >= 400
            size += length
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return times, failed, size


def _request(place: str, path: str, headers: Mapping[str, str], to: str) -> bytes:
    """Return a request of a path, or of a form that is posted to one."""
    told = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    named = f"Host: {place}\r\n{told}"
    if not to:
        return f"GET {path} HTTP/1.1\r\n{named}\r\n".encode()
    named += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(path)}\r\n"
    return f"POST {to} HTTP/1.1\r\n{named}\r\n{path}".encode()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read one answer; return its status and how many bytes it has."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
    fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
    status = int(head[0].split()[1])
    if "content-length" in fields:
        return status, len(await reader.readexactly(int(fields["content-length"])))
    size = 0
    while length := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        size += len(await reader.readexactly(length + 2)) - 2
    await reader.readexactly(2)
    return status, size
