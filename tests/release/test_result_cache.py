"""What was worked out of a release is kept beside it, and is never what was not put there."""

from __future__ import annotations

import os
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pytest

from copies import copied
from rallynov_graph.base import result_cache
from rallynov_graph.base.result_cache import ResultCache
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release.release import Release
from rallynov_graph.site.application import create_app
from rallynov_graph.site.model.drawing import placement
from rallynov_graph.sparql.embedded import EmbeddedStore

NETWORK: Final = "/network?kind=organisation&kind=innovation"


def got(kept: ResultCache, made: object, asked: str = "this", sort: str = "list") -> object:
    return kept.get(sort, asked, lambda: made, lambda it: it, lambda it: it)


@pytest.fixture
def beside(release: Release, tmp_path: Path) -> Release:
    """The release of the shipped data in a folder of its own."""
    return copied(release, tmp_path / release.path.name)


def test_what_was_made_once_is_there_for_others_and_made_again_where_it_is_damaged(
    tmp_path: Path,
) -> None:
    kept = ResultCache(tmp_path / "kept")
    assert got(kept, [1, "é"]) == [1, "é"]
    (file,) = (tmp_path / "kept").glob("list-*")
    assert got(ResultCache(tmp_path / "kept"), "made again") == [1, "é"]
    assert got(kept, "another", asked="that") == "another"
    assert got(kept, "of another sort", sort="layout") == "of another sort"
    whole = file.read_bytes()
    for damage in (b"", b"[2]", b"0" * 64 + b"[2]", b"\xff" * 100):
        file.write_bytes(damage)
        assert got(kept, [1, "é"]) == [1, "é"]
        assert file.read_bytes() == whole

    def read(told: object) -> list[int]:
        if not isinstance(told, list):
            raise TypeError(told)
        return told

    assert got(kept, "no list", "odd") == "no list"
    assert kept.get("list", "odd", lambda: [1], list, read) == [1], "it cannot be understood"
    assert kept.get("list", "odd", lambda: [2], list, read) == [1]


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, beside: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    for kept in (ResultCache(), ResultCache(tmp_path / "file" / "under")):
        assert (got(kept, [1]), got(kept, [2])) == ([1], [2])
    folder = beside.result_cache.folder
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert beside.result_cache.folder is None
    assert folder is not None
    folder.mkdir()
    assert beside.result_cache.folder == folder, "what another one kept there can be read"


def test_only_so_many_results_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(result_cache, "MOST", 2)
    kept = ResultCache(tmp_path)
    for asked in "abc":
        assert got(kept, asked, asked) == asked
    assert len([*tmp_path.glob("list-*")]) == 2
    assert got(kept, 1, sort="layout") == 1 == got(kept, 2, sort="layout")


def _writes(folder: Path, number: int) -> None:
    for asked in range(20):
        assert got(ResultCache(folder), [number] * 1000, str(asked)) in ([1] * 1000, [2] * 1000)


def test_two_processes_do_not_disturb_each_other(tmp_path: Path) -> None:
    context = get_context("fork")
    both = [context.Process(target=_writes, args=(tmp_path, number)) for number in (1, 2)]
    for process in both:
        process.start()
    for process in both:
        process.join(20)
        assert process.exitcode == 0
    assert {file.name.partition("-")[0] for file in tmp_path.iterdir()} == {".lock", "list"}
    _writes(tmp_path, 3)


def test_a_network_is_laid_out_once_for_all_processes_and_only_as_it_is(
    store: EmbeddedStore, beside: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = create_app(store, beside).test_client().get(NETWORK)
    with monkeypatch.context() as once:
        once.setattr(placement, "grouped_layout", lambda *_: pytest.fail("it is laid out again"))
        second = create_app(store, beside).test_client().get(NETWORK)
    assert (second.status_code, second.text) == (200, first.text)
    folder = beside.result_cache.folder
    assert folder is not None
    for told in ([[[1, 1]], [[0]]], [[[1, 1], [2, 2]], [[0, 5]]], "nonsense"):
        for file in folder.glob("grouped-layout-*"):
            file.unlink()
        kept = beside.result_cache
        kept.get("grouped-layout", "2 ((0, 1),)", lambda told=told: told, list, tuple)
        layout = placement._layout(PageQueries(store, result_cache=kept), 2, ((0, 1),))
        assert len({*layout.places}) == 2 and layout.groups == ((0, 1),)
