"""Why a fact holds: who says it, or which rules conclude it from which premises.

A concluded fact is explained by its premises in the graph of justifications, and these in the same
way, down to the documents. This takes a few queries for each level, on any store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from rallynov_graph.base.certainty import (
    CERTAINTIES,
    rank_of,
    surest,
    weakest,
)
from rallynov_graph.base.namespaces import ONTOLOGY, RN
from rallynov_graph.base.terms import Term
from rallynov_graph.questions.evidence_profile import CERTAINTY, DERIVED, STATED
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules import rulebook
from rallynov_graph.rules.justifications import (
    Justification,
    explanation_queries,
    justifying,
)
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.store import Store
from rallynov_graph.standing.periods import Period, Timeline

CURATION: Final = "curation"
OUTSIDE: Final = "outside"
_ASSERTED: Final = "assertion set"
_INFERENCE: Final = "inference"
KINDS: Final = {
    f"{RN}AssertionSet": _ASSERTED,
    f"{RN}CurationGraph": CURATION,
    f"{RN}OutsideGraph": OUTSIDE,
    f"{RN}Inference": _INFERENCE,
}
"""The kinds of graphs by their class; the ontology and graphs of no known class have others."""

_KINDS_OF_NODES: Final = {
    DERIVED: _INFERENCE,
    CURATION: CURATION,
    OUTSIDE: OUTSIDE,
    STATED: "graph",
}
"""The kinds of graphs by those of nodes in profiles."""


@dataclass(frozen=True)
class PassageSpan:
    """A place in a document, in code points; ``end`` is exclusive."""

    iri: str
    document: str
    start: int
    end: int


@dataclass(frozen=True)
class GraphEvidence:
    """A graph that holds a fact, and its description."""

    graph: str
    """Empty if the data hold the fact in no graph that has a name."""
    kind: str
    """assertion set, curation, outside, ontology, inference (of an unknown rule), or graph."""
    certainty: str | None = None
    voices: tuple[str, ...] = ()
    passages: tuple[PassageSpan, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    """Why the fact is not explicit, by language."""
    owed_to: tuple[str, ...] = ()
    """The source of outside facts, the authors of curation, who concluded what is not explicit."""
    holder: str = ""
    """What to name instead of the graph; empty for most."""


@dataclass(frozen=True)
class Chain:
    """A way in which a rule concludes a fact; it is as certain as its weakest premise."""

    rule: str
    labels: Mapping[str, str]
    """The rule's name, by language."""
    certainty: str
    premises: tuple[ExplainedFact, ...]

    @property
    def basis(self) -> str:
        """``curation`` or ``outside`` if no document states a premise; else the empty string."""
        return _basis(self.kinds)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of the graphs that hold its premises, at every level."""
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
    def triple(self) -> Triple:
        """The fact without its graph."""
        return Triple(self.subject, self.predicate, self.object)

    def all(self) -> Iterator[ExplainedFact]:
        """Yield it and everything that it is concluded from, at every level."""
        yield self
        for chain in self.chains:
            for premise in chain.premises:
                yield from premise.all()

    @property
    def holds(self) -> bool:
        return bool(self.evidence or self.chains)

    @property
    def certainty(self) -> str | None:
        """The strongest certainty; None if it is only curated, taken from outside, or absent."""
        found = [e.certainty for e in self.evidence if e.certainty]
        found += [chain.certainty for chain in self.chains]
        return surest(found)

    @property
    def kinds_of_own(self) -> frozenset[str]:
        """The kinds of the graphs that hold the fact itself."""
        return frozenset(e.kind for e in self.evidence)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of the graphs that hold it or its premises."""
        return self.kinds_of_own.union(*(chain.kinds for chain in self.chains))

    @property
    def basis(self) -> str:
        """``curation`` or ``outside`` if no document states it or a premise; else empty."""
        return "" if self.evidence else _basis(self.kinds)

    @property
    def rank(self) -> int:
        """Its rank as a premise; a fact of curation or of another source weakens nothing."""
        certainty = self.certainty
        if certainty is None or any(e.certainty is None for e in self.evidence):
            return 0
        return rank_of(certainty)


def explain(
    store: Store,
    fact: Triple,
    rules: Iterable[Rule] | None = None,
    pages: PageQueries | None = None,
) -> ExplainedFact:
    """Return a fact with its evidence and with each chain of facts that a rule concludes it from.

    If the graph does not hold the fact, both are empty and ``holds`` is false.
    """
    return explain_all(store, [fact], rules, pages)[fact]


