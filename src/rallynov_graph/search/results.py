"""What a search answers: the things found, why each of them, and how the words were taken."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rallynov_graph.matching.words import TextPiece, marked, plain_words
from rallynov_graph.search.names_and_texts import DESCRIPTION, LATER, TextOfThing

_REASONS: Final = 2
"""So many texts at most say why a thing was found."""
_EXCERPT: Final = 160
"""Of a long text, about so many characters are shown."""


@dataclass(frozen=True)
class Reason:
    """A text in which something was found, marked there."""

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
class Taken:
    """How a word was taken: as other words that are there, or left out when there is none."""

    word: str
    spellings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What was found for some words, the best first."""

    words: tuple[str, ...] = ()
    hits: tuple[Hit, ...] = ()
    taken: tuple[Taken, ...] = ()
    """The words that were not taken as they are."""
    some: bool = False
    """Whether nothing has all the words, and what has some of them is given."""
    more: bool = False
    """Whether there is more than what is given."""
    plain: bool = False
    """Whether it was looked for in a plainer way, without an index."""


@dataclass(frozen=True)
class Wanted:
    """A word that is looked for, in each spelling; a word that begins so will do."""

    spellings: tuple[str, ...]
    whole: bool = False
    """Whether beginnings will not do: they do for what was written, not for what was guessed."""

    def fits(self, word: str) -> bool:
        """Return whether a word of a text is one of these."""
        if self.whole:
            return word in self.spellings
        return word.startswith(self.spellings)

    def isdisjoint(self, words: Iterable[str]) -> bool:
        """Return whether no word is one of these, whole."""
        return not any(word in self.spellings for word in words)


def hit(
    iri: str, kind: str, texts: Iterable[TextOfThing], wanted: Sequence[Wanted], language: str
) -> tuple[int, Hit]:
    """Return a thing with the texts that say why it was found, and how well it fits, best low.

    Of texts that fit equally well, one in the reader's language is shown.
    """
    read = [(told, plain_words(told.value)) for told in texts]
    scored = [_score(told, there, wanted, language) for told, there in read]
    reasons, left = [], set(range(len(wanted)))
    for place in sorted(range(len(read)), key=scored.__getitem__):
        told, there = read[place]
        new = {n for n in left if any(map(wanted[n].fits, there))}
        if new:
            reasons.append(_reason(told, wanted))
            left -= new
        if not left or len(reasons) == _REASONS:
            break
    best = min(scored, default=0) + 1000 * len(left) + 30 * (kind in LATER)
    return best, Hit(iri, kind, tuple(reasons))


def _score(told: TextOfThing, there: list[str], wanted: Sequence[Wanted], language: str) -> int:
    """Return how far a text is from being the words themselves: missing ones count most."""
    whole = sum(not w.isdisjoint(there) for w in wanted)
    begun = sum(any(map(w.fits, there)) for w in wanted)
    first = bool(there) and any(w.fits(there[0]) for w in wanted)
    return (
        200 * (len(wanted) - begun)
        + 100 * (told.role == DESCRIPTION)
        + 20 * (len(wanted) - whole)
        + 8 * (not first)
        + 2 * min(abs(len(there) - len(wanted)), 3)
        + (told.language.partition("-")[0] not in ("", language))
    )


def _reason(told: TextOfThing, wanted: Sequence[Wanted]) -> Reason:
    pieces = marked(told.value, lambda word: any(w.fits(word) for w in wanted))
    return Reason(told.role, told.language, _shortened(pieces))


def _shortened(pieces: tuple[TextPiece, ...]) -> tuple[TextPiece, ...]:
    """Return the part of a text around its first mark, where the text is long."""
    if sum(len(piece.text) for piece in pieces) <= 2 * _EXCERPT:
        return pieces
    kept: list[TextPiece] = []
    room = _EXCERPT
    for piece in pieces:
        if not any(p.marked for p in kept) and not piece.marked:
            kept = [TextPiece(_end(piece.text, _EXCERPT // 2))]
        elif room > 0:
            text = piece.text if len(piece.text) <= room else _beginning(piece.text, room)
            kept.append(TextPiece(text, piece.marked))
            room -= len(text)
    return tuple(kept)


def _end(text: str, most: int) -> str:
    return text if len(text) <= most else "… " + text[-most:].partition(" ")[2]


def _beginning(text: str, most: int) -> str:
    return text[:most].rpartition(" ")[0] + " …"
