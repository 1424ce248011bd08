"""The store of a release on disk: made once, whole or not at all, the same answers."""

import subprocess
import sys
import time

import pytest

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.release import release as releases
from rallynov_graph.release import store_location as stores
from rallynov_graph.release.store_location import StoreKind, folder_of, of_release
from servers import serving

MAKE = """
import resource, sys
from pathlib import Path
from rallynov_graph.release.release import load
from rallynov_graph.release.store_location import StoreKind, of_release
if len(sys.argv) > 2:
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)
of_release(load(Path(sys.argv[1])), StoreKind.DISK)
"""
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


def making(release, *limit):
    """Start to make the store in a process of its own: after a fork, the engine cannot write."""
    command = [sys.executable, "-c", MAKE, str(release.path), *limit]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def left_over(release):
    return [path.name for path in release.path.iterdir() if path.name.startswith(".unfinished")]


def test_the_store_is_made_at_first_use_and_then_used_again(small, store):
    (small.path / ".unfinished-x").mkdir()
    assert of_release(small, StoreKind.DISK).descriptors() and not store.descriptors()
    made = {path: path.stat().st_mtime_ns for path in folder_of(small).iterdir()}
    of_release(small, StoreKind.DISK)
    assert {path: path.stat().st_mtime_ns for path in folder_of(small).iterdir()} == made
    assert not left_over(small), "what a killed one left is swept"
    assert releases.load(small.path) == small


def test_a_setting_names_the_size_above_which_a_release_is_read_from_disk(small, monkeypatch):
    for fewer, there in ((0, False), (1, True)):
        monkeypatch.setenv(stores.DISK_ABOVE, str(small.manifest.counts["quads"] - fewer))
        of_release(small)
        assert folder_of(small).is_dir() == there
    monkeypatch.setenv(stores.DISK_ABOVE, "4 million")
    with pytest.raises(RallynovError, match="RALLYNOV_DISK_ABOVE is a number of quads"):
        of_release(small)


def test_a_kill_at_any_moment_leaves_no_half_store(small):
    """The engine writes by itself, so the moments are taken by the clock."""
    expected = of_release(small, StoreKind.MEMORY).select(COUNT)
    seen = 0
    while not folder_of(small).is_dir():
        before = left_over(small)
        with making(small) as maker:
            while left_over(small) == before and maker.poll() is None:
                time.sleep(0.001)
            time.sleep(seen * 0.12)
            maker.kill()
        seen += 1
    assert seen > 1
    assert of_release(small, StoreKind.DISK).select(COUNT) == expected


def test_a_full_disk_is_said_and_several_at_once_make_one(small):
    with making(small, "500") as maker:
        _, told = maker.communicate()
    assert "ReleaseError" in told and "cannot be kept there" in told
    assert not folder_of(small).exists() and not left_over(small)
    makers = [making(small) for _ in range(3)]
    assert [maker.communicate()[1] for maker in makers] == ["", "", ""]
    assert folder_of(small).is_dir() and not left_over(small)


def test_a_server_reads_from_disk_in_every_process(release, store):
    query = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    rows = len(store.select(query))
    options = ("--release", str(release.path), "--store", "disk", "--query-timeout", "5")
    with serving(*options) as server:
        for _ in range(4):
            answer = server.query(query, "text/csv")
            assert (answer.status, len(answer.text.splitlines())) == (200, rows + 1)
        assert server.ask("GET", "/").status == 200
