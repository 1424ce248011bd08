"""Turtle and TriG edited as texts: what is not removed or changed stays as it is written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from rallynov_graph.rdf.turtle import (
    StatementText,
    SubjectBlock,
    TurtleReader,
    TurtleTerm,
    line_of,
)

OtherObject = Callable[[str, str, str], str | None]
"""Returns what is written in place of an object, None for the same: subject, predicate, object.

Subject and predicate are IRIs; the object is an IRI in angle brackets, or a literal as it is
written.
"""
_INDENT: Final = "    "


@dataclass(frozen=True)
class RemovedStatement:
    """A statement that was removed, its terms as they were written."""

    line: int
    subject: str
    predicate: str
    object: str
    is_about_thing: bool
    """Whether the thing is the subject or the graph; else the statement only mentions it."""


def changed(text: str, other: OtherObject, added: Mapping[str, str]) -> str:
    """Return a text with other objects, and with the statements added behind those of a thing.

    ``added`` has them by the IRI of that thing, with IRIs written out, which are shortened as the
    text does it. Raises RallynovError where the text is not understood.
    """
    reader = TurtleReader(text)
    edits: list[tuple[int, int, str]] = []
    left = dict(added)
    for block in (block for graph in reader.graphs() for block in graph.blocks):
        subject = reader.iri(block.subject)
        for leaf in block.leaves:
            verb, written = reader.predicate(leaf.verb), reader.iri(leaf.object)
            value = f"<{written}>" if written else leaf.object[0].text
            new = other(subject, verb, value) if subject and verb else None
            if new is not None:
                edits.append((leaf.object[0].start, leaf.object[-1].end, reader.shortened(new)))
        if block.leaves and block.leaves[-1].marks and subject in left:
            end = block.leaves[-1].marks[-1].end
            statements = reader.shortened(left.pop(subject))
            lines = "".join(f"\n{_INDENT}{line}" for line in statements.splitlines())
            edits.append((end, end, f"\n{lines}"))
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def without_iri(text: str, iri: str) -> tuple[str, tuple[RemovedStatement, ...]]:
    """Return a text without the statements that name an IRI in any place, and these statements.

    Raises RallynovError where the text is not understood well enough.
    """
    reader, eraser = TurtleReader(text), _Eraser(text)
    removed: list[RemovedStatement] = []
    for graph in reader.graphs():
        is_whole_graph = graph.label is not None and reader.iri((graph.label,)) == iri
        is_empty, is_left = True, False
        for block in graph.blocks:
            is_about_thing = is_whole_graph or reader.is_iri(block.subject, iri)
            gone = [
                leaf
                for leaf in block.leaves
                if is_about_thing
                or any(reader.is_iri(term, iri) for term in (leaf.verb, leaf.object))
            ]
            removed += (_removed_statement(text, block, leaf, is_about_thing) for leaf in gone)
            if gone:
                eraser.remove(block, gone)
            is_empty, is_left = False, is_left or not gone or len(gone) < len(block.leaves)
        if graph.span and (is_whole_graph or not (is_empty or is_left)):
            eraser.erase(*graph.span)
    return eraser.text(), tuple(removed)


class _Eraser:
    """Records which characters are removed, and which are replaced."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._removed = bytearray(len(text))
        self._replacements: dict[int, str] = {}

    def text(self) -> str:
        """Return the text that is left, without lines from which everything was removed."""
        lines: list[str] = []
        start = 0
        dropped_line = False
        for line in self._text.splitlines(keepends=True):
            end = start + len(line)
            remaining = "".join(
                self._replacements.get(position, self._text[position])
                for position in range(start, end)
                if not self._removed[position]
            )
            is_changed = any(self._removed[start:end])
            start = end
            if is_changed and not remaining.strip():
                dropped_line = True
                continue
            if dropped_line and not remaining.strip() and (not lines or not lines[-1].strip()):
                continue
            dropped_line = False
            lines.append(
                f"{_squeezed(remaining)}\n"
                if is_changed and remaining.endswith("\n")
                else remaining
            )
        return "".join(lines)

    def erase(self, start: int, end: int) -> None:
        self._removed[start:end] = b"\1" * (end - start)

    def remove(self, block: SubjectBlock, gone: list[StatementText]) -> None:
        """Erase statements of a subject; the remaining marks fit the remaining statements."""
        remaining = [leaf for leaf in block.leaves if leaf not in gone]
        if not remaining:
            last = block.leaves[-1]
            self.erase(block.subject[0].start, (last.marks or last.object)[-1].end)
            return
        verbs = {leaf.verb for leaf in remaining}
        for leaf in gone:
            if leaf.verb not in verbs:
                self._erase_term(leaf.verb)
            for term in (leaf.object, *((mark,) for mark in leaf.marks)):
                self._erase_term(term)
        for leaf, following in zip(remaining, [*remaining[1:], None], strict=True):
            same_verb = following is not None and following.verb == leaf.verb
            self._end_with("," if same_verb else ";" if following else ".", leaf)

    def _erase_term(self, term: TurtleTerm) -> None:
        self.erase(term[0].start, term[-1].end)

    def _end_with(self, mark: str, leaf: StatementText) -> None:
        if mark in (found.text for found in leaf.marks) or not leaf.marks:
            return
        position = leaf.marks[0].start
        needs_space = mark != "," and not self._text[position - 1].isspace()
        self._replacements[position] = f" {mark}" if needs_space else mark
        for extra in leaf.marks[1:]:
            self.erase(extra.start, extra.end)


def _squeezed(line: str) -> str:
    """Return a line without the gaps that were left in it."""
    indent = line[: len(line) - len(line.lstrip())]
    return indent + re.sub(r" {2,}", " ", line.strip()) if '"' not in line else line.rstrip()


def _removed_statement(
    text: str, block: SubjectBlock, leaf: StatementText, is_about_thing: bool
) -> RemovedStatement:
    def text_of(term: TurtleTerm) -> str:
        return " ".join(text[term[0].start : term[-1].end].split())

    line = line_of(text, leaf.object[0].start)
    return RemovedStatement(
        line, text_of(block.subject), text_of(leaf.verb), text_of(leaf.object), is_about_thing
    )
