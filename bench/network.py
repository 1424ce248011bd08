"""The network in a real browser: ``python bench/network.py``, or ``--things 2000 --links 6000``.

The site is served; a made-up network is answered in the place of its own data. Told are the time
from the data to the first drawing, and the frames a second while the drawing is dragged, magnified
and shown with a thing in focus; the longest wait between two frames too. Read them on a quiet
machine: the browser draws without a graphics card here.
"""

import argparse
import json
import random
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "support"))

from playwright.sync_api import Page, Route, sync_playwright  # noqa: E402

from browsing import launched  # noqa: E402
from rallynov_graph.release.building import build  # noqa: E402
from rallynov_graph.site.model.drawing.grouped_layout import (  # noqa: E402
    GroupedLayout,
    grouped_layout,
    size,
)
from servers import serving, start  # noqa: E402

SHAPES = ("person", "organisation", "stage", "innovation", "theme")
STROKES = ("explicit", "inferred", "tentative")
NEAR = 0.8
"""The share of links to things near by, which make communities."""
FIRST, FRAMES = 300, 50
"""The aims: milliseconds to the first drawing, frames a second while it moves."""
WATCH = """
() => {
  const frames = window.frames = [];
  const tick = (now) => {
    frames.push(now);
    if (window.frames === frames) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
}
"""
WATCHED = "() => { const { frames } = window; window.frames = null; return frames; }"


def made_up(things: int, links: int, seed: int) -> dict[str, Any]:
    """Return a network in which a few things have most links, most of them to things near them."""
    chance = random.Random(seed)
    weights = [1 / (n + 4) ** 0.6 for n in range(things)]
    pairs: set[tuple[int, int]] = set()
    while len(pairs) < links:
        one, other = chance.choices(range(things), weights, k=2)
        if chance.random() < NEAR:
            other = min(things - 1, one // 40 * 40 + chance.randrange(40))
        if one != other:
            pairs.add((min(one, other), max(one, other)))
    layout = grouped_layout(things, tuple(sorted(pairs)))
    group_of = {n: at for at, group in enumerate(layout.groups) for n in group}
    width, height = size(things)
    degrees = Counter(end for pair in pairs for end in pair)
    most = max(degrees.values())
    return {
        "width": width,
        "height": height,
        "total": things,
        "things": [
            {
                "iri": f"https://example.org/{n}",
                "name": f"Une chose nommée {n}",
                "language": "",
                "address": f"/page/x/{n}",
                "kind": "chose",
                "shape": SHAPES[n % len(SHAPES)],
                "degree": degrees[n],
                "group": group_of[n],
                "x": layout.places[n][0],
                "y": layout.places[n][1],
                "radius": round(5 + 7 * (degrees[n] / most) ** 0.5),
                "here": False,
            }
            for n in range(things)
        ],
        "links": [
            {"one": a, "other": b, "label": "lié", "certainty": STROKES[(a + b) % 3]}
            for a, b in sorted(pairs)
        ],
        "groups": [grouped(group, layout) for group in layout.groups if len(group) > 2],
    }


def grouped(group: tuple[int, ...], layout: GroupedLayout) -> dict[str, Any]:
    """Return a group as the page has it, on a ground of four corners."""
    xs, ys = zip(*(layout.places[n] for n in group), strict=True)
    corners = [(min(xs), min(ys)), (max(xs), min(ys)), (max(xs), max(ys)), (min(xs), max(ys))]
    name = f"Une chose nommée {group[0]}"
    return {
        "name": name,
        "language": "",
        "x": sum(xs) // len(xs),
        "y": min(ys) - 25,
        "ground": corners,
    }


def first_drawn(page: Page) -> float:
    """Return the milliseconds from the data to the drawing."""
    told = page.evaluate(
        "names => names.map(it => performance.getEntriesByName(it)[0].startTime)",
        ["network-data", "network-drawn"],
    )
    return float(told[1] - told[0])


def watched(page: Page, move: Any) -> dict[str, float]:
    """Return the frames a second while something is done, and the longest wait for one."""
    page.evaluate(WATCH)
    move()
    frames = page.evaluate(WATCHED)
    waits = [b - a for a, b in pairwise(frames)]
    return {
        "frames a second": round(1000 * len(waits) / sum(waits), 1),
        "longest": round(max(waits)),
    }


def dragged(page: Page, steps: int) -> None:
    box = page.locator("canvas").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + 150
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(steps):
        page.mouse.move(x + 100 * ((step % 40) / 40 - 0.5), y + 60 * ((step % 25) / 25 - 0.5))
        page.wait_for_timeout(12)
    page.mouse.up()


def magnified(page: Page, steps: int) -> None:
    page.keyboard.down("Control")
    for step in range(steps):
        page.mouse.wheel(0, -40 if step % 60 < 30 else 40)
        page.wait_for_timeout(12)
    page.keyboard.up("Control")


def hovered(page: Page, steps: int) -> None:
    box = page.locator("canvas").bounding_box()
    assert box
    for step in range(steps):
        x, y = box["x"] + 20 + 7 * (step % 90), box["y"] + 60 + 3 * step
        page.mouse.move(x, min(y, box["y"] + box["height"] - 10))
        page.wait_for_timeout(12)


def measured(page: Page, address: str, steps: int) -> dict[str, Any]:
    """Return all figures of one visit."""
    page.goto(address)
    page.locator("canvas").wait_for()
    page.locator("canvas").scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    told: dict[str, Any] = {"first drawn": round(first_drawn(page), 1)}
    told["dragged"] = watched(page, lambda: dragged(page, steps))
    told["magnified"] = watched(page, lambda: magnified(page, steps))
    page.locator("canvas").click(position={"x": 300, "y": 200})
    told["dragged again"] = watched(page, lambda: dragged(page, steps))
    told["hovered"] = watched(page, lambda: hovered(page, steps))
    return told


def parsed() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--things", type=int, default=2000)
    parser.add_argument("--links", type=int, default=6000)
    parser.add_argument("--steps", type=int, default=150, help="of each movement")
    parser.add_argument("--visits", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def main() -> None:
    asked = parsed()
    network = made_up(asked.things, asked.links, asked.seed)

    def answer(route: Route) -> None:
        route.fulfill(json=network)

    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        release = build(Path(folder))
        with serving("--release", str(release.path), starting=start) as server:
            browser = launched(playwright)
            page = browser.new_page(viewport={"width": 1280, "height": 900})
            page.route("**/network.json*", answer)
            address = f"{server.address}/network"
            visits = [measured(page, address, asked.steps) for _ in range(asked.visits)]
            browser.close()
    print(json.dumps(visits, indent=1))
    first = max(visit.pop("first drawn") for visit in visits)
    slowest = min(moved["frames a second"] for visit in visits for moved in visit.values())
    print(f"first drawn: {first} ms at most (aim {FIRST})")
    print(f"moving: {slowest} frames a second at least (aim {FRAMES})")


if __name__ == "__main__":
    main()
