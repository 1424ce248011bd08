"""What the rules conclude, each conclusion as certain as the weakest fact it needs.

The rules run to their fixed point three times: over what is said in so many words, with curation,
outside facts and the ontology; then with what is inferred added; then with what is tentative. What
is new each time has that certainty, and lies in one graph a rule and certainty. A fact that is
asserted with at least that certainty is not concluded again; one that two rules conclude is in a
graph of each, so that the outcome does not depend on the order of the rules.

All of it happens in a store, which is in memory or on disk: of the data, no more than a part of
fixed size is in memory besides, and the rank of each graph.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain, islice
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple, Variable

from rallynov_graph.base.certainty import CERTAINTIES, IRIS
from rallynov_graph.base.errors import RuleError
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.rules import descriptions
from rallynov_graph.rules.rule_timeout import ended_after
from rallynov_graph.rules.rulebook import Place, Rule

PASSES: Final = 1_000
"""After so many passes over the rules, one that still concludes something never ends."""
MOST: Final = 100_000
"""So many conclusions are allowed at least, ..."""
MOST_FOR_ONE: Final = 10
"""... and so many for each fact that the data assert."""
PART: Final = 100_000
"""So many facts are added to the store in one step: what is in a step is in memory."""
FEW: Final = 10_000
"""Up to so many, a step adds to what the engine has in memory; a larger one makes files at once."""
SECONDS: Final = 900.0
"""One run of a rule may take so long; all rules over ten million facts take a few minutes."""

_CERTAINTY: Final = NamedNode(f"{RN}certainty")
_RANKS: Final = {iri: rank for rank, iri in enumerate(IRIS)}
_WEAKEST: Final = len(CERTAINTIES) - 1
_UNSAID: Final = -1
"""The rank of a set that does not say its certainty: the last one, but below any that is said."""
_ASSERTED: Final = BlankNode("asserted")
_WAITING: Final = tuple(BlankNode(f"waiting-{name}") for name in CERTAINTIES)
_ANYTHING: Final = Variable("anything")
_SET: Final = NamedNode(f"{RN}AssertionSet")
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")


Room = Callable[[int], Path | None]
"""Says in which new folder the store is to be for a dataset of so many quads; None for memory."""


def in_memory(_quads: int) -> None:
    """Have the store in memory, however many quads there are."""


def derive(
    asserted: Iterable[Quad],
    rules: Sequence[Rule],
    *,
    room: Room = in_memory,
) -> Iterable[Quad]:
    """Return what the rules conclude from a dataset, and what describes the graphs it lies in.

    The dataset is gone through twice; the outcome, any number of times. What grows with the dataset
    is in a store in that room, but for the certainty of its graphs. Raises RuleError for a rule
    that cannot be run or that would never end, OSError where the room cannot be written; ends the
    program with its words where the engine is busy with one for too long.
    """
    size, ranks = _surveyed(asserted)
    folder = room(size)
    store = Store() if folder is None else Store(str(folder))
    work = _Work(rules, store, most=MOST + MOST_FOR_ONE * size)
    work.take(asserted, ranks)
    del ranks
    for rank in range(len(CERTAINTIES)):
        work.conclude(rank)
    return work


def _surveyed(asserted: Iterable[Quad]) -> tuple[int, dict[object, int]]:
    """Return how many quads there are, and the rank of each graph that has, or should have one."""
    size = 0
    ranks: dict[object, int] = {}
    for size, quad in enumerate(asserted, 1):  # noqa: B007
        if quad.predicate == _CERTAINTY and isinstance(quad.object, NamedNode):
            rank = _RANKS.get(quad.object.value, _WEAKEST)
            ranks[quad.subject] = max(rank, ranks.get(quad.subject, rank))
        elif quad.predicate == _TYPE and quad.object == _SET:
            ranks.setdefault(quad.subject, _UNSAID)
    return size, ranks


class _Work:
    """What is known so far, in a store; gone through, what was concluded and its description.

    The default graph holds what the rules look at: of the facts, only those that a pattern of
    theirs may mean. Other graphs hold what is asserted and might be concluded, what waits for
    its rank, and, under the names they will have, the conclusions.
    """

    def __init__(self, rules: Sequence[Rule], store: Store, *, most: int) -> None:
        self._rules, self._most = _in_order(rules), most
        self._known = store
        self._heads = {rule.head.predicate for rule in rules}
        self._concerns = _concern(rules)
        self._concluded = dict.fromkeys((rule.name for rule in rules), 0)

    def take(self, quads: Iterable[Quad], ranks: Mapping[object, int]) -> None:
        """Have the facts wait for the pass of their rank."""
        self._add(
            Quad(quad.subject, quad.predicate, quad.object, _WAITING[ranks.get(quad.graph_name, 0)])
            for quad in quads
            if self._concerns(quad)
        )

    def conclude(self, rank: int) -> None:
        """Add the facts of a rank, and all that the rules conclude from what is then known.

        Of the rules that may conclude something new, the one that waits for the fewest others runs
        first: most then run once.
        """
        changed: set[str] = set()
        self._add(self._added(rank, changed))
        waiting = {rule.name for rule in self._rules if _touched(rule, changed)}
        runs = dict.fromkeys(waiting, 0)
        while waiting:
            rule = next(rule for rule in self._rules if rule.name in waiting)
            waiting.remove(rule.name)
            late = RuleError(rule.name, f"it took longer than {SECONDS:g} seconds")
            before = self._concluded[rule.name]
            with ended_after(SECONDS, late):
                self._add(self._new(rule, rank))
            if self._concluded[rule.name] == before:
                continue
            runs[rule.name] = runs.get(rule.name, 0) + 1
            if runs[rule.name] > PASSES:
                told = f"it still concludes something new after {PASSES} passes"
                raise RuleError(rule.name, told)
            concluded = {rule.head.predicate.value}
            waiting |= {rule.name for rule in self._rules if _touched(rule, concluded)}

    def _added(self, rank: int, changed: set[str]) -> Iterator[Quad]:
        for quad in self._known.quads_for_pattern(None, None, None, _WAITING[rank]):
            changed.add(quad.predicate.value)
            yield Quad(quad.subject, quad.predicate, quad.object)
            if quad.predicate in self._heads:
                yield Quad(quad.subject, quad.predicate, quad.object, _ASSERTED)

    def _new(self, rule: Rule, rank: int) -> Iterator[Quad]:
        """Yield what a rule concludes that is not asserted, and was not concluded by it before.

        Each conclusion comes twice: for the rules to look at, and for the release.
        """
        own = [NamedNode(rule.graph(certainty)) for certainty in CERTAINTIES[: rank + 1]]
        held: list[NamedNode | BlankNode] = [*own, _ASSERTED]
        for triple in self._answers(rule):
            s, p, o = triple.subject, triple.predicate, triple.object
            if any(Quad(s, p, o, graph) in self._known for graph in held):
                continue
            self._concluded[rule.name] += 1
            if self._concluded[rule.name] > self._most:
                raise RuleError(rule.name, f"it concludes more than {self._most} facts")
            yield Quad(s, p, o)
            yield Quad(s, p, o, own[rank])

    def _answers(self, rule: Rule) -> Iterator[Triple]:
        try:
            yield from self._known.query(rule.text)  # type: ignore[misc]
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise RuleError(rule.name, str(error)) from error

    def _add(self, quads: Iterator[Quad]) -> None:
        """Add quads, which may come from the store itself: a query sees what was there before."""
        while part := [*islice(quads, PART)]:
            if len(part) > FEW:
                self._known.bulk_extend(part)
            else:
                self._known.extend(part)

    def __iter__(self) -> Iterator[Quad]:
        graphs = [*self._graphs()]
        for rule, certainty in graphs:
            graph = NamedNode(rule.graph(certainty))
            yield from self._known.quads_for_pattern(None, None, None, graph)
        yield from descriptions.described(graphs)

    def _graphs(self) -> Iterator[tuple[Rule, str]]:
        """Yield the rule and certainty of each graph that holds a conclusion."""
        for rule in self._rules:
            for certainty in CERTAINTIES:
                if self._known.contains_named_graph(NamedNode(rule.graph(certainty))):
                    yield rule, certainty


def _concern(rules: Iterable[Rule]) -> Callable[[Quad], bool]:
    """Return whether a fact may be a premise or a conclusion of the rules: most are neither."""
    objects: dict[Place, set[Place]] = {rule.head.predicate: {_ANYTHING} for rule in rules}
    for pattern in chain.from_iterable(rule.body for rule in rules):
        predicate, value = (
            _ANYTHING if isinstance(place, Variable) else place
            for place in (pattern.predicate, pattern.object)
        )
        objects.setdefault(predicate, set()).add(value)

    def concerns(quad: Quad) -> bool:
        found = objects.get(quad.predicate, ())
        return _ANYTHING in objects or _ANYTHING in found or quad.object in found

    return concerns


def _touched(rule: Rule, predicates: Set[str]) -> bool:
    """Return whether new facts of these properties may let a rule conclude something new."""
    return rule.needs is None or not rule.needs.isdisjoint(predicates)


def _in_order(rules: Sequence[Rule]) -> list[Rule]:
    """Return the rules, each after those it concludes from, as far as there is no circle."""
    left = sorted(rules, key=lambda rule: rule.name)
    ordered: list[Rule] = []
    while left:
        heads = {rule.name: str(rule.head.predicate)[1:-1] for rule in left}
        waits = {
            rule.name: sum(
                _touched(rule, {head}) for name, head in heads.items() if name != rule.name
            )
            for rule in left
        }
        ordered.append(min(left, key=lambda rule: (waits[rule.name], rule.name)))
        left.remove(ordered[-1])
    return ordered
