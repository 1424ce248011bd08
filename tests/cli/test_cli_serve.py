"""``rallynov serve``: what it takes, what it says, how soon it is there."""

from pathlib import Path

import pytest

from rallynov_graph.release.release import latest
from servers import serving, start


def test_a_faulty_file_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "faulty.ttl"
    file.write_text("@prefix : <https://example.org/> .\n:a :b\n", "utf-8")
    _, complained = start("--port", "0", "--data", str(file)).communicate(timeout=300)
    assert "faulty.ttl, line " in complained
    assert "Traceback" not in complained


def test_it_builds_the_release_once_and_then_takes_it_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with serving(starting=start) as server:
        assert server.query("ASK { ?s ?p ?o }").status == 200
    assert latest(tmp_path / "releases")
    before = changed(tmp_path / "releases")
    with serving(starting=start) as server:
        assert server.query("ASK { ?s ?p ?o }").status == 200
    assert changed(tmp_path / "releases") == before


def changed(folder: Path) -> dict[Path, int]:
    """Return when the folder and what lies in it were written last: a build goes through it."""
    return {path: path.stat().st_mtime_ns for path in (folder, *folder.iterdir())}
