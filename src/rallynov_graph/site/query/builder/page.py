"""The page of a question: its sentence, its form, its results, and why there are none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from rallynov_graph.base.certainty import LEAST_SURE
from rallynov_graph.base.kinds import BACK, KINDS, THROUGH
from rallynov_graph.base.languages import within_quotes
from rallynov_graph.questions.labels import Text
from rallynov_graph.rules.silences import silences_of_query
from rallynov_graph.site.model.empty_answer import (
    AskedCondition,
    EmptyAnswer,
    empty_answer,
    shown_silences,
)
from rallynov_graph.site.model.nodes import Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.thing_choice import Candidate, Choice
from rallynov_graph.site.query.builder.choices import (
    CONCEPT,
    COUNTED,
    ChoiceCounts,
    ResolvedQuestion,
    Select,
    few_values,
    number_of,
)
from rallynov_graph.site.query.builder.condition import (
    MODES,
    OPTIONAL,
    WITHOUT,
    Condition,
    Place,
    named,
    to_args,
)
from rallynov_graph.site.query.builder.kinds import THING, ClassOfThings, PropertyStep
from rallynov_graph.site.query.builder.query import Path
from rallynov_graph.site.query.builder.sentence import VALUE, Sentences, plain
from rallynov_graph.site.web.messages import Messages

PATH: Final = "/builder"
_ENDS: Final = 3
"""So many kinds of values are named beside a property."""


class Option(NamedTuple):
    """A possible choice, and how many results it would give, if that is known."""

    value: str
    text: str
    language: str = ""
    chosen: bool = False
    things: int | None = None
    of: str = ""
    """Of which kinds the values of a property are."""


class Further(NamedTuple):
    """The conditions that can be added: on a thing's properties, and on inverse ones."""

    own: list[Option]
    leading: list[Option]


