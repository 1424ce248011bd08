"""The dumps of a release as files with their hashes, made once and kept beside it.

They are made whole or not at all, and again where the code that writes them has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, cast

from rallynov_graph import __version__
from rallynov_graph.base.derived_files import derived_folder, is_whole
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.exports.dumps import DUMPS, Dump
from rallynov_graph.exports.packing import MEDIA_TYPES, SUFFIXES, HashingFile, compressed
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.sources import Progress

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_LIST: Final = "dumps.json"
SMALL: Final = 50_000
"""The files of so many quads are made when they are first asked for, in a few seconds."""
SUM: Final = ".sha256"
"""The suffix of the file with the hash of another file."""


@dataclass(frozen=True)
class StoredDump:
    """A dump that is stored as a file, or will be: its hash and size are then empty."""

    name: str
    """The name of its format on the command line."""
    file: str
    packing: str
    media_type: str
    sha256: str = ""
    bytes: int = 0
    replaced: int = 0
    """How many characters in it stand as U+FFFD, as the format has no way to write them."""

    @property
    def sum(self) -> str:
        """The line of its hash, as ``sha256sum --check`` reads it."""
        return f"{self.sha256}  {self.file}\n"


@dataclass(frozen=True)
class DumpFolder:
    """The folder of the dumps of a release, and the dumps in it."""

    folder: Path
    dumps: tuple[StoredDump, ...]
    failed: tuple[tuple[str, str], ...] = ()
    """The formats that have no way to write the release, and why."""

    def file(self, name: str) -> StoredDump | None:
        """Return the dump whose file has this name, None where there is none."""
        return next((dump for dump in self.dumps if dump.file == name), None)

    def sums(self) -> str:
        """Return the hashes of all files, a line each."""
        return "".join(dump.sum for dump in self.dumps)


def offers(release: Release, place: Path) -> tuple[StoredDump, ...]:
    """Return the dumps of a release that are stored, or can be made when they are requested."""
    folder = found(release, place)
    if folder is not None:
        return folder.dumps
    if not may_fill(release, place):
        return ()
    return tuple(StoredDump(*_about(dump, packing)) for dump in DUMPS for packing in dump.packings)


def _about(dump: Dump, packing: str) -> tuple[str, str, str, str]:
    """Return the format, the file, the compression and the media type of a dump."""
    media_type = MEDIA_TYPES.get(packing, dump.form.content_type)
    return dump.name, f"{dump.file}{SUFFIXES.get(packing, '')}", packing, media_type


def may_fill(release: Release, place: Path) -> bool:
    """Return whether the dumps of a release may be made at a request: where that is quick."""
    return release.manifest.counts["quads"] <= SMALL and os.access(place, os.W_OK)


def found(release: Release, place: Path) -> DumpFolder | None:
    """Return the stored dumps of a release in a folder, None where they are not made yet."""
    folder = place / _name(release)
    return _read(folder) if is_whole(folder) else None


def stored(release: Release, place: Path, progress: Progress | None = None) -> DumpFolder:
    """Return the stored dumps of a release in a folder, which are made if need be; raise OSError.

    Writers take turns, so that dumps which another process has made meanwhile are used.
    """
    return _read(derived_folder(place / _name(release), lambda new: _fill(release, new, progress)))


def _read(folder: Path) -> DumpFolder:
    listing = json.loads((folder / _LIST).read_text("utf-8"))
    dumps = tuple(StoredDump(**dump) for dump in listing["kept"])
    return DumpFolder(folder, dumps, tuple((name, reason) for name, reason in listing["failed"]))


def _fill(release: Release, folder: Path, progress: Progress | None) -> None:
    dumps: list[StoredDump] = []
    failed: list[tuple[str, str]] = []
    for number, dump in enumerate(DUMPS):
        if progress is not None:
            progress(number, len(DUMPS))
        try:
            dumps += _written(release, dump, folder)
        except RallynovError as error:
            (folder / dump.file).unlink(missing_ok=True)
            failed.append((dump.name, str(error)))
    listing = {"kept": [asdict(dump) for dump in dumps], "failed": failed}
    (folder / _LIST).write_text(json.dumps(listing, ensure_ascii=False, indent=1), "utf-8")


def _written(release: Release, dump: Dump, folder: Path) -> list[StoredDump]:
    """Write the files of a dump, the compressed ones from the plain one; return them."""
    files: list[StoredDump] = []
    plain = folder / dump.file
    replaced = 0
    for packing in dump.packings:
        about = _about(dump, packing)
        with (folder / about[1]).open("wb") as file:
            hashed = HashingFile(file)
            with compressed(cast("IO[bytes]", hashed), packing) as inner:
                if packing:
                    with plain.open("rb") as source:
                        shutil.copyfileobj(source, inner)
                else:
                    replaced = dump.write(release, inner, None) or 0
        files.append(StoredDump(*about, hashed.sha256, hashed.bytes, replaced))
    return files


def _name(release: Release) -> str:
    """Return the folder's name, which differs wherever the files may."""
    digest = hashlib.sha256(release.manifest.derived.encode() + _makers())
    return f"downloads-{release.id[:16]}-{digest.hexdigest()[:8]}"


@cache
def _makers() -> bytes:
    """Return a hash of the code that writes the files."""
    digest = hashlib.sha256(__version__.encode())
    exports, rdf = Path(__file__).parent, Path(formats.__file__).parent
    for module in sorted((*exports.glob("*.py"), *rdf.glob("*.py"))):
        digest.update(module.read_bytes())
    return digest.digest()
