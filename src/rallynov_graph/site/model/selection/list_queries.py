"""The things of a list under the choices of a reader, as queries that run as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import LEAST_SURE, rank_of
from rallynov_graph.base.kinds import (
    CERTAINTY,
    DIRECT,
    FIRST_KINDS,
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
from rallynov_graph.questions.nesting import in_no_order, nested
from rallynov_graph.questions.page_queries import PageQueries, ParameterTerms
from rallynov_graph.site.model.ordering import is_ordered, keep_ordered
from rallynov_graph.site.model.selection import saved_tables
from rallynov_graph.site.model.selection.value_counts import Loaded, is_kept, ranks, tables
from rallynov_graph.site.model.selection.value_tables import Counts, FacetQuery, FacetTable, table

NAME: Final = "name"
LINKS: Final = "links"
"""What every list is sorted by, beside what its kind declares."""
LEAST: Final = "least"
"""What the values that lists are sorted by are among what is kept beside a release."""
Piece = Callable[[], object]
"""Works something out, and keeps it beside the release."""
ANYHOW: Final = LEAST_SURE
"""The certainty at rest: what is said in any way."""
FEW: Final = 50
"""How many values a facet of a graph of which nothing is known may have."""
_UNTOLD: Final = frozenset({*NAMINGS, TYPE})


@dataclass(frozen=True)
class Source:
    """Which things a list is of, and what it can be narrowed by."""

    kind: str = ""
    of_class: str = ""
    prefix: str = ""
    """How the addresses of its things begin."""
    facets: tuple[Facet, ...] = ()
    certain: bool = True
    """Whether the graph says how surely its facts are said."""
    sorts: tuple[ListColumn, ...] = ()
    columns: tuple[ListColumn, ...] = ()

    @property
    def path(self) -> str:
        """The path of the list on the site."""
        return f"/list/{self.kind}" if self.kind else "/list"

    @property
    def sort(self) -> str:
        """How the list is sorted at rest."""
        return next((column.name for column in self.sorts), NAME)


@dataclass(frozen=True)
class Choices:
    """What a reader asks of a list: how sure, how sorted, which values of which facets."""

    certainty: str = ANYHOW
    sort: str = NAME
    chosen: Mapping[str, tuple[Term, ...]] = field(default_factory=dict)


def of_kind(kind: str) -> Source:
    """Return where the things of a kind of ours come from."""
    told = KINDS.get(kind, Kind(kind))
    return Source(kind, told.class_iri, f"{ID}{kind}/", told.facets, True, told.sorts, told.columns)


def of_class(queries: PageQueries, iri: str, foreign: bool) -> Source:
    """Return where the things of a class come from; its facets are found in what they say."""
    bare = Source(of_class=iri, certain=not foreign)
    properties = nested(queries.text("list_properties"), [Selection(queries, bare).members()])
    facets = tuple(
        Facet(row["property"].value, ValuePath(DIRECT, row["property"].value))
        for row in queries.cached(properties)
        if isinstance(row["property"], NamedNode) and row["property"].value not in _UNTOLD
    )
    counts = Selection(queries, replace(bare, facets=facets)).counts()
    few = tuple(facet for facet in facets if 0 < len(counts[facet.name]) <= FEW)
    return replace(bare, facets=few)


def prepare(queries: PageQueries, ahead: bool) -> None:
    """Have ready what the lists of all kinds are narrowed by, at each certainty.

    Of what is worked out ahead, only what is kept by now: a start does not wait for the rest. What
    that needs of the graph is loaded now; a process that is forked would copy the graph for it.
    """
    if ahead and any(True for _ in lacking(queries, ())):
        ranks(queries)
    for kind in FIRST_KINDS:
        selection = Selection(queries, of_kind(kind))
        if not ahead or is_kept(queries, selection.loaded()):
            selection.counts()


def lacking(queries: PageQueries, languages: Sequence[str]) -> Iterator[Piece]:
    """Yield what is not yet kept beside the release of what lists need."""
    return (piece for piece, kept in pieces(queries, languages) if not kept)


def pieces(queries: PageQueries, languages: Sequence[str]) -> Iterator[tuple[Piece, bool]]:
    """Yield what lists need as pieces of work, each with whether it is kept beside the release."""
    for kind in (it.name for it in KINDS.values() if it.class_iri or it.facets):
        selection = Selection(queries, of_kind(kind))
        if selection.source.facets:
            yield selection.counts, is_kept(queries, selection.loaded())
        for column in selection.source.sorts:
            kept = queries.result_cache.has(LEAST, selection.sorting(column.path))
            yield partial(selection.least, column.path), kept
        things = selection.things()
        kept = is_ordered(queries, things, languages)
        yield partial(keep_ordered, queries, things, languages), kept


@dataclass(frozen=True)
class Selection:
    """The things of a source that fit the choices, any value of a facet, all facets together."""

    queries: PageQueries
    source: Source
    choices: Choices = field(default_factory=Choices)

    def things(self) -> str:
        """Return the query that finds the things and their names."""
        return nested(self.queries.text("list_of_things"), self.conditions())

    def conditions(self, but: str = "") -> list[str]:
        """Return the queries that a thing fits all of, a facet left aside."""
        chosen = [
            nested(self.queries.text("list_chosen"), [self._values(facet.path, terms)])
            for facet in self.source.facets
            if facet.name != but and (terms := self.choices.chosen.get(facet.name, ()))
        ]
        return [self.members(), *chosen]

    def members(self) -> str:
        """Return the query that finds the things, whatever is chosen of them."""
        prefix = Literal(self.source.prefix)
        if not self.source.of_class:
            return self._asked("list_members_of_kind", prefix=prefix)
        of_class = NamedNode(self.source.of_class)
        return self._asked("list_members", **{"class": of_class}, prefix=prefix)

    def counts(self) -> dict[str, Counts]:
        """Return how many things have each value of each facet, under the other facets' choices."""
        return self._table().counts(self.choices.chosen)

    def _table(self) -> FacetTable:
        if not self.source.facets:
            return FacetTable({})
        if self.source.certain:
            return tables(self.queries, self.loaded())[rank_of(self.choices.certainty)]
        names = tuple((facet.path.property, facet.name) for facet in self.source.facets)
        properties = [NamedNode(prop) for prop, _ in names]
        direct = self.queries.text("facet_direct", property=properties)
        return table(self.queries, self.members(), (FacetQuery(self._of_members(direct), names),))

    def loaded(self) -> Loaded:
        """Return the queries for all that the list can be narrowed by, whatever is chosen."""
        by_form: dict[str, list[tuple[str, ValuePath]]] = {}
        for facet in self.source.facets:
            by_form.setdefault(facet.path.form, []).append((facet.name, facet.path))
        direct, within = by_form.get(DIRECT, []), by_form.get(WITHIN, [])
        properties = sorted({path.property for _, path in (*direct, *within)})
        return Loaded(
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

    def _by_graph(self, name: str = "", **given: ParameterTerms) -> str:
        """Return a query for the things of the source, or their values, and who says so."""
        prefix = Literal(self.source.prefix)
        if name:
            return self.queries.text(f"{name}_by_graph", prefix=prefix, **given)
        if not self.source.of_class:
            return self.queries.text("list_members_of_kind_by_graph", prefix=prefix)
        of_class = NamedNode(self.source.of_class)
        return self.queries.text("list_members_by_graph", **{"class": of_class}, prefix=prefix)

    def least(self, path: ValuePath) -> dict[str, Term]:
        """Return the least value that each thing reaches by a path."""
        return _least(self.queries, self.sorting(path))

    def sorting(self, path: ValuePath) -> str:
        """Return the query for the values that things are sorted by."""
        return self._of_members(self._values(path))

    def links(self) -> dict[str, Term]:
        """Return the number of links that each thing of the source has, whatever is chosen."""
        members = Selection(self.queries, self.source).members()
        return _least(self.queries, nested(self.queries.text("list_links"), [members]))

    def _of_members(self, values: str) -> str:
        """Return the query for the values of the things of the source, in no order.

        Where each fact is looked up in its graph, others may be among them: Virtuoso loses rows
        of such queries within others.
        """
        if self.choices.certainty != ANYHOW:
            return in_no_order(values)
        outer = self.queries.text("list_values")
        return nested(outer, [self.members(), values], ordered=False)

    def _values(self, path: ValuePath, terms: tuple[Term, ...] = ()) -> str:
        """Return the query that finds which things reach which values by a path, or only these."""
        given: dict[str, ParameterTerms] = {"property": NamedNode(path.property)}
        if path.further:
            given["further"] = NamedNode(path.further)
        if terms:
            given["value"] = [t for t in terms if isinstance(t, NamedNode | Literal)]
        name = f"facet_{path.form}"
        if path.form == CERTAINTY:
            given["class"] = NamedNode(self.source.of_class)
            return self.queries.text(name, **given)
        return self._asked(name, **given)

    def _asked(self, name: str, **given: ParameterTerms) -> str:
        """Return a query for what is said surely enough; at rest all is, so it need not ask."""
        if self.choices.certainty == ANYHOW:
            return self.queries.text(name, **given)
        certainty = NamedNode(RN + self.choices.certainty)
        return self.queries.text(f"{name}_said", certainty=certainty, **given)


def _least(queries: PageQueries, text: str) -> dict[str, Term]:
    """Return the least value of each thing: the first and the last term of a query's rows."""

    def found() -> dict[str, Term]:
        values: dict[str, Term] = {}
        for thing, *_, value in queries.store.select(text).rows:
            if isinstance(thing, NamedNode) and value is not None:
                known = values.get(thing.value)
                values[thing.value] = value if known is None else min(known, value, key=place)
        return values

    return queries.once(
        LEAST,
        text,
        lambda: queries.result_cache.get(
            LEAST, text, found, saved_tables.values_written, saved_tables.values
        ),
    )


def _ends(path: ValuePath) -> dict[str, ParameterTerms]:
    return {"property": NamedNode(path.property), "further": NamedNode(path.further)}


def place(value: Term | None) -> tuple[bool, float, str]:
    """Return where a value stands among others: numbers by size, other texts by letters."""
    if not isinstance(value, Literal):
        return value is None, 0.0, ""
    plain = value.value
    return (False, float(plain), "") if plain.isdigit() else (False, 0.0, plain)
