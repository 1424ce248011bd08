"""Organisations without a kind: capitals where only a body can stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing import beside_organisations
from rallynov_graph.desk.proposing.names_of_bodies import (
    begins_with_region,
    capitals,
    complemented,
    ends_in_region,
    head_and_complements,
)
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import (
    communes,
    is_acronym,
    listed_places,
    regions,
    short_communes,
    words,
)

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_COMPLEMENT: Final = re.compile(r"\s(?:de(?:s|\sla|\sl['’])?|du|aux?|à)\b|\sd['’]")
_OF: Final = re.compile(r"(?:^|\W)(?:de|du|d['’]|chez|à|au|a|des|aux)\s*(?:la |le |les |l['’])?$")
_PASSED: Final = frozenset(
    ("de", "d'", "a", "au", "du", "des", "la", "l'", "le", "les", "chez", "projet", "mission")
)
_SINGLE: Final = 1


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield capitals that may name an organisation: each reason apart, to be weighed."""
    number = 0
    while number < len(reading.tokens):
        token = reading.tokens[number]
        number += 1
        if (
            token.is_capital
            and not reading.shouts(token.start)
            and (
                not reading.is_opening(token)
                or token.plain in ("le", "la", "les")
                or _has_elided(reading, token)
            )
        ):
            name = capitals(reading, [token])
            number = name[-1].number + 1
            if token.plain in ("le", "la", "les"):
                name = complemented(reading, token)
            yield from _with_complement(reading, token)
            if _may_name(reading, name):
                for why, weight in _reasons(reading, name):
                    start, end = name[0].start, name[-1].end
                    yield Proposal("organisation", start, end, why, weight=weight)


def _has_elided(reading: Reading, token: Token) -> bool:
    """Return whether an article with a capital is elided before a word: « L’Autre Rive »."""
    before = reading.beside(token)
    return before is not None and before.text[0] == "L" and not reading.opens(before)


def _with_complement(reading: Reading, token: Token) -> Iterator[Proposal]:
    """Yield a capitalised noun with what it is of: « l’Archipel des lieux partagés »."""
    before = reading.beside(token)
    if before is None or before.plain not in words("articles"):
        return
    if before.is_capital and not reading.opens(before):
        return
    name = head_and_complements(reading, token)
    listed = ("events", "works", "roles", "common_capitals", "venues", "place_heads", "innovations")
    is_other = any(token.plain in words(it) for it in (*listed, "place_nouns", "civilities"))
    place = token.plain in listed_places()
    if len(name) < 2 or is_other or place or not _COMPLEMENT.match(reading.text, token.end):
        return
    if not reading.common[token.plain] and not token.is_upper:
        why = Why("nom commun qui a une majuscule et un complément", "a noun with a capital")
        yield Proposal("organisation", name[0].start, name[-1].end, why, weight=1.3)


def _may_name(reading: Reading, name: Sequence[Token]) -> bool:
    whole = " ".join(it.plain for it in name)
    if (
        whole in communes()
        or whole in regions()
        or whole in words("common_acronyms") | words("common_capitals")
    ):
        return False
    before = reading.beside(name[0])
    if before is None or before.plain not in words("articles") | {"de", "d'"}:
        return True
    # « La Ronde des Bocaux »: capitals before the article, too, make it a part of a name.
    further = reading.beside(before)
    return (
        further is None
        or not further.is_capital
        or reading.opens(further)
        or before.plain in ("de", "du")
    )


def _reasons(reading: Reading, name: Sequence[Token]) -> Iterator[tuple[Why, float]]:
    yield from beside_organisations.before(reading, name)
    yield from _complement(reading, name[0])
    yield from beside_organisations.after(reading, name)
    if len(name) > _SINGLE:
        yield from _made_of(reading, name)
    if "&" in reading.text[name[0].start : name[-1].end]:
        yield Why("joint par « & »", "joined by “&”"), 1.3
    if len(name) == _SINGLE and _is_odd(name[0]):
        yield Why("écrit comme un nom de marque", "written as brands are"), 1.0


def _made_of(reading: Reading, name: Sequence[Token]) -> Iterator[tuple[Why, float]]:
    """Yield what the words of a name themselves say."""
    if _has_own_article(reading, name):
        yield Why("nom qui a son article", "a name with an article of its own"), 1.0
    if ends_in_region(name):
        yield Why("suivi du nom d’une région", "followed by the name of a region"), 1.3
    if begins_with_region(name):
        yield Why("commence par le nom d’une région", "it begins with a region"), 1.1
    if any(it.plain in words("organisation_words") for it in name):
        yield Why("mots de noms d’organismes", "words of names of bodies"), 1.2


def _complement(reading: Reading, first: Token) -> Iterator[tuple[Why, float]]:
    """Yield whose complement a name is."""
    left = reading.text[max(0, first.start - 60) : first.start]
    flat = " ".join(left.split()) + " " * left[-1:].isspace()
    link = reading.beside(first)
    if link is not None and _OF.search(flat):
        yield from _of(reading, link)


def _has_own_article(reading: Reading, name: Sequence[Token]) -> bool:
    """Return whether a name has an article with a capital within a sentence, and is no place."""
    first = name[0]
    after_colon = reading.text[max(0, first.start - 3) : first.start].strip() == ":"
    within = after_colon or not reading.opens(first)
    rest = " ".join(it.plain for it in name[1:])
    is_place = rest in listed_places() or rest in short_communes()
    return first.plain in ("le", "la", "les") and within and not is_place


def _of(reading: Reading, link: Token) -> Iterator[tuple[Why, float]]:
    """Yield what a name is the complement of: somebody's role, a person, a kind of body."""
    head: Token | None = link
    while head is not None and head.plain in _PASSED:
        head = reading.beside(head)
    passed = 0
    while head is not None and passed < 3 and _is_adjective(head):
        head, passed = reading.beside(head), passed + 1
    if head is None:
        return
    if head.plain in words("place_roles"):
        return
    if head.plain in words("roles"):
        yield Why(f"« {head.text} » y a sa place", f"where somebody is “{head.text}”"), 2.5
    elif head.plain in words("organisation_types"):
        yield Why(f"complément de « {head.text} »", f"after “{head.text}”"), 0.6
    elif head.is_capital and not passed and _ends_person(reading, head):
        yield Why("une personne en est", "a person belongs to it"), 2.0


def _is_adjective(token: Token) -> bool:
    return (
        token.text.islower()
        and token.plain not in words("roles")
        and token.text.endswith(
            ("al", "ale", "aux", "aire", "ique", "elle", "el", "ée", "é", "if", "ive")
        )
    )


def _ends_person(reading: Reading, last: Token) -> bool:
    """Return whether a word ends two capitalised ones, as the name of a person does."""
    if last.is_upper:
        return False
    first = reading.beside(last)
    while (
        first is not None
        and first.plain.rstrip("'") in words("particles")
        and first.text[0].islower()
    ):
        first = reading.beside(first)
    while first is not None and first.is_capital and first.plain in words("inner"):
        first = reading.beside(first)
    if first is None or not first.is_capital or first.is_upper or is_acronym(first.text):
        return False
    bodies = words("organisation_heads") | words("organisation_words") | words("openings")
    return first.plain not in bodies and last.plain not in regions() | words("organisation_words")


def _is_odd(token: Token) -> bool:
    """Return whether capitals stand within a word, as in « Cyclo'Bobine »."""
    parts = token.text.split("-")
    return not token.text.isupper() and any(any(map(str.isupper, it[1:])) for it in parts)
