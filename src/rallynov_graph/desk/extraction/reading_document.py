"""A document as a text, whatever its format."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rallynov_graph.desk.extraction import plain_text
from rallynov_graph.desk.extraction.extracted import (
    ExtractedText,
    content_of,
    refusal,
    require_readable,
)

_PDF: Final = b"%PDF-"
_LATEST: Final = 1024
"""Readers of PDF look for its mark in so many bytes."""
_FORMATS: Final = (
    (b"PK\x03\x04", "un document de bureautique ou une archive", "an office document or archive"),
    (b"\xd0\xcf\x11\xe0", "un ancien document de bureautique", "an old office document"),
    (b"{\\rtf", "un document RTF", "an RTF document"),
    (b"\x89PNG", "une image", "a picture"),
    (b"\xff\xd8\xff", "une image", "a picture"),
)


def extract(path: Path) -> ExtractedText:
    """Return the text of a document in plain text or PDF; the same file gives the same text.

    Raises SourceError, in French and English, for what is no text, holds none or is damaged.
    """
    content = content_of(path)
    for mark, fr, en in _FORMATS:
        if content.startswith(mark):
            raise refusal(
                path,
                f"c’est {fr} : enregistrez-le en PDF ou en texte brut.",
                f"it is {en}: save it as PDF or as plain text.",
            )
    if _PDF in content[:_LATEST]:
        from rallynov_graph.desk.extraction.pdf_text import text_of_pdf

        text, remarks = text_of_pdf(path, content)
    elif path.suffix.lower() == ".pdf":
        raise refusal(
            path,
            "ce n’est pas un PDF, malgré son nom : est-il complet ?",
            "it is no PDF, whatever its name says: is the file complete?",
        )
    else:
        text, remarks = plain_text.text_of(path, content)
    require_readable(path, text)
    return ExtractedText(str(path), text, remarks)
