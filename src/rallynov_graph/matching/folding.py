"""Texts as they are compared: without accents, case and other differences of spelling."""

import re
import unicodedata
from typing import Final

_MARKS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_LETTERS: Final = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "’": "'"}
)
_ARTICLE: Final = re.compile(r"^(?:(?:le|la|les|un|une|the|an|a) |l' ?)(?=.)")


def folded(text: str) -> str:
    """Return a text as texts are compared: without accents and case, ligatures spelt out.

    Apostrophes are straight, spaces single. Marks that tell words apart in scripts that have no
    accents stay.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    return " ".join(_MARKS.sub("", plain).split())


def without_article(text: str) -> str:
    """Return a text folded, without the French or English article that it begins with."""
    return _ARTICLE.sub("", folded(text), count=1)
