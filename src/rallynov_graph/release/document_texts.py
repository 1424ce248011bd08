"""The texts extracted from documents, which the operator has and the data only point into.

They are kept in memory and written nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal

from rallynov_graph.base.errors import SourceError
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.sparql.store import Store

_DIGITS: Final = 12
"""How many digits of a digest tell one text from another in a sentence."""


@dataclass(frozen=True)
class SourceFile:
    """A file that was given as the text of a document."""

    path: str
    sha256: str
    content: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> SourceFile:
        """Return the file as it is now; raise SourceError where it cannot be read."""
        try:
            content = path.read_bytes()
        except OSError as error:
            raise SourceError.unread(path, error) from error
        return cls(str(path), hashlib.sha256(content).hexdigest(), content)

    @property
    def text(self) -> str:
        """What it says; raises SourceError where that is not text in UTF-8."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(self.path, "it is not text in UTF-8.") from error


@dataclass(frozen=True)
class Extraction:
    """A text of a document as the data describe it: its digest, its length in code points."""

    iri: str
    document: str
    sha256: str
    length: int
    has_parts: bool = True
    """Whether the parts of its document lie in it, so that the document is read in it."""


@dataclass(frozen=True)
class LoadedTexts:
    """The texts that were given, each by the IRI of its extraction."""

    of_extractions: Mapping[str, str] = field(default_factory=dict)
    of_documents: Mapping[str, str] = field(default_factory=dict)
    """The text in which each document is read from part to part, by the document's IRI."""

    def __bool__(self) -> bool:
        return bool(self.of_extractions)


NO_TEXTS: Final = LoadedTexts()


def known_to(store: Store, files: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files that are texts of a store; an earlier state of it may know fewer."""
    source_files = tuple(files)
    known = {it.sha256 for it in extractions(store)} if source_files else set()
    return tuple(file for file in source_files if file.sha256 in known)


def loaded(store: Store, files: Iterable[SourceFile]) -> LoadedTexts:
    """Return the texts in files, each as the extraction that it is.

    Raises SourceError for a file that is given twice, and for one that is not, byte for byte, a
    text in which positions were counted: the data must record its SHA-256 and its length.
    """
    source_files = tuple(files)
    if not source_files:
        return NO_TEXTS
    _refuse_twice(source_files)
    known = extractions(store)
    found = {
        extraction: file.text
        for file in source_files
        for extraction in matching(file, known, "the data")
    }
    read_in = _read_in(known)
    return LoadedTexts(
        {extraction.iri: text for extraction, text in found.items()},
        {it.document: text for it, text in found.items() if it in read_in},
    )


def matching(file: SourceFile, known: Sequence[Extraction], where: str) -> tuple[Extraction, ...]:
    """Return the extractions that a file is the text of: one, unless the data are at fault.

    Raises SourceError, with the texts that there are, for a file that is none of them.
    """
    found = tuple(it for it in known if it.sha256 == file.sha256)
    if not found:
        texts = ", ".join(f"<{it.iri}> ({it.sha256[:_DIGITS]}…)" for it in known)
        raise SourceError(
            file.path,
            f"its SHA-256 is {file.sha256}, and no text of {where} has that; "
            + (f"there is {texts}: give one of them, unchanged." if texts else "there is none."),
        )
    length = len(file.text)
    for extraction in found:
        if extraction.length != length:
            raise SourceError(
                file.path,
                f"it has {length} code points, but {where} say {extraction.length} of "
                f"<{extraction.iri}>, whose SHA-256 it has: correct rn:lengthInCodePoints.",
            )
    return found


def extractions(store: Store) -> tuple[Extraction, ...]:
    """Return the texts that the data identify, in the order of their documents."""
    return tuple(_extractions(PageQueries(store)))


def _extractions(queries: PageQueries) -> Iterator[Extraction]:
    for extraction, document, sha256, length, parts in queries.rows("extractions").rows:
        assert isinstance(sha256, Literal) and isinstance(length, Literal)
        assert isinstance(parts, Literal)
        if length.value.isdigit():
            yield Extraction(
                getattr(extraction, "value", ""),
                getattr(document, "value", ""),
                sha256.value.lower(),
                int(length.value),
                parts.value != "0",
            )


def _refuse_twice(files: Sequence[SourceFile]) -> None:
    first: dict[str, str] = {}
    for file in files:
        if file.sha256 in first:
            raise SourceError(
                file.path, f"it is the same text as {first[file.sha256]}; give it once."
            )
        first[file.sha256] = file.path


def _read_in(known: Iterable[Extraction]) -> frozenset[Extraction]:
    """Return the extraction in which each document is read: its parts lie there, if it has any."""
    best: dict[str, Extraction] = {}
    for it in known:
        if it.document not in best or (it.has_parts and not best[it.document].has_parts):
            best[it.document] = it
    return frozenset(best.values())
