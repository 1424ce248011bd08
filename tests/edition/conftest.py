"""A small edition, published once for all of its tests."""

from __future__ import annotations

import pytest

import standin
from rallynov_graph.release.building import build
from small_edition import SmallEdition


@pytest.fixture(scope="session")
def edition(tmp_path_factory: pytest.TempPathFactory) -> SmallEdition:
    """The edition of a tiny dataset."""
    place = tmp_path_factory.mktemp("edition")
    sources = standin.make(place / "sources")
    first = build(place / "releases", data=sources.data, ontology=sources.ontology)
    sources.change()
    newest = build(place / "releases", data=sources.data, ontology=sources.ontology)
    made = SmallEdition(place / "site", newest, first)
    made.publish(made.folder)
    return made
