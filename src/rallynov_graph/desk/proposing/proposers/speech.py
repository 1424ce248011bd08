"""Somebody's words, as distinct from titles: quotations, and answers in an interview."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from rallynov_graph.desk.proposing.cues import Reason, form, reason, why, words
from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why
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
    yield from _interview(reading)


def speech_in(reading: Reading) -> Iterator[Proposal]:
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


_EARLIER: Final = 1200
"""The number of characters in which the last named person may be « elle »."""
_AFTER: Final = 90
_ROLE: Final = 60
"""The distance, in characters, between a name and the person's role."""


def speakers_of(reading: Reading, start: int, end: int) -> tuple[Candidate, ...]:
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
    return sentence


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
