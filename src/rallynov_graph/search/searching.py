"""Find things in an index: exact words, beginnings of words, near spellings, some of the words.

Each method is only used if those before it found nothing. A visitor's text reaches the index only
as quoted words of letters and digits. Without an index, SPARQL only finds a word in a name.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from rallynov_graph.matching import near_names
from rallynov_graph.matching.near_names import LONG, allowed, is_slip
from rallynov_graph.matching.words import ASKING, LIGHT, plain_words, search_words, short_forms
from rallynov_graph.questions.catalogue import load
from rallynov_graph.questions.labels import Labels
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.search.index import (
    EVIDENCE,
    FORMER,
    QUERIES,
    ROLES,
    UNTAKEN,
    TextOfThing,
    kind_by_address,
    kind_by_classes,
    kind_token,
    role_of,
)
from rallynov_graph.search.results import Hit, SearchAnswer, SearchWord, WordCorrection, hit
from rallynov_graph.sparql.store import Store

MOST_WORDS: Final = 12
"""How many words are looked for; later ones are ignored."""
LONGEST: Final = 400
"""How many characters of a question are read."""
MOST_FOUND: Final = 100
"""How many things are found at once."""
_ALIKE: Final = 6
_AT_ONCE: Final = 10_000
"""Of how many things the texts are read at once."""
_NAMES: Final = "{names}"
_ANY: Final = "{names more}"
_SHORTER: Final = "{shorter}"
_SHORTEST: Final = 3
"""A shorter word is no other spelling of one."""
_NEAR: Final = 5
"""How many near words are returned at most."""


@dataclass(frozen=True)
class Scope:
    """How many things to find, and of which kind; the empty string means all kinds."""

    kind: str = ""
    most: int = MOST_FOUND


ALL: Final = Scope()
_FEW: Final = Scope(most=200)
"""Things of all kinds."""


@dataclass(frozen=True)
class NamedThing:
    """A thing with its kind and all texts that name or describe it."""

    iri: str
    kind: str
    texts: tuple[TextOfThing, ...]


@dataclass(frozen=True)
class _Found:
    """The numbers of the things found, and the words that found them."""

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
    """An index in a file that does not change; each thread of each process has its connection."""

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
            self._local.owner = os.getpid()
        connection: sqlite3.Connection = self._local.connection
        return connection

    def kinds(self) -> dict[str, int]:
        return dict(self._read.execute("SELECT name, things FROM kind ORDER BY name"))

    def things(self) -> Iterator[NamedThing]:
        """Yield all things with all their texts, in the order of results."""
        numbers = [row[0] for row in self._read.execute("SELECT id FROM thing ORDER BY id")]
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            texts, addresses = self._texts(some)
            for number in some:
                yield NamedThing(*addresses[number], tuple(texts.get(number, ())))

    def alike(self, text: str) -> tuple[str, ...]:
        """Return other words of the index that are similar to those of a text."""
        words = _first_words(text)
        found = (w for word in words for w in _alike(self._read, word))
        return tuple(word for word in dict.fromkeys(found) if word not in words)[:_ALIKE]

    def find(self, text: str, language: str = "", scope: Scope = ALL) -> SearchAnswer:
        words = _first_words(text)
        found = self._found(words, ASKING, scope)
        hits = self._hits(found.things[: scope.most], found.wanted, language)
        more = len(found.things) > scope.most
        return SearchAnswer(
            words, hits, self._corrections_found(found.corrections, hits), found.is_partial, more
        )

    def named(self, text: str, scope: Scope = ALL) -> list[NamedThing]:
        """Return the things that a text may name, with all their current texts.

        These are the things that have all or some of the words, those that one word abbreviates,
        and those whose name is several words in one, as an acronym or written together.
        """
        words = _first_words(text)
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

    def naming(
        self, text: str, synonyms: Mapping[str, Sequence[str]]
    ) -> tuple[list[NamedThing], dict[str, tuple[str, ...]]]:
        """Return the things with a significant word of a text, or a synonym of it, in a name.

        They come with the index words that replace each word that is in no name.
        """
        found: dict[int, None] = {}
        spellings: dict[str, tuple[str, ...]] = {}
        for word in searched_words(text):
            known, corrections = self._known([word])
            spellings |= {it.word: it.spellings for it in corrections}
            for it in known:
                whole = self._rows(_NAMES, [replace(it, whole=True)], "", _FEW)
                found |= dict.fromkeys(whole or self._rows(_NAMES, [it], "", _FEW))
            if others := [it for it in synonyms.get(word, ()) if len(it) > _SHORTEST]:
                sought = SearchWord(tuple(others))
                found |= dict.fromkeys(self._rows(_NAMES, [sought], "", _FEW))
        texts, addresses = self._texts([*found])
        return [NamedThing(*addresses[it], tuple(texts[it])) for it in found], spellings

    def _found(self, words: tuple[str, ...], light: frozenset[str], scope: Scope) -> _Found:
        """Return the results for some words, and their corrections.

        Light words are ignored if there are others.
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
        searched_words, corrections = [], []
        for word in words:
            if self._begins(word):
                searched_words.append(SearchWord((word,)))
                continue
            spellings = _misspelt(self._read, word)
            corrections.append(WordCorrection(word, spellings))
            if spellings:
                searched_words.append(SearchWord(spellings, min(map(len, spellings)) < LONG))
        return tuple(searched_words), tuple(corrections)

    def _begins(self, word: str) -> bool:
        """Whether the index has a word, or one that begins with it."""
        found = self._read.execute(
            "SELECT 1 FROM word WHERE plain >= ? AND plain < ? LIMIT 1", (word, f"{word}\U0010ffff")
        )
        return found.fetchone() is not None

    def _wider(self, wanted: Sequence[SearchWord]) -> tuple[SearchWord, ...]:
        """Return the words, each known one with its near spellings."""
        return tuple(
            word
            if word.whole
            else SearchWord((*word.spellings, *_misspelt(self._read, word.spellings[0])))
            for word in wanted
        )

    def _all(self, wanted: Sequence[SearchWord], scope: Scope) -> list[int]:
        """Return the things that have all words, those with whole words in names first."""
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
        """Return the first matching things, one more than wanted if there are more."""
        match = f"{columns} : ({between.join(_alternatives(word) for word in wanted)})"
        if scope.kind:
            sql = "SELECT id FROM kind WHERE name = ?"
            number = self._read.execute(sql, (scope.kind,)).fetchone() or (0,)
            match = f'({match}) AND {{kind}} : "{kind_token(number[0])}"'
        found = self._read.execute(
            "SELECT rowid FROM found WHERE found MATCH ? ORDER BY rowid LIMIT ?",
            (match, scope.most + 1),
        )
        return [row[0] for row in found]

    def _hits(
        self, things: Sequence[int], wanted: Sequence[SearchWord], language: str
    ) -> tuple[Hit, ...]:
        """Return the things with their reasons, the best first, or in the order of the index."""
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
        """Return the corrections with each spelling as written in the results."""
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


