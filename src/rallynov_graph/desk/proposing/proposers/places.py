"""Places: communes, départements and regions, and what prepositions and addresses say is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.beside_places import reasons
from rallynov_graph.desk.proposing.names_of_bodies import complemented
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.streets import is_in_street
from rallynov_graph.desk.proposing.word_lists import (
    all_listed_places,
    begins_as_a_town,
    communes,
    has_accents_of_commune,
    is_acronym,
    is_toponym,
    regions,
    short_communes,
    small_communes,
    words,
)

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_ARTICLES: Final = frozenset(("le", "la", "les", "l'"))
_AFTER: Final = words("ends") | words("links") | {"et"}
_SHORTEST: Final = 2
_LONG_ENOUGH: Final = 5
_SMALL_NAME: Final = 4
_NEAR: Final = 80
"""How many characters of its line are looked at on both sides of a name."""
_POSTAL: Final = re.compile(r"(?<!\d)(?:F-)?(?:0[1-9]|[1-8]\d|9[0-8])\d{3}[ \xa0]+$")
_DEPARTEMENT: Final = re.compile(r"\s*\((?:0[1-9]|[1-8]\d|9[0-5]|2[AB]|97[1-6])\)")
_OF_PLACES: Final = frozenset(("a", "entre", "vers", "pres", "depuis", "jusqu'", "hors"))
_OF_WHERE: Final = {"place_nouns": 2.0, "place_roles": 2.0, "coming": 1.3, "events": 0.8}
"""Lists of words after which « de » leads to a place, and how much each tells."""
_HEADS: Final = re.compile(r"\s?[:.–—]\s")
_STANDS: Final = re.compile(
    r"(?:nee?s?|installee?s?|basee?s?|situee?s?|habit\w+|reunie?s?|implantee?s?|vit|vivent)$"
)
_OF_LAND: Final = re.compile(r"[a-z]{4,}(?:ois|ais|isis)$")
"""« le Douaisis », « le Valentinois »: the land around a town that begins alike."""
_TO_PERSONS: Final = frozenset(
    ("merci", "grace", "succede", "succedait", "confie", "remis", "hommage", "donne", "vendu")
)


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what may be a place: each reason apart, to be weighed with others."""
    yield from _headed(reading)
    for name in _names(reading):
        if not is_in_street(reading, name):
            yield from _by_list(reading, name)
            yield from _by_context(reading, name)


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
            if _listed(name):
                best = name
        yield best


def _headed(reading: Reading) -> Iterator[Proposal]:
    """Yield a name that begins as those of places do: « Pays de X », « Grand Y »."""
    for token in reading.tokens:
        if not token.is_capital or token.plain not in words("place_heads"):
            continue
        name = complemented(reading, token)
        before = reading.before(token.start)
        within = before is not None and before.is_capital and reading.adjoin(before, token)
        if len(name) > 1 and not within and not reading.shouts(token.start):
            why = Why(
                f"le nom commence par « {token.text} »", f"the name begins with “{token.text}”"
            )
            yield _proposal(name, why, 1.2)


def _listed(name: Sequence[Token]) -> bool:
    whole = _whole(name)
    if len(name) > 1 and whole in short_communes():
        return True
    return (
        whole in communes() or whole in regions() or (len(name) > 1 and whole in small_communes())
    )


def _whole(name: Sequence[Token]) -> str:
    return " ".join(it.plain for it in name).replace("' ", "'")


def _proposal(name: Sequence[Token], why: Why, weight: float) -> Proposal:
    return Proposal("place", name[0].start, name[-1].end, why, weight=weight)


