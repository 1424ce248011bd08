"""The things of a list that have each value, at each certainty, read once for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from operator import or_
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, IRIS
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.nesting import in_no_order
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.selection import saved_tables
from rallynov_graph.site.model.selection.value_tables import FacetTable, bits_of

_CERTAINTY_TERMS: Final = tuple(map(NamedNode, IRIS))

CACHE_NAME: Final = "list"
"""The name under which these tables are kept beside a release."""
Places = dict[int, int]
"""The rank of a certainty by the place of a thing; 0 is the surest."""
Bits = tuple[int, ...]
"""The things that have a value, a bit for each, by the weakest certainty admitted."""


@dataclass(frozen=True)
class ListQueries:
    """The queries for a list and its facets; each row of an answer names the graphs that say it."""

    members: str
    direct: str = ""
    """The query for the values of properties, where there are facets of one step."""
    names: tuple[tuple[str, str], ...] = ()
    """The facets of one step, each with its property."""
    through: tuple[tuple[str, str], ...] = ()
    """The facets of two steps, each with its query."""
    within: tuple[tuple[str, str, str], ...] = ()
    """The facets of broader values, with the property of values and the query for broader ones."""
    sure: tuple[str, ...] = ()
    """The facets of the certainty with which things belong to the list."""


def facet_tables(queries: PageQueries, list_queries: ListQueries) -> tuple[FacetTable, ...]:
    """Return the facets of a list at each certainty, the strictest first.

    A statement without a certainty counts at each. The graph does not change, so the tables are
    kept, also beside the release.
    """
    return queries.once(
        CACHE_NAME,
        list_queries,
        lambda: queries.result_cache.get(
            CACHE_NAME,
            repr(list_queries),
            lambda: _read_facet_tables(queries, list_queries),
            saved_tables.tables_to_json,
            saved_tables.tables_from_json,
        ),
    )


def are_tables_kept(queries: PageQueries, list_queries: ListQueries) -> bool:
    """Return whether the tables of a list are kept beside the release."""
    return queries.result_cache.has(CACHE_NAME, repr(list_queries))


def _read_facet_tables(queries: PageQueries, list_queries: ListQueries) -> tuple[FacetTable, ...]:
    through = [text for _, text in list_queries.through]
    wider = [text for *_, text in list_queries.within]
    direct = [list_queries.direct] if list_queries.direct else []
    texts = map(in_no_order, [list_queries.members, *through, *wider, *direct])
    members, *answers = queries.select_all([*texts])
    reader = _ValueReader(graph_ranks(queries), members)
    found = dict.fromkeys(list_queries.sure, reader.sure)
    for (name, _), answer in zip(list_queries.through, answers, strict=False):
        found[name] = next(iter(reader.values(answer).values()), {})
    by_property = reader.values(answers[-1]) if direct else {}
    found |= {name: by_property.get(prop, {}) for prop, name in list_queries.names}
    for (name, prop, _), pairs in zip(list_queries.within, answers[len(through) :], strict=False):
        found[name] = _within(by_property.get(prop, {}), pairs)
    return tuple(
        FacetTable(
            {
                name: {value: bits[rank] for value, bits in by_value.items()}
                for name, by_value in found.items()
            },
            reader.members[rank],
        )
        for rank in range(len(CERTAINTIES))
    )


class _ValueReader:
    """Reads the values of the things of a list."""

    def __init__(self, ranks: Mapping[Term, int], members: Solutions) -> None:
        self._ranks = ranks
        things = {thing for thing, _ in members.rows if thing is not None}
        in_order = sorted(things, key=lambda thing: getattr(thing, "value", ""))
        self._at = {thing: place for place, thing in enumerate(in_order)}
        surest: Places = {}
        by_certainty: list[Places] = [{} for _ in CERTAINTIES]
        for thing, graph in members.rows:
            assert thing is not None and graph is not None
            place = self._at[thing]
            rank = ranks.get(graph)
            surest[place] = min(rank or 0, surest.get(place, len(CERTAINTIES)))
            if rank is not None:
                by_certainty[rank][place] = 0
        self.members = _bits(surest)
        self.sure: Mapping[Term, Bits] = {
            certainty: _bits(places)
            for certainty, places in zip(_CERTAINTY_TERMS, by_certainty, strict=True)
        }

    def values(self, answer: Solutions) -> dict[str, dict[Term, Bits]]:
        """Return the things that have each value of each property.

        A row is as sure as its weakest graph.
        """
        ranks, at = self._ranks, self._at
        found: dict[str, dict[Term, Places]] = {}
        for thing, prop, value, *graphs in answer.rows:
            place = at.get(thing)  # type: ignore[arg-type]
            if place is None or value is None:
                continue
            rank = max(ranks.get(graph, 0) for graph in graphs)  # type: ignore[arg-type]
            values = found.setdefault(getattr(prop, "value", ""), {})
            places = values.setdefault(value, {})
            if rank < places.get(place, len(CERTAINTIES)):
                places[place] = rank
        return {
            prop: {value: _bits(places) for value, places in values.items()}
            for prop, values in found.items()
        }


def _within(values: Mapping[Term, Bits], pairs: Solutions) -> dict[Term, Bits]:
    """Return the things that have each broader value, or a value within it."""
    found: dict[Term, Bits] = {}
    for narrower, wider in pairs.rows:
        bits = values.get(narrower)  # type: ignore[arg-type]
        if bits is not None and wider is not None:
            bits_so_far = found.get(wider, bits)
            found[wider] = tuple(
                first | second for first, second in zip(bits_so_far, bits, strict=True)
            )
    return found


def _bits(places: Places) -> Bits:
    by_rank: list[list[int]] = [[] for _ in CERTAINTIES]
    for place, rank in places.items():
        by_rank[rank].append(place)
    return tuple(accumulate(map(bits_of, by_rank), or_))


def graph_ranks(queries: PageQueries) -> dict[Term, int]:
    """Return the rank of the certainty of each graph that has one."""
    return queries.once("ranks", None, lambda: _read_graph_ranks(queries))


def _read_graph_ranks(queries: PageQueries) -> dict[Term, int]:
    places = {certainty: place for place, certainty in enumerate(_CERTAINTY_TERMS)}
    found: dict[Term, int] = {}
    for graph, certainty in queries.store.select(queries.text("certainties")).rows:
        if graph is not None and isinstance(certainty, NamedNode) and certainty in places:
            found[graph] = min(places[certainty], found.get(graph, places[certainty]))
    return found
