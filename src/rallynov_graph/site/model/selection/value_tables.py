"""Which things of a list have which values: loaded once, then counted under any choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from types import MappingProxyType

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import PageQueries

Counts = Mapping[Term, int]
Chosen = Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True)
class FacetQuery:
    """A query for the values of some facets, by the property that each stands for."""

    text: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FacetTable:
    """The things that have each value of each facet: a bit for each thing."""

    bits: Mapping[str, Mapping[Term, int]]
    there: int = -1
    """The things that the list has; others may have bits."""

    def counts(self, chosen: Chosen) -> dict[str, Counts]:
        """Return how many things have each value of each facet, under the other facets' choices."""
        left = {
            name: reduce(or_, (self.bits[name].get(term, 0) for term in terms), 0)
            for name, terms in chosen.items()
            if terms
        }
        return {name: self._counted(name, left) for name in self.bits}

    def _counted(self, name: str, left: Mapping[str, int]) -> Counts:
        mask = reduce(and_, (mask for other, mask in left.items() if other != name), self.there)
        counted = {term: (bits & mask).bit_count() for term, bits in self.bits[name].items()}
        return MappingProxyType({term: things for term, things in counted.items() if things})


def table(queries: PageQueries, members: str, asked: tuple[FacetQuery, ...]) -> FacetTable:
    """Return what some queries answer of the members; the graph does not change, so it is kept."""
    return queries.once("table", (members, asked), lambda: _table(queries, members, asked))


def _table(queries: PageQueries, members: str, asked: tuple[FacetQuery, ...]) -> FacetTable:
    things, *answers = queries.select_all([members, *(question.text for question in asked)])
    places = {thing: place for place, (thing, *_) in enumerate(things.rows)}
    found: dict[str, dict[Term, list[int]]] = {n: {} for a in asked for _, n in a.names}
    for question, answer in zip(asked, answers, strict=True):
        names = dict(question.names)
        for thing, prop, value in answer.rows:
            if value is not None and thing in places:
                values = found[names[getattr(prop, "value", "")]]
                values.setdefault(value, []).append(places[thing])
    return FacetTable(
        {
            name: {value: bits_of(those) for value, those in values.items()}
            for name, values in found.items()
        }
    )


def bits_of(places: list[int]) -> int:
    """Return a number whose bits at these places are set."""
    if not places:
        return 0
    field = bytearray(max(places) // 8 + 1)
    for place in places:
        field[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(field, "little")
