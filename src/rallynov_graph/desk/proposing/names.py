"""Find the end of a name from its beginning: its capitals, complements and adjectives."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rallynov_graph.desk.proposing.cues import Reason, form, toponyms, words
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import NO_WORD, Reading, Token

_MOST: Final = 9


def named(kind: str, name: Sequence[Token], reason: Reason, label: str = "") -> Proposal:
    """Return the proposal of a name of a kind, to be weighed with others."""
    why, weight = reason
    return Proposal(kind, name[0].start, name[-1].end, why, weight=weight, label=label)


def capitals(reading: Reading, name: Sequence[Token]) -> list[Token]:
    """Return a name with the capitalised words that follow it at once, or after a foreign « e »."""
    found, linked = [*name], False
    for token in reading.tokens[name[-1].number + 1 : name[-1].number + _MOST]:
        between = reading.text[found[-1].end : token.start].strip(" \xa0\u202f")
        joined = reading.adjoin(found[-1], token) or between == "&"  # « Âges & Vie »
        is_link = token.text in words("foreign_and") and not linked
        if not (token.is_capital or is_link) or not joined or len(found) >= _MOST:
            break
        found.append(token)
        linked = is_link
    return found[:-1] if linked else found


def ends_in_region(name: Sequence[Token]) -> bool:
    """Return whether the last words of a name are a region: « Ronalpia Grand Est »."""
    plain = [it.plain for it in name if it.plain not in words("articles")]
    return any(" ".join(plain[first:]) in toponyms().regions for first in range(1, len(plain)))


def complemented(reading: Reading, first: Token) -> list[Token]:
    """Return a name from its first word on: « Ti Kemeren », « Terre d'Ici », « Fun ha Skoulm »."""
    name = capitals(reading, [first])
    links: list[Token] = []
    for token in reading.tokens[name[-1].number + 1 : name[-1].number + 4]:
        if not reading.adjoin(links[-1] if links else name[-1], token):
            break
        if token.is_capital and links:
            placing = links[0].plain in ("de", "a", "en") and token.plain in toponyms().listed
            return name if placing else capitals(reading, [*name, *links, token])
        if token.plain not in words("within_bodies") or len(links) == 2:
            break
        links.append(token)
    return name


def head_and_complements(reading: Reading, head: Token) -> list[Token]:
    """Return a name from its head to the last of its complements: « Maison de l'emploi de X »."""
    name: list[Token] = [head]
    links: list[Token] = []
    for token in reading.tokens[head.number + 1 : head.number + 1 + _MOST]:
        if not reading.adjoin(links[-1] if links else name[-1], token):
            break
        if token.plain in words("links") and not token.is_capital:
            links.append(token)
            if len(links) > 3 or not _leads_on(reading, token, name):
                break
        elif token.plain in words("ends") or not _belongs(name, links, token):
            break
        else:
            name, links = [*name, *links, token], []
    return name


def _leads_on(reading: Reading, link: Token, name: Sequence[Token]) -> bool:
    """Return whether a name goes on after a small word: « économie sociale et solidaire »."""
    if link.plain not in words("breaking_links"):
        return True
    following = next(iter(reading.tokens[link.number + 1 : link.number + 2]), NO_WORD)
    if link.plain == "pour" and len(name) == 1:
        return following.plain in ("l'", "la", "le", "les")
    if len(name) < 2:
        return False
    if link.plain == "et":
        is_adjective = form("adjective_in_name").search(following.text)
        return following.text.islower() and bool(is_adjective)
    return link.plain in ("pour", "sur", "en") and following.is_capital


def _belongs(name: Sequence[Token], links: Sequence[Token], token: Token) -> bool:
    """Return whether a word is a complement or an adjective of a name, and begins no clause."""
    if token.is_capital:
        return True
    if any(map(str.isdigit, token.text)) or any(it.is_capital for it in name[1:]):
        return False
    if links:
        return links[0].plain in ("de", "du", "des", "d'", "pour", "et")
    return bool(form("adjective_in_name").search(token.text))
