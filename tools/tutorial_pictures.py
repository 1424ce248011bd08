"""Make the pictures of the two pages of the tutorial from the served site: ``make pictures``.

The words that each picture shows are written beside them: a test reads the site again, and finds
a picture that no longer shows what the site does.
"""

import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests")]

from browsing import launched  # noqa: E402
from rallynov_graph.release.building import build  # noqa: E402
from servers import serving  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures" / "tutorial"
WORDS: Final = PICTURES / "words.json"
PAGES: Final = {"fr": ROOT / "docs" / "tutorial.fr.md", "en": ROOT / "docs" / "tutorial.md"}
WIDTH, HEIGHT = 1100, 900
_MARGIN: Final = 12
_QUALITY: Final = 60
_THEME: Final = "theme/solidarite-et-sante"


@dataclass(frozen=True)
class Shot:
    """An element of a page."""

    path: str
    element: str
    parameters: tuple[tuple[str, str], ...] = ()

    def address(self, language: str) -> str:
        """The address of the page in a language."""
        return f"{self.path}?{urlencode([*self.parameters, ('lang', language)])}"


def shots(language: str) -> Mapping[str, Shot]:
    """Return what is shown, by the names of the pictures."""
    [query] = re.findall(r"```sparql\n(.*?)```", PAGES[language].read_text("utf-8"), re.DOTALL)
    return {
        "answer": Shot(
            "/questions/things_on_theme",
            "[data-answer]",
            (("theme", _THEME), ("kind", "innovations")),
        ),
        "note": Shot("/r/zonpyunbj42mzicn", ".note"),
        "result": Shot("/sparql", ".bench-answer table", (("query", query),)),
    }


def names() -> Iterator[str]:
    """Yield the names of the pictures."""
    yield from (f"{name}.{language}.webp" for language in PAGES for name in shots(language))


def still_page(browser: Browser) -> Page:
    """Return a page whose scripts do not run: what it shows is there when it is."""
    size: ViewportSize = {"width": WIDTH, "height": HEIGHT}
    return browser.new_context(java_script_enabled=False, viewport=size).new_page()


def words(page: Page, shot: Shot) -> str:
    """Return the words that a picture shows, of a page that is open."""
    return " ".join(page.locator(shot.element).first.inner_text().split())


def take(page: Page, shot: Shot, path: Path) -> None:
    """Write the picture, as small as it can be read."""
    box = page.locator(shot.element).first.bounding_box()
    assert box is not None
    clip = {
        "x": max(0, box["x"] - _MARGIN),
        "y": max(0, box["y"] - _MARGIN),
        "width": box["width"] + 2 * _MARGIN,
        "height": box["height"] + 2 * _MARGIN,
    }
    content = page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
    Image.open(io.BytesIO(content)).convert("RGB").save(path, "WEBP", quality=_QUALITY, method=6)


def main() -> None:
    """Make all pictures, and write down what they show."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    found = {}
    with (
        TemporaryDirectory() as folder,
        serving("--release", str(build(Path(folder)).path)) as server,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        page = still_page(browser)
        for language in PAGES:
            for name, shot in shots(language).items():
                page.goto(server.address + shot.address(language))
                found[f"{name}.{language}.webp"] = words(page, shot)
                take(page, shot, PICTURES / f"{name}.{language}.webp")
    WORDS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
