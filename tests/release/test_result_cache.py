"""What was worked out of a release is kept beside it, and is never what was not put there."""

from __future__ import annotations

import os
from collections.abc import Callable
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
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

NETWORK: Final = "/network?kind=organisation&kind=innovation"


def told(made: object) -> Callable[[], object]:
    return lambda: made


def got(kept: ResultCache, made: object, asked: str = "this", sort: str = "list") -> object:
    return kept.get(sort, asked, told(made), lambda it: it, lambda it: it)


@pytest.fixture
def beside(release: Release, tmp_path: Path) -> Release:
    """The release of the shipped data in a folder of its own."""
    return copied(release, tmp_path / release.path.name)


def test_what_was_made_once_is_there_for_others(tmp_path: Path) -> None:
    assert got(ResultCache(tmp_path / "kept"), [1, "é"]) == [1, "é"]
    assert got(ResultCache(tmp_path / "kept"), "made again") == [1, "é"]
    assert got(ResultCache(tmp_path / "kept"), "another", asked="that") == "another"
    assert (
        got(ResultCache(tmp_path / "kept"), "of another sort", sort="layout") == "of another sort"
    )


@pytest.mark.parametrize("damage", [b"", b"[2]", b"0" * 64 + b"[2]", b"\xff" * 100])
def test_what_is_not_what_was_put_there_is_made_again(tmp_path: Path, damage: bytes) -> None:
    kept = ResultCache(tmp_path)
    assert got(kept, [1]) == [1]
    (file,) = tmp_path.glob("list-*")
    whole = file.read_bytes()
    file.write_bytes(damage)
    assert got(kept, [1]) == [1]
    assert file.read_bytes() == whole


def test_what_cannot_be_understood_is_made_again(tmp_path: Path) -> None:
    def read(told: object) -> list[int]:
        if not isinstance(told, list):
            raise TypeError(told)
        return told

    kept = ResultCache(tmp_path)
    assert got(kept, "no list") == "no list"
    assert kept.get("list", "this", lambda: [1], list, read) == [1]
    assert kept.get("list", "this", lambda: [2], list, read) == [1]


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for kept in (ResultCache(), ResultCache(tmp_path / "file" / "under")):
        assert got(kept, [1]) == [1]
        assert got(kept, [2]) == [2]


def test_a_folder_that_is_read_only_is_left_as_it_is(
    beside: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert beside.result_cache.folder is None
    monkeypatch.undo()
    folder = beside.result_cache.folder
    assert folder is not None
    folder.mkdir()
    monkeypatch.setattr(os, "access", lambda *_: False)
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


def test_a_network_is_laid_out_once_for_all_processes(
    store: EmbeddedStore, beside: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = create_app(store, beside).test_client().get(NETWORK)
    monkeypatch.setattr(placement, "grouped_layout", lambda *_: pytest.fail("it is laid out again"))
    second = create_app(store, beside).test_client().get(NETWORK)
    assert second.status_code == 200
    assert second.text == first.text


def test_a_layout_of_other_things_is_not_taken(store: EmbeddedStore, beside: Release) -> None:
    kept = beside.result_cache
    for told in ([[[1, 1]], [[0]]], [[[1, 1], [2, 2]], [[0, 5]]], "nonsense"):
        kept.get("grouped-layout", "2 ((0, 1),)", lambda told=told: told, list, tuple)
        queries = PageQueries(store, result_cache=kept)
        layout = placement._layout(queries, 2, ((0, 1),))
        assert len({*layout.places}) == 2 and layout.groups == ((0, 1),)
        assert kept.folder is not None
        for file in kept.folder.glob("grouped-layout-*"):
            file.unlink()
