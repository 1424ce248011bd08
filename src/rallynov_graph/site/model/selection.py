"""The things of a list under a reader's choices, and their number with each additional choice.

The query for the things runs with the reader's limits. The counts use sets in the process: the
things with each value of each facet, read once for all choices and certainties.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE, rank_of
from rallynov_graph.base.kinds import (
    DIRECT,
    KINDS,
    NAVIGATION,
    THROUGH,
    WITHIN,
    Facet,
    Kind,
    ListColumn,
    ValuePath,
)
from rallynov_graph.base.languages import DATES
from rallynov_graph.base.namespaces import ID, RN
from rallynov_graph.base.terms import Row, Solutions, Term
from rallynov_graph.questions.labels import NAMINGS, TYPE
from rallynov_graph.questions.page_queries import (
    PageQueries,
    ParameterTerms,
    in_no_order,
    nested,
)
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.themes import TREE, themes_page

SURE: Final = "sure"
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

Counts = Mapping[Term, int]
ChosenValues = Mapping[str, tuple[Term, ...]]
Surest = Mapping[str, int]
"""Things, each with the rank of its best certainty; 0 is the surest."""
_ThingsByValue = dict[Term, dict[str, int]]


@dataclass(frozen=True)
class LinkedBy:
    """A property that links the things of a list to others, perhaps of one class alone."""

    path: str
    of_class: str = ""

    @property
    def key(self) -> str:
        """What an address names it by."""
        return f"{self.path} {self.of_class}".strip()


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
    links: tuple[LinkedBy, ...] = ()
    """What links its things to others, in a matrix; the first is shown unless one is chosen."""
    dates: tuple[str, ...] = ()
    """The properties that date its things, in the same way."""

    @property
    def path(self) -> str:
        """The path of the list on the site."""
        return f"/list/{self.kind}" if self.kind else "/list"

    @property
    def places(self) -> tuple[str, ...]:
        """What dates its things, if a map shows where they are: those of our own kinds."""
        return self.dates if self.kind else ()

    def sort(self, choices: Choices) -> str:
        """Return the sort key; without one, how surely things answer, where something is asked."""
        if choices.sort:
            return choices.sort
        if choices.chosen and self.certain:
            return SURE
        return next((column.name for column in self.sorts), NAME)


@dataclass(frozen=True)
class Choices:
    """A reader's choices for a list: the certainty, the sort key, the values of facets."""

    certainty: str = ANY_CERTAINTY
    sort: str = ""
    """The empty string for the order at rest."""
    chosen: ChosenValues = field(default_factory=dict)


def source_of_kind(kind: str, certain: bool = True) -> Source:
    of = KINDS.get(kind, Kind(kind))
    found = Source(kind, of.class_iri, f"{ID}{kind}/", of.facets, certain, of.sorts, of.columns)
    links = (LinkedBy(of.matrix),) if of.matrix and certain else ()
    return replace(found, links=links, dates=(of.timeline,) if of.timeline and certain else ())


def source_of_class(queries: PageQueries, iri: str, foreign: bool) -> Source:
    """Return the source of a list of things of a class; its facets are read from the graph."""
    bare = Source(of_class=iri, certain=not foreign or queries.has_certainties)
    properties = nested(queries.text("list_properties"), [Selection(queries, bare).members()])
    facets = tuple(
        Facet(row["property"].value, ValuePath(DIRECT, row["property"].value))
        for row in queries.cached(properties)
        if isinstance(row["property"], NamedNode) and row["property"].value not in _NO_FACETS
    )
    counts = Selection(queries, replace(bare, facets=facets)).counts()
    few = tuple(facet for facet in facets if 0 < len(counts[facet.name]) <= FEW)
    links, dates = _links_and_dates(queries, bare) if foreign else ((), ())
    return replace(bare, facets=few, links=links, dates=dates)


