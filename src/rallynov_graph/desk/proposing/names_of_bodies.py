"""How far the name of an organisation goes: its capitals, their complements, its adjectives."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.word_lists import listed_places, regions, words

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_ADJECTIVE: Final = re.compile(
    r"(?:al|ale|aux|ales|elle?s?|ifs?|ives?|iques?|aires?|istes?|ien|ienne|aise?|oise?|aine?|ées?|és?|ites?|eurs?)$"
)
_INNER: Final = frozenset(("de", "du", "des", "d'", "ha", "la", "l'", "sur", "en", "a", "aux", "&"))
_PLACING: Final = frozenset(("de", "a", "en"))
_BROKEN: Final = frozenset(("et", "par", "a", "sur", "en", "aux", "au", "pour"))
_MOST: Final = 9


def capitals(reading: Reading, name: Sequence[Token]) -> list[Token]:
    """Return a name with the capitalised words that follow it at once, or after a foreign « e »."""
    found, linked = [*name], False
    for token in reading.tokens[name[-1].number + 1 : name[-1].number + _MOST]:
        joined = reading.adjoin(found[-1], token) or is_and(reading, found[-1], token)
        is_link = token.text in words("foreign_and") and not linked
        if not (token.is_capital or is_link) or not joined or len(found) >= _MOST:
            break
        found.append(token)
        linked = is_link
    return found[:-1] if linked else found


def is_and(reading: Reading, left: Token, right: Token) -> bool:
    """Return whether only « & » stands between two words: « Âges & Vie »."""
    return reading.text[left.end : right.start].strip(" \xa0\u202f") == "&"


def ends_in_region(name: Sequence[Token]) -> bool:
    """Return whether the last words of a name are a region: « Ronalpia Grand Est »."""
    plain = [it.plain for it in name if it.plain not in words("articles")]
    return any(" ".join(plain[first:]) in regions() for first in range(1, len(plain)))


def begins_with_region(name: Sequence[Token]) -> bool:
    """Return whether a region begins a name, and is not told apart: « Ronalpia Solidaire »."""
    return name[0].plain in regions() and name[1].plain not in words("compass")


def complemented(reading: Reading, first: Token) -> list[Token]:
    """Return a name from its first word on: « Ti Kemeren », « Terre d'Ici », « Fun ha Skoulm »."""
    name = capitals(reading, [first])
    links: list[Token] = []
    for token in reading.tokens[name[-1].number + 1 : name[-1].number + 4]:
        if not reading.adjoin(links[-1] if links else name[-1], token):
            break
        if token.is_capital and links:
            placing = links[0].plain in _PLACING and token.plain in listed_places()
            return name if placing else capitals(reading, [*name, *links, token])
        if token.plain not in _INNER or len(links) == 2:
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
    if link.plain not in _BROKEN:
        return True
    following = reading.tokens[link.number + 1 : link.number + 2]
    if not following:
        return False
    if link.plain == "pour" and len(name) == 1:
        return following[0].plain in ("l'", "la", "le", "les")
    if len(name) < 2:
        return False
    if link.plain == "et":
        return following[0].text.islower() and bool(_ADJECTIVE.search(following[0].text))
    return link.plain in ("pour", "sur", "en") and following[0].is_capital


def _belongs(name: Sequence[Token], links: Sequence[Token], token: Token) -> bool:
    """Return whether a word is a complement or an adjective of a name, and begins no clause."""
    if token.is_capital:
        return True
    if any(map(str.isdigit, token.text)):
        return False
    after_proper = any(it.is_capital for it in name[1:])
    if links:
        return links[0].plain in ("de", "du", "des", "d'", "pour", "et") and not after_proper
    return bool(_ADJECTIVE.search(token.text)) and not after_proper
