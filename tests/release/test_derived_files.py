"""What is kept beside a release is made once, and made anew where it is damaged."""

from __future__ import annotations

from multiprocessing import get_context
from pathlib import Path
from typing import Final

import pytest

from rallynov_graph.base.derived_files import SUMS, derived_folder, is_whole
from rallynov_graph.base.terms import id_of_claim
from rallynov_graph.exports import dump_files
from rallynov_graph.rdf import sources
from rallynov_graph.release.claim_index import ClaimIndex
from rallynov_graph.release.finder import SearchIndexFile
from rallynov_graph.release.release import Release
from rallynov_graph.release.store_location import StoreKind, of_release
from rallynov_graph.sparql.embedded import EmbeddedStore
from servers import serving, start

NETWORK: Final = "/network?kind=organisation&kind=innovation"
COUNT: Final = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def read_search(release: Release) -> object:
    index = SearchIndexFile(EmbeddedStore.of_release(release), release).index()
    assert index is not None
    return index.kinds()


def read_claim(release: Release) -> object:
    last = [*sources.quads([release.data])][-1].triple
    return ClaimIndex(release).find(id_of_claim(*last)) == last


def read_dumps(release: Release) -> object:
    return dump_files.stored(release).dumps


def read_store(release: Release) -> object:
    return of_release(release, StoreKind.DISK).select(COUNT)


READERS: Final = {
    "search": read_search,
    "claims": read_claim,
    "downloads": read_dumps,
    "oxigraph": read_store,
}
"""Each kind of derived files by the beginning of its folder's name, and what reads it."""


def change_a_byte(path: Path) -> None:
    content = path.read_bytes()
    middle = len(content) // 2
    path.write_bytes(content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def make_unreadable(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES: Final = (change_a_byte, cut, make_unreadable, Path.unlink)


def files_of(release: Release, kind: str) -> list[Path]:
    found = release.path.glob(f"{kind}-*/*")
    return sorted(it for it in found if it.name != ".lock" and (it.is_dir() or it.stat().st_size))


@pytest.mark.parametrize("kind", READERS)
def test_each_file_that_is_damaged_is_made_anew(small: Release, kind: str) -> None:
    expected = READERS[kind](small)
    number = len(files_of(small, kind))
    assert number
    folder = files_of(small, kind)[0].parent
    for turn, damage in enumerate((*DAMAGES, *DAMAGES)):
        damage(files_of(small, kind)[turn * number // 8])
        assert not is_whole(folder)
        assert READERS[kind](small) == expected
        assert is_whole(folder)
        assert len(files_of(small, kind)) == number
    assert not [*small.path.rglob(".unfinished*")]


def test_a_server_starts_beside_damaged_files_and_makes_them_anew(small: Release) -> None:
    options = ("--release", str(small.path), "--store", "disk")
    asked = "/search?q=etape", "/downloads", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D"
    for read in READERS.values():
        read(small)
    for damage in (change_a_byte, make_unreadable):
        for kind in READERS:
            damage(files_of(small, kind)[0])
        with serving(*options, starting=start) as server:
            for address in asked:
                assert server.ask("GET", address).status == 200
        for kind in READERS:
            assert is_whole(files_of(small, kind)[0].parent), kind


def _writes(folder: Path) -> None:
    for _ in range(20):
        made = derived_folder(folder / "made", lambda new: (new / "file").touch()) / SUMS
        made.unlink(missing_ok=True)


def test_two_processes_do_not_disturb_each_other(tmp_path: Path) -> None:
    context = get_context("fork")
    both = [context.Process(target=_writes, args=(tmp_path,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(20)
        assert process.exitcode == 0
    assert {file.name for file in tmp_path.iterdir()} == {".lock", "made"}
    assert [it.name for it in (tmp_path / "made").iterdir()] in (["file"], [])
    _writes(tmp_path)
