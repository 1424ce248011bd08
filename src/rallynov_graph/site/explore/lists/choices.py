"""The choices of a list: how its address names them, what else can be chosen, the way back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.kinds import Facet, ListColumn
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.near_names import near
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.bad_parameter import BadParameter
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.selection import (
    ANY_CERTAINTY,
    LINKS,
    NAME,
    RANKS,
    Choices,
    Counts,
    Selection,
    Source,
)
from rallynov_graph.site.web.error_pages import BadParameterError
from rallynov_graph.site.web.feature import TABLE, ListState, ListView, Pair
from rallynov_graph.site.web.reader import words

MOST_CHOSEN: Final = 60
"""How many values may be chosen at once."""
FIRST: Final = 4
"""How many values of a facet are shown at once."""
OPEN: Final = 4
"""How many facets are unfolded; what is chosen is always seen."""
MOST: Final = 100
"""How many values of a facet are shown at all, those of most things."""
_NEAR: Final = 5
_FEW: Final = 24
"""So many values of a facet are all named where an address has another."""
_NO_CHOICES: Final = frozenset({"class", "page", "lang", "view"})
"""Parameters of a list's address that choose nothing."""


@dataclass(frozen=True)
class AddressKeys:
    """The keys with which the address of a list names its choices, and the way it is looked at."""

    view: GraphView
    source: Source
    keys: Mapping[str, Mapping[Term, str]]
    """The key of each value of each facet."""
    way: ListView
    own: tuple[Pair, ...] = ()
    """The parameters that only this way to look at the things has."""

    @property
    def sorts(self) -> tuple[str, ...]:
        """What the things can be sorted by, as they are looked at."""
        if self.way.name != TABLE:
            return self.way.sorts
        return (*(column.name for column in self.source.sorts), NAME, LINKS)

    @property
    def sort(self) -> str:
        """The default sort key."""
        return self.source.sort if self.way.name == TABLE else next(iter(self.way.sorts), NAME)

    def pairs(self, choices: Choices, page: int = 1) -> list[Pair]:
        """Return the parameters of the address under some choices; what is at rest is left out."""
        chosen = [
            (name, self.keys[name][term])
            for name, terms in choices.chosen.items()
            for term in terms
        ]
        sort = choices.sort if choices.sort in self.sorts else self.sort
        return [
            ("class", "" if self.source.kind else self.source.of_class),
            ("view", self.way.name if self.way.name != TABLE else ""),
            *chosen,
            *self.own,
            ("certainty", choices.certainty if choices.certainty != ANY_CERTAINTY else ""),
            ("sort", sort if sort != self.sort else ""),
            ("page", str(page) if page > 1 else ""),
        ]

    def address(self, choices: Choices, page: int = 1) -> str:
        """Return the address of the list under some choices."""
        return self.view.addresses.path(self.source.path, self.pairs(choices, page))

    def address_of(self, choices: Choices, state: ListState) -> str:
        """Return the address of the same things in another state."""
        other = replace(self, own=state.own)
        return other.address(replace(choices, sort=state.sort), state.number)


def address_keys(
    view: GraphView, source: Source, way: ListView, pairs: Iterable[Pair] = ()
) -> AddressKeys:
    """Return the keys of a list: short ones for things, other values as they are."""
    found = Selection(view.queries, source).values()
    keys = {name: value_keys(values) for name, values in found.things.items()}
    keys |= {name: value_keys(RANKS) for name in found.sure}
    own = dict.fromkeys(pair for pair in pairs if pair[0] in way.parameters)
    return AddressKeys(view, source, keys, way, tuple(own))


def value_keys(values: Iterable[Term]) -> dict[Term, str]:
    """Return the key of each value: a short one for a thing, another value as it is."""
    keys: dict[str, Term] = {}
    for term in values:
        plain = str(term)
        if isinstance(term, NamedNode):
            plain = term.value.removeprefix(ID)
        elif isinstance(term, Literal):
            plain = f"{term.value}@{term.language}" if term.language else term.value
        keys[plain if plain not in keys else str(term)] = term
    return {term: key for key, term in keys.items()}


