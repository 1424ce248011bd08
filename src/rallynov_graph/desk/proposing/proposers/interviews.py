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
    r"\b(?:questions?\s(?:à|posées?\sà)|entretien\savec|interview|rencontre\savec)\b", re.IGNORECASE
)
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
    if announced is None:
        return
    last = announced.end()
    answers: list[tuple[int, int]] = []
    for start, end in _answers(reading, announced.end()):
        if start - last > _FAR:
            break
        last = end
        answers.append((start, end))
    if len(answers) < _FEWEST:
        return
    asked = reading.names_in(announced.end(), announced.end() + _HEADING, "person")
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
