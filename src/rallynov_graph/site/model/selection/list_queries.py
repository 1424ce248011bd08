"""The queries for the things of a list under a reader's choices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, rank_of
from rallynov_graph.base.kinds import (
    CERTAINTY,
    DIRECT,
    KINDS,
    THROUGH,
    WITHIN,
    Facet,
    Kind,
    ListColumn,
    ValuePath,
)
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import NAMINGS, TYPE
from rallynov_graph.questions.page_queries import PageQueries, ParameterTerms, in_no_order, nested
from rallynov_graph.site.model.selection.facet_values import (
    RANKS,
    Counts,
    FacetValues,
    ListQueries,
    values_by_certainty,
    values_of_properties,
)

NAME: Final = "name"
LINKS: Final = "links"
"""The sort keys of every list, beside those that its kind declares."""
ANY_CERTAINTY: Final = LEAST_SURE
"""The default certainty, which admits every statement."""
FEW: Final = 50
"""The most values of a facet, in a graph without declared facets."""
MOST_NARROWED: Final = 20_000
"""A longer list is not narrowed in a browser: a choice asks for up to a hundred of its pages."""
_NO_FACETS: Final = frozenset({*NAMINGS, TYPE})


@dataclass(frozen=True)
class Source:
    """The things of a list, and its facets."""

    kind: str = ""
    of_class: str = ""
    prefix: str = ""
    """The beginning of the IRIs of its things."""
    facets: tuple[Facet, ...] = ()
    certain: bool = True
    """Whether the graph states certainties."""
    sorts: tuple[ListColumn, ...] = ()
    columns: tuple[ListColumn, ...] = ()

    @property
    def path(self) -> str:
        """The path of the list on the site."""
        return f"/list/{self.kind}" if self.kind else "/list"

    @property
    def sort(self) -> str:
        """The default sort key of the list."""
        return next((column.name for column in self.sorts), NAME)


@dataclass(frozen=True)
class Choices:
    """A reader's choices for a list: the certainty, the sort key, the values of facets."""

    certainty: str = ANY_CERTAINTY
    sort: str = NAME
    chosen: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)


def source_of_kind(kind: str) -> Source:
    """Return the source of a list of things of one of our kinds."""
    kind_of_things = KINDS.get(kind, Kind(kind))
    return Source(
        kind,
        kind_of_things.class_iri,
        f"{ID}{kind}/",
        kind_of_things.facets,
        True,
        kind_of_things.sorts,
        kind_of_things.columns,
    )


def source_of_class(queries: PageQueries, iri: str, foreign: bool) -> Source:
    """Return the source of a list of things of a class; its facets are read from the graph."""
    bare = Source(of_class=iri, certain=not foreign)
    properties = nested(queries.text("list_properties"), [Selection(queries, bare).members()])
    facets = tuple(
        Facet(row["property"].value, ValuePath(DIRECT, row["property"].value))
        for row in queries.cached(properties)
        if isinstance(row["property"], NamedNode) and row["property"].value not in _NO_FACETS
    )
    counts = Selection(queries, replace(bare, facets=facets)).counts()
    few = tuple(facet for facet in facets if 0 < len(counts[facet.name]) <= FEW)
    return replace(bare, facets=few)


