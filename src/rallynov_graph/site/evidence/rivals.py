"""The open questions that a claim depends on: their readings, and what becomes of it under each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.terms import Row, Term
from rallynov_graph.site.evidence.reasoning import EvidenceStep, certainty_without
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node
from rallynov_graph.site.model.open_question_marks import marks_of

MOST_AT_STAKE: Final = 2
"""So many other claims at stake are shown beside a claim; the question leads to all."""
HOLDS: Final = "holds"
FALLS: Final = "falls"


@dataclass(frozen=True)
class ReadingEffect:
    """A reading of a question, and what becomes of the claim under it."""

    node: Node
    is_taken: bool
    """Whether what the claim rests on takes it."""
    effect: str = ""
    """Holds or falls; empty where the graph does not say what depends on it."""
    certainty: str = ""
    """How sure the claim is under it, where it holds."""


@dataclass(frozen=True)
class RivalQuestion:
    """An open question that touches what a claim rests on."""

    node: Node
    href: str
    """Where its readings stand side by side, with all that hangs on it."""
    readings: tuple[ReadingEffect, ...]

    @property
    def decides(self) -> bool:
        """Whether the claim falls under one of its readings, or is then less or more sure."""
        effects = {(it.effect, it.certainty) for it in self.readings}
        return len(effects) > 1


@dataclass(frozen=True)
class AtStake:
    """Another claim that the same question leaves unsettled."""

    subject: Node
    property: Node
    object: Node
    evidence: Evidence
    note: str | None


@dataclass
class _Question:
    """What rows say of a question: its readings and the sets that take each."""

    taken: dict[Term, set[str]]
    touches: set[Triple]


@dataclass(frozen=True)
class Rivals:
    """The questions that a claim depends on, and what else is at stake beside each link of it."""

    questions: tuple[RivalQuestion, ...]
    at_stake: dict[Triple, tuple[AtStake, ...]]


def rivals(view: GraphView, claim: EvidenceStep, links: Sequence[EvidenceStep]) -> Rivals:
    """Return the questions that decide about a claim first, then those that touch it."""
    found = _by_sets(view, claim, links)
    _add_by_facts(view, found, links)
    nodes = view.nodes([*found, *(reading for it in found.values() for reading in it.taken)])
    iris = (it.value for it in found if isinstance(it, NamedNode))
    places = {iri: mark.href for iri, mark in marks_of(view, iris).items()}
    questions = [_rival(claim, nodes, places, term, it) for term, it in found.items()]
    questions.sort(key=lambda it: (not it.decides, it.node.text))
    return Rivals(tuple(questions), _at_stake(view, found, links))


def _by_sets(
    view: GraphView, claim: EvidenceStep, links: Sequence[EvidenceStep]
) -> dict[Term, _Question]:
    """Return the questions of which a reading is taken in a set that the claim rests on."""
    sets = {e.source.iri for _, step in claim.steps() for e in step.evidence}
    rows = view.queries.rows("questions_of_sets", set=map(NamedNode, sorted(sets)))
    found: dict[Term, _Question] = {}
    for row in rows:
        _put(found, row)
    for question in found.values():
        taken = set().union(*question.taken.values())
        question.touches |= {
            it.triple for it in links if taken & {e.source.iri for e in it.evidence}
        }
    return found


def _add_by_facts(
    view: GraphView, found: dict[Term, _Question], links: Sequence[EvidenceStep]
) -> None:
    """Add the questions about the things of a link that leave its property unsettled."""
    by_fact: dict[tuple[Term, Term], list[Triple]] = {}
    for link in links:
        for thing in (link.fact.subject, link.fact.object):
            if isinstance(thing, NamedNode):
                by_fact.setdefault((thing, link.fact.predicate), []).append(link.triple)
    things = [thing for thing, _ in by_fact if isinstance(thing, NamedNode)]
    properties = [prop for _, prop in by_fact if isinstance(prop, NamedNode)]
    for row in view.queries.rows("questions_of_facts", thing=things, property=properties):
        about, through = row["thing"], row["property"]
        triples = by_fact.get((about, through), ()) if about and through else ()
        if triples:
            _put(found, row).touches.update(triples)


def _put(found: dict[Term, _Question], row: Row) -> _Question:
    question, reading, taken = row["question"], row["reading"], row["taken"]
    assert question is not None and reading is not None
    it = found.setdefault(question, _Question({}, set()))
    sets = it.taken.setdefault(reading, set())
    if isinstance(taken, NamedNode):
        sets.add(taken.value)
    return it


def _rival(
    claim: EvidenceStep,
    nodes: dict[Term, Node],
    places: dict[str, str],
    term: Term,
    question: _Question,
) -> RivalQuestion:
    """Return a question with what becomes of the claim under each of its readings.

    Under a reading, the sets that take only other ones are not there.
    """
    every = frozenset[str]().union(*question.taken.values())
    support = {e.source.iri for _, step in claim.steps() for e in step.evidence}
    readings = []
    for reading, sets in question.taken.items():
        node, taken = nodes[reading], bool(sets & support)
        if not every & support:
            readings.append(ReadingEffect(node, bool(sets)))
            continue
        certainty = certainty_without(claim.fact, every - sets)
        effect = FALLS if certainty is None else HOLDS
        readings.append(ReadingEffect(node, taken, effect, certainty or ""))
    readings.sort(key=lambda it: not it.is_taken)
    node = nodes[term]
    return RivalQuestion(node, places.get(node.iri, node.href or ""), tuple(readings))


def _at_stake(
    view: GraphView, found: dict[Term, _Question], links: Sequence[EvidenceStep]
) -> dict[Triple, tuple[AtStake, ...]]:
    """Return what else documents say of the subject of each link that a question touches."""
    touched = {it.triple: it.fact.subject for it in links}
    wanted = {triple for question in found.values() for triple in question.touches}
    subjects = [s for t, s in touched.items() if t in wanted and isinstance(s, NamedNode)]
    questions = [it for it in found if isinstance(it, NamedNode)]
    rows = [*view.queries.rows("also_at_stake", question=questions, thing=subjects)]
    known = evidence_of_graphs(
        view, (g.value for row in rows if isinstance(g := row["graph"], NamedNode))
    )
    nodes = view.nodes(term for row in rows for term in _triple(view, row))
    made: dict[Triple, dict[Triple, AtStake]] = {}
    own = set(touched)
    for row in rows:
        subject, prop, value = row["thing"], row["property"], row["value"]
        graph = row["graph"]
        assert isinstance(subject, NamedNode) and isinstance(prop, NamedNode)
        assert value is not None and isinstance(graph, NamedNode)
        other = Triple(subject, prop, value)
        assert row["question"] is not None
        for triple in found[row["question"]].touches:
            if triple.subject == subject and triple.predicate != prop and other not in own:
                of_thing, of_property, of_value = (nodes[term] for term in _triple(view, row))
                note = view.note_address(subject.value, prop.value, value)
                evidence = known[graph.value]
                at_stake = AtStake(of_thing, of_property, of_value, evidence, note)
                made.setdefault(triple, {}).setdefault(other, at_stake)
    return {t: tuple(_surest(them.values())) for t, them in made.items()}


def _surest(them: Iterable[AtStake]) -> list[AtStake]:
    return sorted(them, key=lambda it: it.evidence.rank)[:MOST_AT_STAKE]


def _triple(view: GraphView, row: Row) -> tuple[Term, Term, Term]:
    subject, prop, value = row["thing"], row["property"], row["value"]
    assert subject is not None and isinstance(prop, NamedNode) and value is not None
    return subject, prop, in_carnet_language(view, prop.value, value)
