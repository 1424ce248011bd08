"""Innovations: only what the text itself calls so, invents, presents or has carried by somebody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.titles import titles
from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

NEEDS_NAMES: Final = True
_MADE: Final = re.compile(
    r"\b(?:invent\w+|présent\w+|cré\w+|lanc\w+|imagin\w+|mis au point|développ\w+|"
    r"expériment\w+|prépar\w+)\s+(?:avec \w+ )?(?:le|la|les|l['’]|un|une|son|sa|"
    r"leur)?\s*[«“\"*\s\xa0\u202f]*$",
    re.IGNORECASE,
)
_CARRIED: Final = re.compile(
    r"(?:^|[.•*>–-]\s+|\n[ \t]{0,20})((?:L[ea]s?\s|L['’]|Un\s|Une\s)[^,.;:\n«»]{3,60})"
    r",\s*(?:un \w+ )?(?:portée?s?|imaginée?s?|lancée?s?|créée?s?|développée?s?|"
    r"inventée?s?)\s+par\b"
)


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what the text calls an innovation in so many words."""
    for start, end, noun in titles(reading):
        plain = folded(noun)
        if {plain, plain.removesuffix("s")} & (words("innovations") | words("naming")):
            why = Why(f"nom après « {noun} »", f"a name after “{noun}”")
        elif _MADE.search(reading.text[max(0, start - 60) : start]):
            why = Why(
                "ce qui est inventé, présenté ou lancé", "what is invented, presented or started"
            )
        else:
            continue
        yield _innovation(reading, start, end, why)
    for found in _CARRIED.finditer(reading.text):
        why = Why("ce que quelqu’un porte", "what somebody carries")
        yield _innovation(reading, *found.span(1), why)


def _innovation(reading: Reading, start: int, end: int, why: Why) -> Proposal:
    label = " ".join(reading.text[start:end].split())
    known = reading.known.candidates("innovation", label)
    return Proposal("innovation", start, end, why, candidates=(*known, Candidate(label)))
