"""Files derived from a release and kept beside it: indexes, dumps, a store on disk, results.

All of them may be deleted at any time. Each is made by one process at a time and appears completely
or not at all. A missing, unreadable or changed one is made again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

from rallynov_graph import __version__
from rallynov_graph.base.whole_files import (
    flush_to_disk,
    locked_within,
    put_in_place,
    unfinished_folder,
    write_file,
)

SUMS: Final = "SHA256SUMS"
"""The list of the files of a folder with their hashes, as ``sha256sum --check`` reads it."""
RESULTS: Final = 3
"""Another number wherever a result is worked out or written otherwise."""
MOST_RESULTS: Final = 400
"""The number of kept results of one category; readers can ask for any number of them."""
_LOG: Final = logging.getLogger(__name__)
_HASH: Final = 64

Result = TypeVar("Result")


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


class ResultCache:
    """Results computed from a release, one file each; without a folder, none is kept."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    @classmethod
    def beside(cls, release: Path, release_id: str) -> ResultCache:
        """Return the cache in a release's folder, or one without a folder if it is not writable."""
        folder = release / f"results-{RESULTS}-{__version__}-{release_id[:16]}"
        return cls(folder if folder.is_dir() or os.access(release, os.W_OK) else None)

    def get(
        self,
        category: str,
        key: str,
        compute: Callable[[], Result],
        encode: Callable[[Result], object],
        decode: Callable[[object], Result],
    ) -> Result:
        """Return the result of a key; compute and keep it if there is none.

        It is stored as JSON. ``decode`` may raise ValueError, TypeError or KeyError for invalid
        data.
        """
        if (kept := self.kept(category, key, decode)) is not None:
            return kept
        result = compute()
        if self.folder is not None:
            path = self._path(self.folder, category, key)
            try:
                content = json.dumps(encode(result), separators=(",", ":")).encode()
                self._keep(path, category, content)
            except (OSError, ValueError) as error:
                _LOG.info("%s is not kept: %s", path, error)
        return result

    def kept(self, category: str, key: str, decode: Callable[[object], Result]) -> Result | None:
        """Return the kept result of a key; None if there is none or it is damaged."""
        if self.folder is not None:
            with suppress(OSError, ValueError, TypeError, KeyError):
                written = self._path(self.folder, category, key).read_bytes()
                digest, content = written[:_HASH], written[_HASH:]
                if digest == hashlib.sha256(content).hexdigest().encode():
                    return decode(json.loads(content))
        return None

    def _path(self, folder: Path, category: str, key: str) -> Path:
        return folder / f"{category}-{hashlib.sha256(key.encode()).hexdigest()[:32]}"

    def _keep(self, path: Path, category: str, content: bytes) -> None:
        with locked_within(path.parent):
            is_new = not path.exists()
            if is_new and len([*path.parent.glob(f"{category}-*")]) >= MOST_RESULTS:
                return
            new = unfinished_folder(path.parent) / path.name
            write_file(new, hashlib.sha256(content).hexdigest().encode() + content)
            put_in_place(new, path)
