"""The words of an index that are near one that somebody wrote.

The words that share groups of letters with it are looked up; the matcher of near names chooses the
near ones among them.
"""

from __future__ import annotations

import heapq
import sqlite3
from array import array
from collections import Counter
from collections.abc import Sequence
from typing import Final

from rallynov_graph.matching import near_names
from rallynov_graph.matching.slips import LONGEST, SHORTEST, allowed

MOST: Final = 5
"""How many near words are returned at most."""
_COMPARED: Final = 800
"""How many words are compared letter by letter: those that share the most."""


def grams(word: str) -> frozenset[str]:
    """Return the groups of three letters of a word, its ends counting as letters.

    A word with a digit, or too short or too long to have near words, has none.
    """
    if not (SHORTEST - 1 <= len(word) <= LONGEST and word.isalpha()):
        return frozenset()
    framed = f"^{word}$"
    return frozenset(framed[at : at + 3] for at in range(len(framed) - 2))


def misspelt(index: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return the words of the index that slips of the pen turn into this one."""
    most = allowed(word)
    if not most:
        return ()
    known = _sharing(index, word, most, len(grams(word)) - 4 * most)
    return tuple(near_names.near(word, known, MOST, slips_only=True))


def alike(index: sqlite3.Connection, word: str) -> list[str]:
    """Return the words of the index that are near one, further off than a slip of the pen."""
    known = _sharing(index, word, len(word) // 3, len(grams(word)) // 3)
    return near_names.near(word, known, MOST)


def _sharing(index: sqlite3.Connection, word: str, most_off: int, least: int) -> list[str]:
    """Return the words that share at least so many groups of letters, the most used first."""
    wanted = sorted(grams(word))
    shared: Counter[int] = Counter()
    lists = index.execute(
        f"SELECT words FROM gram WHERE gram IN ({', '.join('?' * len(wanted))})"
        " AND length BETWEEN ? AND ?",
        (*wanted, len(word) - most_off, len(word) + most_off),
    )
    for (packed,) in lists:
        shared.update(array("I", packed))
    enough = ((count, -number) for number, count in shared.items() if count >= max(1, least))
    return _words(index, [-number for _, number in heapq.nlargest(_COMPARED, enough)])


def _words(index: sqlite3.Connection, numbers: Sequence[int]) -> list[str]:
    found = [
        index.execute("SELECT -things, plain FROM word WHERE id = ?", (number,)).fetchone()
        for number in numbers
    ]
    return [plain for _, plain in sorted(found)]