def explain_all(
    store: Store,
    facts: Sequence[Triple],
    rules: Iterable[Rule] | None = None,
    pages: PageQueries | None = None,
) -> dict[Triple, ExplainedFact]:
    """Return each fact as ``explain`` does; shared premises are looked up once.

    The profile of ``pages`` says what states a fact, and how surely; ours by default.
    """
    by_iri = {rule.iri: rule for rule in (rulebook.shipped() if rules is None else rules)}
    explainer = _Explainer(store, by_iri, pages)
    explainer.gather(facts)
    return {fact: explainer.fact(fact, frozenset()) for fact in facts}


def described(store: Store, graphs: Iterable[str]) -> tuple[GraphEvidence, ...]:
    """Return graphs with their descriptions, the surest first."""
    explainer = _Explainer(store, {})
    return tuple(sorted(explainer.describe({*graphs}).values(), key=_order))


def periods(store: Store, fact: ExplainedFact) -> tuple[Period, ...]:
    """Return the periods in which documents state a fact, or its premises.

    A conclusion is dated by its current chains. There are no periods for statements of curators or
    of another source, whose start is unknown.
    """
    if fact.basis or fact.kinds_of_own - {_ASSERTED}:
        return ()
    timeline = Timeline(store, (it.triple for it in fact.all()))
    always = frozenset(range(len(timeline.documents)))

    def current(one: ExplainedFact) -> frozenset[int]:
        if one.kinds_of_own - {_ASSERTED}:
            return always
        chains = (always.intersection(*map(current, it.premises)) for it in one.chains)
        return timeline.current_at(one.triple).union(*chains)

    return timeline.periods(current(fact))


def values(store: Store, subject: NamedNode, predicate: NamedNode) -> list[Term]:
    rows = explanation_queries(store).rows("objects", subject=subject, property=predicate)
    return [term for row in rows if (term := row["object"]) is not None]


def bases(store: Store) -> dict[str, str]:
    """Return the basis of each shipped rule's conclusions, by the rule's IRI.

    The properties that a rule needs decide it, not each conclusion: if a document uses one of them,
    the conclusions are based on the document.
    """
    rules = [rule for rule in rulebook.shipped() if rule.needs is not None]
    needed = sorted(set().union(*(rule.needs or () for rule in rules)))
    kinds_of = {prop: _holders(store, NamedNode(prop)) for prop in needed}
    found: dict[str, set[str]] = {}
    changed = True
    while changed:
        before = found
        found = {rule.iri: set().union(*(kinds_of[p] for p in rule.needs or ())) for rule in rules}
        for rule in rules:
            head = getattr(rule.head.predicate, "value", "")
            if head in kinds_of:
                kinds_of[head] |= found[rule.iri]
        changed = found != before
    return {rule: _basis(kinds) for rule, kinds in found.items()}


def _holders(store: Store, prop: NamedNode) -> set[str]:
    """Return the kinds of graphs that use a property; only assertion sets if one does."""
    queries = explanation_queries(store)
    if queries.ask("is_asserted", property=prop):
        return {_ASSERTED}
    rows = queries.rows("holders", property=prop).rows
    return {KINDS[node.value] for (node,) in rows if isinstance(node, NamedNode)}


def _basis(kinds: Set[str]) -> str:
    """Return the basis of a conclusion from graphs of these kinds: curation or outside.

    It is the empty string if a document states a part of it, or if the basis is unknown.
    """
    if not kinds or kinds - {CURATION, OUTSIDE, "ontology"}:
        return ""
    return OUTSIDE if OUTSIDE in kinds else CURATION


