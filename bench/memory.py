"""How much memory all processes of the service take while two clients sort cross products.

    python bench/memory.py releases

serves a release, asks eight queries of which each would sort all pairs of its facts, four of each
client, and adds up what its processes have, ten times a second: what each has for itself
(private), and resident pages (RSS, in which what processes share counts once for each). What the
query processes have is told by itself, and what the askers were told. ``--option`` passes an
option on to ``rallynov serve``, as ``--option=--query-memory=1G``.
"""

import argparse
import re
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

CLIENTS = ("127.0.0.2", "127.0.0.3")
OF_EACH = 4
HUNGRY = "SELECT ?a ?b ?c ?d WHERE {{ ?a ?p ?b . ?c ?q ?d }} ORDER BY ?b ?d ?a ?c #{}"
MEBIBYTE = 1 << 20


def children(pid: int) -> set[int]:
    """Return the processes below one, in every generation."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return {it for child in map(int, told.split()) for it in (child, *children(child))}
    return set()


def taken(pid: int) -> tuple[int, int]:
    """Return the bytes that a process has for itself, and those that are resident."""
    with suppress(OSError):
        told = Path(f"/proc/{pid}/smaps_rollup").read_text()
        sizes = dict(re.findall(r"^(\w+): +(\d+) kB$", told, re.MULTILINE))
        private = int(sizes["Private_Dirty"]) + int(sizes["Private_Clean"])
        return 1024 * private, 1024 * int(sizes["Rss"])
    return 0, 0


def ask(address: str, client: str, number: int) -> socket.socket:
    """Return the connection on which a client has asked a query that was never asked before."""
    place = urlsplit(address)
    asking = socket.create_connection((place.hostname, place.port), source_address=(client, 0))
    path = f"/sparql?query={quote(HUNGRY.format(number))}"
    asking.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    return asking


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("release", type=Path)
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--option", action="append", default=[])
    arguments = parser.parse_args()
    command = [sys.executable, "-m", "rallynov_graph", "serve", "--port", "0"]
    command += ["--release", str(arguments.release), *arguments.option]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        found = re.search(r"http://\S+:\d+", server.stdout.readline())
        assert found, "the server does not start"
        time.sleep(3)
        before = {pid: taken(pid) for pid in (server.pid, *children(server.pid))}
        print(
            f"{len(before)} processes, private {total(before, 0)} MiB, RSS {total(before, 1)} MiB"
        )
        asking = [
            ask(found[0], client, number * OF_EACH + of)
            for number, client in enumerate(CLIENTS)
            for of in range(OF_EACH)
        ]
        watch(server.pid, time.monotonic() + arguments.seconds)
        print("told:", dict(Counter(status(client) for client in asking)))
    finally:
        server.terminate()
        server.wait()


def watch(server: int, until: float) -> None:
    """Print the most that was seen of everything, each at its own time."""
    most = [0, 0, 0]
    while time.monotonic() < until:
        queries = {pid for pid in children(server) if is_expendable(pid)}
        now = {pid: taken(pid) for pid in (server, *children(server))}
        own = {pid: it for pid, it in now.items() if pid in queries}
        now_taken = (total(now, 0), total(now, 1), total(own, 0))
        most = [max(pair) for pair in zip(most, now_taken, strict=True)]
        time.sleep(0.1)
    print("at most: private {} MiB, RSS {} MiB; query processes private {} MiB".format(*most))


def is_expendable(pid: int) -> bool:
    """Return whether the kernel would end a process first, as it would those of queries."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/oom_score_adj").read_text().strip() == "1000"
    return False


def total(sizes: dict[int, tuple[int, int]], which: int) -> int:
    return sum(size[which] for size in sizes.values()) // MEBIBYTE


def status(client: socket.socket) -> str:
    """Return the status that a client was told, or that it was told nothing."""
    client.settimeout(0.1)
    with suppress(OSError):
        return client.recv(64).decode("ascii").split()[1]
    return "nothing yet"


if __name__ == "__main__":
    main()
