"""Themes: lists and blocks of them, what is spoken of, and what a stage is about.

The themes of the folder's thesaurus are the gazetteer's.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rallynov_graph.desk.proposing.cues import form, why, words
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.proposers import events
from rallynov_graph.desk.proposing.proposers.events import apart, called
from rallynov_graph.desk.proposing.reading import Reading, Span, word_texts
from rallynov_graph.matching.words import folded

NEEDS_NAMES: Final = True
_LONGEST: Final = 60
_ARTICLES: Final = ("le", "la", "les", "l'")
_MOST: Final = 7
"""A theme has no more words."""
_CLOUD: Final = 3
"""The number of consecutive names, or of lines in a paragraph, that makes a block of themes."""
_WORDS_IN_CLOUD: Final = 4


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield themes where they are named."""
    yield from apart(_every(reading))


def _every(reading: Reading) -> Iterator[Proposal]:
    for found in form("list_of_themes").finditer(reading.text):
        for span in _parted(reading, *found.span("listed"), "between_listed"):
            yield called(reading, "theme", span, why("listed_theme"))
    for span in _cloud(reading):
        yield called(reading, "theme", span, why("theme_in_block"))
    yield from reading.once(spoken_of)


def spoken_of(reading: Reading) -> Iterator[Proposal]:
    """Yield what the text, a stage or an event is about, by its own words."""
    for found in form("about").finditer(reading.text):
        for span in _spoken_of(reading, found.end()):
            said = " ".join(found[0].strip(" \n:*").split())
            yield called(reading, "theme", span, why("spoken_of", said=said))
    for found in form("at_the_menu").finditer(reading.text):
        if (theme := _trimmed(reading, *found.span("phrase"))) is not None:
            yield called(reading, "theme", theme, why("at_the_menu"))
    for stage in reading.once(events.stages):
        if after := form("theme_of_stage").match(reading.text, stage.end):
            for span in _spoken_of(reading, after.end()):
                yield called(reading, "theme", span, why("theme_of_stage"))


def _parted(reading: Reading, start: int, end: int, between: str) -> Iterator[Span]:
    """Yield the items of a list, without the space and the marks around them."""
    begins = start
    for found in (*form(between).finditer(reading.text, start, end), None):
        last = found.start() if found else end
        if span := _trimmed(reading, begins, last):
            yield span
        begins = found.end() if found else end


def _trimmed(reading: Reading, start: int, end: int) -> Span | None:
    """Return a span without what is around its words, if it may name a theme."""
    tokens = reading.tokens[reading.token_at(start) : reading.token_at(end)]
    if not tokens or tokens[-1].end > end or not 1 <= len(tokens) <= _MOST + 2:
        return None
    if len(tokens) > 1 and tokens[0].plain in _ARTICLES:
        tokens = tokens[1:]
    start, end = tokens[0].start, tokens[-1].end
    printed = reading.text[start:end]
    named = reading.names_in(start, end, "person", "organisation")
    is_name = any(it.start == start for it in reading.names_in(start, end)) or named
    no_theme = is_name or any(map(str.isdigit, printed)) or form("no_theme").search(printed)
    return None if no_theme or not 2 < len(printed) < _LONGEST else (start, end)


def _cloud(reading: Reading) -> Iterator[Span]:
    """Yield the themes of a block: short lines in a row without a sentence, date or name."""
    row: list[Span] = []
    for start, end in (*reading.paragraphs, (len(reading.text),) * 2):
        lines = [*_lines(reading, start, end)]
        many = len(lines) >= _CLOUD or len(lines) == 1
        whole = lines if many else [(start, end)]
        themes = [part for line in whole for part in _types(reading, *line)]
        found = [it for one in themes if (it := _short(reading, *one))]
        if len(found) == len(themes):
            row += found
            continue
        if len(row) >= _CLOUD:
            yield from row
        row = []


def _types(reading: Reading, start: int, end: int) -> Iterator[Span]:
    """Yield the parts of a line in one type each; an adjective stays with its noun."""
    for found in form("changed_type").finditer(reading.text, start, end):
        after = reading.tokens[reading.token_at(found.end())]
        if not form("adjective_in_name").search(after.text):
            yield start, found.start()
            start = found.end()
    yield start, end


def _lines(reading: Reading, start: int, end: int) -> Iterator[Span]:
    for found in re.finditer(r"[^\n]+", reading.text[start:end]):
        yield start + found.start(), start + found.end()


def _short(reading: Reading, start: int, end: int) -> Span | None:
    """Return the words of a line or two that have neither a capital nor a sentence."""
    printed = reading.text[start:end]
    span = _trimmed(reading, start, end)
    if span is None or form("no_cloud").search(printed):
        return None
    parts = word_texts(printed)
    return span if len(parts) <= _WORDS_IN_CLOUD and not _is_opening(parts) else None


def _is_opening(parts: Sequence[str]) -> bool:
    return folded(parts[0]) in words("openings")


def _spoken_of(reading: Reading, start: int) -> Iterator[Span]:
    """Yield the topics from a place on: a noun with its complements, and those joined by « et »."""
    while found := form("noun_phrase").match(reading.text, start):
        span = _trimmed(reading, *found.span("phrase"))
        if span is None:
            return
        yield span
        joined = form("joins_phrase").match(reading.text, span[1])
        if joined is None:
            return
        start = joined.end()