class BuiltPage:
    """The page of the question as it is built so far."""

    def __init__(self, resolved: ResolvedQuestion, words: Messages, select: Select) -> None:
        self.resolved, self._words, self._select = resolved, words, select
        self.view, self.kinds = resolved.view, resolved.kinds
        self._sentences = Sentences(resolved, words)
        self.question = resolved.question
        self.pairs = to_args(self.question)
        """What the address says of the question."""
        self.sentence = self._sentences.of_question()
        written = self.resolved.query(self.question) if self.resolved.is_understood else None
        self.query = written.text(plain(self.sentence)) if written else ""
        """Empty while something is not understood."""
        self.headings = [self._heading(path) for _, path in written.columns] if written else []
        """What the columns of the answer are called."""
        self.things = number_of(self._select(written.count)) if written else None
        """How many things are found; None if nothing tells."""
        is_counted = self.things is None or self.things <= COUNTED
        self.counts = ChoiceCounts(resolved, select if is_counted else lambda query: None)

    @property
    def title(self) -> str:
        return plain(self.sentence).removesuffix(".")

    @property
    def status(self) -> int:
        """The HTTP status: 400 for an invalid number or day, 404 for an unknown name."""
        conditions = [condition for _, condition in self.question.all()]
        if any(condition.bad_fields for condition in conditions):
            return 400
        choices = (self.resolved.choice(it, text) for it in conditions for text in it.values)
        return 404 if any(choice.is_missing for choice in choices) else 200

    def _heading(self, path: Path) -> str:
        """Return the heading of a column: its kind, or the properties that lead to it."""
        names = [self.resolved.step_name(condition.step).value for condition in path]
        heading = " › ".join(names) or self.kind.value
        return f"{heading[:1].upper()}{heading[1:]}"

    @property
    def kind(self) -> Text:
        return self.resolved.kind_name(self.question.asked_kind)

    def counted(self, things: int) -> str:
        """Return a number of things, with their noun if the plural of their kind is known."""
        iri, say = self.question.asked_kind.iri, self._words
        plural = next((k.plural for k in KINDS.values() if k.class_iri == iri and k.plural), None)
        is_one = things == 1 or (things == 0 and say.language == "fr")
        if plural is None:
            noun = say["built.thing" if is_one else "built.things"]
        elif is_one:
            noun = self.kind.value
        else:
            noun = plural[say.language].lower()
        return f"{say.number(things)} {noun}"

    def emptied(self) -> EmptyAnswer:
        """Return which condition leaves nothing, and what is found without one."""
        question = self.question
        firm = [it for it in question.conditions if it.mode != OPTIONAL]
        conditions = [self._asked(n, it) for n, it in enumerate(firm)]
        if question.certainty != LEAST_SURE:
            how = Node(self._words[f"how.{question.certainty}"])
            conditions.append(AskedCondition(-1, self._words["shared.certainty"], how, True))

        def kept(places: Sequence[int]) -> Condition:
            left = tuple(it for n, it in enumerate(firm) if n in places)
            least = question.certainty if -1 in places else LEAST_SURE
            return replace(question, conditions=left, certainty=least)

        def address(places: Sequence[int]) -> str:
            left = kept(places)
            pairs = dict.fromkeys([*to_args(left), ("certainty", left.certainty)])
            return self.view.addresses.path(PATH, pairs, "built")

        silent = shown_silences(self.view, silences_of_query(self.view.queries, self.query))
        return empty_answer(
            conditions, lambda places: self._count(kept(places)), address, (), silent
        )

    def _asked(self, number: int, condition: Condition) -> AskedCondition[int]:
        """Return a condition as its property and its values; a negated one in its own form."""
        said = self._sentences.of_condition(condition)
        values = [it.text for it in said if it.names == VALUE]
        if not values or condition.mode == WITHOUT:
            return AskedCondition(
                number, "", Node(within_quotes(plain(said), self._words.language))
            )
        label = self.resolved.step_name(condition.step).value
        return AskedCondition(number, label, Node(self._words["built.or"].join(values)))

    def _count(self, question: Condition) -> int | None:
        return number_of(self._select(self.resolved.query(question).count))

    def left_by(self, at: str, iris: Sequence[str]) -> Mapping[str, str] | None:
        """Return how many things each of some values of a condition would leave, in words.

        The result is empty if it is unknown, None if the question has no condition at this place.
        """
        by_place = {named(place): (place, it) for place, it in self.question.all()}
        if at not in by_place:
            return None
        if not self.resolved.is_understood:
            return {}
        place, condition = by_place[at]
        found = self.counts.values(place, among=iris) if iris else None
        left = {iri: self.counts.left_by(place, condition, found, iri) for iri in iris}
        return {iri: self.counted(n) for iri, n in left.items() if n is not None}

    def forms(self, upon: Condition | None = None, place: Place = ()) -> list[ConditionForm]:
        """Return the conditions upon something as the form has them; those of the question."""
        upon = upon or self.question
        return [
            ConditionForm(self, it, (*place, number), upon.kind)
            for number, it in enumerate(upon.conditions, 1)
        ]

    @cached_property
    def further(self) -> Further:
        """The conditions that can be added, with the number of things that each leaves."""
        return self.further_upon(self.question.kind, self.counts.steps() if self.query else None)

    def further_upon(
        self, kind: ClassOfThings | None, things: Mapping[tuple[str, bool], int] | None = None
    ) -> Further:
        """Return the conditions that can be added upon something of a kind.

        The facets of lists come first. Of a property and its converse, what is read forwards stays.
        """
        first = _facets(kind)
        steps = sorted(
            self.kinds.steps(kind),
            key=lambda step: first.index(step.way) if step.way in first else len(first),
        )
        own = [step for step in steps if not step.backwards]
        turned = {it for step in own for it in self.view.graph.converses.get(step.path, ())}
        return Further(
            [self._step(step, things) for step in own],
            [self._step(it, things) for it in steps if it.backwards and it.path not in turned],
        )

    def _step(self, step: PropertyStep, things: Mapping[tuple[str, bool], int] | None) -> Option:
        name, known = self.resolved.step_name(step), self.kinds.known
        ends = [known[iri] for iri in step.classes if iri in known]
        shown = ", ".join(self.resolved.kind_name(kind).value for kind in ends[:_ENDS])
        return Option(
            step.name,
            name.value,
            name.language,
            things=None if things is None else things.get(step.way, 0),
            of=f"{shown}, …" if len(ends) > _ENDS else shown,
        )


