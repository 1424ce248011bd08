"""Organisations by their kinds: « l'association X », « Fondation Y », « le CIC Z », acronyms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.names_of_bodies import complemented, head_and_complements
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import (
    is_acronym,
    listed_places,
    phrases,
    words,
)
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_ADJECTIVE: Final = re.compile(
    r"(?:al|ale|aux|ales|elle?s?|ifs?|ives?|iques?|aires?|istes?|ien|ienne|aise?|oise?|aine?|ées?|és?)$"
)
_LEGAL: Final = frozenset(
    ("scop", "scic", "sarl", "sas", "gie", "gip", "asbl", "cuma", "esat", "geiq")
)
_CENTURY: Final = re.compile(r"[IVX]+e$")
_SHORTEST_TRADE: Final = 6
"""« laiterie », « menuiserie »: what is made there; « série » is none."""
_SHORTEST_NAME: Final = 4
_MOST_IN_ACRONYM: Final = 5
"""« RETOUR. »: a word in capitals that begins a line is its title."""
_LONGEST_QUOTED: Final = 60
_MOST_LETTERS: Final = 14
"""The words before an acronym in brackets are no more than this."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what may be an organisation by its kind: each reason apart, to be weighed."""
    for noun in _nouns(reading):
        yield from _after_kind(reading, noun)
        yield from _university(reading, noun)
    for token in reading.tokens:
        yield from _by_head(reading, token)
        yield from _acronym(reading, token)
    yield from _quoted(reading)


def _proposal(name: Sequence[Token], why: Why, weight: float) -> Proposal:
    return Proposal("organisation", name[0].start, name[-1].end, why, weight=weight)


@cache
def _phrases() -> dict[str, list[list[str]]]:
    """Return the kinds of several words, by their first one."""
    found: dict[str, list[list[str]]] = {}
    for entry in phrases("organisation_phrases"):
        parts = [folded(it) for it in entry.replace("'", "' ").split()]
        found.setdefault(parts[0], []).append(parts)
    return found


def _nouns(reading: Reading) -> Iterator[Sequence[Token]]:
    """Yield the small nouns for organisations, of one word or of several."""
    for token in reading.tokens:
        if not token.text[0].islower() and token.plain not in _LEGAL:
            continue
        for entry in _phrases().get(token.plain, ()):
            here = reading.tokens[token.number : token.number + len(entry)]
            if [it.plain for it in here] == entry:
                yield here
        kinds = words("organisation_types")
        trade = token.plain.endswith("erie") and len(token.plain) > _SHORTEST_TRADE
        if trade or token.plain in kinds or token.plain.removesuffix("s") in kinds:
            yield (token,)
            for more in reading.tokens[token.number + 1 : token.number + 2]:
                if more.text[0].islower() and _ADJECTIVE.search(more.text):
                    yield (token, more)


def _after_kind(reading: Reading, noun: Sequence[Token]) -> Iterator[Proposal]:
    """Yield the name after a kind: « la coopérative X », « la boulangerie du X »."""
    said = " ".join(it.text for it in noun).replace("' ", "'")
    following = reading.tokens[noun[-1].number + 1 : noun[-1].number + 3]
    if not following or not reading.adjoin(noun[-1], following[0]):
        return
    first = following[0]
    if first.text in ("L'", "L’") and len(following) > 1:
        first = following[1]
    if first.is_capital and not reading.shouts(first.start):
        if first.plain not in listed_places() or _goes_on(reading, first):
            name = complemented(reading, first)
            if following[0] is not first:
                name = [following[0], *name]
            why = Why(f"nommée après « {said} »", f"named after “{said}”, a kind of organisation")
            yield _proposal(name, why, 3.5)
    elif first.plain in ("de", "d'", "des", "du") and (name := _after_purpose(reading, first)):
        why = Why(f"nommée après « {said} {first.text} … »", f"named after “{said} {first.text} …”")
        yield _proposal(name, why, 3.0)
    elif first.plain in ("de", "du", "des", "d'") and (own := _owner(reading, first)):
        if _CENTURY.match(own[-1].text):
            return
        place = own[-1].plain in listed_places()
        gathers = first.plain in ("du", "des") or noun[0].plain in words("gatherings")
        if len(noun) > 1 or (gathers and not place):
            whole = [*noun, first, *own[:-1], *complemented(reading, own[-1])]
            why = Why(f"« {said} » avec son complément", f"“{said}” and what it is of")
            yield _proposal(whole, why, 2.2 if len(noun) > 1 else 1.2)


