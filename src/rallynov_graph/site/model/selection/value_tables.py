"""The things of a list that have each value, read once, then counted under any choices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from types import MappingProxyType

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import PageQueries

Counts = Mapping[Term, int]
ChosenValues = Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True)
class FacetQuery:
    """A query for the values of some facets, each with its property."""

    text: str
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class FacetTable:
    """The things that have each value of each facet: a bit for each thing.

    Of a graph with certainties, bit n is the n-th thing of the list at every certainty, in the
    order of IRIs.
    """

    bits: Mapping[str, Mapping[Term, int]]
    members: int = -1
    """The things of the list; others may have bits."""

    def counts(self, chosen: ChosenValues) -> dict[str, Counts]:
        """Return the number of things with each value of each facet, under the other choices."""
        masks = {
            name: reduce(or_, (self.bits[name].get(term, 0) for term in terms), 0)
            for name, terms in chosen.items()
            if terms
        }
        return {name: self._counted(name, masks) for name in self.bits}

    def counts_of_all(self, name: str, chosen: ChosenValues) -> Counts:
        """Return the number of the chosen things with each value of a facet."""
        mask = self._chosen(chosen)
        counted = {term: (bits & mask).bit_count() for term, bits in self.bits[name].items()}
        return {term: things for term, things in counted.items() if things}

    def without(self, name: str, chosen: ChosenValues) -> int:
        """Return how many of the chosen things have no value of a facet."""
        with_value = reduce(or_, self.bits[name].values(), 0)
        mask = self._chosen(chosen)
        return (mask & ~with_value).bit_count() if mask >= 0 else 0

    def _chosen(self, chosen: ChosenValues) -> int:
        """Return the chosen things, a bit for each."""
        masks = (
            reduce(or_, (self.bits[name].get(term, 0) for term in terms), 0)
            for name, terms in chosen.items()
            if terms
        )
        return reduce(and_, masks, self.members)

    def _counted(self, name: str, masks: Mapping[str, int]) -> Counts:
        mask = reduce(
            and_, (mask for other_name, mask in masks.items() if other_name != name), self.members
        )
        counted = {term: (bits & mask).bit_count() for term, bits in self.bits[name].items()}
        return MappingProxyType({term: things for term, things in counted.items() if things})


def facet_table(
    queries: PageQueries, members: str, facet_queries: tuple[FacetQuery, ...]
) -> FacetTable:
    """Return the facets of the members from some queries, kept as the graph does not change."""
    return queries.once(
        "table",
        (members, facet_queries),
        lambda: _read_facet_table(queries, members, facet_queries),
    )


def _read_facet_table(
    queries: PageQueries, members: str, facet_queries: tuple[FacetQuery, ...]
) -> FacetTable:
    things, *answers = queries.select_all(
        [members, *(facet_query.text for facet_query in facet_queries)]
    )
    places = {thing: place for place, (thing, *_) in enumerate(things.rows)}
    found: dict[str, dict[Term, list[int]]] = {
        name: {} for facet_query in facet_queries for _, name in facet_query.names
    }
    for facet_query, answer in zip(facet_queries, answers, strict=True):
        names = dict(facet_query.names)
        for thing, prop, value in answer.rows:
            if value is not None and thing in places:
                values = found[names[getattr(prop, "value", "")]]
                values.setdefault(value, []).append(places[thing])
    return FacetTable(
        {
            name: {value: bits_of(places_of_value) for value, places_of_value in values.items()}
            for name, values in found.items()
        }
    )


def places_of(bits: int) -> list[int]:
    """Return the places of the bits of a number that are set, the lowest first."""
    places = []
    while bits:
        lowest = bits & -bits
        places.append(lowest.bit_length() - 1)
        bits ^= lowest
    return places


def bits_of(places: list[int]) -> int:
    """Return the number whose bits at these places are set."""
    if not places:
        return 0
    field = bytearray(max(places) // 8 + 1)
    for place in places:
        field[place >> 3] |= 1 << (place & 7)
    return int.from_bytes(field, "little")
