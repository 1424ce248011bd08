"""Themes that a text lists as such; those of the folder's thesaurus are the gazetteer's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

_LIST: Final = re.compile(
    r"\b(?:Th[èe]mes?|Thématiques?|Mots[- ]clés?)(?: [^:\n]{0,40})?\s?:\s*([^.:;]{3,300})",
    re.IGNORECASE,
)
_ITEM: Final = re.compile(r"[^,;·•/\n]+(?:\n[ \t]+[^,;·•/\n]+)?")


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what a list of themes has."""
    for found in _LIST.finditer(reading.text):
        for item in _ITEM.finditer(found[1]):
            start = found.start(1) + item.start() + len(item[0]) - len(item[0].lstrip(" \n\t\xa0«"))
            end = found.start(1) + item.start() + len(item[0].rstrip(" \n\t\xa0»"))
            label = " ".join(reading.text[start:end].split())
            if 2 < len(label) < 60:
                known = reading.known.candidates("theme", label)
                why = Why("dans une liste de thèmes", "in a list of themes")
                yield Proposal("theme", start, end, why, candidates=(*known, Candidate(label)))
