"""Stages and other events, found by their words, number, date, place and title."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from rallynov_graph.desk.proposing.cues import form, forms, why, words
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.proposers import dates
from rallynov_graph.desk.proposing.proposers.speech import speech_in
from rallynov_graph.desk.proposing.reading import Reading, Span, Token
from rallynov_graph.matching.words import folded

NEEDS_NAMES: Final = True
_AGENDA: Final = 220
"""An item of an agenda is no longer than this."""
_LONGEST: Final = 9
_LONGEST_PLACE: Final = 60
_HEADED: Final = 2
"""The number of paragraphs from its heading on that may contain the title of a stage."""
_SERIES: Final = 2
"""So many numbered or placed headings make a series of a noun."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield stages, titles and what agendas and words for events name, each once."""
    yield from apart(_every(reading))


def _every(reading: Reading) -> Iterator[Proposal]:
    yield from reading.once(stages)
    for span, noun in titles(reading):
        if is_called(noun, "events") and not _is_of_series(reading, noun):
            yield called(reading, "event", span, why("title_after", said=noun))
        elif head := _headed_by(reading, span[0]):
            title = called(reading, "stage", span, why("title_of_stage"))
            yield replace(title, candidates=(*head.candidates, *title.candidates))
        elif _is_of_series(reading, noun):
            yield called(reading, "stage", span, why("title_after", said=noun))
        elif _is_in_agenda(reading, *span):
            kind = "stage" if _series(reading) else "event"
            yield called(reading, kind, span, why("title_in_agenda"))
    for printed in forms("event"):
        for found in printed.finditer(reading.text):
            yield called(reading, "event", found.span(), why("word_for_event"))
    yield from _dated(reading)


# Stages.


def stages(reading: Reading) -> Iterator[Proposal]:
    """Yield parts of a series: « étape de X », « 2e escale », « X (3 mai) » below « Étapes »."""
    series = _series(reading)
    called_so = (_stage(reading, it) for it in reading.tokens if it.plain in series)
    found = [it for those in called_so for it in those]
    for start, end in _items(reading):
        places = reading.names_in(start, end, "place")[:1]
        dated = places and form("dated_after").match(reading.text, places[0].end)
        if dated and form("bullet").fullmatch(reading.text, start, places[0].start):
            span = places[0].start, places[0].end
            above = reading.paragraph(start)[0]
            titled = any(above <= first < start for first, _ in reading.outer_quotes)
            if not titled and not series.isdisjoint(map(_singular, reading.heading(start))):
                found.append(called(reading, "stage", span, why("below_stages")))
    yield from sorted(found, key=lambda it: it.start)


def stage_of(reading: Reading, place: int) -> Proposal | None:
    """Return the stage whose block a place is in: it opens a line above, in the same part."""
    heads = reading.once(_heads)
    head = next((it for it in reversed(heads) if it.end <= place), None)
    headings = [it for it in reading.heading(place)[:1] if head and it.start > head.end]
    return None if headings else head


def _heads(reading: Reading) -> Iterator[Proposal]:
    """Yield the stages that open a line, after their date maybe; of those in a row the first."""
    last = 0
    named = (it for it in reading.once(propose) if it.kind == "stage")
    for it in sorted(named, key=lambda it: it.start):
        if _opens_item(reading, it.start):
            near = form("space_between").fullmatch(reading.text, last, it.start) if last else None
            last = it.end
            if not near:
                yield it


def _opens_item(reading: Reading, place: int) -> bool:
    """Return whether a line has only dates, places and what stages are called before a place."""
    start, _ = reading.line(place)
    known = (*reading.once(dates.propose), *(it for it in reading.names if it.kind == "place"))
    own = [it for it in known if start <= it.start and it.end <= place]
    words_before = reading.tokens[reading.token_at(start) : reading.token_at(place)]
    passed = words("articles") | _series(reading)
    return all(
        any(it.start <= token.start < it.end for it in own) or token.plain in passed
        for token in words_before
    )


def _series(reading: Reading) -> frozenset[str]:
    """Return the text's word for the parts of its series: words for stages, numbered headings."""
    return frozenset(reading.once(_nouns_of_series))


def _nouns_of_series(reading: Reading) -> Iterator[str]:
    counted = Counter(
        _singular_of(it["after"] or it["before"] or it["placed"])
        for it in form("heading_of_series").finditer(reading.text)
    )
    stages_of = words("stages")
    yield from stages_of & {_singular(it) for it in reading.tokens}
    for noun, count in counted.items():
        if count >= _SERIES and noun not in words("numbered_parts", "months"):
            yield noun


def _singular(token: Token) -> str:
    return token.plain.removesuffix("s")


def _singular_of(noun: str) -> str:
    return folded(noun).removesuffix("s")


def _is_of_series(reading: Reading, noun: str) -> bool:
    return _singular_of(noun) in _series(reading)


