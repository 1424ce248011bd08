"""The conditions of a question as a form has them: what is chosen, and what else can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.kinds import BACK, KINDS, THROUGH
from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.questions.labels import Text
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.ordering import sortable
from rallynov_graph.site.model.statement import label_of
from rallynov_graph.site.model.thing_choice import Candidate, Choice
from rallynov_graph.site.query.builder.built_question import (
    MODES,
    Condition,
    address_pairs,
    at_places,
)
from rallynov_graph.site.query.builder.choice_counts import ChoiceCounts, Place
from rallynov_graph.site.query.builder.property_values import (
    ResolvedQuestion,
    choice_for,
    few_values,
)
from rallynov_graph.site.query.builder.steps import (
    THING,
    ClassOfThings,
    Kinds,
    PropertyStep,
    without_inverses,
)

CONCEPT: Final = PREFIXES["skos"] + "Concept"
_ENDS: Final = 3
"""So many kinds of values are named beside a property."""


@dataclass(frozen=True)
class BuilderOption:
    """What can be chosen, and how many things would be found with it, where that is known."""

    value: str
    text: str
    language: str = ""
    chosen: bool = False
    things: int | None = None
    of: str = ""
    """Of which kinds the values of a property are."""


Options = tuple[BuilderOption, ...]


@dataclass(frozen=True)
class ShownValue:
    """A value as the address has it, and what it means."""

    text: str
    choice: Choice
    candidates: tuple[tuple[Candidate, str], ...] = ()
    """What it may mean, and the address that says so."""


@dataclass(frozen=True)
class Further:
    """The conditions that can be added: on what a thing has, and on what leads to it."""

    own: Options = ()
    leading: Options = ()


@dataclass(frozen=True)
class ShownCondition:
    """A condition as a form has it."""

    place: str
    of: str
    """The kind of what has it, as an address names it."""
    step: PropertyStep
    label: Text
    mode: str
    modes: Options
    values: tuple[ShownValue, ...]
    options: Options
    """All values that there are, where they are few; with those that are chosen."""
    has_narrower: bool
    """Whether its values may have narrower ones."""
    exact: bool
    within: tuple[Node, ...]
    """What lies within the values that are chosen."""
    kinds: Options
    """What a value may be, where it may be several things."""
    kind: str
    is_open: bool
    """Whether nothing says of which kind its values are, while the reader does not."""
    least: str
    most: str
    text: str
    bad_fields: tuple[str, ...]
    """The fields that hold what is no number, day or time."""
    further: Further
    conditions: tuple[ShownCondition, ...]


class BuilderNames:
    """What kinds, properties and values are called in the page's language."""

    def __init__(self, view: GraphView, kinds: Kinds, resolved: ResolvedQuestion) -> None:
        self.view, self.resolved = view, resolved
        used = {condition.kind for _, condition in at_places(resolved.question.conditions)} | {
            resolved.question.kind
        }
        self.described = view.described(s.path for kind in used for s in kinds.steps(kind))

    def of_kind(self, kind: ClassOfThings) -> Text:
        """Return what a kind is called."""
        return name_of_kind(self.view, kind)

    def of_step(self, step: PropertyStep) -> Text:
        """Return what a property is called, read from either end."""
        described = self.described[step.path]
        return label_of(self.view, step.path, step.backwards, described)

    def of_value(self, text: str) -> Text:
        """Return what a thing is called that a reader wrote."""
        known = self.resolved.things.get(text)
        return Text(known.node.text, known.node.language) if known else Text(text)

    def are_wide(self, condition: Condition) -> bool:
        """Return whether what lies within the values of a condition counts as well."""
        return not condition.exact and self.resolved.is_wide(condition)