def _is_street(reading: Reading, token: Token) -> bool:
    """Return whether a capital begins the name of a street: « Grande Rue »."""
    return any(
        it.plain in words("streets") or it.plain.partition("-")[2] in words("streets")
        for it in reading.tokens[token.number : token.number + 2]
    )


def _owner(reading: Reading, link: Token) -> list[Token]:
    """Return the capital after « de », with the article between: « communes de la X »."""
    following = [*reading.tokens[link.number + 1 : link.number + 3]]
    if following and following[0].plain not in ("la", "l'"):
        following = following[:1]
    whole = [link, *following]
    if not following or not following[-1].is_capital or _is_street(reading, following[-1]):
        return []
    return following if all(map(reading.adjoin, whole, whole[1:])) else []


def _after_purpose(reading: Reading, link: Token) -> list[Token]:
    """Return the name after what a kind is for: « école de cordage X »."""
    purpose = reading.tokens[link.number + 1 : link.number + 4]
    for number, token in enumerate(purpose):
        before = purpose[number - 1] if number else link
        if not reading.adjoin(before, token):
            return []
        if token.is_capital:
            listed = token.plain in listed_places()
            return [] if not number or listed else complemented(reading, token)
        if token.plain in words("ends") | words("openings"):
            return []
    return []


def _university(reading: Reading, noun: Sequence[Token]) -> Iterator[Proposal]:
    """Yield a university that is named by its town and a number: « université Lyon 2 »."""
    name = [*reading.tokens[noun[0].number : noun[0].number + 3]]
    if noun[0].plain == "universite" and len(name) == 3 and name[1].is_capital:
        numbered = name[2].text.isdigit() and len(name[2].text) == 1
        if numbered and all(map(reading.adjoin, name, name[1:])):
            why = Why("université et son numéro", "a university and its number")
            yield _proposal(name, why, 3.0)


def _goes_on(reading: Reading, token: Token) -> bool:
    """Return whether another capitalised word follows at once."""
    following = reading.tokens[token.number + 1 : token.number + 2]
    return bool(following) and following[0].is_capital and reading.adjoin(token, following[0])


def _by_head(reading: Reading, token: Token) -> Iterator[Proposal]:
    """Yield a name that begins with a kind: « Fondation X », « Maison de l'emploi de Y »."""
    kinds = {token.plain, token.plain.removesuffix("s")}
    if not token.is_capital or reading.shouts(token.start):
        return
    is_head = bool(kinds & words("organisation_heads"))
    if not is_head and not kinds & words("organisation_types"):
        return
    before = reading.before(token.start)
    articled = (
        before is not None
        and reading.adjoin(before, token)
        and before.plain in words("articles") | {"de", "d'"}
    )
    name = head_and_complements(reading, token)
    proper = any(it.is_capital and len(it.text) > 1 for it in name[1:])
    if len(name) > 1 and len(name[-1].text) == 1:
        return
    if len(name) == 1:
        weight = 1.2 if articled and is_head else 0.0
    elif not is_head:
        weight = 2.0 if articled else 1.2 if proper else 0.0
    elif articled or not reading.opens(token):
        weight = 3.0 + 0.5 * proper
    else:
        weight = 1.6 if proper else 0.0 if kinds & words("general_heads") else 1.1
    if weight:
        why = Why(f"le nom commence par « {token.text} »", f"the name begins with “{token.text}”")
        yield _proposal(name, why, weight)
        if own := _own_name(name):
            yield _proposal(own, why, 2.0)


