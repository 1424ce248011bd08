"""What each reading of the open questions takes away and states, before any rule is followed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.certainty import SUREST, certainty_of, is_current, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.rules.changes import RankChange
from rallynov_graph.rules.justifications import graphs_of
from rallynov_graph.rules.open_questions import OpenQuestionRecord, OpenQuestions
from rallynov_graph.site.model.nodes import GraphView

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_CERTAINTY: Final = NamedNode(RN + "certainty")
_INFERENCE: Final = NamedNode(RN + "Inference")

SetFact = tuple[str, Triple]
"""A set, and a fact that it states."""
StatedBy = Mapping[Triple, Mapping[str, int]]
"""Facts, each with the graphs that state it and how surely; what rules conclude is left out."""


@dataclass(frozen=True)
class ReadingChange:
    """A reading of a question, with what trying it takes away and adds."""

    question: str
    is_taken: bool = False
    """Whether it is the reading that the data take: trying it changes nothing."""
    gone: frozenset[SetFact] = frozenset()
    come: Mapping[SetFact, int] = field(default_factory=dict)
    """The facts that its own sets state, and how surely."""

    def trial(self, stated_by: StatedBy) -> dict[Triple, RankChange]:
        """Return how surely each of its facts is stated now, and when it is tried."""
        stated: dict[Triple, RankChange] = {}
        for fact in {fact for _, fact in (*self.gone, *self.come)}:
            staying = [
                rank for graph, rank in stated_by[fact].items() if (graph, fact) not in self.gone
            ]
            added = [rank for (_, own), rank in self.come.items() if own == fact]
            stated[fact] = RankChange(
                min(stated_by[fact].values(), default=None), min((*staying, *added), default=None)
            )
        return stated


def reading_changes(view: GraphView) -> dict[str, ReadingChange]:
    """Return what each reading of the open questions changes, by the IRI of the reading.

    The sets that take another reading of its question go, but for what is said in so many words. Of
    a set that readings of several questions take, only what this one leaves unsettled goes. Where a
    question leaves no property unsettled, and something that it is about is of no kind any more,
    all that was read of that thing goes too.
    """
    return dict(_Readings(view).all())


def stated_by(view: GraphView, facts: Collection[Triple]) -> StatedBy:
    """Return who states facts now, and how surely."""
    found = graphs_of(view.store, sorted(facts, key=str)) if facts else {}
    graphs = {graph for of_one in found.values() for graph in of_one if graph}
    ranks, inferences = dict[str, int](), set[str]()
    named = sorted(map(NamedNode, graphs), key=str)
    for graph, prop, value in view.queries.rows(
        "values", thing=named, property=[_CERTAINTY, _TYPE]
    ).rows:
        if prop == _CERTAINTY and (name := certainty_of(_iri(value))):
            ranks[_iri(graph)] = rank_of(name)
        elif value == _INFERENCE:
            inferences.add(_iri(graph))
    return {
        fact: {
            graph: ranks.get(graph, 0)
            for graph in of_one
            if graph and graph not in inferences and is_current(NamedNode(graph))
        }
        for fact, of_one in found.items()
    }


class _Readings:
    """The readings of a graph, with the sets that take or state them."""

    def __init__(self, view: GraphView) -> None:
        self._records = OpenQuestions.read(view.queries).records
        self._questions: dict[str, str] = {}
        self._taken: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self._stating: dict[str, dict[str, int]] = defaultdict(dict)
        for question, reading, relation, named_set, how in view.queries.rows(
            "sets_of_readings"
        ).rows:
            self._questions[_iri(reading)] = _iri(question)
            if (certainty := certainty_of(_iri(how))) == "":
                continue
            if relation == NamedNode(RN + "takenIn"):
                self._taken[_iri(question)][_iri(reading)].add(_iri(named_set))
            else:
                self._stating[_iri(reading)][_iri(named_set)] = rank_of(certainty)
        self._stated: dict[str, set[Triple]] = defaultdict(set)
        for named_set, *terms in view.queries.rows("facts_of_readings").rows:
            if (fact := _triple(*terms)) is not None:
                self._stated[_iri(named_set)].add(fact)
        self._facts: dict[str, dict[str, set[SetFact]]] = defaultdict(lambda: defaultdict(set))
        """By question and way (taken, subject, value): what is not said in so many words."""
        self._said: dict[str, set[SetFact]] = defaultdict(set)
        for question, way, *terms, graph, how in view.queries.rows("facts_in_question").rows:
            fact = _triple(*terms)
            if fact is None:
                continue
            if certainty_of(_iri(how)) == SUREST:
                self._said[_iri(question)].add((_iri(graph), fact))
            else:
                self._facts[_iri(question)][getattr(way, "value", "")].add((_iri(graph), fact))
        self._shared = self._taken_by_several()

    def all(self) -> Iterator[tuple[str, ReadingChange]]:
        """Yield each reading with what it changes."""
        for reading, question in self._questions.items():
            taken = self._taken.get(question, {})
            if reading in taken:
                yield reading, ReadingChange(question, is_taken=True)
                continue
            come = {
                (named_set, fact): rank
                for named_set, rank in self._stating.get(reading, {}).items()
                for fact in self._stated.get(named_set, ())
            }
            yield reading, ReadingChange(question, gone=self._gone(question), come=come)

    def _gone(self, question: str) -> frozenset[SetFact]:
        record, facts = self._records[question], self._facts[question]
        gone = {
            (graph, fact)
            for graph, fact in facts["taken"]
            if graph not in self._shared
            or not record.properties
            or fact.predicate in record.properties
        }
        if record.properties:
            return frozenset(gone)
        about = {*facts["subject"], *facts["value"]}
        vanished = self._vanished(record, about, gone)
        gone |= {(graph, fact) for graph, fact in about if vanished & {fact.subject, fact.object}}
        return frozenset(gone)

    def _vanished(
        self, record: OpenQuestionRecord, about: set[SetFact], gone: set[SetFact]
    ) -> set[object]:
        """Return the things of a question that no set says the kind of any more."""
        kinds = {it for it in about | self._said[record.iri] if it[1].predicate == _TYPE}
        return {
            thing
            for thing in record.about
            if (own := {it for it in kinds if it[1].subject == thing}) and own <= gone
        }

    def _taken_by_several(self) -> set[str]:
        questions: dict[str, set[str]] = defaultdict(set)
        for question, readings in self._taken.items():
            for sets in readings.values():
                for named_set in sets:
                    questions[named_set].add(question)
        return {named_set for named_set, by in questions.items() if len(by) > 1}


def _triple(subject: Term | None, prop: Term | None, value: Term | None) -> Triple | None:
    if not (isinstance(subject, NamedNode) and isinstance(prop, NamedNode)) or value is None:
        return None
    return Triple(subject, prop, value)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
