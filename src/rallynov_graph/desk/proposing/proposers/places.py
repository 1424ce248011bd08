"""Places: communes, départements and regions, what prepositions and addresses say is one, venues.

Venues are « salle des Vieux-Mareyeurs », « cinéma Le Pathé », « 3 rue X ».
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice, takewhile
from typing import Final

from rallynov_graph.desk.proposing.cues import (
    Reason,
    beside,
    by_first_word,
    form,
    is_acronym,
    is_toponym,
    phrases,
    reason,
    toponyms,
    words,
)
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import Reading, Token, named
from rallynov_graph.matching.words import folded

_ARTICLES: Final = frozenset(("le", "la", "les", "l'"))
_SHORTEST: Final = 2
_LONGEST_VENUE: Final = 8
_MOST_LINKS: Final = 3
_MOST_DIGITS: Final = 3
_SMALL_NAME: Final = 4
_NEAR: Final = 80
"""How many characters of its line are looked at on both sides of a name."""
_NEAR_VENUE: Final = 100
_OF_WHERE: Final = {"place_nouns": 2.0, "place_roles": 2.0, "coming": 1.3, "events": 0.8}
"""Lists of words after which « de » precedes a place, with their weights."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield possible places: each reason separately, to be weighed."""
    for name in _names(reading):
        if told := _by_list(reading, name):
            yield named("place", name, told)
        yield from _by_context(reading, name)
    yield from (replace(it, proposer="venues") for it in _venues(reading))


def _names(reading: Reading) -> Iterator[list[Token]]:
    """Yield capitalised words, and as many in a row as a list of places has."""
    for token in reading.tokens:
        if not token.is_capital or not token.text.replace("-", "").replace("'", "").isalpha():
            continue
        if len(token.text) < _SHORTEST or token.plain in words("civilities"):
            continue
        name, best = [token], [token]
        for more in reading.tokens[token.number + 1 : token.number + 5]:
            if not reading.adjoin(name[-1], more):
                break
            name = [*name, more]
            if any(_whole(name) in it for it in (toponyms().every, toponyms().parts_of_communes)):
                best = name
        yield best


def _whole(name: Sequence[Token]) -> str:
    return " ".join(it.plain for it in name).replace("' ", "'")


def _by_list(reading: Reading, name: Sequence[Token]) -> Reason | None:
    token, whole, is_doubtful = name[0], _whole(name), _is_doubtful(reading, name)
    is_alone = len(name) == 1
    before = reading.before(token.start)
    if whole in toponyms().regions:
        return reason("region", 1.0 if is_doubtful else 2.0)
    if is_alone and whole in toponyms().every and not toponyms().have_accents_of(token.text):
        return None
    if whole in toponyms().communes:
        return reason("commune", 0.7 if is_doubtful else 1.8)
    if whole in toponyms().parts_of_communes:
        articled = before.plain in ("du", "au")
        sure = articled and f"le {whole}" in toponyms().communes
        sure = sure or (not is_alone and not reading.shouts(token.start))
        return reason("part_of_commune", 1.8 if sure else 0.3 if is_doubtful else 0.8)
    if whole in toponyms().small_communes and len(whole) >= _SMALL_NAME:
        weight = 1.2 if "-" in whole else 0.6
        starts = reading.opens(token) and "-" not in whole
        return reason("small_commune", 0.2 if is_doubtful or starts else weight)
    return reason("toponym") if is_alone and is_toponym(token.text) else None


def _is_doubtful(reading: Reading, name: Sequence[Token]) -> bool:
    """Return whether the capital may be due to something else: a sentence, a person's name."""
    token = name[0]
    if len(name) > 1 or ("-" in token.text and token.plain in toponyms().regions):
        return False
    if token.plain in words("place_nouns", "organisation_types", "organisation_heads"):
        return True
    if reading.common[token.plain] or reading.is_opening(token):
        return True
    before, after = reading.beside(token), reading.after(token)
    is_name = before.is_capital and before.plain not in words("inner")
    if is_name and not reading.is_opening(before):
        return True
    if before.plain in ("la", "les", "une", "un", "cette"):
        return token.plain not in toponyms().regions
    return after.is_capital


def _by_context(reading: Reading, name: list[Token]) -> Iterator[Proposal]:
    token = name[0]
    if reading.shouts(token.start) or is_acronym(token.text) or not _is_alone(reading, name):
        return
    first, last = reading.line(token.start)
    left = reading.text[max(first, token.start - _NEAR) : token.start]
    right = reading.text[name[-1].end : min(last, name[-1].end + _NEAR)]
    if form("postal_code").search(left):
        yield named("place", name, reason("postal_code"))
    if form("number_of_departement").match(right):
        yield named("place", name, reason("number_of_departement"))
    if not reading.is_opening(token) or len(name) > 1:
        for it in (*_after_words(reading, name), *_beside(left, right)):
            yield named("place", name, it)


