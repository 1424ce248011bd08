"""What a text itself calls an event, an innovation or a theme: titles, agendas, lists, words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import form, forms, why, words
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.proposers import dates
from rallynov_graph.desk.proposing.proposers.speech import speech_in
from rallynov_graph.desk.proposing.reading import Reading, Span
from rallynov_graph.matching.words import folded

NEEDS_NAMES: Final = True
_LONGEST: Final = 140
_AGENDA: Final = 220
"""An item of an agenda is no longer than this."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield events, innovations and themes."""
    yield from reading.once(events)
    yield from reading.once(innovations)
    yield from _listed_themes(reading)


def events(reading: Reading) -> Iterator[Proposal]:
    """Yield titles after a word for an event or in an agenda, assemblies and prizes."""
    for span, noun in _titles(reading):
        if _is_called(noun, words("events")):
            yield _called(reading, "event", span, why("title_after", said=noun))
        elif _is_in_agenda(reading, *span):
            yield _called(reading, "event", span, why("title_in_agenda"))
    for printed in forms("event"):
        for found in printed.finditer(reading.text):
            yield _called(reading, "event", found.span(), why("word_for_event"))


def innovations(reading: Reading) -> Iterator[Proposal]:
    """Yield only what the text itself calls so, invents, presents or has carried by somebody."""
    for span, noun in _titles(reading):
        if _is_called(noun, words("innovations", "naming")):
            yield _called(reading, "innovation", span, why("name_after", said=noun))
        elif form("made_before").search(reading.text[max(0, span[0] - 60) : span[0]]):
            yield _called(reading, "innovation", span, why("made"))
    for found in form("carried_thing").finditer(reading.text):
        yield _called(reading, "innovation", found.span(1), why("carried"))


def _listed_themes(reading: Reading) -> Iterator[Proposal]:
    """Yield what a list of themes has; the themes of the folder's thesaurus are the gazetteer's."""
    for found in form("list_of_themes").finditer(reading.text):
        for item in form("listed_theme").finditer(found[1]):
            start = found.start(1) + item.start() + len(item[0]) - len(item[0].lstrip(" \n\t\xa0«"))
            end = found.start(1) + item.start() + len(item[0].rstrip(" \n\t\xa0»"))
            if 2 < len(" ".join(reading.text[start:end].split())) < 60:
                yield _called(reading, "theme", (start, end), why("listed_theme"))


def _titles(reading: Reading) -> Iterator[tuple[Span, str]]:
    """Yield what is quoted and is no speech, with the word before it."""
    said = {(it.start, it.end) for it in reading.once(speech_in)}
    for start, end in reading.outer_quotes:
        if (start, end) not in said and end - start <= _LONGEST:
            noun = form("noun_before_quotes").search(reading.text[max(0, start - 30) : start])
            yield (start, end), noun[1] if noun else ""


def _is_called(noun: str, nouns: frozenset[str]) -> bool:
    return not nouns.isdisjoint((folded(noun), folded(noun).removesuffix("s")))


_PROPOSERS: Final = {
    "event": "announced_events",
    "innovation": "innovations",
    "theme": "listed_themes",
}
"""Who proposes a kind, as decisions have it."""


def _called(reading: Reading, kind: str, span: Span, told: Why) -> Proposal:
    label = " ".join(reading.text[slice(*span)].split())
    candidates = (*reading.known.candidates(kind, label), Candidate(label))
    return Proposal(kind, *span, told, _PROPOSERS[kind], candidates)


def _is_in_agenda(reading: Reading, start: int, end: int) -> bool:
    """Return whether a title has a line to itself in a short paragraph with a date."""
    first, last = reading.paragraph(start)
    days = (it for it in reading.once(dates.propose) if first <= it.start < last)
    alone = not reading.text[reading.line(start)[0] : start].strip(' «“"*•–-\xa0\u202f')
    return last - first <= _AGENDA and alone and end <= last and any(days)
