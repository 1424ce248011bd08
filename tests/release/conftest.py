"""Releases that several files of tests read and none changes."""

import shutil

import pytest

import standin
import two_letters
from rallynov_graph.release import building
from rallynov_graph.release.release import Release, load


@pytest.fixture(scope="session")
def letters(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release of the carnet with two letters beside it; its data lie beside it."""
    folder = tmp_path_factory.mktemp("letters")
    return building.build(folder / "out", data=two_letters.beside_carnet(folder / "data"))


@pytest.fixture(scope="session")
def _tiny(tmp_path_factory: pytest.TempPathFactory) -> Release:
    sources = standin.make(tmp_path_factory.mktemp("tiny") / "sources")
    out = sources.data.parents[1] / "out"
    return building.build(out, data=sources.data, ontology=sources.ontology)


@pytest.fixture
def small(_tiny: Release, tmp_path) -> Release:
    """The release of the stand-in in a folder of its own, which the test may damage."""
    shutil.copytree(_tiny.path.parent, tmp_path / "out")
    return load(tmp_path / "out" / _tiny.path.name)