@dataclass(frozen=True)
class Selection:
    """The things of a source that have, for each facet with choices, one of the chosen values."""

    queries: PageQueries
    source: Source
    choices: Choices = field(default_factory=Choices)

    def things(self) -> str:
        """Return the query that finds the things and their names."""
        return nested(self.queries.text("list_of_things"), self.conditions())

    def total(self) -> int:
        """Return how many things the source has at the certainty, without the choices of facets."""
        counted = nested(self.queries.text("list_total"), [self.members()], ordered=False)
        (row,) = self.queries.cached(counted).rows
        return int(row[0].value) if isinstance(row[0], Literal) else 0

    def is_narrowed_in_browser(self) -> bool:
        """Return whether an edition has a file by which the list is narrowed in the browser."""
        if not self.source.facets or not self.source.certain:
            return False
        return 0 < Selection(self.queries, self.source).total() <= MOST_NARROWED

    def conditions(self) -> list[str]:
        """Return the queries that each find the thing."""
        ranks = {
            RANKS[term]
            for facet in self.source.facets
            if facet.path.form == CERTAINTY
            for term in self.choices.chosen.get(facet.name, ())
        }
        return self._as_sure(ranks, self._rank) if ranks else self._conditions()

    def _as_sure(self, ranks: Set[int], least: int) -> list[str]:
        """Return the conditions of what answers the choices with one of these certainties.

        ``least`` is the weakest that is admitted.
        """
        at_least = replace(self.choices, certainty=CERTAINTIES[least])
        conditions = replace(self, choices=at_least)._conditions()
        others = {*range(least + 1)} - ranks
        if not others:
            return conditions
        without = self.queries.text("list_without", prefix=Literal(self.source.prefix))
        return [*conditions, nested(without, self._as_sure(others, max(others)))]

    def _conditions(self) -> list[str]:
        chosen = [
            nested(self.queries.text("list_chosen"), [self._values(facet.path, terms)])
            for facet in self.source.facets
            if facet.path.form != CERTAINTY and (terms := self.choices.chosen.get(facet.name, ()))
        ]
        return [self.members(), *chosen]

    def members(self) -> str:
        """Return the query for the things, without the choices of facets."""
        prefix = Literal(self.source.prefix)
        if not self.source.of_class:
            return self._query_at_certainty("list_members_of_kind", prefix=prefix)
        of_class = NamedNode(self.source.of_class)
        return self._query_at_certainty("list_members", **{"class": of_class}, prefix=prefix)

    def counts(self) -> dict[str, Counts]:
        """Return the number of things with each value of each facet, under the other choices."""
        return self.values().counts(self.choices.chosen, self._rank)

    def certainties(self) -> dict[str, int]:
        """Return how many of the chosen things answer the choices with each certainty.

        Nothing where the list has no facet of certainties.
        """
        values = self.values()
        ranks = values.chosen(self.choices.chosen, self._rank).values() if values.sure else ()
        counted = Counter(ranks)
        return {name: counted[rank] for rank, name in enumerate(CERTAINTIES) if counted[rank]}

    @property
    def _rank(self) -> int:
        return rank_of(self.choices.certainty) if self.source.certain else 0

    def values(self) -> FacetValues:
        """Return the things with each value of each facet, without choices."""
        if not self.source.facets:
            return FacetValues({})
        if self.source.certain:
            return values_by_certainty(self.queries, self.list_queries())
        names = {facet.path.property: facet.name for facet in self.source.facets}
        direct = self.queries.text("facet_direct", property=map(NamedNode, names))
        return values_of_properties(self.queries, self.members(), self._of_members(direct), names)

    def list_queries(self) -> ListQueries:
        """Return the queries for all facets of the list, without choices."""
        by_form: dict[str, list[tuple[str, ValuePath]]] = {}
        for facet in self.source.facets:
            by_form.setdefault(facet.path.form, []).append((facet.name, facet.path))
        direct, within = by_form.get(DIRECT, []), by_form.get(WITHIN, [])
        properties = sorted({path.property for _, path in (*direct, *within)})
        return ListQueries(
            self._by_graph(),
            self._by_graph("facet_direct", property=map(NamedNode, properties))
            if properties
            else "",
            tuple((path.property, name) for name, path in direct),
            tuple(
                (name, self._by_graph("facet_through", **_ends(path)))
                for name, path in by_form.get(THROUGH, [])
            ),
            tuple((name, path.property, self._wider(path)) for name, path in within),
            tuple(name for name, _ in by_form.get(CERTAINTY, [])),
        )

    def _wider(self, path: ValuePath) -> str:
        return self.queries.text("wider_values", further=NamedNode(path.further))

    def _by_graph(self, name: str = "", **terms: ParameterTerms) -> str:
        """Return a query for the things of the source, or their values, with the graphs."""
        prefix = Literal(self.source.prefix)
        if name:
            return self.queries.text(f"{name}_by_graph", prefix=prefix, **terms)
        if not self.source.of_class:
            return self.queries.text("list_members_of_kind_by_graph", prefix=prefix)
        of_class = NamedNode(self.source.of_class)
        return self.queries.text("list_members_by_graph", **{"class": of_class}, prefix=prefix)

    def least_values(self, path: ValuePath) -> dict[str, Term]:
        """Return the least value of each thing at the end of a path."""
        return _least_values(self.queries, self.sorting_query(path))

    def sorting_query(self, path: ValuePath) -> str:
        """Return the query for the values that things are sorted by."""
        return self._of_members(self._values(path))

    def link_counts(self) -> dict[str, Term]:
        """Return the number of links of each thing of the source, without choices."""
        members = Selection(self.queries, self.source).members()
        return _least_values(self.queries, nested(self.queries.text("list_links"), [members]))

    def _of_members(self, values: str) -> str:
        """Return the query for the values of the things of the source, in no order.

        At a certainty, values of other things may be among them: Virtuoso loses rows where such
        a query is nested in another.
        """
        if self.choices.certainty != ANY_CERTAINTY:
            return in_no_order(values)
        outer = self.queries.text("list_values")
        return nested(outer, [self.members(), values], ordered=False)

    def _values(self, path: ValuePath, values: tuple[Term, ...] = ()) -> str:
        """Return the query for the things and the values, or only these, at the ends of a path."""
        bound: dict[str, ParameterTerms] = {"property": NamedNode(path.property)}
        if path.further:
            bound["further"] = NamedNode(path.further)
        if values:
            bound["value"] = [t for t in values if isinstance(t, NamedNode | Literal)]
        return self._query_at_certainty(f"facet_{path.form}", **bound)

    def _query_at_certainty(self, name: str, **terms: ParameterTerms) -> str:
        """Return a query limited to the chosen certainty; by default it need not be."""
        if self.choices.certainty == ANY_CERTAINTY:
            return self.queries.text(name, **terms)
        certainty = NamedNode(RN + self.choices.certainty)
        return self.queries.text(f"{name}_said", certainty=certainty, **terms)


def _least_values(queries: PageQueries, text: str) -> dict[str, Term]:
    """Return the least value of each thing; rows begin with the thing and end with the value."""

    def read() -> dict[str, Term]:
        values: dict[str, Term] = {}
        for thing, *_, value in queries.store.select(text).rows:
            if isinstance(thing, NamedNode) and value is not None:
                least_so_far = values.get(thing.value)
                values[thing.value] = (
                    value if least_so_far is None else min(least_so_far, value, key=sort_key)
                )
        return values

    return queries.once("least", text, read)


def _ends(path: ValuePath) -> dict[str, ParameterTerms]:
    return {"property": NamedNode(path.property), "further": NamedNode(path.further)}


def sort_key(value: Term | None) -> tuple[bool, float, str]:
    """Return the sort key of a value: numbers by size, other texts by letters."""
    if not isinstance(value, Literal):
        return value is None, 0.0, ""
    plain = value.value
    return (False, float(plain), "") if plain.isdigit() else (False, 0.0, plain)
