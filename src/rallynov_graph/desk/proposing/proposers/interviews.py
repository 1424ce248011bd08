"""Answers of an interview: said in somebody's words, though no quotation marks stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Candidate, Proposal, Why

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading

NEEDS_NAMES: Final = True
_ANNOUNCED: Final = re.compile(
    r"\b(?:questions?\s(?:à|posées?\sà)|entretien\s(?:avec|du)|l['’]entretien|interview|rencontre\savec)\b",
    re.IGNORECASE,
)
_SIGNED: Final = re.compile(r"\bpropos\srecueillis\b", re.IGNORECASE)
"""What says below an interview that it was one."""
_HEADING: Final = 200
"""Who answers is named in so many characters after « questions à »."""
_FAR: Final = 2000
"""An interview goes on where the next question stands no farther from the last answer."""
_LONGEST_QUESTION: Final = 200
_FEWEST: Final = 2
"""One question with what follows it is a heading as well."""
_QUESTION: Final = re.compile(r"[*_#\s–—-]*[^\W\d_a-zà-ÿ][^\n]*\?[*_\s]*$")
_WHO: Final = re.compile(
    r"(?:(?:[A-ZÀ-Ý]\.[\s-]?)+|[^\W\d_a-zà-ÿ][\w’'-]+(?:\s[^\W\d_a-zà-ÿ][\w’'-]+){1,3})\s?:\s+"
)
_MARKED: Final = ("«", "“", '"')


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield the answers that follow questions, once an interview is announced."""
    announced = _ANNOUNCED.search(reading.text)
    if announced is None and not _SIGNED.search(reading.text):
        return
    begins = announced.end() if announced else 0
    last = begins
    answers: list[tuple[int, int]] = []
    for start, end in _answers(reading, begins):
        if answers and start - last > _FAR:
            break
        last = end
        answers.append((start, end))
    if len(answers) < _FEWEST:
        return
    asked = reading.names_in(begins, begins + _HEADING, "person")
    speakers: tuple[Candidate, ...] = asked[0].candidates[:1] if asked else ()
    said_by = " ; dit par : " + speakers[0].label if speakers else ""
    spoken_by = "; said by: " + speakers[0].label if speakers else ""
    why = Why(f"réponse à une question{said_by}", f"the answer to a question{spoken_by}")
    for start, end in answers:
        yield Proposal("quotation", start, end, why, candidates=speakers)


def _answers(reading: Reading, first: int) -> Iterator[tuple[int, int]]:
    """Yield what follows a question in its paragraph, or is the next one, without who speaks."""
    asked = False
    for start, end in reading.paragraphs:
        if start < first:
            continue
        line_end = min(reading.line(start)[1], end)
        opens = bool(_QUESTION.match(reading.text, start, line_end))
        opens = opens or _is_asked(reading, start, line_end, end)
        is_question = opens and line_end - start <= _LONGEST_QUESTION
        if is_question and line_end == end:
            asked = True
            continue
        if is_question or asked:
            begins = line_end + 1 if is_question else start
            who = _WHO.match(reading.text, begins, end)
            begins = who.end() if who else begins
            if not reading.text.startswith(_MARKED, begins):
                yield begins, begins + len(reading.text[begins:end].rstrip())
        asked = False


def _is_asked(reading: Reading, start: int, line_end: int, end: int) -> bool:
    """Return whether a line and the next one are those of two who speak in turn: « L. C. : »."""
    asking = _WHO.match(reading.text, start, line_end)
    answering = _WHO.match(reading.text, line_end + 1, end)
    return asking is not None and answering is not None and asking[0] != answering[0]
