"""Carnet 2 taken into decisions and written again says the same, in files that do not change."""

import json
from pathlib import Path

import pytest

from decided import lines_of, rallynov, shipped
from rallynov_graph.desk.document_folder import DocumentFolder
from rallynov_graph.release import building
from rallynov_graph.release.release import Release


@pytest.fixture(scope="module")
def taken_in(tmp_path_factory: pytest.TempPathFactory) -> DocumentFolder:
    """Carnet 2 after an import and a write."""
    folder = tmp_path_factory.mktemp("round-trip")
    carnet = shipped(folder)
    assert rallynov("import", folder, carnet.path).status == 0
    assert rallynov("write", folder).status == 0
    return carnet


def root(carnet: DocumentFolder) -> Path:
    return carnet.path.parents[2]


def test_the_release_is_the_one_that_it_was_before(
    taken_in: DocumentFolder, release: Release, tmp_path: Path
) -> None:
    built = building.build(tmp_path, data=root(taken_in) / "data", checked=False)
    assert built.manifest.id == release.manifest.id
    named = [it.path for it in built.manifest.sources]
    assert not [name for name in named if "decisions" in name], "they are no part of the data"


def test_the_same_decisions_give_the_same_files_which_bring_nothing_new(
    taken_in: DocumentFolder,
) -> None:
    before = {path.name: path.read_bytes() for path in taken_in.path.glob("*.trig")}
    for path in taken_in.path.glob("*.trig"):
        path.unlink()
    assert rallynov("write", root(taken_in)).status == 0
    assert {path.name: path.read_bytes() for path in taken_in.path.glob("*.trig")} == before
    text = before["dates.trig"].decode()
    assert text.startswith("# Which dates the figures speak of")
    assert "# Read on another day than the rest" in text.partition("@prefix")[0]
    lines = lines_of(taken_in)
    assert "0 decision(s)" in rallynov("import", root(taken_in), taken_in.path).out
    assert lines_of(taken_in) == lines


def test_nothing_that_a_selection_implies_is_in_the_decisions(taken_in: DocumentFolder) -> None:
    acts = [json.loads(line) for line in lines_of(taken_in)]
    described = [act.get("thing", "") for act in acts]
    assert [it for it in described if it.startswith(("passage/", "selector/"))] == []
    assert not any("passage" in act or "rn:passage" in act.get("says", {}) for act in acts)
