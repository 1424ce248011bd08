"""A text as it is read for proposals: words, sentences, where names end, what is blanked."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, Final, TypeVar

from rallynov_graph.desk.proposing.cues import Reason, form, toponyms, words
from rallynov_graph.desk.proposing.known_names import KnownNames
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.matching.words import folded

_SPACES: Final = " \xa0\u202f"
_OPENS: Final = frozenset(".!?…:«“\"*•–—-|>([#·/\u2019'`_;")
_NEAR: Final = 12
"""The maximum distance between words of a name: a line end with an indent."""
_DEEPEST: Final = 8
"""So many quotation marks may be open at once."""
_PAIRS: Final = {"«": "»", "“": "”", "„": "“", '"': '"'}
_FULL: Final = 0.7
"""The share of its paragraph's longest line from which a line continues in the next one."""
_SHORTEST_FULL: Final = 24
_FEW: Final = 3
_NARROW: Final = 0.6
"""Lines that are so few and so narrow compared with the text's longest are not a wrapped sentence
if the next one begins with a capital."""
_HEAD: Final = 600
"""A text that is no longer has no masthead."""
Span = tuple[int, int]
Made = TypeVar("Made")


@dataclass(frozen=True)
class Token:
    """A word of the text: an elided article and an initial are words, too."""

    start: int
    end: int
    text: str
    number: int

    def __bool__(self) -> bool:
        """Whether there is a word, and not ``NO_WORD``."""
        return bool(self.text)

    @property
    def is_capital(self) -> bool:
        return self.text[:1].isupper() and not self.is_elided

    @property
    def is_upper(self) -> bool:
        """Whether all of its letters are capitals, of which it has two at least."""
        return self.text.isupper() and sum(map(str.isalpha, self.text)) > 1

    @property
    def is_elided(self) -> bool:
        """Whether it is an article or preposition before an apostrophe."""
        return self.text.endswith(("'", "’"))

    @cached_property
    def plain(self) -> str:
        """The word as words are compared."""
        return folded(self.text)


NO_WORD: Final = Token(0, 0, "", -1)
"""Replaces a missing word: before the first one, or beside a single one."""


