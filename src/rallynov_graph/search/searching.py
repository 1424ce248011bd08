"""Finding things in an index: exact words, beginnings of words, near spellings, some of the words.

Each way is tried only where those before it found nothing. A visitor's text reaches the index only
as words of letters and digits in quotes.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rallynov_graph.matching.words import LIGHT, SMALL, search_words, short_forms
from rallynov_graph.search import near_words
from rallynov_graph.search.index import kind_token
from rallynov_graph.search.names_and_texts import FORMER, ROLES, UNTAKEN, TextOfThing
from rallynov_graph.search.results import Hit, SearchAnswer, SearchWord, WordCorrection, hit

MOST_WORDS: Final = 12
"""How many words are looked for; later ones are ignored."""
LONGEST: Final = 400
"""How many characters of a question are read."""
MOST_FOUND: Final = 100
"""How many things are found at once."""
_ALIKE: Final = 6
_CACHE: Final = 16 << 10
"""How many KiB of the file each thread caches; the system caches the rest for all."""
_AT_ONCE: Final = 10_000
"""Of how many things the texts are read at once."""
_NAMES: Final = "{names}"
_ANY: Final = "{names more}"
_SHORTER: Final = "{shorter}"


@dataclass(frozen=True)
class Scope:
    """How many things are searched for, and of which kind; the empty string for all kinds."""

    kind: str = ""
    most: int = MOST_FOUND


@dataclass(frozen=True)
class NamedThing:
    """A thing with its kind and all texts that name or describe it."""

    iri: str
    kind: str
    texts: tuple[TextOfThing, ...]


@dataclass(frozen=True)
class _Found:
    """The numbers of the things that were found, and the words that found them."""

    things: Sequence[int] = ()
    wanted: tuple[SearchWord, ...] = ()
    corrections: tuple[WordCorrection, ...] = ()
    is_partial: bool = False


class _Connection(sqlite3.Connection):
    """A connection that is closed with its thread, or with the index."""

    def __del__(self) -> None:
        with suppress(sqlite3.ProgrammingError):  # of a file that could not be opened
            self.close()


class Index:
    """An index in a file that does not change; each thread of each process has a connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()

    @property
    def _read(self) -> sqlite3.Connection:
        """The connection of this thread, opened after any fork; raise sqlite3.Error."""
        if getattr(self._local, "owner", None) != os.getpid():
            address = f"file:{quote(str(self.path))}?mode=ro&immutable=1"
            # Whichever thread drops it last closes it; no other uses it.
            self._local.connection = sqlite3.connect(
                address, uri=True, check_same_thread=False, factory=_Connection
            )
            self._local.connection.execute(f"PRAGMA cache_size = -{_CACHE}")
            self._local.owner = os.getpid()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def kinds(self) -> dict[str, int]:
        """Return how many things of each kind there are."""
        return dict(self._read.execute("SELECT name, things FROM kind ORDER BY name"))

    def things(self) -> Iterator[NamedThing]:
        """Yield all things with all their texts, in the order in which they are found."""
        numbers = [row[0] for row in self._read.execute("SELECT id FROM thing ORDER BY id")]
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            texts, addresses = self._texts(some)
            for number in some:
                yield NamedThing(*addresses[number], tuple(texts.get(number, ())))

    def alike(self, text: str) -> tuple[str, ...]:
        """Return words of the index that are somewhat like those of a text, and not among them."""
        words = search_words(text[:LONGEST])[:MOST_WORDS]
        found = (w for word in words for w in near_words.alike(self._read, word))
        return tuple(word for word in dict.fromkeys(found) if word not in words)[:_ALIKE]

    def find(self, text: str, language: str = "", scope: Scope | None = None) -> SearchAnswer:
        """Return what is found for a text."""
        scope = scope or Scope()
        words = search_words(text[:LONGEST])[:MOST_WORDS]
        found = self._found(words, SMALL, scope)
        hits = self._hits(found.things[: scope.most], found.wanted, language)
        more = len(found.things) > scope.most
        return SearchAnswer(
            words, hits, self._corrections_found(found.corrections, hits), found.is_partial, more
        )

    def named(self, text: str, scope: Scope | None = None) -> list[NamedThing]:
        """Return the things that a text may name, with all their texts that stand.

        These are the things that have the words, or some of them; those that one word abbreviates;
        and those whose name is several words in one, as an acronym or written together.
        """
        scope = scope or Scope()
        words = search_words(text[:LONGEST])[:MOST_WORDS]
        things = dict.fromkeys(self._found(words, LIGHT, scope).things)
        if len(words) == 1:
            things |= dict.fromkeys(
                self._rows(_SHORTER, [SearchWord(words, whole=True)], "", scope)
            )
        elif short := short_forms(words):
            things |= dict.fromkeys(self._rows(_NAMES, [SearchWord(short, whole=True)], "", scope))
        texts, addresses = self._texts([*things])
        gone = (FORMER, UNTAKEN)
        return [
            NamedThing(*addresses[thing], tuple(t for t in texts[thing] if t.role not in gone))
            for thing in things
        ]

    def _found(self, words: tuple[str, ...], light: frozenset[str], scope: Scope) -> _Found:
        """Return what is found for some words, and their corrections.

        Light words are ignored where there are others.
        """
        if not words:
            return _Found()
        searched = tuple(word for word in words if word not in light) or words
        searched_words, corrections = self._known(searched)
        if not searched_words:
            return _Found(corrections=corrections)
        things = self._all(searched_words, scope)
        if not things and (wider := self._wider(searched_words)) != searched_words:
            things = self._all(wider, scope)
            if things:
                corrections += tuple(
                    WordCorrection(old.spellings[0], new.spellings[1:])
                    for old, new in zip(searched_words, wider, strict=True)
                    if old != new
                )
                searched_words = wider
        is_partial = not things and len(searched_words) > 1
        if is_partial:
            things = self._some(searched_words, scope)
        return _Found(things, searched_words, corrections, is_partial)

    def _known(
        self, words: Sequence[str]
    ) -> tuple[tuple[SearchWord, ...], tuple[WordCorrection, ...]]:
        """Return the words as they are looked for, and the corrections among them."""
        searched_words, corrections = [], []
        for word in words:
            if self._begins(word):
                searched_words.append(SearchWord((word,)))
                continue
            spellings = near_words.misspelt(self._read, word)
            corrections.append(WordCorrection(word, spellings))
            if spellings:
                searched_words.append(SearchWord(spellings, whole=True))
        return tuple(searched_words), tuple(corrections)

    def _begins(self, word: str) -> bool:
        """Return whether the index has a word, or one that begins with it."""
        found = self._read.execute(
            "SELECT 1 FROM word WHERE plain >= ? AND plain < ? LIMIT 1", (word, f"{word}\U0010ffff")
        )
        return found.fetchone() is not None

    def _wider(self, wanted: Sequence[SearchWord]) -> tuple[SearchWord, ...]:
        """Return the words, each known one with its near spellings."""
        return tuple(
            word if word.whole else replace(word, spellings=self._near(word.spellings))
            for word in wanted
        )

    def _near(self, spellings: tuple[str, ...]) -> tuple[str, ...]:
        return (*spellings, *near_words.misspelt(self._read, spellings[0]))

    def _all(self, wanted: Sequence[SearchWord], scope: Scope) -> list[int]:
        """Return the things that have all words, first those that have them whole and in names."""
        whole = [replace(word, whole=True) for word in wanted]
        found: dict[int, None] = {}
        for columns, words in ((_NAMES, whole), (_NAMES, wanted), (_ANY, wanted)):
            if len(found) <= scope.most:
                found |= dict.fromkeys(self._rows(columns, words, " AND ", scope))
        return [*found]

    def _some(self, wanted: Sequence[SearchWord], scope: Scope) -> list[int]:
        """Return the things that have all words but one, else those that have one."""
        found: dict[int, None] = {}
        for place in range(len(wanted)) if len(wanted) > 2 else ():
            others = [*wanted[:place], *wanted[place + 1 :]]
            found |= dict.fromkeys(self._rows(_NAMES, others, " AND ", scope))
        return [*found] or self._rows(_ANY, wanted, " OR ", scope)

    def _rows(
        self, columns: str, wanted: Sequence[SearchWord], between: str, scope: Scope
    ) -> list[int]:
        """Return the first things that match, one more than wanted where there are more."""
        match = f"{columns} : ({between.join(_alternatives(word) for word in wanted)})"
        if scope.kind:
            number = self._number(scope.kind)
            match = f'({match}) AND {{kind}} : "{kind_token(number)}"'
        found = self._read.execute(
            "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid LIMIT ?",
            (match, scope.most + 1),
        )
        return [row[0] for row in found]

    def _number(self, kind: str) -> int:
        found = self._read.execute("SELECT id FROM kind WHERE name = ?", (kind,)).fetchone()
        return 0 if found is None else int(found[0])

    def _hits(
        self, things: Sequence[int], wanted: Sequence[SearchWord], language: str
    ) -> tuple[Hit, ...]:
        """Return the things with their reasons, the best first, else in the order of the index."""
        texts, addresses = self._texts(things)
        scored = [
            (thing, hit(iri, kind, texts[thing], wanted, language))
            for thing, (iri, kind) in addresses.items()
        ]
        scored.sort(key=lambda scored_hit: (scored_hit[1][0], scored_hit[0]))
        return tuple(found for _, (_, found) in scored)

    def _texts(
        self, things: Sequence[int]
    ) -> tuple[dict[int, list[TextOfThing]], dict[int, tuple[str, str]]]:
        """Return the texts of things, and the address and kind of each."""
        marks = ", ".join("?" * len(things))
        texts: dict[int, list[TextOfThing]] = {}
        for thing, role, language, value in self._read.execute(
            f"SELECT thing, role, language, value FROM text WHERE thing IN ({marks})"
            " ORDER BY thing, place",
            things,
        ):
            texts.setdefault(thing, []).append(TextOfThing(ROLES[role], value, language))
        addresses = self._read.execute(
            "SELECT thing.id, iri, kind.name FROM thing JOIN kind ON kind.id = thing.kind"
            f" WHERE thing.id IN ({marks})",
            things,
        )
        return texts, {thing: (iri, kind) for thing, iri, kind in addresses}

    @staticmethod
    def _corrections_found(
        corrections: tuple[WordCorrection, ...], hits: Sequence[Hit]
    ) -> tuple[WordCorrection, ...]:
        """Return the corrections with each spelling as it is written in the hits."""
        pieces = [p for found in hits for reason in found.reasons for p in reason.pieces]
        spelling_of: dict[str, str] = {}
        for text in (piece.text for piece in pieces if piece.marked):
            for word in search_words(text):
                spelling_of.setdefault(word, text.lower())
        return tuple(
            WordCorrection(
                correction.word,
                tuple(spelling_of.get(s, s) for s in correction.spellings if s in spelling_of),
            )
            if hits
            else correction
            for correction in corrections
        )


def _alternatives(wanted: SearchWord) -> str:
    beginning = "" if wanted.whole else " *"
    quoted = (f'"{word}"{beginning}' for word in wanted.spellings)
    return f"({' OR '.join(quoted)})"
