"""What readers come for, done in a real browser: in how many clicks, and how far down a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browsing import HEIGHT, PHONE, WIDE, visiting
from rallynov_graph.release.release import Release
from reader_tasks import TASKS, Reader
from servers import Server, serving

BOUNDS = {
    "who is linked to health, in which words": (3, 1),
    "who spoke for the Pôle": (3, 1),
    "what is uncertain": (1, 1),
    "an organisation's themes": (2, 2),
    "a link's citation for Zotero": (6, 2),
}
"""The clicks and screens that a task may take; on a telephone, one click more opens the menu."""


@pytest.fixture(scope="module")
def with_text(
    release: Release, source_text: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that has the text of the carnet."""
    path = tmp_path_factory.mktemp("text") / "carnet.txt"
    path.write_bytes(source_text.encode())
    with serving("--release", str(release.path), "--source", str(path)) as server:
        yield server


@pytest.mark.parametrize("width", [WIDE, PHONE])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_task_is_done_in_few_clicks_without_much_scrolling(
    browser: Browser, with_text: Server, language: str, width: int
) -> None:
    viewport = {"width": width, "height": HEIGHT}
    for name, task in TASKS.items():
        with visiting(browser, with_text.address, viewport=viewport) as visit:
            reader = Reader(visit.open("/" if language == "fr" else "/?lang=en"), language)
            task(reader)
            clicks, screens = BOUNDS[name]
            assert reader.clicks <= clicks + (width == PHONE), name
            assert reader.screens <= screens, name
            assert visit.complaints == []


def test_each_task_is_done_by_keyboard(browser: Browser, with_text: Server) -> None:
    viewport = {"width": WIDE, "height": HEIGHT}
    for task in TASKS.values():
        with visiting(browser, with_text.address, viewport=viewport) as visit:
            task(Reader(visit.open("/"), "fr", by_keyboard=True))
            assert visit.complaints == []
