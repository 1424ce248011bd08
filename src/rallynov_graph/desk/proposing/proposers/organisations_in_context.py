"""Organisations without a kind: capitals where only a body can stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rallynov_graph.desk.proposing.cues import (
    Reason,
    beside,
    form,
    is_acronym,
    reason,
    toponyms,
    words,
)
from rallynov_graph.desk.proposing.names import (
    capitals,
    complemented,
    ends_in_region,
    head_and_complements,
    named,
)
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import Reading, Token
from rallynov_graph.matching.words import folded

_ARTICLES: Final = ("le", "la", "les")
_NEAR: Final = 60
_LEAD: Final = 40
"""What a list is of is said in so many characters at its beginning."""
_PAIR: Final = 2
"""Two capitals may be a forename and a surname."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield capitals that may name an organisation: each reason apart, to be weighed."""
    number = 0
    while number < len(reading.tokens):
        token = reading.tokens[number]
        number += 1
        if token.is_capital and not reading.shouts(token.start) and _may_begin(reading, token):
            name = capitals(reading, [token])
            number = name[-1].number + 1
            if token.plain in _ARTICLES:
                name = complemented(reading, token)
            yield from _with_complement(reading, token)
            if _may_name(reading, name):
                yield from (named("organisation", name, it) for it in _reasons(reading, name))


def _may_begin(reading: Reading, token: Token) -> bool:
    if not reading.is_opening(token) or token.plain in _ARTICLES:
        return True
    # An article with a capital is elided before it: « L’Autre Rive ».
    before = reading.beside(token)
    return before.text[:1] == "L" and not reading.opens(before)


def _with_complement(reading: Reading, token: Token) -> Iterator[Proposal]:
    """Yield a capitalised noun with what it is of: « l’Archipel des lieux partagés »."""
    before = reading.beside(token)
    if before.plain not in words("articles"):
        return
    if before.is_capital and not reading.opens(before):
        return
    name = head_and_complements(reading, token)
    others = words("events", "works", "roles", "common_capitals", "venues", "place_heads")
    others |= words("innovations", "place_nouns", "civilities")
    if len(name) < 2 or token.plain in others or token.plain in toponyms().listed:
        return
    completed = form("complement_after").match(reading.text, token.end)
    if completed and not reading.common[token.plain] and not token.is_upper:
        yield named("organisation", name, reason("noun_with_capital"))


def _may_name(reading: Reading, name: Sequence[Token]) -> bool:
    whole = " ".join(it.plain for it in name)
    if whole in toponyms().listed or whole in words("common_acronyms", "common_capitals"):
        return False
    before = reading.beside(name[0])
    if before.plain not in words("articles") | {"de", "d'"}:
        return True
    # « La Ronde des Bocaux »: capitals before the article, too, make it a part of a name.
    further = reading.beside(before)
    if not further.is_capital or reading.opens(further):
        return True
    return before.plain in ("de", "du")


def _reasons(reading: Reading, name: Sequence[Token]) -> Iterator[Reason]:
    yield from _before(reading, name)
    yield from _complement(reading, name[0])
    yield from _after(reading, name)
    if len(name) > 1:
        yield from _made_of(reading, name)
    elif _is_odd(name[0]):
        yield reason("odd_capitals")
    if "&" in reading.text[name[0].start : name[-1].end]:
        yield reason("ampersand")


def _before(reading: Reading, name: Sequence[Token]) -> Iterator[Reason]:
    """Yield what the words before a name say, and how much that tells."""
    start, end = name[0].start, name[-1].end
    raw = reading.text[max(0, start - _NEAR) : start]
    left = _on_one_line(raw)
    word = reading.beside(name[0])
    articled = word.plain in words("articles")
    if articled:
        yield reason("article_before")
    if word.plain == "chez":
        yield reason("chez_before")
    yield from beside("organisation", left, "")
    in_brackets = raw[-1:] == "(" and reading.text[end : end + 1] == ")"
    if in_brackets and raw[-3:-2].isalpha() and not name[0].is_upper:
        yield reason("body_in_brackets")
    # What is done by, with or for a name: two capitals alone may be a person's.
    yield from beside("pair" if len(name) == _PAIR and not articled else "no_pair", left, "")
    first = reading.sentence(start)[0]
    if form("partners").search(reading.text[first : min(start, first + _LEAD)]):
        yield reason("list_of_partners")


def _on_one_line(text: str) -> str:
    return " ".join(text.split()) + " " * text[-1:].isspace()


