"""Persons: two or more capitalised words, or one, found by form and context."""

from collections.abc import Iterator, Sequence
from itertools import dropwhile
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
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.reading import NO_WORD, Reading, Token, named
from rallynov_graph.matching.words import folded

_LONGEST: Final = 40
"""So many words in a row are looked at together."""
_MOST: Final = 4
"""So many capitalised words a person's name may have."""
_NEAR: Final = 40
_FAR: Final = 160
"""How many characters before and after a name are looked at."""
_BEFORE: Final = 90
_LIST: Final = 300
"""So many characters before a single word are looked at, and so long may a list be."""
_TO_CALL: Final = 8
"""A contact is so near to the person: « auprès de X au … »."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield possible persons: each reason for and against, to be weighed."""
    for run in _runs(reading):
        yield from _of_run(reading, run)


def _runs(reading: Reading) -> Iterator[list[Token]]:
    """Yield capitalised words in a row, with the small ones within names."""
    number = 0
    while number < len(reading.tokens):
        run = _run_from(reading, reading.tokens[number])
        number = run[-1].number + 1 if run else number + 1
        if run:
            yield run


def _run_from(reading: Reading, token: Token) -> list[Token]:
    """Return the sequence of capitalised words from one on; none if it is not a name."""
    run = [token] if _may_be_in_name(reading, token) else []
    while run and len(run) < _LONGEST and (more := _more(reading, run)):
        run.extend(more)
    return run


def _may_be_in_name(reading: Reading, token: Token) -> bool:
    is_number = any(map(str.isdigit, token.text))
    return token.is_capital and not is_number and not reading.shouts(token.start)


def _more(reading: Reading, run: Sequence[Token]) -> list[Token]:
    """Return the next capitalised word of a run, with the particles before it."""
    found: list[Token] = []
    last = run[-1]
    for token in reading.tokens[last.number + 1 : last.number + 4]:
        if not reading.adjoin(last, token):
            break
        if _may_be_in_name(reading, token):
            return [*found, token]
        if token.plain.rstrip("'") not in words("particles") or token.is_capital:
            break
        found.append(token)
        last = token
    return []


def _of_run(reading: Reading, run: list[Token]) -> Iterator[Proposal]:
    while run and (_is_no_name(reading, run[0]) or _is_acronym_before(run)):
        run = _from_capital(run[1:])
    while run:
        name, rest = _first_name(run)
        yield from _cues(reading, name)
        run = _from_capital(rest)


def _from_capital(run: list[Token]) -> list[Token]:
    """Return a run from its first capitalised word on."""
    return list(dropwhile(lambda it: not it.is_capital, run))


def _is_acronym_before(run: Sequence[Token]) -> bool:
    """Return whether capitals come before the name of a person: « la CGT Paul Durand »."""
    others = [it for it in run[1:] if it.is_capital and not it.is_upper]
    return len(others) > 1 and run[0].is_upper


def _is_no_name(reading: Reading, token: Token) -> bool:
    is_other = reading.is_opening(token) and token.plain not in words("inner")
    return is_other or token.plain in words("civilities", "roles")


def _first_name(run: list[Token]) -> tuple[list[Token], list[Token]]:
    """Return the name with which a run begins, and the rest: « X Y de Z » is a name and more."""
    capitals = 0
    for number, token in enumerate(run):
        if token.is_capital:
            capitals += token.plain not in words("inner") or number == 0
        elif capitals > 1 or (token.plain in ("du", "des") and capitals > 0):
            return run[:number], run[number:]
    return run, []


def _cues(reading: Reading, name: list[Token]) -> Iterator[Proposal]:
    previous = reading.beside(name[0])
    # « M. E.-R. » is who answers, and no name.
    if all("." in it.text or len(it.text) == 1 for it in name):
        return
    if previous.plain in words("civilities"):
        yield named("person", name, reason("civility", said=previous.text))
    elif len(name) == 1:
        yield from _shared_surname(reading, name[0], previous)
        for it in _beside_one_word(reading, name[0], previous):
            yield named("person", name, it)
        return
    count = sum(it.is_capital for it in name)
    if 1 < count <= _MOST and _is_of_person(reading, name, previous):
        yield named("person", name, reason("forename_and_surname", _shape(reading, name)))
        for it in _beside(reading, name, previous):
            yield named("person", name, it)


