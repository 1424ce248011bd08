"""The page that says why a fact holds: who says it, or each chain of facts that a rule used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from rallynov_graph.base.terms import Term
from rallynov_graph.questions.labels import Text, best_text
from rallynov_graph.questions.page_queries import readable
from rallynov_graph.rules import evidence_tree as evidence
from rallynov_graph.rules import explanation
from rallynov_graph.site.model.evidence import Evidence, evidence_of_graphs
from rallynov_graph.site.model.nodes import GraphView, Node


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


@dataclass(frozen=True)
class WhyPage:
    """A fact that the graph holds, or that it does not."""

    fact: EvidenceStep
    holds: bool
    query: str
    """For the graphs of every fact that the page shows."""
    triples: tuple[Triple, ...]
    """The fact, and all that it is concluded from."""

    def steps(self) -> Iterator[tuple[int, EvidenceStep]]:
        """Yield the fact and all that it is concluded from, each with its depth."""
        return _steps(self.fact, 0)

    def passages(self) -> Iterator[Node]:
        """Yield the passages that say any of it."""
        for _, step in self.steps():
            for it in step.evidence:
                yield from it.passages


HEADER: Final = ("depth", "subject", "property", "object", "certainty", "source", "passages")
"""What a file says of each fact and each piece of evidence."""


def rows(page: WhyPage) -> Iterator[tuple[int | str, ...]]:
    """Yield the facts under the header, one row a piece of evidence."""
    for depth, step in page.steps():
        fact = step.subject.iri, step.property.iri, step.object.iri or step.object.text
        for e in step.evidence:
            passages = " ".join(passage.iri for passage in e.passages)
            yield (depth, *fact, e.certainty or e.kind, e.source.iri, passages)


def _steps(step: EvidenceStep, depth: int) -> Iterator[tuple[int, EvidenceStep]]:
    yield depth, step
    for way in step.ways:
        for premise in way.premises:
            yield from _steps(premise, depth + 1)


def why_page(view: GraphView, subject: NamedNode, prop: NamedNode, value: NamedNode) -> WhyPage:
    """Return why a fact holds, down to the passages; where it does not, no reason is there."""
    fact = explanation.explain(view.store, Triple(subject, prop, value))
    facts = [*_facts(fact)]
    nodes = view.nodes(term for f in facts for term in (f.subject, f.predicate, f.object))
    said = evidence_of_graphs(view, (e.graph for f in facts for e in f.evidence if e.graph))
    shown = {Triple(f.subject, f.predicate, f.object): None for f in facts}
    query = readable(explanation.query_for_graphs(view.store, shown))
    return WhyPage(_step(view, fact, nodes, said), fact.holds, query, tuple(shown))


def _facts(fact: evidence.ExplainedFact) -> Iterator[evidence.ExplainedFact]:
    yield fact
    for chain in fact.chains:
        for premise in chain.premises:
            yield from _facts(premise)


def _step(
    view: GraphView,
    fact: evidence.ExplainedFact,
    nodes: dict[Term, Node],
    said: dict[str, Evidence],
) -> EvidenceStep:
    return EvidenceStep(
        nodes[fact.subject],
        nodes[fact.predicate],
        nodes[fact.object],
        tuple(said[e.graph] for e in fact.evidence if e.graph in said),
        tuple(
            Way(
                _name(view, chain),
                chain.certainty,
                chain.basis,
                tuple(_step(view, premise, nodes, said) for premise in chain.premises),
            )
            for chain in fact.chains
        ),
    )


def _name(view: GraphView, chain: evidence.Chain) -> Text:
    names = [Text(name, language) for language, name in chain.labels.items()]
    return view.text(best_text(names, view.language) or Text(chain.rule))
