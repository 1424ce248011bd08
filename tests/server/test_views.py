"""Views of documents in processes of their own: built when asked for, bounded, replaced."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import cast

import pytest

import two_letters
from rallynov_graph.base.errors import UnknownNameError
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.http.query_jobs import MEBIBYTE
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release import building
from rallynov_graph.release.document_view import view_of
from rallynov_graph.release.release import Release
from rallynov_graph.server import views as views_of_server
from rallynov_graph.server.forking import fork, plain
from rallynov_graph.server.memory_budget import Budget
from rallynov_graph.server.opening import Opened, OpenedView
from rallynov_graph.server.view_slots import SLOTS, SlotBoard, ViewName, Why
from rallynov_graph.server.views import Views
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from servers import Server, children, serving
from waiting import eventually

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are those of Linux")
STAGES = "/questions/stages.csv"
COUNT = f"query=SELECT (COUNT(*) AS ?n) {{ ?s a <{RN}Stage> }}".replace("#", "%23").encode()


@pytest.fixture(scope="module")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Release:
    folder = tmp_path_factory.mktemp("letters")
    data = two_letters.beside_carnet(folder / "data")
    return building.build(folder / "releases", data=data, checked=False)


@pytest.fixture(scope="module")
def server(letters: Release) -> Iterator[Server]:
    with serving("--release", str(letters.path), "--workers", "2") as running:
        yield running


def answer(server: Server, path: str, **headers: str) -> tuple[int, bytes]:
    """Return what comes of a request once the view that it needs is served."""
    found: list[tuple[int, bytes]] = []

    def is_served() -> bool:
        got = server.ask("GET", path, **headers)
        found.append((got.status, got.body))
        return got.status != 503 or "retry-after" not in got.headers

    assert eventually(is_served, within=60)
    return found[-1]


def test_a_view_is_served_by_processes_that_start_when_it_is_asked_for(
    server: Server, letters: Release, tmp_path: Path
) -> None:
    generation = server.generation()
    before = children(generation)
    assert len(before) == 3  # two web processes and a zygote: nobody has asked for a view
    status, body = answer(server, f"/only/sentier-1{STAGES}")
    store = EmbeddedStore.of_release(view_of(letters, f"{ID}document/sentier-1", tmp_path))
    expected = store.serialize(load()["stages"].bind({}), "text/csv")
    assert (status, body) == (200, expected)
    assert answer(server, STAGES)[1] != expected
    [view] = children(generation) - before
    page = server.ask("GET", "/only/sentier-1/page/stage/sentier-gue?lang=en")
    assert (page.status, page.headers["x-robots-tag"]) == (200, "noindex")
    assert 'href="/only/sentier-1/questions?lang=en"' in page.text
    again = server.ask(
        "GET", "/only/sentier-1/page/stage/sentier-gue?lang=en", If_None_Match=page.headers["etag"]
    )
    assert (again.status, again.body) == (304, b"")
    form = "application/x-www-form-urlencoded"
    counted = server.ask(
        "POST", "/only/sentier-1/sparql", COUNT, Content_Type=form, Accept="text/csv"
    )
    assert counted.body.split() == [b"n", b"5"]
    head = server.ask("HEAD", f"/only/sentier-1{STAGES}")
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(body)))
    assert server.ask("GET", "/only/sentier-1/page/stage/nowhere").status == 404
    assert server.ask("GET", "/only/sentier-1/metrics").status == 403
    assert children(generation) == before | {view}


def test_a_killed_view_harms_nobody_and_is_built_again(server: Server) -> None:
    assert answer(server, f"/only/sentier-2{STAGES}")[0] == 200
    generation = server.generation()
    views = [one for one in children(generation) if any(map(children, children(one)))]
    assert views  # they have zygotes of their own
    for view in views:
        os.kill(view, signal.SIGKILL)
    assert server.ask("GET", STAGES).status == 200
    status, body = answer(server, f"/only/sentier-2{STAGES}")
    assert (status, b"Rapi" in body or b"sentier-gue" in body) == (200, True)


def test_a_view_that_there_is_not_is_told_by_the_whole(server: Server) -> None:
    json = {"Accept": "application/json"}
    unknown = server.ask("GET", "/only/sentier-9/list/stage", **json)
    assert unknown.status == 404
    assert '"href": "/only/sentier-1/list/stage"' in unknown.text
    numbered = server.ask("GET", "/only/1/list/stage?certainty=inferred")
    assert (numbered.status, numbered.headers["location"]) == (
        303,
        "/only/sentier-1/list/stage?certainty=inferred",
    )
    assert server.ask("GET", "/only/2/list/stage", **json).status == 400


def test_an_earlier_release_has_views_and_nothing_stays_when_the_server_ends(
    letters: Release, release: Release
) -> None:
    named = "--release", str(letters.path), "--release", str(release.path)
    with serving(*named, "--workers", "1") as server:
        earlier = f"/release/{release.id[:16]}"
        assert answer(server, f"{earlier}/only/carnet-2{STAGES}") == answer(
            server, f"{earlier}{STAGES}"
        )
        started = server.children()
        assert server.stop() == 0
    assert eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started))


class Standing:
    """Views whose documents are named by what becomes of them; each is served by a real process."""

    def __init__(self, budget: int = 4096 * MEBIBYTE) -> None:
        self.budget = Budget(budget, 2, 8, SLOTS)
        slots = SlotBoard(), self.budget, self.budget.first_fixed_row
        opening = cast(OpenedView, self)
        self.views = Views([opening], slots, self._start, self._serve)
        requests = self.views.requests()
        assert requests is not None
        self.requests = requests
        self.ended = False

    def build(self, document: str, _folder: Path) -> None:
        if document == "nothing":
            raise UnknownNameError("Nothing is stated.")
        if document == "large":
            _ = bytearray(self.budget.size)

    def open(self, _document: str, _folder: Path) -> Opened:
        return Opened()

    def _serve(
        self, _opened: Opened, _listener: socket.socket, _size: int, ready: Callable[[], None]
    ) -> None:
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        ready()
        while True:
            signal.pause()

    def _start(self, family: dict[int, float], work: Callable[[], None]) -> int:
        pid = fork()
        if not pid:
            with suppress(BaseException):
                plain()
                work()
            os._exit(1)
        family[pid] = time.monotonic()
        return pid

    def find(self, *documents: str) -> list[str | Why]:
        """Return where views are, asked for one after the other, while the desk is looked after."""

        async def asking() -> list[str | Why]:
            looking = asyncio.ensure_future(self._look())
            try:
                return [await self._built(ViewName(0, it)) for it in documents]
            finally:
                looking.cancel()

        return asyncio.run(asking())

    async def _built(self, view: ViewName) -> str | Why:
        while (found := await self.requests.find(view)) is Why.BUILDING:
            pass
        return found

    async def _look(self) -> None:
        while True:
            ready, _, _ = select.select(self.views.watched, [], [], 0)
            self.views.look(ready)
            await asyncio.sleep(0.01)

    def end(self) -> None:
        for pid in self.views.family:
            os.kill(pid, signal.SIGKILL)
        assert eventually(self._are_over)
        self.views.leave()

    def _are_over(self) -> bool:
        self.views.look(())
        return not self.views.family


@pytest.fixture
def standing() -> Iterator[Standing]:
    made = Standing()
    yield made
    made.end()


def test_one_view_too_many_waits_until_another_is_no_longer_read(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views_of_server, "READ", 1e9)
    first, second, third, fourth = standing.find("a", "b", "c", "d")
    assert all(isinstance(it, str) for it in (first, second, third))
    assert fourth is Why.FULL
    assert standing.find("b", "a") == [second, first]
    assert len(standing.views.family) == SLOTS
    taken = standing.budget.taken()
    monkeypatch.setattr(views_of_server, "READ", 0.0)
    [fourth] = standing.find("d")  # in the place of the one that was asked for longest ago
    assert isinstance(fourth, str)
    assert standing.find("b", "a") == [second, first]
    assert (len(standing.views.family), standing.budget.taken()) == (SLOTS, taken)


def test_a_view_that_nobody_asks_for_ends_and_gives_its_memory_back(
    standing: Standing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert standing.views.pause() is None
    assert isinstance(standing.find("a")[0], str)
    assert (standing.views.pause() or 0) > 500
    assert standing.budget.taken() > 0
    monkeypatch.setattr(views_of_server, "REST", 0.0)

    def is_over() -> bool:
        standing.views.look(())
        return not standing.views.family

    assert eventually(is_over)
    assert (standing.views.pause(), standing.budget.taken()) == (None, 0)


def test_where_no_file_can_be_written_a_view_is_not_served_and_all_else_is(
    standing: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    assert standing.find("a") == [Why.BROKEN]
    assert (standing.views.family, standing.budget.taken()) == ({}, 0)
    monkeypatch.undo()
    assert isinstance(standing.find("a")[0], str)


def test_a_view_that_cannot_be_built_says_why(standing: Standing) -> None:
    assert standing.find("nothing", "large", "a")[:2] == [Why.NOTHING, Why.TOO_LARGE]
    assert len(standing.views.family) == 1
    small = Standing(128 * MEBIBYTE)
    assert small.find("a") == [Why.NO_MEMORY]
    assert small.budget.taken() == 0
    small.end()