@dataclass(frozen=True)
class Reading:
    """A text that is read for proposals."""

    text: str
    known: KnownNames
    names: tuple[Proposal, ...] = ()
    """Persons, organisations and places, once they are settled."""
    blanked: tuple[Span, ...] = ()
    """The places of telephone numbers and addresses, where nothing else is read."""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The words of the text in order, but for those that are blanked."""
        found = [it for it in form("word").finditer(self.text) if not self.is_blanked(*it.span())]
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

    def places_of(self, name: str) -> list[Span]:
        """Return the occurrences of a name, word by word as written, or in capitals."""
        parts = [it.replace("’", "'") for it in word_texts(name)]
        found = []
        for wanted in dict.fromkeys((tuple(parts), tuple(it.upper() for it in parts))):
            for number in self._by_text.get(wanted[0], ()) if wanted else ():
                tokens = self.tokens[number : number + len(wanted)]
                same = tuple(it.text.replace("’", "'") for it in tokens) == wanted
                if same and self.are_near(tokens):
                    found.append((tokens[0].start, tokens[-1].end))
        return found

    def are_near(self, tokens: Sequence[Token]) -> bool:
        """Whether words in one paragraph may belong to the same name."""
        between = (self.text[left.end : right.start] for left, right in pairwise(tokens))
        return all(len(it) < _NEAR and "\n\n" not in it for it in between)

    def token_at(self, place: int) -> int:
        """Return the number of the first word that begins at a place, or after it."""
        return bisect_left(self._starts, place)

    def before(self, place: int) -> Token:
        """Return the last word that begins before a place."""
        number = bisect_left(self._starts, place) - 1
        return self.tokens[number] if number >= 0 else NO_WORD

    def after(self, token: Token) -> Token:
        """Return the word just after another, with only space between."""
        following = next(iter(self.tokens[token.number + 1 : token.number + 2]), NO_WORD)
        beside = token and following and self.adjoin(token, following)
        return following if beside else NO_WORD

    @cached_property
    def paragraphs(self) -> tuple[Span, ...]:
        """The spans between blank lines."""
        return _parted(self.text, 0, len(self.text), "paragraph")

    @cached_property
    def sentences(self) -> tuple[Span, ...]:
        """The sentences; none goes on over a blank line."""
        parts = (_parted(self.text, start, end, "sentence") for start, end in self.paragraphs)
        return tuple(span for part in parts for span in part)

    def sentence(self, place: int) -> Span:
        return _span_at(self.sentences, place)

    def paragraph(self, place: int) -> Span:
        return _span_at(self.paragraphs, place)

    def is_english(self, place: int) -> bool:
        """Return whether a paragraph has more small words of English than French.

        The whole text decides of a paragraph that has as many of both, or none.
        """
        first, last = map(self.token_at, self.paragraph(place))
        return (_more_english(self.tokens[first:last]) or self._more_english) > 0

    @cached_property
    def _more_english(self) -> int:
        return _more_english(self.tokens)

    def line(self, place: int) -> Span:
        """Return the beginning and the end of the line of a place."""
        start = self.text.rfind("\n", 0, place) + 1
        end = self.text.find("\n", place)
        return start, len(self.text) if end < 0 else end

    @cached_property
    def _wraps(self) -> frozenset[int]:
        """The places of line ends over which a sentence goes on."""
        return _wrapped_line_ends(self.text, self.paragraphs)

    def is_wrapped(self, place: int) -> bool:
        """Return whether a place is the end of a line that goes on in the next one."""
        return place in self._wraps

    def adjoin(self, left: Token, right: Token) -> bool:
        """Return whether only space is between two words, or the end of a full line."""
        between = self.text[left.end : right.start]
        if len(between) <= 2 and not between.strip(_SPACES):
            return True
        is_line_end = between.count("\n") == 1 and not between.strip(f"{_SPACES}\t\n")
        return is_line_end and left.end + between.index("\n") in self._wraps

    def all_adjoin(self, tokens: Sequence[Token]) -> bool:
        """Return whether each word is just after the one before."""
        return all(map(self.adjoin, tokens, tokens[1:]))

    def beside(self, token: Token) -> Token:
        """Return the word just before another, with only space between."""
        before = self.before(token.start)
        return before if before and self.adjoin(before, token) else NO_WORD

    def opens(self, token: Token) -> bool:
        """Return whether a word begins a sentence, an item or a line: its capital means nothing."""
        place = token.start - 1
        while place >= 0 and self.text[place] in f"{_SPACES}\t":
            place -= 1
        if place < 0 or self.text[place] in _OPENS:
            return True
        return self.text[place] == "\n" and place not in self._wraps

    def shouts(self, place: int) -> bool:
        """Return whether a line is in capitals, so that they mean nothing."""
        start, end = self.line(place)
        if start not in self._shouting:
            letters = [it for it in self.text[start:end] if it.isalpha()]
            words_in = [it for it in letters_of(self.text[start:end]) if len(it) > 1]
            is_heading = len(words_in) > 1 or bool(words_in and len(words_in[0]) > 3)
            capitals = sum(map(str.isupper, letters))
            self._shouting[start] = is_heading and capitals > 0.8 * len(letters)
        return self._shouting[start]

    @cached_property
    def _shouting(self) -> dict[int, bool]:
        return {}

    def heading(self, place: int) -> tuple[Token, ...]:
        """Return the words of the last heading above a place, if there is one."""
        number = bisect_left(self._headings, (place,)) - 1
        if number < 0:
            return ()
        first, last = map(self.token_at, self._headings[number])
        return self.tokens[first:last]

    @cached_property
    def _headings(self) -> list[Span]:
        """The lines that are marked as headings, in capitals, or a short paragraph with no stop."""
        apart = {it for it in self.paragraphs if form("heading_apart").fullmatch(self.text, *it)}
        lines = {it.span() for it in form("printed_line").finditer(self.text)}
        marked = {it for it in lines if self.text[it[0]] == "#" or self.shouts(it[0])}
        return sorted(apart | marked)

    @cached_property
    def common(self) -> Counter[str]:
        """How often each word is written in lower case."""
        return Counter(it.plain for it in self.tokens if it.text[0].islower())

    @cached_property
    def quoted(self) -> tuple[Span, ...]:
        """The content of quotation marks, inner ones before outer ones."""
        paragraphs = (_quoted_spans(self.text, start, end) for start, end in self.paragraphs)
        return tuple(span for found in paragraphs for span in found if span[0] < span[1])

    @cached_property
    def outer_quotes(self) -> tuple[Span, ...]:
        """The outermost quotations, in order."""
        found: list[Span] = []
        for start, end in sorted(self.quoted, key=lambda it: (it[0], -it[1])):
            if not found or end > found[-1][1]:
                found.append((start, end))
        return tuple(found)

    def is_quoted(self, start: int, end: int) -> bool:
        """Return whether a span is between quotation marks."""
        first, last = _span_at(self.outer_quotes, start)
        return first <= start and end <= last

    def with_names(self, names: Sequence[Proposal]) -> Reading:
        """Return the same text with the names that were settled."""
        again = replace(self, names=tuple(names))
        for kept in ("tokens", "paragraphs", "sentences", "quoted", "common"):
            again.__dict__[kept] = getattr(self, kept)
        return again

    def names_in(self, start: int, end: int, *kinds: str) -> list[Proposal]:
        """Return the names of some kinds within a span, in order."""
        first, last = (bisect_left(self._name_starts, place) for place in (start, end))
        found = [it for it in self.names[first:last] if it.end <= end]
        return [it for it in found if not kinds or it.kind in kinds]

    @cached_property
    def _name_starts(self) -> list[int]:
        return [it.start for it in self.names]

    def once(self, propose: Callable[[Reading], Iterable[Made]]) -> tuple[Made, ...]:
        """Return the results of a proposer, which runs only once."""
        if propose not in self._made:
            self._made[propose] = tuple(propose(self))
        return self._made[propose]

    @cached_property
    def _made(self) -> dict[Callable[[Reading], Iterable[Any]], tuple[Any, ...]]:
        return {}

    def is_opening(self, token: Token) -> bool:
        """Whether a word often begins sentences and is not a name."""
        return token.plain in words("openings") or f"{token.plain[:-1]}'" in words("openings")


def _more_english(tokens: Iterable[Token]) -> int:
    """Return how many more small words of English there are than of French."""
    english = words("english")
    french = words("articles", "determiners") | words("links") - english
    return sum((it.plain in english) - (it.plain in french) for it in tokens)


def word_texts(text: str) -> list[str]:
    """Return the words of a text as a reading parts them."""
    return [it[0] for it in form("word").finditer(text)]


def letters_of(text: str) -> list[str]:
    return form("letters").findall(text)


def _parted(text: str, start: int, end: int, border: str) -> tuple[Span, ...]:
    """Return the spans between the borders in a part of a text, but for empty ones."""
    cuts = [it.span() for it in form(border).finditer(text, start, end)]
    firsts, lasts = [start, *(last for _, last in cuts)], [*(first for first, _ in cuts), end]
    return tuple(it for it in zip(firsts, lasts, strict=True) if text[slice(*it)].strip())


def _span_at(spans: Sequence[Span], place: int) -> Span:
    """Return the span of a place, or the last one before it."""
    number = bisect_right(spans, (place, 1 << 60)) - 1
    return spans[max(number, 0)] if spans else (0, 0)


def _quoted_spans(text: str, start: int, end: int) -> list[Span]:
    """Return the content of matching quotation marks."""
    found: list[Span] = []
    open_marks: list[tuple[str, int]] = []
    for place in range(start, end):
        sign = text[place]
        same = [number for number, (mark, _) in enumerate(open_marks) if mark == sign]
        if same:
            found.append(_trimmed(text, open_marks[same[-1]][1], place))
            del open_marks[same[-1] :]
        elif sign in _PAIRS:
            del open_marks[:-_DEEPEST]
            open_marks.append((_PAIRS[sign], place + 1))
    return found


def _trimmed(text: str, start: int, end: int) -> Span:
    """Return a span without space and marks of emphasis at its ends."""
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip(f"{_SPACES}\t\n*_"))
    return start + left, end - (len(inner) - len(inner.rstrip(f"{_SPACES}\t\n*_")))


def _wrapped_line_ends(text: str, paragraphs: Sequence[Span]) -> frozenset[int]:
    """Return the places of the line ends of a text over which a sentence goes on."""
    found = set()
    width, head = max(map(len, text.split("\n"))), _masthead(text)
    for start, end in paragraphs:
        lines = text[start:end].split("\n")
        longest = max(map(len, lines))
        is_narrow = len(lines) <= _FEW and longest < _NARROW * width
        place = start
        for line, following in pairwise(lines):
            place += len(line)
            is_full = len(line.rstrip()) >= max(_SHORTEST_FULL, _FULL * longest)
            is_own = is_narrow and following.lstrip()[:1].isupper()
            is_own = is_own or _begins_item(line, following)
            if place > head and not is_own and (is_full or _breaks_off(line)):
                found.add(place)
            place += 1
    return frozenset(found)


def _masthead(text: str) -> int:
    """Return the end of the first two lines if they are titles, place and date, not a sentence."""
    lines = [it.end() for it in form("printed_line").finditer(text[:_HEAD])]
    return [0, *lines[:2]][-1] if len(text) > _HEAD else 0


def _breaks_off(line: str) -> bool:
    """Return whether a line ends with a word after which more must come: « du réseau »."""
    last = folded(line.rstrip().rpartition(" ")[2])
    return line.rstrip()[-1:].islower() and last in words("breaking")


def _begins_item(line: str, following: str) -> bool:
    """Return whether a line is no continuation of the one before: an item, a row of a list."""
    rows = any(form(it).match(line) and form(it).match(following) for it in ("row", "labelled_row"))
    return rows or bool(form("item").match(following))


_MOST: Final = 9


def named(kind: str, name: Sequence[Token], reason: Reason, label: str = "") -> Proposal:
    """Return the proposal of a name of a kind, to be weighed with others."""
    why, weight = reason
    return Proposal(kind, name[0].start, name[-1].end, why, weight=weight, label=label)


def capitals(reading: Reading, name: Sequence[Token]) -> list[Token]:
    """Return a name with the capitalised words that follow it at once, or after a foreign « e »."""
    found, linked = [*name], False
    for token in reading.tokens[name[-1].number + 1 : name[-1].number + _MOST]:
        between = reading.text[found[-1].end : token.start].strip(" \xa0\u202f")
        joined = reading.adjoin(found[-1], token) or between == "&"  # « Âges & Vie »
        is_link = token.text in words("foreign_and") and not linked
        if not (token.is_capital or is_link) or not joined or len(found) >= _MOST:
            break
        found.append(token)
        linked = is_link
    return found[:-1] if linked else found


def ends_in_region(name: Sequence[Token]) -> bool:
    """Return whether the last words of a name are a region: « Ronalpia Grand Est »."""
    plain = [it.plain for it in name if it.plain not in words("articles")]
    return any(" ".join(plain[first:]) in toponyms().regions for first in range(1, len(plain)))


def complemented(reading: Reading, first: Token) -> list[Token]:
    """Return a name from its first word on: « Ti Kemeren », « Terre d'Ici », « Fun ha Skoulm »."""
    name = capitals(reading, [first])
    links: list[Token] = []
    for token in reading.tokens[name[-1].number + 1 : name[-1].number + 4]:
        if not reading.adjoin(links[-1] if links else name[-1], token):
            break
        if token.is_capital and links:
            placing = links[0].plain in ("de", "a", "en") and token.plain in toponyms().listed
            return name if placing else capitals(reading, [*name, *links, token])
        if token.plain not in words("within_bodies") or len(links) == 2:
            break
        links.append(token)
    return name


