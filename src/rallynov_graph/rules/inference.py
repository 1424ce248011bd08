"""What the rules conclude from current facts; a conclusion is as certain as its weakest premise.

The rules run to their fixed point three times: over explicit facts, with curation, outside facts
and the ontology; then with inferred facts added; then with tentative ones. A new conclusion has the
certainty of its run, and is in one graph for each rule and certainty. A fact that is asserted with
at least that certainty is not concluded again; a fact that two rules conclude is in a graph of
each, so that the result does not depend on the order of the rules.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import partial, reduce
from itertools import chain, islice
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple, Variable

from rallynov_graph.base.certainty import CERTAINTIES, IRIS, is_current
from rallynov_graph.base.errors import RuleError
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.rules import provenance
from rallynov_graph.rules.rulebook import PatternTerm, Rule

PASSES: Final = 1_000
"""The number of passes with new conclusions after which a rule is considered endless."""
MOST: Final = 100_000
"""How many facts a rule may conclude from any data, ..."""
MOST_FOR_ONE: Final = 10
"""... and how many more for each fact that the data assert."""
PART: Final = 100_000
"""How many facts are added to the store in one step: a step of a million takes 1.3 GB."""
SECONDS: Final = 900.0
"""The time limit of one run of a rule; all rules over ten million facts take a few minutes."""

_ASSERTED: Final = BlankNode("asserted")
_WAITING: Final = tuple(BlankNode(f"waiting-{name}") for name in CERTAINTIES)
_ANYTHING: Final = Variable("anything")
_CERTAINTY: Final = NamedNode(f"{RN}certainty")
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_SET: Final = NamedNode(f"{RN}AssertionSet")
_RANKS: Final = {iri: rank for rank, iri in enumerate(IRIS)}
_NO_CERTAINTY: Final = -1
"""The rank of a set without a certainty: its facts wait for the last run."""


def derive(asserted: Iterable[Quad], rules: Sequence[Rule]) -> Iterable[Quad]:
    """Return the conclusions of the rules from a dataset, and the description of their graphs.

    The dataset is iterated twice; the result can be iterated any number of times. Raises RuleError
    for a rule that is invalid, would never end, or takes the engine too long. The engine cannot be
    interrupted: it continues such a rule until the program ends.
    """
    size = 0
    ranks: dict[object, int] = {}
    for size, quad in enumerate(asserted, 1):  # noqa: B007
        if tells_rank(quad):
            ranks[quad.subject] = _with_statement(ranks.get(quad.subject), quad)
    engine = _RuleEngine(rules, most=MOST + MOST_FOR_ONE * size)
    engine.add_waiting(asserted, ranks)
    for rank in range(len(CERTAINTIES)):
        engine.conclude(rank)
    return engine


def tells_rank(quad: Quad) -> bool:
    """Whether a statement affects the rank of the graph that it is about."""
    return (quad.predicate == _CERTAINTY and isinstance(quad.object, NamedNode)) or (
        quad.predicate == _TYPE and quad.object == _SET
    )


def rank_of_graph(statements: Iterable[Quad]) -> int:
    """Return the rank of a graph by its description: 0, the surest, if it is not a set.

    The facts of a set without a certainty have the weakest rank.
    """
    found = reduce(_with_statement, filter(tells_rank, statements), None)
    return 0 if found is None else found % len(CERTAINTIES)


def _with_statement(rank: int | None, quad: Quad) -> int:
    """Return the rank of a graph after reading one more of these statements about it."""
    known = _NO_CERTAINTY if rank is None else rank
    if quad.predicate == _TYPE:
        return known
    return max(known, _RANKS.get(quad.object.value, len(CERTAINTIES) - 1))  # type: ignore[union-attr]


class _RuleEngine:
    """Runs the rules on a store; iterating it yields the conclusions and their description.

    The default graph holds the facts of this run that may match a pattern of a rule. Other graphs
    hold the asserted facts that might also be concluded, the facts of later runs, and, under their
    final names, the conclusions.
    """

    def __init__(self, rules: Sequence[Rule], *, most: int) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.name)
        self._most = most
        self._store = Store()
        self._heads = {rule.head.predicate for rule in rules}
        self._concerns = concern(rules)
        self._concluded = dict.fromkeys((rule.name for rule in rules), 0)

    def add_waiting(self, quads: Iterable[Quad], ranks: Mapping[object, int]) -> None:
        """Add the facts that concern the rules, each for the run of its rank."""
        self._add(
            Quad(quad.subject, quad.predicate, quad.object, _WAITING[ranks.get(quad.graph_name, 0)])
            for quad in quads
            if is_current(quad.graph_name) and self._concerns(quad)
        )

    def conclude(self, rank: int) -> None:
        """Add the facts of a rank, and everything that the rules then conclude.

        A rule only runs if facts of a property that it needs are new.
        """
        changed: set[str] = set()
        self._add(self._added(rank, changed))
        waiting = {rule.name for rule in self._rules if _touched(rule, changed)}
        runs = dict.fromkeys(waiting, 0)
        while waiting:
            rule = next(rule for rule in self._rules if rule.name in waiting)
            waiting.remove(rule.name)
            before = self._concluded[rule.name]
            _run_in_time(partial(self._run, rule, rank), rule)
            if self._concluded[rule.name] == before:
                continue
            runs[rule.name] = runs.get(rule.name, 0) + 1
            if runs[rule.name] > PASSES:
                reason = f"it still concludes something new after {PASSES} passes"
                raise RuleError(rule.name, reason)
            concluded = {rule.head.predicate.value}
            waiting |= {rule.name for rule in self._rules if _touched(rule, concluded)}

    def _added(self, rank: int, changed: set[str]) -> Iterator[Quad]:
        for quad in self._store.quads_for_pattern(None, None, None, _WAITING[rank]):
            changed.add(quad.predicate.value)
            yield Quad(quad.subject, quad.predicate, quad.object)
            if quad.predicate in self._heads:
                yield Quad(quad.subject, quad.predicate, quad.object, _ASSERTED)

    def _run(self, rule: Rule, rank: int) -> None:
        self._add(self._new(rule, rank))

    def _new(self, rule: Rule, rank: int) -> Iterator[Quad]:
        """Yield a rule's conclusions that are not asserted and that it did not conclude before.

        Each conclusion is yielded twice: for the rules, and for the release.
        """
        own = [NamedNode(rule.graph(certainty)) for certainty in CERTAINTIES[: rank + 1]]
        known_graphs: list[NamedNode | BlankNode] = [*own, _ASSERTED]
        for triple in self._answers(rule):
            s, p, o = triple.subject, triple.predicate, triple.object
            if any(Quad(s, p, o, graph) in self._store for graph in known_graphs):
                continue
            self._concluded[rule.name] += 1
            if self._concluded[rule.name] > self._most:
                raise RuleError(rule.name, f"it concludes more than {self._most} facts")
            yield Quad(s, p, o)
            yield Quad(s, p, o, own[rank])

    def _answers(self, rule: Rule) -> Iterator[Triple]:
        try:
            yield from self._store.query(rule.text)  # type: ignore[misc]
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise RuleError(rule.name, str(error)) from error

    def _add(self, quads: Iterable[Quad]) -> None:
        """Add quads, which may come from the store itself: a query only sees its state at the
        start.
        """
        rest = iter(quads)
        while part := [*islice(rest, PART)]:
            self._store.bulk_extend(part)

    def __iter__(self) -> Iterator[Quad]:
        graphs = [*self._graphs()]
        for rule, certainty in graphs:
            graph = NamedNode(rule.graph(certainty))
            yield from self._store.quads_for_pattern(None, None, None, graph)
        yield from provenance.of_rules(graphs)

    def _graphs(self) -> Iterator[tuple[Rule, str]]:
        """Yield the rule and certainty of each graph that holds a conclusion."""
        for rule in self._rules:
            for certainty in CERTAINTIES:
                if self._store.contains_named_graph(NamedNode(rule.graph(certainty))):
                    yield rule, certainty


def concern(rules: Iterable[Rule]) -> Callable[[Quad], bool]:
    """Return a test for facts that may be premises or conclusions of rules; most are neither.

    It ignores certainties and kinds of graphs, which conclusions also depend on.
    """
    objects: dict[PatternTerm, set[PatternTerm]] = {
        rule.head.predicate: {_ANYTHING} for rule in rules
    }
    for pattern in chain.from_iterable(rule.body for rule in rules):
        predicate, value = (
            _ANYTHING if isinstance(place, Variable) else place
            for place in (pattern.predicate, pattern.object)
        )
        objects.setdefault(predicate, set()).add(value)

    def concerns(quad: Quad) -> bool:
        values = objects.get(quad.predicate, ())
        return _ANYTHING in objects or _ANYTHING in values or quad.object in values

    return concerns


def _touched(rule: Rule, predicates: Set[str]) -> bool:
    """Whether new facts of these properties may let a rule conclude something new."""
    return rule.needs is None or not rule.needs.isdisjoint(predicates)


def _run_in_time(work: Callable[[], object], rule: Rule) -> None:
    """Run a rule; raise RuleError if it takes too long, since no query can be interrupted."""
    raised: list[BaseException] = []

    def watched() -> None:
        try:
            work()
        except BaseException as failure:
            raised.append(failure)

    thread = threading.Thread(target=watched, daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        raise RuleError(
            rule.name,
            f"it took longer than {SECONDS:g} seconds",
        )
    if raised:
        raise raised[0]
