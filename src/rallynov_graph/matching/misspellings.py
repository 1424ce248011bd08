"""Words that are spelt nearly as one that nobody uses: one letter off, two in long words."""

from __future__ import annotations

import heapq
import sqlite3
from array import array
from collections import Counter
from difflib import get_close_matches
from typing import Final

from rapidfuzz.distance import OSA

SHORTEST: Final = 4
"""A shorter word is taken as it is."""
LONG: Final = 8
"""From so many letters on, two of them may be off."""
LONGEST: Final = 30
MOST: Final = 5
"""How many spellings are taken at most."""
_SIMILAR: Final = 0.6
_COMPARED: Final = 800
"""How many words are compared letter by letter: those that share the most."""


def grams(word: str) -> frozenset[str]:
    """Return the groups of three letters of a word, its ends counting as letters; none of some.

    A word with a digit, or of another length than near words have, has none.
    """
    if not (SHORTEST - 1 <= len(word) <= LONGEST and word.isalpha()):
        return frozenset()
    framed = f"^{word}$"
    return frozenset(framed[at : at + 3] for at in range(len(framed) - 2))


def allowed(word: str) -> int:
    """Return how many letters of a word may be off."""
    if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
        return 0
    return 1 if len(word) < LONG else 2


def near(index: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return the words of an index that are nearest to one that it may lack, the best first."""
    most = allowed(word)
    if not most:
        return ()
    found = []
    for number in _sharing(index, word, most, len(grams(word)) - 4 * most):
        plain, things = index.execute(
            "SELECT plain, things FROM word WHERE id = ?", (number,)
        ).fetchone()
        far = distance(word, plain, most)
        if 0 < far <= most:
            found.append((far, plain[0] != word[0], -things, plain))
    found.sort()
    return tuple(plain for far, _, _, plain in found if far == found[0][0])[:MOST]


def alike(index: sqlite3.Connection, word: str) -> list[str]:
    """Return the words of an index that are somewhat like one, further off than a slip."""
    numbers = _sharing(index, word, len(word) // 3, len(grams(word)) // 3)
    found = [index.execute("SELECT plain FROM word WHERE id = ?", (n,)).fetchone() for n in numbers]
    return get_close_matches(word, [plain for (plain,) in found], MOST, _SIMILAR)


def _sharing(index: sqlite3.Connection, word: str, off: int, least: int) -> list[int]:
    """Return the words that share enough groups of letters, those that share the most first."""
    wanted = sorted(grams(word))
    shared: Counter[int] = Counter()
    lists = index.execute(
        f"SELECT words FROM gram WHERE gram IN ({', '.join('?' * len(wanted))})"
        " AND length BETWEEN ? AND ?",
        (*wanted, len(word) - off, len(word) + off),
    )
    for (packed,) in lists:
        shared.update(array("I", packed))
    enough = ((count, -number) for number, count in shared.items() if count >= max(1, least))
    return [-number for _, number in heapq.nlargest(_COMPARED, enough)]


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters to change, add, drop or swap; more than ``most`` where there are."""
    return OSA.distance(one, other, score_cutoff=most)