def read_choices(keys: AddressKeys, pairs: Sequence[Pair]) -> Choices:
    """Return what an address chooses; raise BadParameterError for what the list has not.

    It names the parameters without which the list can be shown.
    """
    try:
        return _choices(keys, pairs)
    except BadParameterError as error:
        (bad,) = error.bad_parameters
        raise BadParameterError(replace(bad, refused=refused(keys, pairs))) from None


def refused(keys: AddressKeys, pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    """Return the parameters of an address that the list refuses, also where they stand alone."""

    def is_refused(pair: Pair) -> bool:
        try:
            _choices(keys, (pair,))
        except BadParameterError:
            return True
        return False

    facets = [pair for pair in pairs if pair[0] in keys.keys]
    return (*filter(is_refused, dict.fromkeys(pairs)), *facets[MOST_CHOSEN:])


def _choices(keys: AddressKeys, pairs: Sequence[Pair]) -> Choices:
    known = {*_NO_CHOICES, *keys.keys, *keys.way.parameters}
    known |= {"sort"} if keys.sorts else set()
    known |= {"certainty"} if keys.source.certain else set()
    choices = Choices(sort=keys.sort)
    for name, text in pairs:
        if name not in known:
            close = tuple(
                Node(it, href=keys.address(Choices())) for it in near(name, keys.keys, _NEAR)
            )
            raise _wrong("", "facet", close, map(Node, sorted(known - {"class"})))
        if name == "certainty":
            choices = replace(choices, certainty=_among(name, text, CERTAINTIES))
        elif name == "sort":
            choices = replace(choices, sort=_among(name, text, keys.sorts))
    if sum(name in keys.keys for name, _ in pairs) > MOST_CHOSEN:
        raise _wrong("", "many_values")
    chosen: dict[str, tuple[Term, ...]] = {}
    for name, key_of in keys.keys.items():
        terms = {key: term for term, key in key_of.items()}
        texts = dict.fromkeys(text for parameter, text in pairs if parameter == name and text)
        for text in texts:
            if text not in terms:
                raise _unknown_value(keys, choices, name, text, terms)
        if texts:
            chosen[name] = tuple(terms[text] for text in texts)
    return replace(choices, chosen=chosen)


def _unknown_value(
    keys: AddressKeys, choices: Choices, name: str, text: str, terms: Mapping[str, Term]
) -> BadParameterError:
    """Return the error of a value that a facet has not, with those that it has if they are few."""

    def href(key: str) -> str:
        return keys.address(replace(choices, chosen={name: (terms[key],)}))

    few = sorted(terms) if len(terms) <= _FEW else []
    close = near(text, terms, _NEAR)
    nodes = keys.view.nodes(terms[key] for key in close)
    return _wrong(
        name,
        "one_of" if few else "facet_value",
        tuple(replace(nodes[terms[key]], href=href(key), external=False) for key in close),
        (Node(key, href=href(key)) for key in few),
    )


def _among(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise _wrong(name, "one_of", (), map(Node, known))
    return text


def _wrong(
    name: str, key: str, close: tuple[Node, ...] = (), allowed: Iterable[Node] = ()
) -> BadParameterError:
    return BadParameterError(BadParameter(name, key, close, tuple(allowed)))


@dataclass(frozen=True)
class FacetOption:
    """A value of a facet, and how many things have it under the other facets' choices."""

    key: str
    node: Node
    things: int
    chosen: bool


@dataclass(frozen=True)
class ShownFacet:
    """A facet with its values: those chosen and those of most things first."""

    name: str
    label: Text | None
    """What its property is called, where the site has no word for it."""
    first: tuple[FacetOption, ...]
    rest: tuple[FacetOption, ...]
    hidden_count: int
    """How many values are not shown."""

    @property
    def is_chosen(self) -> bool:
        """Whether one of its values is chosen; those stand before all others."""
        return self.first[0].chosen

    @property
    def narrows(self) -> bool:
        """Whether another choice is left: one value that all things have tells none apart."""
        return len(self.first) > 1 or (bool(self.first) and self.is_chosen)


@dataclass(frozen=True)
class Pill:
    """A chosen value, and the address of the list without it."""

    facet: ShownFacet
    node: Node
    href: str


@dataclass(frozen=True)
class Narrowing:
    """What a list can be narrowed and sorted by, and what is chosen."""

    facets: tuple[ShownFacet, ...]
    folded: tuple[ShownFacet, ...]
    """Those that few readers want."""
    pills: tuple[Pill, ...]
    clear: str
    """The address of the list with nothing chosen."""
    certainty: str
    sort: str
    sorts: tuple[str, ...]
    rest: str
    """The order that an address without one has."""
    action: str
    """The path of the form."""
    form_fields: tuple[Pair, ...]
    """The hidden fields of the form."""


def narrowing(keys: AddressKeys, selection: Selection) -> Narrowing:
    """Return what a list under a reader's choices can be narrowed by."""
    source, choices, counts = selection.source, selection.choices, selection.counts()
    shown = [(it, _shown_facet(keys, choices, it, counts[it.name])) for it in source.facets]
    facets = [(facet, it) for facet, it in shown if it.narrows]
    first = [it for place, (_, it) in enumerate(facets) if place < OPEN or it.is_chosen]
    at_rest = keys.pairs(Choices(sort=keys.sort))
    return Narrowing(
        tuple(first),
        tuple(it for _, it in facets if it not in first),
        tuple(pill for facet, it in facets for pill in _pills(keys, choices, facet, it)),
        keys.address(replace(choices, chosen={})),
        choices.certainty,
        choices.sort,
        keys.sorts,
        keys.sort,
        keys.view.addresses.file(source.path),
        tuple((name, value) for name, value in at_rest if value),
    )


def _shown_facet(keys: AddressKeys, choices: Choices, facet: Facet, counts: Counts) -> ShownFacet:
    """Return a facet with its values under the choices; what is chosen is always among them."""
    chosen = choices.chosen.get(facet.name, ())
    wanted = {**dict.fromkeys(chosen, 0), **counts}
    some = sorted(wanted, key=lambda term: (term not in chosen, -wanted[term]))[:MOST]
    nodes = value_nodes(keys.view, facet, some)
    some.sort(key=lambda t: (t not in chosen, -wanted[t], sort_text(t, nodes[t])))
    options = tuple(
        FacetOption(keys.keys[facet.name][term], nodes[term], wanted[term], term in chosen)
        for term in some
    )
    first = max(FIRST, len(chosen))
    if len(options) == first + 1:
        first += 1
    hidden, label = max(0, len(wanted) - MOST), label_of(keys.view, facet)
    return ShownFacet(facet.name, label, options[:first], options[first:], hidden)


def _pills(keys: AddressKeys, choices: Choices, facet: Facet, shown: ShownFacet) -> Iterator[Pill]:
    terms = choices.chosen.get(facet.name, ())
    nodes = value_nodes(keys.view, facet, terms)
    for term in terms:
        left = {**choices.chosen, facet.name: tuple(it for it in terms if it != term)}
        remaining = replace(choices, chosen={name: kept for name, kept in left.items() if kept})
        yield Pill(shown, nodes[term], keys.address(remaining))


def value_nodes(view: GraphView, facet: Facet, terms: Sequence[Term]) -> dict[Term, Node]:
    """Return how values of a facet are shown, by what they are in the address."""
    shown = {term: in_carnet_language(view, facet.path.last(), term) for term in terms}
    nodes = view.nodes(shown.values())
    return {term: nodes[it] for term, it in shown.items()}


def sort_text(term: Term, node: Node) -> str:
    """Return where a value stands among equals: things by their names, dates by time."""
    return term.value if isinstance(term, Literal) else sortable(node.text)


def label_of(view: GraphView, it: Facet | ListColumn) -> Text | None:
    """Return what the property of a facet or column is called; None where we have a word for it."""
    if f"column.{it.name}" in words():
        return None
    prop = NamedNode(it.path.last())
    node = view.nodes([prop])[prop]
    return Text(node.text, node.language)
