"""A file of plain text: its encoding recognised, its characters written in one way.

A text in UTF-8, in NFC and with line feeds, as it is usual, stays what it is, byte for byte.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import Final

from rallynov_graph.desk.extraction.extracted import Remark
from rallynov_graph.desk.words import message, refusal

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


def text_of(path: Path, content: bytes) -> tuple[str, tuple[Remark, ...]]:
    """Return what a file says, and what was changed; raise SourceError where it is no text."""
    text, encoding = _decoded(path, content)
    normal, changes = normalised(text)
    return normal, (*encoding, *changes)


def normalised(text: str) -> tuple[str, tuple[Remark, ...]]:
    """Return a text in NFC, its lines ended by line feeds, without unprinted characters."""
    lines = _LINE_ENDS.sub("\n", text)
    printed = _UNPRINTED.sub("", lines)
    normal = unicodedata.normalize("NFC", printed)
    found = (
        (lines != text, Remark(**message("remark.line ends"))),
        (
            printed != lines,
            Remark(**message("remark.control characters", n=len(lines) - len(printed))),
        ),
        (
            normal != printed,
            Remark(**message("remark.accents")),
        ),
    )
    return normal, tuple(remark for is_so, remark in found if is_so)


def _decoded(path: Path, content: bytes) -> tuple[str, tuple[Remark, ...]]:
    for mark, encoding in _WIDE:
        if content.startswith(mark):
            return _decoded_wide(path, content, encoding)
    if b"\0" in content:
        raise refusal(path, "binary")
    try:
        return content.removeprefix(_UTF8_MARK).decode("utf-8"), ()
    except UnicodeDecodeError as error:
        return _decoded_in_one_byte(path, content, error)


def _decoded_wide(path: Path, content: bytes, encoding: str) -> tuple[str, tuple[Remark, ...]]:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise refusal(path, "no UTF-16") from error
    name = encoding.upper()
    return text, (Remark(**message("remark.read as", name=name)),)


def _decoded_in_one_byte(
    path: Path, content: bytes, fault: UnicodeDecodeError
) -> tuple[str, tuple[Remark, ...]]:
    """Return a text in Windows-1252, of which Latin-1 is a part, where it reads as French."""
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        text = ""
    beyond = [character for character in text if character > "\x7f"]
    strange = sum(character not in _FRENCH for character in beyond)
    if not text or strange > _MOST_STRANGE * len(beyond):
        line = content.count(b"\n", 0, fault.start) + 1
        raise refusal(path, "unknown encoding", line=line) from fault
    return text, (Remark(**message("remark.read as Windows-1252")),)
