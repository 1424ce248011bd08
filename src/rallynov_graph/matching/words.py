"""Words as they are compared: without accents and case, ligatures spelt out, initials together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rallynov_graph.matching.folding import folded

LONGEST_WORD: Final = 40
"""How many letters of a longer word are compared."""
LONGEST_ACRONYM: Final = 10
"""The first letters of more words abbreviate nothing."""
MOST_JOINED: Final = 3
"""How many words may be written as one."""
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
"""French and English words that say little: a thing is found without them too."""

LIGHT: Final = SMALL | frozenset(
    (
        *("asso", "association", "company", "eurl", "gmbh", "inc", "ltd", "sa", "sarl", "sas"),
        *("scic", "scop", "societe"),
        *("dr", "m", "madame", "mlle", "mme", "monsieur", "mr", "mrs", "ms", "prof"),
    )
)
"""The small words, and the legal forms and titles that stand beside many names."""


@dataclass(frozen=True)
class TextPiece:
    """A part of a text; marked where it is a word that was searched for."""

    text: str
    marked: bool = False


def plain_words(text: str) -> list[str]:
    """Return the words of a text in order, as they are compared."""
    return [run.replace(".", "")[:LONGEST_WORD] for run in _PLAIN.findall(folded(text))]


def initials(words: Sequence[str]) -> tuple[str, ...]:
    """Return the acronyms of some words, without their small words and with them."""
    telling = [word for word in words if word not in SMALL]
    acronyms = ("".join(word[0] for word in chosen) for chosen in (telling, words))
    return tuple(
        dict.fromkeys(acronym for acronym in acronyms if 2 <= len(acronym) <= LONGEST_ACRONYM)
    )


def short_forms(words: Sequence[str]) -> tuple[str, ...]:
    """Return the shorter ways to write some words: their acronyms, all of them in one word."""
    joined = "".join(words)
    are_joined = 2 <= len(words) <= MOST_JOINED and len(joined) <= LONGEST_WORD
    return (*initials(words), joined) if are_joined else initials(words)


def name_words(text: str) -> list[str]:
    """Return the words of a name in order, without elided articles unless it has nothing else."""
    return plain_words(_ELIDED.sub(" ", text)) or plain_words(text)


def search_words(text: str) -> tuple[str, ...]:
    """Return the distinct words of a search, without elided articles."""
    return tuple(dict.fromkeys(name_words(text)))


def words_in_place(text: str) -> Iterator[re.Match[str]]:
    """Yield the words of a text where they stand, each as it is written."""
    return _PLACED.finditer(text)


def marked(text: str, wanted: Callable[[str], bool]) -> tuple[TextPiece, ...]:
    """Return a text in pieces, in which the wanted words are marked."""
    pieces, end = [], 0
    for run in words_in_place(text):
        if any(wanted(word) for word in plain_words(run[0])):
            if run.start() > end:
                pieces.append(TextPiece(text[end : run.start()]))
            pieces.append(TextPiece(run[0], True))
            end = run.end()
    if end < len(text):
        pieces.append(TextPiece(text[end:]))
    return tuple(pieces)
