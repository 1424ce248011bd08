"""How like one name is to another, as a person would say: from 0, not at all, to 1, the same.

Names are compared word by word, in whatever order: a word may be misspelt, or stand as its initial;
long words count more than short ones. A name may also be written in one word, or as an acronym.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rallynov_graph.matching.near_names import allowed, distance
from rallynov_graph.matching.words import LIGHT, LONGEST_ACRONYM, initials

MOST_WORDS: Final = 24
"""How many words of a longer name are compared."""
_LIGHT: Final = 0.5
_LIGHTEST: Final = 3.0
_HEAVIEST: Final = 12.0
"""The weight of a word: its letters, within these bounds; a small word weighs less."""
_SLIP: Final = 0.5
_FIRST_SLIP: Final = 0.8
"""How much of its share a wrong letter takes away; the second where the first letters differ."""
_INITIAL: Final = 0.9
_ACRONYM: Final = 0.85
_ORDER: Final = 0.98
_JOINED: Final = 0.99
_RUN: Final = 4
"""How many initials may stand together for forenames."""


def likeness(words: Sequence[str], other_words: Sequence[str]) -> float:
    """Return how like two names are, each given as its plain words."""
    if not words or not other_words:
        return 0.0
    first, second = tuple(words[:MOST_WORDS]), tuple(other_words[:MOST_WORDS])
    if first == second:
        return 1.0
    return max(_by_words(first, second), _in_one_word(first, second), _as_acronym(first, second))


def word_likeness(first: str, second: str) -> float:
    """Return how like two words are that differ by slips of the pen, 0 where by more."""
    if first == second:
        return 1.0
    limit = min(allowed(first), allowed(second))
    if not limit:
        return 0.0
    slips = distance(first, second, limit)
    if slips > limit:
        return 0.0
    return 1 - slips * (_SLIP if first[0] == second[0] else _FIRST_SLIP) / max(
        len(first), len(second)
    )


def _weight(word: str) -> float:
    return _LIGHT if word in LIGHT else min(max(len(word), _LIGHTEST), _HEAVIEST)


def _by_words(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return how much of both names is the same words, in whatever order."""
    pairs = _pairs(first, second)
    first_left = [i for i in range(len(first)) if i not in pairs]
    second_left = [i for i in range(len(second)) if i not in {j for j, _ in pairs.values()}]
    same = sum(score * (_weight(first[i]) + _weight(second[j])) for i, (j, score) in pairs.items())
    whole = sum(map(_weight, first)) + sum(map(_weight, second))
    if pairs and first_left and second_left:
        for short, long in (
            *_initials(first, first_left, second, second_left),
            *_initials(second, second_left, first, first_left),
        ):
            same += 2 * _INITIAL * long
            whole += long - short
    order = [j for _, (j, _) in sorted(pairs.items())]
    return same / whole * (1.0 if order == sorted(order) else _ORDER)


def _pairs(first: tuple[str, ...], second: tuple[str, ...]) -> dict[int, tuple[int, float]]:
    """Return for words of the first name the word of the second, and how like they are.

    Equal words are paired before those that are only alike.
    """
    pairs: dict[int, tuple[int, float]] = {}
    free_of_second = dict.fromkeys(range(len(second)))
    for i, word in enumerate(first):
        if (j := next((j for j in free_of_second if second[j] == word), None)) is not None:
            pairs[i] = j, 1.0
            del free_of_second[j]
    alike = [
        (word_likeness(word, second[j]), i, j)
        for i, word in enumerate(first)
        if i not in pairs
        for j in free_of_second
    ]
    for score, i, j in sorted(
        alike, key=lambda candidate: (-candidate[0], candidate[1], candidate[2])
    ):
        if score and i not in pairs and j in free_of_second:
            pairs[i] = j, score
            del free_of_second[j]
    return pairs


def _initials(
    first: tuple[str, ...], first_left: list[int], second: tuple[str, ...], second_left: list[int]
) -> list[tuple[float, float]]:
    """Return the weight of each unpaired initial, and that of the words that it stands for.

    Both are removed from the unpaired words. « JM » stands for two words in a row.
    """
    found = []
    for i in [*first_left]:
        short = first[i]
        if len(short) > _RUN or not short.isalpha():
            continue
        for j in [*second_left]:
            run = range(j, j + len(short))
            words = [
                second[position]
                for position in run
                if position in second_left and len(second[position]) > 1
            ]
            if "".join(word[0] for word in words) == short and len(words) == len(run):
                found.append((_weight(short), sum(map(_weight, words))))
                first_left.remove(i)
                second_left[:] = [position for position in second_left if position not in run]
                break
    return found


def _in_one_word(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return how like two names are when their words are written together."""
    return _JOINED if "".join(first) == "".join(second) else 0.0


def _as_acronym(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return how likely one name abbreviates the other."""
    for short, long in ((first, second), (second, first)):
        if len(short) == 1 < len(long) and len(short[0]) <= LONGEST_ACRONYM:
            return _ACRONYM if short[0] in initials(long) else 0.0
    return 0.0
