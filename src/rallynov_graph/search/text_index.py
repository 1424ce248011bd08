"""Find words in the texts of documents, in all their forms.

An index of all texts is in memory: each word once, with the numbers of its places. Private parts
must be blanked out in the texts before.
"""

import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Final

from rallynov_graph.matching.words import SMALL, plain_words, stem, words_in_place

SHORTEST_BEGINNING: Final = 3
"""Fewer letters begin too many words."""
MOST_FORMS: Final = 12
"""How many forms of a word are named."""
MOST_PLACES: Final = 5_000
"""How many places of a word are looked at, the first ones."""
_NEAR: Final = 10
"""So many words further, two words still are together."""
_BETWEEN: Final = re.compile(r"(?:[^\W_]|['’ \-\x01]|\n(?!\s*\n))*")
"""What is between the words of one expression; \\x01 stands for a sign of emphasis."""
_MOST_BETWEEN: Final = 3
_AFTER_ALL: Final = "\U0010ffff"


@dataclass(frozen=True)
class Occurrence:
    """Searched words in a text: the first character and the one after the last."""

    document: str
    start: int
    end: int


@dataclass(frozen=True)
class WordForms:
    """A searched word, and the words of the texts that match it."""

    word: str
    forms: tuple[str, ...]
    """As they are written, in small letters; the first ones of many."""
    are_begun: bool = False
    """Whether they only begin like it."""


@dataclass(frozen=True)
class Occurrences:
    """The places of words in texts: first those with most of them together, then in order."""

    words: tuple[WordForms, ...] = ()
    found: tuple[Occurrence, ...] = ()
    together: int = 0
    """How many of them have all words near each other, but for those that stand nowhere."""
    more: bool = False
    """Whether there are more, if a word is nearly everywhere."""


class TextIndex:
    """An index of the words of some texts, which do not change."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.documents = tuple(texts)
        self._texts = texts
        self._first = array("L")
        """The number of the first word of each document."""
        self._starts, self._ends = array("L"), array("L")
        self._places: dict[str, array[int]] = {}
        self._written: dict[str, str] = {}
        spelt: dict[str, tuple[str, ...]] = {}
        for text in texts.values():
            self._first.append(len(self._starts))
            for run in words_in_place(text):
                written = run[0]
                plain = spelt.get(written)
                if plain is None:
                    plain = spelt[written] = tuple(dict.fromkeys(plain_words(written)))
                for word in plain:
                    places = self._places.get(word)
                    if places is None:
                        places = self._places[word] = array("L")
                        self._written[word] = written.lower()
                    places.append(len(self._starts))
                self._starts.append(run.start())
                self._ends.append(run.end())
        self._sorted = sorted(self._places)
        self._by_stem: dict[str, list[str]] = {}
        for word in self._sorted:
            self._by_stem.setdefault(stem(word), []).append(word)

    def text(self, document: str) -> str:
        return self._texts[document]

    def find(
        self, words: Iterable[str], spellings: Mapping[str, Sequence[str]] | None = None
    ) -> Occurrences:
        """Return where these folded words are, in any form; else words that begin with them.

        ``spellings`` has the corrections of words that are nowhere.
        """
        sought = [(word, *self._forms(word, (spellings or {}).get(word, ()))) for word in words]
        known = [forms for _, forms, _ in sought if forms]
        at, more = self._at(known)
        places = self._merged(at)
        weights = self._weights(places, len(known))
        order = sorted(range(len(places)), key=weights.__getitem__, reverse=True)
        found = [self._occurrence(*places[number][:2]) for number in order]
        return Occurrences(
            tuple(
                WordForms(word, tuple(self._written[it] for it in islice(forms, MOST_FORMS)), begun)
                for word, forms, begun in sought
            ),
            tuple(found),
            sum(weight == len(known) for weight in weights),
            more,
        )

    def _forms(self, word: str, spellings: Sequence[str]) -> tuple[list[str], bool]:
        """Return the text's words that match one, and whether they only begin with it."""
        if forms := self._by_stem.get(stem(word)):
            return forms, False
        if len(word) >= SHORTEST_BEGINNING:
            first = bisect_left(self._sorted, word)
            last = bisect_left(self._sorted, word + _AFTER_ALL)
            if first < last:
                return self._sorted[first:last], True
        others = dict.fromkeys(stem(it) for it in spellings)
        return [form for it in others for form in self._by_stem.get(it, ())], False

    def _at(self, sought: Sequence[Sequence[str]]) -> tuple[dict[int, int], bool]:
        """Return each place with its words as bits, and whether there are more."""
        at: dict[int, int] = {}
        more = False
        for number, forms in enumerate(sought):
            places = merge(*(self._places[form] for form in forms))
            for place in islice(places, MOST_PLACES):
                at[place] = at.get(place, 0) | 1 << number
            more = more or next(places, None) is not None
        return at, more

    def _merged(self, at: Mapping[int, int]) -> list[tuple[int, int, int]]:
        """Return the first and last word of each place in order, and its words.

        Words that follow each other, or have only small words between them, are one place.
        """
        merged: list[tuple[int, int, int]] = []
        for place in sorted(at):
            if merged and self._go_on(merged[-1], place, at[place]):
                first, _, bits = merged[-1]
                merged[-1] = first, place, bits | at[place]
            else:
                merged.append((place, place, at[place]))
        return merged

    def _go_on(self, before: tuple[int, int, int], place: int, bits: int) -> bool:
        """Whether a place continues the expression of the other word before it."""
        _, last, bits_before = before
        if place - last > _MOST_BETWEEN or bits | bits_before == bits_before:
            return False
        if self._document(place) != self._document(last):
            return False
        text = self._texts[self.documents[self._document(place)]]
        between = text[self._ends[last] : self._starts[place]]
        return bool(_BETWEEN.fullmatch(between)) and {*plain_words(between)} <= SMALL

    def _weights(self, places: Sequence[tuple[int, int, int]], count: int) -> list[int]:
        """Return how many of the words are near each place."""
        if count < 2:
            return [1] * len(places)
        weights, begin, end = [], 0, 0
        for first, last, _ in places:
            while places[begin][1] < first - _NEAR:
                begin += 1
            while end < len(places) and places[end][0] <= last + _NEAR:
                end += 1
            document, near = self._document(first), 0
            for other, _, bits in places[begin:end]:
                near |= bits if self._document(other) == document else 0
            weights.append(near.bit_count())
        return weights

    def _document(self, place: int) -> int:
        return bisect_right(self._first, place) - 1

    def _occurrence(self, first: int, last: int) -> Occurrence:
        document = self.documents[self._document(first)]
        return Occurrence(document, self._starts[first], self._ends[last])


def telling(words: Iterable[str]) -> tuple[str, ...]:
    """Return the significant words of a text, without the small ones."""
    return tuple(word for word in words if word not in SMALL)
