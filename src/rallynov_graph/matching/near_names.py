"""Find the names nearest to what a person wrote; the only matcher, for pages and commands.

Texts are compared folded. The nearness of two texts or words is the share of their letters that
both have in the same order, from 0 to 1. Where a guess must be certain, only typing errors are
accepted.

The similarity of two names is computed word by word, in any order: a word may be misspelt or an
initial; long words count more than short ones. A name may also be written as one word, or as an
acronym.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel

from rallynov_graph.matching.words import LIGHT, LONGEST_ACRONYM, folded, initials, without_article

SHORTEST_WORD: Final = 4
"""A shorter word may have no letter off."""
_SURE: Final = 6
LONG: Final = 8
"""The number of letters from which two of them may be wrong."""
LONGEST_WORD: Final = 30


def allowed(word: str) -> int:
    """Return how many letters of a word may be wrong; none in a word with a digit."""
    if not (SHORTEST_WORD <= len(word) <= LONGEST_WORD and word.isalpha()):
        return 0
    return 1 if len(word) < LONG else 2


def is_slip(written: str, meant: str) -> bool:
    """Return whether a word may be a slip of another, and is not just another short word.

    A slip keeps the first letter; a word of few letters keeps them all: most of these are near some
    other one, as *coûte* is near Comté.
    """
    return written[:1] == meant[:1] and (len(written) >= _SURE or {*written} == {*meant})


def distance(first: str, second: str, limit: int) -> int:
    """Return how many letters to change, add, drop or swap; more than ``limit`` if too many."""
    return OSA.distance(first, second, score_cutoff=limit)


LONGEST: Final = 200
"""A longer text is near nothing."""

_WORD: Final = re.compile(r"[^\W_]+")
_WORDS: Final = 8
"""How many words of a text are looked for."""
_SHORTEST: Final = 3
"""The minimum length of a word, unless there are no longer ones."""
_WHOLE: Final = 0.6
_SAME_WORD: Final = 0.75
_BEGINNING: Final = 0.9
_ENOUGH: Final = 0.7
"""From these scores on, a text, a word, the beginning of a word, all words together are near."""
_OF_WORDS: Final = 0.6
"""The share of a score for having the words; the rest is for having few others."""
_VARIANTS: Final = 20
"""How many known words one word may stand for."""


def near(text: str, known: Iterable[str], most: int = 3, *, slips_only: bool = False) -> list[str]:
    """Return the known names near a text, the nearest first.

    A name is near by its letters as a whole, or because it has the written words in any order, each
    complete, begun, or misspelt: a surname finds the person.

    With ``slips_only`` a name is near only if it differs by typing errors, and no other name
    differs by fewer. Among these, names with the same beginning come first, then in the given
    order.
    """
    wanted = folded(text)
    if not wanted or len(wanted) > LONGEST:
        return []
    names: dict[str, str] = {}
    for name in known:
        names.setdefault(folded(name), name)
    found = _misspelt(wanted, names) if slips_only else _alike(wanted, names, most)
    return [names[name] for name in found[:most]]


def has_words(name: str, text: str) -> bool:
    """Whether a name has each whole word of a text; very short words do not count."""
    wanted = _words(without_article(text))
    return bool(wanted) and {*wanted} <= {*_WORD.findall(folded(name))}


def _misspelt(text: str, names: Iterable[str]) -> list[str]:
    most = allowed(text)
    if not most:
        return []
    matches = process.extract(
        text, [*names], scorer=OSA.distance, limit=None, score_cutoff=most, processor=None
    )
    slips = [
        (letters, position, name) for name, letters, position in matches if name and name != text
    ]
    fewest = min(slips, default=(0, 0, ""))[0]
    found = sorted(
        (name[0] != text[0], position, name)
        for letters, position, name in slips
        if letters == fewest
    )
    return [name for _, _, name in found]


def _alike(text: str, names: Mapping[str, str], most: int) -> list[str]:
    scores = _by_words(text, names)
    for name, score in _by_letters(text, names, most, _WHOLE).items():
        scores[name] = max(scores.get(name, 0.0), score)
    return sorted(scores, key=lambda name: (-scores[name], len(name), name))


def _by_letters(text: str, known: Iterable[str], most: int, least: float) -> dict[str, float]:
    """Return the known texts nearest by their letters, with their nearness."""
    found = process.extract(
        text, [*known], scorer=Indel.normalized_similarity, limit=most, score_cutoff=least
    )
    return {name: score for name, score, _ in found}


def _by_words(text: str, names: Mapping[str, str]) -> dict[str, float]:
    """Return the nearness, from 0 to 1, of each name that has the words of a text."""
    bearers: dict[str, list[str]] = {}
    for name in names:
        for word in _words(name):
            bearers.setdefault(word, []).append(name)
    wanted = _words(text)[:_WORDS]
    letters = sum(map(len, wanted))
    scores: dict[str, float] = {}
    for word in wanted:
        best: dict[str, float] = {}
        for variant, likeness in _variants(word, bearers).items():
            for name in bearers[variant]:
                best[name] = max(best.get(name, 0.0), likeness)
        for name, likeness in best.items():
            scores[name] = scores.get(name, 0.0) + likeness * len(word) / letters
    return {
        name: score * (_OF_WORDS + (1 - _OF_WORDS) * 2 * letters / (letters + len(name)))
        for name, score in scores.items()
        if score >= _ENOUGH
    }


def _variants(word: str, known: Iterable[str]) -> dict[str, float]:
    """Return the known words that a word may mean, with their nearness."""
    found = _by_letters(word, known, _VARIANTS, _SAME_WORD)
    if len(word) >= _SHORTEST:
        begun = (
            candidate for candidate in known if candidate.startswith(word) and candidate != word
        )
        found |= {candidate: max(_BEGINNING, found.get(candidate, 0.0)) for candidate in begun}
    return found


def _words(text: str) -> list[str]:
    """Return the distinct words of a folded text that are long enough, or all if none is."""
    words = dict.fromkeys(_WORD.findall(text))
    return [word for word in words if len(word) >= _SHORTEST] or [*words]


MOST_WORDS: Final = 24
"""How many words of a longer name are compared."""
_LIGHT: Final = 0.5
_LIGHTEST: Final = 3.0
_HEAVIEST: Final = 12.0
"""The weight of a word: its letters, within these bounds; a small word weighs less."""
_SLIP: Final = 0.5
_FIRST_SLIP: Final = 0.8
"""The share that a wrong letter costs; the second value applies if the first letters differ."""
_INITIAL: Final = 0.9
_ACRONYM: Final = 0.85
_ORDER: Final = 0.98
_JOINED: Final = 0.99
_RUN: Final = 4
"""How many initials may be together for forenames."""


def likeness(words: Sequence[str], other_words: Sequence[str]) -> float:
    """Return the similarity of two names, given as their plain words."""
    if not words or not other_words:
        return 0.0
    first, second = tuple(words[:MOST_WORDS]), tuple(other_words[:MOST_WORDS])
    if first == second:
        return 1.0
    return max(
        _word_by_word(first, second), _in_one_word(first, second), _as_acronym(first, second)
    )


def word_likeness(first: str, second: str) -> float:
    """Return the similarity of two words that differ by typing errors, else 0."""
    if first == second:
        return 1.0
    limit = min(allowed(first), allowed(second))
    if not limit:
        return 0.0
    slips = distance(first, second, limit)
    if slips > limit:
        return 0.0
    return 1 - slips * (_SLIP if first[0] == second[0] else _FIRST_SLIP) / max(
        len(first), len(second)
    )


def _weight(word: str) -> float:
    return _LIGHT if word in LIGHT else min(max(len(word), _LIGHTEST), _HEAVIEST)


def _word_by_word(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return the share of both names that consists of the same words, in any order."""
    pairs = _pairs(first, second)
    first_left = [i for i in range(len(first)) if i not in pairs]
    second_left = [i for i in range(len(second)) if i not in {j for j, _ in pairs.values()}]
    same = sum(score * (_weight(first[i]) + _weight(second[j])) for i, (j, score) in pairs.items())
    whole = sum(map(_weight, first)) + sum(map(_weight, second))
    if pairs and first_left and second_left:
        for short, long in (
            *_initials(first, first_left, second, second_left),
            *_initials(second, second_left, first, first_left),
        ):
            same += 2 * _INITIAL * long
            whole += long - short
    order = [j for _, (j, _) in sorted(pairs.items())]
    return same / whole * (1.0 if order == sorted(order) else _ORDER)


