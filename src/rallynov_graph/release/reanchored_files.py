"""The files of the data with other positions: nothing else in them changes, not their layout."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.matching.alignment import Span
from rallynov_graph.rdf.turtle_edits import changed
from rallynov_graph.release.withdrawing import is_edited, parsed

_OA: Final = PREFIXES["oa"]
_SOURCE: Final = _OA + "hasSource"
_LABEL: Final = PREFIXES["rdfs"] + "label"
_TYPE: Final = PREFIXES["rdf"] + "type"


@dataclass(frozen=True)
class Move:
    """A passage or part that goes to another text, with the old and the new place of its words."""

    passage: str
    selector: str
    old: Span
    new: Span


@dataclass(frozen=True)
class TextChange:
    """Passages that go from one text to another, in whichever files they are described."""

    old: str
    new: str
    moves: Sequence[Move]
    described: Sequence[tuple[str, NamedNode | Literal]] = ()
    """What is said of the new text where the old one is described, by property; none if it is."""
    _passages: Mapping[str, Move] = field(init=False)
    _selectors: Mapping[str, Move] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_passages", {it.passage: it for it in self.moves})
        object.__setattr__(self, "_selectors", {it.selector: it for it in self.moves})

    def describes(self, quads: Iterable[Quad]) -> bool:
        """Return whether these quads say what the old text is."""
        return any(q.subject == NamedNode(self.old) and q.predicate.value == _TYPE for q in quads)

    def of_file(self, file: Path, quads: Sequence[Quad]) -> str | None:
        """Return the new text of a file, None where it stays; raise SourceError if unsure of it."""
        added = self.described if self.describes(quads) else ()
        expected = {self._moved(quad) for quad in quads} | {*self._description(quads, added)}
        if expected == set(quads):
            return None
        by_hand = f"change the positions in <{self.old}> by hand"
        if not is_edited(file):
            raise SourceError(str(file), f"it has passages and is no TriG: {by_hand}")
        try:
            text = changed(
                file.read_bytes().decode("utf-8"),
                self._other,
                {self.old: _statements(self.new, added)} if added else {},
            )
        except RallynovError as error:
            raise SourceError(str(file), f"{error}: {by_hand}") from error
        if parsed(file, text) != expected:
            raise SourceError(str(file), f"it is not understood: {by_hand}")
        return text

    def _other(self, subject: str, verb: str, written: str) -> str | None:
        """Return what is written in place of an object, None where it stays."""
        if verb == _SOURCE and written == f"<{self.old}>" and subject in self._passages:
            return f"<{self.new}>"
        if (move := self._selectors.get(subject)) is None:
            return None
        if verb in (_OA + "start", _OA + "end"):
            before, after = (
                (move.old.start, move.new.start)
                if verb == _OA + "start"
                else (move.old.end, move.new.end)
            )
            return re.sub(rf"\b{before}\b", str(after), written, count=1)
        if verb == _LABEL:
            positions = rf"(\D*\b){move.old.start}(\b\D+\b){move.old.end}(\b\D*)"
            return re.sub(positions, rf"\g<1>{move.new.start}\g<2>{move.new.end}\g<3>", written)
        return None

    def _moved(self, quad: Quad) -> Quad:
        subject, value = quad.subject, quad.object
        if not isinstance(subject, NamedNode) or not isinstance(value, NamedNode | Literal):
            return quad
        written = f"<{value.value}>" if isinstance(value, NamedNode) else value.value
        other = self._other(subject.value, quad.predicate.value, written)
        if other is None or other == written:
            return quad
        term = NamedNode(other[1:-1]) if isinstance(value, NamedNode) else _like(value, other)
        return Quad(subject, quad.predicate, term, quad.graph_name)

    def _description(
        self, quads: Iterable[Quad], added: Sequence[tuple[str, NamedNode | Literal]]
    ) -> Iterable[Quad]:
        graphs = (q.graph_name for q in quads if q.subject == NamedNode(self.old))
        graph = next(graphs, None)
        for prop, value in added if graph is not None else ():
            yield Quad(NamedNode(self.new), NamedNode(prop), value, graph)


def _like(literal: Literal, value: str) -> Literal:
    if literal.language:
        return Literal(value, language=literal.language)
    return Literal(value, datatype=literal.datatype)


def _statements(subject: str, properties: Sequence[tuple[str, NamedNode | Literal]]) -> str:
    """Return what is said of a thing as Turtle, a property a line, its IRIs written out."""
    values: dict[str, list[str]] = {}
    for prop, value in properties:
        is_number = isinstance(value, Literal) and value.value.isdigit() and not value.language
        whole = is_number and "integer" in str(value)
        values.setdefault(prop, []).append(value.value if whole else str(value))
    lines = [f"{'a' if p == _TYPE else f'<{p}>'} {', '.join(them)}" for p, them in values.items()]
    return f"<{subject}> " + " ;\n    ".join(lines) + " ."
