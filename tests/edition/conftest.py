"""A small edition, published once for all of its tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import edition_pages
import standin
from rallynov_graph.release.building import build
from rallynov_graph.release.release import Release
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore
from small_edition import SmallEdition


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> SmallEdition:
    """The edition of a tiny dataset."""
    place = tmp_path_factory.mktemp("edition")
    sources = standin.make(place / "sources")
    first = build(place / "releases", data=sources.data, ontology=sources.ontology)
    sources.change()
    stages = sources.stages.read_text("utf-8")
    sources.stages.write_text(stages.replace('"Rallye"', f'"Rallye {edition_pages.LIKE_A_PLACE}"'))
    newest = build(place / "releases", data=sources.data, ontology=sources.ontology)
    made = SmallEdition(place / "site", newest, first)
    made.publish(made.folder)
    return made


@pytest.fixture(scope="session")
def some_pages(
    store: EmbeddedStore, release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return the folder with those pages of the shipped edition that differ from a server's."""
    folder = tmp_path_factory.mktemp("pages")
    pages = (*edition_pages.ANSWERING, *edition_pages.TELLING, *edition_pages.LISTED)
    edition_pages.write(store, release, folder, pages)
    return folder


@pytest.fixture(scope="module")
def address(some_pages: Path) -> Iterator[str]:
    """Yield the address of those pages on a server that knows nothing but files."""
    with edition_pages.served(some_pages) as address:
        yield address
