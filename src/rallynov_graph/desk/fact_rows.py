"""Facts in rows: of a table from a spreadsheet, or of annotations of Hypothesis and Recogito."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.errors import SourceError
from rallynov_graph.desk.acts import TextSelection
from rallynov_graph.desk.quotations import QuotedText
from rallynov_graph.desk.terms import Terms
from rallynov_graph.desk.words import NameFault, message, refusal
from rallynov_graph.matching.near_names import near

LARGEST: Final = 50 << 20
"""How many bytes a table may have."""
_SEPARATORS: Final = (",", ";", "\t")
_LISTS: Final = ("annotations", "rows", "items", "@graph")
_TAGGING: Final = ("tagging", "classifying")
_NAMING: Final = ("identifying", "linking")
_COMMENTING: Final = ("commenting", "describing", "")
_BETWEEN: Final = " | "
"""Stands between subject, property and object in a comment."""


@dataclass(frozen=True)
class Unplaced:
    """Something that was not imported: its place, and the reason in each language."""

    path: str
    line: int
    reasons: Mapping[str, str]
    unit: str = "line"
    """The unit of the count: lines, or annotations."""

    def text(self, language: str) -> str:
        """Return place and reason as a line."""
        reason = self.reasons[language]
        told = message(f"unplaced.{self.unit}", path=self.path, n=self.line, reason=reason)
        return told[language]


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
    """The name of the set that states the fact; facts of the same words share one if not."""
    surplus: str = ""
    """The cells to the right of the last column."""
    words: tuple[TextSelection, ...] = ()
    """The words that say it, if they were selected instead of quoted."""


COLUMNS: Final = tuple(
    it.name for it in fields(FactRow) if it.name not in ("line", "surplus", "words")
)
_NEEDED: Final = ("subject", "property", "object")


def rows(path: Path) -> Iterator[FactRow]:
    """Yield the non-empty rows of a table; raise SourceError if it is not a table."""
    text = _text_of(path)
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


def _text_of(path: Path) -> str:
    """Return the text of a file; raise SourceError if it is empty, too large or not UTF-8."""
    try:
        if path.stat().st_size > LARGEST:
            raise refusal(path, "too large", most=LARGEST >> 20)
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


@dataclass(frozen=True)
class _Annotation:
    """An annotation: its number in the file, what it selects, tags, comments and links."""

    number: int
    id: str
    words: TextSelection | None
    name: str
    """The name of the thing: as identified, or as in the words."""
    tags: tuple[str, ...]
    comments: tuple[str, ...]
    links: tuple[str, ...]
    states_nothing: str = ""
    """Why it states nothing: it is a proposal, or a reply."""


class AnnotationFile:
    """Annotations on a text, and the facts that they state."""

    def __init__(self, path: Path, text: QuotedText, terms: Terms) -> None:
        self._path, self._text, self._terms = str(path), text, terms
        self.unplaced: list[Unplaced] = []
        read = (self._annotation(*it) for it in enumerate(_contents(path), 1))
        self._annotations = [it for it in read if it is not None]
        self._by_id = {it.id: it for it in self._annotations if it.id}

    def rows(self) -> list[FactRow]:
        """Return the facts; what states none is in ``unplaced``."""
        return [row for it in self._annotations for row in self._rows(it)]

    def _rows(self, it: _Annotation) -> Iterator[FactRow]:
        if it.states_nothing:
            self._leave(it.number, it.states_nothing)
        elif it.links:
            yield from self._relation(it)
        elif it.words is None:
            self._leave(it.number, "words")
        else:
            rows = [*self._facts(it, it.words)]
            if not rows:
                self._leave(it.number, "nothing")
            yield from rows

    def _facts(self, it: _Annotation, words: TextSelection) -> Iterator[FactRow]:
        certainty = next((tag for tag in it.tags if tag in CERTAINTIES), "")
        kind = next((tag for tag in it.tags if self._terms.class_named(tag)), "")
        lines = [line.strip() for text in it.comments for line in text.splitlines()]
        facts = [line.split(_BETWEEN) for line in lines if line.count(_BETWEEN) == 2]
        others = [line for line in lines if line and line.count(_BETWEEN) != 2]
        reason = " ".join(others) if certainty else ""
        shared = FactRow(it.number, certainty=certainty, reason=reason, words=(words,))
        if kind:
            yield replace(shared, subject=it.name, subject_type=kind)
        for fact in facts:
            subject, name, value = map(str.strip, fact)
            yield replace(shared, subject=subject, property=name, object=value)
        if others and not certainty and (kind or facts):
            self._leave(it.number, "nothing")

    def _relation(self, it: _Annotation) -> Iterator[FactRow]:
        ends = [self._by_id.get(link.lstrip("#")) or self._by_id.get(link) for link in it.links]
        first, second = [*ends, None, None][:2]
        names = [tag for tag in (*it.tags, *it.comments) if self._terms.property(tag)]
        if len(ends) != 2 or first is None or second is None or not first.words or not second.words:
            self._leave(it.number, "ends")
        elif not names:
            self._leave(it.number, "nothing")
        else:
            words = tuple(dict.fromkeys((first.words, second.words)))
            yield FactRow(it.number, first.name, "", names[0], second.name, words=words)

    def _annotation(self, number: int, content: Any) -> _Annotation | None:
        if not isinstance(content, dict):
            self._leave(number, "nothing")
            return None
        bodies = [it for it in _each(content.get("body")) if isinstance(it, dict)]
        targets = _each(content.get("target"))
        links = tuple(
            it if isinstance(it, str) else str(it["id"])
            for it in targets
            if isinstance(it, str) or (isinstance(it, dict) and "id" in it and "selector" not in it)
        )
        is_link = content.get("motivation") == "linking" or len(links) == 2
        words, quote = (None, "") if is_link else self._selected(number, targets)
        is_proposal = any("candidates" in it or "proposer" in it for it in bodies)
        reply = "reply" if content.get("references") else ""
        return _Annotation(
            number,
            str(content.get("id", "")).lstrip("#"),
            words,
            next(_texts(bodies, _NAMING), " ".join(quote.split())),
            (*_texts(bodies, _TAGGING), *map(str, _each(content.get("tags")))),
            (
                *_texts(bodies, _COMMENTING),
                *(it for it in (content.get("text"), content.get("bodyValue")) if it),
            ),
            links if is_link else (),
            "proposal" if is_proposal else reply,
        )

    def _selected(self, number: int, targets: Sequence[Any]) -> tuple[TextSelection | None, str]:
        selectors: dict[str, Mapping[str, Any]] = {}
        for target in targets:
            if isinstance(target, dict):
                for one in _each(target.get("selector")):
                    if isinstance(one, dict):
                        selectors.setdefault(str(one.get("type", "")), one)
        quote = selectors.get("TextQuoteSelector", {})
        position = selectors.get("TextPositionSelector", {})
        try:
            words = self._words(quote, position)
        except NameFault as fault:
            self.unplaced.append(Unplaced(self._path, number, fault.reasons, "annotation"))
            words = None
        return words, str(quote.get("exact", "")) or self._text.words(words)

    def _words(self, quote: Mapping[str, Any], position: Mapping[str, Any]) -> TextSelection | None:
        """Return the selected words, by position in code points or UTF-16, or by quotation."""
        exact = str(quote.get("exact", ""))
        start, end = position.get("start"), position.get("end")
        if isinstance(start, int) and isinstance(end, int):
            for span in ((start, end), self._text.from_utf16(start, end)):
                if self._text.has(exact, span):
                    return self._text.selection(*span)
        if not exact:
            return None
        around = str(quote.get("prefix", "")), str(quote.get("suffix", ""))
        return self._text.near(exact, *around) or self._text.find(exact)[0]

    def _leave(self, number: int, reason: str) -> None:
        self.unplaced.append(
            Unplaced(self._path, number, message(f"annotation.{reason}"), "annotation")
        )


def _contents(path: Path) -> list[Any]:
    try:
        content = json.loads(_text_of(path))
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise refusal(path, "no JSON", line, error=error) from error
    except RecursionError as error:
        raise refusal(path, "too deep") from error
    if isinstance(content, dict):
        lists = [content[name] for name in _LISTS if isinstance(content.get(name), list)]
        content = lists[0] if lists else [content] if "target" in content else None
    if not isinstance(content, list):
        raise refusal(path, "no annotations")
    return content


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _texts(bodies: Sequence[Mapping[str, Any]], purposes: Sequence[str]) -> Iterator[str]:
    for body in bodies:
        purpose = str(body.get("purpose", ""))
        if purpose in purposes:
            source = body.get("source") or body.get("value") or body.get("id")
            if isinstance(source, dict):
                source = source.get("id") or source.get("label")
            if isinstance(source, str) and source.strip():
                yield source.strip()
