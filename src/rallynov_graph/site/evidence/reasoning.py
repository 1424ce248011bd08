"""What a claim rests on: who says it, or each chain of facts from which a rule concludes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

from pyoxigraph import Triple

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import TYPE, Text, best_text
from rallynov_graph.rules import explanation
from rallynov_graph.rules.explanation import Chain, ExplainedFact
from rallynov_graph.site.model.as_printed import in_carnet_language
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node

HEADER: Final = (
    "depth",
    "subject",
    "property",
    "object",
    "certainty",
    "source",
    "passages",
    "concluded_by",
    "concluded_at",
)
"""What a file says of each fact and each piece of evidence."""


@dataclass(frozen=True)
class Way:
    """A rule that concludes a fact, and the facts that it concludes it from."""

    rule: Text
    certainty: str
    basis: str
    """What it rests on where no document says any of it: curation or outside."""
    premises: tuple[EvidenceStep, ...]


@dataclass(frozen=True)
class EvidenceStep:
    """A fact with all there is for it, the surest first."""

    subject: Node
    property: Node
    object: Node
    evidence: tuple[Evidence, ...]
    ways: tuple[Way, ...]
    fact: ExplainedFact

    @cached_property
    def is_stated(self) -> bool:
        """Whether a document says it."""
        return any(it.kind in CERTAINTIES for it in self.evidence)

    @cached_property
    def certainty(self) -> str:
        """How sure it is at best; empty where only curators or sources say it."""
        return self.fact.certainty or ""

    @cached_property
    def best(self) -> Evidence | None:
        """The surest piece of evidence of a document, where one says it."""
        return next((it for it in self.evidence if it.kind in CERTAINTIES), None)

    @cached_property
    def triple(self) -> Triple:
        """The claim itself."""
        return Triple(self.fact.subject, self.fact.predicate, self.fact.object)

    def steps(self, depth: int = 0) -> Iterator[tuple[int, EvidenceStep]]:
        """Yield the fact and all that it is concluded from, each with its depth."""
        yield depth, self
        for way in self.ways:
            for premise in way.premises:
                yield from premise.steps(depth + 1)


def reasoning(view: GraphView, claim: Triple) -> EvidenceStep:
    """Return why a claim holds, down to the passages; where it does not, no reason is there."""
    fact = explanation.explain(view.store, claim)
    facts = [*_facts(fact)]
    terms = (
        (f.subject, f.predicate, in_carnet_language(view, f.predicate.value, f.object))
        for f in facts
    )
    nodes = view.nodes(term for them in terms for term in them)
    known = evidence_of_graphs(view, (e.graph for f in facts for e in f.evidence if e.graph))
    return _step(view, fact, nodes, known)


def rows(step: EvidenceStep) -> Iterator[tuple[int | str, ...]]:
    """Yield the facts under the header, one row a piece of evidence."""
    for depth, it in step.steps():
        fact = it.subject.iri, it.property.iri, it.object.iri or it.object.text
        for e in it.evidence:
            passages = " ".join(passage.iri for passage in e.passages)
            by = " ".join(who.iri for who in e.interpretation.by) if e.interpretation else ""
            at = e.interpretation.at if e.interpretation else ""
            yield (depth, *fact, e.certainty or e.kind, e.source.iri, passages, by, at)


def clues(step: EvidenceStep) -> list[tuple[Text, tuple[EvidenceStep, ...]]]:
    """Return what a concluded claim rests on, once for each thing that links its two ends.

    Each has the rule that concludes it, and what documents say of all that its surest path rests
    on; the surest clue comes first. So many there are as a matrix counts.
    """
    found: dict[frozenset[Triple], tuple[Text, tuple[EvidenceStep, ...]]] = {}
    for way in step.ways:
        for path in _paths(way):
            told = _links(path)
            of_subject = frozenset(
                it.triple for it in told if step.fact.subject in (it.fact.subject, it.fact.object)
            )
            key = of_subject or frozenset(it.triple for it in told)
            if key not in found or _rank(told[0]) < _rank(found[key][1][0]):
                found[key] = way.rule, told
    return sorted(found.values(), key=lambda it: _rank(it[1][0]))


def _paths(way: Way) -> Iterator[tuple[EvidenceStep, ...]]:
    """Yield the facts that a conclusion rests on, for each path to its premises."""
    for leaves in product(*map(_leaves, way.premises)):
        yield tuple(it for path in leaves for it in path)


def _leaves(step: EvidenceStep) -> list[tuple[EvidenceStep, ...]]:
    """Return the facts that nobody concludes and that a fact rests on, for each path to it.

    One path is enough where no document says any of it.
    """
    if step.evidence or not step.ways:
        return [(step,)]
    ways = step.ways if step.certainty else step.ways[:1]
    return [leaves for way in ways for leaves in _paths(way)]


def _links(steps: tuple[EvidenceStep, ...]) -> tuple[EvidenceStep, ...]:
    """Return what documents say of some facts, the weakest first.

    Where no document says any of it, what curators and sources say is returned. Of which sort a
    thing is goes without saying where something else is as weak.
    """
    found = {it.triple: it for it in steps}
    stated = [it for it in found.values() if it.is_stated] or [*found.values()]
    others = [it for it in stated if it.property.iri != TYPE]
    weak = max(map(_rank, others), default=-1)
    telling = [it for it in stated if it.property.iri != TYPE or _rank(it) > weak]
    return tuple(sorted(telling, key=lambda it: -_rank(it)))


def certainty_without(fact: ExplainedFact, graphs: frozenset[str]) -> str | None:
    """Return how sure a fact would be if some graphs were not there; None where it would not hold.

    What only curators or sources say is as sure as what is said outright.
    """
    ranks = [
        rank_of(it.certainty) if it.certainty else 0
        for it in fact.evidence
        if it.graph not in graphs
    ]
    for chain in fact.chains:
        premises = [certainty_without(premise, graphs) for premise in chain.premises]
        if None not in premises:
            ranks.append(max((rank_of(it) for it in premises if it), default=0))
    return CERTAINTIES[min(ranks)] if ranks else None


def _rank(step: EvidenceStep) -> int:
    return rank_of(step.certainty or CERTAINTIES[0])


def _facts(fact: ExplainedFact) -> Iterator[ExplainedFact]:
    yield fact
    for chain in fact.chains:
        for premise in chain.premises:
            yield from _facts(premise)


def _step(
    view: GraphView, fact: ExplainedFact, nodes: dict[Term, Node], known: dict[str, Evidence]
) -> EvidenceStep:
    return EvidenceStep(
        nodes[fact.subject],
        nodes[fact.predicate],
        nodes[in_carnet_language(view, fact.predicate.value, fact.object)],
        tuple(known[e.graph] for e in fact.evidence if e.graph in known),
        tuple(
            Way(
                _name(view, chain),
                chain.certainty,
                chain.basis,
                tuple(_step(view, premise, nodes, known) for premise in chain.premises),
            )
            for chain in fact.chains
        ),
        fact,
    )


def _name(view: GraphView, chain: Chain) -> Text:
    names = [Text(name, language) for language, name in chain.labels.items()]
    return view.text(best_text(names, view.language) or Text(chain.rule))
