"""What a claim rests on: who says it, or each chain of facts from which a rule concludes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Final

from pyoxigraph import Triple

from rallynov_graph.base.certainty import CERTAINTIES, SUREST, rank_of
from rallynov_graph.questions.labels import TYPE, Text, best_text
from rallynov_graph.rules import explanation
from rallynov_graph.rules.explanation import Chain, ExplainedFact
from rallynov_graph.site.model.nodes import GraphView
from rallynov_graph.site.model.statement import (
    SAID,
    Evidence,
    StatedTriple,
    Statement,
    evidence_of_graphs,
    shown,
)

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
    premises: tuple[ReasonedStatement, ...]


@dataclass(frozen=True, kw_only=True)
class ReasonedStatement(Statement):
    """A statement with all that it is concluded from."""

    ways: tuple[Way, ...]
    fact: ExplainedFact

    @cached_property
    def is_stated(self) -> bool:
        """Whether a document or somebody says it."""
        return any(it.kind in SAID for it in self.evidence)

    @cached_property
    def certainty(self) -> str:
        """How sure it is at best; empty where only curators or sources say it."""
        return self.fact.certainty or ""

    @cached_property
    def best(self) -> Evidence | None:
        """The surest piece of evidence of a document, where one says it."""
        return next((it for it in self.evidence if it.kind in SAID), None)

    def steps(self, depth: int = 0) -> Iterator[tuple[int, ReasonedStatement]]:
        """Yield the fact and all that it is concluded from, each with its depth."""
        yield depth, self
        for way in self.ways:
            for premise in way.premises:
                yield from premise.steps(depth + 1)


def reasoning(view: GraphView, claim: Triple) -> ReasonedStatement:
    """Return why a claim holds, down to the passages; where it does not, no reason is there."""
    fact = explanation.explain(view.store, claim, pages=view.queries)
    facts = {it.triple: it for it in fact.all()}
    known = evidence_of_graphs(
        view, (e.graph for it in facts.values() for e in it.evidence if e.graph)
    )
    evidence = {
        StatedTriple.of(triple): tuple(known[e.graph] for e in it.evidence if e.graph in known)
        for triple, it in facts.items()
    }
    return _reasoned(view, fact, shown(view, evidence))


def _reasoned(
    view: GraphView, fact: ExplainedFact, statements: Mapping[StatedTriple, Statement]
) -> ReasonedStatement:
    ways = (
        Way(
            _name(view, chain),
            chain.certainty,
            chain.basis,
            tuple(_reasoned(view, premise, statements) for premise in chain.premises),
        )
        for chain in fact.chains
    )
    it = statements[StatedTriple.of(fact.triple)]
    own = it.stated, it.subject, it.prop, it.value, it.label, it.evidence, it.address
    return ReasonedStatement(*own, ways=tuple(ways), fact=fact)


def rows(step: ReasonedStatement) -> Iterator[tuple[int | str, ...]]:
    """Yield the facts under the header, one row a piece of evidence."""
    for depth, it in step.steps():
        fact = it.subject.iri, it.prop.iri, it.value.iri or it.value.text
        for e in it.evidence:
            passages = " ".join(passage.iri for passage in e.passages)
            by = " ".join(who.iri for who in e.interpretation.by) if e.interpretation else ""
            at = e.interpretation.at if e.interpretation else ""
            yield (depth, *fact, e.certainty or e.kind, e.source.iri, passages, by, at)


@dataclass(frozen=True)
class Clue:
    """A rule that concludes a claim, and what its surest path to it rests on."""

    rule: Text | None
    """None where the claim is said itself."""
    chain: tuple[ReasonedStatement, ...]
    """The facts that nobody concludes, in the order in which the rules read them."""
    links: tuple[ReasonedStatement, ...]
    """Those of them that documents say, the weakest first; where none does, all."""

    @property
    def weakest(self) -> ReasonedStatement | None:
        """The link that decides how sure the claim is; None where all are said outright."""
        weakest = self.links[0]
        return None if weakest.certainty in ("", SUREST) else weakest


def clues(step: ReasonedStatement) -> list[Clue]:
    """Return what a claim rests on, once for each thing that links its two ends.

    The surest clue comes first, after the claim itself where it is said. So many there are as a
    matrix counts.
    """
    found: dict[frozenset[StatedTriple], Clue] = {}
    for way in step.ways:
        for path in _paths(way):
            links = _links(path)
            of_subject = frozenset(
                it.stated for it in links if step.fact.subject in (it.fact.subject, it.fact.object)
            )
            key = of_subject or frozenset(it.stated for it in links)
            if key not in found or _rank(links[0]) < _rank(found[key].links[0]):
                shown = (it for it in path if it in links or _is_added(it))
                found[key] = Clue(way.rule, tuple({it.stated: it for it in shown}.values()), links)
    concluded = sorted(found.values(), key=lambda it: _rank(it.links[0]))
    return [*([Clue(None, (step,), (step,))] if step.evidence else []), *concluded]


def _is_added(step: ReasonedStatement) -> bool:
    """Return whether curators or other sources add a fact; of which kind a thing is, is none."""
    return not step.is_stated and step.stated.path != TYPE


def _paths(way: Way) -> Iterator[tuple[ReasonedStatement, ...]]:
    """Yield the facts that a conclusion rests on, for each path to its premises."""
    for leaves in product(*map(_leaves, way.premises)):
        yield tuple(it for path in leaves for it in path)


def _leaves(step: ReasonedStatement) -> list[tuple[ReasonedStatement, ...]]:
    """Return the facts that nobody concludes and that a fact rests on, for each path to it.

    One path is enough where no document says any of it.
    """
    if step.evidence or not step.ways:
        return [(step,)]
    ways = step.ways if step.certainty else step.ways[:1]
    return [leaves for way in ways for leaves in _paths(way)]


def _links(steps: tuple[ReasonedStatement, ...]) -> tuple[ReasonedStatement, ...]:
    """Return what documents say of some facts, the weakest first.

    Where no document says any of it, what curators and sources say is returned. Of which sort a
    thing is goes without saying where something else is as weak.
    """
    found = {it.stated: it for it in steps}
    stated = [it for it in found.values() if it.is_stated] or [*found.values()]
    others = [it for it in stated if it.stated.path != TYPE]
    weak = max(map(_rank, others), default=-1)
    telling = [it for it in stated if it.stated.path != TYPE or _rank(it) > weak]
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


def _rank(step: ReasonedStatement) -> int:
    return rank_of(step.certainty or CERTAINTIES[0])


def _name(view: GraphView, chain: Chain) -> Text:
    names = [Text(name, language) for language, name in chain.labels.items()]
    return view.text(best_text(names, view.language) or Text(chain.rule))
