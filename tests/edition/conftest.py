"""A small edition and some pages of the shipped one, published once for all of their tests."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import edition_pages
from rallynov_graph.release.release import Release
from rallynov_graph.site import edition as edition_routes
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.embedded import EmbeddedStore
from small_edition import SmallEdition, made_before, small_edition


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> SmallEdition:
    """The edition of a tiny dataset, made once for all processes that test."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return small_edition(tmp_path_factory.mktemp("edition"))
    place = tmp_path_factory.getbasetemp().parent / "edition"
    with place.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return made_before(place) or small_edition(place)


@pytest.fixture(scope="session")
def published(store: EmbeddedStore, release: Release) -> Flask:
    """The site of the shipped data as an edition is made from it."""
    app = create_app(store.pages(), release)
    app.testing = True
    edition_routes.register(app)
    return app


@pytest.fixture(scope="session")
def some_pages(
    store: EmbeddedStore, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder with those pages of the shipped edition that differ from a server's."""
    folder = tmp_path_factory.mktemp("pages")
    pages = (
        *edition_pages.ANSWERING,
        *edition_pages.TELLING,
        *edition_pages.LISTED,
        *edition_pages.CARNET,
    )
    edition_pages.write(store, release, folder, pages)
    return folder


@pytest.fixture(scope="session")
def address(some_pages: Path) -> Iterator[str]:
    """Yield the address of those pages on a server that knows nothing but files."""
    with edition_pages.served(some_pages) as address:
        yield address
