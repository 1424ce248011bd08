"""Organisations without a kind: capitals where only a body can stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.names_of_bodies import capitals, complemented, ends_in_region
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import (
    communes,
    is_acronym,
    regions,
    short_communes,
    words,
)
from rallynov_graph.matching.folding import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_DONE: Final = (
    "soutien|appui|concours|partenariat|participation|aide|collaboration|soutenue?s?|financée?s?|"
    "portée?s?|organisée?s?|accueillie?s?|proposée?s?|lancée?s?|initiée?s?|animée?s?|publiée?|"
    "éditée?|décernée?|gérée?s?|créée?s?|imprimée?"
)
_BODY_OF: Final = re.compile(
    rf"(?:{_DONE}) (?:financière? )?(?:de|du|des|d['’]|par|avec)\s?(?:la |le |les |l['’])?$",
    re.IGNORECASE,
)
_IN_NAME_OF: Final = re.compile(
    r"\b(?:au nom|auprès) (?:de |du |des |d['’])(?:la |le |les |l['’])?$"
)
_WORKED: Final = re.compile(r"\btravaill\w+ (?:pour|chez|à|au sein de) (?:la |le |les |l['’])?$")
_FOUNDED: Final = re.compile(
    r"\b(?:co)?-?(?:fond(?:é|er)|créé|monté|repris|rejoin(?:t|dre)|quitt(?:e|é|er))\s"
    r"(?:la |le |les |l['’])?$"
)
_MADE: Final = re.compile(r"\b(?:co)?-?(?:fondé|fonder|créé)\s(?:la |le |les |l['’])?$")
"""What takes no person as its object: two capitals after it are no forename and surname."""
_TOLD: Final = re.compile(
    r"\s*(?::\s*(?:la |le |l['’]|cette |notre )|,\s*(?:(?:une?|notre)\s)?)"
    r"([^\W\d_][\w-]*)"
)
"""« X : l'association… », « X, chantier d'insertion ». What follows tells the kind of X."""
_OF: Final = re.compile(r"(?:^|\W)(?:de|du|d['’]|chez|à|au|a|des|aux)\s*(?:la |le |les |l['’])?$")
_PARTNERS: Final = re.compile(
    r"(?:partenaires?|soutiens?|financeurs?|membres fondateurs)[^.\n:]{0,30}(?::|\n|\s)",
    re.IGNORECASE,
)
_PASSED: Final = frozenset(
    ("de", "d'", "a", "au", "du", "des", "la", "l'", "le", "les", "chez", "projet", "mission")
)
_NO_ADJECTIVES: Final = words("links") | words("ends")
_LEAD: Final = 40
"""What a list is of is said in so many characters at its beginning."""
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
            and (not reading.is_opening(token) or token.plain in ("le", "la", "les"))
        ):
            name = capitals(reading, [token])
            number = name[-1].number + 1
            if token.plain in ("le", "la", "les"):
                name = complemented(reading, token)
            if _may_name(reading, name):
                for why, weight in _reasons(reading, name):
                    start, end = name[0].start, name[-1].end
                    yield Proposal("organisation", start, end, why, weight=weight)


def _may_name(reading: Reading, name: Sequence[Token]) -> bool:
    whole = " ".join(it.plain for it in name)
    if (
        whole in communes()
        or whole in regions()
        or whole in words("common_acronyms") | words("common_capitals")
    ):
        return False
    before = _beside(reading, name[0])
    if before is None or before.plain not in words("articles") | {"de", "d'"}:
        return True
    # « La Ronde des Bocaux »: capitals before the article, too, make it a part of a name.
    further = _beside(reading, before)
    return (
        further is None
        or not further.is_capital
        or reading.opens(further)
        or before.plain in ("de", "du")
    )


def _beside(reading: Reading, token: Token) -> Token | None:
    before = reading.before(token.start)
    return before if before is not None and reading.adjoin(before, token) else None


def _reasons(reading: Reading, name: Sequence[Token]) -> Iterator[tuple[Why, float]]:
    yield from _before(reading, name)
    if verb := _verb_after(reading, name[-1]):
        yield Why(f"sujet de « {verb} »", f"subject of “{verb}”"), 0.9
    told = _TOLD.match(reading.text, name[-1].end)
    if told and told[1].islower() and folded(told[1]) in words("organisation_types"):
        yield Why(f"suivi de « {told[1]} »", f"followed by “{told[1]}”"), 1.5
    if "&" in reading.text[name[0].start : name[-1].end]:
        yield Why("joint par « & »", "joined by “&”"), 1.3
    if len(name) > _SINGLE and _has_own_article(reading, name):
        yield Why("nom qui a son article", "a name with an article of its own"), 1.0
    if len(name) > _SINGLE and ends_in_region(name):
        yield Why("suivi du nom d’une région", "followed by the name of a region"), 1.3
    if any(it.plain in words("organisation_words") for it in name) and len(name) > _SINGLE:
        yield Why("mots de noms d’organismes", "words of names of bodies"), 1.2
    if len(name) == _SINGLE and _is_odd(name[0]):
        yield Why("écrit comme un nom de marque", "written as brands are"), 1.0


def _verb_after(reading: Reading, last: Token) -> str:
    """Return what a body does, said after its name or after one adjective; empty for nothing."""
    following = reading.tokens[last.number + 1 : last.number + 3]
    if following and following[0].plain not in words("organisation_verbs"):
        is_adjective = following[0].text.islower() and following[0].plain not in _NO_ADJECTIVES
        following = following[1:] if is_adjective else ()
    if not following or following[0].plain not in words("organisation_verbs"):
        return ""
    return "" if reading.shouts(following[0].start) else following[0].text


def _has_own_article(reading: Reading, name: Sequence[Token]) -> bool:
    """Return whether a name has an article with a capital within a sentence, and is no place."""
    first = name[0]
    after_colon = reading.text[max(0, first.start - 3) : first.start].strip() == ":"
    within = after_colon or not reading.opens(first)
    rest = " ".join(it.plain for it in name[1:])
    is_place = rest in communes() | short_communes() | regions()
    return first.plain in ("le", "la", "les") and within and not is_place


def _before(reading: Reading, name: Sequence[Token]) -> Iterator[tuple[Why, float]]:
    """Yield what stands before a name and says that it is an organisation's."""
    start = name[0].start
    raw = reading.text[max(0, start - 60) : start]
    left = " ".join(raw.split()) + " " * raw[-1:].isspace()
    before = _beside(reading, name[0])
    if before is not None and before.plain in words("articles"):
        yield Why("nom propre après un article", "a proper name after an article"), 0.9
    if before is not None and before.plain == "chez":
        yield Why("après « chez »", "after « chez »"), 2.5
    if _IN_NAME_OF.search(left):
        yield Why("au nom de qui l’on parle", "in whose name somebody speaks"), 1.3
    in_brackets = raw[-1:] == "(" and reading.text[name[-1].end : name[-1].end + 1] == ")"
    if in_brackets and raw[-3:-2].isalpha() and not name[0].is_upper:
        yield Why("entre parenthèses après un nom", "in brackets after a name"), 1.1
    if _WORKED.search(left):
        yield Why("où quelqu’un travaille", "where somebody works"), 1.2
    if _OF.search(left) and before is not None:
        yield from _of(reading, before)
    if _BODY_OF.search(left):
        yield Why("auteur de ce qui est fait", "who it is done by"), 0.6 if len(name) == 2 else 1.2
    if _FOUNDED.search(left) and (len(name) != 2 or _MADE.search(left)):
        yield Why("ce que quelqu’un a fondé", "what somebody founded"), 1.2
    first = reading.sentence(start)[0]
    if _PARTNERS.search(reading.text[first : min(start, first + _LEAD)]):
        yield Why("dans une liste de partenaires", "in a list of partners"), 1.2


def _of(reading: Reading, link: Token) -> Iterator[tuple[Why, float]]:
    """Yield what a name is the complement of: somebody's role, a person, a kind of body."""
    head: Token | None = link
    while head is not None and head.plain in _PASSED:
        head = _beside(reading, head)
    passed = 0
    while head is not None and passed < 3 and _is_adjective(head):
        head, passed = _beside(reading, head), passed + 1
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
    first = _beside(reading, last)
    while (
        first is not None
        and first.plain.rstrip("'") in words("particles")
        and first.text[0].islower()
    ):
        first = _beside(reading, first)
    while first is not None and first.is_capital and first.plain in words("inner"):
        first = _beside(reading, first)
    if first is None or not first.is_capital or first.is_upper or is_acronym(first.text):
        return False
    bodies = words("organisation_heads") | words("organisation_words") | words("openings")
    return first.plain not in bodies and last.plain not in regions() | words("organisation_words")


def _is_odd(token: Token) -> bool:
    """Return whether capitals stand within a word, as in « Cyclo'Bobine »."""
    parts = token.text.split("-")
    return not token.text.isupper() and any(any(map(str.isupper, it[1:])) for it in parts)