def _by_list(reading: Reading, name: Sequence[Token]) -> Iterator[Proposal]:
    whole, doubtful = _whole(name), _is_doubtful(reading, name)
    if len(name) == 1 and name[0].is_upper and not _is_sure_in_capitals(reading, name[0]):
        return
    if whole in regions():
        yield _proposal(
            name,
            Why("département, région ou pays", "a département, region or country"),
            1.0 if doubtful else 2.0,
        )
    elif len(name) == 1 and not _is_spelt_so(name[0], whole):
        return
    elif whole in communes():
        yield _proposal(
            name, Why("nom d’une commune", "the name of a commune"), 0.7 if doubtful else 1.8
        )
    elif whole in short_communes():
        before = reading.before(name[0].start)
        articled = (
            before is not None and before.plain in ("du", "au") and f"le {whole}" in communes()
        )
        why = Why("début du nom d’une commune", "part of the name of a commune")
        sure = articled or (len(name) > 1 and not reading.shouts(name[0].start))
        yield _proposal(name, why, 1.8 if sure else 0.3 if doubtful else 0.8)
    elif whole in small_communes() and len(whole) >= _SMALL_NAME:
        why = Why("nom d’une petite commune", "the name of a small commune")
        weight = 1.2 if "-" in whole else 0.6
        starts = reading.opens(name[0]) and "-" not in whole
        yield _proposal(name, why, 0.2 if doubtful or starts else weight)
    elif len(name) == 1 and _is_land(reading, name[0]):
        why = Why("pays autour d’une ville", "the land around a town")
        yield _proposal(name, why, 1.3)
    elif len(name) == 1 and is_toponym(name[0].text):
        why = Why("formé comme les noms de lieux", "made as names of places are")
        yield _proposal(name, why, 1.6)


def _is_spelt_so(token: Token, whole: str) -> bool:
    """Return whether a word has the accents of the commune that it seems to be."""
    return whole not in all_listed_places() or has_accents_of_commune(token.text)


def _is_land(reading: Reading, token: Token) -> bool:
    """Return whether a word names the land of a town: « structures du Douaisis »."""
    before = reading.before(token.start)
    if before is None or before.plain not in ("du", "le", "en", "au"):
        return False
    named = _OF_LAND.fullmatch(token.plain) and not reading.common[token.plain]
    return bool(named) and begins_as_a_town(token.plain)


def _is_sure_in_capitals(reading: Reading, token: Token) -> bool:
    """Return whether a word in capitals is no acronym, and in a heading stands as places do."""
    if len(token.text) < _LONG_ENOUGH:
        return False
    if not reading.shouts(token.start):
        return True
    before = reading.before(token.start)
    placed = before is not None and before.plain in ("de", "d'", "a", "du")
    heads = token.plain in communes() and bool(_HEADS.match(reading.text, token.end))
    return placed or "-" in token.text or heads


def _is_doubtful(reading: Reading, name: Sequence[Token]) -> bool:
    """Return whether the capital may be due to something else: a sentence, a person's name."""
    token = name[0]
    if len(name) > 1 or ("-" in token.text and token.plain in regions()):
        return False
    if token.plain in words("place_nouns") | words("organisation_types") | words(
        "organisation_heads"
    ):
        return True
    if reading.common[token.plain] or reading.is_opening(token):
        return True
    before = reading.before(token.start)
    if before is not None and reading.adjoin(before, token):
        if token.plain in regions() and _ends_body(reading, before, token):
            return False
        if (
            before.is_capital
            and not reading.is_opening(before)
            and before.plain not in words("inner")
        ):
            return True
        if before.plain in ("la", "les", "une", "un", "cette"):
            return token.plain not in regions()
    after = next(iter(reading.tokens[token.number + 1 : token.number + 2]), None)
    return after is not None and after.is_capital and reading.adjoin(token, after)


def _ends_body(reading: Reading, before: Token, region: Token) -> bool:
    """Return whether a region ends the name of a body, and no forename: « CRESS Occitanie »."""
    heads = words("organisation_heads") | words("known_acronyms")
    after = next(iter(reading.tokens[region.number + 1 : region.number + 2]), None)
    goes_on = after is not None and reading.adjoin(region, after) and after.plain not in _AFTER
    return before.is_capital and before.plain in heads and not goes_on