def _links_and_dates(
    queries: PageQueries, source: Source
) -> tuple[tuple[LinkedBy, ...], tuple[str, ...]]:
    """Return what links the things of a source to others, and what dates them, most things first.

    A node that says statements is no other thing.
    """
    members = Selection(queries, source).members()
    answer = queries.cached(nested(queries.text("list_links_and_dates"), [members]))
    examples = (NamedNode(_text(row["example"])) for row in answer if not _is_date(row))
    saying = queries.saying(examples)
    links, dates = dict[LinkedBy, None](), dict[str, None]()
    for row in answer:
        prop, of_class = _text(row["property"]), _text(row["class"])
        if prop in _NO_FACETS:
            continue
        if _is_date(row):
            dates[prop] = None
        elif _text(row["example"]) not in saying:
            links |= {LinkedBy(prop): None, LinkedBy(prop, of_class): None}
    several = Counter(it.path for it in links)
    # With one class of values, or none, the property says it all.
    return tuple(it for it in links if not it.of_class or several[it.path] > 2), (*dates,)


def _is_date(row: Row) -> bool:
    return _text(row["class"]) in DATES


@dataclass(frozen=True)
class Selection:
    """The things of a source that have, for each facet with choices, one of the chosen values."""

    queries: PageQueries
    source: Source
    choices: Choices = field(default_factory=Choices)

    def things(self) -> str:
        """Return the query that finds the things and their names."""
        if self._names_them:
            return self.queries.text("list_of_things", thing=map(NamedNode, self.admitted()))
        return nested(self.queries.text("list_of_things"), self._conditions())

    def total(self) -> int:
        """Return how many things the source has at the certainty, without the choices of facets."""
        if self._names_them:
            return len(replace(self, choices=Choices(self.choices.certainty)).admitted())
        counted = nested(self.queries.text("list_total"), [self.members()], ordered=False)
        (row,) = self.queries.cached(counted).rows
        return int(row[0].value) if isinstance(row[0], Literal) else 0

    def is_narrowed_in_browser(self) -> bool:
        """Return whether an edition has a file by which the list is narrowed in the browser."""
        if not self.source.facets or not self.source.certain:
            return False
        return 0 < Selection(self.queries, self.source).total() <= MOST_NARROWED

    def members(self) -> str:
        """Return the query for the things, without the choices of facets."""
        prefix = Literal(self.source.prefix)
        if not self.source.of_class:
            return self._at_certainty("list_members_of_kind", prefix=prefix)
        of_class = NamedNode(self.source.of_class)
        return self._at_certainty("list_members", **{"class": of_class}, prefix=prefix)

    def counts(self) -> dict[str, Counts]:
        """Return the number of things with each value of each facet, under the other choices."""
        return self.values().counts(self.choices.chosen, self._rank)

    def ranks(self) -> dict[str, int]:
        """Return the things that match the choices at any certainty, each with its rank.

        0 is the surest. The result is empty if the list has no facets.
        """
        return self.values().answering(self.choices.chosen, len(CERTAINTIES) - 1)

    def admitted(self) -> dict[str, int]:
        """Return the things of ``ranks`` that are at least as sure as the chosen certainty."""
        return {thing: rank for thing, rank in self.ranks().items() if rank <= self._rank}

    def values(self) -> FacetValues:
        """Return the things with each value of each facet, without choices; they are kept."""
        if not self.source.facets and not self._names_them:
            return FacetValues({})
        bare = Selection(self.queries, self.source)
        return self.queries.once("facets", self.source, lambda: _read_values(bare))

    def least_values(self, path: ValuePath) -> dict[str, Term]:
        """Return the least value of each thing at the end of a path."""
        return _least_values(self.queries, self._of_members(self._ends(path)))

    def link_counts(self) -> dict[str, Term]:
        """Return the number of links of each thing of the source, without choices."""
        members = Selection(self.queries, self.source).members()
        return _least_values(self.queries, nested(self.queries.text("list_links"), [members]))

    @property
    def _names_them(self) -> bool:
        """Whether the query for the things names those that are sure enough.

        In graphs of our own form, queries that end in ``_said`` find them by their certainty.
        """
        return self.choices.certainty != ANY_CERTAINTY and not self.queries.profile.has_rules

    @property
    def _rank(self) -> int:
        return rank_of(self.choices.certainty) if self.source.certain else 0

    def _conditions(self) -> list[str]:
        """Return the queries that each find the thing."""
        chosen = [
            nested(self.queries.text("list_chosen"), [self._ends(facet.path, terms)])
            for facet in self.source.facets
            if (terms := self.choices.chosen.get(facet.name, ()))
        ]
        return [self.members(), *chosen]

    def _of_members(self, values: str) -> str:
        """Return the query for the values of the things of the source, in no order.

        At a certainty, values of other things may be among them: Virtuoso loses rows where such
        a query is nested in another.
        """
        if self.choices.certainty != ANY_CERTAINTY:
            return in_no_order(values)
        outer = self.queries.text("list_values")
        return nested(outer, [self.members(), values], ordered=False)

    def _ends(self, path: ValuePath, values: tuple[Term, ...] = ()) -> str:
        """Return the query for the things and the values, or only these, at the ends of a path."""
        bound: dict[str, ParameterTerms] = {"property": NamedNode(path.property)}
        if path.further:
            bound["further"] = NamedNode(path.further)
        if values:
            bound["value"] = [t for t in values if isinstance(t, NamedNode | Literal)]
        return self._at_certainty(f"facet_{path.form}", **bound)

    def _at_certainty(self, name: str, **terms: ParameterTerms) -> str:
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
                least = values.get(thing.value, value)
                values[thing.value] = min(least, value, key=sort_key)
        return values

    return queries.once("least", text, read)


