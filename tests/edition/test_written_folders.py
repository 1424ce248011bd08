"""The folder of an edition: whole or as it was, verified, never in the place of something else."""

from __future__ import annotations

import re
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from decided import rallynov
from rallynov_graph.base.errors import EditionError
from rallynov_graph.edition import folder as manifest
from rallynov_graph.edition.folder import replacing
from rallynov_graph.edition.publishing import _processes, _work
from rallynov_graph.release.attribution import Publication
from small_edition import BASE, SmallEdition
from waiting import eventually


def sealed(out: Path, **content: bytes) -> None:
    """Publish a folder of a few files."""
    with replacing(out) as folder:
        sums = {name: folder.write(name, [body]) for name, body in content.items()}
        folder.seal(manifest.Manifest("0" * 64, (), "https://example.org/", False, "1"), sums)


def test_an_edition_is_what_its_manifest_says(edition: SmallEdition) -> None:
    said = rallynov("check", edition.folder)
    assert said.status == 0 and edition.release.id in said.out
    for folder in (edition.folder, edition.folder / "downloads"):
        summed = subprocess.run(
            ["sha256sum", "--check", "--quiet", manifest.SUMS],
            cwd=folder,
            check=False,
            capture_output=True,
        )
        assert summed.returncode == 0, summed.stderr


def listed_otherwise(folder: Path) -> None:
    (folder / manifest.SUMS).write_text("")


HARM: dict[str, Callable[[Path], object]] = {
    "index.html was changed.": lambda it: (it / "index.html").write_bytes(b"other"),
    "void.ttl is missing.": lambda it: (it / "void.ttl").unlink(),
    "notes.txt is not part of the edition.": lambda it: (it / "notes.txt").write_text("mine"),
    f"{manifest.SUMS} is not the list that {manifest.MANIFEST} names.": listed_otherwise,
}


def test_what_is_not_as_it_was_published_is_named(
    tmp_path: Path, subtests: pytest.Subtests
) -> None:
    for number, (wanted, harm) in enumerate(HARM.items()):
        folder = tmp_path / str(number)
        sealed(folder, **{"index.html": b"1", "void.ttl": b"2"})
        assert rallynov("check", folder).status == 0
        harm(folder)
        with subtests.test(wanted):
            said = rallynov("check", folder)
            assert said.status == 2 and wanted in said.err, said
            assert "publish it again" in said.err
            french = rallynov("check", folder, "--lang", "fr")
            assert french.status == 2 and "publiez de nouveau" in french.err
            assert len(french.err.splitlines()) == len(said.err.splitlines())
            assert wanted not in french.err


def test_publishing_again_changes_only_what_changed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sealed(out, same=b"1", other=b"2")
    before = {name: (out / name).stat() for name in ("same", "other")}
    sealed(out, same=b"1", other=b"3")
    after = {name: (out / name).stat() for name in ("same", "other")}
    assert before["same"].st_ino == after["same"].st_ino
    assert before["same"].st_mtime_ns == after["same"].st_mtime_ns
    assert (out / "other").read_bytes() == b"3"
    assert before["other"].st_ino != after["other"].st_ino


def something_else(out: Path) -> tuple[str, str]:
    out.mkdir()
    (out / "thesis.txt").write_text("mine")
    return "contains something other than an edition", "contient autre chose qu’une édition"


def a_file(out: Path) -> tuple[str, str]:
    out.write_text("mine")
    return "is not a folder", "n’est pas un dossier"


def an_edition_and_more(out: Path) -> tuple[str, str]:
    sealed(out, one=b"1")
    (out / "CNAME").write_text("data.example.org")
    return (
        "holds CNAME, which is not part of an edition",
        "contient CNAME, qui ne fait pas partie d’une édition",
    )


@pytest.mark.parametrize("place", [something_else, a_file, an_edition_and_more])
def test_what_holds_something_else_is_left_alone(
    tmp_path: Path, place: Callable[[Path], tuple[str, str]]
) -> None:
    out = tmp_path / "out"
    wanted = dict(zip(("en", "fr"), place(out), strict=True))
    before = sorted(path.name for path in tmp_path.rglob("*"))
    for language, sentence in wanted.items():
        said = rallynov("publish", out, "--lang", language)
        assert said.status == 2 and sentence in said.err, said
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


