"""Find the words of one text in another text of the same document.

Two extractions of a document differ in white space, in the characters for apostrophes, dashes and
ligatures, in misread letters, and in the order of columns. White space and variants of characters
are ignored; letters are compared.
"""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein, Postfix, Prefix

_SAME_SIGNS: Final = str.maketrans(
    {**dict.fromkeys("’‘ʼ´`′", "'"), **dict.fromkeys("“”„«»", '"'), **dict.fromkeys("‐‑–—−", "-")}
)
_SOFT_HYPHEN: Final = "\xad"
_SURE: Final = 4
"""Shorter sequences of equal letters may be coincidence, and cannot bound a changed passage."""
_AROUND: Final = 12
"""The number of letters, of the words or beside them, that identify moved words."""
_LOOKED_AT: Final = 120
_KEPT: Final = 0.8
"""The least part of its letters that changed words keep."""
_MOST_PLACES: Final = 200


@dataclass(frozen=True)
class Span:
    """The position of the first character of some words, and the one after their last."""

    start: int
    end: int


class _Letters:
    """A text without white space and character variants, with each letter's original position."""

    def __init__(self, text: str) -> None:
        self.whole = text
        self.places: list[int] = []
        letters: list[str] = []
        for place, character in enumerate(text):
            same = unicodedata.normalize("NFKD", character.translate(_SAME_SIGNS))
            for letter in same:
                if not letter.isspace() and letter != _SOFT_HYPHEN:
                    letters.append(letter)
                    self.places.append(place)
        self.text = "".join(letters)

    def range(self, span: Span) -> tuple[int, int]:
        """Return the first letter of a span and the one after its last."""
        return bisect_left(self.places, span.start), bisect_left(self.places, span.end)

    def span(self, first: int, last: int) -> Span:
        return Span(self.places[first], self.places[last - 1] + 1)

    def is_whole_word(self, first: int, last: int) -> bool:
        """Whether no other letter or digit is adjacent to these letters in the whole text."""
        span = self.span(first, last)
        before, after = self.whole[: span.start][-1:], self.whole[span.end : span.end + 1]
        return not (before.isalnum() or after.isalnum())


class Alignment:
    """Two texts aligned: which part of the first is where in the second."""

    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = _Letters(old), _Letters(new)
        blocks = Levenshtein.opcodes(self._old.text, self._new.text)
        self._same = [
            (it.src_start, it.src_end, it.dest_start) for it in blocks if it.tag == "equal"
        ]
        self._starts = [start for start, *_ in self._same]

    def same_words(self, span: Span) -> Span | None:
        """Return where the second text has the same words as a span, letter by letter.

        That is where the texts are aligned, or else at the only place with the same words and the
        same surroundings. None if there is no such place, or several.
        """
        first, last = self._old.range(span)
        if first == last:
            return None
        block = self._block(first, _AROUND)
        if block is not None and last <= block[1]:
            start = block[2] + first - block[0]
            if self._is_as_whole(first, last, start):
                return self._new.span(start, start + last - first)
        return self._moved(first, last)

    def changed_words(self, span: Span) -> Span | None:
        """Return where the second text has the words of a span, some of them changed.

        Both ends must be next to letters that are the same in both texts, and so must four fifths
        of all letters.
        """
        first, last = self._old.range(span)
        if first == last:
            return None
        start, end = self._start(first), self._end(last)
        if start is None or end is None or start >= end:
            return None
        kept = sum(max(0, min(last, stop) - max(first, begin)) for begin, stop, _ in self._same)
        return self._new.span(start, end) if kept >= _KEPT * (last - first) else None

    def _moved(self, first: int, last: int) -> Span | None:
        """Return the place in the second text with these letters in the same surroundings."""
        words = self._old.text[first:last]
        places = [
            (self._likeness(first, last, at), at)
            for at in self._occurrences(words)
            if self._is_as_whole(first, last, at)
        ]
        places.sort(reverse=True)
        if not places or (len(places) > 1 and places[0][0] == places[1][0]):
            return None
        likeness, at = places[0]
        known = likeness + (len(words) if len(places) == 1 else 0)
        return self._new.span(at, at + len(words)) if known >= _AROUND else None

    def _occurrences(self, words: str) -> Iterator[int]:
        at = self._new.text.find(words)
        for _ in range(_MOST_PLACES):
            if at < 0:
                return
            yield at
            at = self._new.text.find(words, at + 1)

    def _is_as_whole(self, first: int, last: int, at: int) -> bool:
        """Whether whole words are also whole words in the second text."""
        is_whole = self._old.is_whole_word(first, last)
        return not is_whole or self._new.is_whole_word(at, at + last - first)

    def _likeness(self, first: int, last: int, at: int) -> int:
        """Return how many letters are the same beside two places, on both sides together."""
        old, new, end = self._old.text, self._new.text, at + last - first
        before = old[max(0, first - _LOOKED_AT) : first], new[max(0, at - _LOOKED_AT) : at]
        after = old[last : last + _LOOKED_AT], new[end : end + _LOOKED_AT]
        return Prefix.similarity(*after) + Postfix.similarity(*before)

    def _block(self, letter: int, least: int) -> tuple[int, int, int] | None:
        """Return the sequence of common letters around a letter, if it is long enough."""
        number = bisect_right(self._starts, letter) - 1
        if number < 0:
            return None
        start, end, at = self._same[number]
        return (start, end, at) if letter < end and end - start >= least else None

    def _place(self, letter: int) -> int | None:
        """Return where a letter is in the second text; None if the match may be a coincidence."""
        block = self._block(letter, _SURE)
        return None if block is None else block[2] + letter - block[0]

    def _start(self, first: int) -> int | None:
        at = self._place(first)
        before = self._place(first - 1)
        return at if at is not None or before is None else before + 1

    def _end(self, last: int) -> int | None:
        at = self._place(last - 1)
        return at + 1 if at is not None else self._place(last)