def _own_name(name: Sequence[Token]) -> list[Token]:
    """Return what of a name stands alone elsewhere: « X » of « Agence de développement X »."""
    number = len(name)
    while number and name[number - 1].is_capital:
        number -= 1
    own = [*name[number:]]
    common = name[number - 1] if number else None
    if not own or common is None or common.plain in words("links"):
        return []
    whole = " ".join(it.plain for it in own)
    return [] if whole in listed_places() or len(whole) < _SHORTEST_NAME else own


def _acronym(reading: Reading, token: Token) -> Iterator[Proposal]:
    if not is_acronym(token.text) or reading.shouts(token.start):
        return
    is_heading = len(token.text) > _MOST_IN_ACRONYM and reading.opens(token)
    if is_heading and reading.text[token.end : token.end + 1] in ".:":
        return
    before = reading.before(token.start)
    if _is_in_capitals(reading, token):
        return
    beside = before is not None and reading.adjoin(before, token)
    articled = beside and before is not None and before.plain in words("articles") | {"de", "d'"}
    if token.plain in words("known_acronyms"):
        yield _proposal([token], Why("sigle d’un organisme connu", "acronym of a known body"), 2.0)
    elif (len(token.text) > 2 or articled) and not any(map(str.isdigit, token.text)):
        yield _proposal([token], Why("sigle", "an acronym"), 1.0 + 1.0 * articled)
    around = reading.text[max(0, token.start - 1) : token.end + 1]
    in_brackets = around == f"({token.text})"
    if in_brackets and (spelt := _spelt_out(reading, token)):
        yield _proposal(
            [token], Why("sigle du nom qui précède", "acronym of the name before it"), 3.0
        )
        why = Why(f"suivi de son sigle, {token.text}", f"followed by its acronym, {token.text}")
        yield _proposal(spelt, why, 3.0)


def _is_in_capitals(reading: Reading, token: Token) -> bool:
    """Return whether a word stands between others in capitals: they are a title together."""
    number = token.number
    around = [
        *reading.tokens[max(0, number - 1) : number],
        *reading.tokens[number + 1 : number + 2],
    ]
    return any(
        it.is_upper and reading.adjoin(*sorted((it, token), key=lambda one: one.number))
        for it in around
    )


def _spelt_out(reading: Reading, acronym: Token) -> list[Token]:
    """Return the words before an acronym in brackets of which it has the first letters."""
    letters = [folded(it) for it in acronym.text if it.isalpha()]
    first = max(0, acronym.number - _MOST_LETTERS)
    found: list[Token] = []
    for token in reversed(reading.tokens[first : acronym.number]):
        if not letters:
            break
        found.insert(0, token)
        if token.plain[0] == letters[-1]:
            letters.pop()
        elif token.plain not in words("links") and not _ADJECTIVE.search(token.text):
            return []
    return [] if letters else found


def _quoted(reading: Reading) -> Iterator[Proposal]:
    """Yield a name in quotation marks after a kind: « la structure « X » »."""
    several = tuple(folded(it) for it in phrases("organisation_phrases"))
    for start, end in reading.quoted:
        before = folded(reading.text[max(0, start - 50) : start].rstrip(' «“"*\xa0\u202f'))
        last = before.rpartition(" ")[2].rpartition("'")[2]
        is_kind = last in words("organisation_types") or before.endswith(several)
        if is_kind and end - start < _LONGEST_QUOTED and last not in ("atelier", "festival"):
            why = Why(f"nommée après « {last} »", f"named after “{last}”, a kind of organisation")
            yield Proposal("organisation", start, end, why, weight=3.5)
