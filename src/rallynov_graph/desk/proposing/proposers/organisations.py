"""Organisations by their kinds: « l'association X », « Fondation Y », « le CIC Z », acronyms.

Those that everybody knows are told by their names alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rallynov_graph.desk.proposing.cues import (
    Reason,
    by_first_word,
    form,
    is_acronym,
    phrases,
    reason,
    toponyms,
    words,
)
from rallynov_graph.desk.proposing.names import (
    capitals,
    complemented,
    head_and_complements,
    named,
)
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import Reading, Token
from rallynov_graph.matching.words import folded

_SHORTEST_TRADE: Final = 6
"""« laiterie », « menuiserie »: what is made there; « série » is none."""
_SHORTEST_NAME: Final = 4
_SHORTEST_KNOWN: Final = 4
"""« Adie » and « Ademe » are read as words; « Ars » or « Une » are others."""
_MOST_IN_ACRONYM: Final = 5
"""« RETOUR. »: a word in capitals that begins a line is its title."""
_LONGEST_QUOTED: Final = 60
_MOST_LETTERS: Final = 14
"""The words before an acronym in brackets are no more than this."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what may be an organisation by its kind: each reason apart, to be weighed."""
    yield from (replace(it, proposer="known_bodies") for it in _known_bodies(reading))
    for noun in _nouns(reading):
        yield from _after_kind(reading, noun)
        yield from _university(reading, noun)
    for token in reading.tokens:
        yield from _by_head(reading, token)
        yield from _acronym(reading, token)
    yield from _quoted(reading)


def _body(name: Sequence[Token], told: Reason) -> Proposal:
    return named("organisation", name, told)


def _known_bodies(reading: Reading) -> Iterator[Proposal]:
    """Yield what is known by its name alone, with the capitals that follow it."""
    for name in phrases("known_bodies"):
        for start, end in reading.places_of(name):
            found = reading.tokens[reading.token_at(start) : reading.token_at(end)]
            is_common = name[0].islower()
            known = reason("known_body", 1.2 if is_common else 2.5)
            yield _body(found, known)
            whole = capitals(reading, found[-1:])
            if len(whole) > 1 and not is_common and not reading.shouts(start):
                yield _body([*found[:-1], *whole], known)
    for token in reading.tokens:
        is_word = token.is_capital and token.text[1:].islower()
        if is_word and len(token.text) >= _SHORTEST_KNOWN and _is_known(token):
            yield _body([token], reason("known_acronym"))


def _is_known(token: Token) -> bool:
    return token.plain in words("known_acronyms")


def _nouns(reading: Reading) -> Iterator[Sequence[Token]]:
    """Yield the small nouns for organisations, of one word or of several."""
    kinds = words("organisation_types")
    for token in reading.tokens:
        if not token.text[0].islower() and token.plain not in words("legal_forms"):
            continue
        for entry in by_first_word("organisation_phrases").get(token.plain, ()):
            here = reading.tokens[token.number : token.number + len(entry)]
            if [it.plain for it in here] == entry:
                yield here
        trade = token.plain.endswith("erie") and len(token.plain) > _SHORTEST_TRADE
        if trade or token.plain in kinds or token.plain.removesuffix("s") in kinds:
            yield (token,)
            for more in reading.tokens[token.number + 1 : token.number + 2]:
                if more.text[0].islower() and form("adjective_of_kind").search(more.text):
                    yield (token, more)


def _after_kind(reading: Reading, noun: Sequence[Token]) -> Iterator[Proposal]:
    """Yield the name after a kind: « la coopérative X », « la boulangerie du X »."""
    said = " ".join(it.text for it in noun).replace("' ", "'")
    following = reading.tokens[noun[-1].number + 1 : noun[-1].number + 3]
    if not following or not reading.adjoin(noun[-1], following[0]):
        return
    first = following[0]
    article = [first] if first.text in ("L'", "L’") and len(following) > 1 else []
    first = following[1] if article else first
    if first.is_capital and not reading.shouts(first.start):
        if first.plain not in toponyms().listed or reading.after(first).is_capital:
            name = [*article, *complemented(reading, first)]
            yield _body(name, reason("after_kind", said=said))
    elif first.plain not in ("de", "d'", "des", "du"):
        return
    elif name := _after_purpose(reading, first):
        yield _body(name, reason("after_purpose", said=f"{said} {first.text}"))
    elif (own := _owner(reading, first)) and not form("century").match(own[-1].text):
        place = own[-1].plain in toponyms().listed
        gathers = first.plain in ("du", "des") or noun[0].plain in words("gatherings")
        if len(noun) > 1 or (gathers and not place):
            whole = [*noun, first, *own[:-1], *complemented(reading, own[-1])]
            yield _body(whole, reason("kind_of", 2.2 if len(noun) > 1 else 1.2, said=said))


