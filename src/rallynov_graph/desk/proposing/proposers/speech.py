"""Somebody's words, as distinct from titles: quotations, and answers in an interview."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rallynov_graph.desk.proposing.cues import Reason, form, reason, why, words
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
from rallynov_graph.desk.proposing.proposers.speakers import is_saying, last_saying
from rallynov_graph.desk.proposing.proposers.speakers import speakers as speakers_of
from rallynov_graph.desk.proposing.reading import Reading, Span, letters_of
from rallynov_graph.matching.words import folded

NEEDS_NAMES: Final = True
_ENOUGH: Final = 1.0
_TITLED: Final = 30
_LONG: Final = 6
_HEADING: Final = 200
"""The number of characters after « questions à » that name the person who answers."""
_FAR: Final = 2000
"""The maximum distance from an answer to the next question of an interview."""
_LONGEST_QUESTION: Final = 200
_FEWEST: Final = 2
"""The minimum number of questions: a single one may be a heading."""
_MARKED: Final = ("«", "“", '"')


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield speech in quotation marks, in a dialogue with dashes and in an interview."""
    yield from reading.once(speech_in)
    yield from _dialogue(reading)
    yield from _interview(reading)


def speech_in(reading: Reading) -> Iterator[Proposal]:
    """Yield speech in quotation marks."""
    earlier: Span | None = None
    for start, end in reading.outer_quotes:
        speakers = speakers_of(reading, start, end)
        reasons = [*_for_speech(reading, start, end, earlier)]
        reasons += [reason("person_just_before")] * bool(speakers)
        weight = sum(it for _, it in reasons) - sum(_for_title(reading, start, end))
        if weight >= _ENOUGH:
            earlier = start, end
            best, _ = max(reasons, key=lambda it: it[1])
            told = _told(best, speakers)
            yield Proposal("quotation", start, end, told, candidates=speakers, weight=weight)


def _told(told: Why, speakers: tuple[Candidate, ...]) -> Why:
    if not speakers:
        return told
    names = " / ".join(dict.fromkeys(it.label for it in speakers))
    return why("said_by", fr=told.fr, en=told.en, names=names)


def _for_speech(reading: Reading, start: int, end: int, earlier: Span | None) -> Iterator[Reason]:
    """Yield the reasons in and beside a quotation that it is speech."""
    text, quoted = reading.text, reading.text[start:end]
    if _is_sentence(quoted):
        yield reason("quoted_sentence")
    if len(letters_of(quoted)) > _LONG:
        yield reason("long_quotation")
    if earlier is not None and form("goes_on").fullmatch(text, earlier[1], start):
        yield reason("continued")
    clause = text[max(reading.sentence(start)[0], start - 220) : start]
    if said := _says(clause):
        yield reason("after_said", 1.2, said=said)
    if said := _said_after(text, end):
        yield reason("followed_by_verb", said=said)


def _for_title(reading: Reading, start: int, end: int) -> Iterator[float]:
    """Yield how much in a quotation and beside it says that it is a title."""
    text = reading.text
    before = text[max(0, start - _TITLED) : start]
    if noun := form("noun_before_quotes").search(before):
        plain = folded(noun[1])
        titled = words("events", "innovations", "works", "naming")
        if plain in titled or plain.removesuffix("s") in titled | words("organisation_types"):
            yield 1.6
    first, last = reading.line(start)
    alone = not text[first:start].strip(' «“"*•\xa0\u202f.#>-–')
    alone = alone and not text[end:last].strip(' »”"*.,:\xa0\u202f')
    if alone and text[end - 1] not in ".!?" and not _said_after(text, end):
        yield 0.9
    if not _is_sentence(text[start:end]):
        yield 0.5


def _is_sentence(quoted: str) -> bool:
    verbs = form("verb_form").findall(quoted)
    return bool(form("spoken").search(quoted)) or any(
        folded(it) not in words("no_verbs") for it in verbs
    )


def _says(before: str) -> str:
    """Return the verb of speech among the last words of a clause."""
    flat = " ".join(before.split())
    last = re.split(r"[.;!?»]", flat.rstrip(' «“"*:'))[-1]
    found = last_saying(last) or form("source_of_speech").search(last)
    return found[0] if found else ""


def _said_after(text: str, end: int) -> str:
    found = form("verb_after_speech").match(text, end)
    if found is None or not re.search(r"[»”\"]", text[end : found.end()]):
        return ""
    return found[1] if is_saying(found[1]) else ""


def _dialogue(reading: Reading) -> Iterator[Proposal]:
    """Yield speech after a dash, if another line answers or a verb introduces it."""
    found = [it.end() for it in form("dash_of_dialogue").finditer(reading.text)]
    starts = [it.start() for it in form("dash_of_dialogue").finditer(reading.text)]
    for start in found:
        line_end, paragraph_end = reading.line(start)[1], reading.paragraph(start)[1]
        following = next((it for it in starts if it >= line_end), paragraph_end)
        said = reading.text[start : min(following, paragraph_end)]
        verbs = form("verb_in_dialogue").finditer(said)
        verb = next((it for it in verbs if folded(it[1]) in words("saying")), None)
        if verb is None and not (said.rstrip().endswith(("?", "!")) and len(found) > 1):
            continue
        end = start + (verb.start() if verb else len(said.rstrip()))
        speakers = speakers_of(reading, start, end) if verb else ()
        told = _told(why("dialogue"), speakers)
        yield Proposal("quotation", start, end, told, candidates=speakers)


def _interview(reading: Reading) -> Iterator[Proposal]:
    """Yield the answers that follow questions, once an interview is announced."""
    announced = form("interview").search(reading.text)
    if announced is None and not form("signed_interview").search(reading.text):
        return
    last = begins = announced.end() if announced else 0
    answers: list[Span] = []
    for start, end in _answers(reading, begins):
        if answers and start - last > _FAR:
            break
        last = end
        answers.append((start, end))
    asked = reading.names_in(begins, begins + _HEADING, "person")
    speakers = asked[0].candidates[:1] if asked else ()
    for start, end in answers if len(answers) >= _FEWEST else ():
        told = _told(why("answer"), speakers)
        yield Proposal("quotation", start, end, told, "interviews", speakers)


def _answers(reading: Reading, first: int) -> Iterator[Span]:
    """Yield the answer to a question, in its paragraph or the next, without the speaker."""
    asked = False
    for start, end in (it for it in reading.paragraphs if it[0] >= first):
        line_end = min(reading.line(start)[1], end)
        opens = bool(form("question").match(reading.text, start, line_end))
        opens = opens or _is_asked(reading, start, line_end, end)
        is_question = opens and line_end - start <= _LONGEST_QUESTION
        if is_question and line_end == end:
            asked = True
            continue
        if is_question or asked:
            begins = line_end + 1 if is_question else start
            who = form("who_speaks").match(reading.text, begins, end)
            begins = who.end() if who else begins
            if not reading.text.startswith(_MARKED, begins):
                yield begins, begins + len(reading.text[begins:end].rstrip())
        asked = False


def _is_asked(reading: Reading, start: int, line_end: int, end: int) -> bool:
    """Return whether a line and the next one are those of two who speak in turn: « L. C. : »."""
    asking = form("who_speaks").match(reading.text, start, line_end)
    answering = form("who_speaks").match(reading.text, line_end + 1, end)
    return asking is not None and answering is not None and asking[0] != answering[0]
