"""What is counted before and in a trial: the things of each kind, stages held, witnesses, links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.kinds import HELD, KINDS
from rallynov_graph.base.namespaces import ID, PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.rules.changes import Outcome
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.selection.list_queries import Selection, source_of_kind

HELD_STAGES: Final = "held"
WITNESSES: Final = "witnesses"
THEME_LINKS: Final = "theme_links"

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_STAGE: Final = NamedNode(RN + "Stage")
_TESTIMONY: Final = NamedNode(RN + "Testimony")
_STATUS: Final = NamedNode(RN + "status")
_NUMBER: Final = NamedNode(RN + "number")
_PARTICIPANT: Final = NamedNode(RN + "participant")
_LINKED: Final = NamedNode(RN + "linkedToTheme")
_HELD: Final = NamedNode(HELD.status)


@dataclass(frozen=True)
class CountChange:
    """A number before and in a trial; its key is one of the above, or the name of a kind."""

    key: str
    before: int
    after: int


@dataclass(frozen=True)
class Road:
    """The stages held in their order, each with its number (0 without one) and its IRI."""

    before: tuple[tuple[int, str], ...]
    after: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, before: Iterable[Iterable[object]], after: Iterable[Iterable[object]]) -> Road:
        """Return a road that was written down."""
        return cls(_stops(before), _stops(after))


_OF_ROAD: Final = frozenset({_TYPE, _STATUS, _NUMBER})
_OF_WITNESSES: Final = frozenset({_TYPE, _PARTICIPANT})


@dataclass(frozen=True)
class WhatCounts:
    """The facts that numbers are made of, as they hold before any trial."""

    stages: frozenset[Triple]
    """What kind, status and number stages have."""
    testimonies: frozenset[Triple]
    """That testimonies are some, and who takes part in them."""
    links: int
    """How many links of organisations to themes there are."""
    by_kind: Mapping[str, int]
    """How many things the list of each kind has."""
    classes: Mapping[str, AbstractSet[Term]]
    """The class of each kind, and those below it."""

    @classmethod
    def of(cls, view: GraphView) -> WhatCounts:
        """Return what counts in a graph."""
        rows = view.queries.rows("counted_in_trials").rows
        facts = [it for row in rows if (it := _triple(*row)) is not None]
        stages = {it.subject for it in facts if it.predicate == _TYPE and it.object == _STAGE}
        above = view.queries.rows("superclasses").rows
        kinds = [it for it in KINDS.values() if it.first and it.class_iri]
        return cls(
            frozenset(it for it in facts if it.subject in stages),
            frozenset(it for it in facts if it.predicate in _OF_WITNESSES),
            sum(it.predicate == _LINKED for it in facts),
            {it.name: Selection(view.queries, source_of_kind(it.name)).total() for it in kinds},
            {
                it.name: {
                    NamedNode(it.class_iri),
                    *(below for below, of in above if below and _iri(of) == it.class_iri),
                }
                for it in kinds
            },
        )

    @cached_property
    def road(self) -> tuple[tuple[int, str], ...]:
        """The stages held, in their order, before any trial."""
        return _road(self.stages)

    @cached_property
    def witnesses(self) -> int:
        """How many people testify before any trial."""
        return _witnesses(self.testimonies)

    def changed(self, outcome: Outcome) -> tuple[tuple[CountChange, ...], Road | None]:
        """Return the numbers that change in a trial, and the road where it is another one."""
        come = {fact for fact, ranks in outcome.items() if ranks.before is None}
        gone = {fact for fact, ranks in outcome.items() if ranks.after is None}
        changing = {fact.predicate for fact in come | gone}
        road, witnesses = self.road, self.witnesses
        if changing & _OF_ROAD:
            road = _road((self.stages - gone) | come)
        if changing & _OF_WITNESSES:
            witnesses = _witnesses((self.testimonies - gone) | come)
        links = self.links + _number(come, _LINKED) - _number(gone, _LINKED)
        numbers = [
            CountChange(HELD_STAGES, len(self.road), len(road)),
            *self._of_kinds(come, gone),
            CountChange(WITNESSES, self.witnesses, witnesses),
            CountChange(THEME_LINKS, self.links, links),
        ]
        changed = tuple(it for it in numbers if it.before != it.after)
        return changed, None if road == self.road else Road(self.road, road)

    def _of_kinds(self, come: set[Triple], gone: set[Triple]) -> Iterator[CountChange]:
        def number(facts: set[Triple], kind: str) -> int:
            return sum(
                it.predicate == _TYPE
                and it.object in self.classes[kind]
                and _iri(it.subject).startswith(f"{ID}{kind}/")
                for it in facts
            )

        for kind, listed in self.by_kind.items():
            yield CountChange(kind, listed, listed + number(come, kind) - number(gone, kind))


def _road(facts: Iterable[Triple]) -> tuple[tuple[int, str], ...]:
    """Return the stages held in their order; those without a number come last."""
    stages, held, numbers = set[str](), set[str](), dict[str, int]()
    for fact in facts:
        subject = _iri(fact.subject)
        if fact.predicate == _TYPE and fact.object == _STAGE:
            stages.add(subject)
        elif fact.predicate == _STATUS and fact.object == _HELD:
            held.add(subject)
        elif fact.predicate == _NUMBER and (number := _whole(fact.object)) is not None:
            numbers[subject] = number
    road = ((numbers.get(it, 0), it) for it in stages & held)
    return tuple(sorted(road, key=lambda stop: (stop[0] == 0, stop)))


def _witnesses(facts: Iterable[Triple]) -> int:
    testimonies = {it.subject for it in facts if it.object == _TESTIMONY and it.predicate == _TYPE}
    return len(
        {it.object for it in facts if it.predicate == _PARTICIPANT and it.subject in testimonies}
    )


def _number(facts: Iterable[Triple], prop: NamedNode) -> int:
    return sum(it.predicate == prop for it in facts)


def _stops(written: Iterable[Iterable[object]]) -> tuple[tuple[int, str], ...]:
    return tuple((int(str(number)), str(stage)) for number, stage in written)


def _whole(term: Term) -> int | None:
    is_whole = isinstance(term, Literal) and term.value.isdecimal()
    return int(term.value) if isinstance(term, Literal) and is_whole else None


def _triple(subject: Term | None, prop: Term | None, value: Term | None) -> Triple | None:
    if not (isinstance(subject, NamedNode) and isinstance(prop, NamedNode)) or value is None:
        return None
    return Triple(subject, prop, value)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