def sort_key(value: Term | None) -> tuple[bool, float, str]:
    """Return the sort key of a value: numbers by size, other texts by letters."""
    if not isinstance(value, Literal):
        return value is None, 0.0, ""
    plain = value.value
    return (False, float(plain), "") if plain.isdigit() else (False, 0.0, plain)


@dataclass(frozen=True)
class FacetValues:
    """The things of a list, and those with each value of each facet, perhaps among others.

    Each has the best rank of its certainty.
    """

    things: Mapping[str, Mapping[Term, Surest]]
    members: Surest = field(default_factory=dict)
    inner: Mapping[str, frozenset[Term]] = field(default_factory=dict)
    """The wider values that are within others: an address may name them, no form offers them."""

    def counts(self, chosen: ChosenValues, least: int) -> dict[str, Counts]:
        """Return the number of things with each value of each facet, under the other choices.

        ``least`` is the rank of the weakest certainty that is admitted.
        """
        found: dict[str, Counts] = {}
        for name, of_facet in self.things.items():
            hidden = self.inner.get(name, frozenset()).difference(chosen.get(name, ()))
            among = self.answering(chosen, least, name)
            counted = {
                value: sum(rank <= least and it in among for it, rank in of.items())
                for value, of in of_facet.items()
                if value not in hidden
            }
            found[name] = {value: number for value, number in counted.items() if number}
        return found

    def answering(self, chosen: ChosenValues, least: int, besides: str = "") -> dict[str, int]:
        """Return the things that match the choices, each with its rank.

        A thing matches by its class and by one of the chosen values of each facet, at the best
        certainty of each; the weakest of them decides. The choices of one facet may be left out.
        """
        found = {thing: rank for thing, rank in self.members.items() if rank <= least}
        for name, terms in chosen.items():
            if not terms or name == besides:
                continue
            best = _best(self.things[name].get(term, {}) for term in terms)
            found = {
                thing: max(rank, best[thing])
                for thing, rank in found.items()
                if best.get(thing, least + 1) <= least
            }
        return found


