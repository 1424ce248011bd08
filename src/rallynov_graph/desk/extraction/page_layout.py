"""The order in which a person reads what stands on a page: column after column.

A page is cut between its lines into bands, and bands that leave the same gutter free are columns.
A table is read row by row: its cells are short, those of columns are lines of prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_GUTTER: Final = 0.7
"""The least breadth of a gutter, in heights of a line."""
_BETWEEN_CELLS: Final = 1.1
"""The least space in a line, in heights of it, that parts cells of a table."""
_LINES_OF_COLUMN: Final = 3
_BREADTH_OF_COLUMN: Final = 0.17
"""The mean line of a column has this share of the page's breadth, at least."""
_BETWEEN_PARAGRAPHS: Final = 0.75
"""The least height between two paragraphs, in heights of a line."""


@dataclass(frozen=True)
class Piece:
    """Words in a row on a page: where they stand, in points from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        """The height of its letters."""
        return self.bottom - self.top


Span = tuple[float, float]


def in_reading_order(page: Sequence[Piece], breadth: float) -> list[list[Piece]]:
    """Return the words of a page in lines as they are read, cells of a table joined to pieces.

    An empty list stands between paragraphs and columns.
    """
    lines: list[list[Piece]] = []
    for group in _groups(_bands(page), breadth):
        gutter = _gutter(group, breadth)
        if lines:
            lines.append([])
        if gutter is None:
            lines.extend(_cells(row) for row in _paragraphs(_rows(group)))
            continue
        middle = sum(gutter) / 2
        sides = (
            [piece for piece in group if piece.right <= middle],
            [piece for piece in group if piece.right > middle],
        )
        for number, side in enumerate(sides):
            lines.extend([[]] * number)
            lines.extend(in_reading_order(side, breadth))
    return lines


def _cells(row: Sequence[Piece]) -> list[Piece]:
    """Return the words of a line joined, but for wide space between them."""
    found: list[Piece] = []
    for word in row:
        wide = _BETWEEN_CELLS * word.height
        if found and word.left - found[-1].right <= max(wide, _BETWEEN_CELLS * found[-1].height):
            found.append(_together(found.pop(), word))
        else:
            found.append(word)
    return found


def _together(first: Piece, second: Piece) -> Piece:
    return Piece(
        first.left,
        min(first.top, second.top),
        second.right,
        max(first.bottom, second.bottom),
        f"{first.text} {second.text}",
    )


def _rows(page: Sequence[Piece]) -> list[list[Piece]]:
    """Return pieces that stand on one line together, lines from top to bottom."""
    rows: list[list[Piece]] = []
    for piece in sorted(page, key=lambda it: (it.bottom, it.left)):
        line = rows[-1] if rows else []
        if line and abs(line[-1].bottom - piece.bottom) < 0.4 * min(line[-1].height, piece.height):
            line.append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda it: it.left) for row in rows]


def _bands(page: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces of a page in bands that no piece crosses."""
    bands: list[list[Piece]] = []
    end = float("-inf")
    for piece in sorted(page, key=lambda it: (it.top, it.left)):
        # Letters of two lines may touch: a fifth of their height is no crossing.
        if piece.top >= end - 0.2 * piece.height:
            bands.append([])
        bands[-1].append(piece)
        end = max(end, piece.bottom)
    return bands


def _groups(bands: Sequence[list[Piece]], breadth: float) -> list[list[Piece]]:
    """Return bands that share a gutter together, each other one alone with those like it."""
    groups: list[tuple[bool, list[Piece]]] = []
    first = 0
    while first < len(bands):
        last = _end_of_columns(bands, first, breadth)
        if last is None:
            if not groups or groups[-1][0]:
                groups.append((False, []))
            groups[-1][1].extend(bands[first])
            first += 1
        else:
            groups.append((True, [piece for band in bands[first:last] for piece in band]))
            first = last
    return [group for _, group in groups]


def _end_of_columns(bands: Sequence[list[Piece]], first: int, breadth: float) -> int | None:
    """Return after which band the columns end that begin with one; None where none begin."""
    if not _free(bands[first]):
        return None
    group: list[Piece] = []
    end = None
    for last in range(first, len(bands)):
        group = [*group, *bands[last]]
        if not _free(group):
            break
        if _gutter(group, breadth) is not None:
            end = last + 1
    return end


def _free(group: Sequence[Piece]) -> list[Span]:
    """Return the spans across a group, between its outermost pieces, in which nothing stands."""
    height = sum(piece.height for piece in group) / len(group)
    spans = sorted((piece.left, piece.right) for piece in group)
    found, end = [], spans[0][1]
    for left, right in spans[1:]:
        if left - end >= _GUTTER * height:
            found.append((end, left))
        end = max(end, right)
    return found


def _gutter(group: Sequence[Piece], breadth: float) -> Span | None:
    """Return the widest span that parts a group into columns of prose, None where none does."""
    for free in sorted(_free(group), key=lambda it: it[0] - it[1]):
        middle = sum(free) / 2
        sides = (
            [piece for piece in group if piece.right <= middle],
            [piece for piece in group if piece.right > middle],
        )
        if all(_is_column(side, breadth) for side in sides):
            return free
    return None


def _is_column(side: Sequence[Piece], breadth: float) -> bool:
    rows = _rows(side)
    if len(rows) < _LINES_OF_COLUMN:
        return False
    mean = sum(row[-1].right - row[0].left for row in rows) / len(rows)
    return mean >= _BREADTH_OF_COLUMN * breadth


def _paragraphs(rows: list[list[Piece]]) -> list[list[Piece]]:
    """Return lines with an empty one where the space between them is larger."""
    found = rows[:1]
    for above, below in pairwise(rows):
        space = min(it.top for it in below) - max(it.bottom for it in above)
        if space > _BETWEEN_PARAGRAPHS * min(it.height for it in below):
            found.append([])
        found.append(below)
    return found
