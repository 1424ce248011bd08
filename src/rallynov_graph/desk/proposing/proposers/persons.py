"""Persons: two capitalised words or more, and what stands beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import dropwhile
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing import beside_forenames
from rallynov_graph.desk.proposing.beside_persons import reasons
from rallynov_graph.desk.proposing.names_of_bodies import ends_in_region
from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import (
    communes,
    is_acronym,
    listed_places,
    regions,
    words,
)

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_LONGEST: Final = 40
"""So many words in a row are looked at together."""
_MOST: Final = 4
"""So many capitalised words a person's name may have."""
_LINKS: Final = frozenset(("et", "ou", "&"))
_FORENAMES: Final = frozenset(("lorraine", "france", "maine", "florence", "victoria"))
"""Names of places that are forenames, too."""


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield what may be a person: each reason apart, to be weighed with what speaks against it."""
    for run in _runs(reading):
        yield from _of_run(reading, run)
    for start, _ in reading.paragraphs:
        yield from _without_first_letter(reading, reading.token_at(start))


def _runs(reading: Reading) -> Iterator[list[Token]]:
    """Yield capitalised words in a row, with the small ones that stand within names."""
    tokens, number = reading.tokens, 0
    while number < len(tokens):
        if not _may_be_in_name(reading, tokens[number]):
            number += 1
            continue
        run = [tokens[number]]
        while len(run) < _LONGEST and (more := _more(reading, run)) is not None:
            run.extend(more)
        number = run[-1].number + 1
        yield run


def _may_be_in_name(reading: Reading, token: Token) -> bool:
    return (
        token.is_capital
        and not any(map(str.isdigit, token.text))
        and not reading.shouts(token.start)
    )


def _more(reading: Reading, run: Sequence[Token]) -> list[Token] | None:
    """Return the next capitalised word of a run, with the particles before it."""
    found: list[Token] = []
    last = run[-1]
    for token in reading.tokens[last.number + 1 : last.number + 4]:
        if not reading.adjoin(last, token):
            return None
        if _may_be_in_name(reading, token):
            return [*found, token]
        plain = token.plain.rstrip("'")
        if plain not in words("particles") or token.is_capital:
            return None
        found.append(token)
        last = token
    return None


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
    """Return whether capitals stand before the name of a person: « la CGT Paul Durand »."""
    others = [it for it in run[1:] if it.is_capital and not it.is_upper]
    return len(others) > 1 and run[0].is_upper


def _is_no_name(reading: Reading, token: Token) -> bool:
    if token.plain in words("civilities") or token.plain in words("roles"):
        return True
    return reading.is_opening(token) and token.plain not in words("inner")


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
    previous = reading.tokens[name[0].number - 1] if name[0].number else None
    if previous is not None and not reading.adjoin(previous, name[0]):
        previous = None
    if all(map(_is_initial, name)):
        return
    if previous is not None and previous.plain in words("civilities"):
        why = Why(
            f"« {previous.text} » précède le nom", f"“{previous.text}” stands before the name"
        )
        yield _proposal(name, why, 4.0)
    elif len(name) == 1:
        yield from _shared_surname(reading, name[0], previous)
        for why, weight in beside_forenames.reasons(reading, name[0], previous):
            yield _proposal(name, why, weight)
        return
    count = sum(it.is_capital for it in name)
    if not 1 < count <= _MOST or not _is_of_person(reading, name, previous):
        return
    yield _proposal(
        name,
        Why("prénom et nom, en capitales initiales", "two capitalised words, as persons have"),
        _shape(reading, name),
    )
    for why, weight in reasons(reading, name, previous):
        yield _proposal(name, why, weight)


def _is_initial(token: Token) -> bool:
    """Return whether a word is initials: « M. E.-R. » is who answers, and no name."""
    return "." in token.text or len(token.text) == 1


def _proposal(name: Sequence[Token], why: Why, weight: float, label: str = "") -> Proposal:
    return Proposal("person", name[0].start, name[-1].end, why, weight=weight, label=label)


def _is_of_person(reading: Reading, name: Sequence[Token], previous: Token | None) -> bool:
    if previous is not None and (
        previous.plain in words("articles") | words("determiners")
        or (previous.plain in words("organisation_types") and previous.text.islower())
        or previous.plain in words("venues") | words("events") | words("works")
    ):
        return False
    acronyms = words("common_acronyms")
    if any("&" in it.text or (it.is_upper and it.plain in acronyms) for it in name) or name[
        0
    ].plain in words("organisation_heads"):
        return False
    if name[0].plain in ("le", "la", "les"):
        return False
    uppers = [it.is_upper and "." not in it.text for it in name if it.is_capital]
    if uppers[0] and not all(uppers):
        return False
    whole = " ".join(it.plain for it in name)
    return (
        whole not in communes()
        and whole not in regions()
        and not (all(uppers) and is_acronym(name[0].text) and len(name[0].text) < 5)
    )


def _shape(reading: Reading, name: Sequence[Token]) -> float:
    """Return how much a name looks like that of a person by itself."""
    weight = 1.2
    capitals = [it for it in name if it.is_capital]
    kinds = words("organisation_types") | words("organisation_heads") | words("events")
    weight -= 1.5 * sum(it.plain in kinds for it in capitals)
    weight -= 1.5 * sum(it.plain in words("organisation_words") for it in capitals)
    weight -= 0.8 * sum(reading.common[it.plain] > 0 and len(it.plain) > 3 for it in capitals)
    weight -= 0.7 * ends_in_region(capitals)
    weight -= 1.5 * (capitals[0].plain in words("place_heads"))
    placed = capitals[-1].plain in listed_places() and len(name) > len(capitals)
    weight -= 1.0 * (placed and reading.opens(name[0]))
    weight -= 0.6 * (
        capitals[0].plain in communes() and capitals[0].plain not in ("nancy", "florian")
    )
    weight -= 1.5 * (capitals[0].plain in words("known_acronyms"))
    of_region = capitals[0].plain in regions() and capitals[0].plain not in _FORENAMES
    weight -= 1.0 * of_region
    weight -= 0.8 * reading.is_quoted(name[0].start, name[-1].end)
    return weight


def _shared_surname(reading: Reading, token: Token, previous: Token | None) -> Iterator[Proposal]:
    """Yield two persons who are named with one surname: « Paul et Anne Durand »."""
    tokens = reading.tokens[token.number + 1 : token.number + 6]
    if len(tokens) < 3 or tokens[0].plain not in _LINKS or reading.is_opening(token):
        return
    if previous is not None and previous.plain in (
        words("articles") | words("determiners") | words("organisation_types") | {"a", "de", "d'"}
    ):
        return
    if not reading.adjoin(token, tokens[0]) or not reading.adjoin(tokens[0], tokens[1]):
        return
    following = next((run for run in _runs_from(reading, tokens[1])), None)
    if following is None or not _is_of_person(reading, following, None) or len(following) < 2:
        return
    if len(reading.places_of(token.text)) > 1 or token.plain in listed_places() or token.is_upper:
        return
    surname = reading.text[following[1].start : following[-1].end]
    why = Why("deux prénoms, un seul nom de famille", "two forenames with one surname")
    span = [token, following[-1]]
    yield _proposal(span, why, 2.0, f"{token.text} {surname}")
    yield _proposal(span, why, 2.0, reading.text[following[0].start : following[-1].end])


def _without_first_letter(reading: Reading, number: int) -> Iterator[Proposal]:
    """Yield a person whose forename begins a paragraph and has its first letter apart, or lost."""
    here = reading.tokens[number : number + 3]
    skipped = int(bool(here) and _is_lone_capital(here[0]))
    if len(here) < skipped + 2 or not _is_cut(reading, here[skipped], here[skipped + 1]):
        return
    first, surname = here[skipped : skipped + 2]
    before = reading.tokens[max(0, first.number - 1) : first.number]
    capital = [it for it in before if _is_lone_capital(it)]
    name = next(_runs_from(reading, surname), [])
    why = Why("la première lettre est une lettrine", "its first letter is a drop cap")
    if name and capital:
        whole = reading.text[first.start : name[-1].end]
        yield _proposal([*capital, first, *name], why, 2.5, f"{capital[0].text}{whole}")
    elif name:
        yield _proposal([first, *name], why, 2.5)


def _is_lone_capital(token: Token) -> bool:
    return len(token.text) == 1 and token.is_capital


def _is_cut(reading: Reading, word: Token, surname: Token) -> bool:
    """Return whether a small word before a capital is no word that the text has otherwise."""
    small = ("openings", "roles", "civilities", "saying", "acting", "events", "venues", "links")
    return (
        word.text[0].islower()
        and not word.is_elided
        and surname.is_capital
        and reading.adjoin(word, surname)
        and reading.common[word.plain] == 1
        and not any(word.plain in words(it) for it in (*small, "organisation_types", "english"))
    )


def _runs_from(reading: Reading, token: Token) -> Iterator[list[Token]]:
    if _may_be_in_name(reading, token):
        run = [token]
        while (more := _more(reading, run)) is not None:
            run.extend(more)
        yield _first_name(run)[0]
