"""The dumps of a release as files with their hashes, made once and kept beside it.

They are made completely or not at all, and again if the code that writes them has changed.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Final, cast

from rallynov_graph import __version__
from rallynov_graph.base.derived_files import derived_folder, is_whole
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.exports.dumps import DUMPS, Dump, by_name
from rallynov_graph.exports.packing import MEDIA_TYPES, SUFFIXES, HashingFile, compressed
from rallynov_graph.rdf import formats
from rallynov_graph.rdf.sources import Progress
from rallynov_graph.release.release import Release

_LIST: Final = "dumps.json"
SMALL: Final = 50_000
"""The number of quads up to which files are made at the first request, in a few seconds."""
SUM: Final = ".sha256"
"""The suffix of the file with the hash of another file."""


@dataclass(frozen=True)
class StoredDump:
    """A file of a dump, with its hash and size once it is made."""

    name: str
    """The name of its format on the command line."""
    packing: str
    sha256: str = ""
    bytes: int = 0
    replaced: int = 0
    """The number of its characters replaced by U+FFFD, which the format cannot express."""

    @property
    def dump(self) -> Dump:
        return by_name(self.name)

    @property
    def file(self) -> str:
        return f"{self.dump.file}{SUFFIXES.get(self.packing, '')}"

    @property
    def media_type(self) -> str:
        """The media type of the file, compressed or not."""
        return MEDIA_TYPES.get(self.packing, self.dump.form.content_type)

    @property
    def sum(self) -> str:
        """The line of its hash, for ``sha256sum --check``."""
        return f"{self.sha256}  {self.file}\n"


@dataclass(frozen=True)
class DumpFolder:
    folder: Path
    dumps: tuple[StoredDump, ...]
    failed: tuple[tuple[str, str], ...] = ()
    """The formats that have no way to write the release, and why."""

    def file(self, name: str) -> StoredDump | None:
        """Return the dump with this file name, None if there is none."""
        return next((dump for dump in self.dumps if dump.file == name), None)

    def sums(self) -> str:
        return "".join(dump.sum for dump in self.dumps)


def offers(release: Release) -> tuple[StoredDump, ...]:
    """Return the files that are stored for a release, or can be made when requested."""
    folder = found(release)
    if folder is not None:
        return folder.dumps
    return _files() if may_fill(release) else ()


def may_fill(release: Release) -> bool:
    """Whether the dumps of a release can be made during a request, which must be quick."""
    return release.manifest.counts["quads"] <= SMALL and os.access(release.path, os.W_OK)


def found(release: Release) -> DumpFolder | None:
    """Return the stored dumps of a release; None if they are missing or damaged."""
    folder = _folder(release)
    with suppress(OSError):  # another process may put a new folder in the place of a damaged one
        return _read(folder) if is_whole(folder) else None
    return None


def stored(release: Release, progress: Progress | None = None) -> DumpFolder:
    """Return the stored dumps of a release; make them if necessary; raise OSError.

    Writers take turns, so that dumps by another process are used.
    """
    return _read(derived_folder(_folder(release), lambda new: _fill(release, new, progress)))


def _read(folder: Path) -> DumpFolder:
    listing = json.loads((folder / _LIST).read_text("utf-8"))
    dumps = tuple(StoredDump(**dump) for dump in listing["kept"])
    return DumpFolder(folder, dumps, tuple((name, reason) for name, reason in listing["failed"]))


def _files() -> tuple[StoredDump, ...]:
    return tuple(StoredDump(dump.name, packing) for dump in DUMPS for packing in dump.packings)


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


def _written(release: Release, dump: Dump, folder: Path) -> Iterator[StoredDump]:
    """Write the files of a dump, the compressed ones from the plain one; yield them."""
    replaced = 0
    for packing in dump.packings:
        made = StoredDump(dump.name, packing)
        with (folder / made.file).open("wb") as file:
            hashed = HashingFile(file)
            with compressed(cast("IO[bytes]", hashed), packing) as inner:
                if packing:
                    with (folder / dump.file).open("rb") as source:
                        shutil.copyfileobj(source, inner)
                else:
                    replaced = dump.write(release, inner, None) or 0
        yield replace(made, sha256=hashed.sha256, bytes=hashed.bytes, replaced=replaced)


def _folder(release: Release) -> Path:
    """Return the folder, whose name changes with anything that affects the files."""
    digest = hashlib.sha256(release.manifest.derived.encode() + _makers())
    return release.path / f"downloads-{release.id[:16]}-{digest.hexdigest()[:8]}"


def _makers() -> bytes:
    """Return a hash of the code that writes the files."""
    digest = hashlib.sha256(__version__.encode())
    exports, rdf = Path(__file__).parent, Path(formats.__file__).parent
    for module in sorted((*exports.glob("*.py"), *rdf.glob("*.py"))):
        digest.update(module.read_bytes())
    return digest.digest()
