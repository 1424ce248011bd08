"""What a page asks of the store has the limits of a visitor's query, whichever page it is."""

import os
import select
import shutil
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from urllib.parse import quote, urlsplit

import pytest

from rallynov_graph.base.namespaces import ID, PREFIXES
from rallynov_graph.base.resources import data_dir
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.site.web.messages import load as words_of
from servers import Server, children, serving
from waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are those of Linux")
THINGS, THEMES = 500, 300
ORGANISATION = PREFIXES["org"] + "Organization"
LIST = f"/list?class={quote(ORGANISATION, safe='')}"
SLOW = (LIST, f"{LIST}&at=explicit")


def crowd() -> Iterator[str]:
    """Many organisations of one stage, each with many themes, as N-Quads."""
    rn, a, label = PREFIXES["rn"], PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"
    said = [
        ("graph/crowd", a, f"<{rn}AssertionSet>"),
        ("graph/crowd", rn + "certainty", f"<{rn}explicit>"),
        ("graph/ours", a, f"<{rn}CurationGraph>"),
        ("stage/crowd", label, '"Foule"'),
    ]
    yield from (quad(*it, "ours") for it in said)
    yield quad("stage/crowd", a, f"<{rn}Stage>", "crowd")
    for number in range(THEMES):
        yield quad(f"theme/crowd-{number}", a, f"<{PREFIXES['skos']}Concept>", "ours")
        yield quad(f"theme/crowd-{number}", label, f'"Foule {number}"', "ours")
    for number in range(THINGS):
        thing = f"organisation/crowd-{number}"
        yield quad(thing, a, f"<{ORGANISATION}>", "crowd")
        yield quad(thing, label, f'"Foule {number}"', "ours")
        yield quad("stage/crowd", rn + "carriedBy", f"<{ID}{thing}>", "crowd")
        for theme in range(THEMES):
            value = f"<{ID}theme/crowd-{theme}>"
            yield quad(thing, PREFIXES["dcterms"] + "subject", value, "crowd")


def quad(subject: str, predicate: str, value: str, graph: str) -> str:
    return f"<{ID}{subject}> <{predicate}> {value} <{ID}graph/{graph}> .\n"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("crowded")
    shutil.copytree(data_dir(), folder / "data")
    (folder / "data" / "crowd.nq").write_text("".join(crowd()), "utf-8")
    return build(folder / "releases", data=folder / "data", checked=False)


def test_a_page_that_takes_too_long_is_ended_and_said_so(crowded: Release) -> None:
    """Nobody else notices, and the same site serves what takes less."""
    options = ("--release", str(crowded.path), "--workers", "1", "--query-timeout", "0.1")
    words = words_of()["fr"]
    with serving(*options) as server:
        for path in SLOW:
            page = server.ask("GET", path, Accept="text/html")
            assert (page.status, page.media_type) == (504, "text/html"), path
            assert words["error.refused_504"] in page.text
            assert page.headers["cache-control"] == "no-store"
            assert server.ask("GET", "/about").status == 200


def test_pages_that_wait_for_an_answer_hold_up_no_others(release: Release) -> None:
    """More than are made at a time wait while no query process answers; then all are answered."""
    paths = (LIST, "/doubts", "/network")
    with serving("--release", str(release.path), "--workers", "1") as server, ExitStack() as held:
        assert server.ask("GET", "/about").status == 200
        stopped = [server.zygote(), *children(server.zygote())]  # it would start others
        for pid in stopped:
            os.kill(pid, signal.SIGSTOP)
        waiting = [
            held.enter_context(asking(server, paths[number % len(paths)], f"127.0.1.{number + 1}"))
            for number in range(12)
        ]
        assert [server.ask("GET", "/about").status for _ in range(3)] == [200] * 3
        assert not select.select(waiting, [], [], 0.3)[0], "it was answered at hand"
        for pid in stopped:
            os.kill(pid, signal.SIGCONT)
        for client in waiting:
            assert client.recv(12) == b"HTTP/1.1 200"


def test_what_a_page_asks_ends_when_its_reader_leaves(release: Release) -> None:
    """His visit is with a process that has not answered yet: that one ends, another comes."""
    with serving("--release", str(release.path), "--workers", "1") as server:
        [ready] = children(server.zygote())
        os.kill(ready, signal.SIGSTOP)
        with asking(server, "/network", "127.0.1.1") as client:
            assert not select.select([client], [], [], 0.5)[0]
        time.sleep(1)  # it has been seen that he left
        os.kill(ready, signal.SIGCONT)
        assert eventually(lambda: ready not in children(server.zygote()))
        assert server.ask("GET", "/network").status == 200


def asking(server: Server, path: str, host: str) -> socket.socket:
    """Ask for a page from an address of one's own, and wait for nothing."""
    place = urlsplit(server.address)
    assert place.port
    client = socket.create_connection((place.hostname or "", place.port), 30, (host, 0))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n\r\n".encode())
    return client
