"""The file of a search index: beside the release, else in a folder that is removed with the server.

It is made at first use, whole or not at all, and again where it is missing or damaged.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pyoxigraph import Literal

from rallynov_graph.base.errors import os_error_text
from rallynov_graph.base.whole_files import flush_to_disk, locked, unfinished_folder
from rallynov_graph.questions.datasets import queries_about
from rallynov_graph.search import index
from rallynov_graph.search.searching import Index
from rallynov_graph.sparql.store import Store

if TYPE_CHECKING:
    from rallynov_graph.release.release import Release

SMALL: Final = 300_000
"""The index of so many triples is made at once, in seconds; a larger one in the background."""
_LOG: Final = logging.getLogger(__name__)
_TEMPORARY: Final = "rallynov-search-"
_FILE: Final = "index.sqlite"
_HASH: Final = "index.sha256"


class SearchIndexFile:
    """A graph and its index, shared by the processes that are forked after it was opened."""

    def __init__(self, store: Store, release: Release | None = None) -> None:
        self._store, self._release = store, release
        self._name = name(release)
        self._index: Index | None = None
        self._is_being_made = threading.Lock()
        self._failed = False
        self._remove_temporary: Callable[[], object] | None = None

    def prepare(self) -> None:
        """Open the index for the processes that will be forked, and make it before that.

        A large one that has no place beside a release is made at the first search.
        """
        is_beside = self._release is not None and self._folder == self._release.path
        if self._open() is None and (is_beside or self._small):
            self._make()

    def remove_temporary(self) -> None:
        """Remove the folder that was made for this run alone."""
        if self._remove_temporary is not None:
            self._remove_temporary()

    def index(self) -> Index | None:
        """Return the index; None while it is being made, which this call may start."""
        if self._index is not None or self._open() is not None or self._failed:
            return self._index
        if self._small:
            self._make()
        elif self._is_being_made.acquire(blocking=False):
            threading.Thread(target=self._make_meanwhile, daemon=True).start()
        return self._index

    @cached_property
    def _folder(self) -> Path:
        """The folder that the index is in."""
        release = self._release
        if release is not None and (
            os.access(release.path, os.W_OK) or _is_whole(release.path / self._name)
        ):
            return release.path
        folder, self._remove_temporary = _temporary_folder(self)
        return folder

    @cached_property
    def _small(self) -> bool:
        if self._release is not None:
            return self._release.manifest.counts["triples"] <= SMALL
        [[count]] = queries_about(self._store).rows("size_of_default_graph").rows
        return isinstance(count, Literal) and int(count.value) <= SMALL

    def reopen(self) -> None:
        """Close an index that cannot be read: the next call opens it, and makes it if damaged."""
        self._index = None

    def _open(self) -> Index | None:
        """Open the index file where it is there and whole; return the index."""
        folder = self._folder / self._name
        with suppress(OSError):
            if _is_whole(folder):
                self._index = Index(folder / _FILE)
        return self._index

    def _make_meanwhile(self) -> None:
        try:
            self._make()
        finally:
            self._is_being_made.release()

    def _make(self) -> None:
        """Make the index, or open the one that another process has just made.

        Where that fails, the graph is searched without an index, and the log says why.
        """
        try:
            self._put()
        except OSError as error:
            self._failed = True
            reason = os_error_text(error)
            _LOG.warning("The index of the search cannot be made in %s: %s", self._folder, reason)
        self._open()

    def _put(self) -> None:
        """Make the index, unless another process has made it meanwhile; raise OSError."""
        try:
            with locked(self._folder):
                if self._open() is None:
                    self._write(
                        unfinished_folder(self._folder) / self._name, self._folder / self._name
                    )
        except sqlite3.Error as error:
            raise OSError(str(error)) from error

    def _write(self, new: Path, folder: Path) -> None:
        new.mkdir()
        index.write(
            new / _FILE,
            index.all_texts(self._store),
            index.all_classes(self._store),
        )
        (new / _HASH).write_text(_hash(new / _FILE), "ascii")
        flush_to_disk(*new.iterdir(), new)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
        flush_to_disk(self._folder)


def name(release: Release | None) -> str:
    """Return the name of an index's folder, which differs wherever its bytes may."""
    ending = "" if release is None else f"-{release.id[:16]}"
    return f"search-{index.FORMAT}-sqlite-{sqlite3.sqlite_version}-{sys.byteorder}{ending}"


def _is_whole(folder: Path) -> bool:
    """Return whether an index is there and undamaged."""
    with suppress(OSError):
        return (folder / _HASH).read_text("ascii") == _hash(folder / _FILE)
    return False


def _temporary_folder(owner: object) -> tuple[Path, Callable[[], object]]:
    """Return a new folder, and a function that removes it, which also runs with the owner's end.

    A killed process removes nothing: the next one to start does. A lock, which all processes hold
    that were forked since, shows whether one of them still runs.
    """
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_TEMPORARY))
    lock = os.open(folder / "held", os.O_CREAT | os.O_RDWR, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return folder, weakref.finalize(owner, _remove_folder, folder, lock, os.getpid())


def _remove_folder(folder: Path, lock: int, owner: int) -> None:
    if os.getpid() == owner:
        with suppress(OSError):
            os.close(lock)
        shutil.rmtree(folder, ignore_errors=True)


def _remove_abandoned() -> None:
    """Remove the folders whose processes have all ended."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_TEMPORARY}*"):
        with suppress(OSError):
            lock = os.open(folder / "held", os.O_RDWR)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
            finally:
                os.close(lock)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
