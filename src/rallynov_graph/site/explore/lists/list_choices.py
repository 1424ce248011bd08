"""The choices of a list in its address: read with care, written so that they can be shared."""

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
_APART: Final = frozenset({"class", "page", "lang"})
"""Parameters of a list's address that choose nothing."""


@dataclass(frozen=True)
class Near:
    """What may be meant: how it stands in the address, the list with it, and the value it is."""

    key: str
    href: str
    term: Term | None = None


class UnknownChoiceError(Exception):
    """An address chooses what the list has not: a facet, or a value of the parameter."""

    def __init__(
        self, parameter: str = "", near: tuple[Near, ...] = (), right: tuple[str, ...] = ()
    ) -> None:
        super().__init__("the list has no such facet or value")
        self.parameter, self.near, self.right = parameter, near, right

    @property
    def key(self) -> str:
        """What is wrong, in a word."""
        return "one_of" if self.right else "facet_value" if self.parameter else "facet"


@dataclass(frozen=True)
class Written:
    """How the choices of a list stand in its address."""

    source: Source
    keys: Mapping[str, Mapping[Term, str]]
    """What each value of each facet is called in the address."""

    def pairs(self, choices: Choices, page: int = 1) -> list[Pair]:
        """Return the parameters of the address under some choices; what is at rest is left out."""
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
        """Return the address of the list under some choices."""
        return addresses.path(self.source.path, self.pairs(choices, page))


def written(source: Source, counts: Mapping[str, Counts]) -> Written:
    """Return how the values of the facets are called: things shortly, others as they are."""
    return Written(source, {name: _keys(values) for name, values in counts.items()})


def sorts(source: Source) -> tuple[str, ...]:
    """Return what a list can be sorted by."""
    return (*(column.name for column in source.sorts), NAME, LINKS)


def read(how: Written, asked: Sequence[Pair], addresses: Addresses) -> Choices:
    """Return what an address chooses; raise UnknownChoiceError for what the list has not."""
    source = how.source
    known = {*_APART, "sort", *how.keys, *(("certainty",) if source.certain else ())}
    choices = Choices(sort=source.sort)
    for name, text in asked:
        if name not in known:
            meant = near(name, how.keys, _NEAR)
            raise UnknownChoiceError(
                near=tuple(Near(n, how.address(addresses, Choices())) for n in meant)
            )
        if name == "certainty":
            choices = replace(choices, certainty=_among(name, text, CERTAINTIES))
        elif name == "sort":
            choices = replace(choices, sort=_among(name, text, sorts(source)))
    return replace(choices, chosen=_chosen(how, asked, choices, addresses))


def _chosen(
    how: Written, asked: Sequence[Pair], choices: Choices, addresses: Addresses
) -> dict[str, tuple[Term, ...]]:
    if sum(name in how.keys for name, _ in asked) > MOST:
        raise UnknownChoiceError
    found: dict[str, tuple[Term, ...]] = {}
    for name in how.keys:
        terms = {key: term for term, key in how.keys[name].items()}
        texts = dict.fromkeys(text for given, text in asked if given == name and text)
        for text in texts:
            if text not in terms:
                meant = near(text, terms, _NEAR)
                raise UnknownChoiceError(
                    name,
                    tuple(
                        Near(key, how.address(addresses, only), terms[key])
                        for key in meant
                        for only in (replace(choices, chosen={name: (terms[key],)}),)
                    ),
                )
        if texts:
            found[name] = tuple(terms[text] for text in texts)
    return found


def _among(name: str, text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise UnknownChoiceError(name, right=known)
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
