"""Compression and hashing of files while they are written; the same bytes at any time."""

import gzip
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final, cast

GZIP: Final = "gzip"
SUFFIXES: Final = {GZIP: ".gz"}
"""The compressions, each with the suffix of its files: one that every system can undo."""
FORMER: Final = ".zst"
"""The suffix of files in a compression that is written no more."""
MEDIA_TYPES: Final = {GZIP: "application/gzip"}
_GZIP_LEVEL: Final = 6
_AT_ONCE: Final = 1 << 18


class HashingFile(io.RawIOBase):
    """A file that writes into another one, and counts and hashes the bytes."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.bytes = 0

    @property
    def sha256(self) -> str:
        """The SHA-256 of what was written, in hexadecimal."""
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
    """Yield a file that is compressed into another one, or this one for an empty ``packing``."""
    if packing == GZIP:
        writer = gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)
        with io.BufferedWriter(cast("io.RawIOBase", writer), _AT_ONCE) as inner:
            yield inner
    else:
        yield file
