"""Answers that are kept beside a release, to queries and as pages: it never changes, nor do they.

Some are prepared and stay; others are kept as they are asked, as far as there is room. One that is
damaged, or of another release or software, is as one that is not there.
"""

from __future__ import annotations

import hashlib
import logging
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeGuard

import zstandard

from rallynov_graph.base.whole_files import locked_within, unfinished_folder

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

FROM: Final = 100_000
"""A release of so many quads keeps answers: over fewer, they take as long to read as to find."""
FORMAT: Final = 2
"""Another number wherever answers are written otherwise."""
ROOM: Final = 64 << 20
"""How many bytes the answers may take on disk that were kept as they were asked."""
LONGEST: Final = 16 << 20
"""A longer answer is not kept as it is asked."""
_PREPARED: Final = "prepared"
_ASKED: Final = "asked"
_HASH: Final = hashlib.sha256().digest_size
_LOG: Final = logging.getLogger(__name__)


def keeps(release: Release | None) -> TypeGuard[Release]:
    """Return whether answers are kept beside a release; beside the view of a document none is."""
    return (
        release is not None and release.whole is None and release.manifest.counts["quads"] >= FROM
    )


class KeptAnswers:
    """The answers that are kept in a folder; without a folder, none."""

    def __init__(self, folder: Path | None, room: int = ROOM) -> None:
        self.folder, self._room = folder, room

    @classmethod
    def beside(cls, release: Path, name: str) -> KeptAnswers:
        """Return those in a folder beside a release; none where nothing can be written there."""
        folder = release / name
        return cls(folder if folder.is_dir() or os.access(release, os.W_OK) else None)

    def find(self, asked: str, most: int | None = None) -> bytes | None:
        """Return the answer to what is asked; None where none is kept, or a damaged one.

        One that takes more than ``most`` bytes on disk is None, too.
        """
        if self.folder is None:
            return None
        name = _name(asked)
        for category in (_PREPARED, _ASKED):
            place = f"{self.folder}/{category}-{name}"
            if not os.access(place, os.R_OK):  # nearly always: an error costs seven times as much
                continue
            path = Path(place)
            with suppress(OSError, ValueError, zstandard.ZstdError):
                if most is not None and path.stat().st_size > most:
                    return None
                content = _content(path)
                if category == _ASKED:
                    os.utime(path)  # what was used longest ago goes first
                return content
        return None

    def is_prepared(self, asked: str) -> bool:
        """Return whether the answer was prepared, and is whole."""
        with suppress(OSError, ValueError, zstandard.ZstdError):
            return self.folder is not None and bool(_content(self._path(_PREPARED, asked)))
        return False

    def prepare(self, asked: str, content: bytes) -> None:
        """Keep an answer for as long as the release is there; raise OSError."""
        if self.folder is not None:
            with locked_within(self.folder):
                self._put(self._path(_PREPARED, asked), content)

    def keep(self, asked: str, content: bytes) -> None:
        """Keep an answer as long as there is room; where nothing can be written, it is not kept."""
        if self.folder is None or len(content) > LONGEST:
            return
        try:
            with locked_within(self.folder):
                path = self._path(_ASKED, asked)
                self._put(path, content)
                self._make_room(path)
        except OSError as error:
            _LOG.info("an answer is not kept in %s: %s", self.folder, error)

    def _path(self, category: str, asked: str) -> Path:
        assert self.folder is not None
        return self.folder / f"{category}-{_name(asked)}"

    def _put(self, path: Path, content: bytes) -> None:
        assert self.folder is not None
        packed = zstandard.ZstdCompressor().compress(content)
        new = unfinished_folder(self.folder) / path.name
        new.write_bytes(_digest(path, packed) + packed)
        new.replace(path)

    def _make_room(self, newest: Path) -> None:
        assert self.folder is not None
        files = [(path, path.stat()) for path in self.folder.glob(f"{_ASKED}-*")]
        size = sum(stat.st_size for _, stat in files)
        for path, stat in sorted(files, key=lambda it: it[1].st_mtime_ns):
            if size <= self._room:
                return
            if path != newest:
                path.unlink(missing_ok=True)
                size -= stat.st_size


def _name(asked: str) -> str:
    """Return what the answer to something asked is called, in either category."""
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _content(path: Path) -> bytes:
    """Return what was put in a file; raise ValueError or ZstdError where it is something else."""
    written = path.read_bytes()
    packed = written[_HASH:]
    if written[:_HASH] != _digest(path, packed):
        raise ValueError(path)
    return zstandard.ZstdDecompressor().decompress(packed)


def _digest(path: Path, packed: bytes) -> bytes:
    """Return the hash of an answer under its name and that of its folder, which is of one release.

    So none passes for that to another question, or of another release.
    """
    named = f"{path.parent.name}\0{path.name}\0".encode()
    return hashlib.sha256(named + packed).digest()