def test_a_base_is_an_address_with_a_slash_or_without(
    edition: SmallEdition, tmp_path: Path
) -> None:
    assert manifest.read(edition.folder).base == BASE
    assert Publication.of(BASE.rstrip("/")).base == BASE
    said = rallynov("publish", tmp_path / "out", "--base", "data.example.org")
    assert said.status == 2 and "cannot be a lasting address" in said.err
    french = rallynov("publish", tmp_path / "out", "--base", "data.example.org", "--lang", "fr")
    assert french.status == 2 and "ne peut pas être une adresse durable" in french.err


def test_who_fails_leaves_the_old_folder(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sealed(out, one=b"1")

    def fail() -> None:
        with replacing(out) as folder:
            folder.write("one", [b"2"])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert (out / "one").read_bytes() == b"1"
    assert [it.name for it in tmp_path.iterdir()] == ["out"]


def test_two_do_not_publish_to_one_folder_at_once(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with replacing(out) as folder:
        folder.write("one", [b"1"])
        with pytest.raises(EditionError, match="Another process"), replacing(out):
            pass
    assert (out / "one").read_bytes() == b"1"


def test_a_full_disk_is_a_sentence_and_the_old_folder_stays(
    edition: SmallEdition, tmp_path: Path
) -> None:
    out = Path(shutil.copytree(edition.folder, tmp_path / "out"))
    command = [sys.executable, "-m", "rallynov_graph", "publish", out]
    said = subprocess.run(
        [*command, "--release", edition.release.path],
        check=False,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000)),
    )
    assert said.returncode == 2, said
    assert "make room" in said.stderr and len(said.stderr.splitlines()) == 1
    assert rallynov("check", out).status == 0
    assert [it.name for it in tmp_path.iterdir()] == ["out"]


def children(process: subprocess.Popen[bytes]) -> list[Path]:
    """Return the entries of the processes that a process has started."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
    return [Path(f"/proc/{pid}/stat") for pid in listed.split()]


def has_ended(entry: Path) -> bool:
    """Return whether a process has ended; who is to be told of it may not have asked yet."""
    try:
        return entry.read_text().rpartition(")")[2].split()[0] == "Z"
    except (FileNotFoundError, ProcessLookupError):
        return True


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (signal.SIGTERM, 143),
        (signal.SIGINT, 130),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_who_is_ended_leaves_the_old_folder_and_no_process(
    edition: SmallEdition, tmp_path: Path, kind: signal.Signals, status: int
) -> None:
    out = Path(shutil.copytree(edition.folder, tmp_path / "out"))
    unfinished = tmp_path / ".out.unfinished"
    command = [sys.executable, "-m", "rallynov_graph", "publish", out]
    with (tmp_path / "told").open("wb") as told:
        process = subprocess.Popen([*command, "--release", edition.release.path], stderr=told)
    try:
        assert eventually((unfinished / "index.html").exists, 120)
        started = children(process)
        assert started
    finally:
        process.send_signal(kind)
        assert process.wait(120) == status
    assert eventually(lambda: all(map(has_ended, started)), 60)
    assert re.match(r"(downloads|pages) \d+/\d+\n", (tmp_path / "told").read_text())
    if kind != signal.SIGKILL:
        assert not unfinished.exists()
    with suppress(KeyError), replacing(out):  # nobody holds the folder
        raise KeyError
    assert not unfinished.exists()
    assert rallynov("check", out).status == 0


@pytest.mark.parametrize("trap", ["a link", "another user's"])
def test_a_folder_that_somebody_put_in_its_place_is_not_written_into(
    tmp_path: Path, trap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other/mine").write_text("mine")
    if trap == "a link":
        (tmp_path / ".site.unfinished").symlink_to(tmp_path / "other")
    else:
        shutil.copytree(tmp_path / "other", tmp_path / ".site.unfinished")
        monkeypatch.setattr("os.geteuid", lambda: 12345)
    with pytest.raises(EditionError, match=r"\.site\.unfinished is a link, or another user"):
        sealed(tmp_path / "site", index=b"new")
    assert [*(tmp_path / ".site.unfinished").iterdir()] == [tmp_path / ".site.unfinished/mine"]
    assert (tmp_path / "other/mine").read_text() == "mine"


def test_a_process_that_is_ended_from_outside_is_told_of() -> None:
    def work(_: int) -> int:
        signal.raise_signal(signal.SIGKILL)
        return 0

    with pytest.raises(EditionError, match="was killed"), _processes(work, 2) as pool:
        [*pool.map(_work, [1, 2, 3])]
