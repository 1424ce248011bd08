"""Where something takes place: « salle des Vieux-Mareyeurs », « cinéma Le Pathé », « 3 rue X »."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Proposal, Why
from rallynov_graph.desk.proposing.word_lists import words

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.reading import Reading, Token

_LINKS: Final = frozenset(("de", "du", "des", "la", "le", "les", "l'", "d'", "a", "aux"))
_LONGEST: Final = 8
_MOST_LINKS: Final = 3
_MOST_DIGITS: Final = 3


def propose(reading: Reading) -> Iterator[Proposal]:
    """Yield rooms, halls and squares by their names, and streets with their number."""
    for token in reading.tokens:
        is_street = token.plain in words("streets")
        if token.is_upper or not (is_street or token.plain in words("venues")):
            continue
        name = _named(reading, token)
        if len(name) > 1 and not (is_street and _names_another(reading, token)):
            first = _numbered(reading, token) if is_street else token
            why = Why(f"lieu nommé après « {token.text} »", f"named after “{token.text}”")
            yield Proposal("place", first.start, name[-1].end, why, weight=2.4)


def _named(reading: Reading, noun: Token) -> Sequence[Token]:
    """Return a noun with the capitals that follow it, and the small words between."""
    name = [noun]
    pending: list[Token] = []
    for more in reading.tokens[noun.number + 1 : noun.number + _LONGEST]:
        if not reading.adjoin(pending[-1] if pending else name[-1], more):
            break
        if more.is_capital:
            name, pending = [*name, *pending, more], []
        elif more.plain in _LINKS and len(pending) < _MOST_LINKS:
            pending.append(more)
        else:
            break
    return name


def _names_another(reading: Reading, street: Token) -> bool:
    """Return whether a street tells whose or which something is: « le collectif de la rue X »."""
    before = [*reading.tokens[max(0, street.number - 2) : street.number]]
    if before and before[-1].plain in ("la", "l'"):
        before.pop()
    return bool(before) and before[-1].plain == "de"


def _numbered(reading: Reading, street: Token) -> Token:
    """Return the number of a house that stands before a street, else the street."""
    before = reading.before(street.start)
    if before is None or not before.text.isdigit() or len(before.text) > _MOST_DIGITS:
        return street
    between = reading.text[before.end : street.start]
    return before if between.strip(" ,\xa0\u202f") == "" else street