def _is_of_person(reading: Reading, name: Sequence[Token], previous: Token) -> bool:
    is_kind = previous.plain in words("organisation_types") and previous.text.islower()
    if is_kind or previous.plain in words("articles", "determiners", "venues", "events", "works"):
        return False
    first = name[0]
    if first.plain in words("organisation_heads") or first.plain in ("le", "la", "les"):
        return False
    uppers = [it.is_upper and "." not in it.text for it in name if it.is_capital]
    if uppers[0] and not all(uppers):
        return False
    is_short = all(uppers) and is_acronym(first.text) and len(first.text) < 5
    return " ".join(it.plain for it in name) not in toponyms().listed and not is_short


def _shape(reading: Reading, name: Sequence[Token]) -> float:
    """Return how much a name looks like that of a person by itself."""
    weight = 1.2
    capitals = [it for it in name if it.is_capital]
    first = capitals[0].plain
    weight -= 1.5 * sum(it.plain in words("organisation_words") for it in capitals)
    weight -= 0.8 * sum(reading.common[it.plain] > 0 and len(it.plain) > 3 for it in capitals)
    weight -= 1.5 * (first in words("place_heads"))
    weight -= 0.6 * (first in toponyms().communes and first not in words("forenames_of_communes"))
    weight -= 1.0 * (first in toponyms().regions and first not in words("forenames_of_regions"))
    weight -= 0.8 * reading.is_quoted(name[0].start, name[-1].end)
    return weight


def _beside(reading: Reading, name: Sequence[Token], previous: Token) -> Iterator[Reason]:
    """Yield the reasons beside a person's name: a role, an age, a verb, « selon »."""
    start, end = name[0].start, name[-1].end
    right = reading.text[end : end + _FAR]
    yield from beside("person", reading.text[max(0, start - _NEAR) : start], right)
    verb = form("verb_after").match(right)
    if verb and folded(verb[1]) in words("saying", "acting"):
        yield reason("subject", 1.5, said=verb[1])


def _beside_one_word(reading: Reading, token: Token, previous: Token) -> Iterator[Reason]:
    """Yield the reasons for a name of one word: « lâche Enzo, 14 ans », « Bonjour Enzo, »."""
    text = reading.text
    if token.is_upper or token.plain in toponyms().listed:
        return
    left = text[max(0, token.start - _BEFORE) : token.start]
    yield from beside("one_word", left, text[token.end : token.end + _FAR])
    if previous.plain in words("saying"):
        yield reason("subject", 1.0, said=previous.text)
    label = form("label_before").search(left)
    is_last = bool(form("next_name").match(text, token.end))
    if label and folded(label[1]) in words("roles") and is_last:
        yield reason("after_said", 1.5, said=label[1])
    if is_last and _is_listed(reading, token):
        yield reason("took_part")
    calls = reading.is_blanked(token.end, token.end + _TO_CALL)
    if calls and previous.plain in words("before_who_is_called"):
        yield reason("contact_after")
    if not reading.is_opening(token) and (pronoun := form("resumed").match(text, token.end)):
        yield reason("resumed", said=pronoun[1])


def _is_listed(reading: Reading, token: Token) -> bool:
    """Return whether a word is in a list of those who took part: « Ont participé : X, Y »."""
    first = max(reading.line(token.start)[0], token.start - _LIST)
    lead = form("contributors_before").search(reading.text, first, token.start)
    return bool(lead and form("among_names").fullmatch(reading.text, lead.end(), token.start))


def _shared_surname(reading: Reading, token: Token, previous: Token) -> Iterator[Proposal]:
    """Yield two persons who are named with one surname: « Paul et Anne Durand »."""
    tokens = reading.tokens[token.number + 1 : token.number + 6]
    if len(tokens) < 3 or tokens[0].plain not in words("joining") or reading.is_opening(token):
        return
    others = words("articles", "determiners", "organisation_types") | {"a", "de", "d'"}
    if previous.plain in others:
        return
    if not reading.all_adjoin((token, *tokens[:2])):
        return
    following = _whole_name(reading, tokens[1])
    if len(following) < 2 or not _is_of_person(reading, following, NO_WORD):
        return
    surname = reading.text[following[1].start : following[-1].end]
    shared, span = reason("shared_surname"), (token, following[-1])
    yield named("person", span, shared, f"{token.text} {surname}")
    yield named("person", span, shared, reading.text[following[0].start : following[-1].end])


def _whole_name(reading: Reading, token: Token) -> list[Token]:
    """Return the name that begins with a word; none if it is not a name."""
    return _first_name(_run_from(reading, token))[0]
