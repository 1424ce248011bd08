"""Where something takes place: « salle des Vieux-Mareyeurs », « cinéma Le Pathé », « 3 rue X »."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Final

from rallynov_graph.desk.proposing.cues import by_first_word, form, phrases, reason, words
from rallynov_graph.desk.proposing.names import named
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import Reading, Token
from rallynov_graph.matching.words import folded

_NEAR: Final = 100
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
        is_part = reading.beside(token).plain == "de"  # « la régie de quartier X »
        if len(name) > 1 and not is_part and not (is_street and _names_another(reading, token)):
            whole = [*_number(reading, token), *name] if is_street else name
            yield named("place", whole, reason("named_venue", said=token.text))
    yield from _generic(reading)


def _is_headed(reading: Reading, noun: Token) -> bool:
    """Return whether a heading in capitals goes on with a name at once: « PLACE X »."""
    after = reading.after(noun)
    return after.is_upper and after.plain not in words("within_venues", "links")


def _named(reading: Reading, noun: Token) -> Sequence[Token]:
    """Return a noun with the capitals that follow it, and the small words between."""
    name = [noun]
    pending: list[Token] = []
    for more in reading.tokens[noun.number + 1 : noun.number + _LONGEST]:
        if not reading.adjoin(pending[-1] if pending else name[-1], more):
            break
        if more.is_capital:
            name, pending = [*name, *pending, more], []
        elif more.plain in words("within_venues") and len(pending) < _MOST_LINKS:
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


def _number(reading: Reading, street: Token) -> list[Token]:
    """Return the number of a house that stands before a street, if there is one."""
    before = reading.before(street.start)
    if not before.text.isdigit() or len(before.text) > _MOST_DIGITS:
        return []
    return [] if reading.text[before.end : street.start].strip(" ,\xa0\u202f") else [before]


def _generic(reading: Reading) -> Iterator[Proposal]:
    """Yield « salle des fêtes de X », and « salle polyvalente » where something is to be."""
    bodies = [*map(folded, phrases("organisation_phrases"))]
    for token in reading.tokens:
        for entry in by_first_word("generic_venues", "one_of_them").get(token.plain, ()):
            here = reading.tokens[token.number : token.number + len(entry)]
            if [it.plain for it in here] != entry or not reading.all_adjoin(here):
                continue
            name = _with_complement(reading, here)
            what = reading.text[token.start : here[-1].end]
            is_place = len(entry) > 1 and folded(what) not in bodies
            is_told = len(name) > len(here) or _is_gone_to(reading, token)
            if _stands_where(reading, token) or (is_place and is_told):
                weight = 3.2 if is_place else 2.4 if len(entry) > 1 else 1.6
                yield named("place", name, reason("generic_venue", weight, said=what))


def _with_complement(reading: Reading, name: Sequence[Token]) -> Sequence[Token]:
    """Return a generic name with « de X » after it: « salle des fêtes de X »."""
    links_in = words("within_venues")
    following = reading.tokens[name[-1].number + 1 : name[-1].number + 4]
    links = [*takewhile(lambda it: it.plain in links_in and not it.is_capital, following)]
    whole = [*links, *following[len(links) : len(links) + 1]]
    if not links or len(whole) == len(links) or not whole[-1].is_capital:
        return name
    if links[0].plain not in ("de", "du", "d'", "des"):
        return name
    return [*name, *whole] if reading.all_adjoin([name[-1], *whole]) else name


def _stands_where(reading: Reading, token: Token) -> bool:
    """Return whether a date or a time stands before a noun, on its line."""
    left = reading.text[max(reading.line(token.start)[0], token.start - _NEAR) : token.start]
    return bool(form("venue_dated").search(left) or form("dated_line").fullmatch(left))


def _is_gone_to(reading: Reading, token: Token) -> bool:
    """Return whether one is or goes there: « à la salle polyvalente », « sur le terrain »."""
    before = reading.beside(token)
    if before.plain in ("au", "aux"):
        return True
    further = reading.before(before.start) or before
    article = before.plain in ("la", "le", "l'", "les")
    return article and further.text in ("à", "dans", "sur", "devant", "vers")