def _complement(reading: Reading, first: Token) -> Iterator[Reason]:
    """Yield whose complement a name is: of a role, a person, a kind of body."""
    left = _on_one_line(reading.text[max(0, first.start - _NEAR) : first.start])
    head = reading.beside(first)
    if not head or not form("link_before").search(left):
        return
    while head.plain in words("passed_to_role"):
        head = reading.beside(head)
    passed = 0
    while passed < 3 and _is_adjective(head):
        head, passed = reading.beside(head), passed + 1
    if head.plain in words("place_roles"):
        return
    if head.plain in words("roles"):
        yield reason("place_of_role", said=head.text)
    elif head.plain in words("organisation_types"):
        yield reason("complement", said=head.text)
    elif head.is_capital and not passed and _ends_person(reading, head):
        yield reason("has_person")


def _is_adjective(token: Token) -> bool:
    is_role = token.plain in words("roles")
    return (
        token.text.islower() and not is_role and bool(form("adjective_of_role").search(token.text))
    )


def _ends_person(reading: Reading, last: Token) -> bool:
    """Return whether a word ends two capitalised ones, as the name of a person does."""
    first = reading.beside(last)
    while first.text[:1].islower() and first.plain.rstrip("'") in words("particles"):
        first = reading.beside(first)
    while first.is_capital and first.plain in words("inner"):
        first = reading.beside(first)
    if not first.is_capital or is_acronym(first.text):
        return False
    if first.is_upper or last.is_upper or last.plain in toponyms().regions:
        return False
    bodies = words("organisation_heads", "organisation_words", "openings")
    return first.plain not in bodies and last.plain not in words("organisation_words")


def _after(reading: Reading, name: Sequence[Token]) -> Iterator[Reason]:
    """Yield what the words after a name say, and how much that tells."""
    text, end = reading.text, name[-1].end
    if verb := _verb_after(reading, name[-1]):
        alone = folded(verb) in words("bodies_do") and not reading.common[name[0].plain]
        yield reason("subject", 1.1 if alone else 0.9, said=verb)
    done = form("has_done").match(text, end)
    if done and folded(done[1]) in words("done_by_bodies"):
        yield reason("subject", 0.8, said=done[1])
    kind, word = form("kind_after").match(text, end), reading.beside(name[0])
    if kind and folded(kind["kind"]).partition("-")[0] in words("organisation_types"):
        # « À X, la boulangerie… »: what follows the place is no kind of it.
        placed = word.plain in ("a", "de", "d'", "en", "vers")
        if not (placed and kind["the"]):
            yield reason("kind_after", said=kind["kind"])
    # A commune follows, as where a body is: « au Café X, Lannion », « X (Die) ».
    town = form("town_after").match(text, end)
    is_pair = sum(it.plain not in _ARTICLES for it in name) == _PAIR
    articled = word.plain in words("articles")
    if town and (articled or not is_pair) and folded(town["town"]) in toponyms().every:
        first = max(reading.line(name[0].start)[0], name[0].start - _LEAD)
        opens = text[first : name[0].start].strip(" •*>–—-") == ""
        dated = opens and town["end"] == "("
        yield reason("commune_after", 1.2 if dated else 0.5, said=town["town"])


def _verb_after(reading: Reading, last: Token) -> str:
    """Return what a body does, said after its name or after one adjective; empty for nothing."""
    following = reading.tokens[last.number + 1 : last.number + 3]
    if following and following[0].plain not in words("organisation_verbs"):
        is_adjective = following[0].text.islower()
        is_adjective = is_adjective and following[0].plain not in words("links", "ends")
        following = following[1:] if is_adjective else ()
    if not following or following[0].plain not in words("organisation_verbs"):
        return ""
    return "" if reading.shouts(following[0].start) else following[0].text


def _made_of(reading: Reading, name: Sequence[Token]) -> Iterator[Reason]:
    """Yield what the words of a name themselves say."""
    first = name[0]
    if first.plain in _ARTICLES:
        # It has a capital within a sentence, and does not begin the name of a place.
        before = reading.text[max(0, first.start - 3) : first.start].strip()
        rest = " ".join(it.plain for it in name[1:])
        is_place = rest in toponyms().listed or rest in toponyms().parts_of_communes
        if (before == ":" or not reading.opens(first)) and not is_place:
            yield reason("own_article")
    if ends_in_region(name):
        yield reason("region_after")
    if first.plain in toponyms().regions and name[1].plain not in words("compass"):
        yield reason("region_first")
    if any(it.plain in words("organisation_words") for it in name):
        yield reason("words_of_bodies")


def _is_odd(token: Token) -> bool:
    """Return whether capitals stand within a word, as in « Cyclo'Bobine »."""
    parts = token.text.split("-")
    return not token.text.isupper() and any(any(map(str.isupper, it[1:])) for it in parts)
