"""Hubs: things that link to almost everything, through which no connection passes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.questions.page_queries import PageQueries

BUSY: Final = 1_000
"""A thing with more links than this is a hub."""

CLASSIFYING: Final = frozenset(
    {
        PREFIXES["dcterms"] + "language",
        PREFIXES["dcterms"] + "license",
        PREFIXES["dcterms"] + "type",
        PREFIXES["org"] + "classification",
        PREFIXES["schema"] + "dayOfWeek",
        PREFIXES["skos"] + "inScheme",
        PREFIXES["skos"] + "topConceptOf",
        RN + "emphasis",
        RN + "fundingScope",
        RN + "imprintOmits",
        RN + "inferredPart",
        RN + "leavesOpen",
        RN + "measure",
        RN + "mode",
        RN + "nature",
        RN + "role",
        RN + "setting",
        RN + "status",
    }
)
"""Properties whose values classify things, and would connect everything of one class."""


@dataclass(frozen=True)
class Avoided:
    """A hub that was reached and not passed through."""

    iri: str
    reason: str
    """sorting (a term that classifies), class (a class, rally, list or question) or busy."""
    links: int = 0
    """The number of its links, where it is busy."""


class Hubs:
    """The hubs that a search between two ends does not pass through; an end is never a hub.

    Classes and properties are hubs between things, but not where an end is a class or property:
    a vocabulary has no other things to pass through.
    """

    def __init__(self, queries: PageQueries, ends: tuple[str, str]) -> None:
        self._queries, self.ends = queries, ends
        self._sorting: set[str] = set()
        self._classes: set[str] = set()
        self._links: dict[str, int] = {}

    def note_link(self, prop: str, value: str) -> None:
        """Record a link: the value of a property that classifies things becomes a hub."""
        if prop in CLASSIFYING and value not in self.ends:
            self._sorting.add(value)

    def passable(self, things: list[str]) -> list[str]:
        """Return the things that are no hubs; each is looked up once."""
        counted = {*self.ends, *self._sorting, *self._links}
        uncounted = [thing for thing in things if thing not in counted]
        rows = self._queries.rows("connects_everything", thing=map(NamedNode, uncounted)).rows
        self._links |= dict.fromkeys(uncounted, 0)
        for thing, links, sorts, terms in rows:
            assert isinstance(thing, NamedNode | Literal) and isinstance(links, Literal)
            assert isinstance(sorts, Literal) and isinstance(terms, Literal)
            self._links[thing.value] = int(links.value)
            if sorts.value != "0" or (terms.value != "0" and not self._is_about_terms):
                self._classes.add(thing.value)
        return [thing for thing in things if thing in self.ends or not self._blocks(thing)]

    @cached_property
    def _is_about_terms(self) -> bool:
        """Whether an end is a class or a property."""
        return self._queries.ask("is_class_or_property", thing=map(NamedNode, self.ends))

    def avoided(self) -> Iterator[Avoided]:
        """Yield the hubs that were reached: the busiest first, then those that classify."""
        busy = {t: n for t, n in self._links.items() if n > BUSY and t not in self._classes}
        for thing in sorted(busy, key=lambda t: (-busy[t], t)):
            yield Avoided(thing, "busy", busy[thing])
        for thing in sorted(self._classes):
            yield Avoided(thing, "class")
        for thing in sorted(self._sorting - self._classes - busy.keys()):
            yield Avoided(thing, "sorting")

    def _blocks(self, thing: str) -> bool:
        return thing in self._sorting or thing in self._classes or self._links.get(thing, 0) > BUSY
