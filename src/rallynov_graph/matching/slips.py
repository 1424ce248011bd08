"""Slips of the pen: how many letters of a word are off, and how many may be."""

from typing import Final

from rapidfuzz.distance import OSA

SHORTEST: Final = 4
"""A shorter word may have no letter off."""
LONG: Final = 8
"""From so many letters on, two of them may be off."""
LONGEST: Final = 30


def allowed(word: str) -> int:
    """Return how many letters of a word may be off; none of a word with a digit."""
    if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
        return 0
    return 1 if len(word) < LONG else 2


def distance(first: str, second: str, limit: int) -> int:
    """Return how many letters to change, add, drop or swap; more than ``limit`` where there are."""
    return OSA.distance(first, second, score_cutoff=limit)
