"""Folders that writers lock in turn."""

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.base.whole_files import locked, replace_file, unfinished_folder
from rallynov_graph.release.freezing import workshop


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    with suppress(ValueError), locked(folder):
        (unfinished_folder(folder) / "begun").touch()
        raise ValueError("nothing came of it")
    assert not folder.exists()
    with locked(folder):
        (folder / "made").touch()
    assert (folder / "made").exists()


def test_no_link_is_followed_where_a_folder_is_written_into(tmp_path: Path) -> None:
    folder, other = tmp_path / "releases", tmp_path / "other"
    folder.mkdir()
    other.mkdir()
    (other / "mine").write_text("mine")
    (folder / ".unfinished-LATEST").symlink_to(other / "mine")
    (folder / ".unfinished-x").symlink_to(other)
    with locked(folder):
        (folder / ".unfinished-LATEST").symlink_to(other / "mine")
        replace_file(folder, folder / "LATEST", b"new")
    assert sorted(it.name for it in folder.iterdir()) == [".lock", "LATEST"]
    (folder / ".lock").unlink()
    (folder / ".lock").symlink_to(other / "mine")
    link = r"\.lock: .*: a symbolic link, which is not followed; remove the link\."
    with pytest.raises(ReleaseError, match=link) as error, workshop(folder):
        pass
    assert "lien symbolique, qui n’est pas suivi" in error.value.text("fr")
    assert (other / "mine").read_text() == "mine"


def test_who_waits_for_a_folder_that_goes_makes_it_anew(tmp_path: Path) -> None:
    folder, begins = tmp_path / "releases", Event()

    def write() -> None:
        begins.set()
        with locked(folder):
            (folder / "made").touch()

    writer = Thread(target=write)
    with locked(folder):
        writer.start()
        begins.wait()
    writer.join()
    assert (folder / "made").exists()
    with locked(folder):
        assert [it.name for it in folder.iterdir() if it.name != ".lock"] == ["made"]