def head_and_complements(reading: Reading, head: Token) -> list[Token]:
    """Return a name from its head to the last of its complements: « Maison de l'emploi de X »."""
    name: list[Token] = [head]
    links: list[Token] = []
    for token in reading.tokens[head.number + 1 : head.number + 1 + _MOST]:
        if not reading.adjoin(links[-1] if links else name[-1], token):
            break
        if token.plain in words("links") and not token.is_capital:
            links.append(token)
            if len(links) > 3 or not _leads_on(reading, token, name):
                break
        elif token.plain in words("ends") or not _belongs(name, links, token):
            break
        else:
            name, links = [*name, *links, token], []
    return name


def _leads_on(reading: Reading, link: Token, name: Sequence[Token]) -> bool:
    """Return whether a name goes on after a small word: « économie sociale et solidaire »."""
    if link.plain not in words("breaking_links"):
        return True
    following = next(iter(reading.tokens[link.number + 1 : link.number + 2]), NO_WORD)
    if link.plain == "pour" and len(name) == 1:
        return following.plain in ("l'", "la", "le", "les")
    if len(name) < 2:
        return False
    if link.plain == "et":
        is_adjective = form("adjective_in_name").search(following.text)
        return following.text.islower() and bool(is_adjective)
    return link.plain in ("pour", "sur", "en") and following.is_capital


def _belongs(name: Sequence[Token], links: Sequence[Token], token: Token) -> bool:
    """Return whether a word is a complement or an adjective of a name, and begins no clause."""
    if token.is_capital:
        return True
    if any(map(str.isdigit, token.text)) or any(it.is_capital for it in name[1:]):
        return False
    if links:
        return links[0].plain in ("de", "du", "des", "d'", "pour", "et")
    return bool(form("adjective_in_name").search(token.text))
