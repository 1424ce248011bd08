"""How soon a choice of a facet is applied, in a real browser: ``python bench/explore.py``.

What is measured: milliseconds from the click on a value of a facet to the frame that shows the list
narrowed by it, for each way to look at a list, on the shipped data and on a large release.
Each value is taken back after it. Results go to ``build/bench/explore.json``.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

import generate  # noqa: E402
from playwright.sync_api import Browser, sync_playwright  # noqa: E402

from browsing import HEIGHT, WIDE, launched  # noqa: E402
from rallynov_graph.release.building import build  # noqa: E402
from servers import Server, serving, start  # noqa: E402

WAYS = {
    "table": "/list/innovation",
    "matrix": "/list/organisation?view=matrix",
    "map": "/list/stage?view=map",
    "timeline": "/list/stage?view=timeline",
}
AIMS = {"shipped": 100, "large": 300}
"""Milliseconds in which a choice is applied."""
PATIENCE = 300_000
"""Milliseconds after which a page is given up."""
APPLIED = """place => new Promise(done => {
  const box = document.querySelectorAll("[data-live] input[type=checkbox]")[place];
  const before = performance.now();
  new MutationObserver((_, it) => {
    it.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - before)));
  }).observe(document.querySelector("[data-said]"), { childList: true });
  box.click();
})"""


def applied(browser: Browser, server: Server, path: str, times: int) -> list[float]:
    """Return the milliseconds of each choice, and of each that is taken back."""
    page = browser.new_page(viewport={"width": WIDE, "height": HEIGHT})
    page.set_default_timeout(PATIENCE)
    page.goto(f"{server.address}{path}", wait_until="networkidle")
    found = []
    for place in range(times):
        found.append(page.evaluate(APPLIED, place % 4))
        found.append(page.evaluate(APPLIED, 0))
    page.close()
    return found[2:]


@contextmanager
def releases(triples: int, seed: int) -> Iterator[Iterator[tuple[str, Path]]]:
    """Give the shipped data and a large graph as releases, one after the other."""
    with TemporaryDirectory() as folder:

        def each() -> Iterator[tuple[str, Path]]:
            yield "shipped", build(Path(folder) / "shipped").path
            data = generate.write(triples, Path(folder), seed)
            large = build(Path(folder) / "large", data=data).path
            yield "large", large

        yield each()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--times", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    results = {}
    with sync_playwright() as playwright, releases(asked.triples, asked.seed) as them:
        browser = launched(playwright)
        for name, folder in them:
            with serving("--release", str(folder), starting=start) as server:
                for way, path in WAYS.items():
                    times = sorted(applied(browser, server, path, asked.times))
                    row = {"median": statistics.median(times), "most": times[-1]}
                    results[f"{name} {way}"] = row | {"aim": AIMS[name]}
                    told = f"{row['median']:.0f} ms, at most {row['most']:.0f}, aim {AIMS[name]}"
                    print(f"{name:8} {way:9} {told}", flush=True)
    out = ROOT / "build" / "bench" / "explore.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=1))


if __name__ == "__main__":
    main()
