"""The concordance in a real browser: no barrier, the words in one column, whole on a telephone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import pytest
from playwright.sync_api import Browser

from browsing import PHONE, WIDE, Visit, visiting
from rallynov_graph.release.release import Release
from servers import serving

ADDRESS: Final = "/search?q=innovations"
LOOKS: Final[tuple[tuple[int, Literal["light", "dark"]], ...]] = (
    (PHONE, "light"),
    (WIDE, "light"),
    (WIDE, "dark"),
)
EDGES: Final = "marks => marks.map(it => Math.round(it.getBoundingClientRect().left))"


@pytest.fixture(scope="module")
def visit(
    still_browser: Browser,
    release: Release,
    tmp_path_factory: pytest.TempPathFactory,
    source_text: str,
) -> Iterator[Visit]:
    """Looks at the site that has the text of the carnet."""
    path: Path = tmp_path_factory.mktemp("texts") / "carnet.txt"
    path.write_bytes(source_text.encode())
    with (
        serving("--release", str(release.path), "--source", str(path)) as server,
        visiting(still_browser, server.address) as visit,
    ):
        yield visit
        assert visit.complaints == []


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_lines_have_no_barrier_and_no_text_lies_over_another(
    visit: Visit, language: str
) -> None:
    for width, scheme in LOOKS:
        visit.look(width, scheme)
        visit.open(f"{ADDRESS}&lang={language}")
        assert visit.barriers() == []
        assert not visit.overflows()
    assert visit.overlaps(PHONE, WIDE) == []


def test_the_words_stand_in_one_column_where_there_is_room(visit: Visit) -> None:
    visit.look(WIDE, "light")
    marks = visit.open(ADDRESS).locator(".lines mark")
    edges = marks.evaluate_all(EDGES)
    assert len(edges) > 5 and len({*edges}) == 1
    visit.look(PHONE, "light")
    assert len({*marks.evaluate_all(EDGES)}) > 1


def test_the_lines_are_reached_from_the_top_of_the_page_by_keyboard(visit: Visit) -> None:
    visit.look(WIDE, "light")
    page = visit.open(ADDRESS)
    page.get_by_role("link", name="occurrences dans les textes").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#in-texts")
    assert page.evaluate("document.querySelector(':target').textContent") == "Dans les textes"
