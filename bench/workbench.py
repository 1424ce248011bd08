"""The workbench in a real browser: ``python bench/workbench.py``, or ``--release FOLDER``.

Told are, beside their aims: when one can type on the shipped data; how soon after a key proposals
are painted on a graph of a million triples, and what they come from answers; the scripts before the
first chart; how soon a hundred thousand rows are shown once their last byte is there, and sorted.
What is on the page is found by its roles. Times are those of the browser, up to the frame that was
painted; it draws without a graphics card here. Read them on a quiet machine. Results go to
``build/bench``: ``workbench.json``, ``workbench.md``.
"""

import argparse
import gzip
import json
import os
import random
import statistics
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import generate  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from browsing import launched, somebody_at  # noqa: E402
from rallynov_graph.release.building import build  # noqa: E402
from servers import Server, serving, start  # noqa: E402

WATCH = """
() => {
  const painted = (then) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => then(performance.now());
    channel.port2.postMessage(0);
  });
  // The time at which the first change was painted that a test says is the one.
  const change = (test) => new Promise((then) => {
    const observer = new MutationObserver((changes) => {
      if (!test(changes)) return;
      observer.disconnect();
      painted(then);
    });
    observer.observe(document, { subtree: true, childList: true, attributes: true });
  });
  const brings = (changes, selector) => changes.some(({ addedNodes }) =>
    [...addedNodes].some((it) => it.matches?.(selector) || it.querySelector?.(selector)));
  // The milliseconds from an event to a change that it brings about, null where none comes.
  const after = (event, test) => new Promise((then) =>
    addEventListener(event, ({ timeStamp }) => {
      setTimeout(() => then(null), 1500);
      change(test).then((at) => then(at - timeStamp));
    }, { once: true, capture: true }));
  const EDITOR = "[role=textbox][contenteditable=true]";
  window.bench = {
    ready: change(() => document.querySelector(EDITOR)),
    key: () => after("keydown", (changes) => brings(changes, "[role=option]")),
    sorted: () => after("click", (changes) =>
      document.querySelector("th[aria-sort]") && brings(changes, "tr")),
    rows: (many) => change(() =>
      document.querySelector(`table[aria-rowcount="${many + 1}"] tbody td`)),
  };
}
"""
"""What the page notes for itself, before any script of its own."""
WRITTEN = (
    ("SELECT * WHERE { ?s a ", "etape"),
    ("SELECT * WHERE { ?s a ", "orga"),
    ("SELECT * WHERE { ?s a rn:Stage ; ", "date"),
    ("SELECT * WHERE { ?s a rn:Innovation ; ", "them"),
    ("SELECT * WHERE { ?s ?p ", "associa"),
)
"""What stands in the editor, and the keys that follow."""
ROWS = "SELECT ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }} LIMIT {0}"
LABELS = """SELECT DISTINCT ?label WHERE {
  ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label
} LIMIT 5000"""
PATIENCE = 300
"""The seconds after which a machine that others use is given up: a large release starts slowly."""
LETTERS = (3, 8)
"""So many letters of a name are asked about."""


@dataclass(frozen=True)
class Figure:
    """A measurement in its unit: the median, the 95th percentile, and the aim."""

    name: str
    unit: str
    aim: float
    middle: float
    p95: float

    @property
    def is_met(self) -> bool:
        """Whether the aim is met but for one in twenty."""
        return self.p95 <= self.aim

    @classmethod
    def of(cls, name: str, unit: str, aim: float, found: Sequence[float]) -> "Figure":
        """Return the figure of some measurements; of few, the slowest counts."""
        ordered = sorted(found)
        slow = ordered[min(int(len(ordered) * 0.95), len(ordered) - 1)]
        return cls(name, unit, aim, round(statistics.median(ordered), 3), round(slow, 3))