def _read_values(selection: Selection) -> FacetValues:
    """Return the values of a list with the certainties of the nodes that say them.

    A statement without a certainty counts at each.
    """
    queries, source = selection.queries, selection.source
    within = [it for it in source.facets if it.path.form == WITHIN]
    wider = (queries.text("wider_values", further=NamedNode(it.path.further)) for it in within)
    members, *pairs = queries.select_all([*map(in_no_order, (selection.members(), *wider))])
    things = {thing: _text(thing) for thing, *_ in members.rows}
    names = {it.path.property for it in source.facets} | {it.path.last() for it in source.facets}
    if source.certain:
        classes = classes_within(queries, source.of_class) if source.of_class else ()
        of_class = {"value": classes} if classes else {}
        typed = _ranked(queries, property=[NamedNode(TYPE)], **of_class)
        facts = _ranked(queries, property=[*map(NamedNode, sorted(names))]) if names else {}
    else:
        direct = queries.text("facet_direct", property=[*map(NamedNode, sorted(names))])
        typed, facts = (
            {},
            dict.fromkeys(queries.store.select(selection._of_members(direct)).rows, 0),
        )
    by_class = _by_property(typed.items(), things)
    surest = _best([dict.fromkeys(things.values(), 0)] if not typed else by_class[TYPE].values())
    by_property = _by_property(facts.items(), things)
    found: dict[str, Mapping[Term, Surest]] = {}
    inner: dict[str, frozenset[Term]] = {}
    for facet in source.facets:
        found[facet.name] = by_property.get(facet.path.property, {})
        if facet.path.form == THROUGH:
            found[facet.name] = _through(facet.path, facts, things)
    for facet, answer in zip(within, pairs, strict=True):
        found[facet.name], inner[facet.name] = _within(found[facet.name], answer)
    return FacetValues(found, surest, inner)


def _ranked(queries: PageQueries, **ends: Iterable[NamedNode]) -> dict[Sequence[Term | None], int]:
    return {fact: rank or 0 for fact, rank in queries.ranks_of(queries.stated(**ends), 0).items()}


def _through(
    path: ValuePath,
    facts: Mapping[Sequence[Term | None], int],
    things: Mapping[Term | None, str],
) -> _ThingsByValue:
    """Return the things that have each value of what points to them."""
    linked: dict[Term | None, list[tuple[Term | None, int]]] = {}
    for (link, prop, thing), rank in facts.items():
        if thing in things and _text(prop) == path.property:
            linked.setdefault(link, []).append((thing, rank))
    joined = (
        ((thing, prop, value), max(rank, further))
        for (link, prop, value), further in facts.items()
        if _text(prop) == path.further
        for thing, rank in linked.get(link, ())
    )
    return _by_property(joined, things).get(path.further, {})


def classes_within(queries: PageQueries, iri: str) -> frozenset[NamedNode]:
    """Return a class and those below it."""
    own = NamedNode(iri)
    pairs = queries.rows("superclasses").rows
    below = (it for it, above in pairs if above == own and isinstance(it, NamedNode))
    return frozenset({own, *below})


def _by_property(
    ranked: Iterable[tuple[Sequence[Term | None], int]], things: Mapping[Term | None, str]
) -> dict[str, _ThingsByValue]:
    """Return the things that have each value of each property, by rows that begin with these."""
    found: dict[str, _ThingsByValue] = {}
    for (thing, prop, value, *_), rank in ranked:
        text = things.get(thing)
        if text is None or value is None:
            continue
        surest = found.setdefault(_text(prop), {}).setdefault(value, {})
        surest[text] = min(rank, surest.get(text, rank))
    return found


def _within(
    values: Mapping[Term, Surest], pairs: Solutions
) -> tuple[dict[Term, Surest], frozenset[Term]]:
    """Return the things that have each wider value or one within it, and the values within others.

    Each value counts as wider than itself, so that an address may ask for it, too.
    """
    within = {near for near, wider in pairs.rows if near != wider}
    near_values: dict[Term, list[Surest]] = {}
    own = [(value, value) for value in values]
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


def _text(term: Term | None) -> str:
    return getattr(term, "value", "")


def counted_kinds(
    view: GraphView, names: Sequence[str] = NAVIGATION
) -> tuple[tuple[str, int], ...]:
    """Return kinds, each with how many things it has; without names, those of the navigation.

    None of a graph that is not ours. They are counted once for all pages.
    """
    least = view.addresses.certainty

    def count(name: str) -> int:
        if name == TREE:
            return themes_page(view, least).total
        return Selection(view.queries, source_of_kind(name), Choices(least)).total()

    return tuple(
        (name, view.queries.once("things of a kind", (least, name), partial(count, name)))
        for name in (() if view.foreign else names)
    )
