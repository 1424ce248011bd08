"""Compress, archive and hash files while they are written, reproducibly."""

import gzip
import hashlib
import io
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

GZIP: Final = "gzip"
SUFFIXES: Final = {GZIP: ".gz"}
"""The compressions, each with the suffix of its files: one that every system can decompress."""
FORMER: Final = ".zst"
"""The suffix of files in a compression that is written no more."""
MEDIA_TYPES: Final = {GZIP: "application/gzip"}
_GZIP_LEVEL: Final = 6
_AT_ONCE: Final = 1 << 18
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_READABLE: Final = 0o100644 << 16


class HashingFile(io.RawIOBase):
    """A file that writes into another one, and counts and hashes the bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.bytes = 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of the written bytes, in hexadecimal."""
        return self._hash.hexdigest()

    def writable(self) -> bool:
        return True

    def write(self, piece: object) -> int:
        content = bytes(memoryview(cast("bytes", piece)))
        self._file.write(content)
        self._hash.update(content)
        self.bytes += len(content)
        return len(content)


@contextmanager
def compressed(file: IO[bytes], packing: str) -> Iterator[IO[bytes]]:
    """Yield a file that is compressed into another one, or that file for an empty ``packing``."""
    if packing == GZIP:
        writer = gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)
        with io.BufferedWriter(cast("io.RawIOBase", writer), _AT_ONCE) as inner:
            yield inner
    else:
        yield file


def write_zip(files: Iterable[tuple[str, Path | bytes]], file: IO[bytes]) -> None:
    """Write an archive of files under their names, in their order, from beginning to end."""
    with ZipFile(cast("IO[bytes]", _Unseekable(file)), "w") as archive:
        for name, content in files:
            entry = ZipInfo(name, _EPOCH)
            entry.compress_type, entry.create_system = ZIP_DEFLATED, _UNIX
            entry.external_attr = _READABLE
            if isinstance(content, bytes):
                archive.writestr(entry, content)
                continue
            entry.file_size = content.stat().st_size
            with content.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target)


class _Unseekable:
    """A file that cannot seek, so that a file and a pipe get the same bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, piece: bytes) -> int:
        self._file.write(piece)
        return len(piece)

    def flush(self) -> None:
        self._file.flush()
