"""docs/scaling.md is followed: two engines behind nginx, one of which stops while readers ask."""

import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event

import proxies
from conftest import Ran
from places import ROOT
from proxies import free_port, wait_for
from rallynov_graph.release.release import Release
from servers import serving
from waiting import eventually

PAGES = [ROOT / "docs" / name for name in ("scaling.md", "scaling.fr.md")]
PORTS = ("7878", "7879", "7880")
READERS = 4


def blocks(page: Path) -> list[tuple[str, str]]:
    """The blocks of code of the section on nginx, each with its language."""
    section = re.split(r"^## .*nginx\n", page.read_text("utf-8"), flags=re.M)[1].split("\n## ")[0]
    return re.findall(r"^```(\w+)\n(.*?)^```", section, re.M | re.S)


def commands(code: str) -> dict[str, list[list[str]]]:
    """The commands of a block by their first two words, each with its further words."""
    found: dict[str, list[list[str]]] = {}
    for line in code.splitlines():
        words = shlex.split(line.removesuffix("&"))
        found.setdefault(" ".join(words[:2]), []).append(words[2:])
    return found


@contextmanager
def running(command: list[str], port: int, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )
    try:
        wait_for(port, process)
        yield process
    finally:
        process.kill()
        process.wait(20)


def test_both_languages_give_the_same_commands() -> None:
    english, french = map(blocks, PAGES)
    assert english == french


def test_no_reader_sees_that_one_of_two_engines_stops(
    release: Release, rallynov: Callable[..., Ran], tmp_path: Path
) -> None:
    ports = {it: str(free_port()) for it in PORTS}
    (_, filling), (_, between), (_, site) = (
        (kind, re.sub("|".join(PORTS), lambda found: ports[found[0]], code))
        for kind, code in blocks(PAGES[0])
    )
    engine = shutil.which("oxigraph") or str(Path(sys.executable).parent / "oxigraph")
    with ExitStack() as stack:
        engines = [
            stack.enter_context(
                running([engine, "serve", *words], int(words[-1].rpartition(":")[2]), tmp_path)
            )
            for words in commands(filling)["oxigraph serve"]
        ]
        for words in commands(filling)["rallynov load"]:
            loaded = rallynov("load", *words, "--release", release.path)
            assert (loaded.status, loaded.err) == (0, "")
        folder = tmp_path / "nginx"
        folder.mkdir()
        stack.enter_context(running(proxies.nginx(between, folder), int(ports["7880"]), folder))
        [[words]] = commands(site).values()
        server = stack.enter_context(serving(*words, "--workers", "1"))
        stopped, statuses = Event(), list[int]()

        def read(reader: int) -> None:
            """Go on until some was read after an engine has stopped."""
            after = 0
            while after < 3:
                after += stopped.is_set()
                number = len(statuses)
                rows = (
                    f"SELECT * {{ ?s a ?class }} ORDER BY ?s ?class LIMIT 500 # {reader} {number}"
                )
                for answer in (
                    server.query(rows, "text/csv"),
                    server.ask("GET", "/list/stage", Accept="text/html"),
                    server.ask("GET", "/page/stage/dole", Accept="text/html"),
                ):
                    statuses.append(answer.status)

        with ThreadPoolExecutor(READERS) as readers:
            reading = [readers.submit(read, number) for number in range(READERS)]
            # A failure here must end the readers too, or the pool waits for them for ever.
            try:
                all_read = eventually(lambda: len(statuses) > 12, within=120)
                engines[0].kill()
            finally:
                stopped.set()
            for one in reading:
                one.result()
        assert all_read
        assert set(statuses) == {200}
