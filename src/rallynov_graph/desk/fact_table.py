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
        raise SourceError(
            str(path), f"it is no table: {error}; save it as CSV again", reader.line_num
        ) from error


def text_of(path: Path, largest: int = LARGEST) -> str:
    """Return what a file says; raise SourceError where it is empty, too large or no UTF-8."""
    try:
        if path.stat().st_size > largest:
            raise SourceError(str(path), f"it is larger than {largest >> 20} MiB: part it")
        content = path.read_bytes()
    except OSError as error:
        raise SourceError.unread(path, error) from error
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise SourceError(
            str(path), "it is not encoded in UTF-8; save it as UTF-8", line
        ) from error
    if not text.strip():
        raise SourceError(str(path), "it is empty")
    return text


def _examine(path: Path, header: list[str]) -> None:
    for name in header:
        if name not in COLUMNS:
            nearest = near(name, COLUMNS, 1)
            hint = f"did you mean {nearest[0]}?" if nearest else f"there are {', '.join(COLUMNS)}"
            raise SourceError(str(path), f"no column is called {name!r}: {hint}", 1)
        if header.count(name) > 1:
            raise SourceError(str(path), f"two columns are called {name}", 1)
    if missing := [name for name in _NEEDED if name not in header]:
        raise SourceError(str(path), f"the column {missing[0]} is missing", 1)