class ConditionForm:
    """A condition as a form has it: what is chosen, and what else can be."""

    def __init__(
        self, built: BuiltPage, condition: Condition, place: Place, upon: ClassOfThings | None
    ) -> None:
        self._built, self._resolved, self._place = built, built.resolved, place
        self.condition, self.place = condition, named(place)
        self.of = upon.name if upon else ""
        """The kind of what has it, as an address names it."""
        self.label = self._resolved.step_name(condition.step)
        self.kind = condition.kind.name if condition.kind else ""
        self.further = built.further_upon(condition.kind)
        self.forms = built.forms(condition, place)
        """The conditions upon its value."""

    @property
    def modes(self) -> Sequence[str]:
        return MODES

    @cached_property
    def has_narrower(self) -> bool:
        return CONCEPT in self.condition.step.classes or self._resolved.is_wide(self.condition)

    @cached_property
    def within(self) -> list[Node]:
        within = map(NamedNode, self._resolved.within(self.condition))
        return sorted(self._built.view.nodes(within).values(), key=_sortable)

    @property
    def is_open(self) -> bool:
        """Whether nothing says of which kind its values are, while the reader does not."""
        return self._built.kinds.kind_of_values(self.condition.step) is None

    @cached_property
    def kinds(self) -> list[Option]:
        """The possible kinds of a value, if there are several."""
        ends = self._built.kinds.kinds_of_values(self.condition.step)
        names = [(it, self._resolved.kind_name(it)) for it in ends] if len(ends) > 1 else []
        return [
            Option(kind.name, name.value, name.language, kind == self.condition.kind)
            for kind, name in names
        ]

    @cached_property
    def options(self) -> list[Option]:
        """All possible values if they are few, the most frequent first; and the chosen ones.

        The values only depend on the path to the condition; their counts depend on all other
        conditions.
        """
        condition, counts, view = self.condition, self._built.counts, self._built.view
        if condition.step.holds != THING:
            return []
        offered, found = counts.values(self._place, alone=True), None
        if offered is None:
            offered = dict.fromkeys(few_values(view, condition.step, condition.kind), 0)
        elif self._resolved.are_values_known:
            found = counts.values(self._place)
        if not offered:
            return []
        chosen = self._resolved.iris(condition)
        nodes = view.nodes(map(NamedNode, (*offered, *chosen))).values()
        return [
            Option(
                view.addresses.short_or_iri(node.iri),
                node.text,
                node.language,
                node.iri in chosen,
                counts.left_by(self._place, condition, found, node.iri),
            )
            for node in sorted(nodes, key=lambda it: (-offered.get(it.iri, 0), _sortable(it)))
        ]

    @cached_property
    def values(self) -> list[tuple[str, Choice, list[tuple[Candidate, str]]]]:
        """The reader's texts, their meanings, and other possible meanings with their addresses."""
        path, pairs = self._built.view.addresses.path, self._built.pairs
        found = []
        for text in self.condition.values:
            choice, pair = self._resolved.choice(self.condition, text), (f"{self.place}.is", text)
            candidates = [
                (
                    it,
                    path(
                        PATH, [(pair[0], it.short) if other == pair else other for other in pairs]
                    ),
                )
                for it in choice.candidates
            ]
            found.append((text, choice, candidates))
        return found


def _facets(kind: ClassOfThings | None) -> list[tuple[str, bool]]:
    """Return the properties by which lists of a kind are narrowed, each with its direction."""
    facets = next((k.facets for k in KINDS.values() if kind and k.class_iri == kind.iri), ())
    return [(facet.path.property, facet.path.form in (BACK, THROUGH)) for facet in facets]


def _sortable(node: Node) -> str:
    return sortable(node.text)
