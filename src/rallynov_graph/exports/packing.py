"""Compression and hashes of what is written while it is written; the same bytes at any time."""

import gzip
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final, cast

import zstandard

GZIP: Final = "gzip"
ZSTD: Final = "zstd"
SUFFIXES: Final = {GZIP: ".gz", ZSTD: ".zst"}
"""How a file is compressed, and what its name then ends with."""
MEDIA_TYPES: Final = {GZIP: "application/gzip", ZSTD: "application/zstd"}
_GZIP_LEVEL: Final = 6
_ZSTD_LEVEL: Final = 9
_AT_ONCE: Final = 1 << 18


class Hashed(io.RawIOBase):
    """A file that goes into another one; its hash and size are known at the end."""

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
        written = bytes(memoryview(cast("bytes", piece)))
        self._file.write(written)
        self._hash.update(written)
        self.bytes += len(written)
        return len(written)


@contextmanager
def packed(file: IO[bytes], how: str) -> Iterator[IO[bytes]]:
    """Give a file that is compressed into another one; as it is where ``how`` is empty."""
    if how == GZIP:
        writer: object = gzip.GzipFile("", "wb", _GZIP_LEVEL, file, mtime=0)
        with io.BufferedWriter(cast("io.RawIOBase", writer), _AT_ONCE) as inner:
            yield inner
    elif how == ZSTD:
        writer = zstandard.ZstdCompressor(_ZSTD_LEVEL).stream_writer(file, closefd=False)
        with io.BufferedWriter(cast("io.RawIOBase", writer), _AT_ONCE) as inner:
            yield inner
    else:
        yield file
