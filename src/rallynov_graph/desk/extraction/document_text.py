"""A document as a text, whatever its format: its encoding recognised, its characters written alike.

A text in UTF-8, in NFC and with line feeds, as it is usual, stays what it is, byte for byte.
"""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.desk.words import Remark, refusal, remark

LARGEST: Final = 32 << 20
"""So many bytes a document may have."""
LONGEST: Final = 4_000_000
"""So many code points its text may have: some 1,500 pages."""
_PDF: Final = b"%PDF-"
_LATEST: Final = 1024
"""The number of bytes in which PDF readers look for the signature."""
_OTHERS: Final = (
    (b"PK\x03\x04", "office document"),
    (b"\xd0\xcf\x11\xe0", "old office document"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
)
_WIDE: Final = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_UTF8_MARK: Final = b"\xef\xbb\xbf"
_LINE_ENDS: Final = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
_UNPRINTED: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe]")
_FRENCH: Final = frozenset("éèêëàâäùûüîïôöçæœÿÉÈÊËÀÂÄÙÛÜÎÏÔÖÇÆŒŸñÑ°«»’‘“”–—…€·§²³½¼¾±×©®•\xa0\xad")
_MOST_STRANGE: Final = 0.05
"""So many of the signs beyond ASCII may be none of French, for a text to be in Windows-1252."""

Remarks = tuple[Remark, ...]


@dataclass(frozen=True)
class ExtractedText:
    """The text of a document; positions are code points of it, and its digest says which it is."""

    path: str
    text: str = field(repr=False)
    remarks: Remarks = ()

    @property
    def sha256(self) -> str:
        """The digest of the text in UTF-8: what data record of an extraction."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def length(self) -> int:
        """The number of code points."""
        return len(self.text)


def extract(path: Path) -> ExtractedText:
    """Return the text of a plain text or a PDF; the same file gives the same text.

    Raises SourceError, in French and English, for a file that is not text, has none, or is damaged.
    """
    content = _content_of(path)
    for mark, kind in _OTHERS:
        if content.startswith(mark):
            raise refusal(path, kind)
    if _PDF in content[:_LATEST]:
        from rallynov_graph.desk.extraction.pdf_text import text_of_pdf

        text, remarks = text_of_pdf(path, content)
    elif path.suffix.lower() == ".pdf":
        raise refusal(path, "no PDF")
    else:
        decoded, encoding = _decoded(path, content)
        text, changes = normalised(decoded)
        remarks = (*encoding, *changes)
    require_readable(path, text)
    return ExtractedText(str(path), text, remarks)


def _content_of(path: Path) -> bytes:
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


def require_readable(path: Path, text: str) -> None:
    """Raise SourceError for a text in which there is nothing to read, or too much."""
    if not any(character.isalnum() for character in text):
        raise refusal(path, "no word")
    if len(text) > LONGEST:
        raise refusal(path, "too long", most=LONGEST)


def normalised(text: str) -> tuple[str, Remarks]:
    """Return a text in NFC, its lines ended by line feeds, without unprinted characters."""
    lines = _LINE_ENDS.sub("\n", text)
    printed = _UNPRINTED.sub("", lines)
    normal = unicodedata.normalize("NFC", printed)
    found = (
        (lines != text, remark("line ends")),
        (printed != lines, remark("control characters", n=len(lines) - len(printed))),
        (normal != printed, remark("accents")),
    )
    return normal, tuple(it for is_so, it in found if is_so)


def _decoded(path: Path, content: bytes) -> tuple[str, Remarks]:
    for mark, encoding in _WIDE:
        if content.startswith(mark):
            try:
                return content.decode(encoding), (remark("read as", name=encoding.upper()),)
            except UnicodeDecodeError as error:
                raise refusal(path, "no UTF-16") from error
    if b"\0" in content:
        raise refusal(path, "binary")
    try:
        return content.removeprefix(_UTF8_MARK).decode("utf-8"), ()
    except UnicodeDecodeError as error:
        # In Windows-1252, which includes Latin-1, if the result is French.
        text = content.decode("cp1252", "replace")
        beyond = [character for character in text if character > "\x7f"]
        strange = sum(character not in _FRENCH for character in beyond)
        if "\ufffd" in text or strange > _MOST_STRANGE * len(beyond):
            line = content.count(b"\n", 0, error.start) + 1
            raise refusal(path, "unknown encoding", line=line) from error
        return text, (remark("read as Windows-1252"),)
