"""The sentence of a question that a reader builds, in the words of the page's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Final, NamedTuple

from rallynov_graph.base.languages import day, within_quotes
from rallynov_graph.questions.labels import Text
from rallynov_graph.site.query.builder.choices import ResolvedQuestion
from rallynov_graph.site.query.builder.condition import OPTIONAL, WITHOUT, Condition
from rallynov_graph.site.query.builder.kinds import DAY
from rallynov_graph.site.web.messages import Messages

KIND: Final = "kind"
PROPERTY: Final = "property"
VALUE: Final = "value"

# The wording of a property: its name in quotes, « a pour thème », « est portée par », « porte ».
_QUOTED: Final = "quoted"
_NOUN: Final = "noun"
_STATE: Final = "state"
_VERB: Final = "verb"


class Piece(NamedTuple):
    """A part of a sentence, and what it names, if anything."""

    text: str
    names: str = ""
    language: str = ""
    """The language of the text where it is another than the page's."""


Pieces = tuple[Piece, ...]


def plain(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


@dataclass(frozen=True)
class Sentences:
    """Says a question and its conditions."""

    resolved: ResolvedQuestion
    words: Messages

    def of_question(self) -> Pieces:
        question = self.resolved.question
        return self._put(
            "each",
            kind=[_piece(self.resolved.kind_name(question.asked_kind), KIND)],
            conditions=self._all(question.conditions, start=" "),
        )

    def of_condition(self, condition: Condition) -> Pieces:
        """Return a condition by itself: its property and its value."""
        key = "alone_not" if condition.mode == WITHOUT else "alone"
        return self._put(
            key, property=[self._property(condition)], value=self._value(condition, is_quoted=True)
        )

    def _all(self, conditions: Sequence[Condition], start: str = "") -> Pieces:
        ordered = sorted(conditions, key=lambda condition: condition.mode == OPTIONAL)
        found: list[Piece] = []
        previous = ""
        for number, condition in enumerate(ordered, 1):
            form = self._form(condition)
            is_last = number == len(ordered) and condition.mode != OPTIONAL
            join = self._words("and" if is_last else "join")
            key, is_quoted = form, form == _QUOTED
            if is_quoted:
                key = condition.mode if condition.mode in (OPTIONAL, WITHOUT) else "with"
            elif form == previous == _NOUN:
                key = "noun_too"
            found += (
                Piece(join if found else start),
                *self._put(
                    key,
                    property=[self._property(condition)],
                    value=self._value(condition, is_quoted),
                ),
            )
            previous = form
        return tuple(piece for piece in found if piece.text)

    def _form(self, condition: Condition) -> str:
        """Return the wording of a condition: by the grammar of its property, or around its name.

        The grammar only serves for required or forbidden properties, and for names in the page's
        language.
        """
        label = self.resolved.step_name(condition.step)
        has_value = bool(condition.values) or condition.narrowed_kind is not None
        if not has_value or condition.mode == OPTIONAL or label.language:
            return _QUOTED
        words = label.value.split() or [""]
        if label.value in self._words("apart").split("; "):
            return _QUOTED
        if words[0] in self._words("verbs").split():
            return _VERB if condition.mode != WITHOUT else _QUOTED
        ends, states = self._words("prepositions").split(), self._words("states").split()
        form = _STATE if words[-1] in ends or words[0] in states else _NOUN
        return f"{form}_not" if condition.mode == WITHOUT else form

    def _value(self, condition: Condition, is_quoted: bool) -> Pieces:
        found: list[Piece] = []
        is_key, kind = "is" if is_quoted else "said", condition.narrowed_kind
        if condition.values:
            found += self._put(is_key, values=self._any_of(condition.values))
            if not condition.exact and self.resolved.is_wide(condition):
                found += self._put("narrower")
        elif kind:
            called = [_piece(self.resolved.kind_name(kind), KIND)]
            found += self._put(is_key, values=self._put("of_kind", kind=called))
        ends = {"least": condition.least, "most": condition.most}
        if said := [name for name, end in ends.items() if end]:
            is_day = condition.step.holds == DAY
            shown = {
                name: [Piece(day(end, self.words.language) if is_day else end, VALUE)]
                for name, end in ends.items()
            }
            found += self._put("between" if len(said) > 1 else said[0], **shown)
        if condition.text:
            found += self._put("has", text=[Piece(condition.text, VALUE)])
        if condition.conditions:
            found += self._put("upon", conditions=self._all(condition.conditions))
        return tuple(found)

    def _any_of(self, values: Sequence[str]) -> Pieces:
        found: list[Piece] = []
        for text in values:
            name = self.resolved.value_name(text)
            quoted = within_quotes(name.value, name.language or self.words.language)
            found += [Piece(self._words("or"))] if found else []
            found += self._put("value", value=[Piece(quoted, VALUE, name.language)])
        return tuple(found)

    def _property(self, condition: Condition) -> Piece:
        return _piece(self.resolved.step_name(condition.step), PROPERTY)

    def _words(self, key: str) -> str:
        return self.words[f"built.{key}"]

    def _put(self, key: str, **places: Iterable[Piece]) -> Pieces:
        """Return the words of a key, with pieces in their places."""
        found: list[Piece] = []
        for before, name, _, _ in Formatter().parse(self._words(key)):
            found += [Piece(before)] if before else []
            found += places[name] if name else ()
        return tuple(found)


def _piece(text: Text, names: str) -> Piece:
    return Piece(text.value, names, text.language)
