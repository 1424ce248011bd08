"""The dumps of a release as files with their hashes, made once and kept beside it.

They are made whole or not at all, and again where what writes them has changed.
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

import zstandard

from rallynov_graph import __version__
from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.whole_files import flush_to_disk, locked, unfinished_folder
from rallynov_graph.exports.dumps import DUMPS, Dump, by_name
from rallynov_graph.exports.packing import MEDIA_TYPES, SUFFIXES, Hashed, packed
from rallynov_graph.exports.statement_rows import Tell
from rallynov_graph.rdf import formats

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

_LIST: Final = "dumps.json"
SMALL: Final = 50_000
"""The files of so many quads are made when they are first asked for, in a few seconds."""
SUMS: Final = "SHA256SUMS"
"""The list of hashes as ``sha256sum --check`` reads it."""
SUM: Final = ".sha256"
"""Behind the name of a file: the name of the file with its hash."""


@dataclass(frozen=True)
class Kept:
    """A dump that lies on the shelf."""

    name: str
    """What the command line calls its format."""
    file: str
    packing: str
    media_type: str
    sha256: str
    bytes: int
    replaced: int
    """How many characters in it stand as U+FFFD, as the format has no way to write them."""

    @property
    def sum(self) -> str:
        """The line of its hash."""
        return f"{self.sha256}  {self.file}\n"


@dataclass(frozen=True)
class Shelf:
    """The folder of the dumps of a release, and what is in it."""

    folder: Path
    kept: tuple[Kept, ...]
    failed: tuple[tuple[str, str], ...] = ()
    """The formats that cannot hold what the release says, and why."""

    def file(self, name: str) -> Kept | None:
        """Return the dump whose file is called so."""
        return next((kept for kept in self.kept if kept.file == name), None)

    def sums(self) -> str:
        """Return the hashes of all files, a line each."""
        return "".join(kept.sum for kept in self.kept)


@dataclass(frozen=True)
class Offer:
    """A file that a shelf has, or will have; what is not known yet is None."""

    dump: Dump
    packing: str
    bytes: int | None = None
    sha256: str | None = None

    @property
    def file(self) -> str:
        """What the file is called."""
        return _file(self.dump, self.packing)


def offers(release: Release, place: Path) -> tuple[Offer, ...]:
    """Return what can be had from the shelf of a release, made already or when it is asked for."""
    there = found(release, place)
    if there is not None:
        return tuple(
            Offer(by_name(kept.name), kept.packing, kept.bytes, kept.sha256) for kept in there.kept
        )
    if not may_fill(release, place):
        return ()
    return tuple(Offer(dump, how) for dump in DUMPS for how in dump.packings)


def may_fill(release: Release, place: Path) -> bool:
    """Return whether a shelf that is asked for is made at once: where that takes no time."""
    return release.manifest.counts["quads"] <= SMALL and os.access(place, os.W_OK)


def found(release: Release, place: Path) -> Shelf | None:
    """Return the shelf of a release in a folder, None where it is not there yet."""
    folder = place / _name(release)
    try:
        told = json.loads((folder / _LIST).read_text("utf-8"))
        kept = tuple(Kept(**dump) for dump in told["kept"])
        whole = all((folder / dump.file).stat().st_size == dump.bytes for dump in kept)
        failed = tuple((name, why) for name, why in told["failed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Shelf(folder, kept, failed) if whole else None


def filled(release: Release, place: Path, tell: Tell | None = None) -> Shelf:
    """Return the shelf of a release in a folder, made where it is not there; raise OSError.

    Makers take turns, so that what another one has made meanwhile is taken up.
    """
    there = found(release, place)
    if there is not None:
        return there
    with locked(place):
        there = found(release, place)
        if there is None:
            new = unfinished_folder(place) / _name(release)
            new.mkdir()
            _fill(release, new, tell)
            shutil.rmtree(place / new.name, ignore_errors=True)
            new.rename(place / new.name)
            flush_to_disk(place)
            there = found(release, place)
    assert there is not None
    return there


def _fill(release: Release, folder: Path, tell: Tell | None) -> None:
    kept: list[Kept] = []
    failed: list[tuple[str, str]] = []
    for number, dump in enumerate(DUMPS):
        if tell is not None:
            tell(number, len(DUMPS))
        try:
            kept += _made(release, dump, folder)
        except RallynovError as error:
            (folder / dump.file).unlink(missing_ok=True)
            failed.append((dump.name, str(error)))
    told = {"kept": [asdict(dump) for dump in kept], "failed": failed}
    (folder / _LIST).write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    flush_to_disk(*folder.iterdir(), folder)


def _made(release: Release, dump: Dump, folder: Path) -> list[Kept]:
    """Return the files of a dump after they were written, the compressed ones from the plain."""
    made: list[Kept] = []
    plain = folder / dump.file
    replaced = 0
    for how in dump.packings:
        path = folder / _file(dump, how)
        with path.open("wb") as file:
            hashed = Hashed(file)
            with packed(cast("IO[bytes]", hashed), how) as inner:
                if how:
                    with plain.open("rb") as source:
                        shutil.copyfileobj(source, inner)
                else:
                    replaced = dump.write(release, inner, None)
        media_type = MEDIA_TYPES.get(how, dump.form.content_type)
        about = path.name, how, media_type, hashed.sha256, hashed.bytes, replaced
        made.append(Kept(dump.name, *about))
    return made


def _file(dump: Dump, packing: str) -> str:
    return f"{dump.file}{SUFFIXES.get(packing, '')}"


def _name(release: Release) -> str:
    """Return what the folder is called: otherwise where anything is written otherwise."""
    whole = hashlib.sha256(release.manifest.derived.encode() + _makers())
    return f"downloads-{release.id[:16]}-{whole.hexdigest()[:8]}"


@cache
def _makers() -> bytes:
    """Return a hash of what writes the files."""
    whole = hashlib.sha256(f"{__version__} {zstandard.__version__}".encode())
    exports, rdf = Path(__file__).parent, Path(formats.__file__).parent
    for module in sorted((*exports.glob("*.py"), *rdf.glob("*.py"))):
        whole.update(module.read_bytes())
    return whole.digest()
