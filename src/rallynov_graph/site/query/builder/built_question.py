"""A question that a reader builds: a kind, and conditions upon conditions; its address holds it.

In an address, ``2`` is the property of the second condition, ``2.is``, ``2.from`` … what its value
is to be, and ``2.1`` the first condition upon that value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.matching.near_names import near
from rallynov_graph.site.query.builder.steps import (
    DAY,
    NUMBER,
    THING,
    TIME,
    ClassOfThings,
    Kinds,
    PropertyStep,
)

Pair = tuple[str, str]

SHOWN: Final = ""
HIDDEN: Final = "hidden"
OPTIONAL: Final = "optional"
WITHOUT: Final = "without"
MODES: Final = (SHOWN, HIDDEN, OPTIONAL, WITHOUT)
"""A thing has such a value, and it is a column; has one; may have one, a column too; has none."""

EXACT: Final = "yes"
"""What an address says where narrower values do not count."""
DROP: Final = "drop"
"""The parameter that takes a part of a question away."""
DEEPEST: Final = 4
"""How many conditions may stand upon one another."""
MOST: Final = 24
"""How many conditions a question has at most."""
MOST_VALUES: Final = 12
"""How many values one condition names at most."""
LONGEST: Final = 400
"""How many characters a value may have."""
_NEAR: Final = 5
_FIELD: Final = re.compile(
    r"(?:((?:\d{1,2}\.)*\d{1,2})(?:\.(is|kind|from|to|has|how|exact|add))?|add)"
)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])(?:[:hH]([0-5]\d)?)?")
_Place = tuple[int, ...]
_Fields = Mapping[_Place, Mapping[str, Sequence[str]]]


class NoQuestionError(Exception):
    """An address holds no such question: which parameter it is, and what may have been meant."""

    def __init__(self, parameter: str, key: str, known: Sequence[str] = (), text: str = "") -> None:
        super().__init__("the address holds no question")
        self.parameter, self.key = parameter, key
        self.near = near(text, known, _NEAR) if text and len(text) <= LONGEST else ()
        self.allowed = () if self.near else tuple(known)


@dataclass(frozen=True)
class Condition:
    """What the values of a property are to be."""

    step: PropertyStep
    mode: str = SHOWN
    values: tuple[str, ...] = ()
    """Of which it is to be one, as the reader wrote them; any where there are none."""
    exact: bool = False
    """Whether what is narrower than a value does not count as this value."""
    least: str = ""
    most: str = ""
    text: str = ""
    """What its text is to contain."""
    kind: ClassOfThings | None = None
    """What the value is taken to be, where it is a thing of a kind."""
    conditions: tuple[Condition, ...] = ()

    def bound(self, text: str) -> str | None:
        """Return a least or greatest value as SPARQL compares it; None where it is none."""
        return bound(self.step.holds, text)


@dataclass(frozen=True)
class BuiltQuestion:
    """A question: which things of a kind there are, under all conditions."""

    kind: ClassOfThings
    conditions: tuple[Condition, ...] = ()
    certainty: str = LEAST_SURE


def question_of_address(kinds: Kinds, pairs: Sequence[Pair]) -> tuple[BuiltQuestion, str] | None:
    """Return the question of an address, and the place of the condition that it adds.

    None where it names no kind. Raises UnbuiltError for what does not belong together.
    """
    named = [value for name, value in pairs if name == "kind" and value]
    if not named:
        return None
    kind = kinds.named(named[0])
    if kind is None:
        raise NoQuestionError(
            "kind", "kind", [known_kind.name for known_kind in kinds.known.values()], named[0]
        )
    reader = _ConditionReader(kinds, _fields(pairs))
    conditions = reader.conditions((), kind)
    certainty = next((value for name, value in pairs if name == "certainty"), "") or LEAST_SURE
    if certainty not in CERTAINTIES:
        raise NoQuestionError("certainty", "one_of", CERTAINTIES)
    return BuiltQuestion(kind, conditions, certainty), reader.added


def address_pairs(question: BuiltQuestion) -> list[Pair]:
    """Return what an address says of a question: the same for the same question."""
    pairs = [("kind", question.kind.name), *_condition_pairs(question.conditions, "")]
    return (
        pairs if question.certainty == LEAST_SURE else [*pairs, ("certainty", question.certainty)]
    )


def without_dropped(pairs: Sequence[Pair]) -> list[Pair]:
    """Return what an address says without what the reader takes away from it.

    That is a condition with all that stands upon it (``drop=2.1``), or one value of it
    (``drop=2.is a value``).
    """
    dropped = [value for name, value in pairs if name == DROP]
    return [
        (name, value)
        for name, value in pairs
        if name != DROP
        and not any(
            name == dropped_place
            or name.startswith(f"{dropped_place}.")
            or f"{name} {value}" == dropped_place
            for dropped_place in dropped
        )
    ]


def at_places(conditions: Sequence[Condition], before: str = "") -> Iterator[tuple[str, Condition]]:
    """Yield each condition after the place where an address has it, those upon it after it."""
    for number, condition in enumerate(conditions, 1):
        yield f"{before}{number}", condition
        yield from at_places(condition.conditions, f"{before}{number}.")


def bound(holds: str, text: str) -> str | None:
    """Return a number, day or time as SPARQL compares it; None where the text is none."""
    text = text.strip()
    if holds == NUMBER:
        return text.replace(",", ".") if _NUMBER.fullmatch(text) else None
    if holds == TIME:
        found = _TIME.fullmatch(text)
        return f"{int(found[1]):02}:{found[2] or '00'}" if found else None
    found = _DAY.fullmatch(text)
    return text if found and _is_day(*found.groups()) else None


def _is_day(year: str, month: str | None, day: str | None) -> bool:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


class _ConditionReader:
    """Reads conditions by their places, and counts them."""

    def __init__(self, kinds: Kinds, fields: _Fields) -> None:
        self.kinds, self.fields = kinds, fields
        self.added = ""
        self.count = 0

    def conditions(self, place: _Place, kind: ClassOfThings | None) -> tuple[Condition, ...]:
        """Return the conditions upon a value of a kind, the one that the reader adds last."""
        length = len(place) + 1
        inner = sorted(
            {p[:length] for p in self.fields if p[: len(place)] == place and len(p) >= length}
        )
        found = [self._condition(p, kind) for p in inner]
        added = self._one(place, "add")
        if added:
            number = len(found) + 1
            self.added = _name((*self._renumbered(place), number))
            found.append(self._of_step((*place, number), kind, added))
        return tuple(found)

    def _renumbered(self, place: _Place) -> _Place:
        """Return a place as it is once those before it stand without gaps."""
        numbers = [*place]
        for length in range(1, len(place) + 1):
            siblings = {
                p[length - 1]
                for p in self.fields
                if p[: length - 1] == place[: length - 1] and len(p) >= length
            }
            numbers[length - 1] = sorted(siblings).index(place[length - 1]) + 1
        return tuple(numbers)

    def _condition(self, place: _Place, kind: ClassOfThings | None) -> Condition:
        name = self._one(place, "")
        if not name:
            raise NoQuestionError(_name(place), "step")
        condition = self._of_step(place, kind, name)
        mode = self._one(place, "how")
        if mode not in MODES:
            raise NoQuestionError(f"{_name(place)}.how", "one_of", MODES[1:])
        values = tuple(dict.fromkeys(value for value in self._all(place, "is") if value))
        if len(values) > MOST_VALUES:
            raise NoQuestionError(f"{_name(place)}.is", "many")
        condition = replace(
            condition,
            mode=mode,
            values=values if condition.step.holds == THING else (),
            exact=condition.step.holds == THING and bool(values) and self._exact(place),
            least=self._one(place, "from") if condition.step.holds in (NUMBER, DAY, TIME) else "",
            most=self._one(place, "to") if condition.step.holds in (NUMBER, DAY, TIME) else "",
            text=self._one(place, "has")
            if condition.step.holds not in (NUMBER, DAY, TIME, THING)
            else "",
            kind=self._kind(place, condition.step),
        )
        return replace(condition, conditions=self.conditions(place, condition.kind))

    def _of_step(self, place: _Place, kind: ClassOfThings | None, name: str) -> Condition:
        self.count += 1
        if len(place) > DEEPEST:
            raise NoQuestionError(_name(place), "deep")
        if self.count > MOST:
            raise NoQuestionError(_name(place), "many")
        if kind is None:
            raise NoQuestionError(_name(place[:-1]) + ".kind", "kind_first")
        step = self.kinds.step(kind, name)
        if step is None:
            raise NoQuestionError(
                _name(place),
                "step",
                [known_step.name for known_step in self.kinds.steps(kind)],
                name,
            )
        return Condition(step, kind=self.kinds.kind_of_values(step))

    def _kind(self, place: _Place, step: PropertyStep) -> ClassOfThings | None:
        name = self._one(place, "kind")
        if not name:
            return self.kinds.kind_of_values(step)
        ends = self.kinds.kinds_of_values(step)
        found = next((kind for kind in ends if name in (kind.name, kind.iri)), None)
        if found is None:
            raise NoQuestionError(
                f"{_name(place)}.kind", "kind", [kind.name for kind in ends], name
            )
        return found

    def _exact(self, place: _Place) -> bool:
        text = self._one(place, "exact")
        if text not in ("", EXACT):
            raise NoQuestionError(f"{_name(place)}.exact", "one_of", (EXACT,))
        return bool(text)

    def _one(self, place: _Place, field: str) -> str:
        return next(iter(self._all(place, field)), "")

    def _all(self, place: _Place, field: str) -> list[str]:
        texts = self.fields.get(place, {}).get(field, ())
        if any(len(text) > LONGEST for text in texts):
            raise NoQuestionError(".".join(filter(None, (_name(place), field))), "long")
        return [" ".join(text.split()) for text in texts]


def _fields(pairs: Sequence[Pair]) -> dict[_Place, dict[str, list[str]]]:
    found: dict[_Place, dict[str, list[str]]] = {}
    for name, value in pairs:
        parsed = _FIELD.fullmatch(name)
        if parsed:
            place = _place(parsed[1] or "")
            field = parsed[2] or ("" if parsed[1] else "add")
            if place or value:
                found.setdefault(place, {}).setdefault(field, []).append(value)
    return found


def _condition_pairs(conditions: Sequence[Condition], before: str) -> Iterator[Pair]:
    for number, condition in enumerate(conditions, 1):
        place = f"{before}{number}"
        yield place, condition.step.name
        fields = [("how", condition.mode), *(("is", value) for value in condition.values)]
        fields += [("exact", EXACT if condition.exact else "")]
        fields += [("from", condition.least), ("to", condition.most), ("has", condition.text)]
        if condition.kind and (condition.kind.iri,) != condition.step.classes:
            fields.append(("kind", condition.kind.name))
        yield from ((f"{place}.{name}", value) for name, value in fields if value)
        yield from _condition_pairs(condition.conditions, f"{place}.")


def _place(name: str) -> _Place:
    return tuple(int(part) for part in name.split(".") if part)


def _name(place: _Place) -> str:
    return ".".join(map(str, place))
