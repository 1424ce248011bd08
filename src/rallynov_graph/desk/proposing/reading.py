"""A text as it is read for proposals: its words, sentences and paragraphs, what is blanked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.text_spans import (
    PARAGRAPH,
    SENTENCE,
    parted,
    quoted_spans,
    span_at,
)
from rallynov_graph.desk.proposing.word_lists import words
from rallynov_graph.desk.proposing.wrapped_lines import wrapped_line_ends
from rallynov_graph.matching.words import folded

if TYPE_CHECKING:
    from rallynov_graph.desk.proposing.known_names import KnownNames

_ELISION: Final = r"(?:[cdjlmnst]|[CDJLST](?=['’][^\W\d_])|[Qq]u|[Jj]usqu|[Ll]orsqu|[Pp]uisqu)['’]"
_INITIALS: Final = r"(?<![^\W_])(?:[A-ZÀÂÉÈÊÎÔ]\.-?)+(?=\s?[^\W\d_a-zàâéèêîôç])"
_WORD: Final = re.compile(
    rf"{_INITIALS}|(?<![^\W_]){_ELISION}(?=[^\W_])|[^\W_]+(?:[-‐'’·&][^\W_]+)*"
)
_SPACE: Final = re.compile("[ \xa0\u202f]{0,2}")
_WRAP: Final = re.compile("[ \xa0\u202f\t]*\n[ \xa0\u202f\t]*")
_OPENS: Final = frozenset(".!?…:«“\"*•–—-|>([#·/\u2019'`_;")
_NEAR: Final = 12
"""Words of one name stand no farther apart: a line end with what indents the next line."""


@dataclass(frozen=True)
class Token:
    """A word of the text: an elided article and an initial are words, too."""

    start: int
    end: int
    text: str
    number: int

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper() and not self.is_elided

    @property
    def is_upper(self) -> bool:
        """Whether all of its letters are capitals, of which it has two at least."""
        return self.text.isupper() and sum(map(str.isalpha, self.text)) > 1

    @property
    def is_elided(self) -> bool:
        """Whether it is an article or preposition before an apostrophe."""
        return self.text[-1] in "'’"

    @cached_property
    def plain(self) -> str:
        """The word as words are compared."""
        return folded(self.text)


@dataclass(frozen=True)
class Reading:
    """A text that is read for proposals."""

    text: str
    known: KnownNames
    names: tuple[Proposal, ...] = ()
    """Persons, organisations and places, once they are settled."""
    blanked: tuple[tuple[int, int], ...] = field(default=())
    """Where telephone numbers and addresses stand: nothing else is read there."""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words of the text in order, but for those that are blanked."""
        found = [it for it in _WORD.finditer(self.text) if not self.is_blanked(*it.span())]
        return tuple(Token(*it.span(), it[0], number) for number, it in enumerate(found))

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.tokens]

    def is_blanked(self, start: int, end: int) -> bool:
        """Return whether a span touches a contact."""
        number = bisect_left(self.blanked, (end, end))
        return any(start < last for _, last in self.blanked[max(0, number - 2) : number])

    @cached_property
    def _by_text(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for token in self.tokens:
            found.setdefault(token.text.replace("’", "'"), []).append(token.number)
        return found

    def places_of(self, name: str) -> list[tuple[int, int]]:
        """Return where a name stands, word by word as it is written, or in capitals."""
        parts = [it.replace("’", "'") for it in word_texts(name)]
        found = []
        for wanted in dict.fromkeys((tuple(parts), tuple(it.upper() for it in parts))):
            for number in self._by_text.get(wanted[0], ()) if wanted else ():
                tokens = self.tokens[number : number + len(wanted)]
                same = tuple(it.text.replace("’", "'") for it in tokens) == wanted
                if same and all(map(self._is_near, tokens, tokens[1:])):
                    found.append((tokens[0].start, tokens[-1].end))
        return found

    def _is_near(self, left: Token, right: Token) -> bool:
        between = self.text[left.end : right.start]
        return len(between) < _NEAR and "\n\n" not in between

    def token_at(self, place: int) -> int:
        """Return the number of the first word that begins at a place, or after it."""
        return bisect_left(self._starts, place)

    def before(self, place: int) -> Token | None:
        """Return the last word that begins before a place."""
        number = bisect_left(self._starts, place) - 1
        return self.tokens[number] if number >= 0 else None

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """The spans between blank lines."""
        return parted(self.text, 0, len(self.text), PARAGRAPH)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """The sentences; none goes on over a blank line."""
        return tuple(
            part
            for start, end in self.paragraphs
            for part in parted(self.text, start, end, SENTENCE)
        )

    def sentence(self, place: int) -> tuple[int, int]:
        """Return the sentence in which a place lies."""
        return span_at(self.sentences, place)

    def paragraph(self, place: int) -> tuple[int, int]:
        """Return the paragraph in which a place lies."""
        return span_at(self.paragraphs, place)

    def is_english(self, place: int) -> bool:
        """Return whether a paragraph has more small words of English than French.

        The whole text decides of a paragraph that has as many of both, or none.
        """
        span = self.paragraph(place)
        if span not in self._english:
            there = self.tokens[self.token_at(span[0]) : self.token_at(span[1])]
            self._english[span] = (_more_english(there) or self._more_english) > 0
        return self._english[span]

    @cached_property
    def _more_english(self) -> int:
        return _more_english(self.tokens)

    @cached_property
    def _english(self) -> dict[tuple[int, int], bool]:
        return {}

    def line(self, place: int) -> tuple[int, int]:
        """Return where the line of a place begins and ends."""
        start = self.text.rfind("\n", 0, place) + 1
        end = self.text.find("\n", place)
        return start, len(self.text) if end < 0 else end

    @cached_property
    def _wraps(self) -> frozenset[int]:
        """The places of line ends over which a sentence goes on."""
        return wrapped_line_ends(self.text, self.paragraphs)

    def adjoin(self, left: Token, right: Token) -> bool:
        """Return whether only space stands between two words, or the end of a full line."""
        between = self.text[left.end : right.start]
        if _SPACE.fullmatch(between):
            return True
        return bool(_WRAP.fullmatch(between)) and left.end + between.index("\n") in self._wraps

    def beside(self, token: Token) -> Token | None:
        """Return the word that stands just before another, with only space between."""
        before = self.before(token.start)
        return before if before is not None and self.adjoin(before, token) else None

    def opens(self, token: Token) -> bool:
        """Return whether a word begins a sentence, an item or a line: its capital tells nothing."""
        place = token.start - 1
        while place >= 0 and self.text[place] in " \t\xa0\u202f":
            place -= 1
        if place < 0 or self.text[place] in _OPENS:
            return True
        return self.text[place] == "\n" and place not in self._wraps

    def shouts(self, place: int) -> bool:
        """Return whether a line is in capitals, so that they tell nothing."""
        start, end = self.line(place)
        return self._shouts(start, end)

    @cached_property
    def _shouting(self) -> dict[int, bool]:
        return {}

    def _shouts(self, start: int, end: int) -> bool:
        if start not in self._shouting:
            letters = [it for it in self.text[start:end] if it.isalpha()]
            capitals = sum(map(str.isupper, letters))
            words_in = [it for it in re.findall(r"[^\W\d_]+", self.text[start:end]) if len(it) > 1]
            is_heading = len(words_in) > 1 or bool(words_in and len(words_in[0]) > 3)
            self._shouting[start] = is_heading and capitals > 0.8 * len(letters)
        return self._shouting[start]

    @cached_property
    def common(self) -> Counter[str]:
        """How often each word stands in small letters."""
        return Counter(it.plain for it in self.tokens if it.text[0].islower())

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """What stands between quotation marks, these left out; inner ones before outer ones."""
        return tuple(quoted_spans(self.text))

    @cached_property
    def outer_quotes(self) -> tuple[tuple[int, int], ...]:
        """What is quoted and lies in no other quotation, in order."""
        found: list[tuple[int, int]] = []
        for start, end in sorted(self.quoted, key=lambda it: (it[0], -it[1])):
            if not found or end > found[-1][1]:
                found.append((start, end))
        return tuple(found)

    def is_quoted(self, start: int, end: int) -> bool:
        """Return whether a span lies between quotation marks."""
        first, last = span_at(self.outer_quotes, start)
        return first <= start and end <= last

    def with_names(self, names: Sequence[Proposal]) -> Reading:
        """Return the same text with the names that were settled."""
        again = replace(self, names=tuple(names))
        for kept in ("tokens", "paragraphs", "sentences", "quoted", "common"):
            again.__dict__[kept] = getattr(self, kept)
        return again

    def names_in(self, start: int, end: int, *kinds: str) -> list[Proposal]:
        """Return the names of some kinds within a span, in order."""
        first = bisect_left(self._name_starts, start)
        last = bisect_left(self._name_starts, end)
        found = [it for it in self.names[first:last] if it.end <= end]
        return [it for it in found if not kinds or it.kind in kinds]

    @cached_property
    def _name_starts(self) -> list[int]:
        return [it.start for it in self.names]

    def once(self, propose: Callable[[Reading], Iterable[Proposal]]) -> tuple[Proposal, ...]:
        """Return what a proposer yields, read once however many ask for it."""
        if propose not in self._made:
            self._made[propose] = tuple(propose(self))
        return self._made[propose]

    @cached_property
    def _made(self) -> dict[Callable[[Reading], Iterable[Proposal]], tuple[Proposal, ...]]:
        return {}

    def is_opening(self, token: Token) -> bool:
        """Return whether a word is one that begins sentences, and no names."""
        return token.plain in words("openings") or f"{token.plain[:-1]}'" in words("openings")


def _more_english(tokens: Iterable[Token]) -> int:
    """Return how many more small words of English there are than of French."""
    english = words("english")
    french = words("articles") | words("determiners") | words("links") - english
    return sum((it.plain in english) - (it.plain in french) for it in tokens)


def word_texts(text: str) -> list[str]:
    """Return the words of a text as they are told apart in a reading."""
    return [it[0] for it in _WORD.finditer(text)]