class _Explainer:
    """Finds the premises of facts level by level, then builds the facts from them."""

    def __init__(
        self, store: Store, rules: Mapping[str, Rule], pages: PageQueries | None = None
    ) -> None:
        self._store, self._rules = store, rules
        self._pages = PageQueries(store) if pages is None else pages
        self._queries = explanation_queries(store)
        self._graphs_of: dict[Triple, list[str]] = {}
        self._graphs = {"": GraphEvidence("", "graph")}
        self._justified: dict[Triple, list[Justification]] = {}
        self._facts: dict[Triple, ExplainedFact] = {}
        self._chains_cut = 0

    def gather(self, facts: Iterable[Triple]) -> None:
        pending = [*facts]
        while pending:
            self._graphs_of |= self._stating(pending)
            self.describe({g for f in pending for g in self._graphs_of[f]} - self._graphs.keys())
            concluded: dict[str, list[Triple]] = {}
            for fact in pending:
                for rule in {self._rule_of(graph) for graph in self._graphs_of[fact]} - {None}:
                    assert rule is not None
                    concluded.setdefault(rule.iri, []).append(fact)
            found = [
                it
                for rule, own in sorted(concluded.items())
                for it in justifying(self._store, own, [self._rules[rule]])
            ]
            for it in found:
                self._justified.setdefault(it.conclusion, []).append(it)
            needed = dict.fromkeys(premise for it in found for premise in it.premises)
            pending = [fact for fact in needed if fact not in self._graphs_of]

    def _stating(self, facts: Sequence[Triple]) -> dict[Triple, list[str]]:
        nodes = self._pages.nodes_of(facts)
        return {it: nodes[it] or [""] if it in nodes else [] for it in facts}

    def _rule_of(self, graph: str) -> Rule | None:
        """Return the rule of an inference graph, None if it is unknown."""
        described = self._graphs[graph]
        if described.kind != _INFERENCE:
            return None
        return next((self._rules[iri] for iri in described.owed_to if iri in self._rules), None)

    def describe(self, graphs: Set[str]) -> dict[str, GraphEvidence]:
        """Return graphs with their descriptions by the profile, and remember them."""
        said = self._pages.said_of_nodes(sorted(graphs))
        named = {_iri(it) for parts in said.values() for it in parts.get("passage", ())}
        spans = self._spans(named)
        found = {graph: _described(graph, parts, spans) for graph, parts in said.items()}
        self._graphs |= found
        return found

    def _spans(self, passages: Set[str]) -> dict[str, PassageSpan]:
        rows = self._queries.rows("passages", passage=map(NamedNode, sorted(passages)))
        found = (
            PassageSpan(
                _iri(row["passage"]),
                _iri(row["document"]),
                _number(row["start"]),
                _number(row["end"]),
            )
            for row in rows
        )
        return {span.iri: span for span in found}

    def fact(self, triple: Triple, above: frozenset[Triple]) -> ExplainedFact:
        """Return a fact, without the chains that need one of the facts ``above`` it.

        A chain that leads back to its own fact is left out.
        """
        if triple in self._facts:
            return self._facts[triple]
        cut_before, path = self._chains_cut, above | {triple}
        chains = []
        for it in self._justified.get(triple, ()):
            if path.intersection(it.premises):
                self._chains_cut += 1
                continue
            facts = tuple(self.fact(premise, path) for premise in dict.fromkeys(it.premises))
            if all(fact.holds for fact in facts):
                weakest = CERTAINTIES[max(fact.rank for fact in facts)]
                chains.append(Chain(it.rule.iri, it.rule.labels, weakest, facts))
        evidence = (self._graphs[it] for it in self._graphs_of[triple] if self._rule_of(it) is None)
        fact = ExplainedFact(
            triple.subject,  # type: ignore[arg-type]
            triple.predicate,
            triple.object,
            tuple(sorted(evidence, key=_order)),
            tuple(sorted(chains, key=lambda chain: rank_of(chain.certainty))),
        )
        if cut_before == self._chains_cut:
            self._facts[triple] = fact
        return fact


def _described(
    graph: str, said: Mapping[str, Sequence[Term]], spans: Mapping[str, PassageSpan]
) -> GraphEvidence:
    """Return a graph, or another node, with what the profile says of it."""

    def iris(*parts: str) -> tuple[str, ...]:
        return tuple(sorted({_iri(it) for part in parts for it in said.get(part, ())} - {""}))

    def words(part: str) -> set[str]:
        return {it.value for it in said.get(part, ()) if isinstance(it, Literal)}

    sure, kinds = weakest(words(CERTAINTY).intersection(CERTAINTIES)), words("kind")
    own = _ASSERTED if sure else "ontology" if graph == ONTOLOGY else "graph"
    passages = (spans[it] for it in iris("passage") if it in spans)
    reasons = (it for it in said.get("reason", ()) if isinstance(it, Literal))
    holder = next(iter(iris("holder")), "")
    return GraphEvidence(
        graph=graph,
        kind=next((kind for it, kind in _KINDS_OF_NODES.items() if it in kinds), own),
        certainty=sure,
        voices=iris("voice"),
        passages=tuple(sorted(passages, key=lambda it: (it.document, it.start, it.end))),
        reasons=dict(sorted((it.language or "", it.value) for it in reasons)),
        owed_to=tuple(it for it in iris("source", "author") if it != holder),
        holder=holder,
    )


def _order(evidence: GraphEvidence) -> tuple[int, str, int, str]:
    first = evidence.passages[0] if evidence.passages else PassageSpan("", "", 0, 0)
    rank = rank_of(evidence.certainty) if evidence.certainty else -1
    return rank, first.document, first.start, evidence.graph


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _number(term: Term | None) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
