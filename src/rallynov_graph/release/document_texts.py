"""The texts of documents, which the operator has and the data only point into.

They are kept in memory and written nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.errors import SourceError
from rallynov_graph.questions.catalogue import load
from rallynov_graph.sparql.store import Store

QUESTION: Final = "document_identity"


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


def known_to(store: Store, files: Iterable[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files that are documents of a store; an earlier state of it may know fewer."""
    source_files = tuple(files)
    documents = _documents(store) if source_files else {}
    return tuple(file for file in source_files if file.sha256 in documents)


def of_documents(store: Store, files: Iterable[SourceFile]) -> Mapping[str, str]:
    """Return the text of each document by its IRI.

    Raises SourceError for a file that is not, byte for byte, the document the positions were
    counted in: its SHA-256 must be one that the data record.
    """
    source_files = tuple(files)
    if not source_files:
        return {}
    documents = _documents(store)
    found: dict[str, str] = {}
    for file in source_files:
        if file.sha256 not in documents:
            known = ", ".join(documents) or "no document"
            raise SourceError(
                file.path,
                f"its SHA-256 is {file.sha256}, but the data's passages point into {known}; "
                "give the document itself, unchanged",
            )
        try:
            text = file.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise SourceError(file.path, "it is not text in UTF-8.") from error
        found |= dict.fromkeys(documents[file.sha256], text)
    return found


def _documents(store: Store) -> dict[str, list[str]]:
    """Return the documents that the data identify, by their SHA-256."""
    found: dict[str, list[str]] = {}
    for row in store.select(load().question(QUESTION).bind()):
        document, sha256 = row["document"], row["sha256"]
        if isinstance(document, NamedNode) and isinstance(sha256, Literal):
            found.setdefault(sha256.value.lower(), []).append(document.value)
    return found
