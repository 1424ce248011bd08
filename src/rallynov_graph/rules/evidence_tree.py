"""A fact and its evidence: who says it where, and from which facts a rule concludes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import BlankNode, NamedNode

from rallynov_graph.base.certainty import rank_of, surest
from rallynov_graph.base.terms import Term
from rallynov_graph.rules.premises import basis_of_kinds


@dataclass(frozen=True)
class PassageSpan:
    """A place in a document: from a code point on, up to the one before ``end``."""

    iri: str
    document: str
    start: int
    end: int


@dataclass(frozen=True)
class GraphEvidence:
    """A graph that holds a fact, and its description."""

    graph: str
    """Empty where the data hold the fact in no graph that has a name."""
    kind: str
    """assertion set, curation, outside, ontology, inference (of an unknown rule), or graph."""
    certainty: str | None = None
    voices: tuple[str, ...] = ()
    passages: tuple[PassageSpan, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why the fact is not explicit, by language."""
    owed_to: tuple[str, ...] = ()
    """The source of outside facts, the authors of curation, who concluded what is not explicit."""


@dataclass(frozen=True)
class Chain:
    """A way in which a rule concludes a fact; it is as certain as the weakest premise."""

    rule: str
    labels: Mapping[str, str]
    """The rule's name, by language."""
    certainty: str
    premises: "tuple[ExplainedFact, ...]"

    @property
    def basis(self) -> str:
        """``curation`` or ``outside`` where no document says any premise; else the empty string."""
        return basis_of_kinds(self.kinds)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of the graphs that hold its premises, down to the last."""
        return frozenset().union(*(premise.kinds for premise in self.premises))


@dataclass(frozen=True)
class ExplainedFact:
    """A fact and all its evidence, the surest first."""

    subject: NamedNode | BlankNode
    predicate: NamedNode
    object: Term
    evidence: tuple[GraphEvidence, ...] = ()
    chains: tuple[Chain, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether the graph holds it."""
        return bool(self.evidence or self.chains)

    @property
    def certainty(self) -> str | None:
        """The strongest certainty; None where it is only curated, taken from outside, or absent."""
        found = [e.certainty for e in self.evidence if e.certainty]
        found += [chain.certainty for chain in self.chains]
        return surest(found)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of the graphs that hold it or what it is concluded from."""
        own = frozenset(e.kind for e in self.evidence)
        return own.union(*(chain.kinds for chain in self.chains))

    @property
    def basis(self) -> str:
        """``curation`` or ``outside`` where it is concluded from no document; else empty."""
        return "" if self.evidence else basis_of_kinds(self.kinds)

    @property
    def rank(self) -> int:
        """Its weakness as a premise; a fact of curation or of another source weakens nothing."""
        certainty = self.certainty
        if certainty is None or any(e.certainty is None for e in self.evidence):
            return 0
        return rank_of(certainty)
