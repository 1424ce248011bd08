"""Files derived from a release and kept beside it: indexes, dumps, a store on disk.

All of them may be deleted at any time. Each is made by one process at a time and appears completely
or not at all. A missing, unreadable or changed one is made again.
"""

import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from rallynov_graph.base.whole_files import (
    flush_to_disk,
    locked_within,
    put_in_place,
    unfinished_folder,
    write_file,
)

SUMS: Final = "SHA256SUMS"
"""The list of the files of a folder with their hashes, as ``sha256sum --check`` reads it."""


def derived_folder(folder: Path, make: Callable[[Path], None]) -> Path:
    """Return a folder of derived files; ``make`` fills it if it is missing or damaged.

    Raises OSError if it cannot be written, and FileNotFoundError if the folder around it was
    deleted.
    """
    if not is_whole(folder):
        with locked_within(folder.parent):
            if not is_whole(folder):
                new = unfinished_folder(folder.parent) / folder.name
                new.mkdir()
                make(new)
                _seal(new)
                put_in_place(new, folder)
    return folder


def is_whole(folder: Path) -> bool:
    """Whether a folder has all its files, each as it was written."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
        listed = tuple(line.partition("  ")[::2] for line in lines)
        states = tuple(_state(folder / name) for _, name in listed)
        return bool(listed) and _are_whole(folder, listed, states)
    except (OSError, ValueError):
        return False


@lru_cache(maxsize=256)
def _are_whole(
    folder: Path, listed: tuple[tuple[str, str], ...], _states: tuple[tuple[int, ...], ...]
) -> bool:
    """Whether files match their hashes; unchanged files are read only once."""
    return all(_sha256(folder / name) == digest for digest, name in listed)


def _state(path: Path) -> tuple[int, ...]:
    found = path.stat()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _seal(folder: Path) -> None:
    """List the files of a folder with their hashes, and flush all of it to disk."""
    files = sorted(folder.iterdir())
    sums = "".join(f"{_sha256(file)}  {file.name}\n" for file in files)
    flush_to_disk(*files)
    write_file(folder / SUMS, sums.encode())
    flush_to_disk(folder)
