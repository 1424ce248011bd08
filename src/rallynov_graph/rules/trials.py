"""What the rules conclude otherwise when a few facts are stated or not: many such trials at once.

The whole is not concluded anew for each trial. All that any trial states lies in one store; what
rests on a changed fact is followed there once, with every chain of premises that leads to it. A
trial then is a small computation on these chains: a conclusion is as sure as the surest chain whose
premises hold in that trial, and falls where none does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad, Store, Triple

from rallynov_graph.base.certainty import CERTAINTIES, IRIS
from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.standings import is_current
from rallynov_graph.rules.chains import uses
from rallynov_graph.rules.dependents import Chains, chains_to
from rallynov_graph.rules.inference import concern
from rallynov_graph.rules.rulebook import Rule
from rallynov_graph.sparql.embedded import EmbeddedStore

MOST: Final = 50_000
"""So many conclusions are followed for all trials together; where there are more, none is known."""
_NEVER: Final = len(CERTAINTIES)
"""The rank of what does not hold."""
_NO_CERTAINTY: Final = -1
"""The rank of a set without a certainty: its facts are the least sure."""
_CERTAINTY: Final = NamedNode(f"{RN}certainty")
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_INFERENCE: Final = NamedNode(f"{RN}Inference")
_SET: Final = NamedNode(f"{RN}AssertionSet")
_STATED: Final = tuple(BlankNode(f"stated-{name}") for name in CERTAINTIES)
_CONCLUDED: Final = tuple(BlankNode(f"concluded-{name}") for name in CERTAINTIES)


@dataclass(frozen=True)
class RankChange:
    """How surely a fact or a conclusion holds before and in a trial; None where it does not."""

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
    """Return what holds otherwise in each trial; None where too much would have to be followed.

    The quads are a release's, conclusions included; they are iterated twice.
    """
    base = _Base.of(quads, rules)
    changed = {fact for trial in trials for fact in trial}
    base.add(changed)
    found = _followed(base.store, rules, changed)
    if found is None:
        return None
    worked = _Chains(base, chains_to(EmbeddedStore(base.store), sorted(found, key=str), rules))
    return [worked.outcome(trial) for trial in trials]


@dataclass(frozen=True)
class _Base:
    """The facts that concern the rules: all in the default graph, and by how surely they hold."""

    store: Store

    @classmethod
    def of(cls, quads: Iterable[Quad], rules: Sequence[Rule]) -> _Base:
        ranks, inferences = _graphs(quads)
        concerns = concern(rules)
        store = Store()

        def kept() -> Iterator[Quad]:
            for quad in quads:
                if not is_current(quad.graph_name) or not concerns(quad):
                    continue
                places = _CONCLUDED if quad.graph_name in inferences else _STATED
                s, p, o = quad.subject, quad.predicate, quad.object
                yield Quad(s, p, o)
                yield Quad(s, p, o, places[ranks.get(quad.graph_name, 0)])

        store.bulk_extend(kept())
        return cls(store)

    def add(self, facts: Iterable[Triple]) -> None:
        """Add facts that hold in some trial to what premises are looked for in."""
        self.store.extend(Quad(it.subject, it.predicate, it.object) for it in facts)

    def stated(self, fact: Triple) -> int:
        return self._rank(fact, _STATED)

    def rank(self, fact: Triple) -> int:
        return min(self.stated(fact), self._rank(fact, _CONCLUDED))

    def _rank(self, fact: Triple, places: Sequence[BlankNode]) -> int:
        held = (r for r, place in enumerate(places) if _in(fact, place) in self.store)
        return next(held, _NEVER)


class _Chains:
    """The conclusions that some trial may change, with all the chains that lead to them."""

    def __init__(self, base: _Base, chains: Chains) -> None:
        self._base, self._chains = base, chains
        self._uses: dict[Triple, set[Triple]] = {}
        for conclusion, all_premises in chains.items():
            for premises in all_premises:
                for premise in premises:
                    self._uses.setdefault(premise, set()).add(conclusion)
        self._ranks: dict[Triple, int] = {}

    def outcome(self, trial: Trial) -> Outcome:
        """Return what holds otherwise in a trial."""
        touched = self._resting_on(trial)
        now = {it: self._base.stated(it) for it in touched}
        now |= {fact: _rank(change.after) for fact, change in trial.items()}

        def rank(fact: Triple) -> int:
            return now[fact] if fact in now else self._before(fact)

        pending = True
        while pending:
            pending = False
            for conclusion in touched:
                chains = self._chains[conclusion]
                best = min((max(map(rank, premises)) for premises in chains), default=_NEVER)
                if best < now[conclusion]:
                    now[conclusion], pending = best, True
        return {
            fact: RankChange(_known(before), _known(after), self._grounds(fact, trial, rank))
            for fact, after in now.items()
            if (before := self._before(fact, trial)) != after
        }

    def _grounds(
        self, fact: Triple, trial: Trial, rank: Callable[[Triple], int]
    ) -> frozenset[Triple]:
        """Return the facts of a trial that the surest chains to what holds begin with."""
        found, seen, pending = set[Triple](), {fact}, [fact]

        def order(premises: frozenset[Triple]) -> tuple[int, list[str]]:
            return max(map(rank, premises)), sorted(map(str, premises))

        while pending:
            one = pending.pop()
            if rank(one) == _NEVER:
                continue
            if one in trial and _rank(trial[one].after) == rank(one):
                found.add(one)
            elif chains := self._chains.get(one):
                premises = min(chains, key=order)
                pending += premises - seen
                seen |= premises
        return frozenset(found)

    def _resting_on(self, facts: Iterable[Triple]) -> set[Triple]:
        found: set[Triple] = set()
        pending = [*facts]
        while pending:
            more = {it for fact in pending for it in self._uses.get(fact, ())} - found
            found |= more
            pending = [*more]
        return found

    def _before(self, fact: Triple, trial: Trial | None = None) -> int:
        if fact not in self._ranks:
            self._ranks[fact] = self._base.rank(fact)
        if trial and fact in trial:
            return min(self._ranks[fact], _rank(trial[fact].before))
        return self._ranks[fact]


def _in(fact: Triple, place: BlankNode) -> Quad:
    return Quad(fact.subject, fact.predicate, fact.object, place)


def _known(rank: int) -> int | None:
    return None if rank == _NEVER else rank


def _rank(known: int | None) -> int:
    return _NEVER if known is None else known


def _graphs(quads: Iterable[Quad]) -> tuple[dict[object, int], set[object]]:
    """Return the ranks of the graphs that have a certainty or need one, and those of rules."""
    ranks: dict[object, int] = {}
    inferences: set[object] = set()
    known = {iri: rank for rank, iri in enumerate(IRIS)}
    weakest = len(CERTAINTIES) - 1
    for quad in quads:
        if quad.predicate == _CERTAINTY and isinstance(quad.object, NamedNode):
            rank = known.get(quad.object.value, weakest)
            ranks[quad.subject] = max(rank, ranks.get(quad.subject, rank))
        elif quad.predicate == _TYPE and quad.object == _INFERENCE:
            inferences.add(quad.subject)
        elif quad.predicate == _TYPE and quad.object == _SET:
            ranks.setdefault(quad.subject, _NO_CERTAINTY)
    return ranks, inferences


def _followed(store: Store, rules: Sequence[Rule], facts: Iterable[Triple]) -> set[Triple] | None:
    """Return what rests on facts, after it was added to the store; None where that is too much."""
    asked, seen, found = EmbeddedStore(store), set(facts), set[Triple]()
    pending = [*seen]
    while pending:
        more = {*uses(asked, pending, rules)}
        found |= more
        if len(found) > MOST:
            return None
        pending = [*(more - seen)]
        seen |= more
        store.extend(Quad(it.subject, it.predicate, it.object) for it in pending)
    return found
