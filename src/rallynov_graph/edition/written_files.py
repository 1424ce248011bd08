"""The folder of an edition while it is written: beside the one that it will take the place of."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import filecmp
import hashlib
import os
import shutil
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import EditionError, os_error_in_french, os_error_text
from rallynov_graph.edition import edition_manifest as manifest

_AT_FDCWD: Final = -100
_EXCHANGE: Final = 2


class FileWriter:
    """Writes files into a new folder; those that are as before stay the same files."""

    def __init__(self, folder: Path, before: Path) -> None:
        self._new, self._old = str(folder), str(before)
        self._has_old = before.is_dir()
        self._made: set[str] = set()
        """The folders that are there."""

    def write(self, file: str, content: bytes, over_raw: bool = False) -> tuple[str, int]:
        """Write a file, over what it is made from where that lies there; return its hash and size.

        Whatever else lies there may be a file of the edition before, too: it is not written into.
        """
        path, old = self._path(file), f"{self._old}/{file}"
        if not (self._has_old and _is_as(old, content) and _linked(old, path)):
            if not over_raw:
                with suppress(FileNotFoundError):
                    os.unlink(path)
            _put(path, content)
        return hashlib.sha256(content).hexdigest(), len(content)

    def write_parts(self, file: str, parts: Iterable[bytes]) -> tuple[str, int]:
        """Write a file that may be larger than memory, and return its hash and its size."""
        path, old = self._path(file), f"{self._old}/{file}"
        digest, size = hashlib.sha256(), 0
        with open(path, "wb") as new:
            for part in parts:
                new.write(part)
                digest.update(part)
                size += len(part)
        if os.path.isfile(old) and filecmp.cmp(old, path, shallow=False):
            _linked(old, path)
        return digest.hexdigest(), size

    def write_raw(self, file: str, content: bytes) -> None:
        """Write what a file is made from, in its place."""
        _put(self._path(file), content)

    def read_raw(self, file: str) -> bytes:
        """Return what a file is made from."""
        with open(f"{self._new}/{file}", "rb") as raw:
            return raw.read()

    def _path(self, file: str) -> str:
        path = f"{self._new}/{file}"
        folder = path.rpartition("/")[0]
        if folder not in self._made:
            os.makedirs(folder, exist_ok=True)
            self._made.add(folder)
        return path


def _put(path: str, content: bytes) -> None:
    with open(path, "wb", buffering=0) as file:
        rest = memoryview(content)
        while rest:
            rest = rest[file.write(rest) :]


def _is_as(path: str, content: bytes) -> bool:
    try:
        if os.stat(path).st_size != len(content):
            return False
        with open(path, "rb") as old:
            return old.read() == content
    except OSError:
        return False


def _linked(old: str, new: str) -> bool:
    """Put an old file in a new place, and return whether it is there; a disk may have no links."""
    with suppress(FileNotFoundError):
        os.unlink(new)
    try:
        os.link(old, new)
    except OSError:
        with suppress(OSError):
            shutil.copy2(old, new)
            return True
        return False
    return True


@contextmanager
def replacing(out: Path) -> Iterator[FileWriter]:
    """Yield a writer of a folder that takes the place of another one when it is complete.

    Whatever happens before, the old folder stays as it is. Raises EditionError where the place
    holds something else than an edition, or another process publishes there.
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
            french=f"{out} ne peut pas être écrit : {os_error_in_french(error)}",
        ) from error


def refuse_others(out: Path) -> None:
    """Raise EditionError where a path holds what no edition made."""
    if out.is_symlink() or (out.exists() and not out.is_dir()):
        raise EditionError(
            f"{out} is no folder: name one that is empty, or that is not there.",
            french=f"{out} n’est pas un dossier : nommez-en un vide, ou qui n’existe pas encore.",
        )
    if os.path.ismount(out):
        raise EditionError(
            f"{out} is a disk of its own: name a folder in it.",
            french=f"{out} est un disque à part entière : nommez un dossier qui s’y trouve.",
        )
    if not out.is_dir() or not any(out.iterdir()):
        return
    if not manifest.is_in(out):
        raise EditionError(
            f"{out} holds something else than an edition: name a folder that is empty, or that is "
            "not there.",
            french=f"{out} contient autre chose qu’une édition : nommez un dossier vide, ou qui "
            "n’existe pas encore.",
        )
    extra = next(manifest.extra_files(out), None)
    if extra is not None:
        raise EditionError(
            f"{out} holds {extra}, which no edition made: move it away, it would be lost.",
            french=f"{out} contient {extra}, qu’aucune édition n’a fait : déplacez-le, il serait "
            "perdu.",
        )


@contextmanager
def _locked(folder: Path, out: Path) -> Iterator[None]:
    descriptor = _opened_own(folder)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise EditionError(
            f"Another process publishes to {out}: wait until it has ended.",
            french=f"Un autre processus publie dans {out} : attendez qu’il ait fini.",
        ) from None
    finally:
        os.close(descriptor)


def _opened_own(folder: Path) -> int:
    """Return the descriptor of a folder of this user; raise EditionError for a link, or another's.

    Who made it could lead what is written there, and what is removed, to other files.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW)
        if os.fstat(descriptor).st_uid == os.geteuid():
            return descriptor
        os.close(descriptor)
    except OSError as error:
        if error.errno != errno.ELOOP:
            raise
    raise EditionError(
        f"{folder} is a link, or another user made it: remove it.",
        french=f"{folder} est un lien, ou un autre utilisateur l’a créé : ôtez-le.",
    )


def _empty(folder: Path) -> None:
    """Remove what a killed process left behind."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _swap(new: Path, out: Path) -> None:
    """Put a folder in the place of another one: in one step where the system can."""
    if not (out.is_dir() and any(out.iterdir())):
        new.rename(out)
        return
    if _exchanged(new, out):
        return
    old = out.with_name(f".{out.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    out.rename(old)
    try:
        new.rename(out)
    except OSError:
        old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _exchanged(one: Path, other: Path) -> bool:
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "renameat2"):
        return False
    done = libc.renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _EXCHANGE)
    if done == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL):
        return False
    raise OSError(number, os.strerror(number))
