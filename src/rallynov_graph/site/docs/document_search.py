"""The search over the documents: an index in memory, made when it is first asked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Final

from rallynov_graph.matching.words import TextPiece, search_words
from rallynov_graph.site.docs.listed_documents import documents
from rallynov_graph.site.docs.markdown_pages import markdown_text

LONGEST: Final = 200
"""So many characters of what is searched for are read."""
_MOST: Final = 20
_MOST_WORDS: Final = 10
_MARKS: Final = ("\x01", "\x02")
_WEIGHTS: Final = "8, 4, 1"
"""What a word is worth in the title of a document, in a heading, in the text."""
_TABLE: Final = """
CREATE VIRTUAL TABLE section USING fts5(
  title, heading, text, name UNINDEXED, anchor UNINDEXED, language UNINDEXED,
  tokenize = "unicode61 remove_diacritics 2"
)
"""
_FIND: Final = f"""
SELECT name, anchor, language, title, heading, snippet(section, 2, ?, ?, '…', 24)
FROM section WHERE section MATCH ?
ORDER BY bm25(section, {_WEIGHTS}), name, anchor LIMIT {_MOST}
"""
_LOCK: Final = Lock()


@dataclass(frozen=True)
class FoundSection:
    """A part of a document with the words that were searched for."""

    name: str
    anchor: str
    language: str
    title: str
    heading: str
    """Empty where it is the beginning of the document."""
    pieces: tuple[TextPiece, ...]
    """Some of its text, the words marked."""


@dataclass(frozen=True)
class FoundSections:
    """What a search over the documents found, the best first."""

    sections: tuple[FoundSection, ...]
    have_all_words: bool
    """Whether each has all the words; else no part of a document has them together."""


def find(text: str, language: str) -> FoundSections:
    """Return the parts of documents in a language, or without a text in it, that have the words."""
    words = search_words(text[:LONGEST])[:_MOST_WORDS]
    for operator in (" AND ", " OR "):
        wanted = operator.join(f'"{word}"*' for word in words)
        found = tuple(_sections(wanted, language)) if words else ()
        if found:
            return FoundSections(found, operator == " AND ")
    return FoundSections((), True)


def _sections(wanted: str, language: str) -> Iterator[FoundSection]:
    with _LOCK:
        rows = _index(language).execute(_FIND, (*_MARKS, wanted)).fetchall()
    for name, anchor, told, title, heading, snippet in rows:
        yield FoundSection(name, anchor, told, title, heading, tuple(_pieces(snippet)))


def _pieces(snippet: str) -> Iterator[TextPiece]:
    begin, end = _MARKS
    before, *rest = snippet.split(begin)
    yield TextPiece(before)
    for part in rest:
        word, _, after = part.partition(end)
        yield TextPiece(word, True)
        if after:
            yield TextPiece(after)


@cache
def _index(language: str) -> sqlite3.Connection:
    """Return the index of what readers of a language get; one thread at a time may ask it."""
    index = sqlite3.connect(":memory:", check_same_thread=False)
    index.execute(_TABLE)
    for document in documents().values():
        told = document.language_for(language)
        text = markdown_text(document.files[told], told)
        index.executemany(
            "INSERT INTO section VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    text.title,
                    section.heading if section.anchor else "",
                    section.text,
                    document.name,
                    section.anchor,
                    told,
                )
                for section in text.sections()
            ),
        )
    return index
