"""Why a question finds nothing: the conditions that empty its answer, and what would be found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.site.query.builder.built_question import (
    OPTIONAL,
    BuiltQuestion,
    Condition,
    at_places,
)

_MOST: Final = 10
"""Among so many conditions at most the one is looked for that empties an answer."""

Count = Callable[[BuiltQuestion], int | None]
"""Returns how many things a question finds; None where nothing tells."""


@dataclass(frozen=True)
class Remedy:
    """A change of a question after which it finds something."""

    question: BuiltQuestion
    things: int
    condition: Condition | None = None
    """The condition that is taken away or widened, if one is."""


@dataclass(frozen=True)
class EmptiedAnswer:
    """What empties the answer of a question."""

    alone: tuple[Condition, ...] = ()
    """The conditions that nothing meets, whatever the others are."""
    without: tuple[Remedy, ...] = ()
    """Without any one of these conditions something is found."""
    wider: tuple[Remedy, ...] = ()
    """With what is narrower than the values of one of these, something is found."""
    less_sure: Remedy | None = None
    """What is found among the least sure statements, too."""


def emptied_answer(question: BuiltQuestion, count: Count) -> EmptiedAnswer:
    """Return what empties the answer of a question that finds nothing."""
    numbers = [tuple(map(int, place.split("."))) for place, _ in at_places(question.conditions)]
    numbers = numbers[:_MOST]
    firm = [c for c in question.conditions[:_MOST] if c.mode != OPTIONAL]
    alone = tuple(c for c in firm if count(replace(question, conditions=(c,))) == 0)
    without = [
        (condition, replace(question, conditions=left))
        for place in numbers
        for condition, left in [_without(question.conditions, place)]
    ]
    wider = [
        (condition, replace(question, conditions=left))
        for place in numbers
        for condition, left in [_without(question.conditions, place, widened=True)]
        if condition.exact
    ]
    sure = replace(question, certainty=LEAST_SURE)
    less_sure = count(sure) if question.certainty != LEAST_SURE else 0
    return EmptiedAnswer(
        alone,
        _remedies(without, count),
        _remedies(wider, count),
        Remedy(sure, less_sure) if less_sure else None,
    )


def _remedies(
    changed: Sequence[tuple[Condition, BuiltQuestion]], count: Count
) -> tuple[Remedy, ...]:
    counted = [(condition, question, count(question)) for condition, question in changed]
    return tuple(
        Remedy(question, things, condition) for condition, question, things in counted if things
    )


def _without(
    conditions: Sequence[Condition], place: Sequence[int], widened: bool = False
) -> tuple[Condition, tuple[Condition, ...]]:
    """Return the condition at a place, and all conditions without it or with it widened."""
    number, rest = place[0] - 1, place[1:]
    condition = conditions[number]
    if rest:
        changed, inner = _without(condition.conditions, rest, widened)
        left: tuple[Condition, ...] = (replace(condition, conditions=inner),)
    else:
        changed, left = condition, (replace(condition, exact=False),) if widened else ()
    return changed, (*conditions[:number], *left, *conditions[number + 1 :])
