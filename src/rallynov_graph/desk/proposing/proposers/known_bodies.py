"""Bodies that everybody knows by name, and by an acronym that is written as a word: « Ademe »."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.names_of_bodies import capitals
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import phrases, words

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

_LITTLE: Final = 2.0
_SHORTEST: Final = 4
"""« Adie » and « Ademe » are read as words; « Ars » or « Une » are others."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what is known by its name alone, with the capitals that follow it."""
    why = Why("organisme connu de tous", "a body that everybody knows")
    for name in phrases("known_bodies"):
        for start, end in reading.places_of(name):
            weight = 1.2 if name[0].islower() else 2.5
            yield Proposal("organisation", start, end, why, weight=weight)
            last = reading.tokens[reading.token_at(end) - 1]
            whole = capitals(reading, [last])[-1].end
            if whole > end and weight > _LITTLE and not reading.shouts(start):
                yield Proposal("organisation", start, whole, why, weight=weight)
    for token in reading.tokens:
        is_word = token.is_capital and token.text[1:].islower()
        if is_word and len(token.text) >= _SHORTEST and token.plain in words("known_acronyms"):
            known = Why("sigle d’un organisme connu", "acronym of a known body")
            yield Proposal("organisation", token.start, token.end, known, weight=2.0)
