"""Writing a release folder so that it appears whole or not at all, whatever happens meanwhile."""

import fcntl
import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import ReleaseError, os_error_text
from rallynov_graph.release.release import LATEST, MANIFEST, latest

_LOCK: Final = ".lock"
_UNFINISHED: Final = ".unfinished-"


@dataclass(frozen=True)
class Workshop:
    """A folder beside the releases, in which one release is made while no other one is."""

    out: Path
    folder: Path

    def freeze(
        self, name: str, core: Sequence[str], derived: Mapping[str, bytes], manifest: bytes
    ) -> None:
        """Put the release in its place, complete; the first one is the latest from now on.

        The core are files that lie in the workshop. Where a release of the same name is there
        already, its data stay untouched, and only what is derived from them is renewed.
        """
        target = self.out / name
        if _has(target, self.folder, core):
            _renew(self.out, target, derived, manifest)
        else:
            _place(self, target, core, {**derived, MANIFEST: manifest})
        if latest(self.out) is None:
            self.name_latest(name)

    def name_latest(self, name: str) -> None:
        """Name a release as the latest one: servers that watch the folder take it up."""
        _replace(self.out, self.out / LATEST, f"{name}\n".encode())


@contextmanager
def workshop(out: Path) -> Iterator[Workshop]:
    """Give a workshop; makers take turns. Raises ReleaseError where it cannot be written."""
    try:
        with alone_in(out):
            yield Workshop(out, beside(out))
    except OSError as error:
        raise ReleaseError(
            f"{out}: the release cannot be written: {os_error_text(error)}"
        ) from error


@contextmanager
def alone_in(out: Path) -> Iterator[None]:
    """Hold the folder's lock: makers take turns, and what a killed one left behind is swept."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep(out)
        try:
            yield
        finally:
            _sweep(out)


def _sweep(out: Path) -> None:
    for left in out.glob(f"{_UNFINISHED}*"):
        if left.is_dir():
            # A store in it may still be written by the engine's threads: not under another name.
            shutil.rmtree(left.rename(f"{left}~"), ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _has(folder: Path, other: Path, files: Iterable[str]) -> bool:
    return all(
        (folder / name).is_file() and filecmp.cmp(folder / name, other / name, shallow=False)
        for name in files
    )


def _holds(folder: Path, files: Mapping[str, bytes]) -> bool:
    paths = {folder / name: content for name, content in files.items()}
    return all(path.is_file() and path.read_bytes() == paths[path] for path in paths)


def _place(shop: Workshop, target: Path, core: Iterable[str], files: Mapping[str, bytes]) -> None:
    """Put a whole folder in its place; a damaged one that has its name goes."""
    whole = beside(shop.out) / target.name
    whole.mkdir()
    for name in core:
        (shop.folder / name).rename(whole / name)
        settle(whole / name)
    for name, content in files.items():
        _write(whole / name, content)
    settle(*{(whole / name).parent for name in files})
    if target.exists():
        target.rename(beside(shop.out) / target.name)
    whole.rename(target)
    settle(shop.out)


def _renew(out: Path, folder: Path, derived: Mapping[str, bytes], manifest: bytes) -> None:
    """Put new derived files beside the old ones, then the manifest that names them.

    The old ones stay: whoever loaded the release before may still read them.
    """
    part = next(iter(derived)).partition("/")[0]
    if not _holds(folder, derived):
        made = beside(out)
        for name, content in derived.items():
            _write(made / name, content)
        settle(made / part)
        if (folder / part).exists():
            shutil.rmtree(folder / part)
        (made / part).rename(folder / part)
    _replace(out, folder / MANIFEST, manifest)


def beside(out: Path) -> Path:
    """Return a new folder for what is not finished."""
    return Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=out))


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _replace(out: Path, path: Path, content: bytes) -> None:
    """Give a file its new content in one step."""
    if path.is_file() and path.read_bytes() == content:
        return
    new = out / f"{_UNFINISHED}{path.name}"
    _write(new, content)
    new.replace(path)
    settle(path.parent)


def put(path: Path, content: bytes) -> None:
    """Put what is derived from a release beside it, whole or not at all; raise OSError."""
    with alone_in(path.parent):
        _replace(path.parent, path, content)


def settle(*paths: Path) -> None:
    """Make these files, or the names in these folders, outlast a power cut."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
