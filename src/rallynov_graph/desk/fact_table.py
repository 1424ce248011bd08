"""A table of facts, a row a fact, as people save it from a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.desk.acts import TextSelection
from rallynov_graph.desk.words import refusal
from rallynov_graph.matching.near_names import near

LARGEST: Final = 50 << 20
"""How many bytes a table may have."""
_SEPARATORS: Final = (",", ";", "\t")


@dataclass(frozen=True)
class FactRow:
    """A row: the cells by their columns; a column that is not there is empty."""

    line: int
    subject: str = ""
    subject_type: str = ""
    property: str = ""
    object: str = ""
    object_type: str = ""
    quotation: str = ""
    occurrence: str = ""
    voice: str = ""
    certainty: str = ""
    reason: str = ""
    set: str = ""
    """The name of the set that the fact stands in; facts of the same words share one if not."""
    surplus: str = ""
    """What stands right of the last column."""
    words: tuple[TextSelection, ...] = ()
    """The words that say it, where they were selected and not quoted."""


COLUMNS: Final = tuple(
    it.name for it in fields(FactRow) if it.name not in ("line", "surplus", "words")
)
_NEEDED: Final = ("subject", "property", "object")


def rows(path: Path) -> Iterator[FactRow]:
    """Yield the rows of a table that are not empty; raise SourceError for what is none."""
    text = text_of(path)
    first, _, _ = text.partition("\n")
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        header = [name.strip().lower() for name in next(reader, [])]
        _examine(path, header)
        line = reader.line_num + 1
        for cells in reader:
            values = dict(zip(header, (it.strip() for it in cells), strict=False))
            surplus = " ".join(it for it in cells[len(header) :] if it.strip())
            if any(values.values()) or surplus:
                yield replace(FactRow(line, surplus=surplus), **values)  # type: ignore[arg-type]
            line = reader.line_num + 1
    except csv.Error as error:
        raise refusal(path, "no table", reader.line_num, error=error) from error


def text_of(path: Path, largest: int = LARGEST) -> str:
    """Return what a file says; raise SourceError where it is empty, too large or no UTF-8."""
    try:
        if path.stat().st_size > largest:
            raise refusal(path, "too large", most=largest >> 20)
        content = path.read_bytes()
    except OSError as error:
        raise SourceError.unread(path, error) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(path, "encoding", line) from error
    if not text.strip():
        raise refusal(path, "empty")
    return text


def _examine(path: Path, header: list[str]) -> None:
    for name in header:
        if name not in COLUMNS:
            nearest = near(name, COLUMNS, 1)
            if nearest:
                raise refusal(path, "near column", 1, name=name, near=nearest[0])
            raise refusal(path, "no column", 1, name=name, known=", ".join(COLUMNS))
        if header.count(name) > 1:
            raise refusal(path, "twice", 1, name=name)
    if missing := [name for name in _NEEDED if name not in header]:
        raise refusal(path, "column", 1, name=missing[0])
