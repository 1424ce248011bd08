"""The things of a list that have each value of its facets, at each certainty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import IRIS
from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.questions.page_queries import PageQueries, in_no_order

Counts = Mapping[Term, int]
ChosenValues = Mapping[str, tuple[Term, ...]]
Surest = Mapping[str, int]
"""Things, each with the rank of its best certainty; 0 is the surest."""
RANKS: Final[Mapping[Term, int]] = {NamedNode(iri): rank for rank, iri in enumerate(IRIS)}


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
    """The facets of the certainty with which things answer the choices."""


@dataclass(frozen=True)
class FacetValues:
    """The things of a list, and those that have each value of each facet; others may be there.

    Each is there with the rank of the certainty with which it is said at best.
    """

    things: Mapping[str, Mapping[Term, Surest]]
    members: Surest = field(default_factory=dict)
    inner: Mapping[str, frozenset[Term]] = field(default_factory=dict)
    """The wider values that lie within others: an address may name them, no form offers them."""
    sure: tuple[str, ...] = ()
    """The facets of how surely a thing answers the choices."""

    def counts(self, chosen: ChosenValues, least: int) -> dict[str, Counts]:
        """Return the number of things with each value of each facet, under the other choices.

        ``least`` is the rank of the weakest certainty that is admitted.
        """
        wanted = self._wanted(chosen, least)
        found: dict[str, Counts] = {}
        for name in self.things:
            hidden = self.inner.get(name, frozenset()).difference(chosen.get(name, ()))
            found[name] = self._counted(name, self.answering(chosen, least, name), wanted, hidden)
        for name in self.sure:
            hows = Counter(self.answering(chosen, least).values())
            found[name] = {term: hows[rank] for term, rank in RANKS.items() if hows[rank]}
        return found

    def chosen(self, chosen: ChosenValues, least: int) -> dict[str, int]:
        """Return the chosen things, each with how surely it answers the choices."""
        wanted = self._wanted(chosen, least)
        answering = self.answering(chosen, least)
        return {thing: rank for thing, rank in answering.items() if rank in wanted}

    def answering(self, chosen: ChosenValues, least: int, besides: str = "") -> dict[str, int]:
        """Return the things that answer the choices, each with how surely it does.

        It does by its class and by one of the chosen values of each facet, each as surely as it is
        said at best; the weakest of them decides. Left out are the choices of one facet, and those
        of certainties.
        """
        found = {thing: rank for thing, rank in self.members.items() if rank <= least}
        for name, terms in chosen.items():
            if not terms or name == besides or name in self.sure:
                continue
            best = _best(self.things[name].get(term, {}) for term in terms)
            found = {
                thing: max(rank, best[thing])
                for thing, rank in found.items()
                if best.get(thing, least + 1) <= least
            }
        return found

    def _counted(
        self, name: str, among: Surest, wanted: AbstractSet[int], hidden: AbstractSet[Term]
    ) -> Counts:
        counted = {
            value: sum(
                max(rank, among[thing]) in wanted for thing, rank in of.items() if thing in among
            )
            for value, of in self.things[name].items()
            if value not in hidden
        }
        return {value: number for value, number in counted.items() if number}

    def _wanted(self, chosen: ChosenValues, least: int) -> frozenset[int]:
        """Return the ranks of the certainties that are chosen, all that are admitted without."""
        terms = [term for name in self.sure for term in chosen.get(name, ())]
        ranks = (RANKS[term] for term in terms) if terms else range(least + 1)
        return frozenset(ranks).intersection(range(least + 1))


def values_by_certainty(queries: PageQueries, list_queries: ListQueries) -> FacetValues:
    """Return the values of a list with their certainties; they are kept.

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
        found: dict[str, dict[Term, dict[str, int]]] = {name: {} for name in names.values()}
        for thing, prop, value in values.rows:
            if value is not None and thing in texts:
                of_facet = found[names[_text(prop)]]
                of_facet.setdefault(value, {})[texts[thing]] = 0
        return FacetValues(found, dict.fromkeys(texts.values(), 0))

    return queries.once("facets", (members, direct, tuple(names.items())), read)


def _read(queries: PageQueries, list_queries: ListQueries) -> FacetValues:
    through = [text for _, text in list_queries.through]
    wider = [text for *_, text in list_queries.within]
    direct = [list_queries.direct] if list_queries.direct else []
    texts = map(in_no_order, [list_queries.members, *through, *wider, *direct])
    members, *answers = queries.select_all([*texts])
    reader = _ValueReader(_graph_ranks(queries), members)
    by_property = reader.values(answers[-1]) if direct else {}
    found: dict[str, Mapping[Term, Surest]] = {}
    inner: dict[str, frozenset[Term]] = {}
    for (name, _), answer in zip(list_queries.through, answers, strict=False):
        found[name] = next(iter(reader.values(answer).values()), {})
    for prop, name in list_queries.names:
        found[name] = by_property.get(prop, {})
    for (name, prop, _), pairs in zip(list_queries.within, answers[len(through) :], strict=False):
        found[name], inner[name] = _within(by_property.get(prop, {}), pairs)
    return FacetValues(found, reader.members, inner, list_queries.sure)


class _ValueReader:
    """Reads the values of the things of a list."""

    def __init__(self, ranks: Mapping[Term, int], members: Solutions) -> None:
        self._ranks = ranks
        self._texts = {thing: _text(thing) for thing, _ in members.rows}
        self.members: dict[str, int] = {}
        for thing, graph in members.rows:
            text, rank = self._texts[thing], ranks.get(graph, 0)  # type: ignore[arg-type]
            self.members[text] = min(rank, self.members.get(text, rank))

    def values(self, answer: Solutions) -> dict[str, dict[Term, dict[str, int]]]:
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
        return found


def _within(
    values: Mapping[Term, Surest], pairs: Solutions
) -> tuple[dict[Term, Surest], frozenset[Term]]:
    """Return the things that have each wider value or one within it, and the values within others.

    A value that lies within no other, and has none within it, is a widest one too.
    """
    within = {near for near, wider in pairs.rows if near != wider}
    near_values: dict[Term, list[Surest]] = {}
    own = [(value, value) for value in values if value not in within]
    for near, wider in (*pairs.rows, *own):
        if near is not None and wider is not None and near in values:
            near_values.setdefault(wider, []).append(values[near])
    found: dict[Term, Surest] = {value: _best(of) for value, of in near_values.items()}
    return found, frozenset(value for value in found if value in within)


def _best(several: Iterable[Surest]) -> dict[str, int]:
    """Return the things of several answers, each as sure as it is in the surest of them."""
    found: dict[str, int] = {}
    for things in several:
        for thing, rank in things.items():
            found[thing] = min(rank, found.get(thing, rank))
    return found


def _graph_ranks(queries: PageQueries) -> dict[Term, int]:
    """Return the rank of the certainty of each graph that has one."""
    return queries.once("ranks", None, lambda: _surest(_certainties(queries)))


def _certainties(queries: PageQueries) -> Iterable[tuple[Term, int]]:
    for graph, certainty in queries.store.select(queries.text("certainties")).rows:
        if graph is not None and isinstance(certainty, NamedNode) and certainty in RANKS:
            yield graph, RANKS[certainty]


def _surest(ranked: Iterable[tuple[Term, int]]) -> dict[Term, int]:
    found: dict[Term, int] = {}
    for graph, rank in ranked:
        found[graph] = min(rank, found.get(graph, rank))
    return found


def _text(term: Term | None) -> str:
    return getattr(term, "value", "")