def _stage(reading: Reading, noun: Token) -> Iterator[Proposal]:
    """Yield the stage that a noun names with its number, its place or its date."""
    text, first, last = reading.text, noun, noun.end
    before = reading.beside(noun)
    ordinal = form("ordinal").fullmatch(before.text)
    if ordinal:
        first = before
    number = form("number_after").match(text, last)
    last = number.end() if number else last
    to_place = form("to_place").match(text, last)
    place = to_place.end() if to_place else last
    placed = next(iter(reading.names_in(place, place + _LONGEST_PLACE, "place")), None)
    opens = ordinal and _opens_item(reading, first.start)
    if to_place and placed and placed.start == place:
        span = first.start, placed.end
        yield called(reading, "stage", span, why("placed_stage", said=noun.text))
    elif number or opens:
        yield called(reading, "stage", (first.start, last), why("numbered_stage", said=noun.text))


def _headed_by(reading: Reading, start: int) -> Proposal | None:
    """Return the stage of which a title is: one in its line, or heading its lone line."""
    first, last = reading.line(start)
    head = next((it for it in reversed(reading.once(stages)) if it.start < start), None)
    if head is None or first <= head.start:
        return head
    begins = reading.text[first:start].strip(' #«“"*•–-\xa0\u202f')
    paragraphs = [it for it in reading.paragraphs if it[0] <= start][-_HEADED:]
    is_lone = not begins and not reading.is_wrapped(first - 1) and last - first <= _AGENDA
    return head if is_lone and head.end > paragraphs[0][0] else None


def _is_in_agenda(reading: Reading, start: int, end: int) -> bool:
    """Return whether a title has a line to itself in a short paragraph with a date."""
    first, last = reading.paragraph(start)
    days = (it for it in reading.once(dates.propose) if first <= it.start < last)
    alone = not reading.text[reading.line(start)[0] : start].strip(' «“"*•–-\xa0\u202f')
    return last - first <= _AGENDA and alone and end <= last and any(days)


# Other events.


def _items(reading: Reading) -> Iterator[Span]:
    start = 0
    for line in reading.text.splitlines(keepends=True):
        yield start, start + len(line.rstrip("\n"))
        start += len(line)


def _dated(reading: Reading) -> Iterator[Proposal]:
    """Yield the first event that a line with a date, or a short paragraph with one, names."""
    days = reading.once(dates.propose)
    for start, end in _items(reading):
        first, last = reading.paragraph(start)
        if last - first > _AGENDA:
            first, last = start, end
        day = next((it for it in days if first <= it.start < last), None)
        if day is None:
            continue
        for token in reading.tokens[reading.token_at(start) : reading.token_at(end)]:
            span = _event_from(
                reading,
                token,
                is_item=form("bullet").fullmatch(reading.text, start, min(day.start, token.start))
                is not None,
            )
            if span is not None:
                yield called(reading, "event", span, why("dated_event", said=token.text))
                break


def _event_from(reading: Reading, noun: Token, *, is_item: bool) -> Span | None:
    """Return where an event is named by its noun: alone in an agenda, else with a complement."""
    if not is_called(noun.plain, "events", "happenings") or _is_of_series(reading, noun.plain):
        return None
    before = reading.text[max(0, noun.start - _LONGEST) : noun.start]
    if not form("before_event").search(before) or _is_of_body(reading, noun):
        return None
    name = _with_complements(reading, noun)
    if len(name) == 1 and (not is_item or noun.plain.endswith("s")):
        return None
    return noun.start, name[-1].end


def _is_of_body(reading: Reading, noun: Token) -> bool:
    """Return whether a noun is in the name of a body or person, or just before it."""
    begins = noun.start + (noun.plain not in words("gatherings"))
    after = reading.after(noun)
    return any(
        it.start < begins <= it.end or (after and it.start == after.start and it.kind != "place")
        for it in reading.names_in(max(0, noun.start - _AGENDA), noun.end + _AGENDA)
    )


def _with_complements(reading: Reading, noun: Token) -> list[Token]:
    """Return a noun with its adjectives and what « de » and « et » join."""
    name: list[Token] = [noun]
    links: list[Token] = []
    for token in reading.tokens[noun.number + 1 : noun.number + _LONGEST]:
        if not reading.adjoin(links[-1] if links else name[-1], token):
            break
        if token.plain in words("links_of_event"):
            links.append(token)
        elif token.plain in words("ends", "links", "weekdays") or token.text[0].isdigit():
            break
        elif links or token.is_capital or form("adjective_in_name").search(token.text):
            name, links = [*name, *links, token], []
        else:
            break
    return name


_LONGEST_TITLE: Final = 140
_BEFORE: Final = 30


def titles(reading: Reading) -> Iterator[tuple[Span, str]]:
    """Yield quotations that are not speech, with the word before each."""
    said = {(it.start, it.end) for it in reading.once(speech_in)}
    for start, end in reading.outer_quotes:
        if (start, end) not in said and end - start <= _LONGEST_TITLE:
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
