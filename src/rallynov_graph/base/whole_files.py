"""Write files and folders that appear completely or not at all, whatever happens meanwhile."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

_LOCK: Final = ".lock"
_UNFINISHED: Final = ".unfinished-"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder's lock: writers take turns, and leftovers of a killed one are removed.

    A folder that was created for this and stayed empty is deleted.
    """
    is_new = not folder.exists()
    with _lock_of(folder):
        _remove_unfinished(folder)
        try:
            yield
        finally:
            _remove_unfinished(folder)
            if is_new and [*folder.iterdir()] == [folder / _LOCK]:
                (folder / _LOCK).unlink()
                folder.rmdir()


@contextmanager
def locked_within(folder: Path) -> Iterator[None]:
    """Hold a lock inside an existing folder; a deleted folder is not created again.

    Raises FileNotFoundError.
    """
    folder.parent.stat()
    with locked(folder):
        yield


def _lock_of(folder: Path) -> IO[str]:
    """Return the lock file of a folder once no other process holds it."""
    while True:
        folder.mkdir(parents=True, exist_ok=True)
        with suppress(
            FileNotFoundError
        ):  # the previous holder removed it with the folder: make both again
            flags = os.O_WRONLY | os.O_CREAT
            lock = os.fdopen(following_no_link(str(folder / _LOCK), flags), "w")
            fcntl.flock(lock, fcntl.LOCK_EX)
            if os.path.samestat(os.fstat(lock.fileno()), (folder / _LOCK).lstat()):
                return lock
            lock.close()


def following_no_link(path: str, flags: int) -> int:
    """Open a file for ``open``; raise OSError for a symbolic link."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o666)


def _remove_unfinished(folder: Path) -> None:
    for path in folder.glob(f"{_UNFINISHED}*"):
        if path.is_dir() and not path.is_symlink():
            # A store in it may still be written by the engine's threads: not under another name.
            shutil.rmtree(path.rename(f"{path}~"), ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def unfinished_folder(folder: Path) -> Path:
    """Return a new folder for unfinished files in a locked folder; it is deleted with the lock."""
    return Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))


def write_file(path: Path, content: bytes) -> None:
    """Write a file and its folders, and flush them to disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_file(folder: Path, path: Path, content: bytes) -> None:
    """Replace the content of a file in one step, through a locked folder."""
    if path.is_file() and path.read_bytes() == content:
        return
    new = unfinished_folder(folder) / path.name
    write_file(new, content)
    put_in_place(new, path)


def put_in_place(new: Path, target: Path) -> None:
    """Move finished files to their place in one step; a previous folder is deleted with the lock.

    The finished files are in an unfinished folder of a locked one.
    """
    if target.is_dir() or (new.is_dir() and target.exists()):
        target.rename(new.parent / f"{target.name}~")
    new.replace(target)
    flush_to_disk(target.parent)


@contextmanager
def replacing_file(path: Path, mode: int) -> Iterator[IO[bytes]]:
    """Yield a file that replaces another one when it is complete, without any lock."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(mode)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def flush_to_disk(*paths: Path) -> None:
    """Flush these files, or the names in these folders, to disk."""
    for path in paths:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
