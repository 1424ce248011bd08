"""A release is prepared before it is served: all that its pages ask of the whole graph is kept."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

import standin
from conftest import Ran
from copies import copied
from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.release import checking, store_location
from rallynov_graph.release import release as releases
from rallynov_graph.release.release import Release
from rallynov_graph.server import preparing
from rallynov_graph.site.application import create_app
from rallynov_graph.sparql.oxigraph.embedded import EmbeddedStore

ASKED: Final = (
    *("/", "/?certainty=explicit", "/list/theme", "/list/theme?certainty=inferred"),
    *(
        "/terms.json",
        "/terms.json?lang=en",
        "/terms.json?of=https://w3id.org/rallynov/ontology%23Stage",
    ),
    *(
        "/list/stage",
        "/list/passage?lang=en",
        "/network",
        "/list/organisation?view=matrix",
        "/search?q=gouvernance",
    ),
)
"""Addresses that ask something of the whole graph."""
WHOLE: Final = ("classes", "properties_counted", "terms", "themes", "busiest", "how_many")
PREPARE: Final = """
import sys
from rallynov_graph.cli.main import main
{before}
sys.argv = ["rallynov", "prepare", {folder!r}]
main()
"""


@pytest.fixture
def bare(release: Release, tmp_path: Path) -> Release:
    """The release of the shipped data in a folder of its own, as it is when it was built."""
    return copied(release, tmp_path / release.path.name)


@pytest.fixture(scope="module")
def prepared_once(release: Release, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release as ``prepare`` leaves it; nothing may change it."""
    made = copied(release, tmp_path_factory.mktemp("prepared") / release.path.name)
    preparing.prepare(made)
    return made


@pytest.fixture
def prepared(prepared_once: Release, tmp_path: Path) -> Release:
    """A prepared release of the shipped data in a folder of its own."""
    folder = tmp_path / "prepared" / prepared_once.path.name
    shutil.copytree(prepared_once.path, folder)
    return replace(prepared_once, path=folder)


def parts(release: Release) -> set[str]:
    return {path.name.partition("-")[0] for path in release.path.iterdir()}


def answers(store: EmbeddedStore, release: Release) -> list[bytes]:
    client = create_app(store, release).test_client()
    return [client.get(address).data for address in ASKED]


def prepared_apart(release: Release, before: str = "") -> subprocess.CompletedProcess[str]:
    code = PREPARE.format(before=before, folder=str(release.path))
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_prepared_release_answers_from_what_is_kept(
    store: EmbeddedStore, prepared: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = answers(store, copied(prepared, prepared.path.with_name("bare")))
    asked = []
    select = EmbeddedStore.select

    def noted(self: EmbeddedStore, query: str) -> Solutions:
        asked.append(query)
        return select(self, query)

    monkeypatch.setattr(EmbeddedStore, "select", noted)
    assert answers(store, prepared) == plain
    whole = PageQueries(store)
    assert asked, "names of what is shown are looked up"
    for name in WHOLE:
        first = whole.text(name).splitlines()[0]
        assert not [query for query in asked if query.startswith(first)], name


def test_preparing_changes_nothing_that_is_hashed(bare: Release, prepared: Release) -> None:
    before, after = standin.hashes(bare.path), standin.hashes(prepared.path)
    assert {name: after[name] for name in before} == before
    assert {"results", "search"} <= parts(prepared)
    assert [*prepared.path.glob("results-*/statistics-*")], "what VoID counts is among the results"
    assert checking.intact(prepared.path).id == bare.id


def test_a_release_that_is_there_is_prepared_by_a_command(
    rallynov: Callable[..., Ran], bare: Release
) -> None:
    ran = rallynov("prepare", bare.path)
    assert (ran.status, ran.out, ran.err) == (0, f"{bare.path}\n", "")
    assert {"results", "search"} <= parts(bare)
    ran = rallynov("prepare")
    assert (ran.status, ran.err.count("\n")) == (2, 1)
    assert "releases does not exist" in ran.err


def test_what_is_kept_is_used_again_and_what_is_damaged_is_made_again(
    prepared: Release,
) -> None:
    kept = {path: path.read_bytes() for path in prepared.path.glob("*-*/*-*") if path.is_file()}
    index = next(prepared.path.glob("search-*/index.sqlite"))
    damaged = [
        next(path for path in kept if path.name.startswith(f"{s}-")) for s in ("terms", "list")
    ]
    times = {path: path.stat().st_mtime_ns for path in kept}
    for path in damaged:
        path.write_bytes(kept[path][:-1])
    index.write_bytes(b"no index")
    preparing.prepare(prepared)
    assert {path: path.read_bytes() for path in kept} == kept
    assert index.read_bytes().startswith(b"SQLite format 3")
    untouched = set(kept) - {*damaged}
    assert {path: path.stat().st_mtime_ns for path in untouched} == {
        path: times[path] for path in untouched
    }


def test_a_kill_leaves_a_good_release_that_is_prepared_afterwards(bare: Release) -> None:
    before = standin.hashes(bare.path)
    killed = prepared_apart(
        bare,
        "import os\n"
        "from rallynov_graph.base.result_cache import ResultCache\n"
        "put, left = ResultCache._put, [20]\n"
        "def killing(self, sort, path, content):\n"
        "    left[0] -= 1\n"
        "    if not left[0]: os.kill(os.getpid(), 9)\n"
        "    put(self, sort, path, content)\n"
        "ResultCache._put = killing\n",
    )
    assert killed.returncode == -signal.SIGKILL
    found = releases.load(bare.path)
    assert {name: standin.hashes(bare.path)[name] for name in before} == before
    assert len([*bare.path.glob("results-*/*-*")]) == 19
    preparing.prepare(found)
    assert len([*bare.path.glob("results-*/*-*")]) > 50


def test_a_full_disk_is_told_in_one_sentence(bare: Release) -> None:
    full = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))"
    ran = prepared_apart(bare, full)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.count("\n") == 1
    assert ran.stderr.startswith(f"rallynov: {bare.path}: what pages ask of the whole release")
    assert "File too large" in ran.stderr
    assert releases.load(bare.path)
    assert not [*bare.path.glob("**/.unfinished-*")]


def test_a_folder_that_cannot_be_written_to_is_told(
    bare: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ReleaseError, match="could not all be kept there: Permission denied"):
        preparing.prepare(bare)
    assert "results" not in parts(bare)


def test_an_index_that_was_made_is_used_where_nothing_can_be_written(
    store: EmbeddedStore, prepared: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    searchable = create_app(store, prepared).extensions["site"].finder.index_file
    assert searchable.index().path.parent.parent == prepared.path


def test_a_large_release_is_read_from_disk(
    store: EmbeddedStore, bare: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(store_location.DISK_ABOVE, "10")
    preparing.prepare(bare)
    assert store_location.folder_of(bare).is_dir()
    assert answers(store, bare) == answers(store, copied(bare, bare.path.with_name("bare"))), (
        "wherever it was worked out"
    )


def test_what_the_editor_proposes_is_the_same_from_what_is_kept(
    store: EmbeddedStore, prepared: Release
) -> None:
    def proposed(release: Release | None) -> list[object]:
        client = create_app(store, release).test_client()
        every = json.loads(client.get("/terms.json").data)
        classes = [t["iri"] for t in every["terms"] if t["kind"] == "class" and t["uses"]]
        of = [json.loads(client.get("/terms.json", query_string={"of": c}).data) for c in classes]
        return [every, *of]

    assert len([*prepared.path.glob("results-*/terms-*")]) == 3
    assert proposed(prepared) == proposed(None)
