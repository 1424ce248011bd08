"""The sentence of a question that a reader builds, in the words of the page's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final, Protocol

from rallynov_graph.base.languages import day, within_quotes
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

# How a property is said: by its name in quotes, « a pour thème », « est portée par », « porte ».
_QUOTED: Final = "quoted"
_NOUN: Final = "noun"
_STATE: Final = "state"
_VERB: Final = "verb"


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

    def are_wide(self, condition: Condition) -> bool:
        """Return whether what lies within the values of a condition counts as well."""


@dataclass(frozen=True)
class Sentences:
    """Says questions in the words of a language, which are those under ``built``."""

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

    def of_condition(self, condition: Condition) -> Pieces:
        """Return a condition by itself: its property and its value."""
        key = "alone_not" if condition.mode == WITHOUT else "alone"
        prop = [_piece(self.names.of_step(condition.step), PROPERTY)]
        return self._put(key, property=prop, value=self._value(condition, is_quoted=True))

    def _all(self, conditions: Sequence[Condition], start: str = "") -> Pieces:
        ordered = sorted(conditions, key=lambda condition: condition.mode == OPTIONAL)
        found: list[SentencePiece] = []
        previous = ""
        for number, condition in enumerate(ordered, 1):
            form = self._form(condition)
            is_last = number == len(ordered) and condition.mode != OPTIONAL
            join = "and" if is_last else "join"
            found += (
                SentencePiece(self.words[join] if found else start),
                *self._condition(condition, follows_noun=form == previous == _NOUN),
            )
            previous = form
        return tuple(piece for piece in found if piece.text)

    def _form(self, condition: Condition) -> str:
        """Return how a condition is said: by the grammar of its property, or around its name.

        Only what a thing is to have or not to have, and only a name in the page's language, is
        said by its grammar.
        """
        label = self.names.of_step(condition.step)
        has_value = bool(condition.values) or self._narrowed_kind(condition) is not None
        if not has_value or condition.mode == OPTIONAL or label.language:
            return _QUOTED
        words = label.value.split() or [""]
        if label.value in self.words["apart"].split("; "):
            return _QUOTED
        if words[0] in self.words["verbs"].split():
            return _VERB if condition.mode != WITHOUT else _QUOTED
        ends, states = self.words["prepositions"].split(), self.words["states"].split()
        form = _STATE if words[-1] in ends or words[0] in states else _NOUN
        return f"{form}_not" if condition.mode == WITHOUT else form

    def _narrowed_kind(self, condition: Condition) -> ClassOfThings | None:
        kind = condition.kind
        return kind if kind and condition.step.classes != (kind.iri,) else None

    def _condition(self, condition: Condition, follows_noun: bool) -> Pieces:
        prop = [_piece(self.names.of_step(condition.step), PROPERTY)]
        form = self._form(condition)
        if form != _QUOTED:
            key = "noun_too" if follows_noun else form
            return self._put(key, property=prop, value=self._value(condition, is_quoted=False))
        key = condition.mode if condition.mode in (OPTIONAL, WITHOUT) else "with"
        return self._put(key, property=prop, value=self._value(condition, is_quoted=True))

    def _value(self, condition: Condition, is_quoted: bool) -> Pieces:
        found: list[SentencePiece] = []
        kind = self._narrowed_kind(condition)
        is_key = "is" if is_quoted else "said"
        if condition.values:
            found += self._put(is_key, values=self._any_of(condition.values))
            if self.names.are_wide(condition):
                found += self._put("narrower")
        elif kind:
            called = [_piece(self.names.of_kind(kind), KIND)]
            found += self._put(is_key, values=self._put("of_kind", kind=called))
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
            found += (
                SentencePiece(self.words["or"] if found else ""),
                *self._put("value", value=[self._called(text)]),
            )
        return tuple(piece for piece in found if piece.text)

    def _called(self, text: str) -> SentencePiece:
        name = self.names.of_value(text)
        language = name.language or self.language
        return SentencePiece(within_quotes(name.value, language), VALUE, name.language)

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
