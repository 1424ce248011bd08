"""The text of a PDF in reading order, without running heads and page numbers, its words whole.

``pdfplumber`` says where each word is; a picture of a text has none. A page is cut between its
lines into bands, and bands that leave the same gutter free are columns, read one after the other.
A table is read row by row: its cells are short, those of columns are lines of prose.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rallynov_graph.base import bounded_process
from rallynov_graph.base.bounded_process import TOO_LONG, ProcessEndedError
from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.desk.extraction.document_text import Remarks, normalised, require_readable
from rallynov_graph.desk.proposing.cues import listed
from rallynov_graph.desk.words import refusal, remark

if TYPE_CHECKING:
    import pdfplumber

_MOST_PAGES: Final = 1500
_SECONDS: Final = 60
_BYTES_A_SECOND: Final = 10_000
"""A page of text has 3 kB at least, and is read in a third of a second."""
_MEMORY: Final = 512 << 20
_MARGIN: Final = 0.09
"""Running heads and page numbers are in this share of a page's height, above and below."""
_DIGITS: Final = re.compile(r"\d+")
_PAGE_NUMBER: Final = re.compile(
    r"(?:[-–—|•·]\s*)?(?:p(?:age|\.)?\s*)?\d{1,4}(?:\s*(?:/|sur)\s*\d{1,4})?(?:\s*[-–—|•·])?",
    re.IGNORECASE,
)
_GOES_ON: Final = re.compile(r"[a-zà-öø-ÿœæ]|[»”);,]")
_ENDS: Final = re.compile(r"[.!?:…»]\s*$")
_LIGATURES: Final = re.compile("[\ufb00-\ufb06]")
_BULLETS: Final = str.maketrans({"\uf0b7": "•", "\uf0a7": "•", "\uf0d8": "•"})
"""Signs that a font for symbols has where Unicode leaves room for private use."""
SOFT: Final = "\xad"
_CUT: Final = re.compile(r"([^\W\d_]+)[-\u2010\xad]$")
_COMPOUND: Final = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+")
_WORD: Final = re.compile(r"[^\W\d_]+")
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
    """Words in a row on a page: their place, in points from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def height(self) -> float:
        return self.bottom - self.top


Span = tuple[float, float]


def text_of_pdf(path: Path, content: bytes) -> tuple[str, Remarks]:
    """Return the text of a PDF, page by page, and what was left out.

    Raises SourceError if it is encrypted, damaged, too long, or has only pictures, and if reading
    exceeds its limits: a few kilobytes can demand days and all memory.
    """
    try:
        return bounded_process.run(
            lambda: _text(path, content),
            seconds=_SECONDS + len(content) // _BYTES_A_SECOND,
            memory=_MEMORY,
        )
    except ProcessEndedError as ended:
        reason = "too much time" if ended.ended_by in TOO_LONG else "too much memory"
        raise refusal(path, reason) from ended


def _text(path: Path, content: bytes) -> tuple[str, Remarks]:
    pages = _read(path, content)
    if not any(page for page in pages):
        raise refusal(path, "pictures")
    empty = [str(number) for number, page in enumerate(pages, 1) if not page]
    lines = [line for page in pages for line in [*page, ""]]
    written = WrittenWords.of("\n".join(lines))
    blocks = (joined(block, written) for block in _blocks(lines))
    text, remarks = normalised("\n\n".join("\n".join(it) for it in blocks if it) + "\n")
    require_readable(path, text)
    if empty:
        shown = ", ".join(empty[:10]) + " …" * (len(empty) > 10)
        remarks = (*remarks, remark("pages without text", listed=shown))
    return text, remarks


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield paragraphs, joined across columns and pages."""
    block: list[str] = []
    for line in lines:
        if line and block and block[-1] == "":
            block.pop()
            if not _GOES_ON.match(line) or _ENDS.search(block[-1]):
                yield block
                block = []
        if line or (block and block[-1]):
            block.append(line)
    yield [line for line in block if line]


def _read(path: Path, content: bytes) -> list[list[str]]:
    """Return the lines of each page as they are read."""
    try:
        import pdfplumber
    except ImportError as error:
        raise RallynovError(
            "A PDF is read with pdfplumber, which is not installed: "
            "run pip install 'rallynov-graph[pdf]'."
        ) from error
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    try:
        with pdfplumber.open(io.BytesIO(content)) as pdf:
            if len(pdf.pages) > _MOST_PAGES:
                raise refusal(path, "too many pages", most=_MOST_PAGES)
            return _without_running_heads([_lines(page) for page in pdf.pages])
    except (SourceError, MemoryError):
        raise
    except Exception as error:
        # Its parser may raise any exception for a damaged file, perhaps inside another one.
        kinds = {type(error), *map(type, error.args)}
        if MemoryError in kinds:
            raise MemoryError from error
        if PDFPasswordIncorrect in kinds:
            raise refusal(path, "encrypted") from error
        raise refusal(path, "damaged") from error


