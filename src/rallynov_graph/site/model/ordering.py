"""Things in the order of their names, and what the rows of an answer say of each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.terms import Solutions, Term
from rallynov_graph.matching.folding import folded
from rallynov_graph.questions.labels import NAMINGS, Text, best_text, last_part
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.site.model.nodes import GraphView, Node

_NUMBER: Final = re.compile(r"[0-9]+")
SORT: Final = "order"
"""What things in their order are among what is kept beside a release."""
_DIGITS: Final = 12
Named = dict[str, list[tuple[int, Text]]]
"""Things with their names, each with where its property stands among those that name."""


@dataclass(frozen=True)
class PageRange:
    """Where a page stands among the others of its list."""

    number: int
    count: int
    previous: str | None
    following: str | None


def options(view: GraphView, of: Sequence[NamedNode], most: int) -> tuple[Node, ...]:
    """Return the things of some classes or lists in order, none where there are over ``most``."""
    if not of:
        return ()
    things = ordered(view, view.queries.text("things_of", of=of))
    if len(things) > most:
        return ()
    described = view.described(things)
    return tuple(view.thing(iri, described[iri]) for iri in things)


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


def ordered(view: GraphView, query: str) -> tuple[str, ...]:
    """Return the things that a query finds, in the order of their names."""
    queries, language = view.queries, view.language
    return queries.once(
        "order of some", (query, language), lambda: _sorted(_named(queries, query), language)
    )


def all_ordered(queries: PageQueries, query: str, language: str) -> tuple[str, ...]:
    """Return the same for a query that nobody's choices are in: kept beside the release."""
    return queries.once(
        SORT,
        (query, language),
        lambda: _lasting(queries, query, language, lambda: _named(queries, query)),
    )


def keep_ordered(queries: PageQueries, query: str, languages: Iterable[str]) -> None:
    """Have kept beside the release the order of all that a query finds, in these languages."""
    named = cache(partial(_named, queries, query))
    for language in languages:
        _lasting(queries, query, language, named)


def is_ordered(queries: PageQueries, query: str, languages: Iterable[str]) -> bool:
    """Tell whether the order of all that a query finds need not be worked out in any language."""
    return all(queries.result_cache.has(SORT, f"{language} {query}") for language in languages)


def _lasting(
    queries: PageQueries, query: str, language: str, named: Callable[[], Named]
) -> tuple[str, ...]:
    return queries.result_cache.get(
        SORT, f"{language} {query}", lambda: _sorted(named(), language), list, _texts
    )


def _texts(told: object) -> tuple[str, ...]:
    if not isinstance(told, list):
        raise TypeError(told)
    return tuple(map(str, told))


def _named(queries: PageQueries, query: str) -> Named:
    names: Named = {}
    for row in queries.store.select(query):
        thing, label = row["thing"], row.get("label")
        assert isinstance(thing, NamedNode)
        told = names.setdefault(thing.value, [])
        if isinstance(label, Literal):
            text = Text(label.value, label.language or "")
            told.append((_strength(row.get("naming")), text))
    return names


def _sorted(names: Named, language: str) -> tuple[str, ...]:
    def key(iri: str) -> tuple[str, str]:
        told = sorted(names[iri], key=lambda found: found[0])
        name = best_text((text for _, text in told), language)
        return sortable(name.value if name else last_part(iri)), iri

    return tuple(sorted(names, key=key))


def _strength(naming: Term | None) -> int:
    """Return where a naming property stands among those that a page would take a name from."""
    iri = naming.value if isinstance(naming, NamedNode) else ""
    return NAMINGS.index(iri) if iri in NAMINGS else len(NAMINGS)
