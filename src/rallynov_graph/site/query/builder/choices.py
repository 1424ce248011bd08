"""The meaning of a reader's words, the possible values, and how many things each would leave."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Solutions
from rallynov_graph.questions.labels import Described, Text
from rallynov_graph.release.finder import Finder
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import label_of
from rallynov_graph.site.model.thing_choice import Candidate, Choice, choose
from rallynov_graph.site.query.builder.condition import (
    OPTIONAL,
    SHOWN,
    WITHOUT,
    Condition,
    Place,
)
from rallynov_graph.site.query.builder.kinds import THING, ClassOfThings, Kinds, PropertyStep
from rallynov_graph.site.query.builder.query import ConditionQuery

CONCEPT: Final = PREFIXES["skos"] + "Concept"
FEW: Final = 20
"""So many values are offered all at once, where nothing counts."""
OFFERED: Final = 40
"""So many are where they are counted; among more the reader writes a name."""
COUNTED: Final = 20_000
"""Among so many things at most each choice is counted."""
_MOST_USES: Final = 20_000
_MOST_NARROWER: Final = 5_000
"""So many steps from a term to a narrower one are known at most."""

Select = Callable[[str], Solutions | None]
"""Returns the solutions of a query; None if it is not answered."""


@dataclass(frozen=True)
class Thesaurus:
    """The terms that are within each term, itself left out: narrower ones, and those of groups."""

    within: Mapping[str, tuple[str, ...]]
    is_whole: bool = True
    """Whether these are all: otherwise any term may have others within it."""

    @classmethod
    def of(cls, view: GraphView) -> Thesaurus:
        """Return the terms of a graph that are within others; read once."""
        return view.graph.queries.once("thesaurus", None, lambda: cls._read(view))

    @classmethod
    def _read(cls, view: GraphView) -> Thesaurus:
        rows = view.queries.rows("narrower_terms").rows
        if len(rows) > _MOST_NARROWER:
            return cls({}, is_whole=False)
        steps: dict[str, list[str]] = {}
        for wider, narrower in rows:
            if isinstance(wider, NamedNode) and isinstance(narrower, NamedNode):
                steps.setdefault(wider.value, []).append(narrower.value)
        return cls({iri: tuple(_reached(steps, iri)) for iri in steps})

    def is_wide(self, iri: str) -> bool:
        """Return whether other terms are within a term, as far as that is known."""
        return not self.is_whole or iri in self.within

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Yield each term that others are within with itself and with each of these."""
        return ((near, wide) for wide, within in self.within.items() for near in (wide, *within))


def _reached(steps: Mapping[str, Sequence[str]], start: str) -> Iterable[str]:
    """Return what can be reached from a term, despite circles."""
    found: dict[str, None] = {}
    waiting = [start]
    while waiting:
        new = [iri for iri in steps.get(waiting.pop(), ()) if iri not in found]
        found |= dict.fromkeys(new)
        waiting += new
    found.pop(start, None)
    return found


