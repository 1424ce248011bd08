"""The answer of a search: the things found, the reasons for each, and corrected words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rallynov_graph.matching.words import TextPiece, marked, plain_words
from rallynov_graph.search.index import DESCRIPTION, FORMER, LATER, UNTAKEN, TextOfThing

_REASONS: Final = 2
"""How many texts may say why a thing was found."""
_EXCERPT: Final = 160
"""About how many characters of a long text are shown."""


@dataclass(frozen=True)
class Reason:
    """A text with the found words marked."""

    role: str
    language: str
    pieces: tuple[TextPiece, ...]

    @property
    def text(self) -> str:
        """The text without its marks."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Hit:
    """A thing that was found."""

    iri: str
    kind: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class WordCorrection:
    """The words that replaced an unknown one, which was left out if there are none."""

    word: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchAnswer:
    """The results for some words, the best first."""

    words: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    corrections: tuple[WordCorrection, ...] = ()
    """The words that were replaced or left out."""
    is_partial: bool = False
    """Whether nothing has all the words, so that the hits have some of them."""
    more: bool = False
    without_index: bool = False
    """Whether the search had no index and compared names alone."""


@dataclass(frozen=True)
class SearchWord:
    """A search word in each spelling; it also matches words that begin with it."""

    spellings: tuple[str, ...]
    whole: bool = False
    """Whether only whole words match: beginnings match written words, not guessed ones."""

    def fits(self, word: str) -> bool:
        if self.whole:
            return word in self.spellings
        return word.startswith(self.spellings)

    def isdisjoint(self, words: Iterable[str]) -> bool:
        """Whether none of the words is equal to it."""
        return not any(word in self.spellings for word in words)


def hit(
    iri: str, kind: str, texts: Iterable[TextOfThing], wanted: Sequence[SearchWord], language: str
) -> tuple[int, Hit]:
    """Return a score, lower for a better match, and the thing with its reasons.

    Among texts that match equally well, one in the reader's language is shown.
    """
    texts_with_words = [(text, plain_words(text.value)) for text in texts]
    scored = [_score(text, words, wanted, language) for text, words in texts_with_words]
    reasons, missing = [], set(range(len(wanted)))
    for place in sorted(range(len(texts_with_words)), key=scored.__getitem__):
        text, words = texts_with_words[place]
        found = {n for n in missing if any(map(wanted[n].fits, words))}
        if found:
            reasons.append(_reason(text, wanted))
            missing -= found
        if not missing or len(reasons) == _REASONS:
            break
    best = min(scored, default=0) + 1000 * len(missing) + 30 * (kind in LATER)
    return best, Hit(iri, kind, tuple(reasons))


def _score(text: TextOfThing, words: list[str], wanted: Sequence[SearchWord], language: str) -> int:
    """Return how far a text is from the words themselves; missing words count most."""
    whole = sum(not word.isdisjoint(words) for word in wanted)
    begun = sum(any(map(word.fits, words)) for word in wanted)
    first = bool(words) and any(word.fits(words[0]) for word in wanted)
    return (
        200 * (len(wanted) - begun)
        + 100 * (text.role == DESCRIPTION)
        + 60 * (text.role in (FORMER, UNTAKEN))
        + 20 * (len(wanted) - whole)
        + 8 * (not first)
        + 2 * min(abs(len(words) - len(wanted)), 3)
        + (text.language.partition("-")[0] not in ("", language))
    )


def _reason(text: TextOfThing, wanted: Sequence[SearchWord]) -> Reason:
    pieces = marked(text.value, lambda word: any(sought.fits(word) for sought in wanted))
    return Reason(text.role, text.language, _shortened(pieces))


def _shortened(pieces: tuple[TextPiece, ...]) -> tuple[TextPiece, ...]:
    """Return the part of a text around its first mark if the text is long."""
    if sum(len(piece.text) for piece in pieces) <= 2 * _EXCERPT:
        return pieces
    chosen: list[TextPiece] = []
    room = _EXCERPT
    for piece in pieces:
        if not any(chosen_piece.marked for chosen_piece in chosen) and not piece.marked:
            chosen = [TextPiece(_end(piece.text, _EXCERPT // 2))]
        elif room > 0:
            text = piece.text if len(piece.text) <= room else _beginning(piece.text, room)
            chosen.append(TextPiece(text, piece.marked))
            room -= len(text)
    return tuple(chosen)


def _end(text: str, most: int) -> str:
    return text if len(text) <= most else "… " + text[-most:].partition(" ")[2]


def _beginning(text: str, most: int) -> str:
    return text[:most].rpartition(" ")[0] + " …"
