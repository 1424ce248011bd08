"""The folder of an edition: its manifest, its hashes, and how it replaces the previous one.

``SHA256SUMS`` has one sorted line for each file, for ``sha256sum --check``; ``edition.json`` has
the hash of that list and is written last.
"""

import errno
import fcntl
import filecmp
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import EditionError, os_error_text

MANIFEST: Final = "edition.json"
SUMS: Final = "SHA256SUMS"
FORMAT: Final = 1
_LINE: Final = 66
"""The start of the path in a line, after the hash and two spaces."""


@dataclass(frozen=True)
class Manifest:
    """The releases of an edition, and how it was made."""

    release: str
    """The id of its release, 64 digits."""
    earlier: tuple[str, ...]
    """The ids of the earlier releases in it."""
    base: str
    with_text: bool
    software: str
    files: int = 0
    bytes: int = 0
    sums: str = ""
    """The SHA-256 of the list of hashes."""
    format: int = FORMAT


def is_edition(folder: Path) -> bool:
    return (folder / MANIFEST).is_file() and (folder / SUMS).is_file()


def read(folder: Path) -> Manifest:
    """Return the manifest of an edition; raise EditionError if there is none."""
    try:
        found = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise EditionError(f"{folder} is not an edition: its {MANIFEST} cannot be read.") from error
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise EditionError(
            f"{folder}: its {MANIFEST} is not one that this version reads; use a newer one."
        )
    try:
        return Manifest(**{**found, "earlier": tuple(found["earlier"])})
    except (KeyError, TypeError) as error:
        raise EditionError(f"{folder}: its {MANIFEST} is incomplete: publish it again.") from error


def listed(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each file of the list with its hash; raise EditionError if the list is malformed."""
    try:
        with (folder / SUMS).open(encoding="utf-8") as lines:
            for line in lines:
                yield line[_LINE:].rstrip("\n"), line[: _LINE - 2]
    except (OSError, UnicodeDecodeError) as error:
        raise EditionError(f"{folder}: its {SUMS} cannot be read.") from error


def extra_files(folder: Path) -> Iterator[str]:
    """Yield the files of a folder that its list does not name."""
    known = {file for file, _ in listed(folder)} | {MANIFEST, SUMS}
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            file = Path(place, name).relative_to(folder).as_posix()
            if file not in known:
                yield file


class FileFault(StrEnum):
    """How a file differs from the manifest."""

    MISSING = "missing"
    CHANGED = "changed"
    OTHER_LIST = "other list"
    """The hash of the list is not the one in the manifest."""
    EXTRA = "extra"
    """The edition has no such file."""


def faults(folder: Path) -> Iterator[tuple[FileFault, str]]:
    """Yield the files that differ from the manifest, and how."""
    manifest = read(folder)
    if _digest(folder / SUMS) != manifest.sums:
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
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


class FileWriter:
    """Writes files into a new folder; unchanged files are linked, not written again."""

    def __init__(self, folder: Path, before: Path) -> None:
        self.folder, self._before = folder, before

    def write(self, file: str, parts: Iterable[bytes]) -> tuple[str, int]:
        """Write a file, which may be larger than memory; return its hash and its size."""
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with path.open("wb") as new:
            for part in parts:
                new.write(part)
                digest.update(part)
                size += len(part)
        self._keep(file)
        return digest.hexdigest(), size

    def _keep(self, file: str) -> None:
        """Replace a file by its previous one if the content is the same and the disk allows it."""
        new, old = self.folder / file, self._before / file
        if old.is_file() and filecmp.cmp(old, new, shallow=False):
            linked = new.with_name(f"{new.name}~")
            with suppress(OSError):
                os.link(old, linked)
                linked.replace(new)

    def seal(self, manifest: Manifest, sums: Mapping[str, tuple[str, int]]) -> Manifest:
        """Write the list of hashes, then the manifest; return the manifest as written."""
        lines = "".join(f"{sums[file][0]}  {file}\n" for file in sorted(sums)).encode()
        digest, _ = self.write(SUMS, [lines])
        made = replace(
            manifest, files=len(sums), bytes=sum(size for _, size in sums.values()), sums=digest
        )
        text = json.dumps(asdict(made), indent=1, ensure_ascii=False) + "\n"
        self.write(MANIFEST, [text.encode()])
        return made


@contextmanager
def replacing(out: Path) -> Iterator[FileWriter]:
    """Yield a writer of a folder that replaces another one when it is complete.

    Until then, the old folder stays unchanged. Raises EditionError if the path contains anything
    other than an edition, or if another process publishes there.
    """
    refuse_others(out)
    unfinished = out.with_name(f".{out.name}.unfinished")
    try:
        unfinished.mkdir(parents=True, exist_ok=True)
        with _locked(unfinished, out):
            _empty(unfinished)
            try:
                yield FileWriter(unfinished, out)
                refuse_others(out)
                _swap(unfinished, out)
            finally:
                shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise EditionError(
            f"{out} cannot be written: {os_error_text(error)}",
        ) from error


def refuse_others(out: Path) -> None:
    """Raise EditionError if a path contains anything that is not from an edition."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise EditionError(f"{out} is not a folder: name an empty or new one.")
    if os.path.ismount(out):
        raise EditionError(f"{out} is a disk of its own: name a folder in it.")
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not is_edition(out):
        raise EditionError(
            f"{out} contains something other than an edition: name an empty or new folder."
        )
    extra = next(extra_files(out), None)
    if extra is not None:
        raise EditionError(
            f"{out} holds {extra}, which is not part of an edition: move it away, or it would be "
            "lost."
        )


@contextmanager
def _locked(folder: Path, out: Path) -> Iterator[None]:
    descriptor = _opened_own(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise EditionError(
            f"Another process publishes to {out}: wait until it has ended."
        ) from None
    finally:
        os.close(descriptor)


def _opened_own(folder: Path) -> int:
    """Return the descriptor of this user's folder; raise EditionError for a link or another owner.

    Another owner could redirect the writes and removals to other files.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
        if os.fstat(descriptor).st_uid == os.geteuid():
            return descriptor
        os.close(descriptor)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
    raise EditionError(f"{folder} is a link, or another user made it: remove it.")


def _empty(folder: Path) -> None:
    """Remove the remains of a killed process."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _swap(new: Path, out: Path) -> None:
    """Replace a folder by another one."""
    old = out.with_name(f".{out.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    try:
        new.rename(out)
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
