"""Finding things without an index, by SPARQL alone: a word somewhere in a name, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.resources import search_queries_dir
from rallynov_graph.matching.words import SMALL, plain_words, search_words
from rallynov_graph.questions.catalogue import load
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.search.names_and_texts import (
    EVIDENCE,
    TextOfThing,
    kind_by_address,
    kind_by_classes,
    role,
)
from rallynov_graph.search.results import SearchAnswer, SearchWord, hit
from rallynov_graph.search.searching import LONGEST, MOST_WORDS, NamedThing, Scope
from rallynov_graph.sparql.store import Store

ROWS: Final = 500
"""How many rows the query gives at most: as its file says."""
_NAMED: Final = "things_named"


@dataclass(frozen=True)
class UnindexedSearch:
    """Search in a store of any make and size: slower, and only for words as they are spelt."""

    queries: PageQueries
    labels: Labels

    @classmethod
    def of(cls, store: Store, labels: Labels) -> UnindexedSearch:
        """Return the search of a store without an index."""
        return cls(PageQueries(store, load(search_queries_dir())), labels)

    def query(self, text: str) -> str:
        """Return the query that searches for a text; the empty string where it has no word."""
        words = searched_words(text)
        return self.queries.text(_NAMED, word=Literal(max(words, key=len))) if words else ""

    def find(self, text: str, language: str = "", scope: Scope | None = None) -> SearchAnswer:
        """Return the things that have each word in one of their names."""
        all_words, words, scope = (
            search_words(text[:LONGEST])[:MOST_WORDS],
            searched_words(text),
            scope or Scope(),
        )
        if not words:
            return SearchAnswer(all_words, without_index=True)
        named, all_rows = self._named(words, scope)
        wanted = [SearchWord((word,)) for word in words]
        scored = [
            (*hit(thing.iri, thing.kind, thing.texts, wanted, language), thing.iri)
            for thing in named
            if _has_all(thing.texts, words)
        ]
        scored.sort(key=lambda thing: (thing[0], thing[2]))
        hits = tuple(found for _, found, _ in scored)
        more = not all_rows or len(hits) > scope.most
        return SearchAnswer(all_words, hits[: scope.most], more=more, without_index=True)

    def named(self, text: str, scope: Scope | None = None) -> list[NamedThing]:
        """Return the things that a text may name: those that have its longest word in a name."""
        words, scope = searched_words(text), scope or Scope()
        return self._named(words, scope)[0][: scope.most] if words else []

    def _named(self, words: Sequence[str], scope: Scope) -> tuple[list[NamedThing], bool]:
        """Return the things that have the longest of some words, and whether these are all."""
        rows = self.queries.rows(_NAMED, word=Literal(max(words, key=len))).rows
        texts: dict[str, list[TextOfThing]] = {}
        for thing, prop, value in rows:
            if isinstance(thing, NamedNode) and isinstance(value, Literal):
                assert isinstance(prop, NamedNode)
                text = TextOfThing(role(prop.value), value.value, value.language or "")
                texts.setdefault(thing.value, []).append(text)
        things = [
            NamedThing(
                iri,
                kind_by_address(iri) or kind_by_classes(iri, described.classes),
                tuple(texts[iri]),
            )
            for iri, described in self.labels.of(texts).items()
        ]
        wanted = [
            thing
            for thing in things
            if thing.kind not in EVIDENCE and scope.kind in ("", thing.kind)
        ]
        return wanted, len(rows) < ROWS


def searched_words(text: str) -> tuple[str, ...]:
    """Return the words of a text that are looked for."""
    words = search_words(text[:LONGEST])[:MOST_WORDS]
    return tuple(word for word in words if word not in SMALL) or words


def _has_all(texts: Sequence[TextOfThing], words: Sequence[str]) -> bool:
    whole = " ".join(word for text in texts for word in plain_words(text.value))
    return all(word in whole for word in words)
