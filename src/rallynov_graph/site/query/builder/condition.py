"""A question that a reader builds: things of a kind, under conditions upon conditions.

In an address, ``2`` is the property of the second condition, ``2.is``, ``2.from`` … what its value
is to be, and ``2.1`` the first condition upon that value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from rallynov_graph.base.certainty import CERTAINTIES, LEAST_SURE
from rallynov_graph.matching.near_names import near
from rallynov_graph.site.query.builder.kinds import (
    DAY,
    NUMBER,
    TEXT,
    THING,
    TIME,
    ClassOfThings,
    Kinds,
    PropertyStep,
)

Pair = tuple[str, str]
Place = tuple[int, ...]
"""The number of a condition, after those of the conditions that it stands upon."""

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
_RANGES: Final = frozenset({NUMBER, DAY, TIME})
_FIELD: Final = re.compile(
    r"(?:((?:\d{1,2}\.)*\d{1,2})(?:\.(is|kind|from|to|has|how|exact|add))?|add)"
)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,10})?")
_DAY: Final = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_TIME: Final = re.compile(r"([01]?\d|2[0-3])(?:[:hH]([0-5]\d)?)?")


NO_STEP: Final = PropertyStep("")


class NoQuestionError(Exception):
    """An address holds no such question: which parameter it is, and what may have been meant."""

    def __init__(self, parameter: str, key: str, known: Sequence[str] = (), text: str = "") -> None:
        super().__init__("the address holds no question")
        self.parameter, self.key = parameter, key
        self.near = near(text, known, _NEAR) if text and len(text) <= LONGEST else ()
        self.allowed = () if self.near else tuple(known)


@dataclass(frozen=True)
class Condition:
    """The required values of a property; a question is a condition without a property."""

    kind: ClassOfThings | None
    """What the value is taken to be, where it is a thing of a kind."""
    step: PropertyStep = NO_STEP
    mode: str = SHOWN
    values: tuple[str, ...] = ()
    """Of which it is to be one, as the reader wrote them; any where there are none."""
    exact: bool = False
    """Whether what is narrower than a value does not count as this value."""
    least: str = ""
    most: str = ""
    text: str = ""
    """What its text is to contain."""
    conditions: tuple[Condition, ...] = ()
    """What is to be so of the value."""
    certainty: str = LEAST_SURE
    """How surely all of a question is to be said at least."""

    @property
    def asked_kind(self) -> ClassOfThings:
        """The kind of a question's results."""
        assert self.kind is not None
        return self.kind

    @property
    def narrowed_kind(self) -> ClassOfThings | None:
        """The kind of the value, if the property alone does not determine it."""
        return self.kind if self.kind and self.step.classes != (self.kind.iri,) else None

    @property
    def bad_fields(self) -> tuple[str, ...]:
        """The fields that hold what is not a number, day or time."""
        ends = {"from": self.least, "to": self.most}
        return tuple(name for name, text in ends.items() if text and self.bound(text) is None)

    def bound(self, text: str) -> str | None:
        """Return a number, day or time for comparison in SPARQL; None if the text is invalid."""
        text = text.strip()
        if self.step.holds == NUMBER:
            return text.replace(",", ".") if _NUMBER.fullmatch(text) else None
        if self.step.holds == TIME:
            found = _TIME.fullmatch(text)
            return f"{int(found[1]):02}:{found[2] or '00'}" if found else None
        found = _DAY.fullmatch(text)
        return text if found and _is_day(*found.groups()) else None

    def all(self, before: Place = ()) -> Iterator[tuple[Place, Condition]]:
        """Yield each condition upon it with its place, those upon that one after it."""
        for number, condition in enumerate(self.conditions, 1):
            place = (*before, number)
            yield place, condition
            yield from condition.all(place)

    def changed(self, place: Place, change: Callable[[Condition], Condition | None]) -> Condition:
        """Return it with another condition at a place; with none there for None."""
        number, rest = place[0] - 1, place[1:]
        there = self.conditions[number]
        other = there.changed(rest, change) if rest else change(there)
        kept = () if other is None else (other,)
        conditions = (*self.conditions[:number], *kept, *self.conditions[number + 1 :])
        return replace(self, conditions=conditions)


def _is_day(year: str, month: str | None, day: str | None) -> bool:
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return False
    return True


def to_args(question: Condition) -> list[Pair]:
    """Return the parameters of a question in an address; the same question gives the same ones."""
    pairs = [("kind", question.asked_kind.name)]
    for place, condition in question.all():
        name = named(place)
        fields = [("how", condition.mode), *(("is", value) for value in condition.values)]
        fields += [("exact", EXACT if condition.exact else "")]
        fields += [("from", condition.least), ("to", condition.most), ("has", condition.text)]
        if condition.narrowed_kind:
            fields.append(("kind", condition.narrowed_kind.name))
        pairs.append((name, condition.step.name))
        pairs += [(f"{name}.{field}", value) for field, value in fields if value]
    is_said = question.certainty != LEAST_SURE
    return [*pairs, ("certainty", question.certainty)] if is_said else pairs


def named(place: Place) -> str:
    return ".".join(map(str, place))


