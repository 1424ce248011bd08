"""Organisations found by their kinds: « l'association X », « Fondation Y », acronyms.

Some are recognised by their names alone, others as capitals in the place of an actor.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rallynov_graph.desk.proposing.cues import (
    Reason,
    beside,
    by_first_word,
    form,
    is_acronym,
    phrases,
    reason,
    toponyms,
    words,
)
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import (
    Reading,
    Token,
    capitals,
    complemented,
    ends_in_region,
    head_and_complements,
    named,
)
from rallynov_graph.matching.words import folded

_ARTICLES: Final = ("le", "la", "les")
_NEAR: Final = 60
_LEAD: Final = 40
"""The number of characters at the beginning of a list that may say what it contains."""
_PAIR: Final = 2
"""Two capitals may be a forename and a surname."""
_SHORTEST_TRADE: Final = 6
"""The shortest trade, as in « laiterie », « menuiserie »; « série » is not one."""
_SHORTEST_NAME: Final = 4
_LONGEST_QUOTED: Final = 60


_MOST_LETTERS: Final = 14
"""The words before an acronym in brackets are no more than this."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield possible organisations by their kinds, each reason separately, to be weighed."""
    yield from (replace(it, proposer="known_bodies") for it in _known_bodies(reading))
    for noun in _nouns(reading):
        yield from _after_kind(reading, noun)
    for token in reading.tokens:
        yield from _by_head(reading, token)
        yield from _acronym(reading, token)
    yield from _quoted(reading)
    yield from (replace(it, proposer="organisations_in_context") for it in _in_context(reading))


def _body(name: Sequence[Token], told: Reason) -> Proposal:
    return named("organisation", name, told)


def _known_bodies(reading: Reading) -> Iterator[Proposal]:
    """Yield organisations known by name alone."""
    for name in phrases("known_bodies"):
        for start, end in reading.places_of(name):
            found = reading.tokens[reading.token_at(start) : reading.token_at(end)]
            is_common = name[0].islower()
            known = reason("known_body", 1.2 if is_common else 2.5)
            yield _body(found, known)


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
        after = reading.after(first)
        described = after.text.islower() and form("adjective_in_name").search(after.text)
        if first.plain not in toponyms().listed or after.is_capital or described:
            name = [*article, *complemented(reading, first)]
            whole = [*name, after] if described and name[-1] is first else name
            yield _body(whole, reason("after_kind", said=said))
    elif first.plain not in ("de", "d'", "des", "du"):
        return
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
    if not following or not following[-1].is_capital:
        return []
    return following if reading.all_adjoin([link, *following]) else []


def _by_head(reading: Reading, token: Token) -> Iterator[Proposal]:
    """Yield a name that begins with a kind: « Fondation X », « Maison de l'emploi de Y »."""
    kinds = {token.plain, token.plain.removesuffix("s")}
    is_head = bool(kinds & words("organisation_heads"))
    if not token.is_capital or reading.shouts(token.start):
        return
    if not is_head and not kinds & words("organisation_types"):
        return
    name = head_and_complements(reading, token)
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


def _is_articled(reading: Reading, token: Token) -> bool:
    return reading.beside(token).plain in words("articles") | {"de", "d'"}


def _acronym(reading: Reading, token: Token) -> Iterator[Proposal]:
    if not is_acronym(token.text) or reading.shouts(token.start):
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


def _in_context(reading: Reading) -> Iterator[Proposal]:
    """Yield capitals in places where only an organisation can be."""
    number = 0
    while number < len(reading.tokens):
        token = reading.tokens[number]
        number += 1
        if token.is_capital and not reading.shouts(token.start) and _may_begin(reading, token):
            name = capitals(reading, [token])
            number = name[-1].number + 1
            if _may_name(reading, name):
                yield from (named("organisation", name, it) for it in _reasons(reading, name))


def _may_begin(reading: Reading, token: Token) -> bool:
    if not reading.is_opening(token) or token.plain in _ARTICLES:
        return True
    # An article with a capital is elided before it: « L’Autre Rive ».
    before = reading.beside(token)
    return before.text[:1] == "L" and not reading.opens(before)


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
    if len(name) > 1:
        yield from _made_of(reading, name)
    if "&" in reading.text[name[0].start : name[-1].end]:
        yield reason("ampersand")


def _before(reading: Reading, name: Sequence[Token]) -> Iterator[Reason]:
    """Yield the reasons in the words before a name, with their weight."""
    start = name[0].start
    left = _on_one_line(reading.text[max(0, start - _NEAR) : start])
    word = reading.beside(name[0])
    articled = word.plain in words("articles")
    yield from beside("organisation", left, "")
    # Actions by, with or for a name: two capitals alone may be a person's.
    yield from beside("pair" if len(name) == _PAIR and not articled else "no_pair", left, "")
    first = reading.sentence(start)[0]
    if form("partners").search(reading.text[first : min(start, first + _LEAD)]):
        yield reason("list_of_partners")


def _on_one_line(text: str) -> str:
    return " ".join(text.split()) + " " * text[-1:].isspace()


def _complement(reading: Reading, first: Token) -> Iterator[Reason]:
    """Yield that a name is the complement of a role or a person."""
    left = _on_one_line(reading.text[max(0, first.start - _NEAR) : first.start])
    head = reading.beside(first)
    if not head or not form("link_before").search(left):
        return
    while head.plain in words("passed_to_role"):
        head = reading.beside(head)
    if head.plain in words("place_roles"):
        return
    if head.plain in words("roles"):
        yield reason("place_of_role", said=head.text)
    elif head.is_capital and _ends_person(reading, head):
        yield reason("has_person")


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


def _made_of(reading: Reading, name: Sequence[Token]) -> Iterator[Reason]:
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
