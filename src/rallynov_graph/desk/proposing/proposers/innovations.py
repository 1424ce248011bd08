"""Innovations, by how they are introduced: shown, invented, named after a noun, explained."""

from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import form, why
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.proposers import events
from rallynov_graph.desk.proposing.proposers.events import apart, called, is_called, titles
from rallynov_graph.desk.proposing.reading import Reading, Span

NEEDS_NAMES: Final = True
_BEFORE: Final = 60
_SURE: Final = 2.5
"""A name for which more than this speaks is no innovation's."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield only what the text calls so, shows, invents, explains or has carried by somebody."""
    yield from apart(_every(reading))


def _every(reading: Reading) -> Iterator[Proposal]:
    taken = {(it.start, it.end) for it in reading.once(events.propose)}
    for span, noun in titles(reading):
        if span in taken or is_called(noun, "works"):
            continue
        if is_called(noun, "innovations", "naming"):
            yield called(reading, "innovation", span, why("name_after", said=noun))
        elif form("made_before").search(reading.text[max(0, span[0] - _BEFORE) : span[0]]):
            yield called(reading, "innovation", span, why("made"))
        elif form("explained").match(reading.text, span[1]):
            yield called(reading, "innovation", span, why("explained"))
    for found in form("carried_thing").finditer(reading.text):
        yield called(reading, "innovation", found.span(1), why("carried"))
    for name, told in (("introduced", "made"), ("explained_name", "explained")):
        for found in form(name).finditer(reading.text):
            yield from _if_free(reading, found.span(found.lastgroup or 0), told)


def _if_free(reading: Reading, span: Span, told: str) -> Iterator[Proposal]:
    """Yield an innovation if the words name nothing else."""
    named = [it for it in reading.names if it.start < span[1] and span[0] < it.end]
    first = reading.tokens[reading.token_at(span[0])]
    sure = any(it.weight >= _SURE or it.kind == "person" for it in named if it.start <= first.start)
    other = is_called(first.plain, "events", "no_innovations", "organisation_types")
    if not sure and not other and not any(map(str.isdigit, reading.text[slice(*span)])):
        yield called(reading, "innovation", span, why(told))