def visited(browser: Browser, is_used: bool = True) -> Page:
    """Return a page of a browser that has nothing yet, which notes what happens."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    page.add_init_script(f"({WATCH})()")
    return somebody_at(page) if is_used else page


def ready(browser: Browser, server: Server, visits: int) -> list[float]:
    """Return the seconds from the address to an editor that is painted, the cache empty."""
    found = []
    for _ in range(visits):
        page = visited(browser)
        page.goto(f"{server.address}/sparql")
        found.append(page.evaluate("bench.ready") / 1000)
        page.context.close()
    return found


def scripts(browser: Browser, server: Server, is_used: bool) -> float:
    """Return the kilobytes of compressed scripts that the page loads before any interaction.

    The editor loads after the first interaction.
    """
    page = visited(browser, is_used)
    page.goto(f"{server.address}/sparql")
    if is_used:
        page.evaluate("bench.ready")
    page.wait_for_load_state("networkidle")
    loaded = page.evaluate("performance.getEntriesByType('resource').map(it => it.name)")
    page.context.close()
    addresses = {address for address in loaded if address.endswith(".js")}
    return sum(len(gzip.compress(content(address))) for address in addresses) / 1000


def content(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=PATIENCE) as answer:
        found: bytes = answer.read()
    return found


def keys(page: Page, rounds: int) -> list[float]:
    """Return the milliseconds from each key to the proposals that it brings."""
    found = []
    for _ in range(rounds):
        for before, letters in WRITTEN:
            write(page, before)
            for letter in letters:
                page.evaluate("() => { window.pressed = bench.key() }")
                page.keyboard.press(letter)
                found.append(page.evaluate("pressed"))
    brought = [took for took in found if took is not None]
    print(f"{len(brought)} of {len(found)} keys brought proposals", file=sys.stderr)
    return brought


def write(page: Page, text: str) -> None:
    """Have the editor hold a text, and nothing open."""
    page.get_by_role("textbox", name="Requête").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)


def suggested(server: Server, many: int, seed: int) -> list[float]:
    """Return the milliseconds in which the names that begin with some letters are answered."""
    chance = random.Random(seed)
    asked = urlencode({"query": LABELS})
    form = {"Accept": "application/sparql-results+json"}
    request = urllib.request.Request(f"{server.endpoint}?{asked}", headers=form)
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        rows = json.load(answer)["results"]["bindings"]
    labels = [row["label"]["value"] for row in rows]
    words = [chance.choice(labels)[: chance.randint(*LETTERS)] for _ in range(many)]
    return [answered(f"{server.address}/suggest.json?{urlencode({'q': word})}") for word in words]


def answered(address: str) -> float:
    begun = time.perf_counter()
    content(address)
    return 1000 * (time.perf_counter() - begun)


def shown(browser: Browser, server: Server, rows: int) -> tuple[float, list[float]]:
    """Return the seconds from the last byte of many rows to the table, and to its sorting."""
    page = visited(browser)
    page.goto(f"{server.address}/sparql", wait_until="networkidle")
    write(page, ROWS.format(rows))
    page.evaluate("many => { window.rows = bench.rows(many) }", rows)
    page.keyboard.press("Control+Enter")
    at = page.evaluate("rows")
    last = page.evaluate(
        "performance.getEntriesByType('resource').filter(it => it.name.endsWith('/sparql'))"
        ".at(-1).responseEnd"
    )
    page.wait_for_load_state("networkidle")
    sorted_in = []
    for column in range(3):
        page.wait_for_timeout(500)
        page.evaluate("() => { window.sorted = bench.sorted() }")
        page.locator("table[aria-rowcount] th").get_by_role("button").nth(column).click()
        took = page.evaluate("sorted")
        assert took is not None, "the rows were not sorted"
        sorted_in.append(took / 1000)
    page.context.close()
    return (at - last) / 1000, sorted_in


@contextmanager
def large(release: Path | None, triples: int, seed: int) -> Iterator[Path]:
    """Yield the folder of a large release: the given one, or a new one."""
    if release is not None:
        yield release
        return
    with TemporaryDirectory() as folder:
        data = generate.write(triples, Path(folder), seed)
        yield build(Path(folder) / "out", data=data).path


def of_shipped(browser: Browser, visits: int) -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        release = build(Path(folder))
        with serving("--release", str(release.path), starting=start) as server:
            ready(browser, server, 1)
            found = ready(browser, server, visits)
            yield Figure.of("ready to type, shipped data", "s", 1.5, found)
            first, editor = (scripts(browser, server, is_used) for is_used in (False, True))
            yield Figure.of("scripts before somebody is there", "kB", 60, [first])
            yield Figure.of("scripts before a chart", "kB", 200, [editor])


def of_large(browser: Browser, folder: Path, asked: argparse.Namespace) -> Iterator[Figure]:
    with serving("--release", str(folder), starting=start) as server:
        page = visited(browser)
        page.goto(f"{server.address}/sparql", wait_until="networkidle")
        keys(page, 1)
        yield Figure.of("a key to its proposals", "ms", 100, keys(page, asked.visits))
        page.context.close()
        suggested(server, 20, asked.seed + 1)
        names = suggested(server, 200, asked.seed)
        yield Figure.of("what proposes things, answered", "ms", 20, names)
        visits = [shown(browser, server, asked.rows) for _ in range(asked.visits)]
        rows = f"{asked.rows:,} rows"
        yield Figure.of(f"{rows} shown", "s", 1, [first for first, _ in visits])
        yield Figure.of(f"{rows} sorted", "s", 0.5, [it for _, them in visits for it in them])


def table(figures: Sequence[Figure], load: float) -> str:
    """Return the figures as Markdown, and how much else ran meanwhile."""
    lines = ["| measure | middle | p95 | aim |", "| --- | ---: | ---: | ---: |"]
    for it in figures:
        missed = "" if it.is_met else " (missed)"
        lines.append(
            f"| {it.name} | {it.middle:g} {it.unit} | {it.p95:g} {it.unit} "
            f"| {it.aim:g} {it.unit}{missed} |"
        )
    return "\n".join(
        [*lines, "", f"{os.cpu_count()} processors, a load average of {load:.1f}.", ""]
    )


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--release", type=Path, help="a large release; without it, one is made")
    parser.add_argument("--triples", type=int, default=1_000_000, help="of the one that is made")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def main() -> None:
    """Measure everything, and write the table."""
    asked = parsed()
    asked.out.mkdir(parents=True, exist_ok=True)
    figures: list[Figure] = []
    with sync_playwright() as playwright:
        browser = launched(playwright)
        figures += of_shipped(browser, asked.visits)
        with large(asked.release, asked.triples, asked.seed) as folder:
            figures += of_large(browser, folder, asked)
        browser.close()
    load = os.getloadavg()[0]
    told = {"load": load, "figures": [asdict(figure) for figure in figures]}
    (asked.out / "workbench.json").write_text(json.dumps(told, indent=2) + "\n", "utf-8")
    (asked.out / "workbench.md").write_text(table(figures, load), "utf-8")
    print(table(figures, load))


if __name__ == "__main__":
    main()
