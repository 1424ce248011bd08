"""How conclusions change when facts change, without running all rules again.

Everything that depends on a changed fact is followed once, with every chain of premises that leads
to it. Each conclusion is then as certain as the surest chain whose premises hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Store, Triple

from rallynov_graph.base.certainty import is_current
from rallynov_graph.base.namespaces import ID
from rallynov_graph.rules import inference
from rallynov_graph.rules.justifications import (
    NEVER,
    Justifications,
    followed,
    justifying,
    lower_ranks,
)
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.embedded import EmbeddedStore

MOST_IN_TRIALS: Final = 50_000
"""The maximum number of conclusions followed for all trials together; above it, none is known."""
_INFERENCE: Final = f"{ID}inference/"


class _RankedFacts:
    """The current facts that concern rules, with the certainty of each as stated and as concluded.

    They are in their graphs, with the descriptions that give these graphs a certainty, and once in
    the default graph, where premises are searched.
    """

    def __init__(self, quads: Iterable[Quad], rules: Sequence[Rule]) -> None:
        self._concerns = inference.concern(rules)
        self.quads = Store()
        self.store = EmbeddedStore(self.quads)
        self.quads.bulk_extend(
            it for quad in filter(self._matters, quads) for it in self._with_default(quad)
        )

    def _matters(self, quad: Quad) -> bool:
        return inference.tells_rank(quad) or self._is_fact(quad)

    def _is_fact(self, quad: Quad) -> bool:
        return is_current(quad.graph_name) and self._concerns(quad)

    def add(self, facts: Iterable[Triple]) -> None:
        """Add facts that may hold to the default graph, where premises are searched."""
        self.quads.extend(Quad(*fact) for fact in facts)

    def stated(self, fact: Triple) -> int:
        return self._rank(it for it in self._graphs(fact) if not _is_inference(it))

    def rank(self, fact: Triple) -> int:
        return self._rank(self._graphs(fact))

    def _graphs(self, fact: Triple) -> Iterator[NamedNode | BlankNode]:
        graphs = (quad.graph_name for quad in self._named(*fact))
        return (it for it in graphs if is_current(it))  # type: ignore[misc]

    def _rank(self, graphs: Iterable[object]) -> int:
        about = (self._named(graph, None, None) for graph in graphs)
        return min(map(inference.rank_of_graph, about), default=NEVER)

    def _named(self, *pattern: object) -> Iterator[Quad]:
        """Yield the statements of named graphs with a subject, a property, a value; None is any."""
        quads = self.quads.quads_for_pattern(*pattern)  # type: ignore[arg-type]
        return (quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph))

    def _with_default(self, quad: Quad) -> Iterator[Quad]:
        yield quad
        if self._is_fact(quad):
            yield Quad(*quad.triple)


@dataclass(frozen=True)
class RankChange:
    """The rank of a fact or a conclusion before and in a trial; None if it does not hold."""

    before: int | None
    after: int | None
    rests_on: frozenset[Triple] = frozenset()
    """Of what holds in the trial, the facts of the trial that it is or is concluded from."""


Trial = Mapping[Triple, RankChange]
"""The facts whose statement changes: how surely they are stated now and in the trial."""
Outcome = Mapping[Triple, RankChange]
"""The facts and conclusions that hold otherwise in a trial."""


def outcomes(
    quads: Iterable[Quad], rules: Sequence[Rule], trials: Sequence[Trial]
) -> list[Outcome] | None:
    """Return what changes in each trial; None if too much would have to be followed.

    The quads are a release's, conclusions included. The statements of all trials are followed
    together.
    """
    facts = _RankedFacts(quads, rules)
    changed = {fact for trial in trials for fact in trial}
    facts.add(changed)
    found = followed(facts.store, changed, rules, MOST_IN_TRIALS, facts.add)
    if found is None:
        return None
    graph = Justifications(justifying(facts.store, sorted(found, key=str), rules))
    stated, rank = cache(facts.stated), cache(facts.rank)
    return [_outcome(trial, graph, stated, rank) for trial in trials]


def _outcome(
    trial: Trial,
    graph: Justifications,
    stated: Callable[[Triple], int],
    rank: Callable[[Triple], int],
) -> Outcome:
    touched = graph.resting_on(trial)
    ways = [it for fact in touched for it in graph.of[fact]]
    now = {premise: rank(premise) for it in ways for premise in it.premises}
    now |= {fact: stated(fact) for fact in touched}
    now |= {fact: _rank(change.after) for fact, change in trial.items()}
    lower_ranks(ways, now)

    def before(fact: Triple) -> int:
        return min(rank(fact), _rank(trial[fact].before)) if fact in trial else rank(fact)

    return {
        fact: RankChange(_known(before(fact)), _known(now[fact]), _grounds(fact, trial, graph, now))
        for fact in touched.union(trial)
        if before(fact) != now[fact]
    }


def _grounds(
    fact: Triple, trial: Trial, graph: Justifications, ranks: Mapping[Triple, int]
) -> frozenset[Triple]:
    """Return the facts of a trial with which the surest chains begin."""
    found, seen, pending = set[Triple](), {fact}, [fact]
    resting = graph.resting_on(trial)

    def order(premises: frozenset[Triple]) -> tuple[int, list[str]]:
        return max(ranks[it] for it in premises), sorted(map(str, premises))

    while pending:
        one = pending.pop()
        if one not in ranks or ranks[one] == NEVER:
            continue
        if one in trial and _rank(trial[one].after) == ranks[one]:
            found.add(one)
        elif one in resting:
            premises = min((frozenset(it.premises) for it in graph.of[one]), key=order)
            pending += premises - seen
            seen |= premises
    return frozenset(found)


def _is_inference(graph: object) -> bool:
    return isinstance(graph, NamedNode) and graph.value.startswith(_INFERENCE)


def _known(rank: int) -> int | None:
    return None if rank == NEVER else rank


def _rank(known: int | None) -> int:
    return NEVER if known is None else known
