"""What rules conclude from facts that a process holds, kept true through changes.

A change concerns the facts that come and go, and all that rules lead to from these, whether from
the facts before it or after it. Only that is concluded anew: from all chains of premises that lead
to it, as sure as the least sure premise of the surest chain. A fact of which each chain begins at
the fact itself is not concluded, so that conclusions do not hold each other up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.base.standings import is_current
from rallynov_graph.rules import chains, descriptions, graph_ranks, inference
from rallynov_graph.rules.chains import Way
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.embedded import EmbeddedStore

MOST: Final = 5_000
"""A change that concerns more facts is made by running all rules anew."""
Changed = tuple[set[Quad], set[Quad]]
"""The conclusions that go, and those that come."""
_NEVER: Final = len(CERTAINTIES)
"""The rank of what is neither asserted nor concluded."""


class HeldConclusions:
    """The conclusions of rules, as ``inference.derive`` returns them, from facts that may change.

    The store has the asserted facts that concern the rules in their graphs, with what says how sure
    these graphs are; its default graph has each current one once, and each conclusion.
    """

    def __init__(self, asserted: Iterable[Quad], rules: Sequence[Rule]) -> None:
        """Run the rules; raise RuleError as ``inference.derive`` does. The facts are read twice."""
        self._rules, self._concerns = rules, inference.concern(rules)
        self._ranks: dict[object, int] = {}
        self._graphs_by_property: dict[object, list[NamedNode]] = defaultdict(list)
        for rule in rules:
            for rank, certainty in enumerate(CERTAINTIES):
                graph = NamedNode(rule.graph(certainty))
                self._ranks[graph] = rank
                self._graphs_by_property[rule.head.predicate].append(graph)
        self._concluded = set(_without_descriptions(inference.derive(asserted, rules)))
        self._sizes = Counter(quad.graph_name for quad in self._concluded)
        self._oxigraph = Store()
        kept = [quad for quad in asserted if self._matters(quad)]
        facts = chain(self._facts(kept), (quad.triple for quad in self._concluded))
        self._oxigraph.bulk_extend(chain(kept, (Quad(*fact) for fact in facts)))
        self._store = EmbeddedStore(self._oxigraph)

    def all(self) -> Set[Quad]:
        """Return all conclusions, with the description of their graphs."""
        return self._concluded | self._described()

    def change(self, gone: Sequence[Quad], come: Sequence[Quad]) -> Changed | None:
        """Return which conclusions go and come as asserted facts do.

        None where so much is concerned that the rules are to be run anew; then this is of no more
        use.
        """
        changed = self._changed_facts(gone, come)
        if any(isinstance(term, BlankNode) for fact in changed for term in fact):
            return None  # a query cannot name it
        concerned = self._concerned(changed)
        if concerned is None:
            return None
        described = self._described()
        before = {quad for fact in concerned for quad in self._conclusions_of(fact)}
        after = set(self._concluded_anew(concerned))
        self._concluded -= before
        self._concluded |= after
        self._sizes.subtract(quad.graph_name for quad in before)
        self._sizes.update(quad.graph_name for quad in after)
        now = self._described()
        return (before - after) | (described - now), (after - before) | (now - described)

    def _matters(self, quad: Quad) -> bool:
        return graph_ranks.is_of_rank(quad) or self._is_fact(quad)

    def _is_fact(self, quad: Quad) -> bool:
        return is_current(quad.graph_name) and self._concerns(quad)

    def _facts(self, quads: Iterable[Quad]) -> set[Triple]:
        return {quad.triple for quad in quads if self._is_fact(quad)}

    def _changed_facts(self, gone: Sequence[Quad], come: Sequence[Quad]) -> list[Triple]:
        """Return the facts that are asserted otherwise after a change, as surely or at all.

        The store has them then, those that are gone included.
        """
        graphs = {quad.subject for quad in chain(gone, come) if graph_ranks.is_of_rank(quad)}
        in_graphs = (self._oxigraph.quads_for_pattern(None, None, None, it) for it in graphs)  # type: ignore[arg-type]
        facts = self._facts(chain(gone, come, *in_graphs))
        before = {fact: self._rank_as_asserted(fact) for fact in facts}
        for quad in filter(self._matters, gone):
            self._oxigraph.remove(quad)
        self._oxigraph.extend(filter(self._matters, come))
        self._oxigraph.extend(Quad(*fact) for fact in facts)
        return [fact for fact, rank in before.items() if self._rank_as_asserted(fact) != rank]

    def _concerned(self, facts: Sequence[Triple]) -> set[Triple] | None:
        """Return some facts and what rules lead to from them, all in the store; None for many."""
        found, waiting = {*facts}, facts
        while waiting and len(found) <= MOST:
            waiting = [*(set(chains.uses(self._store, waiting, self._rules)) - found)]
            self._oxigraph.extend(Quad(*fact) for fact in waiting)
            found.update(waiting)
        return found if len(found) <= MOST else None

    def _concluded_anew(self, facts: Set[Triple]) -> Iterator[Quad]:
        """Yield the conclusions among facts that may be ones; what is no fact leaves the store."""
        asserted = {fact: self._rank_as_asserted(fact) for fact in facts}
        ways = [*chains.ways(self._store, [*facts], self._rules)]
        premises = {premise for way in ways for premise in way.premises}
        ranks = {fact: self._rank(fact) for fact in premises - facts} | asserted
        for (rule, fact), rank in _concluded_ranks(ways, ranks).items():
            if rank < asserted[fact]:
                yield _quad(fact, NamedNode(rule.graph(CERTAINTIES[rank])))
        for fact in facts:
            if ranks[fact] == _NEVER:
                self._oxigraph.remove(Quad(*fact))

    def _rank_as_asserted(self, fact: Triple) -> int:
        graphs = (quad.graph_name for quad in self._asserted(*fact))
        return min(map(self._rank_of_graph, filter(is_current, graphs)), default=_NEVER)

    def _rank_of_graph(self, graph: object) -> int:
        return graph_ranks.rank(self._asserted(graph, None, None))

    def _rank(self, fact: Triple) -> int:
        """Return how sure a fact is that the change does not concern."""
        concluded = (self._ranks[quad.graph_name] for quad in self._conclusions_of(fact))
        return min(self._rank_as_asserted(fact), *concluded, _NEVER)

    def _asserted(self, *pattern: object) -> Iterator[Quad]:
        """Yield the asserted statements with a subject, a predicate and an object; None is any."""
        quads = self._oxigraph.quads_for_pattern(*pattern)  # type: ignore[arg-type]
        return (quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph))

    def _conclusions_of(self, fact: Triple) -> Iterator[Quad]:
        """Yield a fact in the graph of each rule that concluded it."""
        quads = (_quad(fact, graph) for graph in self._graphs_by_property[fact.predicate])
        return (quad for quad in quads if quad in self._concluded)

    def _described(self) -> set[Quad]:
        graphs = (
            (rule, certainty)
            for rule in self._rules
            for certainty in CERTAINTIES
            if self._sizes[NamedNode(rule.graph(certainty))]
        )
        return set(descriptions.described(graphs))


def _quad(fact: Triple, graph: NamedNode) -> Quad:
    return Quad(fact.subject, fact.predicate, fact.object, graph)


def _without_descriptions(quads: Iterable[Quad]) -> Iterator[Quad]:
    return (quad for quad in quads if quad.graph_name != descriptions.DESCRIPTIONS)


def _concluded_ranks(
    ways: Sequence[Way], ranks: dict[Triple, int]
) -> dict[tuple[Rule, Triple], int]:
    """Return the rank of what each rule concludes; those of all facts are then what they are.

    A conclusion may be the premise of another one: ranks are followed until none gets lower.
    """
    found: dict[tuple[Rule, Triple], int] = {}
    is_settled = False
    while not is_settled:
        is_settled = True
        for way in ways:
            rank = max(ranks[premise] for premise in way.premises)
            if rank < found.get((way.rule, way.conclusion), _NEVER):
                found[way.rule, way.conclusion] = rank
                ranks[way.conclusion] = min(rank, ranks[way.conclusion])
                is_settled = False
    return found