def _misspelt(index: sqlite3.Connection, word: str) -> tuple[str, ...]:
    """Return the words of the index that slips of the pen turn into this one."""
    known = _as_long_as(index, word, allowed(word), word[:1]) if allowed(word) else ()
    known = [it for it in known if is_slip(word, it)]
    return tuple(near_names.near(word, known, _NEAR, slips_only=True))


def _alike(index: sqlite3.Connection, word: str) -> list[str]:
    """Return the words of the index that are near one, but further than a typing error.

    They have a third of its trigrams in common, including those at its ends.
    """
    wanted = _groups(word)
    known = [
        other
        for other in _as_long_as(index, word, len(word) // 3)
        if len(wanted & _groups(other)) >= max(1, len(wanted) // 3)
    ]
    return near_names.near(word, known, _NEAR)


def _groups(word: str) -> set[str]:
    framed = f"^{word}$"
    return {framed[at : at + 3] for at in range(len(framed) - 2)}


def _as_long_as(index: sqlite3.Connection, word: str, off: int, first: str = "") -> list[str]:
    """Return the words as long, more or less, that begin so, those of most things first."""
    found = index.execute(
        "SELECT plain FROM word WHERE plain >= ? AND plain < ? AND length(plain) BETWEEN ? AND ?"
        " ORDER BY things DESC, plain",
        (first, f"{first}\U0010ffff", len(word) - off, len(word) + off),
    )
    return [plain for (plain,) in found if plain.isalpha() and len(plain) >= _SHORTEST]


ROWS: Final = 500
"""How many rows the query gives at most: as its file says."""
_THINGS_NAMED: Final = "things_named"


@dataclass(frozen=True)
class UnindexedSearch:
    """Search in any store: slower, and only for words as they are spelt."""

    queries: PageQueries
    labels: Labels

    @classmethod
    def of(cls, store: Store, labels: Labels) -> UnindexedSearch:
        return cls(PageQueries(store, load(QUERIES)), labels)

    def query(self, text: str) -> str:
        """Return the query that searches for a text; the empty string if it has no word."""
        words = searched_words(text)
        return self.queries.text(_THINGS_NAMED, word=Literal(max(words, key=len))) if words else ""

    def find(self, text: str, language: str = "", scope: Scope = ALL) -> SearchAnswer:
        """Return the things that have each word in one of their names."""
        all_words, words = _first_words(text), searched_words(text)
        if not words:
            return SearchAnswer(all_words, without_index=True)
        named, all_rows = self._named(words, scope)
        wanted = [SearchWord((word,)) for word in words]
        scored = [
            (*hit(thing.iri, thing.kind, thing.texts, wanted, language), thing.iri)
            for thing in named
            if _has_all(thing.texts, words)
        ]
        scored.sort(key=lambda thing: (thing[0], thing[2]))
        hits = tuple(found for _, found, _ in scored)
        more = not all_rows or len(hits) > scope.most
        return SearchAnswer(all_words, hits[: scope.most], more=more, without_index=True)

    def named(self, text: str, scope: Scope = ALL) -> list[NamedThing]:
        """Return the things that a text may name: those that have its longest word in a name."""
        words = searched_words(text)
        return self._named(words, scope)[0][: scope.most] if words else []

    def _named(self, words: Sequence[str], scope: Scope) -> tuple[list[NamedThing], bool]:
        """Return the things with the longest of some words, and whether these are all."""
        rows = self.queries.rows(_THINGS_NAMED, word=Literal(max(words, key=len))).rows
        texts: dict[str, list[TextOfThing]] = {}
        for thing, prop, value in rows:
            if isinstance(thing, NamedNode) and isinstance(value, Literal):
                assert isinstance(prop, NamedNode)
                text = TextOfThing(role_of(prop.value), value.value, value.language or "")
                texts.setdefault(thing.value, []).append(text)
        things = [
            NamedThing(
                iri,
                kind_by_address(iri) or kind_by_classes(iri, described.classes),
                tuple(texts[iri]),
            )
            for iri, described in self.labels.of(texts).items()
        ]
        wanted = [
            thing
            for thing in things
            if thing.kind not in EVIDENCE and scope.kind in ("", thing.kind)
        ]
        return wanted, len(rows) < ROWS


def _first_words(text: str) -> tuple[str, ...]:
    return search_words(text[:LONGEST])[:MOST_WORDS]


def searched_words(text: str) -> tuple[str, ...]:
    words = _first_words(text)
    return tuple(word for word in words if word not in ASKING) or words


def _has_all(texts: Sequence[TextOfThing], words: Sequence[str]) -> bool:
    whole = " ".join(word for text in texts for word in plain_words(text.value))
    return all(word in whole for word in words)
