"""Events: titles after a word for one, what an agenda announces, assemblies and prizes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.proposers import dates
from rallynov_graph.desk.proposing.titles import titles
from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

NEEDS_NAMES: Final = True
_AGENDA: Final = 220
"""An item of an agenda is no longer than this."""
_NAMED: Final = re.compile(
    r"\b(?:assemblée générale(?: extraordinaire)?|conseil d['’]administration|"
    r"comité de pilotage|portes ouvertes|"
    r"(?:rencontre|journée|fête|université|assises)s? (?:annuelle|régionale|"
    r"nationale|départementale|d['’]été|d['’]automne)s?|"
    r"(?:clôture|lancement|inauguration|fête|rencontres) (?:du|de la|de l['’]|des|"
    r"de|d['’])\s?(?:[^\W\d_][\w’'-]*)(?: [^\W\d_][\w’'-]*)?|"
    r"clôture [A-ZÀ-Ý][\w’'-]+)",
    re.IGNORECASE,
)
_PRIZE: Final = re.compile(
    r"\b(?:[Pp]rix|[Tt]rophées?|[Cc]oncours) (?:[A-ZÀ-Ý«][\w’'-]*)(?: (?:de |du |"
    r"des |d['’]|à |et )?[A-ZÀ-Ý][\w’'-]*)*"
)


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what may be an event."""
    days = reading.once(dates.propose)
    for start, end, noun in titles(reading):
        plain = folded(noun)
        if {plain, plain.removesuffix("s")} & words("events"):
            yield _event(
                reading, start, end, Why(f"titre après « {noun} »", f"a title after “{noun}”")
            )
        elif _is_in_agenda(reading, start, end, days):
            yield _event(reading, start, end, Why("titre dans un agenda", "a title in an agenda"))
    for pattern in (_NAMED, _PRIZE):
        for found in pattern.finditer(reading.text):
            yield _event(
                reading, *found.span(), Why("mot qui nomme un événement", "a word for an event")
            )


def _event(reading: Reading, start: int, end: int, why: Why) -> Proposal:
    label = " ".join(reading.text[start:end].split())
    known = reading.known.candidates("event", label)
    return Proposal("event", start, end, why, candidates=(*known, Candidate(label)))


def _is_in_agenda(reading: Reading, start: int, end: int, days: Sequence[Proposal]) -> bool:
    """Return whether a title has a line to itself in a short paragraph with a date."""
    first, last = reading.paragraph(start)
    if last - first > _AGENDA:
        return False
    own = [it for it in days if first <= it.start < last]
    line = reading.line(start)
    alone = not reading.text[line[0] : start].strip(' «“"*•–-\xa0\u202f')
    return alone and bool(own) and end <= last
