"""Why an answer is empty: which condition leaves no answers, and what there is without it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from rallynov_graph.questions.labels import Text
from rallynov_graph.rules.silences import Silence
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import OpenQuestionMark
from rallynov_graph.site.model.statement import label_of

if TYPE_CHECKING:
    from rallynov_graph.site.web.messages import Messages

MOST: Final = 10
"""How many conditions are counted: two queries for each."""

Key = TypeVar("Key")


@dataclass(frozen=True)
class AskedCondition(Generic[Key]):
    """A condition of a question, and what the asker knows it by."""

    key: Key
    label: str
    """The subject of the condition; may be empty."""
    value: Node
    is_certainty: bool = False


@dataclass(frozen=True)
class Counted:
    """The number of answers under some conditions, and their address."""

    condition: AskedCondition[object] | None
    """The last condition, or the omitted one; None if there is none."""
    answers: int
    href: str


@dataclass(frozen=True)
class ShownSilence:
    """A document that was read for a property of a thing, and does not say it."""

    thing: Node
    property: Text
    document: Node
    scope: Node
    date: Node
    data: SilenceData


@dataclass(frozen=True)
class EmptyAnswer:
    """Why nothing answers a question."""

    met: tuple[Counted, ...] = ()
    """Condition by condition, what meets it and all before it, as long as anything does."""
    broken_by: Counted | None = None
    """The condition that empties the answer, with its own number of results."""
    without: tuple[Counted, ...] = ()
    """The results without one of the conditions, the largest first."""
    open_questions: tuple[OpenQuestionMark, ...] = ()
    """The open questions that touch what is asked about."""

    silences: tuple[ShownSilence, ...] = ()
    """The documents that were searched for the answer and do not state it."""

    takes_away: bool = False
    """Whether the condition that empties the answer, such as a filter, can have none alone."""

    @property
    def reason(self) -> str:
        """Return ``conditions``, ``silent``, ``open`` or ``unrecorded``.

        It is empty because of its own conditions; because a document that was searched is silent;
        because a question is left open; or because nothing is recorded.
        """
        if self.broken_by and (self.takes_away or self.broken_by.answers):
            return "conditions"
        return "silent" if self.silences else "open" if self.open_questions else "unrecorded"

    @property
    def sentence(self) -> tuple[str, Node | None]:
        """Return the key of the sentence that says the reason, and the name in it."""
        last = self.broken_by.condition if self.broken_by else None
        if self.reason != "unrecorded" or last is None:
            return f"nothing.{self.reason}_text", None
        return f"nothing.unrecorded_{'how' if last.is_certainty else 'of'}", last.value


@dataclass(frozen=True)
class CountedData:
    """The number of answers under some conditions: the last of them, or the omitted one."""

    condition: str | None
    answers: int
    address: str


@dataclass(frozen=True)
class SilenceData:
    """A document that was read for a property of a thing, and does not say it: who read it, when.

    All but the date are addresses.
    """

    thing: str
    property: str
    document: str
    scope: str
    by: str
    date: str


@dataclass(frozen=True)
class EmptyData:
    """Why an answer is empty: conditions, silent, open or unrecorded."""

    reason: str
    text: str
    met: tuple[CountedData, ...]
    broken_by: CountedData | None
    without: tuple[CountedData, ...]
    silences: tuple[SilenceData, ...]
    open_questions: tuple[str, ...]


def empty_data(empty: EmptyAnswer, said: Messages) -> EmptyData:
    """Return why an answer is empty for programs, with a sentence in the words of pages."""
    key, name = empty.sentence
    text = said(key, name=name.text) if name else said(key)

    def counted(it: Counted) -> CountedData:
        of = it.condition
        said = ": ".join(filter(None, (of.label, of.value.text))) if of else None
        return CountedData(said, it.answers, it.href)

    return EmptyData(
        empty.reason,
        text,
        tuple(map(counted, empty.met)),
        counted(empty.broken_by) if empty.broken_by else None,
        tuple(map(counted, empty.without)),
        tuple(it.data for it in empty.silences),
        tuple(it.node.iri for it in empty.open_questions),
    )


def empty_lines(empty: EmptyAnswer, said: Messages) -> Iterator[str]:
    """Yield why an answer is empty: the reason, the condition, the silences, the ways on."""
    colon, data = said["site.colon"], empty_data(empty, said)
    yield data.text
    if data.broken_by:
        yield f"{data.broken_by.condition}{colon} {said['nothing.stops']}"
    for it in empty.silences:
        silent = said("nothing.silent_of", document=it.document.text)
        read_for = said("nothing.read_for", date=it.date.text)
        yield f"{it.thing.text}, {it.property.value}{colon} {silent}, {read_for}"
    for one in data.without:
        removed = said("nothing.remove", name=one.condition)
        yield f"{removed}{colon} {said.count('nothing.found_', one.answers)}"


def shown_silences(view: GraphView, silences: Iterable[Silence]) -> tuple[ShownSilence, ...]:
    found = [*silences]
    nodes = view.nodes(term for it in found for term in (it.thing, it.document, it.scope))
    described = view.described(it.property.value for it in found)
    return tuple(
        ShownSilence(
            nodes[it.thing],
            label_of(view, it.property.value, it.is_value, described[it.property.value]),
            nodes[it.document],
            nodes[it.scope],
            view.value(it.at),
            SilenceData(
                *(it.thing.value, it.property.value, it.document.value),
                *(it.scope.value, it.by.value, it.at.value[:10]),
            ),
        )
        for it in found
    )


def empty_answer(
    conditions: Sequence[AskedCondition[Key]],
    count: Callable[[Sequence[Key]], int | None],
    address: Callable[[Sequence[Key]], str],
    open_questions: Sequence[OpenQuestionMark] = (),
    silences: Sequence[ShownSilence] = (),
) -> EmptyAnswer:
    """Return why a question with these conditions has no answer.

    ``count`` and ``address`` take the keys of some conditions; a number is None if it is unknown.
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
        tuple(silences),
    )
