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
from rallynov_graph.site.model.selection.list_queries import (
    ANY_CERTAINTY,
    LINKS,
    NAME,
    Choices,
    Source,
)
from rallynov_graph.site.model.selection.value_tables import Counts

Pair = tuple[str, str]
MOST: Final = 60
"""How many values may be chosen at once."""
_NEAR: Final = 5
_NO_CHOICES: Final = frozenset({"class", "page", "lang"})
"""Parameters of the address of a list that choose nothing."""


@dataclass(frozen=True)
class NearChoice:
    """A facet or value with a near name: its key in the address, the list with it, its term."""

    key: str
    href: str
    term: Term | None = None


class UnknownChoiceError(Exception):
    """The address names a facet, or a value of the parameter, that the list does not have."""

    def __init__(
        self, parameter: str = "", near: tuple[NearChoice, ...] = (), allowed: tuple[str, ...] = ()
    ) -> None:
        super().__init__("the list has no such facet or value")
        self.parameter, self.near, self.allowed = parameter, near, allowed

    @property
    def key(self) -> str:
        """The key of the reason, a word of ``BadParameter``."""
        return "one_of" if self.allowed else "facet_value" if self.parameter else "facet"


@dataclass(frozen=True)
class AddressKeys:
    """The keys with which the address of a list names the values of its facets."""

    source: Source
    keys: Mapping[str, Mapping[Term, str]]
    """The key of each value of each facet."""

    def pairs(self, choices: Choices, page: int = 1) -> list[Pair]:
        """Return the parameters for some choices, empty for what is as by default."""
        chosen = [
            (name, self.keys[name][term])
            for name, terms in choices.chosen.items()
            for term in terms
        ]
        return [
            ("class", "" if self.source.kind else self.source.of_class),
            *chosen,
            ("certainty", choices.certainty if choices.certainty != ANY_CERTAINTY else ""),
            ("sort", choices.sort if choices.sort != self.source.sort else ""),
            ("page", str(page) if page > 1 else ""),
        ]

    def address(self, addresses: Addresses, choices: Choices, page: int = 1) -> str:
        """Return the address of the list for some choices."""
        return addresses.path(self.source.path, self.pairs(choices, page))


def address_keys(source: Source, counts: Mapping[str, Counts]) -> AddressKeys:
    """Return the keys of the values of all facets: short for things, other values as they are."""
    return AddressKeys(source, {name: _keys(values) for name, values in counts.items()})


def sorts(source: Source) -> tuple[str, ...]:
    """Return the names of what a list can be sorted by."""
    return (*(column.name for column in source.sorts), NAME, LINKS)


def read_choices(address_keys: AddressKeys, pairs: Sequence[Pair], addresses: Addresses) -> Choices:
    """Return the choices of an address; raise UnknownChoiceError for any that there is not."""
    source = address_keys.source
    known = {*_NO_CHOICES, "sort", *address_keys.keys, *(("certainty",) if source.certain else ())}
    choices = Choices(sort=source.sort)
    for name, text in pairs:
        if name not in known:
            near_keys = near(name, address_keys.keys, _NEAR)
            raise UnknownChoiceError(
                near=tuple(
                    NearChoice(key, address_keys.address(addresses, Choices())) for key in near_keys
                )
            )
        if name == "certainty":
            choices = replace(choices, certainty=_among(name, text, CERTAINTIES))
        elif name == "sort":
            choices = replace(choices, sort=_among(name, text, sorts(source)))
    return replace(choices, chosen=_chosen(address_keys, pairs, choices, addresses))


def _chosen(
    address_keys: AddressKeys, pairs: Sequence[Pair], choices: Choices, addresses: Addresses
) -> dict[str, tuple[Term, ...]]:
    if sum(name in address_keys.keys for name, _ in pairs) > MOST:
        raise UnknownChoiceError
    found: dict[str, tuple[Term, ...]] = {}
    for name in address_keys.keys:
        terms = {key: term for term, key in address_keys.keys[name].items()}
        texts = dict.fromkeys(text for parameter, text in pairs if parameter == name and text)
        for text in texts:
            if text not in terms:
                near_keys = near(text, terms, _NEAR)
                raise UnknownChoiceError(
                    name,
                    tuple(
                        NearChoice(key, address_keys.address(addresses, only), terms[key])
                        for key in near_keys
                        for only in (replace(choices, chosen={name: (terms[key],)}),)
                    ),
                )
        if texts:
            found[name] = tuple(terms[text] for text in texts)
    return found


def _among(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise UnknownChoiceError(name, allowed=known)
    return text


def _keys(values: Iterable[Term]) -> dict[Term, str]:
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
