"""The choices of a list in its address: how they are read, and how they are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.terms import Term
from rallynov_graph.matching.near_names import near
from rallynov_graph.site.model.addresses import Addresses
from rallynov_graph.site.model.selection.facet_values import RANKS
from rallynov_graph.site.model.selection.list_queries import (
    ANY_CERTAINTY,
    LINKS,
    NAME,
    Choices,
    Selection,
    Source,
)
from rallynov_graph.site.web.feature import TABLE, ListState, ListView, Pair

MOST: Final = 60
"""How many values may be chosen at once."""
_NEAR: Final = 5
_FEW: Final = 24
"""So many values of a facet are all named where an address has another."""
_NO_CHOICES: Final = frozenset({"class", "page", "lang", "view"})
"""Parameters of a list's address that choose nothing."""


@dataclass(frozen=True)
class OfferedChoice:
    """A facet or value that the list has: its key in the address, the list with it, its term."""

    key: str
    href: str = ""
    term: Term | None = None


class UnknownChoiceError(Exception):
    """The address names a facet, or a value of the parameter, that the list does not have."""

    def __init__(
        self,
        key: str,
        parameter: str = "",
        near: tuple[OfferedChoice, ...] = (),
        allowed: tuple[OfferedChoice, ...] = (),
    ) -> None:
        super().__init__("the list has no such facet or value")
        self.key = key
        """The key of the reason, a word of ``BadParameter``."""
        self.parameter, self.near, self.allowed = parameter, near, allowed


@dataclass(frozen=True)
class AddressKeys:
    """The keys with which the address of a list names its choices, and the way it is looked at."""

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

    def seen_as(self, way: ListView) -> AddressKeys:
        """Return the keys of the same list looked at in another way."""
        return replace(self, way=way, own=())

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

    def address(self, addresses: Addresses, choices: Choices, page: int = 1) -> str:
        """Return the address of the list under some choices."""
        return addresses.path(self.source.path, self.pairs(choices, page))

    def address_of(self, addresses: Addresses, choices: Choices, state: ListState) -> str:
        """Return the address of the same things in another state."""
        other = replace(self, own=state.own)
        return other.address(addresses, replace(choices, sort=state.sort), state.number)


def address_keys(selection: Selection, way: ListView, pairs: Sequence[Pair] = ()) -> AddressKeys:
    """Return the keys of a list: short ones for things, other values as they are."""
    source, found = selection.source, selection.values()
    keys = {name: value_keys(values) for name, values in found.things.items()}
    keys |= {name: value_keys(RANKS) for name in found.sure}
    own = (pair for pair in pairs if pair[0] in way.parameters)
    return AddressKeys(source, keys, way, tuple(dict.fromkeys(own)))


def read_choices(keys: AddressKeys, pairs: Sequence[Pair], addresses: Addresses) -> Choices:
    """Return what an address chooses; raise UnknownChoiceError for what the list has not."""
    known = {*_NO_CHOICES, *keys.keys, *keys.way.parameters}
    known |= {"sort"} if keys.sorts else set()
    known |= {"certainty"} if keys.source.certain else set()
    choices = Choices(sort=keys.sort)
    for name, text in pairs:
        if name not in known:
            near_keys = near(name, keys.keys, _NEAR)
            raise UnknownChoiceError(
                "facet",
                near=tuple(OfferedChoice(n, keys.address(addresses, Choices())) for n in near_keys),
                allowed=tuple(OfferedChoice(n) for n in sorted(known - {"class"})),
            )
        if name == "certainty":
            choices = replace(choices, certainty=_among(name, text, CERTAINTIES))
        elif name == "sort":
            choices = replace(choices, sort=_among(name, text, keys.sorts))
    return replace(choices, chosen=_chosen(keys, pairs, choices, addresses))


def refused_pairs(
    keys: AddressKeys, pairs: Sequence[Pair], addresses: Addresses
) -> tuple[Pair, ...]:
    """Return the parameters of an address that the list refuses, also where they stand alone."""

    def is_refused(pair: Pair) -> bool:
        try:
            read_choices(keys, (pair,), addresses)
        except UnknownChoiceError:
            return True
        return False

    facets = [pair for pair in pairs if pair[0] in keys.keys]
    return (*filter(is_refused, dict.fromkeys(pairs)), *facets[MOST:])


def _chosen(
    keys: AddressKeys, pairs: Sequence[Pair], choices: Choices, addresses: Addresses
) -> dict[str, tuple[Term, ...]]:
    if sum(name in keys.keys for name, _ in pairs) > MOST:
        raise UnknownChoiceError("many_values")
    found: dict[str, tuple[Term, ...]] = {}
    for name in keys.keys:
        terms = {key: term for term, key in keys.keys[name].items()}
        texts = dict.fromkeys(text for parameter, text in pairs if parameter == name and text)
        for text in texts:
            if text not in terms:
                raise _unknown_value(keys, addresses, replace(choices, chosen={}), name, text)
        if texts:
            found[name] = tuple(terms[text] for text in texts)
    return found


def _unknown_value(
    keys: AddressKeys, addresses: Addresses, choices: Choices, name: str, text: str
) -> UnknownChoiceError:
    """Return the error of a value that a facet has not, with those that it has if they are few."""
    terms = {key: term for term, key in keys.keys[name].items()}

    def offered(key: str) -> OfferedChoice:
        only = replace(choices, chosen={name: (terms[key],)})
        return OfferedChoice(key, keys.address(addresses, only), terms[key])

    few = sorted(terms) if len(terms) <= _FEW else []
    return UnknownChoiceError(
        "one_of" if few else "facet_value",
        name,
        tuple(map(offered, near(text, terms, _NEAR))),
        tuple(map(offered, few)),
    )


def _among(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise UnknownChoiceError("one_of", name, allowed=tuple(map(OfferedChoice, known)))
    return text


def value_keys(values: Iterable[Term]) -> dict[Term, str]:
    """Return the key of each value: a short one for a thing, another value as it is."""
    keys: dict[str, Term] = {}
    for term in values:
        plain = _plain(term)
        keys[plain if plain not in keys else str(term)] = term
    return {term: key for key, term in keys.items()}


def _plain(term: Term) -> str:
    if isinstance(term, NamedNode):
        return term.value.removeprefix(ID)
    if isinstance(term, Literal):
        return f"{term.value}@{term.language}" if term.language else term.value
    return str(term)
