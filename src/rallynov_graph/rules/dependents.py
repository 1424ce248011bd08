"""What hangs on facts: the conclusions that rest on them, and those that fall without them.

The rules are followed forward from the facts; then each conclusion is explained, so that one that
another chain of premises also leads to does not fall.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Final

from pyoxigraph import Triple

from rallynov_graph.rules import explanation, rulebook
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.store import Store

MOST: Final = 5000
"""So many conclusions are followed; where there are more, none is known to fall."""
_AT_ONCE: Final = 500
"""So many facts are asked for in one query."""

Chains = Mapping[Triple, Collection[frozenset[Triple]]]
"""The premises from which rules conclude a fact, once for each way to conclude it."""


@dataclass(frozen=True)
class Dependents:
    """The conclusions around some facts, each with all the chains that lead to it."""

    chains: Chains = field(default_factory=dict)
    asserted: frozenset[Triple] = frozenset()
    """The conclusions that some graph also states without a rule."""
    whole: bool = True
    """Whether all conclusions were followed."""

    @cached_property
    def _uses(self) -> Mapping[Triple, Collection[Triple]]:
        """The conclusions that some chain leads to from a premise."""
        found: dict[Triple, dict[Triple, None]] = {}
        for conclusion, chains in self.chains.items():
            for premise in chain.from_iterable(chains):
                found.setdefault(premise, {})[conclusion] = None
        return found

    def resting_on(self, facts: Iterable[Triple]) -> frozenset[Triple]:
        """Return the conclusions that some chain leads to from one of these facts."""
        found: set[Triple] = set()
        pending = [*facts]
        while pending:
            more = {new for fact in pending for new in self._uses.get(fact, ())} - found
            found |= more
            pending = [*more]
        return frozenset(found)

    def falling_without(self, facts: Iterable[Triple]) -> frozenset[Triple]:
        """Return the conclusions that no chain leads to once these facts are taken away."""
        gone = frozenset(facts)
        resting = self.resting_on(gone)
        doubtful = set(resting - self.asserted)
        while standing := {
            conclusion
            for conclusion in doubtful
            if any(not premises & (gone | doubtful) for premises in self.chains[conclusion])
        }:
            doubtful -= standing
        return frozenset(doubtful)


def dependents(
    store: Store, facts: Collection[Triple], rules: Sequence[Rule] | None = None
) -> Dependents:
    """Return what the rules conclude from facts, directly or through other conclusions."""
    known = rulebook.load() if rules is None else rules
    seen, found = set(facts), set[Triple]()
    pending = [*seen]
    while pending and len(found) <= MOST:
        more = {
            conclusion
            for rule in known
            for start in range(0, len(pending), _AT_ONCE)
            for query in rule.using(pending[start : start + _AT_ONCE])
            for row in store.select(query)
            if (conclusion := rule.head.filled(row)) is not None
        } - seen
        seen |= more
        found |= more
        pending = [*more]
    if len(found) > MOST:
        return Dependents(whole=False)
    # A rule may conclude one of the facts themselves: that is another way to know them.
    chains = _chains(store, sorted(found, key=str), known)
    return Dependents(chains, _asserted(store, chains, known))


def _chains(
    store: Store, conclusions: Sequence[Triple], rules: Iterable[Rule]
) -> dict[Triple, set[frozenset[Triple]]]:
    found: dict[Triple, set[frozenset[Triple]]] = {fact: set() for fact in conclusions}
    for rule in rules:
        own = [fact for fact in conclusions if fact.predicate == rule.head.predicate]
        for start in range(0, len(own), _AT_ONCE):
            for row in store.select(rule.explaining(own[start : start + _AT_ONCE])):
                conclusion = rule.head.filled(row)
                premises = [pattern.filled(row) for pattern in rule.body]
                if conclusion in found and None not in premises:
                    found[conclusion].add(frozenset(fact for fact in premises if fact is not None))
    return found


def _asserted(store: Store, chains: Chains, rules: Iterable[Rule]) -> frozenset[Triple]:
    concluded = tuple(rule.graph("") for rule in rules)
    found: dict[Triple, list[str]] = {}
    conclusions = [*chains]
    for start in range(0, len(conclusions), _AT_ONCE):
        found |= explanation.graphs_of(store, conclusions[start : start + _AT_ONCE])
    return frozenset(
        fact
        for fact, graphs in found.items()
        if any(graph and not graph.startswith(concluded) for graph in graphs)
    )