def without_dropped(pairs: Sequence[Pair]) -> list[Pair]:
    """Return the parameters of an address without those that the reader removes.

    The reader removes a condition with all those upon it (``drop=2.1``), or one value of it
    (``drop=2.is a value``).
    """
    dropped = [value for name, value in pairs if name == DROP]
    return [
        (name, value)
        for name, value in pairs
        if name != DROP
        and not any(
            name == it or name.startswith(f"{it}.") or f"{name} {value}" == it for it in dropped
        )
    ]


def from_args(kinds: Kinds, pairs: Sequence[Pair]) -> tuple[Condition, Place] | None:
    """Return the question in an address, and the place of the condition that it adds.

    None if it names no kind. Raises NoQuestionError for inconsistent parameters.
    """
    name = next((value for name, value in pairs if name == "kind" and value), None)
    if name is None:
        return None
    kind = kinds.named(name)
    if kind is None:
        raise NoQuestionError("kind", "kind", [it.name for it in kinds.known.values()], name)
    reader = _Reader(kinds, pairs)
    conditions = reader.conditions((), (), kind)
    certainty = next((value for name, value in pairs if name == "certainty"), "") or LEAST_SURE
    if certainty not in CERTAINTIES:
        raise NoQuestionError("certainty", "one_of", CERTAINTIES)
    return Condition(kind, conditions=conditions, certainty=certainty), reader.added


class _Reader:
    """Reads conditions by their places, and counts them."""

    def __init__(self, kinds: Kinds, pairs: Sequence[Pair]) -> None:
        self.kinds, self.count = kinds, 0
        self.added: Place = ()
        self.fields: dict[Place, dict[str, list[str]]] = {}
        for name, value in pairs:
            if parsed := _FIELD.fullmatch(name):
                place = tuple(map(int, parsed[1].split("."))) if parsed[1] else ()
                field = parsed[2] or ("" if place else "add")
                if place or value:
                    self.fields.setdefault(place, {}).setdefault(field, []).append(value)

    def conditions(
        self, written: Place, place: Place, kind: ClassOfThings | None
    ) -> tuple[Condition, ...]:
        """Return the conditions upon a value of a kind, the one that the reader adds last.

        The places are those in the address, without gaps.
        """
        length = len(written) + 1
        own = (it for it in self.fields if len(it) >= length and it[: length - 1] == written)
        inner = sorted({it[:length] for it in own})
        found = [self._condition(it, (*place, n), kind) for n, it in enumerate(inner, 1)]
        if added := self._one(written, "add"):
            number = len(found) + 1
            self.added = (*place, number)
            found.append(self._of_step((*written, number), kind, added))
        return tuple(found)

    def _condition(self, written: Place, place: Place, kind: ClassOfThings | None) -> Condition:
        name = self._one(written, "")
        if not name:
            raise NoQuestionError(named(written), "step")
        condition = self._of_step(written, kind, name)
        mode = self._one(written, "how")
        if mode not in MODES:
            raise NoQuestionError(f"{named(written)}.how", "one_of", MODES[1:])
        values = tuple(dict.fromkeys(value for value in self._all(written, "is") if value))
        if len(values) > MOST_VALUES:
            raise NoQuestionError(f"{named(written)}.is", "many")
        if condition.step.holds == THING:
            exact = bool(values) and self._is_exact(written)
            condition = replace(condition, values=values, exact=exact)
        elif condition.step.holds in _RANGES:
            least, most = self._one(written, "from"), self._one(written, "to")
            condition = replace(condition, least=least, most=most)
        elif condition.step.holds == TEXT:
            condition = replace(condition, text=self._one(written, "has"))
        condition = replace(condition, mode=mode, kind=self._kind(written, condition.step))
        return replace(condition, conditions=self.conditions(written, place, condition.kind))

    def _of_step(self, written: Place, kind: ClassOfThings | None, name: str) -> Condition:
        self.count += 1
        if len(written) > DEEPEST:
            raise NoQuestionError(named(written), "deep")
        if self.count > MOST:
            raise NoQuestionError(named(written), "many")
        if kind is None:
            raise NoQuestionError(f"{named(written[:-1])}.kind", "kind_first")
        step = self.kinds.step(kind, name)
        if step is None:
            known = [it.name for it in self.kinds.steps(kind)]
            raise NoQuestionError(named(written), "step", known, name)
        return Condition(self.kinds.kind_of_values(step), step)

    def _kind(self, written: Place, step: PropertyStep) -> ClassOfThings | None:
        name = self._one(written, "kind")
        if not name:
            return self.kinds.kind_of_values(step)
        ends = self.kinds.kinds_of_values(step)
        found = next((kind for kind in ends if name in (kind.name, kind.iri)), None)
        if found is None:
            known = [kind.name for kind in ends]
            raise NoQuestionError(f"{named(written)}.kind", "kind", known, name)
        return found

    def _is_exact(self, written: Place) -> bool:
        text = self._one(written, "exact")
        if text not in ("", EXACT):
            raise NoQuestionError(f"{named(written)}.exact", "one_of", (EXACT,))
        return bool(text)

    def _one(self, written: Place, field: str) -> str:
        return next(iter(self._all(written, field)), "")

    def _all(self, written: Place, field: str) -> list[str]:
        texts = self.fields.get(written, {}).get(field, ())
        if any(len(text) > LONGEST for text in texts):
            raise NoQuestionError(".".join(filter(None, (named(written), field))), "long")
        return [" ".join(text.split()) for text in texts]
