"""Who says what is quoted: the subject of the words that attribute it, or nobody who is named."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from rallynov_graph.desk.proposing.cues import form, words
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal
from rallynov_graph.desk.proposing.reading import Reading, Span
from rallynov_graph.matching.words import folded

_EARLIER: Final = 1200
"""The number of characters in which the last named person may be « elle »."""
_AFTER: Final = 90
_DROPPED: Final = 8
"""The first letter of a name may be so far before the paragraph that it begins."""
_ROLE: Final = 60
"""The distance, in characters, between a name and the person's role."""


def speakers(reading: Reading, start: int, end: int) -> tuple[Candidate, ...]:
    """Return who says what is quoted, the likeliest first; nobody where the text names no one."""
    found: dict[str, Candidate] = {}
    for person in _persons(reading, start, end):
        for candidate in person.candidates[:1]:
            found.setdefault(candidate.label, candidate)
    return tuple(found.values())[:3]


def _persons(reading: Reading, start: int, end: int) -> Sequence[Proposal]:
    text = reading.text
    if signed := _signature(reading, "signed_by", end):
        return signed
    if attributed := form("attributed_after").match(text, end):
        if attributed["pronoun"]:
            return _subject_above(reading, start - _EARLIER, start) or _object_above(reading, start)
        if folded(attributed["verb"]) not in words("openings"):
            return _subject_after(reading, attributed.end("verb"), start)
    begins = _begins(reading, start)
    clause = text[begins:start]
    if not clause.strip(' «“"*>\n\xa0\u202f'):
        below = _signature(reading, "signed_below", end)
        return below or _subject_above(reading, reading.paragraph(start)[0], start)
    return _introduced(reading, clause, begins, start)


def _introduced(reading: Reading, clause: str, begins: int, start: int) -> Sequence[Proposal]:
    """Return who speaks by the words before what is quoted, in its sentence."""
    named = _named(reading, begins, start)
    if source := form("source_of_speech").search(clause):
        after = [it for it in named if it.start >= begins + source.end()]
        return after[:1] or _who_is(reading, clause[source.end() :], begins)
    subjects = [it for it in named if not _is_object(reading.text, it)]
    if verb := last_saying(clause):
        if left := [it for it in subjects if it.end <= begins + verb.start()]:
            return _joined(reading.text, left)
        subjects = _next_to(reading, begins + verb.end(), start)
    if subjects:
        return subjects
    possessive = not verb and form("possessive_subject").match(clause)
    if possessive or form("pronoun_subject").search(clause):
        return _subject_above(reading, begins - _EARLIER, begins) or _object_above(reading, begins)
    return _who_is(reading, clause, begins)


def _begins(reading: Reading, start: int) -> int:
    """Return where the sentence of a quotation begins: at its line, where it has one of its own."""
    line = reading.line(start)[0]
    is_own = not reading.text[line:start].strip(' «“"*>\t\xa0\u202f')
    sentence = reading.sentence(start)[0]
    if is_own and not reading.is_wrapped(line - 1):
        return line
    names = reading.names_in(sentence - _DROPPED, start, "person")
    return min([sentence, *(it.start for it in names if it.end > sentence)])


def last_saying(clause: str) -> re.Match[str] | None:
    """Return the last word of a clause that says that something is said."""
    found = [*form("elided_words").finditer(clause)]
    return next((it for it in reversed(found) if is_saying(it[0])), None)


def is_saying(word: str) -> bool:
    """Return whether a word says that something is said: « s'amuse »."""
    return folded(word).rpartition("'")[2] in words("saying")


def _named(reading: Reading, start: int, end: int) -> list[Proposal]:
    """Return the persons who are named in a part of the text, but for quotations."""
    found = reading.names_in(start, end, "person")
    return [it for it in found if not reading.is_quoted(it.start, it.end)]


def _is_object(text: str, person: Proposal) -> bool:
    """Return whether a preposition or a verb before a name makes it no subject."""
    return bool(form("no_subject_before").search(text[max(0, person.start - 40) : person.start]))


def _joined(text: str, persons: Sequence[Proposal]) -> list[Proposal]:
    """Return the last of some persons, after those whom « et » joins to it."""
    found = [persons[-1]]
    for person in reversed(persons[:-1]):
        if not form("joined_persons").fullmatch(text, person.end, found[0].start):
            break
        found.insert(0, person)
    return found


def _next_to(reading: Reading, place: int, end: int) -> list[Proposal]:
    """Return the persons who follow a verb with nothing but what they are between."""
    found = _named(reading, place, end)
    if not found or form("no_subject_between").search(reading.text[place : found[0].start]):
        return []
    return found[:1]


def _subject_after(reading: Reading, place: int, start: int) -> Sequence[Proposal]:
    last = min(reading.sentence(place)[1], place + _AFTER)
    clause = reading.text[place:last]
    return _next_to(reading, place, last) or _who_is(reading, clause, start)


def _who_is(reading: Reading, clause: str, before: int) -> list[Proposal]:
    """Return the person of whom the text said before that they are « le maire »."""
    described = form("described_subject").match(clause)
    role = folded(described["role"]) if described else ""
    if role not in words("roles"):
        return []
    of_role = (
        it
        for it in reversed(_named(reading, 0, before))
        if role in {*map(folded, form("elided_words").findall(_beside(reading.text, it)))}
    )
    return [*of_role][:1]


def _beside(text: str, person: Proposal) -> str:
    left = re.split(r"[.,!?\n]", text[max(0, person.start - _ROLE) : person.start])[-1]
    right = re.split(r"[.!?\n«]", text[person.end : person.end + _ROLE])[0]
    return f"{left} {right}" if right.startswith((",", " (")) else left


def _subject_above(reading: Reading, first: int, place: int) -> Sequence[Proposal]:
    """Return the subject of the last sentence that has a person for it."""
    for above in _sentences_above(reading, first, place):
        named = _named(reading, *above)
        if found := [it for it in named if not _is_object(reading.text, it)]:
            return found
    return []


def _object_above(reading: Reading, place: int) -> Sequence[Proposal]:
    return _named(reading, max(0, place - _EARLIER), place)[-1:]


def _sentences_above(reading: Reading, first: int, place: int) -> Iterable[Span]:
    above = [(start, min(end, place)) for start, end in reading.sentences if first <= start < place]
    return reversed(above)


def _signature(reading: Reading, name: str, end: int) -> list[Proposal]:
    """Return the person whose name signs a quotation."""
    found = form(name).match(reading.text, end)
    people = _named(reading, found.end(), found.end() + _ROLE) if found else []
    return [it for it in people[:1] if found and it.start == found.end()]
