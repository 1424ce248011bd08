"""The things of a list that have each value of its facets, at each certainty."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, IRIS
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.nesting import in_no_order
from rallynov_graph.questions.page_queries import PageQueries

Counts = Mapping[Term, int]
ChosenValues = Mapping[str, tuple[Term, ...]]
Things = AbstractSet[str]

_RANKS: Final = {NamedNode(iri): rank for rank, iri in enumerate(IRIS)}


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


@dataclass(frozen=True)
class FacetValues:
    """The things of a list, and those that have each value of each facet; others may be there."""

    things: Mapping[str, Mapping[Term, Things]]
    members: Things = frozenset()

    def counts(self, chosen: ChosenValues) -> dict[str, Counts]:
        """Return the number of things with each value of each facet, under the other choices."""
        return {name: self._counted(name, self._chosen(chosen, name)) for name in self.things}

    def counts_of_all(self, name: str, chosen: ChosenValues) -> Counts:
        """Return the number of the chosen things with each value of a facet."""
        return self._counted(name, self._chosen(chosen))

    def without(self, name: str, chosen: ChosenValues) -> int:
        """Return how many of the chosen things have no value of a facet."""
        return len(self._chosen(chosen).difference(*self.things[name].values()))

    def _counted(self, name: str, among: Things) -> Counts:
        counted = {value: len(things & among) for value, things in self.things[name].items()}
        return {value: number for value, number in counted.items() if number}

    def _chosen(self, chosen: ChosenValues, besides: str = "") -> frozenset[str]:
        """Return the things that have a chosen value of each facet but one."""
        having = (
            frozenset[str]().union(*(self.things[name].get(term, ()) for term in terms))
            for name, terms in chosen.items()
            if terms and name != besides
        )
        return frozenset(self.members).intersection(*having)


def values_by_certainty(queries: PageQueries, list_queries: ListQueries) -> tuple[FacetValues, ...]:
    """Return the values of a list at each certainty, the strictest first; they are kept.

    A statement without a certainty counts at each.
    """
    return queries.once("facets", list_queries, lambda: _read(queries, list_queries))


def values_of_properties(
    queries: PageQueries, members: str, direct: str, names: Mapping[str, str]
) -> FacetValues:
    """Return the values of properties, each with the name of its facet, without certainties."""

    def read() -> FacetValues:
        things, values = queries.select_all([members, direct])
        texts = {thing: _text(thing) for thing, *_ in things.rows}
        found: dict[str, dict[Term, set[str]]] = {name: {} for name in names.values()}
        for thing, prop, value in values.rows:
            if value is not None and thing in texts:
                of_facet = found[names[_text(prop)]]
                of_facet.setdefault(value, set()).add(texts[thing])
        return FacetValues(found, frozenset(texts.values()))

    return queries.once("facets", (members, direct, tuple(names.items())), read)


def _read(queries: PageQueries, list_queries: ListQueries) -> tuple[FacetValues, ...]:
    through = [text for _, text in list_queries.through]
    wider = [text for *_, text in list_queries.within]
    direct = [list_queries.direct] if list_queries.direct else []
    texts = map(in_no_order, [list_queries.members, *through, *wider, *direct])
    members, *answers = queries.select_all([*texts])
    reader = _ValueReader(_graph_ranks(queries), members)
    by_property = reader.values(answers[-1]) if direct else {}
    found = dict.fromkeys(list_queries.sure, reader.sure)
    for (name, _), answer in zip(list_queries.through, answers, strict=False):
        found[name] = next(iter(reader.values(answer).values()), {})
    for prop, name in list_queries.names:
        found[name] = by_property.get(prop, {})
    for (name, prop, _), pairs in zip(list_queries.within, answers[len(through) :], strict=False):
        found[name] = _within(by_property.get(prop, {}), pairs)
    return tuple(
        FacetValues(
            {
                name: {value: things[rank] for value, things in by_value.items()}
                for name, by_value in found.items()
            },
            reader.members[rank],
        )
        for rank in range(len(CERTAINTIES))
    )


_ByRank = tuple[Things, ...]
"""Things by the weakest certainty that is admitted."""


class _ValueReader:
    """Reads the values of the things of a list."""

    def __init__(self, ranks: Mapping[Term, int], members: Solutions) -> None:
        self._ranks = ranks
        self._texts = {thing: _text(thing) for thing, _ in members.rows}
        surest: dict[str, int] = {}
        by_certainty: list[set[str]] = [set() for _ in CERTAINTIES]
        for thing, graph in members.rows:
            text, rank = self._texts[thing], ranks.get(graph)  # type: ignore[arg-type]
            surest[text] = min(rank or 0, surest.get(text, len(CERTAINTIES)))
            if rank is not None:
                by_certainty[rank].add(text)
        self.members = _by_rank(surest)
        self.sure: dict[Term, _ByRank] = {
            certainty: (by_certainty[rank],) * len(CERTAINTIES)
            for certainty, rank in _RANKS.items()
        }

    def values(self, answer: Solutions) -> dict[str, dict[Term, _ByRank]]:
        """Return the things that have each value of each property.

        A row is as sure as its weakest graph.
        """
        ranks, texts = self._ranks, self._texts
        found: dict[str, dict[Term, dict[str, int]]] = {}
        for thing, prop, value, *graphs in answer.rows:
            text = texts.get(thing)
            if text is None or value is None:
                continue
            rank = max(ranks.get(graph, 0) for graph in graphs)  # type: ignore[arg-type]
            surest = found.setdefault(_text(prop), {}).setdefault(value, {})
            surest[text] = min(rank, surest.get(text, rank))
        return {
            prop: {value: _by_rank(surest) for value, surest in values.items()}
            for prop, values in found.items()
        }


def _within(values: Mapping[Term, _ByRank], pairs: Solutions) -> dict[Term, _ByRank]:
    """Return the things that have each broader value, or a value within it."""
    found: dict[Term, _ByRank] = {}
    for narrower, wider in pairs.rows:
        things = values.get(narrower)  # type: ignore[arg-type]
        if things is not None and wider is not None:
            so_far = found.get(wider, things)
            found[wider] = tuple(one | other for one, other in zip(so_far, things, strict=True))
    return found


def _by_rank(surest: Mapping[str, int]) -> _ByRank:
    found: list[Things] = []
    for rank in range(len(CERTAINTIES)):
        added = {text for text, own in surest.items() if own == rank}
        before = found[-1] if found else frozenset[str]()
        found.append(before | added if added else before)  # one set where nothing is less sure
    return tuple(found)


def _graph_ranks(queries: PageQueries) -> dict[Term, int]:
    """Return the rank of the certainty of each graph that has one."""
    return queries.once("ranks", None, lambda: _surest(_certainties(queries)))


def _certainties(queries: PageQueries) -> Iterable[tuple[Term, int]]:
    for graph, certainty in queries.store.select(queries.text("certainties")).rows:
        if graph is not None and isinstance(certainty, NamedNode) and certainty in _RANKS:
            yield graph, _RANKS[certainty]


def _surest(ranked: Iterable[tuple[Term, int]]) -> dict[Term, int]:
    found: dict[Term, int] = {}
    for graph, rank in ranked:
        found[graph] = min(rank, found.get(graph, rank))
    return found


def _text(term: Term | None) -> str:
    return getattr(term, "value", "")