class ResolvedQuestion:
    """A question whose values are addresses, wherever what is written for them means one thing."""

    def __init__(self, view: GraphView, finder: Finder, kinds: Kinds, question: Condition) -> None:
        self.view, self._finder, self.kinds = view, finder, kinds
        self.thesaurus = Thesaurus.of(view)
        self.things: dict[str, Candidate] = {}
        """What the values mean; what is not among them is not understood."""
        self.question = self._resolved(question)
        self._terms = {text: NamedNode(it.node.iri) for text, it in self.things.items()}

    def _resolved(self, condition: Condition) -> Condition:
        values = []
        for text in condition.values:
            chosen = self.choice(condition, text).chosen
            values.append(chosen.short if chosen else text)
            if chosen:
                self.things[chosen.short] = chosen
        inner = tuple(map(self._resolved, condition.conditions))
        return replace(condition, values=tuple(dict.fromkeys(values)), conditions=inner)

    def choice(self, condition: Condition, text: str) -> Choice:
        """Return the meaning of a text among the values of a condition, else among all things."""
        if text in self.things:
            return Choice(text, self.things[text])
        choice = choose(self.view, self._finder, text)
        if choice.chosen is not None or not choice.candidates:
            return choice
        iris = [candidate.node.iri for candidate in choice.candidates]
        fitting = {*values_among(self.view, iris, condition.step, condition.kind)}
        candidates = tuple(it for it in choice.candidates if it.node.iri in fitting)
        if len(candidates) == 1 and not choice.near:
            return Choice(text, candidates[0])
        return replace(choice, candidates=candidates) if candidates else choice

    @cached_property
    def are_values_known(self) -> bool:
        """Whether every value means one thing."""
        values = (text for _, condition in self.question.all() for text in condition.values)
        return all(text in self.things for text in values)

    @cached_property
    def is_understood(self) -> bool:
        """Whether moreover every number, day and time is one."""
        return self.are_values_known and not any(it.bad_fields for _, it in self.question.all())

    def is_wide(self, condition: Condition) -> bool:
        """Whether other values may be within those of a condition."""
        return any(map(self.thesaurus.is_wide, self.iris(condition)))

    def within(self, condition: Condition) -> list[str]:
        found = (self.thesaurus.within.get(iri, ()) for iri in self.iris(condition))
        return [*dict.fromkeys(chain(*found))]

    def iris(self, condition: Condition) -> list[str]:
        return [self.things[text].node.iri for text in condition.values if text in self.things]

    def kind_name(self, kind: ClassOfThings) -> Text:
        return kind_name(self.view, kind)

    def step_name(self, step: PropertyStep) -> Text:
        return label_of(self.view, step.path, step.backwards, self._described[step.path])

    @cached_property
    def _described(self) -> Mapping[str, Described]:
        used = {it.kind for _, it in self.question.all()} | {self.question.kind}
        return self.view.described(step.path for kind in used for step in self.kinds.steps(kind))

    def value_name(self, text: str) -> Text:
        """Return the name of a thing that a reader wrote."""
        known = self.things.get(text)
        return Text(known.node.text, known.node.language) if known else Text(text)

    def query(self, question: Condition) -> ConditionQuery:
        """Return the query of a question of such values, which asks for names."""
        names = {it.node.iri: it.node.text for it in self.things.values()}
        language = "" if self.view.foreign else self.view.language
        return ConditionQuery(
            question,
            self.kinds,
            self._terms,
            self.thesaurus.is_wide,
            language,
            lambda iri: names.get(iri, ""),
        )

    def plain_query(self, question: Condition) -> ConditionQuery:
        """Return the query of a question of such values, without names."""
        return ConditionQuery(question, self.kinds, self._terms, self.thesaurus.is_wide)


def kind_name(view: GraphView, kind: ClassOfThings) -> Text:
    node = view.node(kind.iri)
    return view.best(kind.names) or Text(node.text, node.language)


def few_values(view: GraphView, step: PropertyStep, kind: ClassOfThings | None) -> list[str]:
    """Return the values of a step with a kind; none if they are many."""
    query = "few_subjects" if step.backwards else "few_values"
    found = view.queries.cached(view.queries.text(query, property=NamedNode(step.path))).rows
    uses = sum(int(number.value) for _, number in found if isinstance(number, Literal))
    if step.holds != THING or len(found) > FEW or uses > _MOST_USES:
        return []
    return _of_kind(view, [it.value for it, _ in found if isinstance(it, NamedNode)], kind)


def values_among(
    view: GraphView, iris: Sequence[str], step: PropertyStep, kind: ClassOfThings | None
) -> list[str]:
    """Return those things that are values of a step with a kind, in order.

    Whatever contains such a value is one as well.
    """
    query = "subjects_having" if step.backwards else "values_had"
    thesaurus = Thesaurus.of(view)
    near = {iri: (iri, *thesaurus.within.get(iri, ())) for iri in iris}
    values = map(NamedNode, dict.fromkeys(chain(*near.values())))
    rows = view.queries.rows(query, property=NamedNode(step.path), value=values)
    found = [value.value for (value,) in rows.rows if isinstance(value, NamedNode)]
    of_kind = {*_of_kind(view, found, kind)}
    return [iri for iri in iris if not of_kind.isdisjoint(near[iri])]


def _of_kind(view: GraphView, iris: list[str], kind: ClassOfThings | None) -> list[str]:
    """Return the things of a kind or one below it, in their order."""
    if kind is None:
        return iris
    described = view.described(iris)
    return [iri for iri in iris if kind.iri in view.graph.with_superclasses(described[iri].classes)]


