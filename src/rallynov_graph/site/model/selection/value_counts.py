"""Which things of a list have which values, at each certainty: loaded once for all of them."""

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

_HOW: Final = tuple(map(NamedNode, IRIS))

SORT: Final = "list"
"""What these tables are among what is kept beside a release."""
Places = dict[int, int]
"""How surely something is said of each thing, by its place: 0 is the surest."""
Bits = tuple[int, ...]
"""The things of which something is said, a bit for each, by the weakest certainty admitted."""


@dataclass(frozen=True)
class Loaded:
    """The queries for a list and its facets; each row of an answer names the graphs that say it."""

    members: str
    direct: str = ""
    """For the values of properties, where there are facets of one step."""
    names: tuple[tuple[str, str], ...] = ()
    """The facets of one step, each with its property."""
    through: tuple[tuple[str, str], ...] = ()
    """The facets of two steps, each with its query."""
    within: tuple[tuple[str, str, str], ...] = ()
    """The facets of wider values, with the property of the values and the query for the wider."""
    sure: tuple[str, ...] = ()
    """The facets of how surely things are of the list."""


def tables(queries: PageQueries, loaded: Loaded) -> tuple[FacetTable, ...]:
    """Return what a list can be narrowed by at each certainty, the strictest first.

    What no certainty goes with holds at each. The graph does not change, so it is kept, beside
    the release too.
    """
    return queries.once(
        SORT,
        loaded,
        lambda: queries.result_cache.get(
            SORT,
            repr(loaded),
            lambda: _tables(queries, loaded),
            saved_tables.written,
            saved_tables.read,
        ),
    )


def is_kept(queries: PageQueries, loaded: Loaded) -> bool:
    """Tell whether the tables of a list need not be worked out."""
    return queries.result_cache.has(SORT, repr(loaded))


def _tables(queries: PageQueries, loaded: Loaded) -> tuple[FacetTable, ...]:
    through = [text for _, text in loaded.through]
    wider = [text for *_, text in loaded.within]
    direct = [loaded.direct] if loaded.direct else []
    texts = map(in_no_order, [loaded.members, *through, *wider, *direct])
    members, *answers = queries.select_all([*texts])
    reader = _ValueReader(ranks(queries), members)
    found = dict.fromkeys(loaded.sure, reader.sure)
    for (name, _), answer in zip(loaded.through, answers, strict=False):
        found[name] = next(iter(reader.values(answer).values()), {})
    by_property = reader.values(answers[-1]) if direct else {}
    found |= {name: by_property.get(prop, {}) for prop, name in loaded.names}
    for (name, prop, _), pairs in zip(loaded.within, answers[len(through) :], strict=False):
        found[name] = _within(by_property.get(prop, {}), pairs)
    return tuple(
        FacetTable(
            {name: {v: bits[rank] for v, bits in of.items()} for name, of in found.items()},
            reader.members[rank],
        )
        for rank in range(len(CERTAINTIES))
    )


class _ValueReader:
    """Reads what is said of the things of a list."""

    def __init__(self, ranks: Mapping[Term, int], members: Solutions) -> None:
        self._ranks = ranks
        self._at: dict[Term, int] = {}
        surest: Places = {}
        by_how: list[Places] = [{} for _ in CERTAINTIES]
        for thing, graph in members.rows:
            assert thing is not None and graph is not None
            place = self._at.setdefault(thing, len(self._at))
            rank = ranks.get(graph)
            surest[place] = min(rank or 0, surest.get(place, len(CERTAINTIES)))
            if rank is not None:
                by_how[rank][place] = 0
        self.members = _bits(surest)
        self.sure: Mapping[Term, Bits] = {
            how: _bits(places) for how, places in zip(_HOW, by_how, strict=True)
        }

    def values(self, answer: Solutions) -> dict[str, dict[Term, Bits]]:
        """Return who has each value of each property; a row is as sure as its weakest graph."""
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
    """Return who has each wider value, itself or through one that lies within it."""
    found: dict[Term, Bits] = {}
    for near, wider in pairs.rows:
        bits = values.get(near)  # type: ignore[arg-type]
        if bits is not None and wider is not None:
            known = found.get(wider, bits)
            found[wider] = tuple(one | other for one, other in zip(known, bits, strict=True))
    return found


def _bits(places: Places) -> Bits:
    by_rank: list[list[int]] = [[] for _ in CERTAINTIES]
    for place, rank in places.items():
        by_rank[rank].append(place)
    return tuple(accumulate(map(bits_of, by_rank), or_))


def ranks(queries: PageQueries) -> dict[Term, int]:
    """Return how surely each graph speaks, where it says so."""
    return queries.once("ranks", None, lambda: _ranks(queries))


def _ranks(queries: PageQueries) -> dict[Term, int]:
    places = {how: place for place, how in enumerate(_HOW)}
    found: dict[Term, int] = {}
    for graph, how in queries.store.select(queries.text("certainties")).rows:
        if graph is not None and isinstance(how, NamedNode) and how in places:
            found[graph] = min(places[how], found.get(graph, places[how]))
    return found
