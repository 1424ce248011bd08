"""What an edition says of itself: its release, and the SHA-256 of each of its files.

``SHA256SUMS`` has a line a file, sorted, as ``sha256sum --check`` reads them; ``edition.json`` has
the hash of that list, and is written last.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import EditionError

MANIFEST: Final = "edition.json"
SUMS: Final = "SHA256SUMS"
FORMAT: Final = 1
_AT_ONCE: Final = 1 << 20
_LINE: Final = 66
"""Where the path begins in a line: after the digits of the hash and two spaces."""


@dataclass(frozen=True)
class Manifest:
    """What an edition is of."""

    release: str
    """The id of its release, 64 digits."""
    earlier: tuple[str, ...]
    """The ids of the earlier releases in it."""
    base: str
    with_text: bool
    software: str
    files: int
    bytes: int
    sums: str
    """The SHA-256 of the list of hashes."""
    format: int = FORMAT


def is_in(folder: Path) -> bool:
    """Return whether a folder holds an edition."""
    return (folder / MANIFEST).is_file() and (folder / SUMS).is_file()


def read(folder: Path) -> Manifest:
    """Return what an edition says of itself; raise EditionError where there is none to read."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EditionError(
            f"{folder} is no edition: its {MANIFEST} cannot be read.",
            french=f"{folder} n’est pas une édition : son {MANIFEST} ne se lit pas.",
        ) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise EditionError(
            f"{folder}: its {MANIFEST} is not one that this version reads; use a newer one.",
            french=f"{folder} : cette version du programme ne lit pas son {MANIFEST} ; prenez-en "
            "une plus récente.",
        )
    try:
        return Manifest(**{**found, "earlier": tuple(found["earlier"])})
    except (KeyError, TypeError) as error:
        raise EditionError(
            f"{folder}: its {MANIFEST} is incomplete: publish it again.",
            french=f"{folder} : son {MANIFEST} est incomplet : publiez de nouveau.",
        ) from error


def lines_of(sums: Mapping[str, tuple[str, int]]) -> bytes:
    """Return the list of hashes."""
    return "".join(f"{sums[file][0]}  {file}\n" for file in sorted(sums)).encode()


def written(it: Manifest) -> bytes:
    """Return a manifest as its file has it."""
    return (json.dumps(asdict(it), indent=1, ensure_ascii=False) + "\n").encode()


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of the list with its hash; raise EditionError for a list that is no list."""
    try:
        with (folder / SUMS).open(encoding="utf-8") as lines:
            for line in lines:
                yield line[_LINE:].rstrip("\n"), line[: _LINE - 2]
    except (OSError, UnicodeDecodeError) as error:
        raise EditionError(
            f"{folder}: its {SUMS} cannot be read.",
            french=f"{folder} : son {SUMS} ne se lit pas.",
        ) from error


def extra_files(folder: Path) -> Iterator[str]:
    """Yield the files of a folder that its list does not name."""
    known = {file for file, _ in listed(folder)} | {MANIFEST, SUMS}
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(place, name).relative_to(folder).as_posix()
            if file not in known:
                yield file


class FileFault(StrEnum):
    """What is not as the manifest says of a file."""

    MISSING = "missing"
    CHANGED = "changed"
    OTHER_LIST = "other list"
    """The list of hashes is not the one that the manifest names."""
    EXTRA = "extra"
    """The edition has no such file."""


def faults(folder: Path) -> Iterator[tuple[FileFault, str]]:
    """Yield what is not as the manifest says, each with its file."""
    manifest = read(folder)
    try:
        sums = (folder / SUMS).read_bytes()
    except OSError:
        yield FileFault.MISSING, SUMS
        return
    if hashlib.sha256(sums).hexdigest() != manifest.sums:
        yield FileFault.OTHER_LIST, SUMS
    for file, digest in listed(folder):
        found = _digest(folder / file)
        if found is None:
            yield FileFault.MISSING, file
        elif found != digest:
            yield FileFault.CHANGED, file
    for file in extra_files(folder):
        yield FileFault.EXTRA, file


def _digest(path: Path) -> str | None:
    digest = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while part := file.read(_AT_ONCE):
                digest.update(part)
    except OSError:
        return None
    return digest.hexdigest()