def _is_alone(reading: Reading, name: list[Token]) -> bool:
    """Return whether no other capitalised word is beside a name, but for its article."""
    after = reading.after(name[-1])
    if after.is_capital:
        if name[0].plain in _ARTICLES and len(name) == 1:
            name.append(after)
            return _is_alone(reading, name)
        return False
    before = reading.beside(name[0])
    return not before.is_capital or reading.is_opening(before)


def _after_words(reading: Reading, name: list[Token]) -> Iterator[Reason]:
    """Yield the reasons in the word or two just before a name."""
    before = reading.beside(name[0])
    noun = reading.beside(before)
    if before.plain in words("before_places") and (before.plain != "a" or before.text in "àÀ"):
        if noun.plain not in words("to_persons"):
            yield reason("after_said", 1.2, said=before.text)
    elif before.plain == "de" and _leads_to(reading, name[-1]):
        yield reason("from_there")
    elif before.plain in ("de", "d'", "du", "des") and noun:
        for weight in _after_noun(_whole(name), noun.plain):
            yield reason("after_noun", weight, said=f"{noun.text} {before.text}")
    elif before.plain in words("place_nouns") or form("being_somewhere").match(before.plain):
        yield reason("after_said", 1.0, said=before.text)


def _after_noun(whole: str, noun: str) -> Iterator[float]:
    """Yield the weight of the noun that a name completes after « de »."""
    small = whole in toponyms().parts_of_communes or whole in toponyms().small_communes
    if noun in words("organisation_types") and small:
        yield 0.9
    weights = (weight for nouns, weight in _OF_WHERE.items() if noun in words(nouns))
    yield from islice(weights, 1)


def _leads_to(reading: Reading, last: Token) -> bool:
    """Return whether « à » and another name follow: « de X à Y »."""
    link = reading.after(last)
    return link.text == "à" and reading.after(link).is_capital


def _beside(left: str, right: str) -> Iterator[Reason]:
    """Yield the reasons in the line of a name: water, a date, a cell, nothing else."""
    yield from beside("place", left, right)
    if form("ends_after").match(right) and re.search(r"[^\W\d_],\s$", left):
        yield reason("apposition")


def _venues(reading: Reading) -> Iterator[Proposal]:
    """Yield rooms, halls and squares by their names, and streets with their number."""
    for token in reading.tokens:
        is_street = token.plain in words("streets")
        if not (is_street or token.plain in words("venues")):
            continue
        name = _venue_from(reading, token)
        is_part = reading.beside(token).plain == "de"  # « la régie de quartier X »
        if len(name) > 1 and not is_part:
            whole = [*_number(reading, token), *name] if is_street else name
            yield named("place", whole, reason("named_venue", said=token.text))
    yield from _generic_venues(reading)


def _venue_from(reading: Reading, noun: Token) -> Sequence[Token]:
    """Return a noun with the capitals that follow it, and the small words between."""
    name = [noun]
    pending: list[Token] = []
    for more in reading.tokens[noun.number + 1 : noun.number + _LONGEST_VENUE]:
        if not reading.adjoin(pending[-1] if pending else name[-1], more):
            break
        if more.is_capital:
            name, pending = [*name, *pending, more], []
        elif more.plain in words("within_venues") and len(pending) < _MOST_LINKS:
            pending.append(more)
        else:
            break
    return name


def _number(reading: Reading, street: Token) -> list[Token]:
    """Return the number of a house before a street, if there is one."""
    before = reading.before(street.start)
    if not before.text.isdigit() or len(before.text) > _MOST_DIGITS:
        return []
    return [] if reading.text[before.end : street.start].strip(" ,\xa0\u202f") else [before]


def _generic_venues(reading: Reading) -> Iterator[Proposal]:
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
            if _stands_where(reading, token) or (is_place and len(name) > len(here)):
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
    return [*name, *whole] if reading.all_adjoin([name[-1], *whole]) else name


def _stands_where(reading: Reading, token: Token) -> bool:
    """Return whether a date or a time is before a noun, on its line."""
    left = reading.text[max(reading.line(token.start)[0], token.start - _NEAR_VENUE) : token.start]
    return bool(form("venue_dated").search(left) or form("dated_line").fullmatch(left))
