"""Which conclusions follow from which premises by which rule: one graph, searched both ways.

Each edge is a solution of a rule's body. Facts that hold without a rule are those that other graphs
state.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Triple

from rallynov_graph.base.certainty import CERTAINTIES
from rallynov_graph.questions import catalogue
from rallynov_graph.questions.page_queries import PageQueries
from rallynov_graph.rules import rulebook
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.store import Store

MOST: Final = 5000
"""The maximum number of conclusions followed from facts; above it, none is known to fall."""
NEVER: Final = len(CERTAINTIES)
"""The rank of a fact that does not hold."""
_AT_ONCE: Final = 500
"""So many facts are asked for in one query."""
_ROWS: Final = "VALUES (?subject ?property ?object) { }"
_FACT: Final = ("subject", "property", "object")


@dataclass(frozen=True)
class Justification:
    """One way in which a rule leads from premises to a conclusion."""

    rule: Rule
    premises: tuple[Triple, ...]
    """A fact for each pattern of the rule."""
    conclusion: Triple


class Justifications:
    """Conclusions, each with every way in which rules conclude it in one step."""

    def __init__(
        self,
        found: Iterable[Justification] = (),
        *,
        asserted: Collection[Triple] = (),
        whole: bool = True,
    ) -> None:
        """Take the edges, the conclusions that hold without a rule, and whether all were found."""
        self.of: dict[Triple, list[Justification]] = {}
        for it in found:
            self.of.setdefault(it.conclusion, []).append(it)
        self.asserted, self.whole = frozenset(asserted), whole

    @cached_property
    def _uses(self) -> Mapping[Triple, Collection[Triple]]:
        found: dict[Triple, dict[Triple, None]] = {}
        for conclusion, every in self.of.items():
            for it in every:
                for premise in it.premises:
                    found.setdefault(premise, {})[conclusion] = None
        return found

    def resting_on(self, facts: Iterable[Triple]) -> frozenset[Triple]:
        """Return the conclusions that some chain of rules derives from one of these facts."""
        found: set[Triple] = set()
        pending = [*facts]
        while pending:
            more = {new for fact in pending for new in self._uses.get(fact, ())} - found
            found |= more
            pending = [*more]
        return frozenset(found)

    def falling_without(self, facts: Iterable[Triple]) -> frozenset[Triple]:
        """Return the conclusions that no chain supports once these facts are removed."""
        gone = frozenset(facts)
        doubtful = self.resting_on(gone) - self.asserted
        ways = [it for fact in doubtful for it in self.of[fact]]
        ranks = dict.fromkeys((premise for it in ways for premise in it.premises), 0)
        ranks |= dict.fromkeys(gone | doubtful, NEVER)
        lower_ranks(ways, ranks)
        return frozenset(fact for fact in doubtful if ranks[fact] == NEVER)


def lower_ranks(
    found: Sequence[Justification], ranks: dict[Triple, int]
) -> dict[tuple[Rule, Triple], int]:
    """Lower the ranks of conclusions until all ranks of facts are consistent.

    A conclusion is as certain as the least certain premise of its surest chain. It may be the
    premise of another one, so ranks are followed until none gets lower; conclusions cannot support
    each other.
    """
    concluded: dict[tuple[Rule, Triple], int] = {}
    is_lower = True
    while is_lower:
        is_lower = False
        for it in found:
            rank = max(ranks[premise] for premise in it.premises)
            if rank < concluded.get((it.rule, it.conclusion), NEVER):
                concluded[it.rule, it.conclusion] = rank
                ranks[it.conclusion] = min(rank, ranks[it.conclusion])
                is_lower = True
    return concluded


def justifying(
    store: Store, conclusions: Sequence[Triple], rules: Iterable[Rule]
) -> Iterator[Justification]:
    """Yield each way in which rules conclude one of some facts."""
    wanted = {*conclusions}
    for rule in rules:
        own = [fact for fact in conclusions if fact.predicate == rule.head.predicate]
        for part in _in_parts(own):
            for row in store.select(rule.explaining(part)):
                conclusion = rule.head.filled(row)
                premises = [pattern.filled(row) for pattern in rule.body]
                if conclusion in wanted and None not in premises:
                    yield Justification(rule, tuple(filter(None, premises)), conclusion)


def followed(
    store: Store,
    facts: Iterable[Triple],
    rules: Sequence[Rule],
    most: int,
    add: Callable[[Collection[Triple]], object] = lambda _: None,
) -> set[Triple] | None:
    """Return everything that rules conclude from facts, step by step; None if it is too much.

    The conclusions of each step are added to the premises of the next one.
    """
    seen, found = {*facts}, set[Triple]()
    pending = [*seen]
    while pending:
        more = {*_in_one_step(store, pending, rules)}
        found |= more
        if len(found) > most:
            return None
        pending = [*(more - seen)]
        seen |= more
        add(pending)
    return found


def _in_one_step(store: Store, facts: Sequence[Triple], rules: Iterable[Rule]) -> Iterator[Triple]:
    """Yield the conclusions that have one of these facts as a premise."""
    for rule in rules:
        for part in _in_parts(facts):
            for query in rule.using(part):
                for row in store.select(query):
                    if (conclusion := rule.head.filled(row)) is not None:
                        yield conclusion


def dependents(
    store: Store, facts: Collection[Triple], rules: Sequence[Rule] | None = None
) -> Justifications:
    """Return what the rules conclude from facts, directly or through other conclusions."""
    known = rulebook.shipped() if rules is None else rules
    found = followed(store, facts, known, MOST)
    if found is None:
        return Justifications(whole=False)
    # A rule may conclude one of the facts themselves: that is another way to know them.
    conclusions = sorted(found - {*facts}, key=str)
    concluded = tuple(rule.graph("") for rule in known)
    asserted = {
        fact
        for fact, graphs in graphs_of(store, conclusions).items()
        if any(graph and not graph.startswith(concluded) for graph in graphs)
    }
    return Justifications(justifying(store, conclusions, known), asserted=asserted)


def graphs_of(store: Store, facts: Sequence[Triple]) -> dict[Triple, list[str]]:
    """Return the graphs that hold each fact; the empty string if only the default graph does."""
    found: dict[Triple, list[str]] = {fact: [] for fact in facts}
    for part in _in_parts(facts):
        for row in store.select(query_for_graphs(store, part)):
            graph = row["graph"]
            fact = Triple(*(row[name] for name in _FACT))  # type: ignore[arg-type]
            found[fact].append(graph.value if isinstance(graph, NamedNode) else "")
    return found


def query_for_graphs(store: Store, facts: Iterable[Triple]) -> str:
    """Return the query for the graphs that hold each fact; it contains no blank node."""
    rows = [
        (it.subject, it.predicate, it.object)
        for it in facts
        if not any(isinstance(term, BlankNode) for term in it)
    ]
    text = explanation_queries(store).text("graphs_of_facts")
    return text.replace(_ROWS, rulebook.values(_FACT, rows))


def explanation_queries(store: Store) -> PageQueries:
    return PageQueries(store, catalogue.shipped(Path(__file__).parent / "queries"))


def _in_parts(facts: Sequence[Triple]) -> Iterator[Sequence[Triple]]:
    return (facts[start : start + _AT_ONCE] for start in range(0, len(facts), _AT_ONCE))
