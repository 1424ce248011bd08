"""Search a graph: by its index if there is one, else by SPARQL.

The index is beside the release, else in a folder that is removed with the server.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final, TypeVar

from rallynov_graph.base.derived_files import derived_folder, is_whole
from rallynov_graph.base.errors import os_error_text
from rallynov_graph.questions.labels import Labels
from rallynov_graph.release.release import Release
from rallynov_graph.search import index
from rallynov_graph.search.results import SearchAnswer
from rallynov_graph.search.searching import ALL, Index, NamedThing, Scope, UnindexedSearch
from rallynov_graph.sparql.store import Store

Found = TypeVar("Found")

_LOG: Final = logging.getLogger(__name__)
_FILE: Final = "index.sqlite"


class SearchIndexFile:
    """A graph and its index, shared by the processes that are forked after opening it."""

    def __init__(self, store: Store, release: Release | None = None) -> None:
        self._store, self._release = store, release
        self._name = name(release)
        self._index: Index | None = None
        self._failed = False
        self._lock = threading.Lock()
        self._remove_temporary: Callable[[], object] | None = None

    def index(self) -> Index | None:
        """Return the index; make it if it is missing or damaged; None if that fails."""
        with self._lock:
            if self._index is None and not self._failed:
                self._open()
            return self._index

    def reopen(self) -> None:
        """Close an unreadable index: the next call opens it again, and remakes a damaged one."""
        self._index = None

    def remove_temporary(self) -> None:
        """Remove the folder that was made for this run only."""
        if self._remove_temporary is not None:
            self._remove_temporary()

    def _open(self) -> None:
        try:
            self._index = Index(derived_folder(self._place / self._name, self._write) / _FILE)
        except (OSError, sqlite3.Error) as error:
            self._failed = True
            reason = os_error_text(error) if isinstance(error, OSError) else error
            _LOG.warning("The index of the search cannot be made in %s: %s", self._place, reason)

    @cached_property
    def _place(self) -> Path:
        if self._release is not None:
            beside = self._release.path
            if os.access(beside, os.W_OK) or is_whole(beside / self._name):
                return beside
        folder = Path(tempfile.mkdtemp(prefix="rallynov-search-"))
        self._remove_temporary = weakref.finalize(self, _remove_folder, folder, os.getpid())
        return folder

    def _write(self, folder: Path) -> None:
        texts = index.all_texts(self._store)
        index.write(folder / _FILE, texts, index.all_classes(self._store))


def name(release: Release | None) -> str:
    """Return the name of an index's folder, which changes with anything that affects its bytes."""
    ending = "" if release is None else f"-{release.id[:16]}"
    return f"search-{index.FORMAT}-sqlite-{sqlite3.sqlite_version}-{sys.byteorder}{ending}"


def _remove_folder(folder: Path, owner: int) -> None:
    """Remove a folder in the process that made it: forked processes still read there."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


@dataclass(frozen=True)
class Finder:
    """Finds things in a graph."""

    unindexed: UnindexedSearch
    index_file: SearchIndexFile | None = field(default=None)
    """The file of the index; a graph on a remote server has none."""

    @classmethod
    def of(cls, store: Store, labels: Labels, searchable: SearchIndexFile | None) -> Finder:
        return cls(UnindexedSearch.of(store, labels), searchable)

    def find(self, text: str, language: str = "", scope: Scope = ALL) -> SearchAnswer:
        found = self._by_index(lambda index: index.find(text, language, scope))
        return self.unindexed.find(text, language, scope) if found is None else found

    def named(self, text: str, scope: Scope = ALL) -> list[NamedThing]:
        """Return the things that a text may name, with all their known texts."""
        found = self._by_index(lambda index: index.named(text, scope))
        return self.unindexed.named(text, scope) if found is None else found

    def naming(
        self, text: str, synonyms: Mapping[str, Sequence[str]]
    ) -> tuple[list[NamedThing], dict[str, tuple[str, ...]]]:
        """Return the things with a word of a text in a name, and the corrected misspellings."""
        found = self._by_index(lambda index: index.naming(text, synonyms))
        return found or (self.unindexed.named(text), {})

    def near(self, text: str) -> tuple[str, ...]:
        """Return words of the graph that are similar to those of a text."""
        return self._by_index(lambda index: index.alike(text)) or ()

    def kinds(self) -> dict[str, int] | None:
        """Return the number of searchable things of each kind; None if it is unknown."""
        return self._by_index(lambda index: index.kinds())

    def things(self) -> list[NamedThing]:
        """Return all searchable things with all their texts; none without an index."""
        return self._by_index(lambda index: [*index.things()]) or []

    def query(self, text: str) -> str:
        """Return a SPARQL query with about the same results; the empty string without a word."""
        return self.unindexed.query(text)

    def _by_index(self, read: Callable[[Index], Found]) -> Found | None:
        """Return the answer of the index, or None; an unreadable file is opened again."""
        for _ in range(2):
            index = self.index_file.index() if self.index_file else None
            if index is None or self.index_file is None:
                return None
            try:
                return read(index)
            except sqlite3.DatabaseError:
                self.index_file.reopen()
        return None
