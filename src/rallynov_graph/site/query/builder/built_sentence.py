"""The sentence of a question that a reader builds, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final, Protocol

from rallynov_graph.base.typography import day
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.query.builder.built_question import OPTIONAL, WITHOUT, Built, Condition
from rallynov_graph.site.query.builder.steps import DAY, ClassOfThings, PropertyStep

KIND: Final = "kind"
PROPERTY: Final = "property"
VALUE: Final = "value"


@dataclass(frozen=True)
class Piece:
    """A part of a sentence, and what it names, if anything."""

    text: str
    names: str = ""
    language: str = ""
    """The language of the text where it is another than the page's."""


Pieces = tuple[Piece, ...]


class Names(Protocol):
    """Who knows what kinds, properties and the values that readers wrote are called."""

    def of_kind(self, kind: ClassOfThings) -> Text:
        """Return what a kind is called."""

    def of_step(self, step: PropertyStep) -> Text:
        """Return what a property is called, read from either end."""

    def of_value(self, text: str) -> Text:
        """Return what a thing is called that a reader wrote."""


@dataclass(frozen=True)
class Sentences:
    """Says questions in the words of a language, which are those under ``builder.said_``."""

    words: Mapping[str, str]
    names: Names
    language: str

    def of(self, built: Built) -> Pieces:
        """Return the sentence of a question."""
        return self._put(
            "each",
            kind=[_piece(self.names.of_kind(built.kind), KIND)],
            conditions=self._all(built.conditions, start=" "),
        )

    def _all(self, conditions: Sequence[Condition], start: str = "") -> Pieces:
        ordered = sorted(conditions, key=lambda it: it.how == OPTIONAL)
        found: list[Piece] = []
        for it in ordered:
            found += (Piece(self.words["join"] if found else start), *self._one(it))
        return tuple(piece for piece in found if piece.text)

    def _one(self, it: Condition) -> Pieces:
        key = it.how if it.how in (OPTIONAL, WITHOUT) else "with"
        prop = [_piece(self.names.of_step(it.step), PROPERTY)]
        return self._put(key, property=prop, value=self._value(it))

    def _value(self, it: Condition) -> Pieces:
        found: list[Piece] = []
        if it.values:
            found += self._put("is", values=self._either(it.values))
        elif it.kind and it.step.classes != (it.kind.iri,):
            found += self._put("is", values=[_piece(self.names.of_kind(it.kind), KIND)])
        if it.least or it.most:
            key = "between" if it.least and it.most else "least" if it.least else "most"
            ends = {"least": it.least, "most": it.most}
            shown = {
                name: [Piece(day(end, self.language) if it.step.holds == DAY else end, VALUE)]
                for name, end in ends.items()
            }
            found += self._put(key, **shown)
        if it.text:
            found += self._put("has", text=[Piece(it.text, VALUE)])
        if it.conditions:
            found += self._put("upon", conditions=self._all(it.conditions))
        return tuple(found)

    def _either(self, values: Sequence[str]) -> Pieces:
        found: list[Piece] = []
        for text in values:
            found += (Piece(self.words["or"] if found else ""), self._called(text))
        return tuple(piece for piece in found if piece.text)

    def _called(self, text: str) -> Piece:
        return _piece(self.names.of_value(text), VALUE)

    def _put(self, key: str, **places: Iterable[Piece]) -> Pieces:
        """Return the words of a key, with pieces in their places."""
        found: list[Piece] = []
        for before, name, _, _ in Formatter().parse(self.words[key]):
            found += [Piece(before)] if before else []
            found += places[name] if name else ()
        return tuple(found)


def plain(pieces: Iterable[Piece]) -> str:
    """Return a sentence as plain text."""
    return "".join(piece.text for piece in pieces)


def _piece(text: Text, names: str) -> Piece:
    return Piece(text.value, names, text.language)
