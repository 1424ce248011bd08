"""The text of a PDF in reading order, without running heads and page numbers.

``pdfplumber`` says where each word stands; a picture of a text has none.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rallynov_graph.base import bounded_process
from rallynov_graph.base.bounded_process import TOO_LONG, ProcessEndedError
from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.desk.extraction import plain_text
from rallynov_graph.desk.extraction.extracted import Remark, require_readable
from rallynov_graph.desk.extraction.line_ends import WrittenWords, joined
from rallynov_graph.desk.extraction.page_layout import Piece, in_reading_order
from rallynov_graph.desk.words import message, refusal

if TYPE_CHECKING:
    import pdfplumber

_MOST_PAGES: Final = 1500
_SECONDS: Final = 60
_BYTES_A_SECOND: Final = 10_000
"""A page of text has 3 kB at least, and is read in a third of a second."""
_MEMORY: Final = 512 << 20
_MARGIN: Final = 0.09
"""Running heads and page numbers stand in this share of a page's height, above and below."""
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

Line = list[Piece]


def text_of_pdf(path: Path, content: bytes) -> tuple[str, tuple[Remark, ...]]:
    """Return what a PDF says, page after page, and what was left out.

    Raises SourceError where it is encrypted, damaged, too long, or holds pictures only, and where
    reading it takes more than it may: a few kilobytes can ask for days and for all memory.
    """
    try:
        return bounded_process.run(
            lambda: _text(path, content),
            seconds=_SECONDS + len(content) // _BYTES_A_SECOND,
            memory=_MEMORY,
        )
    except ProcessEndedError as ended:
        what = "time" if ended.ended_by in TOO_LONG else "memory"
        raise refusal(path, f"too much {what}") from ended


def _text(path: Path, content: bytes) -> tuple[str, tuple[Remark, ...]]:
    pages = _read(path, content)
    if not any(page for page in pages):
        raise refusal(path, "pictures")
    empty = [number for number, page in enumerate(pages, 1) if not page]
    lines = [line for page in pages for line in [*page, ""]]
    written = WrittenWords.of("\n".join(lines))
    blocks = (joined(block, written) for block in _blocks(lines))
    text, changes = plain_text.normalised("\n\n".join("\n".join(it) for it in blocks if it) + "\n")
    require_readable(path, text)
    return text, (*changes, *_without_text(empty))


def _without_text(pages: Sequence[int]) -> Iterator[Remark]:
    if pages:
        listed = ", ".join(map(str, pages[:10])) + " …" * (len(pages) > 10)
        yield Remark(**message("remark.pages without text", listed=listed))


def _blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield paragraphs; one that goes on in the next column or page is one all the same."""
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
        # What its parser raises over a damaged file is of any kind, and may lie in another error.
        kinds = {type(error), *map(type, error.args)}
        if MemoryError in kinds:
            raise MemoryError from error
        if PDFPasswordIncorrect in kinds:
            raise refusal(path, "encrypted") from error
        raise refusal(path, "damaged") from error


def _lines(page: pdfplumber.page.Page) -> list[tuple[str, bool]]:
    """Return the lines of a page in reading order, and whether each stands in a margin."""
    words = [_piece(word) for word in page.extract_words(x_tolerance_ratio=0.15)]
    words = [word for word in words if word.text and word.height > 0]
    height, breadth = float(page.height), float(page.width)
    page.close()
    found = []
    for line in in_reading_order(words, breadth):
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


def _without_running_heads(pages: list[list[tuple[str, bool]]]) -> list[list[str]]:
    """Return the lines of pages but for page numbers, and for what stands in the margin of many.

    Its first occurrence stays: title and number of an issue may stand nowhere else.
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
