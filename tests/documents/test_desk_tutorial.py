"""The first ten minutes at the desk: the pictures are there, small, and of both languages."""

import re
import sys

import pytest

from places import ROOT

DOCS = ROOT / "docs"
LARGEST = 60_000
"""Bytes of a picture."""
PAGES = {"en": DOCS / "desk.md", "fr": DOCS / "desk.fr.md"}


@pytest.mark.parametrize("language", PAGES)
def test_each_picture_of_the_tutorial_is_there_and_small(language: str) -> None:
    shown = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", PAGES[language].read_text("utf-8"))
    assert len(shown) == 6
    for name in shown:
        path = DOCS / name
        assert path.is_file(), f"`make pictures` makes {name}"
        assert path.stat().st_size < LARGEST, name
        assert path.read_bytes()[8:12] == b"WEBP"


def test_the_command_makes_the_pictures_that_the_pages_show(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(DOCS))
    from desk_pictures import PICTURES, names

    try:
        assert sorted(names()) == sorted(it.name for it in PICTURES.iterdir())
    finally:
        del sys.modules["desk_pictures"]


def test_both_pages_tell_the_same_steps_and_keys() -> None:
    english, french = (PAGES[code].read_text("utf-8") for code in ("en", "fr"))
    for pattern in (r"^#+ ?\d?", r"`[A-Z/?]`|`\d`"):
        found = [re.findall(pattern, page, re.MULTILINE) for page in (english, french)]
        assert sorted(found[0]) == sorted(found[1])
