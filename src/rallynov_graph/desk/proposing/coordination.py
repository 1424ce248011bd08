"""Names that « et » joins are of one kind: « X, Y et Z », of which two are known to be bodies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.names_of_bodies import capitals
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import (
    all_listed_places,
    words,
)
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_JOINING: Final = frozenset(("et", "&", "ou"))
_ARTICLES: Final = frozenset(("la", "le", "les", "l'", "a", "de", "du", "d'"))
_WEIGHT: Final = 1.0
_S: Final = r"[ \xa0\u202f]*\n?[ \xa0\u202f]*"
_ARTICLE: Final = r"(?:(?:la|le|les|à|au|du|de)\s|(?:[ld]|de\sl)['’])?"
_BETWEEN: Final = re.compile(
    rf"{_S}[,;]{_S}{_ARTICLE}(?P<name>[^\W\d_][\w' ’-]{{2,40}}?)"
    rf"{_S}(?:[,;]|\bet\b){_S}{_ARTICLE}{_S}"
)
_ITEM: Final = (
    r"(?:(?:la|le|les|à|au|de|du|et|ou|puis)\s|(?:[ld]|de\sl)['’])*"
    r"(?P<name>[^\W\d_a-zà-ÿ][^\W_]*(?:[-'’][^\W_]+)*)"
)
_LINK: Final = re.compile(rf"(?:{_S},{_S}|{_S}\b(?:et|ou|puis){_S}){_ITEM}")
_CHAIN: Final = re.compile(
    (rf"(?:{_S},{_S}{_ITEM}){{1,6}}{_S}\b(?:et|ou|puis){_S}{_ITEM}(?!\s[^\W\d_a-zà-ÿ])").replace(
        "?P<name>", "?:"
    )
)
"""« , Y et Z » after a name: single capitalised words, the last one with « et »."""


def coordinated(reading: Reading, names: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield what « et » joins to an organisation or a place, as one more of its kind."""
    taken = {(it.start, it.end) for it in names}
    # A place may end the name of an organisation: what follows is joined to the whole.
    outer = {it.end: it for it in sorted(names, key=lambda it: (it.end, -it.start))}
    for name in outer.values():
        if name.kind == "person":
            continue
        said = " ".join(reading.text[name.start : name.end].split())
        why = Why(f"joint à « {said} » par « et »", f"joined to “{said}” by “et”")
        number = reading.token_at(name.start)
        for joined in (
            _joined(reading, reading.token_at(name.end)),
            _joined_before(reading, number),
        ):
            if not joined or _is_common(reading, joined):
                continue
            if (joined[0].start, joined[-1].end) not in taken:
                first, last = joined[0].start, joined[-1].end
                yield Proposal(name.kind, first, last, why, "coordination", weight=_WEIGHT)
    yield from _chained(reading, names)
    yield from _listed(reading, sorted(outer.values(), key=lambda it: it.start))


def _listed(reading: Reading, names: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield what stands in a list between two names of one kind: « A ; X ; B », « A, X et B »."""
    for left, right in pairwise(names):
        between = _BETWEEN.fullmatch(reading.text, left.end, right.start)
        if between is None or left.kind != right.kind or left.kind == "person":
            continue
        first = reading.tokens[reading.token_at(between.start("name"))]
        name = capitals(reading, [first])
        if name[-1].end == between.end("name") and not _is_common(reading, name):
            said = " ".join(reading.text[left.start : left.end].split())
            why = Why(f"dans une liste, après « {said} »", f"in a list, after “{said}”")
            start, end = between.span("name")
            yield Proposal(left.kind, start, end, why, "coordination", weight=_WEIGHT)


def _chained(reading: Reading, names: Sequence[Proposal]) -> Iterator[Proposal]:
    """Yield what a list goes on with after a place: « entre X, Y et Z »."""
    for name in names:
        if name.kind != "place" or not (chain := _CHAIN.match(reading.text, name.end)):
            continue
        said = " ".join(reading.text[name.start : name.end].split())
        why = Why(f"dans une liste, après « {said} »", f"in a list, after “{said}”")
        items = [it.span("name") for it in _LINK.finditer(reading.text, name.end, chain.end())]
        places = all_listed_places()
        listed = sum(folded(reading.text[start:end]) in places for start, end in items)
        if 2 * listed < len(items):
            continue
        for start, end in items:
            first = reading.tokens[reading.token_at(start)]
            if first.start == start and not _is_common(reading, [first]):
                yield Proposal("place", start, end, why, "coordination", weight=_WEIGHT)


def _is_common(reading: Reading, name: Sequence[Token]) -> bool:
    """Return whether a name is a word that begins sentences, or one with a capital of its own."""
    listed = words("common_capitals") | words("common_acronyms")
    return reading.is_opening(name[0]) or (len(name) == 1 and name[0].plain in listed)


def _joined(reading: Reading, number: int) -> list[Token]:
    """Return the capitalised words after « et » and an article, if the word at a number is it."""
    tokens = reading.tokens[number : number + 3]
    if len(tokens) < 2 or tokens[0].plain not in _JOINING or not number:
        return []
    if not reading.adjoin(reading.tokens[number - 1], tokens[0]):
        return []
    following = [it for it in tokens[1:] if it.plain not in _ARTICLES]
    if not following or not following[0].is_capital or reading.is_opening(following[0]):
        return []
    until = reading.tokens[number : following[0].number + 1]
    return capitals(reading, following[:1]) if all(map(reading.adjoin, until, until[1:])) else []


def _joined_before(reading: Reading, number: int) -> list[Token]:
    """Return the capitalised word before « et » and an article that stand before a name."""
    tokens = [*reading.tokens[max(0, number - 4) : number + 1]]
    if len(tokens) < 3 or not tokens[-1].is_capital:
        return []
    before = tokens[:-1]
    if before[-1].plain in _ARTICLES:
        before.pop()
    if len(before) < 2 or before[-1].plain not in _JOINING:
        return []
    left = before[-2]
    until = reading.tokens[left.number : number + 1]
    if (
        not left.is_capital
        or reading.is_opening(left)
        or not all(map(reading.adjoin, until, until[1:]))
    ):
        return []
    further = reading.before(left.start)
    alone = further is None or not further.is_capital or not reading.adjoin(further, left)
    return [left] if alone else []
