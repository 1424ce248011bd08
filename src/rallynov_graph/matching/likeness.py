"""How like one name is to another, as a person would say: from 0, not at all, to 1, the same.

Names are compared word by word, in whatever order: a word may be misspelt, or stand as its initial;
long words tell more than short ones. A name may also be written in one word, or as an acronym.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rallynov_graph.matching.slips import allowed, distance
from rallynov_graph.matching.words import LIGHT, LONGEST_ACRONYM, initials

MOST_WORDS: Final = 24
"""Of longer names so many words are compared."""
_LIGHT: Final = 0.5
_LIGHTEST: Final = 3.0
_HEAVIEST: Final = 12.0
"""What a word counts: its letters, within these bounds; one that says little counts less."""
_SLIP: Final = 0.5
_FIRST_SLIP: Final = 0.8
"""What a wrong letter takes away of its share of a word; of one that begins otherwise, more."""
_INITIAL: Final = 0.9
_ACRONYM: Final = 0.85
_ORDER: Final = 0.98
_JOINED: Final = 0.99
_RUN: Final = 4
"""So many initials at most stand together for forenames."""


def likeness(asked: Sequence[str], there: Sequence[str]) -> float:
    """Return how like two names are, which are given as their plain words."""
    if not asked or not there:
        return 0.0
    one, other = tuple(asked[:MOST_WORDS]), tuple(there[:MOST_WORDS])
    if one == other:
        return 1.0
    return max(_by_words(one, other), _in_one_word(one, other), _as_acronym(one, other))


def word_likeness(one: str, other: str) -> float:
    """Return how like two words are that differ by slips of the pen, 0 where by more."""
    if one == other:
        return 1.0
    most = min(allowed(one), allowed(other))
    if not most:
        return 0.0
    slips = distance(one, other, most)
    if slips > most:
        return 0.0
    return 1 - slips * (_SLIP if one[0] == other[0] else _FIRST_SLIP) / max(len(one), len(other))


def _weight(word: str) -> float:
    return _LIGHT if word in LIGHT else min(max(len(word), _LIGHTEST), _HEAVIEST)


def _by_words(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how much of both names is the same words, in whatever order."""
    pairs = _pairs(one, other)
    left = [n for n in range(len(one)) if n not in pairs]
    free = [n for n in range(len(other)) if n not in {there for there, _ in pairs.values()}]
    same = sum(like * (_weight(one[n]) + _weight(other[m])) for n, (m, like) in pairs.items())
    whole = sum(map(_weight, one)) + sum(map(_weight, other))
    if pairs and left and free:
        for short, long in (*_initials(one, left, other, free), *_initials(other, free, one, left)):
            same += 2 * _INITIAL * long
            whole += long - short
    order = [there for _, (there, _) in sorted(pairs.items())]
    return same / whole * (1.0 if order == sorted(order) else _ORDER)


def _pairs(one: tuple[str, ...], other: tuple[str, ...]) -> dict[int, tuple[int, float]]:
    """Return which word of a name is which of the other, and how like they are; the same first."""
    pairs: dict[int, tuple[int, float]] = {}
    free = dict.fromkeys(range(len(other)))
    for n, word in enumerate(one):
        if (m := next((m for m in free if other[m] == word), None)) is not None:
            pairs[n] = m, 1.0
            del free[m]
    alike = [
        (word_likeness(word, other[m]), n, m)
        for n, word in enumerate(one)
        if n not in pairs
        for m in free
    ]
    for like, n, m in sorted(alike, key=lambda it: (-it[0], it[1], it[2])):
        if like and n not in pairs and m in free:
            pairs[n] = m, like
            del free[m]
    return pairs


def _initials(
    one: tuple[str, ...], left: list[int], other: tuple[str, ...], free: list[int]
) -> list[tuple[float, float]]:
    """Return what the initials left in a name weigh, and the words that they stand for.

    These are taken from what is left of both names. « JM » stands for two words in a row.
    """
    found = []
    for n in [*left]:
        short = one[n]
        if len(short) > _RUN or not short.isalpha():
            continue
        for m in [*free]:
            run = range(m, m + len(short))
            words = [other[k] for k in run if k in free and len(other[k]) > 1]
            if "".join(word[0] for word in words) == short and len(words) == len(run):
                found.append((_weight(short), sum(map(_weight, words))))
                left.remove(n)
                free[:] = [k for k in free if k not in run]
                break
    return found


def _in_one_word(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how like two names are when their words are written together."""
    return _JOINED if "".join(one) == "".join(other) else 0.0


def _as_acronym(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how likely one name abbreviates the other."""
    for short, long in ((one, other), (other, one)):
        if len(short) == 1 < len(long) and len(short[0]) <= LONGEST_ACRONYM:
            return _ACRONYM if short[0] in initials(long) else 0.0
    return 0.0
