"""The servers that journeys in a browser share, and somebody at a page of theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from browsing import HEIGHT, WIDE, Visit, somebody_at, visiting
from made_up_carnet import TEXT, serving_document
from rallynov_graph.release.release import Release
from servers import Server, serving


@pytest.fixture(scope="session")
def with_text(
    release: Release, source_text: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server that has the text of the carnet."""
    path = tmp_path_factory.mktemp("text") / "carnet.txt"
    path.write_bytes(source_text.encode())
    with serving("--release", str(release.path), "--source", str(path)) as server:
        yield server


@pytest.fixture(scope="session")
def essay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site of the made-up document with its text."""
    with serving_document(TEXT, tmp_path_factory.mktemp("essai")) as address:
        yield address


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Somebody at a page of the shipped data."""
    size = {"width": WIDE, "height": HEIGHT}
    with visiting(browser, server.address, viewport=size) as visit:  # type: ignore[arg-type]
        somebody_at(visit.page)
        yield visit
