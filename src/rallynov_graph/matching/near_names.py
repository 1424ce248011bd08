"""Texts as they are compared, and names that are near what a person wrote."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher, get_close_matches
from typing import Final

LONGEST: Final = 200
"""A longer text is near nothing."""

_MARKS: Final = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_LETTERS: Final = str.maketrans(
    {"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "’": "'"}
)
_WORD: Final = re.compile(r"[^\W_]+")
_ARTICLE: Final = re.compile(r"^(?:(?:le|la|les|un|une|the|an|a) |l' ?)(?=.)")
_WORDS: Final = 8
"""So many words of a text are looked for."""
_SHORTEST: Final = 3
"""A word with fewer letters tells nothing, where there are others."""
_WHOLE: Final = 0.6
_SAME_WORD: Final = 0.75
_BEGINNING: Final = 0.9
_ENOUGH: Final = 0.7
"""Up from these a text, a word, the beginning of a word, all words are near."""
_OF_WORDS: Final = 0.6
"""How much it counts that the words are there; the rest is how little else stands beside them."""
_VARIANTS: Final = 20
"""As so many known words one word may be meant."""


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


def has_words(name: str, text: str) -> bool:
    """Tell whether each word of a text that tells something stands in a name, whole."""
    wanted = _words(without_article(text))
    return bool(wanted) and {*wanted} <= {*_WORD.findall(folded(name))}


def near(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Return the known names that are near a name, the nearest first.

    A name is near by its letters as a whole, or because it has the words that were written, in
    whatever order, each as it is, begun, or misspelt: a surname finds the person.
    """
    text = folded(name)
    if not text or len(text) > LONGEST:
        return []
    names: dict[str, str] = {}
    for one in known:
        names.setdefault(folded(one), one)
    scores = _by_words(text, names)
    for found in get_close_matches(text, names, most, _WHOLE):
        scores[found] = max(scores.get(found, 0.0), SequenceMatcher(None, found, text).ratio())
    ordered = sorted(scores, key=lambda one: (-scores[one], len(one), one))
    return [names[one] for one in ordered[:most]]


def _by_words(text: str, names: Mapping[str, str]) -> dict[str, float]:
    """Return how near each name is that has the words of a text, from 0 to 1."""
    bearers: dict[str, list[str]] = {}
    for one in names:
        for word in _words(one):
            bearers.setdefault(word, []).append(one)
    wanted = _words(text)[:_WORDS]
    letters = sum(map(len, wanted))
    scores: dict[str, float] = {}
    for word in wanted:
        best: dict[str, float] = {}
        for variant, likeness in _variants(word, bearers).items():
            for one in bearers[variant]:
                best[one] = max(best.get(one, 0.0), likeness)
        for one, likeness in best.items():
            scores[one] = scores.get(one, 0.0) + likeness * len(word) / letters
    return {
        one: score * (_OF_WORDS + (1 - _OF_WORDS) * 2 * letters / (letters + len(one)))
        for one, score in scores.items()
        if score >= _ENOUGH
    }


def _variants(word: str, known: Iterable[str]) -> dict[str, float]:
    """Return the known words that a word may mean, and how like it they are."""
    found = {
        variant: SequenceMatcher(None, variant, word).ratio()
        for variant in get_close_matches(word, known, _VARIANTS, _SAME_WORD)
    }
    if len(word) >= _SHORTEST:
        begun = (one for one in known if one.startswith(word) and one != word)
        found |= {one: max(_BEGINNING, found.get(one, 0.0)) for one in begun}
    return found


def _words(text: str) -> list[str]:
    """Return the words of a folded text that tell something, each once."""
    words = dict.fromkeys(_WORD.findall(text))
    return [word for word in words if len(word) >= _SHORTEST] or [*words]