def _pairs(first: tuple[str, ...], second: tuple[str, ...]) -> dict[int, tuple[int, float]]:
    """Return the second name's word for words of the first, with their similarity.

    Equal words are paired before similar ones.
    """
    pairs: dict[int, tuple[int, float]] = {}
    free_of_second = dict.fromkeys(range(len(second)))
    for i, word in enumerate(first):
        if (j := next((j for j in free_of_second if second[j] == word), None)) is not None:
            pairs[i] = j, 1.0
            del free_of_second[j]
    alike = [
        (word_likeness(word, second[j]), i, j)
        for i, word in enumerate(first)
        if i not in pairs
        for j in free_of_second
    ]
    for score, i, j in sorted(
        alike, key=lambda candidate: (-candidate[0], candidate[1], candidate[2])
    ):
        if score and i not in pairs and j in free_of_second:
            pairs[i] = j, score
            del free_of_second[j]
    return pairs


def _initials(
    first: tuple[str, ...], first_left: list[int], second: tuple[str, ...], second_left: list[int]
) -> list[tuple[float, float]]:
    """Return the weight of each unpaired initial, and that of the words that it abbreviates.

    Both are removed from the unpaired words. "JM" abbreviates two consecutive words.
    """
    found = []
    for i in [*first_left]:
        short = first[i]
        if len(short) > _RUN or not short.isalpha():
            continue
        for j in [*second_left]:
            run = range(j, j + len(short))
            words = [
                second[position]
                for position in run
                if position in second_left and len(second[position]) > 1
            ]
            if "".join(word[0] for word in words) == short and len(words) == len(run):
                found.append((_weight(short), sum(map(_weight, words))))
                first_left.remove(i)
                second_left[:] = [position for position in second_left if position not in run]
                break
    return found


def _in_one_word(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return the similarity of two names when their words are written together."""
    return _JOINED if "".join(first) == "".join(second) else 0.0


def _as_acronym(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Return how likely one name abbreviates the other."""
    for short, long in ((first, second), (second, first)):
        if len(short) == 1 < len(long) and len(short[0]) <= LONGEST_ACRONYM:
            return _ACRONYM if short[0] in initials(long) else 0.0
    return 0.0
