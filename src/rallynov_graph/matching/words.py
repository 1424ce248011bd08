"""Words as they are compared: without accents and case, ligatures spelt out, initials together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rallynov_graph.matching.folding import folded

LONGEST_WORD: Final = 40
"""A longer word is compared by so many of its first letters."""
LONGEST_ACRONYM: Final = 10
"""The first letters of more words abbreviate nothing."""
MOST_JOINED: Final = 3
"""So many words at most are written as one."""
_INITIALS: Final = r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?"
"""R.I.F.C. is one word."""
_PLAIN: Final = re.compile(_INITIALS + r"|[^\W_]+")
_PLACED: Final = re.compile(_INITIALS + r"|[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_ELIDED: Final = re.compile(r"\b(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’](?=\w)", re.IGNORECASE)
SMALL: Final = frozenset(
    (
        *("a", "au", "aux", "ce", "ces", "d", "dans", "de", "des", "du", "en", "et", "l", "la"),
        *("le", "les", "ou", "par", "pour", "s", "sur", "un", "une"),
        *("an", "and", "by", "for", "in", "of", "on", "or", "the", "to", "with"),
    )
)
"""French and English words that say little: no thing is passed over for the want of one."""

LIGHT: Final = SMALL | frozenset(
    (
        *("asso", "association", "company", "eurl", "gmbh", "inc", "ltd", "sa", "sarl", "sas"),
        *("scic", "scop", "societe"),
        *("dr", "m", "madame", "mlle", "mme", "monsieur", "mr", "mrs", "ms", "prof"),
    )
)
"""With them the words that stand before many names, or in none: legal forms and titles."""


@dataclass(frozen=True)
class Piece:
    """A part of a text; marked where it is what was searched for."""

    text: str
    marked: bool = False


def plain_words(text: str) -> list[str]:
    """Return the words of a text in order, as they are compared."""
    return [run.replace(".", "")[:LONGEST_WORD] for run in _PLAIN.findall(folded(text))]


def initials(words: Sequence[str]) -> tuple[str, ...]:
    """Return what the first letters of some words make, with small words and without; else none."""
    telling = [word for word in words if word not in SMALL]
    made = ("".join(word[0] for word in kept) for kept in (telling, words))
    return tuple(dict.fromkeys(one for one in made if 2 <= len(one) <= LONGEST_ACRONYM))


def shorter(words: Sequence[str]) -> tuple[str, ...]:
    """Return what some words are also written as: their initials, all of them in one word."""
    joined = "".join(words)
    together = 2 <= len(words) <= MOST_JOINED and len(joined) <= LONGEST_WORD
    return (*initials(words), joined) if together else initials(words)


def name_words(text: str) -> list[str]:
    """Return the words of a name in order, elided articles passed over where others are there."""
    return plain_words(_ELIDED.sub(" ", text)) or plain_words(text)


def asked(text: str) -> tuple[str, ...]:
    """Return the different words that somebody searches for, elided articles passed over."""
    return tuple(dict.fromkeys(name_words(text)))


def marked(text: str, wanted: Callable[[str], bool]) -> tuple[Piece, ...]:
    """Return a text in pieces, those words marked that are wanted."""
    pieces, done = [], 0
    for run in _PLACED.finditer(text):
        if any(wanted(word) for word in plain_words(run[0])):
            if run.start() > done:
                pieces.append(Piece(text[done : run.start()]))
            pieces.append(Piece(run[0], True))
            done = run.end()
    if done < len(text):
        pieces.append(Piece(text[done:]))
    return tuple(pieces)
