"""The documents that come with the program: what each is for, its languages, and the search.

``docs/contents.toml`` names those of the folder itself; how-to pages and explanations have folders.
"""

import sqlite3
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final

from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.resources import deploy_dir, docs_dir
from rallynov_graph.matching.words import TextPiece, search_words
from rallynov_graph.site.docs.markdown_pages import markdown_text

NEEDS: Final = ("tutorial", "how-to", "explanation", "reading", "writing", "running")
"""The readers' purposes, in the order of the list."""
_FOLDERS: Final = ("how-to", "explanation")
_FILES: Final = {".webp": "image/webp", ".ipynb": "application/x-ipynb+json"}
"""The other files that documents link to."""
FROM_DEPLOY: Final = "deploy/"
LONGEST: Final = 200
"""The number of characters of a search text that are read."""
_MOST: Final = 20
_MOST_WORDS: Final = 10
_MARKS: Final = ("\x01", "\x02")
_WEIGHTS: Final = "8, 4, 1"
"""The weight of a word in the title of a document, in a heading, in the text."""
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
class Document:
    """A document in one language or both."""

    name: str
    """Its path below ``docs/``, without language and suffix: that of its page, too."""
    need: str
    files: Mapping[str, Path]
    """Its text by language."""
    summaries: Mapping[str, str] = field(default_factory=dict)
    """Its purpose, if the title does not say it."""

    def language_for(self, language: str) -> str:
        """Return the language in which a reader gets it: the reader's if it exists."""
        return language if language in self.files else next(iter(self.files))


@dataclass(frozen=True)
class DocumentFile:
    """A file that documents link to."""

    path: Path
    media_type: str


def _documents() -> Iterator[Document]:
    told = tomllib.loads((docs_dir() / "contents.toml").read_text("utf-8"))
    for need in NEEDS:
        summaries = told.get(need, {})
        for name in _names_in(need, told["order"][need]) if need in _FOLDERS else summaries:
            files = _files_of(name)
            if files:
                yield Document(name, need, files, summaries.get(name, {}))


def _names_in(folder: str, first: Iterable[str]) -> Iterator[str]:
    """Yield the names of the documents of a folder: some first, then the others by name."""
    there = sorted(path.stem for path in (docs_dir() / folder).glob("*.md"))
    for stem in dict.fromkeys((*first, *(stem for stem in there if "." not in stem))):
        yield f"{folder}/{stem}"


def _files_of(name: str) -> dict[str, Path]:
    named = {code: f"{name}.md" if code == "en" else f"{name}.{code}.md" for code in LANGUAGES}
    paths = {code: docs_dir() / file for code, file in named.items()}
    return {code: path for code, path in paths.items() if path.is_file()}


def _linked_files() -> Iterator[tuple[str, DocumentFile]]:
    for path in (*sorted((docs_dir() / "pictures").rglob("*")), *docs_dir().glob("notebooks/*")):
        if path.suffix in _FILES:
            name = path.relative_to(docs_dir()).as_posix()
            yield name, DocumentFile(path, _FILES[path.suffix])
    for path in deploy_dir().glob("*"):
        if path.is_file():
            yield f"{FROM_DEPLOY}{path.name}.txt", DocumentFile(path, "text/plain; charset=utf-8")


_DOCUMENTS: Final = {it.name: it for it in _documents()}
_LINKED_FILES: Final = dict(_linked_files())


def documents() -> Mapping[str, Document]:
    """Return the documents by name, by need and in the order in which they are listed."""
    return _DOCUMENTS


def files() -> Mapping[str, DocumentFile]:
    """Return the files that documents link to, by their path below ``/docs/``.

    Those for who runs a site for others are shown as text, whatever they are called.
    """
    return _LINKED_FILES


@dataclass(frozen=True)
class FoundSection:
    """A part of a document with the words that were searched for."""

    name: str
    anchor: str
    language: str
    title: str
    heading: str
    """Empty if it is the beginning of the document."""
    pieces: tuple[TextPiece, ...]
    """Some of its text, the words marked."""


def find(text: str, language: str) -> tuple[list[FoundSection], bool]:
    """Return the parts of documents in a language, or without a text in it, that have the words.

    The best come first. The second value says whether each has all the words; else no part of a
    document has them together.
    """
    words = search_words(text[:LONGEST])[:_MOST_WORDS]
    for operator in (" AND ", " OR ") if words else ():
        found = [*_sections(operator.join(f'"{word}"*' for word in words), language)]
        if found:
            return found, operator == " AND "
    return [], True


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
    """Return the index of the documents in a language; one thread at a time may use it."""
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
