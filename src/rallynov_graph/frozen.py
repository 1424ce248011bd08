"""Writing a release folder so that it appears whole or not at all, whatever happens meanwhile."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rallynov_graph.errors import ReleaseError
from rallynov_graph.release import LATEST, MANIFEST, Release, load

_LOCK: Final = ".lock"
_UNFINISHED: Final = ".unfinished-"


def freeze(
    out: Path, name: str, core: Mapping[str, bytes], derived: Mapping[str, bytes], manifest: bytes
) -> Release:
    """Return the release after it lies in ``out``, complete and named as the latest one.

    Where one of the same name is there already, its data stay untouched, and only what is derived
    from them is renewed. Raises ReleaseError where the folder cannot be written.
    """
    try:
        with _alone_in(out):
            folder = out / name
            if _has(folder, core):
                _renew(out, folder, derived, manifest)
            else:
                _place(out, folder, {**core, **derived, MANIFEST: manifest})
            _replace(out, out / LATEST, f"{name}\n".encode())
    except OSError as error:
        raise ReleaseError(f"{out}: the release cannot be written: {error.strerror}.") from error
    return load(folder)


@contextmanager
def _alone_in(out: Path) -> Iterator[None]:
    """Hold the folder's lock: builds take turns, and what a killed one left behind is swept."""
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
            shutil.rmtree(left, ignore_errors=True)
        else:
            left.unlink(missing_ok=True)


def _has(folder: Path, files: Mapping[str, bytes]) -> bool:
    paths = {folder / name: content for name, content in files.items()}
    return all(path.is_file() and path.read_bytes() == paths[path] for path in paths)


def _place(out: Path, folder: Path, files: Mapping[str, bytes]) -> None:
    """Put a whole folder in its place; a damaged one that has its name goes."""
    whole = _beside(out) / folder.name
    for name, content in files.items():
        _write(whole / name, content)
    _settle(*{(whole / name).parent for name in files})
    if folder.exists():
        folder.rename(_beside(out) / folder.name)
    whole.rename(folder)
    _settle(out)


def _renew(out: Path, folder: Path, derived: Mapping[str, bytes], manifest: bytes) -> None:
    """Put new derived files beside the old ones, then the manifest that names them.

    The old ones stay: whoever loaded the release before may still read them.
    """
    part = next(iter(derived)).partition("/")[0]
    if not _has(folder, derived):
        beside = _beside(out)
        for name, content in derived.items():
            _write(beside / name, content)
        _settle(beside / part)
        if (folder / part).exists():
            shutil.rmtree(folder / part)
        (beside / part).rename(folder / part)
    _replace(out, folder / MANIFEST, manifest)


def _beside(out: Path) -> Path:
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
    beside = out / f"{_UNFINISHED}{path.name}"
    _write(beside, content)
    beside.replace(path)
    _settle(path.parent)


def _settle(*folders: Path) -> None:
    """Make the names in these folders outlast a power cut."""
    for folder in folders:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
