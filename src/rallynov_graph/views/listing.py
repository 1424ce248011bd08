"""Things in the order of their names, and what the rows of an answer say of each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.labels import NAMINGS, Text, chosen, last_part
from rallynov_graph.namespaces import ID
from rallynov_graph.spelling import folded
from rallynov_graph.store import Solutions, Store, Term
from rallynov_graph.views.nodes import Lens, Node

_NUMBER: Final = re.compile(r"[0-9]+")
_DIGITS: Final = 12
_KEPT: Final = 16
"""How many lists are kept in order, so that the next page comes at once."""


@dataclass(frozen=True)
class Pages:
    """Where a page stands among the others of its list."""

    number: int
    count: int
    previous: str | None
    following: str | None


def options(lens: Lens, kind: str, most: int) -> tuple[Node, ...]:
    """Return the things of a kind in order, none where there are more than ``most``."""
    prefix = Literal(f"{ID}{kind}/")
    things = ordered(lens, lens.queries.text("things_of_kind", prefix=prefix))
    if len(things) > most:
        return ()
    described = lens.described(things)
    return tuple(lens.thing(iri, described[iri]) for iri in things)


def sortable(text: str) -> str:
    """Return a text as it is sorted: by its letters, and its numbers by how great they are."""
    return _NUMBER.sub(lambda number: number[0].zfill(_DIGITS), folded(text))


def merged(rows: Solutions, key: str) -> dict[str, dict[str, list[Term]]]:
    """Return the distinct values of each variable by the thing that a variable holds."""
    found: dict[str, dict[str, list[Term]]] = {}
    for row in rows:
        thing = row[key]
        assert isinstance(thing, NamedNode)
        values = found.setdefault(thing.value, {v: [] for v in rows.variables if v != key})
        for variable, term in row.items():
            if variable != key and term is not None and term not in values[variable]:
                values[variable].append(term)
    return found


def ordered(lens: Lens, query: str) -> tuple[str, ...]:
    """Return the things that a query finds, in the order of their names."""
    return _in_order(_Asked(lens.queries.store), query, lens.language)


@dataclass(frozen=True, eq=False)
class _Asked:
    """A store as a key of the lists that are kept: what counts is which one it is."""

    store: Store

    def __hash__(self) -> int:
        return id(self.store)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and other.store is self.store


@lru_cache(maxsize=_KEPT)
def _in_order(asked: _Asked, query: str, language: str) -> tuple[str, ...]:
    names: dict[str, list[tuple[int, Text]]] = {}
    for row in asked.store.select(query):
        thing, label = row["thing"], row.get("label")
        assert isinstance(thing, NamedNode)
        told = names.setdefault(thing.value, [])
        if isinstance(label, Literal):
            text = Text(label.value, label.language or "")
            told.append((_strength(row.get("naming")), text))

    def key(iri: str) -> tuple[str, str]:
        told = sorted(names[iri], key=lambda found: found[0])
        name = chosen((text for _, text in told), language)
        return sortable(name.value if name else last_part(iri)), iri

    return tuple(sorted(names, key=key))


def _strength(naming: Term | None) -> int:
    """Return where a naming property stands among those that a page would take a name from."""
    iri = naming.value if isinstance(naming, NamedNode) else ""
    return NAMINGS.index(iri) if iri in NAMINGS else len(NAMINGS)
