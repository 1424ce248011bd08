"""The site as readers have it, in a real browser: ``python bench/readers.py``.

What is measured, in French and English, in windows of 1,280 and 390 pixels: the clicks, the keys
and the screens scrolled that each task of tests/support/reader_tasks.py takes from the home page;
for each kind of page when its largest part is painted, how far it moves by itself (layout shift),
and the kilobytes of script that it has, not compressed, before a tool is used. The cache of the
browser is empty at each page. Results go to ``build/bench``: ``readers.json``, ``readers.md``.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from browsing import HEIGHT, PHONE, WIDE, launched  # noqa: E402
from rallynov_graph.release.building import build  # noqa: E402
from reader_tasks import TASKS, Reader  # noqa: E402
from servers import Server, serving, start  # noqa: E402

PAGES = {
    "home": "/",
    "carnet": "/carnet",
    "list": "/organisations",
    "matrix": "/matrix",
    "network": "/network",
    "thing": "/page/organisation/mutualite-francaise-franche-comte",
    "doubts": "/doubts",
    "search": "/search?q=emploi",
    "question": "/query/organisations_of_theme",
    "about": "/about",
}
LATEST_PAINT, MOST_SHIFT, MOST_SCRIPT = 500, 0.02, 60
"""Aims: milliseconds, the browser's measure of layout shift, kilobytes."""
OBSERVED = """() => new Promise(done => {
  const found = {paint: 0, shift: 0};
  new PerformanceObserver(list => {
    for (const it of list.getEntries()) found.paint = Math.max(found.paint, it.startTime);
  }).observe({type: "largest-contentful-paint", buffered: true});
  new PerformanceObserver(list => {
    for (const it of list.getEntries()) if (!it.hadRecentInput) found.shift += it.value;
  }).observe({type: "layout-shift", buffered: true});
  const scripts = performance.getEntriesByType("resource").filter(it => it.name.endsWith(".js"));
  found.script = scripts.reduce((sum, it) => sum + it.decodedBodySize, 0) / 1000;
  setTimeout(() => done(found), 400);
})"""


@dataclass(frozen=True)
class TaskCost:
    """The cost of a task: clicks by mouse, keys by keyboard, and the screens scrolled by each."""

    task: str
    language: str
    width: int
    clicks: int
    keys: int
    screens: float


@dataclass(frozen=True)
class PageCost:
    """The slowest of several visits: milliseconds to the largest paint, shift, kilobytes."""

    page: str
    language: str
    width: int
    paint: float
    shift: float
    script: float

    @property
    def is_met(self) -> bool:
        """Whether each aim is met."""
        aims = (LATEST_PAINT, MOST_SHIFT, MOST_SCRIPT)
        found = (self.paint, self.shift, self.script)
        return all(it <= aim for it, aim in zip(found, aims, strict=True))


def home(language: str) -> str:
    return "/" if language == "fr" else "/?lang=en"


def tasks(browser: Browser, server: Server, language: str, width: int) -> Iterator[TaskCost]:
    """Measure each task from the home page, by mouse and by keyboard."""
    for name, task in TASKS.items():
        done = []
        for by_keyboard in (False, True):
            page = browser.new_page(viewport={"width": width, "height": HEIGHT})
            page.goto(server.address + home(language))
            done.append(Reader(page, language, by_keyboard))
            task(done[-1])
            page.close()
        mouse, keyboard = done
        screens = round(max(mouse.screens, keyboard.screens), 1)
        yield TaskCost(name, language, width, mouse.clicks, keyboard.keys, screens)


def pages(
    browser: Browser, server: Server, language: str, width: int, visits: int
) -> Iterator[PageCost]:
    """Measure each kind of page, as the slowest but the first of the visits."""
    for name, path in PAGES.items():
        asked = path if language == "fr" else path + ("&" if "?" in path else "?") + "lang=en"
        found = []
        for _ in range(visits + 1):
            page = browser.new_page(viewport={"width": width, "height": HEIGHT})
            page.goto(server.address + asked, wait_until="networkidle")
            found.append(page.evaluate(OBSERVED))
            page.close()
        most = {key: max(it[key] for it in found[1:]) for key in ("paint", "shift", "script")}
        yield PageCost(
            name, language, width, round(most["paint"]), round(most["shift"], 4),
            round(most["script"], 1),
        )  # fmt: skip


def table(done: Sequence[TaskCost], visited: Sequence[PageCost], load: float) -> str:
    """Return the measurements as Markdown, with the load of the machine meanwhile."""
    lines = ["| task | language | width | clicks | keys | screens |"]
    lines.append("| --- | --- | ---: | ---: | ---: | ---: |")
    lines += [
        f"| {it.task} | {it.language} | {it.width} | {it.clicks} | {it.keys} | {it.screens:g} |"
        for it in done
    ]
    lines += ["", "| page | language | width | largest paint | shift | script |"]
    lines.append("| --- | --- | ---: | ---: | ---: | ---: |")
    lines += [
        f"| {it.page} | {it.language} | {it.width} | {it.paint:g} ms | {it.shift:g} "
        f"| {it.script:g} kB{'' if it.is_met else ' (missed)'} |"
        for it in visited
    ]
    return "\n".join(
        [*lines, "", f"{os.cpu_count()} processors, a load average of {load:.1f}.", ""]
    )


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--source", type=Path, help="the text of the carnet, for its words")
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("build/bench"))
    return parser.parse_args()


def main() -> None:
    """Measure everything, and write the table."""
    asked = parsed()
    asked.out.mkdir(parents=True, exist_ok=True)
    load = os.getloadavg()[0]
    done: list[TaskCost] = []
    visited: list[PageCost] = []
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        release = build(Path(folder))
        source = ["--source", str(asked.source)] if asked.source else []
        with serving("--release", str(release.path), *source, starting=start) as server:
            browser = launched(playwright)
            for language in ("fr", "en"):
                for width in (WIDE, PHONE):
                    visited += pages(browser, server, language, width, asked.visits)
                    done += tasks(browser, server, language, width) if asked.source else ()
            browser.close()
    found = {
        "load": load,
        "tasks": [asdict(it) for it in done],
        "pages": [asdict(it) for it in visited],
    }
    (asked.out / "readers.json").write_text(json.dumps(found, indent=2) + "\n", "utf-8")
    (asked.out / "readers.md").write_text(table(done, visited, load), "utf-8")
    print(table(done, visited, load))


if __name__ == "__main__":
    main()