def _owner(reading: Reading, link: Token) -> list[Token]:
    """Return the capital after « de », with the article between: « communes de la X »."""
    following = [*reading.tokens[link.number + 1 : link.number + 3]]
    if following and following[0].plain not in ("la", "l'"):
        following = following[:1]
    if not following or not following[-1].is_capital or _is_street(reading, following[-1]):
        return []
    return following if reading.all_adjoin([link, *following]) else []


def _is_street(reading: Reading, token: Token) -> bool:
    """Return whether a capital begins the name of a street: « Grande Rue »."""
    return any(
        it.plain in words("streets") or it.plain.partition("-")[2] in words("streets")
        for it in reading.tokens[token.number : token.number + 2]
    )


def _after_purpose(reading: Reading, link: Token) -> list[Token]:
    """Return the name after what a kind is for: « école de cordage X »."""
    before = link
    for token in reading.tokens[link.number + 1 : link.number + 4]:
        if not reading.adjoin(before, token):
            break
        if token.is_capital:
            is_other = before is link or token.plain in toponyms().listed
            return [] if is_other else complemented(reading, token)
        if token.plain in words("ends", "openings"):
            break
        before = token
    return []


def _university(reading: Reading, noun: Sequence[Token]) -> Iterator[Proposal]:
    """Yield a university that is named by its town and a number: « université Lyon 2 »."""
    name = reading.tokens[noun[0].number : noun[0].number + 3]
    if noun[0].plain == "universite" and len(name) == 3 and name[1].is_capital:
        numbered = name[2].text.isdigit() and len(name[2].text) == 1
        if numbered and reading.all_adjoin(name):
            yield _body(name, reason("university"))


def _by_head(reading: Reading, token: Token) -> Iterator[Proposal]:
    """Yield a name that begins with a kind: « Fondation X », « Maison de l'emploi de Y »."""
    kinds = {token.plain, token.plain.removesuffix("s")}
    is_head = bool(kinds & words("organisation_heads"))
    if not token.is_capital or reading.shouts(token.start):
        return
    if not is_head and not kinds & words("organisation_types"):
        return
    name = head_and_complements(reading, token)
    if len(name) > 1 and len(name[-1].text) == 1:
        return
    articled = _is_articled(reading, token)
    proper = any(it.is_capital and len(it.text) > 1 for it in name[1:])
    if len(name) == 1:
        weight = 1.2 if articled and is_head else 0.0
    elif not is_head:
        weight = 2.0 if articled else 1.2 if proper else 0.0
    elif articled or not reading.opens(token):
        weight = 3.0 + 0.5 * proper
    else:
        weight = 1.6 if proper else 0.0 if kinds & words("general_heads") else 1.1
    if weight:
        yield _body(name, reason("head", weight, said=token.text))
        if own := _own_name(name):
            yield _body(own, reason("head", 2.0, said=token.text))


def _is_articled(reading: Reading, token: Token) -> bool:
    return reading.beside(token).plain in words("articles") | {"de", "d'"}


def _own_name(name: Sequence[Token]) -> list[Token]:
    """Return what of a name stands alone elsewhere: « X » of « Agence de développement X »."""
    number = len(name)
    while number and name[number - 1].is_capital:
        number -= 1
    own = [*name[number:]]
    if not own or not number or name[number - 1].plain in words("links"):
        return []
    whole = " ".join(it.plain for it in own)
    return [] if whole in toponyms().listed or len(whole) < _SHORTEST_NAME else own


def _acronym(reading: Reading, token: Token) -> Iterator[Proposal]:
    if not is_acronym(token.text) or reading.shouts(token.start):
        return
    is_heading = len(token.text) > _MOST_IN_ACRONYM and reading.opens(token)
    if is_heading and reading.text[token.end : token.end + 1] in ".:":
        return
    # Capitals beside others are a title together.
    if reading.beside(token).is_upper or reading.after(token).is_upper:
        return
    articled = _is_articled(reading, token)
    if _is_known(token):
        yield _body([token], reason("known_acronym"))
    elif (len(token.text) > 2 or articled) and not any(map(str.isdigit, token.text)):
        yield _body([token], reason("acronym", 1.0 + 1.0 * articled))
    in_brackets = reading.text[max(0, token.start - 1) : token.end + 1] == f"({token.text})"
    if in_brackets and (spelt := _spelt_out(reading, token)):
        yield _body([token], reason("acronym_of_name"))
        yield _body(spelt, reason("acronym_after", said=token.text))


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
        elif token.plain in words("links") or form("adjective_of_kind").search(token.text):
            continue
        else:
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
            why, weight = reason("after_kind", said=last)
            yield Proposal("organisation", start, end, why, weight=weight)
