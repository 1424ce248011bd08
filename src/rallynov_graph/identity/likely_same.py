"""Things whose names are so alike that they may be one, and of which nobody decided yet.

Only things that share a word are compared, or a word that a slip of the pen tells apart, an
acronym, or the whole name in one word; a word that very many bear, brings none of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from pyoxigraph import Literal, Quad, Triple

from rallynov_graph.base.namespaces import PREFIXES, RN, kind_of_iri
from rallynov_graph.identity.written_decisions import KEPT, OTHER, iri_of
from rallynov_graph.matching.likeness import likeness
from rallynov_graph.matching.words import LIGHT, name_words, short_forms

COMPARED: Final = frozenset({"person", "organisation", "place", "innovation", "rally", "series"})
"""The kinds of which two things are hardly ever called alike."""
LEAST: Final = 0.85
"""From this likeness on two names may be one: an abbreviated forename or an acronym, a slip."""

_NAMES: Final = frozenset(
    (
        *(f"{PREFIXES['skos']}{it}" for it in ("prefLabel", "altLabel")),
        *(RN + it for it in ("nameAsPrinted", "acronym", "expansion")),
        f"{PREFIXES['rdfs']}label",
    )
)
_REPLACED_BY: Final = f"{PREFIXES['dcterms']}isReplacedBy"
PROPERTIES: Final = _NAMES | {KEPT, OTHER, _REPLACED_BY}
"""The properties on which it depends which things are alike."""
_MOST: Final = 50
"""A key that more things have brings none of them together."""
_SLIPS_FROM: Final = 5
"""A shorter word has no slips."""

Words = tuple[str, ...]


@dataclass(frozen=True, order=True)
class LikelySame:
    """Two things that may be one, each with the name that is like the other's."""

    first: str
    second: str
    first_name: str
    second_name: str


@dataclass
class _Names:
    """The names of things, and what was decided of them."""

    by_thing: dict[str, dict[Words, str]] = field(default_factory=dict)
    decisions: dict[str, dict[str, str]] = field(default_factory=dict)
    became: dict[str, str] = field(default_factory=dict)

    def add(self, quad: Quad | Triple) -> None:
        """Add what a statement says of a name or a decision."""
        prop = quad.predicate.value
        if prop in _NAMES:
            thing = iri_of(quad.subject)
            if kind_of_iri(thing) in COMPARED and isinstance(quad.object, Literal):
                words = tuple(name_words(quad.object.value))
                self.by_thing.setdefault(thing, {}).setdefault(words, quad.object.value)
        elif prop in (KEPT, OTHER):
            self.decisions.setdefault(iri_of(quad.subject), {})[prop] = iri_of(quad.object)
        elif prop == _REPLACED_BY:
            self.became[iri_of(quad.subject)] = iri_of(quad.object)

    def decided(self) -> set[frozenset[str]]:
        """Return the pairs of things of which something was decided."""
        return {
            frozenset(self.became.get(it, it) for it in said.values())
            for said in self.decisions.values()
        }


def likely_same(quads: Iterable[Quad | Triple]) -> tuple[LikelySame, ...]:
    """Return the pairs of things that may be one and of which nothing was decided, in order."""
    names = _Names()
    for quad in quads:
        names.add(quad)
    decided = names.decided()
    found = []
    for first, second in sorted(_pairs(names.by_thing)):
        if frozenset((first, second)) not in decided:
            alike = _alike(first, second, names.by_thing)
            found += [alike] if alike else []
    return tuple(found)


def _pairs(names: dict[str, dict[Words, str]]) -> set[tuple[str, str]]:
    """Return the pairs of things of one kind that share a key."""
    bearers: dict[tuple[str, str], set[str]] = {}
    for thing, of_thing in names.items():
        for words in of_thing:
            for key in _keys(words):
                bearers.setdefault((kind_of_iri(thing), key), set()).add(thing)
    return {
        pair
        for things in bearers.values()
        if 2 <= len(things) <= _MOST
        for pair in combinations(sorted(things), 2)
    }


def _keys(words: Words) -> Iterator[str]:
    telling = [word for word in words if word not in LIGHT]
    yield from telling
    yield from short_forms(words)
    for word in telling:
        if len(word) >= _SLIPS_FROM:  # two words that one letter tells apart share one of these
            yield from (f"{word[:at]}{word[at + 1 :]}" for at in range(len(word)))


def _alike(first: str, second: str, names: dict[str, dict[Words, str]]) -> LikelySame | None:
    """Return two things with their most alike names; None where these are not alike enough."""
    is_person = kind_of_iri(first) == "person"
    best = max(
        (_likeness(one, other, is_person), names[first][one], names[second][other])
        for one in sorted(names[first])
        for other in sorted(names[second])
    )
    return LikelySame(first, second, best[1], best[2]) if best[0] >= LEAST else None


def _likeness(first: Words, second: Words, is_person: bool) -> float:
    """Return how like two names are; of a person, a surname alone is like the whole name."""
    if is_person:
        short, long = sorted(({*first} - LIGHT, {*second} - LIGHT), key=len)
        if short and short <= long:
            return 1.0
    return likeness(first, second)
