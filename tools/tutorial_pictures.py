"""Make the pictures of the tutorial and of profiles from the served sites: ``make pictures``.

The words that each picture shows are written beside them: a test reads the site again, and finds
a picture that no longer shows what the site does.
"""

import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple
from urllib.parse import urlencode

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests")]

from pyoxigraph import RdfFormat, parse  # noqa: E402

from browsing import launched  # noqa: E402
from demo import made  # noqa: E402
from made_up_carnet import serving_site  # noqa: E402
from others_evidence import EX, PREFIXES, RANKS, WRITTEN  # noqa: E402
from rallynov_graph.release.building import build  # noqa: E402
from rallynov_graph.site.application import create_app  # noqa: E402
from rallynov_graph.sparql.embedded import EmbeddedStore  # noqa: E402
from servers import serving, start  # noqa: E402

PICTURES: Final = ROOT / "docs" / "pictures" / "tutorial"
WORDS: Final = PICTURES / "words.json"
PAGES: Final = {"fr": ROOT / "docs" / "tutorial.fr.md", "en": ROOT / "docs" / "tutorial.md"}
OTHERS: Final = {"nanopub": WRITTEN["nanopub"], "wikibase": RANKS}
"""The graphs of other forms."""
EATS: Final = {"subject": f"{EX}ladybird", "property": f"{EX}eats", "object": f"{EX}aphid"}
MITES: Final = {"class": f"{EX}Beetle", f"{EX}t1": f"{EX}mite"}
THEME: Final = {"theme": "theme/solidarite-et-sante", "kind": "innovations"}


class Shot(NamedTuple):
    """An element of a page of the rally's site, of the demonstration, or of another graph."""

    site: str
    path: str
    element: str


def shots() -> Mapping[str, Shot]:
    """Return what each picture shows, by the names of their files."""
    found = {}
    for language, page in PAGES.items():
        [query] = re.findall(r"```sparql\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
        asked, pasted = (urlencode({**it, "lang": language}) for it in (THEME, {"query": query}))
        found |= {
            f"answer.{language}.webp": Shot(
                "rally", f"/questions/things_on_theme?{asked}", "[data-answer]"
            ),
            f"note.{language}.webp": Shot("rally", f"/r/zonpyunbj42mzicn?lang={language}", ".note"),
            f"words.{language}.webp": Shot("demo", f"/r/gbigmz4pu5dcik25?lang={language}", ".note"),
            f"result.{language}.webp": Shot("rally", f"/sparql?{pasted}", ".bench-answer table"),
            f"nanopub.{language}.webp": Shot(
                "nanopub", f"/why?{urlencode({**EATS, 'lang': language})}", ".note"
            ),
            f"wikibase.{language}.webp": Shot(
                "wikibase", f"/list?{urlencode({**MITES, 'lang': language})}", "main table"
            ),
        }
    return found


@contextmanager
def others() -> Iterator[dict[str, str]]:
    """Serve the graphs of other forms until the block ends; give their addresses."""
    with ExitStack() as serving_them:
        stores = {
            name: EmbeddedStore.of_quads(parse(PREFIXES + text, RdfFormat.TRIG))
            for name, text in OTHERS.items()
        }
        yield {
            name: serving_them.enter_context(serving_site(create_app(store.pages())))
            for name, store in stores.items()
        }


@contextmanager
def demonstration() -> Iterator[str]:
    """Serve the demonstration until the block ends; give its address."""
    with TemporaryDirectory() as folder:
        texts = sorted((made(Path(folder, "demo")) / "texts").iterdir())
        sources = [it for text in texts for it in ("--source", str(text))]
        with serving(f"{folder}/demo", *sources, "--workers", "1", starting=start) as server:
            yield server.address


def still_page(browser: Browser) -> Page:
    """Return a page whose scripts do not run: it is complete when it is open."""
    size = {"width": 1100, "height": 900}
    return browser.new_context(java_script_enabled=False, viewport=size).new_page()  # type: ignore[arg-type]


def words(page: Page, shot: Shot) -> str:
    """Return the words that a picture shows, from an open page."""
    return " ".join(page.locator(shot.element).first.inner_text().split())


def main() -> None:
    """Make all pictures, and write down what they show."""
    found = {}
    with (
        TemporaryDirectory() as folder,
        serving("--release", str(build(Path(folder)).path)) as rally,
        demonstration() as demo,
        others() as sites,
        sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        page = still_page(browser)
        sites |= {"rally": rally.address, "demo": demo}
        for name, shot in shots().items():
            page.goto(sites[shot.site] + shot.path)
            found[name] = words(page, shot)
            box = page.locator(shot.element).first.bounding_box() or {}
            margins = {"x": -12, "y": -12, "width": 24, "height": 24}
            clip = {side: box[side] + more for side, more in margins.items()}
            taken = page.screenshot(clip=clip, full_page=True)  # type: ignore[arg-type]
            picture = Image.open(io.BytesIO(taken))
            picture.convert("RGB").save(PICTURES / name, "WEBP", quality=60, method=6)
    WORDS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
