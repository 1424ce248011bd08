"""Streets: their names hold those of places and persons, which are not meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.word_lists import words

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_BETWEEN: Final = 2
"""« rue de la »: so many words may stand between a street and its name, itself included."""


def is_in_street(reading: Reading, name: Sequence[Token]) -> bool:
    """Return whether a name is that of a street: « rue de X »."""
    following = name[0]
    first = following.number
    for token in reversed(reading.tokens[max(0, first - _BETWEEN) : first]):
        if not reading.adjoin(token, following):
            return False
        if token.plain in words("streets"):
            return True
        following = token
    return False
