"""Titles, which are quoted and nobody says, with the word before: nothing is proposed here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import form, words
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.proposers.speech import speech_in
from rallynov_graph.desk.proposing.reading import Reading, Span
from rallynov_graph.matching.words import folded

_LONGEST: Final = 140
_BEFORE: Final = 30


def titles(reading: Reading) -> Iterator[tuple[Span, str]]:
    """Yield quotations that are not speech, with the word before each."""
    said = {(it.start, it.end) for it in reading.once(speech_in)}
    for start, end in reading.outer_quotes:
        if (start, end) not in said and end - start <= _LONGEST:
            first, last = reading.line(start)
            around = reading.text[first:start] + reading.text[end:last]
            before = reading.text[max(0, start - _BEFORE) : start]
            alone = not any(map(str.isalnum, around))
            noun = None if alone else form("noun_before_quotes").search(before)
            yield (start, end), noun[1] if noun else ""


def is_called(noun: str, *lists: str) -> bool:
    """Return whether a noun is in a list of words, in the singular or the plural."""
    return not words(*lists).isdisjoint((folded(noun), folded(noun).removesuffix("s")))


def called(reading: Reading, kind: str, span: Span, told: Why) -> Proposal:
    """Return the proposal of a thing that the words of a span name."""
    label = " ".join(reading.text[slice(*span)].replace("*", "").split())
    candidates = (*reading.known.candidates(kind, label), Candidate(label))
    return Proposal(kind, *span, told, candidates=candidates)


def apart(proposals: Iterator[Proposal]) -> Iterator[Proposal]:
    """Yield proposals none of which touches one before it."""
    kept: list[Proposal] = []
    for it in proposals:
        if not any(it.overlaps(other) for other in kept):
            kept.append(it)
            yield it
