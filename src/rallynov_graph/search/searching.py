"""Finding things in an index: exact words, beginnings of words, near spellings, some of the words.

Each way is tried only where those before it found nothing. What a visitor writes never reaches the
index but as words of letters and digits in quotes.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import quote

from rallynov_graph.matching.words import LIGHT, SMALL, search_words, short_forms
from rallynov_graph.search import near_words
from rallynov_graph.search.index import kind_token
from rallynov_graph.search.names_and_texts import ROLES, TextOfThing
from rallynov_graph.search.results import Answer, Hit, Taken, Wanted, hit

MOST_WORDS: Final = 12
"""How many words are looked for; those after them are passed over."""
LONGEST: Final = 400
"""How many characters of a question are read."""
FIRST: Final = 100
"""How many things are found at once."""
_ALIKE: Final = 6
_CACHE: Final = 16 << 10
"""So many KiB of the file a thread keeps; the system keeps the rest of it for all."""
_NAMES: Final = "{names}"
_ANY: Final = "{names more}"
_SHORTER: Final = "{shorter}"


@dataclass(frozen=True)
class Scope:
    """How many things are wanted, and of which kind; of all kinds without one."""

    kind: str = ""
    most: int = FIRST


@dataclass(frozen=True)
class Named:
    """A thing with its kind and all texts that name or describe it."""

    iri: str
    kind: str
    texts: tuple[TextOfThing, ...]


@dataclass(frozen=True)
class _Found:
    """The things that were found, by their numbers, and how the words were taken for that."""

    things: Sequence[int] = ()
    wanted: tuple[Wanted, ...] = ()
    taken: tuple[Taken, ...] = ()
    some: bool = False


class _Connection(sqlite3.Connection):
    """One that is closed when nobody has it any more: with its thread, or with the index."""

    def __del__(self) -> None:
        self.close()


class Index:
    """An index in a file that does not change; each process and thread reads it for itself."""

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

    def alike(self, text: str) -> tuple[str, ...]:
        """Return words that are somewhat like those that somebody wrote, and not among them."""
        said = search_words(text[:LONGEST])[:MOST_WORDS]
        found = (w for word in said for w in near_words.alike(self._read, word))
        return tuple(word for word in dict.fromkeys(found) if word not in said)[:_ALIKE]

    def find(self, text: str, language: str = "", scope: Scope | None = None) -> Answer:
        """Return what is found for what somebody wrote."""
        scope = scope or Scope()
        said = search_words(text[:LONGEST])[:MOST_WORDS]
        found = self._found(said, SMALL, scope)
        hits = self._hits(found.things[: scope.most], found.wanted, language)
        more = len(found.things) > scope.most
        return Answer(said, hits, self._used(found.taken, hits), found.some, more)

    def named(self, text: str, scope: Scope | None = None) -> list[Named]:
        """Return the things that may be called so, with all their texts.

        Beside those that have the words, or some of them: what one word stands for, and what
        several are in one word, as an acronym or written together.
        """
        scope = scope or Scope()
        said = search_words(text[:LONGEST])[:MOST_WORDS]
        things = dict.fromkeys(self._found(said, LIGHT, scope).things)
        if len(said) == 1:
            things |= dict.fromkeys(self._rows(_SHORTER, [Wanted(said, whole=True)], "", scope))
        elif short := short_forms(said):
            things |= dict.fromkeys(self._rows(_NAMES, [Wanted(short, whole=True)], "", scope))
        told, about = self._told([*things])
        return [Named(*about[thing], tuple(told[thing])) for thing in things]

    def _found(self, said: tuple[str, ...], light: frozenset[str], scope: Scope) -> _Found:
        """Return what is found for some words, and how they were taken for that.

        Words that are light are passed over, where there are others.
        """
        if not said:
            return _Found()
        meant = tuple(word for word in said if word not in light) or said
        wanted, taken = self._known(meant)
        if not wanted:
            return _Found(taken=taken)
        things = self._all(wanted, scope)
        if not things and (wider := self._wider(wanted)) != wanted:
            things = self._all(wider, scope)
            if things:
                taken += tuple(
                    Taken(old.spellings[0], new.spellings[1:])
                    for old, new in zip(wanted, wider, strict=True)
                    if old != new
                )
                wanted = wider
        some = not things and len(wanted) > 1
        if some:
            things = self._some(wanted, scope)
        return _Found(things, wanted, taken, some)

    def _known(self, words: Sequence[str]) -> tuple[tuple[Wanted, ...], tuple[Taken, ...]]:
        """Return the words as they are looked for, and those that are taken otherwise."""
        wanted, taken = [], []
        for word in words:
            if self._begins(word):
                wanted.append(Wanted((word,)))
                continue
            spellings = near_words.misspelt(self._read, word)
            taken.append(Taken(word, spellings))
            if spellings:
                wanted.append(Wanted(spellings, whole=True))
        return tuple(wanted), tuple(taken)

    def _begins(self, word: str) -> bool:
        """Return whether a word is there, or one that begins so."""
        found = self._read.execute(
            "SELECT 1 FROM word WHERE plain >= ? AND plain < ? LIMIT 1", (word, f"{word}\U0010ffff")
        )
        return found.fetchone() is not None

    def _wider(self, wanted: Sequence[Wanted]) -> tuple[Wanted, ...]:
        """Return the words with near spellings of those that are there themselves."""
        return tuple(
            word if word.whole else replace(word, spellings=self._near(word.spellings))
            for word in wanted
        )

    def _near(self, spellings: tuple[str, ...]) -> tuple[str, ...]:
        return (*spellings, *near_words.misspelt(self._read, spellings[0]))

    def _all(self, wanted: Sequence[Wanted], scope: Scope) -> list[int]:
        """Return the things that have all words, those first that have them whole, in names."""
        whole = [replace(word, whole=True) for word in wanted]
        found: dict[int, None] = {}
        for columns, words in ((_NAMES, whole), (_NAMES, wanted), (_ANY, wanted)):
            if len(found) <= scope.most:
                found |= dict.fromkeys(self._rows(columns, words, " AND ", scope))
        return [*found]

    def _some(self, wanted: Sequence[Wanted], scope: Scope) -> list[int]:
        """Return the things that have all words but one, else those that have one."""
        found: dict[int, None] = {}
        for place in range(len(wanted)) if len(wanted) > 2 else ():
            others = [*wanted[:place], *wanted[place + 1 :]]
            found |= dict.fromkeys(self._rows(_NAMES, others, " AND ", scope))
        return [*found] or self._rows(_ANY, wanted, " OR ", scope)

    def _rows(
        self, columns: str, wanted: Sequence[Wanted], between: str, scope: Scope
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
        self, things: Sequence[int], wanted: Sequence[Wanted], language: str
    ) -> tuple[Hit, ...]:
        """Return the things with their reasons, the best first, else in the order of the index."""
        told, about = self._told(things)
        scored = [
            (thing, hit(iri, kind, told[thing], wanted, language))
            for thing, (iri, kind) in about.items()
        ]
        scored.sort(key=lambda it: (it[1][0], it[0]))
        return tuple(found for _, (_, found) in scored)

    def _told(
        self, things: Sequence[int]
    ) -> tuple[dict[int, list[TextOfThing]], dict[int, tuple[str, str]]]:
        """Return the texts of things, and the address and kind of each."""
        marks = ", ".join("?" * len(things))
        told: dict[int, list[TextOfThing]] = {}
        for thing, role, tongue, value in self._read.execute(
            f"SELECT thing, role, language, value FROM text WHERE thing IN ({marks})"
            " ORDER BY thing, place",
            things,
        ):
            told.setdefault(thing, []).append(TextOfThing(ROLES[role], value, tongue))
        about = self._read.execute(
            "SELECT thing.id, iri, kind.name FROM thing JOIN kind ON kind.id = thing.kind"
            f" WHERE thing.id IN ({marks})",
            things,
        )
        return told, {thing: (iri, kind) for thing, iri, kind in about}

    @staticmethod
    def _used(taken: tuple[Taken, ...], hits: Sequence[Hit]) -> tuple[Taken, ...]:
        """Return how words were taken, each spelling as it is written in what was found."""
        pieces = [p for found in hits for reason in found.reasons for p in reason.pieces]
        written: dict[str, str] = {}
        for text in (piece.text for piece in pieces if piece.marked):
            for plain in search_words(text):
                written.setdefault(plain, text.lower())
        return tuple(
            Taken(word.word, tuple(written.get(s, s) for s in word.spellings if s in written))
            if hits
            else word
            for word in taken
        )


def _alternatives(wanted: Wanted) -> str:
    beginning = "" if wanted.whole else " *"
    quoted = (f'"{word}"{beginning}' for word in wanted.spellings)
    return f"({' OR '.join(quoted)})"
