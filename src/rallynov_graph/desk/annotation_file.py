"""Annotations as the W3C defines them, as Hypothesis and Recogito save them, read as facts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.desk.acts import TextSelection
from rallynov_graph.desk.fact_table import FactRow, text_of
from rallynov_graph.desk.quotations import QuotationFault, QuotedText
from rallynov_graph.desk.terms import Terms
from rallynov_graph.desk.unplaced import Unplaced
from rallynov_graph.desk.words import message, refusal

_LISTS: Final = ("annotations", "rows", "items", "@graph")
_TAGGING: Final = frozenset({"tagging", "classifying"})
_NAMING: Final = frozenset({"identifying", "linking"})
_BETWEEN: Final = " | "
"""Stands between subject, property and object in a comment."""


@dataclass(frozen=True)
class TextAnnotation:
    """An annotation: its number in the file, what it selects, tags, names and comments."""

    number: int
    id: str
    words: TextSelection | None
    quote: str
    tags: tuple[str, ...]
    names: tuple[str, ...]
    comments: tuple[str, ...]
    links: tuple[str, ...]
    is_proposal: bool = False
    is_reply: bool = False

    def name(self) -> str:
        """Return what the thing is called: as it was identified, or as the words have it."""
        return self.names[0] if self.names else self.quote


class AnnotationFile:
    """Annotations on a text, and the facts that they state."""

    def __init__(self, path: Path, text: QuotedText, terms: Terms) -> None:
        self._path, self._text, self._terms = str(path), text, terms
        self.unplaced: list[Unplaced] = []
        self._annotations = [
            found
            for number, content in enumerate(_contents(path), 1)
            if (found := self._annotation(number, content)) is not None
        ]
        self._by_id = {it.id: it for it in self._annotations if it.id}

    def rows(self) -> list[FactRow]:
        """Return the facts; what states none is told among ``unplaced``."""
        return [row for it in self._annotations for row in self._rows(it)]

    def _rows(self, it: TextAnnotation) -> Iterator[FactRow]:
        if it.is_proposal or it.is_reply:
            self._leave(it.number, "proposal" if it.is_proposal else "reply")
        elif it.links:
            yield from self._relation(it)
        elif it.words is None:
            self._leave(it.number, "words")
        else:
            rows = [*self._facts(it, it.words)]
            if not rows:
                self._leave(it.number, "nothing")
            yield from rows

    def _facts(self, it: TextAnnotation, words: TextSelection) -> Iterator[FactRow]:
        certainty = next((tag for tag in it.tags if tag in CERTAINTIES), "")
        kind = next((tag for tag in it.tags if self._terms.class_named(tag)), "")
        lines = [line.strip() for text in it.comments for line in text.splitlines()]
        facts = [line.split(_BETWEEN) for line in lines if line.count(_BETWEEN) == 2]
        others = [line for line in lines if line and line.count(_BETWEEN) != 2]
        shared: dict[str, Any] = {"certainty": certainty, "reason": " ".join(others)}
        shared = {**shared, "words": (words,)} if certainty else {"words": (words,)}
        if kind:
            yield FactRow(it.number, it.name(), kind, **shared)
        for subject, name, value in facts:
            yield FactRow(it.number, subject.strip(), "", name.strip(), value.strip(), **shared)
        if others and not certainty and (kind or facts):
            self._leave(it.number, "nothing")

    def _relation(self, it: TextAnnotation) -> Iterator[FactRow]:
        ends = [self._by_id.get(link.lstrip("#")) or self._by_id.get(link) for link in it.links]
        first, second = [*ends, None, None][:2]
        names = [tag for tag in (*it.tags, *it.comments) if self._terms.property(tag)]
        if len(ends) != 2 or first is None or second is None or not first.words or not second.words:
            self._leave(it.number, "ends")
        elif not names:
            self._leave(it.number, "nothing")
        else:
            words = tuple(dict.fromkeys((first.words, second.words)))
            yield FactRow(it.number, first.name(), "", names[0], second.name(), words=words)

    def _annotation(self, number: int, content: Any) -> TextAnnotation | None:
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
        return TextAnnotation(
            number,
            str(content.get("id", "")).lstrip("#"),
            words,
            " ".join(quote.split()),
            tuple(_texts(bodies, _TAGGING)) + tuple(map(str, _each(content.get("tags")))),
            tuple(_texts(bodies, _NAMING)),
            (
                *_texts(bodies, frozenset({"commenting", "describing", ""})),
                *(it for it in (content.get("text"), content.get("bodyValue")) if it),
            ),
            links if is_link else (),
            any("candidates" in it or "proposer" in it for it in bodies),
            bool(content.get("references")),
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
        except QuotationFault as fault:
            self.unplaced.append(Unplaced(self._path, number, fault.reasons, "annotation"))
            words = None
        return words, str(quote.get("exact", "")) or self._text.words(words)

    def _words(self, quote: Mapping[str, Any], position: Mapping[str, Any]) -> TextSelection | None:
        """Return what is selected: at its position in code points or UTF-16, or by its words."""
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
        content = json.loads(text_of(path))
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


def _texts(bodies: Sequence[Mapping[str, Any]], purposes: frozenset[str]) -> Iterator[str]:
    for body in bodies:
        purpose = str(body.get("purpose", ""))
        if purpose in purposes:
            source = body.get("source") or body.get("value") or body.get("id")
            if isinstance(source, dict):
                source = source.get("id") or source.get("label")
            if isinstance(source, str) and source.strip():
                yield source.strip()
