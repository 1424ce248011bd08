"""The texts of documents as they are searched, and what is shown around a place in one.

A searchable text has as many characters as its document. What is private in it, and the signs of
emphasis (``*…*``) and of raised letters (``^{…}``), are replaced by characters that are no words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rallynov_graph.search.text_index import TextIndex
from rallynov_graph.site.model.passages import private_data
from rallynov_graph.site.model.passages.printed_text import sign_spans
from rallynov_graph.site.model.passages.source import Position

_PRIVATE: Final = "\x00"
_SIGN: Final = "\x01"
_PRIVATE_RUN: Final = re.compile(f"{_PRIVATE}+")
_AROUND: Final = 56
"""About how many characters are shown before a place, and as many after it."""


@dataclass(frozen=True)
class Context:
    """What stands at a place of a text, and the words around it, on one line."""

    before: str
    words: str
    after: str


def index_of(texts: Mapping[str, str]) -> TextIndex:
    """Return the index of the texts of documents; nothing private in them is found."""
    return TextIndex({document: searchable(text) for document, text in texts.items()})


def searchable(text: str) -> str:
    """Return a text as it is searched."""
    characters = [*text.replace(_SIGN, " ")]
    for start, end in sign_spans(text):
        characters[start:end] = _SIGN * (end - start)
    for start, end in private_data.spans(text):
        characters[start:end] = _PRIVATE * (end - start)
    return "".join(characters)


def context(text: str, place: Position, part: Position) -> Context:
    """Return a place of a searchable text with the words around it in its part."""
    first = max(part.start, place.start - _AROUND)
    last = min(part.end, place.end + _AROUND)
    before, after = text[first : place.start], text[place.end : last]
    if first > part.start and not text[first - 1].isspace():
        before = _without_first(before)
    if last < part.end and not text[last].isspace():
        after = _without_last(after)
    return Context(
        ("… " if first > part.start else "") + _shown(before),
        _shown(text[place.start : place.end]),
        _shown(after) + (" …" if last < part.end else ""),
    )


def _without_first(text: str) -> str:
    """Return a text without the word that it begins within; all of it where that fills it."""
    return re.sub(r"^\S*\s", "", text)


def _without_last(text: str) -> str:
    return re.sub(r"\s\S*$", "", text)


def _shown(text: str) -> str:
    """Return words on one line, a blank for what is private."""
    return re.sub(r"\s+", " ", _PRIVATE_RUN.sub(private_data.BLANK, text).replace(_SIGN, ""))
