"""The search of a graph: by its index where there is one, else by SPARQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from rallynov_graph.questions.labels import Labels
from rallynov_graph.release.search_file import SearchIndexFile
from rallynov_graph.search.results import SearchAnswer
from rallynov_graph.search.searching import Index, NamedThing, Scope, UnindexedSearch
from rallynov_graph.sparql.store import Store

Found = TypeVar("Found")


@dataclass(frozen=True)
class Finder:
    """Finds things in a graph."""

    unindexed: UnindexedSearch
    index_file: SearchIndexFile | None = field(default=None)
    """The file of the index; a graph on a remote server has none."""

    @classmethod
    def of(cls, store: Store, labels: Labels, searchable: SearchIndexFile | None) -> Finder:
        """Return the finder of a store."""
        return cls(UnindexedSearch.of(store, labels), searchable)

    def find(self, text: str, language: str = "", scope: Scope | None = None) -> SearchAnswer:
        """Return what is found for a text."""
        found = self._by_index(lambda index: index.find(text, language, scope))
        return self.unindexed.find(text, language, scope) if found is None else found

    def indexed(self, text: str, language: str = "") -> SearchAnswer | None:
        """Return what the index finds for a text; None while there is no index."""
        return self._by_index(lambda index: index.find(text, language))

    def named(self, text: str, scope: Scope | None = None) -> list[NamedThing]:
        """Return the things that a text may name, with all texts that are known of them."""
        found = self._by_index(lambda index: index.named(text, scope))
        return self.unindexed.named(text, scope) if found is None else found

    def near(self, text: str) -> tuple[str, ...]:
        """Return words of the graph that are somewhat like those of a text."""
        return self._by_index(lambda index: index.alike(text)) or ()

    def kinds(self) -> dict[str, int] | None:
        """Return how many things of each kind can be found; None where that is not known."""
        return self._by_index(lambda index: index.kinds())

    def things(self) -> list[NamedThing]:
        """Return all things that can be found with all their texts; none without an index."""
        return self._by_index(lambda index: [*index.things()]) or []

    def query(self, text: str) -> str:
        """Return a SPARQL query that finds about the same; the empty string without a word."""
        return self.unindexed.query(text)

    def _by_index(self, read: Callable[[Index], Found]) -> Found | None:
        """Return what the index answers, or None; a file that cannot be read is opened again."""
        for _ in range(2):
            index = self.index_file.index() if self.index_file else None
            if index is None or self.index_file is None:
                return None
            try:
                return read(index)
            except sqlite3.DatabaseError:
                self.index_file.reopen()
        return None
