"""A desk of its own for each test, on the text that its module names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desks import Desk, desk, small_desk
from small_programme import SmallProgramme


@pytest.fixture
def small(tmp_path: Path, request: pytest.FixtureRequest) -> SmallProgramme:
    """A small programme with the module's ``TEXT`` where a desk finds it."""
    return small_desk(tmp_path, request.module.TEXT)


@pytest.fixture
def window(small: SmallProgramme) -> Iterator[Desk]:
    """A desk that runs on it."""
    with desk(small.root, small.slug, slug=small.slug) as running:
        yield running
