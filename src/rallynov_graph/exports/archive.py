"""Zip archives: the same bytes from the same files, at any time."""

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
_UNIX: Final = 3
_READABLE: Final = 0o100644 << 16


def write(files: Iterable[tuple[str, Path | bytes]], file: IO[bytes]) -> None:
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
    """A file that cannot seek: so the bytes are the same in a file and in a pipe."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def write(self, piece: bytes) -> int:
        self._file.write(piece)
        return len(piece)

    def flush(self) -> None:
        self._file.flush()