def _by_context(reading: Reading, name: list[Token]) -> Iterator[Proposal]:
    token = name[0]
    if reading.shouts(token.start) or is_acronym(token.text) or not _is_alone(reading, name):
        return
    start, end = token.start, name[-1].end
    line_start, line_end = reading.line(start)
    left = reading.text[max(line_start, start - _NEAR) : start]
    right = reading.text[end : min(line_end, end + _NEAR)]
    before = reading.before(start)
    adjoined = before is not None and reading.adjoin(before, token)
    if _POSTAL.search(left):
        yield _proposal(name, Why("après un code postal", "after a postal code"), 3.0)
    if _DEPARTEMENT.match(right):
        yield _proposal(
            name,
            Why("suivi du numéro d’un département", "followed by the number of a département"),
            3.0,
        )
    if reading.is_opening(token) and len(name) == 1:
        return
    if adjoined and before is not None:
        yield from _after_preposition(reading, name, before)
    for why, weight in reasons(left, right):
        yield _proposal(name, why, weight)


def _after_preposition(reading: Reading, name: list[Token], before: Token) -> Iterator[Proposal]:
    noun = reading.before(before.start)
    noun = noun if noun is not None and reading.adjoin(noun, before) else None
    said = f"« {before.text} »" if noun is None else f"« {noun.text} {before.text} »"
    if _places(before):
        if noun is None or noun.plain not in _TO_PERSONS:
            yield _proposal(name, Why(f"après « {before.text} »", f"after “{before.text}”"), 1.2)
        if noun is not None and _STANDS.match(noun.plain):
            yield _proposal(name, Why("où quelque chose se trouve", "where something is"), 1.0)
    elif before.plain == "de" and _leads_to(reading, name[-1]):
        yield _proposal(name, Why("de là à ailleurs", "from there to elsewhere"), 1.2)
    elif before.plain == "en":
        yield _proposal(name, Why("après « en »", "after “en”"), 0.8)
    elif before.plain in ("de", "d'", "du", "des") and noun is not None:
        yield from _complement(name, noun, said)
    elif before.plain in words("place_nouns") or _STANDS.match(before.plain):
        yield _proposal(name, Why(f"après « {before.text} »", f"after “{before.text}”"), 1.0)


def _complement(name: list[Token], noun: Token, said: str) -> Iterator[Proposal]:
    """Yield what a name after « de » tells by the noun that it completes."""
    small = _whole(name) in short_communes() or _whole(name) in small_communes()
    if small and noun.plain in words("organisation_types"):
        yield _proposal(name, Why(f"après {said}", f"after {said}"), 0.9)
    for list_name, weight in _OF_WHERE.items():
        if noun.plain in words(list_name):
            yield _proposal(name, Why(f"après {said}", f"after {said}"), weight)
            break


def _leads_to(reading: Reading, last: Token) -> bool:
    """Return whether « à » and another name follow: « de X à Y »."""
    link, other = [*reading.tokens[last.number + 1 : last.number + 3], last, last][:2]
    if link.text != "à" or not other.is_capital:
        return False
    return reading.adjoin(last, link) and reading.adjoin(link, other)


def _places(before: Token) -> bool:
    """Return whether a word is a preposition of places; « a » without its accent is a verb."""
    return before.plain in _OF_PLACES and (before.plain != "a" or before.text.lower() == "à")


def _is_alone(reading: Reading, name: list[Token]) -> bool:
    """Return whether no other capitalised word stands beside a name, but for its article."""
    before, number = reading.before(name[0].start), name[-1].number + 1
    after = reading.tokens[number] if number < len(reading.tokens) else None
    if after is not None and after.is_capital and reading.adjoin(name[-1], after):
        if name[0].plain in _ARTICLES and len(name) == 1:
            name.append(after)
            return _is_alone(reading, name)
        return False
    if before is None or not before.is_capital or reading.is_opening(before):
        return True
    return not reading.adjoin(before, name[0])