class ConditionForms:
    """Makes the form of each condition of one question."""

    def __init__(
        self,
        view: GraphView,
        finder: Finder,
        kinds: Kinds,
        resolved: ResolvedQuestion,
        names: BuilderNames,
        counts: ChoiceCounts,
    ) -> None:
        self.view, self.finder, self.kinds, self.resolved = view, finder, kinds, resolved
        self.names, self.counts = names, counts

    def of(self, conditions: Sequence[Condition], kind: ClassOfThings | None) -> _Shown:
        """Return the conditions upon the things of a kind."""
        return self._shown(conditions, kind, ())

    def further(
        self, kind: ClassOfThings | None, things: Mapping[tuple[str, bool], int] | None = None
    ) -> Further:
        """Return the conditions that can be added, with the number of things that each leaves.

        What lists are narrowed by comes first.
        """
        rows = self.view.cached_rows("inverses").rows
        inverses = [
            (prop.value, inverse.value)
            for prop, inverse in rows
            if isinstance(prop, NamedNode) and isinstance(inverse, NamedNode)
        ]
        first = _facets(kind)
        steps = sorted(
            without_inverses(self.kinds.steps(kind), inverses),
            key=lambda step: first.index(step.way) if step.way in first else len(first),
        )
        return Further(
            tuple(self._step(step, things) for step in steps if not step.backwards),
            tuple(self._step(step, things) for step in steps if step.backwards),
        )

    def _shown(
        self, conditions: Sequence[Condition], kind: ClassOfThings | None, before: Place
    ) -> _Shown:
        return tuple(
            self._condition((*before, number), kind.name if kind else "", condition)
            for number, condition in enumerate(conditions, 1)
        )

    def _condition(self, at: Place, kind_name: str, condition: Condition) -> ShownCondition:
        place = ".".join(map(str, at))
        ends = self.kinds.kinds_of_values(condition.step)
        within = map(NamedNode, self.resolved.within(condition))
        return ShownCondition(
            place,
            kind_name,
            condition.step,
            self.names.of_step(condition.step),
            condition.mode,
            tuple(BuilderOption(mode, mode, "", mode == condition.mode) for mode in MODES),
            tuple(self._value(place, condition, text) for text in condition.values),
            self._options(at, condition),
            CONCEPT in condition.step.classes or self.resolved.is_wide(condition),
            condition.exact,
            tuple(sorted(self.view.nodes(within).values(), key=_sortable)),
            tuple(
                _option(kind.name, name_of_kind(self.view, kind), kind == condition.kind)
                for kind in ends
            )
            if len(ends) > 1
            else (),
            condition.kind.name if condition.kind else "",
            self.kinds.kind_of_values(condition.step) is None,
            condition.least,
            condition.most,
            condition.text,
            bad_fields(condition),
            self.further(condition.kind),
            self._shown(condition.conditions, condition.kind, at),
        )

    def _options(self, at: Place, condition: Condition) -> Options:
        """Return the values of a condition where they are few, the most frequent first.

        Which they are depends on nothing but what leads to the condition; how many things each
        would find, on all other conditions.
        """
        if condition.step.holds != THING:
            return ()
        offered = self.counts.values(at, alone=True)
        if offered is None:
            few = few_values(self.view, condition.step, condition.kind)
            offered = {node.iri: 0 for node in few}
            found = None
        else:
            found = self.counts.values(at) if self.resolved.is_understood else None
        if not offered:
            return ()
        short = self.view.addresses.short_or_iri
        chosen = [
            self.resolved.things[text].node.iri
            for text in condition.values
            if text in self.resolved.things
        ]
        nodes = self.view.nodes(map(NamedNode, (*offered, *chosen)))
        shown = sorted(
            nodes.values(), key=lambda node: (-offered.get(node.iri, 0), _sortable(node))
        )
        return tuple(
            BuilderOption(
                short(node.iri),
                node.text,
                node.language,
                node.iri in chosen,
                self.counts.left_by(at, condition, found, node.iri),
            )
            for node in shown
        )

    def _value(self, place: str, condition: Condition, text: str) -> ShownValue:
        known = self.resolved.things.get(text)
        choice = (
            Choice(text, known) if known else choice_for(self.view, self.finder, condition, text)
        )
        pair, pairs = (f"{place}.is", text), address_pairs(self.resolved.question)

        def replaced(by: str) -> str:
            return self.view.addresses.path(
                "/builder", [(pair[0], by) if other == pair else other for other in pairs]
            )

        offered = tuple((candidate, replaced(candidate.short)) for candidate in choice.candidates)
        return ShownValue(text, choice, offered)

    def _step(
        self, step: PropertyStep, things: Mapping[tuple[str, bool], int] | None
    ) -> BuilderOption:
        label = self.names.of_step(step)
        classes = [self.kinds.known[c] for c in step.classes if c in self.kinds.known]
        ends = [name_of_kind(self.view, kind).value for kind in classes[:_ENDS]]
        more = ", …" if len(classes) > _ENDS else ""
        return BuilderOption(
            step.name,
            label.value,
            label.language,
            things=None if things is None else things.get(step.way, 0),
            of=f"{', '.join(ends)}{more}",
        )


def _facets(kind: ClassOfThings | None) -> list[tuple[str, bool]]:
    """Return the properties by which lists of a kind are narrowed, each with its direction."""
    facets = next((k.facets for k in KINDS.values() if kind and k.class_iri == kind.iri), ())
    return [(facet.path.property, facet.path.form in (BACK, THROUGH)) for facet in facets]


_Shown = tuple[ShownCondition, ...]


def name_of_kind(view: GraphView, kind: ClassOfThings) -> Text:
    """Return what a kind is called in the page's language."""
    node = view.node(kind.iri)
    return view.best(kind.names) or Text(node.text, node.language)


def bad_fields(condition: Condition) -> tuple[str, ...]:
    """Return the fields of a condition that hold what is no number, day or time."""
    ends = {"from": condition.least, "to": condition.most}
    return tuple(name for name, text in ends.items() if text and condition.bound(text) is None)


def _option(value: str, text: Text, chosen: bool = False) -> BuilderOption:
    return BuilderOption(value, text.value, text.language, chosen)


def _sortable(node: Node) -> str:
    return sortable(node.text)
