"""The sentence of a question that a reader builds, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final, Protocol

from rallynov_graph.base.typography import day
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.query.builder.built_question import (
    OPTIONAL,
    WITHOUT,
    BuiltQuestion,
    Condition,
)
from rallynov_graph.site.query.builder.steps import DAY, ClassOfThings, PropertyStep

KIND: Final = "kind"
PROPERTY: Final = "property"
VALUE: Final = "value"


@dataclass(frozen=True)
class SentencePiece:
    """A part of a sentence, and what it names, if anything."""

    text: str
    names: str = ""
    language: str = ""
    """The language of the text where it is another than the page's."""


Pieces = tuple[SentencePiece, ...]


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

    def of(self, built: BuiltQuestion) -> Pieces:
        """Return the sentence of a question."""
        return self._put(
            "each",
            kind=[_piece(self.names.of_kind(built.kind), KIND)],
            conditions=self._all(built.conditions, start=" "),
        )

    def _all(self, conditions: Sequence[Condition], start: str = "") -> Pieces:
        ordered = sorted(conditions, key=lambda condition: condition.mode == OPTIONAL)
        found: list[SentencePiece] = []
        for condition in ordered:
            found += (
                SentencePiece(self.words["join"] if found else start),
                *self._condition(condition),
            )
        return tuple(piece for piece in found if piece.text)

    def _condition(self, condition: Condition) -> Pieces:
        key = condition.mode if condition.mode in (OPTIONAL, WITHOUT) else "with"
        prop = [_piece(self.names.of_step(condition.step), PROPERTY)]
        return self._put(key, property=prop, value=self._value(condition))

    def _value(self, condition: Condition) -> Pieces:
        found: list[SentencePiece] = []
        if condition.values:
            found += self._put("is", values=self._any_of(condition.values))
        elif condition.kind and condition.step.classes != (condition.kind.iri,):
            found += self._put("is", values=[_piece(self.names.of_kind(condition.kind), KIND)])
        if condition.least or condition.most:
            key = (
                "between"
                if condition.least and condition.most
                else "least"
                if condition.least
                else "most"
            )
            ends = {"least": condition.least, "most": condition.most}
            shown = {
                name: [
                    SentencePiece(
                        day(end, self.language) if condition.step.holds == DAY else end, VALUE
                    )
                ]
                for name, end in ends.items()
            }
            found += self._put(key, **shown)
        if condition.text:
            found += self._put("has", text=[SentencePiece(condition.text, VALUE)])
        if condition.conditions:
            found += self._put("upon", conditions=self._all(condition.conditions))
        return tuple(found)

    def _any_of(self, values: Sequence[str]) -> Pieces:
        found: list[SentencePiece] = []
        for text in values:
            found += (SentencePiece(self.words["or"] if found else ""), self._called(text))
        return tuple(piece for piece in found if piece.text)

    def _called(self, text: str) -> SentencePiece:
        return _piece(self.names.of_value(text), VALUE)

    def _put(self, key: str, **places: Iterable[SentencePiece]) -> Pieces:
        """Return the words of a key, with pieces in their places."""
        found: list[SentencePiece] = []
        for before, name, _, _ in Formatter().parse(self.words[key]):
            found += [SentencePiece(before)] if before else []
            found += places[name] if name else ()
        return tuple(found)


def plain(pieces: Iterable[SentencePiece]) -> str:
    """Return a sentence as plain text."""
    return "".join(piece.text for piece in pieces)


def _piece(text: Text, names: str) -> SentencePiece:
    return SentencePiece(text.value, names, text.language)
