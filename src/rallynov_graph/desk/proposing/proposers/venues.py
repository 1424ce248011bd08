"""Where something takes place: « salle des Vieux-Mareyeurs », « cinéma Le Pathé », « 3 rue X »."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import phrases, words
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_LINKS: Final = frozenset(("de", "du", "des", "la", "le", "les", "l'", "d'", "a", "aux"))
_DATE_BEFORE: Final = re.compile(
    r"(?:\d\s?h(?:\s?\d\d)?|\d{1,2}:\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?|mois|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:janvier|février|mars|avril|mai|juin"
    r"|juillet|août|septembre|octobre|novembre|décembre|janv\.|févr\.|avr\.|juil\.|sept\.|oct\.|nov\.|déc\.)"
    r"(?:\s\d{4})?)\s*\)?\s*(?:[,–—|:-]|\s\s)\s*(?:à\s(?:la\s|l['’])|au\s)?$",
    re.IGNORECASE,
)
_NEAR: Final = 100
_DATED_LINE: Final = re.compile(r"[ \t•*>▪–-]*(?:\w+ )?\d[^.!?»]{2,60}[,(]\s?")
"""A line that begins with a date, up to what says where."""
_LONGEST: Final = 8
_MOST_LINKS: Final = 3
_MOST_DIGITS: Final = 3


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield rooms, halls and squares by their names, and streets with their number."""
    for token in reading.tokens:
        is_street = token.plain in words("streets")
        if not (is_street or token.plain in words("venues")):
            continue
        if token.is_upper and not _is_headed(reading, token):
            continue
        name = _named(reading, token)
        before = reading.beside(token)
        is_part = before is not None and before.plain == "de"  # « la régie de quartier X »
        if len(name) > 1 and not is_part and not (is_street and _names_another(reading, token)):
            first = _numbered(reading, token) if is_street else token
            why = Why(f"lieu nommé après « {token.text} »", f"named after “{token.text}”")
            yield Proposal("place", first.start, name[-1].end, why, weight=2.4)
    yield from _generic(reading)


def _generic(reading: Reading) -> Iterator[Proposal]:
    """Yield « salle des fêtes de X », and « salle polyvalente » where something is to be."""
    for token in reading.tokens:
        for entry in _generic_names().get(token.plain, ()):
            here = [*reading.tokens[token.number : token.number + len(entry)]]
            if [it.plain for it in here] != entry or not all(map(reading.adjoin, here, here[1:])):
                continue
            name = _with_complement(reading, here)
            placed = _stands_where(reading, token)
            what = reading.text[token.start : here[-1].end]
            is_place = len(entry) > 1 and folded(what) not in map(
                folded, phrases("organisation_phrases")
            )
            named = len(name) > len(here) or _is_gone_to(reading, token)
            if placed or (is_place and named):
                why = Why(f"où l’on se réunit : « {what} »", f"where people meet: “{what}”")
                weight = 3.2 if is_place else 2.4 if len(entry) > 1 else 1.6
                yield Proposal("place", token.start, name[-1].end, why, weight=weight)


@cache
def _generic_names() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for entry in (*phrases("generic_venues"), *sorted(words("one_of_them"))):
        parts = [folded(it) for it in entry.replace("'", "' ").split()]
        found.setdefault(parts[0], []).append(parts)
    return found


def _with_complement(reading: Reading, name: Sequence[Token]) -> Sequence[Token]:
    """Return a generic name with « de X » after it: « salle des fêtes de X »."""
    following = [*reading.tokens[name[-1].number + 1 : name[-1].number + 4]]
    links = [*takewhile(lambda it: it.plain in _LINKS and not it.is_capital, following)]
    rest = following[len(links) : len(links) + 1]
    whole = [name[-1], *links, *rest]
    if not links or not rest or not rest[0].is_capital:
        return name
    if links[0].plain not in ("de", "du", "d'", "des"):
        return name
    return [*name, *links, *rest] if all(map(reading.adjoin, whole, whole[1:])) else name


def _stands_where(reading: Reading, token: Token) -> bool:
    """Return whether a date or a time stands before a noun, on its line."""
    left = reading.text[max(reading.line(token.start)[0], token.start - _NEAR) : token.start]
    return bool(_DATE_BEFORE.search(left)) or bool(_DATED_LINE.fullmatch(left))


def _is_gone_to(reading: Reading, token: Token) -> bool:
    """Return whether one is or goes there: « à la salle polyvalente », « sur le terrain »."""
    before = [*reading.tokens[max(0, token.number - 2) : token.number]]
    if not before or not reading.adjoin(before[-1], token):
        return False
    if before[-1].plain in ("au", "aux"):
        return True
    article = before[-1].plain in ("la", "le", "l'", "les")
    return article and before[0].text in ("à", "dans", "sur", "devant", "vers")


def _is_headed(reading: Reading, noun: Token) -> bool:
    """Return whether a heading in capitals goes on with a name at once: « PLACE X »."""
    following = reading.tokens[noun.number + 1 : noun.number + 2]
    named = bool(following) and following[0].plain not in _LINKS | words("links")
    return named and following[0].is_upper and reading.adjoin(noun, following[0])


def _named(reading: Reading, noun: Token) -> Sequence[Token]:
    """Return a noun with the capitals that follow it, and the small words between."""
    name = [noun]
    pending: list[Token] = []
    for more in reading.tokens[noun.number + 1 : noun.number + _LONGEST]:
        if not reading.adjoin(pending[-1] if pending else name[-1], more):
            break
        if more.is_capital:
            name, pending = [*name, *pending, more], []
        elif more.plain in _LINKS and len(pending) < _MOST_LINKS:
            pending.append(more)
        else:
            break
    return name


def _names_another(reading: Reading, street: Token) -> bool:
    """Return whether a street tells whose or which something is: « le collectif de la rue X »."""
    before = [*reading.tokens[max(0, street.number - 2) : street.number]]
    if before and before[-1].plain in ("la", "l'"):
        before.pop()
    return bool(before) and before[-1].plain == "de"


def _numbered(reading: Reading, street: Token) -> Token:
    """Return the number of a house that stands before a street, else the street."""
    before = reading.before(street.start)
    if before is None or not before.text.isdigit() or len(before.text) > _MOST_DIGITS:
        return street
    between = reading.text[before.end : street.start]
    return before if between.strip(" ,\xa0\u202f") == "" else street
