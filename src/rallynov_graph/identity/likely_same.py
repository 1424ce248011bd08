"""Find things whose names are so similar that they may be the same, without a decision yet.

Two things are only compared if their names share a word, a misspelt word, an acronym, or the whole
name written as one word. Very frequent words do not count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from itertools import combinations, product
from typing import Final

from pyoxigraph import Literal, Quad, Triple

from rallynov_graph.base.namespaces import PREFIXES, RN, kind_of_iri
from rallynov_graph.identity.decisions import KEPT, OTHER, iri_of
from rallynov_graph.matching.near_names import likeness
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
_MOST: Final = 50
"""A key that more names have brings none of them together."""
_SLIPS_FROM: Final = 5
"""A shorter word has no slips."""

_ALONE_FROM: Final = 7
"""A shorter word that is a whole name has none either: it may be an acronym."""
_PAIRED: Final = 6
"""So many words of a name are looked for two by two."""

Words = tuple[str, ...]
_Name = tuple[str, Words]
"""A name as it is compared, with the kind of its bearers."""


@dataclass(frozen=True, order=True)
class LikelySame:
    """Two things that may be the same, each with the name that resembles the other's."""

    first: str
    second: str
    first_name: str
    second_name: str


@dataclass
class _Names:
    """The names of things, and the decisions about them."""

    by_thing: dict[str, dict[Words, str]] = field(default_factory=dict)
    decisions: dict[str, dict[str, str]] = field(default_factory=dict)
    became: dict[str, str] = field(default_factory=dict)

    def add(self, quad: Quad | Triple) -> None:
        """Add a statement about a name or a decision."""
        prop, value = quad.predicate.value, quad.object
        if _is_name(quad) and isinstance(value, Literal):
            words = tuple(name_words(value.value))
            self.by_thing.setdefault(iri_of(quad.subject), {}).setdefault(words, value.value)
        elif prop in (KEPT, OTHER):
            self.decisions.setdefault(iri_of(quad.subject), {})[prop] = iri_of(quad.object)
        elif prop == _REPLACED_BY:
            self.became[iri_of(quad.subject)] = iri_of(quad.object)

    def decided(self) -> set[frozenset[str]]:
        """Return the pairs of things with a decision."""
        return {
            frozenset(self.became.get(it, it) for it in pair.values())
            for pair in self.decisions.values()
        }


def _is_name(quad: Quad | Triple) -> bool:
    """Whether a statement names a thing of a kind that is compared."""
    is_one = quad.predicate.value in _NAMES and isinstance(quad.object, Literal)
    return is_one and kind_of_iri(iri_of(quad.subject)) in COMPARED


def likely_same(quads: Iterable[Quad | Triple]) -> tuple[LikelySame, ...]:
    """Return the pairs of things that may be the same and have no decision, in order.

    Things with the same name are each compared only with the first of them, and so are those of two
    similar names: deciding these pairs decides all. A thing that was decided to differ from the
    first is compared as well.
    """
    names = _Names()
    for quad in quads:
        names.add(quad)
    decided = names.decided()
    bearers: dict[_Name, list[str]] = {}
    for thing in sorted(names.by_thing):
        for words in names.by_thing[thing]:
            bearers.setdefault((kind_of_iri(thing), words), []).append(thing)
    pairs = _of_one_name(bearers) | _of_two_names(bearers, decided)
    return tuple(
        _with_names(first, second, names.by_thing)
        for first, second in sorted(pairs)
        if frozenset((first, second)) not in decided
    )


def _of_one_name(bearers: Mapping[_Name, Sequence[str]]) -> set[tuple[str, str]]:
    """Return the first thing of each name paired with each other one."""
    return {(things[0], other) for things in bearers.values() for other in things[1:]}


def _of_two_names(
    bearers: Mapping[_Name, Sequence[str]], decided: Set[frozenset[str]]
) -> set[tuple[str, str]]:
    """Return the things to compare of two similar names: the first, and those unlike it."""
    found = set()
    for one, other in _names_with_a_key(bearers):
        if _likeness(one[1], other[1], is_person=one[0] == "person") >= LEAST:
            first, second = (
                [
                    it
                    for it in bearers[name]
                    if it == bearers[name][0] or {bearers[name][0], it} in decided
                ]
                for name in (one, other)
            )
            found |= {
                (min(pair), max(pair)) for pair in product(first, second) if len({*pair}) == 2
            }
    return found


def _names_with_a_key(names: Iterable[_Name]) -> set[tuple[_Name, _Name]]:
    """Return the pairs of names of one kind that share a key."""
    by_key: dict[tuple[str, object], list[_Name]] = {}
    for name in names:
        for key in dict.fromkeys(_keys(name[1])):
            by_key.setdefault((name[0], key), []).append(name)
    return {
        pair
        for sharing in by_key.values()
        if 2 <= len(sharing) <= _MOST
        for pair in combinations(sorted(sharing), 2)
    }


def _keys(words: Words) -> Iterator[object]:
    telling = [word for word in words if word not in LIGHT and not word.isdigit()]
    yield from telling
    yield from combinations(sorted(telling)[:_PAIRED], 2)  # each word alone may be everywhere
    yield from short_forms(words)
    for word in telling:
        if len(word) >= _SLIPS_FROM:  # two words that differ by one letter share one of these
            yield from (f"{word[:at]}{word[at + 1 :]}" for at in range(len(word)))


def _with_names(first: str, second: str, names: Mapping[str, Mapping[Words, str]]) -> LikelySame:
    """Return two things with their most alike names."""
    is_person = kind_of_iri(first) == "person"
    _, one, other = max(
        (_likeness(one, other, is_person=is_person), names[first][one], names[second][other])
        for one in sorted(names[first])
        for other in sorted(names[second])
    )
    return LikelySame(first, second, one, other)


def _likeness(first: Words, second: Words, *, is_person: bool) -> float:
    """Return how similar two names are; a surname alone matches a person's whole name.

    Names with different numbers belong to different things: a street, a year, a rank.
    """
    if _numbers(first) != _numbers(second):
        return 0.0
    if is_person:
        short, long = sorted((_telling(first), _telling(second)), key=len)
        if short and short <= long:
            return 1.0
    if all(len(words) == 1 and len(words[0]) < _ALONE_FROM for words in (first, second)):
        return 0.0  # two acronyms
    return likeness(first, second)


def _numbers(words: Words) -> list[str]:
    return sorted(filter(str.isdigit, words))


def _telling(words: Words) -> set[str]:
    """Return the words of a person's name without titles; a single letter is an initial."""
    return {word for word in words if len(word) == 1 or word not in LIGHT}
