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
from rallynov_graph.search.results import Answer, Wanted, hit
from rallynov_graph.search.searching import LONGEST, MOST_WORDS, Named, Scope
from rallynov_graph.sparql.store import Store

ROWS: Final = 500
"""How many rows the query gives at most: as its file says."""
_NAMED: Final = "things_named"


@dataclass(frozen=True)
class Plainly:
    """What is found in a store of any make and size, if more slowly and only as it is spelt."""

    queries: PageQueries
    labels: Labels

    @classmethod
    def of(cls, store: Store, labels: Labels) -> Plainly:
        """Return the plain search of a store."""
        return cls(PageQueries(store, load(search_queries_dir())), labels)

    def query(self, text: str) -> str:
        """Return the query that is asked for what somebody wrote; empty where that is no word."""
        words = meant(text)
        return self.queries.text(_NAMED, word=Literal(max(words, key=len))) if words else ""

    def find(self, text: str, language: str = "", scope: Scope | None = None) -> Answer:
        """Return the things that have each word in one of their names."""
        said, words, scope = (
            search_words(text[:LONGEST])[:MOST_WORDS],
            meant(text),
            scope or Scope(),
        )
        if not words:
            return Answer(said, plain=True)
        named, all_rows = self._named(words, scope)
        wanted = [Wanted((word,)) for word in words]
        scored = [
            (*hit(it.iri, it.kind, it.texts, wanted, language), it.iri)
            for it in named
            if _has_all(it.texts, words)
        ]
        scored.sort(key=lambda it: (it[0], it[2]))
        hits = tuple(found for _, found, _ in scored)
        more = not all_rows or len(hits) > scope.most
        return Answer(said, hits[: scope.most], more=more, plain=True)

    def named(self, text: str, scope: Scope | None = None) -> list[Named]:
        """Return the things that may be called so: those that have the longest word in a name."""
        words, scope = meant(text), scope or Scope()
        return self._named(words, scope)[0][: scope.most] if words else []

    def _named(self, words: Sequence[str], scope: Scope) -> tuple[list[Named], bool]:
        """Return the things that have the longest of some words, and whether these are all."""
        rows = self.queries.rows(_NAMED, word=Literal(max(words, key=len))).rows
        told: dict[str, list[TextOfThing]] = {}
        for thing, prop, value in rows:
            if isinstance(thing, NamedNode) and isinstance(value, Literal):
                assert isinstance(prop, NamedNode)
                text_of = TextOfThing(role(prop.value), value.value, value.language or "")
                told.setdefault(thing.value, []).append(text_of)
        named = [
            Named(
                iri, kind_by_address(iri) or kind_by_classes(iri, found.classes), tuple(told[iri])
            )
            for iri, found in self.labels.of(told).items()
        ]
        kept = [it for it in named if it.kind not in EVIDENCE and scope.kind in ("", it.kind)]
        return kept, len(rows) < ROWS


def meant(text: str) -> tuple[str, ...]:
    """Return the words of what somebody wrote that are looked for."""
    words = search_words(text[:LONGEST])[:MOST_WORDS]
    return tuple(word for word in words if word not in SMALL) or words


def _has_all(texts: Sequence[TextOfThing], words: Sequence[str]) -> bool:
    whole = " ".join(word for told in texts for word in plain_words(told.value))
    return all(word in whole for word in words)
