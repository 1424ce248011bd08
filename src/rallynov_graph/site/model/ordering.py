"""Things in the order of their names, and the rows of an answer by thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Term
from rallynov_graph.matching.words import folded
from rallynov_graph.questions.labels import NAMINGS, Text, best_text, last_part
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.nodes import GraphView, Node

_NUMBER: Final = re.compile(r"[0-9]+")
_DIGITS: Final = 12
_KEPT: Final = 20_000
"""The number of names whose sort keys are kept: pages name the same things again."""
Thing = TypeVar("Thing")
NamesByThing = dict[str, list[tuple[int, Text]]]
"""Things with their names, each with the rank of its naming property."""


@dataclass(frozen=True)
class PageRange:
    """The position of a page within its list."""

    number: int
    count: int
    previous: str | None
    following: str | None


def paginate(
    things: Sequence[Thing], number: int, size: int, address: Callable[[int], str]
) -> tuple[Sequence[Thing], PageRange] | None:
    """Return the things of a page, and its position; None if there are fewer pages."""
    count = max(1, -(-len(things) // size))
    if not 1 <= number <= count:
        return None
    before = address(number - 1) if number > 1 else None
    after = address(number + 1) if number < count else None
    return things[(number - 1) * size : number * size], PageRange(number, count, before, after)


def options(view: GraphView, of: Sequence[NamedNode], most: int) -> tuple[Node, ...]:
    """Return the things of some classes or lists in order, none if there are more than ``most``."""
    if not of:
        return ()
    things = ordered(view, view.queries.text("things_of", of=of))
    if len(things) > most:
        return ()
    described = view.described(things)
    return tuple(view.thing(iri, described[iri]) for iri in things)


@lru_cache(_KEPT)
def sortable(text: str) -> str:
    """Return the sort key of a text: letters without case or accents, numbers by their value."""
    return _NUMBER.sub(lambda number: number[0].zfill(_DIGITS), folded(text))


def ordered(view: GraphView, query: str) -> tuple[str, ...]:
    """Return the things that a query finds, in the order of their names."""
    queries, language = view.queries, view.language
    return queries.once(
        "order", (query, language), lambda: _sorted(_named(queries, query), language)
    )


def _named(queries: PageQueries, query: str) -> NamesByThing:
    names: NamesByThing = {}
    for row in queries.store.select(query):
        thing, label = row["thing"], row.get("label")
        assert isinstance(thing, NamedNode)
        names_of_thing = names.setdefault(thing.value, [])
        if isinstance(label, Literal):
            text = Text(label.value, label.language or "")
            names_of_thing.append((_strength(row.get("naming")), text))
    return names


def _sorted(names: NamesByThing, language: str) -> tuple[str, ...]:
    def key(iri: str) -> tuple[str, str]:
        strongest_first = sorted(names[iri], key=lambda found: found[0])
        name = best_text((text for _, text in strongest_first), language)
        return sortable(name.value if name else last_part(iri)), iri

    return tuple(sorted(names, key=key))


def _strength(naming: Term | None) -> int:
    """Return the rank of a naming property among those that pages take names from."""
    iri = naming.value if isinstance(naming, NamedNode) else ""
    return NAMINGS.index(iri) if iri in NAMINGS else len(NAMINGS)
