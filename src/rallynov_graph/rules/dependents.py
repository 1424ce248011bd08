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

from rallynov_graph.rules import chains, explanation, rulebook
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.store import Store

MOST: Final = 5000
"""So many conclusions are followed; where there are more, none is known to fall."""

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
        for conclusion, leading in self.chains.items():
            for premise in chain.from_iterable(leading):
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
        more = set(chains.uses(store, pending, known)) - seen
        seen |= more
        found |= more
        pending = [*more]
    if len(found) > MOST:
        return Dependents(whole=False)
    # A rule may conclude one of the facts themselves: that is another way to know them.
    ways = chains_to(store, sorted(found, key=str), known)
    return Dependents(ways, _asserted(store, [*ways], known))


def chains_to(
    store: Store, conclusions: Sequence[Triple], rules: Iterable[Rule]
) -> dict[Triple, set[frozenset[Triple]]]:
    """Return for each conclusion the premises of every way in which a rule concludes it."""
    found: dict[Triple, set[frozenset[Triple]]] = {fact: set() for fact in conclusions}
    for way in chains.ways(store, conclusions, rules):
        found[way.conclusion].add(frozenset(way.premises))
    return found


def _asserted(store: Store, facts: Sequence[Triple], rules: Iterable[Rule]) -> frozenset[Triple]:
    concluded = tuple(rule.graph("") for rule in rules)
    found: dict[Triple, list[str]] = {}
    for part in chains.in_parts(facts):
        found |= explanation.graphs_of(store, part)
    return frozenset(
        fact
        for fact, graphs in found.items()
        if any(graph and not graph.startswith(concluded) for graph in graphs)
    )
