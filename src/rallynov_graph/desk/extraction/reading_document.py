"""A document as a text, whatever its format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rallynov_graph.desk.extraction import plain_text
from rallynov_graph.desk.extraction.extracted import (
    ExtractedText,
    content_of,
    require_readable,
)
from rallynov_graph.desk.words import refusal

_PDF: Final = b"%PDF-"
_LATEST: Final = 1024
"""Readers of PDF look for its mark in so many bytes."""
_FORMATS: Final = (
    (b"PK\x03\x04", "office document"),
    (b"\xd0\xcf\x11\xe0", "old office document"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
)


def extract(path: Path) -> ExtractedText:
    """Return the text of a document in plain text or PDF; the same file gives the same text.

    Raises SourceError, in French and English, for what is no text, holds none or is damaged.
    """
    content = content_of(path)
    for mark, form in _FORMATS:
        if content.startswith(mark):
            raise refusal(path, form)
    if _PDF in content[:_LATEST]:
        from rallynov_graph.desk.extraction.pdf_text import text_of_pdf

        text, remarks = text_of_pdf(path, content)
    elif path.suffix.lower() == ".pdf":
        raise refusal(path, "no PDF")
    else:
        text, remarks = plain_text.text_of(path, content)
    require_readable(path, text)
    return ExtractedText(str(path), text, remarks)
