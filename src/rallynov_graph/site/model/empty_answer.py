"""Why an answer is empty: where its conditions run out of answers, what is found without one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark

MOST: Final = 10
"""How many conditions are counted: two queries for each."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class AskedCondition(Generic[Key]):
    """A condition of a question, and what the asker knows it by."""

    key: Key
    label: str
    """What it is a condition on; may be empty."""
    value: Node


@dataclass(frozen=True)
class Counted:
    """How many answers meet some conditions, and where they are."""

    condition: AskedCondition[object] | None
    """The last of the conditions, or the one that is taken out; None where there is none."""
    answers: int
    href: str


@dataclass(frozen=True)
class EmptyAnswer:
    """Why nothing answers a question."""

    met: tuple[Counted, ...] = ()
    """Condition by condition, what meets it and all before it, as long as anything does."""
    broken_by: Counted | None = None
    """The condition that empties the answer, with what it finds alone."""
    without: tuple[Counted, ...] = ()
    """What is found without one of the conditions, the most first."""
    open_questions: tuple[OpenQuestionMark, ...] = ()
    """The open questions that touch what is asked about."""

    @property
    def reason(self) -> str:
        """Return ``conditions``, ``open`` or ``unrecorded``."""
        if self.broken_by and self.broken_by.answers:
            return "conditions"
        return "open" if self.open_questions else "unrecorded"


def empty_answer(
    conditions: Sequence[AskedCondition[Key]],
    count: Callable[[Sequence[Key]], int | None],
    address: Callable[[Sequence[Key]], str],
    open_questions: Sequence[OpenQuestionMark] = (),
) -> EmptyAnswer:
    """Return why a question with these conditions has no answer.

    ``count`` and ``address`` are asked for the keys of some of them; a number is None where
    nothing tells.
    """
    keys = [it.key for it in conditions[:MOST]]

    def counted(condition: AskedCondition[Key] | None, kept: Sequence[Key]) -> Counted:
        return Counted(condition, count(kept) or 0, address(kept))  # type: ignore[arg-type]

    met = [counted(None, ())] if count(()) is not None else []
    broken_by = None
    for place, condition in enumerate(conditions[:MOST]):
        if met and not met[-1].answers:
            break
        found = counted(condition, keys[: place + 1])
        if not found.answers:
            broken_by = counted(condition, (condition.key,))
            break
        met.append(found)
    without = (
        counted(condition, [it.key for it in conditions if it is not condition])
        for condition in conditions[:MOST]
    )
    return EmptyAnswer(
        tuple(it for it in met if broken_by and it.answers),
        broken_by,
        tuple(sorted((it for it in without if it.answers), key=lambda it: -it.answers)),
        tuple(open_questions),
    )