@dataclass(frozen=True)
class ChoiceCounts:
    """Counts the choices of one question."""

    resolved: ResolvedQuestion
    select: Select

    def values(
        self, place: Place, alone: bool = False, among: Sequence[str] = ()
    ) -> Mapping[str, int] | None:
        """Return how many things have each value of a condition, under all others or under none.

        A value includes what is within it, unless the condition is exact. With ``among`` only these
        values are counted. None if it is unknown, or if there are too many values.
        """
        question, target = _bare(self.resolved.question, place, alone)
        own = self._counted(question, target, among, is_wide=False)
        kind = (target.kind.iri,) if target.kind else ()
        if own is None or target.exact or CONCEPT not in (*target.step.classes, *kind):
            return own
        thesaurus = self.resolved.thesaurus
        if not thesaurus.is_whole:
            return None
        wide = self._counted(question, target, among, is_wide=True) if thesaurus.within else {}
        return None if wide is None or len({**own, **wide}) > OFFERED else {**own, **wide}

    def left_by(
        self, place: Place, condition: Condition, found: Mapping[str, int] | None, iri: str
    ) -> int | None:
        """Return how many of the results a value leaves, in the mode of its condition.

        None if it leaves all of them, or if the number is unknown.
        """
        if found is None or condition.mode == OPTIONAL:
            return None
        having = found.get(iri, 0)
        if condition.mode != WITHOUT:
            return having
        if len(place) > 1:
            return None
        others = self.resolved.question.changed(place, lambda _: None)
        without = number_of(self.select(self.resolved.plain_query(others).count))
        return None if without is None else without - having

    def _counted(
        self, question: Condition, target: Condition, among: Sequence[str], is_wide: bool
    ) -> dict[str, int] | None:
        """Return how many things have each value, or each term that others are within.

        The pairs are listed: not every server follows a path between two variables.
        """
        query, lines = self.resolved.plain_query(question), []
        (value,) = [name for name, path in query.columns if path and path[-1] is target]
        if is_wide:
            near, value = value, query.variable("choice")
            pairs = " ".join(
                f"({query.iri(iri)} {query.iri(wide)})"
                for iri, wide in self.resolved.thesaurus.pairs()
                if not among or wide in among
            )
            lines.append(f"VALUES (?{near} ?{value}) {{ {pairs} }}")
        elif among:
            lines.append(f"VALUES ?{value} {{ {' '.join(map(query.iri, among))} }}")
        counting = query.counts(value, [*lines, f"FILTER (isIRI(?{value}))"])
        found = self.select(f"{counting}LIMIT {OFFERED + 1}\n")
        return None if found is None or len(found.rows) > OFFERED else _numbers(found)

    def steps(self) -> Mapping[tuple[str, bool], int] | None:
        """Return how many of the things that are found say each property, and are said by it."""
        counted: dict[tuple[str, bool], int] = {}
        for backwards in (False, True):
            query = self.resolved.plain_query(self.resolved.question)
            name, other = query.variable("property"), query.variable("other")
            ends = (other, query.thing) if backwards else (query.thing, other)
            pattern = query.sure(f"?{ends[0]} ?{name} ?{ends[1]}")
            if found := self.select(query.counts(name, pattern)):
                counted |= {(iri, backwards): n for iri, n in _numbers(found).items()}
        return counted or None


def number_of(found: Solutions | None) -> int | None:
    """Return the number that a query counted; None if it was not answered."""
    number = found.rows[0][0] if found is not None and found.rows else None
    return int(number.value) if isinstance(number, Literal) else None


def _numbers(found: Solutions) -> dict[str, int]:
    return {
        term.value: int(number.value)
        for term, number in found.rows
        if isinstance(term, NamedNode) and isinstance(number, Literal)
    }


def _bare(upon: Condition, place: Place, alone: bool) -> tuple[Condition, Condition]:
    """Return a question in which one condition demands no value, and that condition.

    Alone, nothing but what leads to it is demanded.
    """
    number, rest = place[0] - 1, place[1:]
    bare = replace(upon.conditions[number], mode=SHOWN)
    if alone or not rest:
        bare = replace(bare, values=(), least="", most="", text="")
    if rest:
        bare, target = _bare(bare, rest, alone)
    else:
        bare = target = replace(bare, conditions=())
    others = ((), ()) if alone else (upon.conditions[:number], upon.conditions[number + 1 :])
    return replace(upon, conditions=(*others[0], bare, *others[1])), target
