"""What beside one word says that it is a person's: an age, a greeting, a signature, a list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.beside_persons import AGE
from rallynov_graph.desk.proposing.proposal import Why
from rallynov_graph.desk.proposing.word_lists import listed_places, phrases, words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_RESUMED: Final = re.compile(r",\s+(?:quant à )?(lui|elle)(?:-même|\s+aussi)?,")
_CONTRIBUTORS: Final = re.compile(
    rf"\b(?:{'|'.join(phrases('contributors'))})\s?[:(]\s?", re.IGNORECASE
)
_AMONG: Final = re.compile(r"(?:[^:.;\n]*(?:,|\bet)\s)?")
_NEXT: Final = re.compile(r"\s*(?:[,.\n()]|$|et\s)")
_GREETED: Final = re.compile(r"\b(?:bonjour|bonsoir|chère?|salut)\s$", re.IGNORECASE)
_SIGNS: Final = re.compile(
    r"\n[^\n]{0,40}\b(?:semaine|bientôt|cordialement|amicalement|vous|lecture|week-end|solidairement)\b[^\n]{0,20},\s*\n+$",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"(?:^|\n)[ \t•*–-]*([^\W\d_][\w-]*)[^\n:]{0,20}\s?:\s$")
_BEFORE: Final = 90
_LIST: Final = 300
"""So many characters before a name are looked at, and so long may a list be."""
_TO_CALL: Final = 8
"""A contact stands so near to whom it is of: « auprès de X au … »."""


def reasons(reading: Reading, token: Token, previous: Token | None) -> Iterator[tuple[Why, float]]:
    """Yield what says that one word names a person: « lâche Enzo, 14 ans », « Bonjour Enzo, »."""
    if token.is_upper or token.plain in listed_places():
        return
    if AGE.match(reading.text, token.end):
        yield Why("suivi d’un âge", "followed by an age"), 1.5
    if previous is not None and previous.plain in words("saying"):
        why = Why(f"sujet de « {previous.text} »", f"subject of “{previous.text}”")
        yield why, 1.0
    yield from _in_letter(reading, token)
    if _is_listed(reading, token):
        why = Why("dans une liste de ceux qui ont participé", "in a list of who took part")
        yield why, 1.2
    calls = reading.is_blanked(token.end, token.end + _TO_CALL)
    if calls and previous is not None and previous.plain in ("de", "a", "contacter", "par"):
        yield Why("suivi d’un contact", "followed by a contact"), 1.6
    if not reading.is_opening(token) and (pronoun := _RESUMED.match(reading.text, token.end)):
        why = Why(f"repris par « {pronoun[1]} »", f"taken up by “{pronoun[1]}”")
        yield why, 1.2


def _in_letter(reading: Reading, token: Token) -> Iterator[tuple[Why, float]]:
    """Yield what greets or signs a letter, or says what somebody is in it."""
    left = reading.text[max(0, token.start - _BEFORE) : token.start]
    if _GREETED.search(left) and reading.text[token.end : token.end + 1] in ",!":
        yield Why("à qui l’on dit bonjour", "who is greeted"), 1.5
    if _SIGNS.search(left):
        yield Why("qui signe", "who signs"), 1.2
    label = _LABEL.search(left)
    if label and folded(label[1]) in words("roles") and _NEXT.match(reading.text, token.end):
        why = Why(f"après « {label[1]} »", f"after “{label[1]}”")
        yield why, 1.5


def _is_listed(reading: Reading, token: Token) -> bool:
    """Return whether a word stands in a list of those who took part: « Ont participé : X, Y »."""
    first = max(reading.line(token.start)[0], token.start - _LIST)
    lead = _CONTRIBUTORS.search(reading.text, first, token.start)
    if lead is None or not _AMONG.fullmatch(reading.text, lead.end(), token.start):
        return False
    return bool(_NEXT.match(reading.text, token.end))
