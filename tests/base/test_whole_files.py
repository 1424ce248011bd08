"""Folders that writers lock in turn."""

from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

from rallynov_graph.base.whole_files import locked, unfinished_folder


def test_a_folder_that_was_made_for_nothing_goes_again(tmp_path: Path) -> None:
    folder = tmp_path / "releases"
    with suppress(ValueError), locked(folder):
        (unfinished_folder(folder) / "begun").touch()
        raise ValueError("nothing came of it")
    assert not folder.exists()
    with locked(folder):
        (folder / "made").touch()
    assert (folder / "made").exists()


def test_a_folder_that_was_there_stays(tmp_path: Path) -> None:
    with locked(tmp_path):
        pass
    assert tmp_path.exists()


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
