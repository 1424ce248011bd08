"""How many things would be found with each value and each further condition, beside the choices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.base.terms import Solutions
from rallynov_graph.site.query.builder.built_query import (
    ConditionWriter,
    QueryWords,
    Terms,
    grouped_query,
    query_of,
)
from rallynov_graph.site.query.builder.built_question import (
    OPTIONAL,
    SHOWN,
    WITHOUT,
    BuiltQuestion,
    Condition,
)
from rallynov_graph.site.query.builder.steps import Kinds
from rallynov_graph.site.query.builder.thesaurus import Thesaurus

OFFERED: Final = 40
"""So many values are offered all at once; among more the reader writes a name."""
COUNTED: Final = 20_000
"""Among so many things at most each choice is counted."""
_CONCEPT: Final = PREFIXES["skos"] + "Concept"

Select = Callable[[str], Solutions | None]
"""Returns the solutions of a query; None where it is not answered."""
Place = Sequence[int]
"""The number of a condition, after those of the conditions that it stands upon."""


@dataclass(frozen=True)
class ChoiceCounts:
    """Counts the choices of one question."""

    question: BuiltQuestion
    kinds: Kinds
    terms: Terms
    thesaurus: Thesaurus
    select: Select

    def values(
        self, place: Place, alone: bool = False, among: Sequence[str] = ()
    ) -> Mapping[str, int] | None:
        """Return how many things have each value of a condition under all others, or under none.

        A value counts what lies within it, unless the condition is exact. With ``among`` only these
        values are counted. None where nothing tells, and where there are too many values.
        """
        conditions, target = _bare(self.question.conditions, place, alone)
        question = replace(self.question, conditions=conditions)
        own = self._counted(question, target, among, is_wide=False)
        if own is None or target.exact or _CONCEPT not in (*target.step.classes, *_kind_of(target)):
            return own
        if not self.thesaurus.is_whole:
            return None
        wide = self._counted(question, target, among, is_wide=True) if self.thesaurus.within else {}
        return None if wide is None or len({**own, **wide}) > OFFERED else {**own, **wide}

    def left_by(
        self, place: Place, condition: Condition, found: Mapping[str, int] | None, iri: str
    ) -> int | None:
        """Return how many things a value leaves, in the mode of its condition, of those found.

        None where it leaves as many as there are without it, and where nothing tells.
        """
        if found is None or condition.mode == OPTIONAL:
            return None
        having = found.get(iri, 0)
        if condition.mode == WITHOUT:
            others = self.others(place)
            return None if others is None else others - having
        return having

    def _counted(
        self, question: BuiltQuestion, target: Condition, among: Sequence[str], is_wide: bool
    ) -> dict[str, int] | None:
        """Return how many things have each value, or each term that others lie within.

        The pairs are listed: not every server follows a path between two variables.
        """
        writer, thing, firm = self._written(question)
        (value,) = [c.variable for c in writer.columns if c.path and c.path[-1] is target]
        if is_wide:
            near, value = value, writer.variable("choice")
            pairs = " ".join(
                f"({writer.iri(iri)} {writer.iri(wide)})"
                for iri, wide in self.thesaurus.pairs()
                if not among or wide in among
            )
            firm.append(f"VALUES (?{near} ?{value}) {{ {pairs} }}")
        elif among:
            firm.append(f"VALUES ?{value} {{ {' '.join(map(writer.iri, among))} }}")
        query = grouped_query(writer, thing, [value], [*firm, f"FILTER (isIRI(?{value}))"])
        found = self.select(f"{query}LIMIT {OFFERED + 1}\n")
        if found is None or len(found.rows) > OFFERED:
            return None
        return {
            term.value: int(things.value)
            for term, things in found.rows
            if isinstance(term, NamedNode) and isinstance(things, Literal)
        }

    def others(self, place: Place) -> int | None:
        """Return how many things meet all conditions but one that stands on no other."""
        if len(place) > 1:
            return None
        conditions = self.question.conditions
        left = (*conditions[: place[0] - 1], *conditions[place[0] :])
        question = replace(self.question, conditions=left)
        built = query_of(question, self.kinds, self.terms, is_wide=self.thesaurus.is_wide)
        return number_of(self.select(built.count))

    def steps(self) -> Mapping[tuple[str, bool], int] | None:
        """Return how many of the things that are found say each property, and are said by it."""
        found = {
            backwards: self.select(self._steps_query(backwards)) for backwards in (False, True)
        }
        return {
            (term.value, backwards): int(things.value)
            for backwards, solutions in found.items()
            if solutions is not None
            for term, things in solutions.rows
            if isinstance(term, NamedNode) and isinstance(things, Literal)
        } or None

    def _steps_query(self, backwards: bool) -> str:
        writer, thing, firm = self._written(self.question)
        prop, other = writer.variable("property"), writer.variable("other")
        ends = (f"?{other}", f"?{thing}") if backwards else (f"?{thing}", f"?{other}")
        pattern = writer.sure(f"{ends[0]} ?{prop} {ends[1]}")
        return grouped_query(writer, thing, [prop], [*firm, *pattern])

    def _written(self, question: BuiltQuestion) -> tuple[ConditionWriter, str, list[str]]:
        """Return what writes a question, its things, and what has to be so."""
        writer = ConditionWriter(
            self.kinds, self.terms, question.certainty, QueryWords(), self.thesaurus.is_wide
        )
        thing = writer.variable(question.kind.iri)
        of_kind = writer.of_kind(thing, question.kind)
        firm, _ = writer.conditions(thing, question.conditions, ())
        return writer, thing, [*of_kind, *firm]


def number_of(found: Solutions | None) -> int | None:
    """Return the number that a query counted; None where it was not answered."""
    number = found.rows[0][0] if found is not None and found.rows else None
    return int(number.value) if isinstance(number, Literal) else None


def _kind_of(condition: Condition) -> tuple[str, ...]:
    return (condition.kind.iri,) if condition.kind else ()


def _bare(
    conditions: Sequence[Condition], place: Place, alone: bool
) -> tuple[tuple[Condition, ...], Condition]:
    """Return conditions of which one demands no value, and that one; or nothing but that one."""
    number, rest = place[0] - 1, place[1:]
    if rest:
        inner, target = _bare(conditions[number].conditions, rest, alone)
        bare = replace(conditions[number], mode=SHOWN, conditions=inner)
        bare = replace(bare, values=(), least="", most="", text="") if alone else bare
    else:
        bare = replace(
            conditions[number], mode=SHOWN, values=(), least="", most="", text="", conditions=()
        )
        target = bare
    if alone:
        return (bare,), target
    return (*conditions[:number], bare, *conditions[number + 1 :]), target