def _lines(page: pdfplumber.page.Page) -> list[tuple[str, bool]]:
    """Return the lines of a page in reading order, and whether each is in a margin."""
    words = [_piece(word) for word in page.extract_words(x_tolerance_ratio=0.15)]
    words = [word for word in words if word.text and word.height > 0]
    height, breadth = float(page.height), float(page.width)
    page.close()
    found = []
    for line in _in_reading_order(words, breadth):
        in_margin = bool(line) and (
            max(it.bottom for it in line) < _MARGIN * height
            or min(it.top for it in line) > (1 - _MARGIN) * height
        )
        found.append(("   ".join(piece.text for piece in line), in_margin))
    return found


def _piece(word: dict[str, Any]) -> Piece:
    text = _LIGATURES.sub(lambda it: unicodedata.normalize("NFKC", it[0]), word["text"])
    return Piece(
        word["x0"], word["top"], word["x1"], word["bottom"], text.translate(_BULLETS).strip("\0")
    )


def _in_reading_order(page: Sequence[Piece], breadth: float) -> list[list[Piece]]:
    """Return the words of a page in lines as they are read, cells of a table joined to pieces.

    An empty list is between paragraphs and columns.
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
            lines.extend(_in_reading_order(side, breadth))
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
    """Return pieces that are on one line together, lines from top to bottom."""
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
    """Return the band after which the columns that begin with one end; None if none begin."""
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
    """Return the spans across a group, between its outermost pieces, in which there is nothing."""
    height = sum(piece.height for piece in group) / len(group)
    spans = sorted((piece.left, piece.right) for piece in group)
    found, end = [], spans[0][1]
    for left, right in spans[1:]:
        if left - end >= _GUTTER * height:
            found.append((end, left))
        end = max(end, right)
    return found


def _gutter(group: Sequence[Piece], breadth: float) -> Span | None:
    """Return the widest gap that divides a group into columns of prose, or None."""
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
    """Return lines, with an empty one wherever the space between two is larger."""
    found = rows[:1]
    for above, below in pairwise(rows):
        space = min(it.top for it in below) - max(it.bottom for it in above)
        if space > _BETWEEN_PARAGRAPHS * min(it.height for it in below):
            found.append([])
        found.append(below)
    return found


def _without_running_heads(pages: list[list[tuple[str, bool]]]) -> list[list[str]]:
    """Return the lines of pages without page numbers and repeated margins.

    The first occurrence stays, as it may be the only place of title and issue number.
    """
    heads = Counter(
        head
        for page in pages
        for head in {_DIGITS.sub("#", text) for text, in_margin in page if in_margin}
    )
    least = max(2, len(pages) // 3)
    seen: set[str] = set()
    found = []
    for page in pages:
        kept = []
        for text, in_margin in page:
            head = _DIGITS.sub("#", text)
            is_number = in_margin and _PAGE_NUMBER.fullmatch(text) and len(pages) > 1
            if is_number or (in_margin and heads[head] >= least and head in seen):
                continue
            if in_margin:
                seen.add(head)
            kept.append(text)
        found.append(kept)
    return [page if any(page) else [] for page in found]


@dataclass(frozen=True)
class WrittenWords:
    """The words and the compounds of a document, as it writes them elsewhere."""

    words: frozenset[str]
    compounds: frozenset[str]

    @classmethod
    def of(cls, text: str) -> WrittenWords:
        """Return those of a text."""
        plain = text.casefold()
        return cls(frozenset(_WORD.findall(plain)), frozenset(_COMPOUND.findall(plain)))


def joined(lines: Iterable[str], written: WrittenWords) -> list[str]:
    """Return lines without hyphenated words: the end of a word is joined with its beginning.

    A compound keeps its hyphen: if the document has it elsewhere, if the next line begins with a
    capital, or if its parts are those of French compounds. Soft hyphens are removed.
    """
    left = [*lines]
    for number in range(len(left) - 1):
        cut, following = _CUT.search(left[number]), _WORD.match(left[number + 1].lstrip())
        if cut is None or following is None:
            continue
        soft = left[number].endswith(SOFT)
        hyphen = "" if soft or _is_one_word(cut[1], following[0], written) else "-"
        tail = re.match(r"\S+", left[number + 1].lstrip())
        assert tail is not None
        left[number] = f"{left[number][:-1]}{hyphen}{tail[0]}"
        left[number + 1] = left[number + 1].lstrip()[len(tail[0]) :].lstrip()
    return [line.replace(SOFT, "") for line in left if line.strip(f" {SOFT}")]


def _is_one_word(first: str, second: str, written: WrittenWords) -> bool:
    before, after = first.casefold(), second.casefold()
    if f"{before}{after}" in written.words:
        return True
    if f"{before}-{after}" in written.compounds or not second[0].islower():
        return False
    return before not in listed("begin_compounds") and after not in listed("end_compounds")
