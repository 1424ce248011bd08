"""A document as a text: what it says, which text that is, and what was changed to get it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.desk.words import refusal

LARGEST: Final = 32 << 20
"""So many bytes a document may have."""
LONGEST: Final = 4_000_000
"""So many code points its text may have: some 1,500 pages."""


@dataclass(frozen=True)
class Remark:
    """Something that a person should know of how a text was made, in French and English."""

    fr: str
    en: str

    def text(self, language: str) -> str:
        """Return it in a language."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True)
class ExtractedText:
    """The text of a document; positions are code points of it, and its digest says which it is."""

    path: str
    text: str = field(repr=False)
    remarks: tuple[Remark, ...] = ()

    @property
    def sha256(self) -> str:
        """The digest of the text in UTF-8: what data record of an extraction."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def length(self) -> int:
        """How many code points it has."""
        return len(self.text)


def content_of(path: Path) -> bytes:
    """Return the bytes of a document; raise SourceError where they cannot be had, or are many."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise SourceError.unread(path, error) from error
    if len(content) > LARGEST:
        raise refusal(path, "too many bytes", most=LARGEST >> 20)
    if not content.strip():
        raise refusal(path, "nothing to read")
    return content


def require_readable(path: str | Path, text: str) -> None:
    """Raise SourceError for a text in which there is nothing to read, or too much."""
    if not any(character.isalnum() for character in text):
        raise refusal(path, "no word")
    if len(text) > LONGEST:
        raise refusal(path, "too long", most=LONGEST)
