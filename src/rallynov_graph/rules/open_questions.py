"""The open questions of a graph: what they are about, and which facts hang on them.

An open question leaves facts unsettled; what the rules conclude from these hangs on it as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from rallynov_graph.base.certainty import LEAST_SURE, SUREST, certainty_of, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules.dependents import Dependents, dependents

_RELATIONS: Final = (
    PREFIXES["schema"] + "about",
    RN + "unsettles",
    RN + "passage",
    RN + "reading",
)


@dataclass(frozen=True)
class UnsettledFact:
    """A fact of a document that an open question leaves unsettled."""

    triple: Triple
    graphs: tuple[str, ...]
    """The assertion sets that state it, the surest first."""
    certainty: str
    """That of the surest of them."""

    @property
    def is_settled(self) -> bool:
        """Whether it is said in so many words: then it holds by every reading."""
        return self.certainty == SUREST


@dataclass(frozen=True)
class OpenQuestionRecord:
    """What the graph says of an open question, and the facts that it leaves unsettled."""

    iri: str
    about: tuple[NamedNode, ...] = ()
    properties: tuple[NamedNode, ...] = ()
    """What it leaves unsettled; nothing where its things themselves are in question."""
    passages: tuple[NamedNode, ...] = ()
    readings: tuple[NamedNode, ...] = ()
    facts: tuple[UnsettledFact, ...] = ()

    @property
    def doubtful(self) -> tuple[UnsettledFact, ...]:
        """The facts that hang on it: another reading may undo them."""
        return tuple(fact for fact in self.facts if not fact.is_settled)


@dataclass(frozen=True)
class OpenQuestions:
    """All open questions of a graph, and what leads to them."""

    records: Mapping[str, OpenQuestionRecord]
    conclusions: Dependents
    """What the rules conclude from what they leave unsettled."""

    @classmethod
    def read(cls, queries: PageQueries) -> OpenQuestions:
        """Return the open questions of a graph in the order of their IRIs; they are read once."""
        return queries.once("open questions", "all", lambda: _read(queries))

    @cached_property
    def by_thing(self) -> Mapping[str, Mapping[str, bool]]:
        """The questions that touch a thing, each with whether it is about the thing itself."""
        found: dict[str, dict[str, bool]] = {}
        for record in self.records.values():
            for thing in record.about:
                found.setdefault(thing.value, {})[record.iri] = True
            for fact in record.facts if record.properties else ():
                for end in (fact.triple.subject, fact.triple.object):
                    if isinstance(end, NamedNode):
                        found.setdefault(end.value, {}).setdefault(record.iri, False)
        return found

    @cached_property
    def falling(self) -> Mapping[str, frozenset[Triple]]:
        """What the rules would not conclude without the facts that hang on each question."""
        return {
            record.iri: self.conclusions.falling_without(fact.triple for fact in record.doubtful)
            for record in self.records.values()
        }

    @cached_property
    def by_fact(self) -> Mapping[Triple, tuple[str, ...]]:
        """The questions that touch a fact: by another reading it may not hold."""
        found: dict[Triple, list[str]] = {}
        for record in self.records.values():
            for triple in (*(fact.triple for fact in record.facts), *self.falling[record.iri]):
                found.setdefault(triple, []).append(record.iri)
        return {triple: tuple(dict.fromkeys(iris)) for triple, iris in found.items()}


def _read(queries: PageQueries) -> OpenQuestions:
    records = {record.iri: record for record in _records(queries)}
    facts = _facts(queries, records)
    records = {iri: replace(record, facts=facts.get(iri, ())) for iri, record in records.items()}
    doubtful = {fact.triple for of_one in facts.values() for fact in of_one if not fact.is_settled}
    return OpenQuestions(records, dependents(queries.store, doubtful))


def _records(queries: PageQueries) -> Iterator[OpenQuestionRecord]:
    found: dict[str, dict[str, list[NamedNode]]] = {}
    for row in queries.rows("what_questions_touch").rows:
        named = [term for term in row if isinstance(term, NamedNode)]
        if len(named) == len(row):
            question, relation, value = named
            found.setdefault(question.value, {}).setdefault(relation.value, []).append(value)
    for iri, related in found.items():
        about, unsettled, passages, readings = (
            tuple(related.get(relation, ())) for relation in _RELATIONS
        )
        yield OpenQuestionRecord(iri, about, unsettled, passages, readings)


def _facts(
    queries: PageQueries, records: Mapping[str, OpenQuestionRecord]
) -> dict[str, tuple[UnsettledFact, ...]]:
    """Return the facts that each question leaves unsettled."""
    found: dict[str, _Facts] = {}
    for question, way, *terms, graph, certainty in queries.rows("facts_in_question").rows:
        assert isinstance(way, Literal) and isinstance(graph, NamedNode)
        record = records.get(_iri(question))
        triple = _triple(*terms)
        if record is None or triple is None:
            continue
        if triple.predicate in record.properties or not record.properties:
            facts = found.setdefault(record.iri, _Facts(record))
            facts.add(way.value, triple, graph.value, certainty_of(_iri(certainty)) or LEAST_SURE)
    return {iri: facts.chosen() for iri, facts in found.items()}


class _Facts:
    """The facts that an open question reaches, by the ways in which it does.

    It leaves unsettled those that a reading is taken in, and those whose subject it is about; those
    whose value it is about only where no subject is: of a question about one witness it is not
    asked who else was at the stage. Where its things themselves are in question, what a reading
    is taken in stands for them, if there is any.
    """

    def __init__(self, record: OpenQuestionRecord) -> None:
        self._record = record
        self._ways: dict[str, dict[Triple, dict[str, str]]] = {}

    def add(self, way: str, fact: Triple, graph: str, certainty: str) -> None:
        """Note that a graph states a fact that is reached in a way."""
        self._ways.setdefault(way, {}).setdefault(fact, {})[graph] = certainty

    def chosen(self) -> tuple[UnsettledFact, ...]:
        """Return those that it leaves unsettled, in order."""
        taken, own, others = (self._ways.get(way, {}) for way in ("taken", "subject", "value"))
        if self._record.properties:
            of_subjects = {fact.predicate for fact in own}
            others = {
                fact: graphs for fact, graphs in others.items() if fact.predicate not in of_subjects
            }
        elif taken:
            own = others = {}
        facts = {**taken, **own, **others}
        return tuple(_unsettled(fact, facts[fact]) for fact in sorted(facts, key=str))


def _unsettled(fact: Triple, graphs: Mapping[str, str]) -> UnsettledFact:
    ordered = sorted(graphs, key=lambda graph: (rank_of(graphs[graph]), graph))
    return UnsettledFact(fact, tuple(ordered), graphs[ordered[0]])


def _triple(subject: Term | None, prop: Term | None, value: Term | None) -> Triple | None:
    """Return a fact; None where its subject has no name, which no other graph could mean."""
    if not (isinstance(subject, NamedNode) and isinstance(prop, NamedNode)) or value is None:
        return None
    return Triple(subject, prop, value)


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""
