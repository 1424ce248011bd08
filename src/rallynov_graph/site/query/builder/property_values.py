"""The values that a property has: all where they are few, else those that a reader writes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.thing_choice import Candidate, Choice, choose
from rallynov_graph.site.query.builder.built_question import (
    BuiltQuestion,
    Condition,
    at_places,
)
from rallynov_graph.site.query.builder.steps import THING, ClassOfThings, PropertyStep
from rallynov_graph.site.query.builder.thesaurus import Thesaurus, thesaurus_of

FEW: Final = 20
"""So many values are offered all at once."""
_MOST: Final = 20_000


@dataclass(frozen=True)
class ResolvedQuestion:
    """A question whose values are written as addresses, and the things that these mean."""

    question: BuiltQuestion
    things: dict[str, Candidate] = field(default_factory=dict)
    """By what is written for them; what is not among them is not understood."""
    thesaurus: Thesaurus = field(default_factory=lambda: Thesaurus({}))

    @property
    def is_understood(self) -> bool:
        """Whether every value of it is known."""
        return all(
            text in self.things
            for _, condition in at_places(self.question.conditions)
            for text in condition.values
        )

    def is_wide(self, condition: Condition) -> bool:
        """Return whether others may lie within the values of a condition."""
        return any(map(self.thesaurus.is_wide, self._iris(condition)))

    def within(self, condition: Condition) -> list[str]:
        """Return what is known to lie within the values of a condition."""
        things = self._iris(condition)
        found = (iri for thing in things for iri in self.thesaurus.within.get(thing, ()))
        return [*dict.fromkeys(found)]

    def _iris(self, condition: Condition) -> list[str]:
        return [self.things[text].node.iri for text in condition.values if text in self.things]


def few_values(view: GraphView, step: PropertyStep, kind: ClassOfThings | None) -> tuple[Node, ...]:
    """Return the values of a step that are of a kind, by their names; none where they are many."""
    query = "few_subjects" if step.backwards else "few_values"
    property_node = NamedNode(step.path)
    found = view.queries.cached(view.queries.text(query, property=property_node)).rows
    uses = sum(int(number.value) for _, number in found if isinstance(number, Literal))
    if step.holds != THING or len(found) > FEW or uses > _MOST:
        return ()
    iris = [value.value for value, _ in found if isinstance(value, NamedNode)]
    described = view.described(iris)
    nodes = [view.thing(iri, described[iri]) for iri in _of_kind(view, iris, kind)]
    return tuple(sorted(nodes, key=lambda node: node.text.casefold()))


def values_among(
    view: GraphView, iris: Sequence[str], step: PropertyStep, kind: ClassOfThings | None
) -> list[str]:
    """Return those things that are values of a step and of a kind, in their order.

    What such a value lies within is one as well.
    """
    query = "subjects_having" if step.backwards else "values_had"
    thesaurus = thesaurus_of(view)
    near = {iri: (iri, *thesaurus.within.get(iri, ())) for iri in iris}
    values = map(NamedNode, dict.fromkeys(chain(*near.values())))
    rows = view.queries.rows(query, property=NamedNode(step.path), value=values)
    found = [value.value for (value,) in rows.rows if isinstance(value, NamedNode)]
    of_kind = {*_of_kind(view, found, kind)}
    return [iri for iri in iris if not of_kind.isdisjoint(near[iri])]


def resolved(view: GraphView, finder: Finder, question: BuiltQuestion) -> ResolvedQuestion:
    """Return a question with an address for each name that means one thing."""
    things: dict[str, Candidate] = {}
    conditions = _resolved_conditions(view, finder, question.conditions, things)
    return ResolvedQuestion(replace(question, conditions=conditions), things, thesaurus_of(view))


def choice_for(view: GraphView, finder: Finder, condition: Condition, text: str) -> Choice:
    """Return what a text means among the values of a condition, else among all things."""
    choice = choose(view, finder, text)
    if choice.chosen is not None or not choice.candidates:
        return choice
    iris = [candidate.node.iri for candidate in choice.candidates]
    fitting = {*values_among(view, iris, condition.step, condition.kind)}
    fitting_candidates = tuple(
        candidate for candidate in choice.candidates if candidate.node.iri in fitting
    )
    if len(fitting_candidates) == 1 and not choice.near:
        return Choice(text, fitting_candidates[0])
    return replace(choice, candidates=fitting_candidates) if fitting_candidates else choice


def _resolved_conditions(
    view: GraphView, finder: Finder, conditions: Sequence[Condition], things: dict[str, Candidate]
) -> tuple[Condition, ...]:
    found = []
    for condition in conditions:
        values = []
        for text in condition.values:
            chosen = choice_for(view, finder, condition, text).chosen
            values.append(chosen.short if chosen else text)
            if chosen:
                things[chosen.short] = chosen
        inner = _resolved_conditions(view, finder, condition.conditions, things)
        found.append(replace(condition, values=tuple(dict.fromkeys(values)), conditions=inner))
    return tuple(found)


def _of_kind(view: GraphView, iris: Sequence[str], kind: ClassOfThings | None) -> Iterable[str]:
    """Return the things of a kind or one below it, in their order."""
    if kind is None:
        return iris
    described = view.described(iris)
    return [iri for iri in iris if kind.iri in view.graph.with_superclasses(described[iri].classes)]
