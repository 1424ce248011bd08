"""The chains between premises and conclusions: what rules make of facts, and from what they do."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Triple

from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.store import Store

_AT_ONCE: Final = 500
"""So many facts are asked for in one query."""


@dataclass(frozen=True)
class Way:
    """One way in which a rule leads from premises to a conclusion."""

    rule: Rule
    premises: tuple[Triple, ...]
    conclusion: Triple


def in_parts(facts: Sequence[Triple]) -> Iterator[Sequence[Triple]]:
    """Yield facts, as many together as one query is asked about."""
    return (facts[start : start + _AT_ONCE] for start in range(0, len(facts), _AT_ONCE))


def uses(store: Store, facts: Sequence[Triple], rules: Iterable[Rule]) -> Iterator[Triple]:
    """Yield what rules conclude in one step where one of some facts is a premise."""
    for rule in rules:
        for part in in_parts(facts):
            for query in rule.using(part):
                for row in store.select(query):
                    if (conclusion := rule.head.filled(row)) is not None:
                        yield conclusion


def ways(store: Store, conclusions: Sequence[Triple], rules: Iterable[Rule]) -> Iterator[Way]:
    """Yield each way in which rules conclude one of some facts."""
    wanted = {*conclusions}
    for rule in rules:
        own = [fact for fact in conclusions if fact.predicate == rule.head.predicate]
        for part in in_parts(own):
            for row in store.select(rule.explaining(part)):
                conclusion = rule.head.filled(row)
                premises = [pattern.filled(row) for pattern in rule.body]
                if conclusion in wanted and None not in premises:
                    yield Way(rule, tuple(filter(None, premises)), conclusion)
