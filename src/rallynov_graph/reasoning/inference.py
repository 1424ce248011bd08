"""What the rules conclude, each conclusion as certain as the weakest fact it needs.

The rules run to their fixed point three times: over what is said in so many words, with curation,
outside facts and the ontology; then with what is inferred added; then with what is tentative. What
is new each time has that certainty, and lies in one graph a rule and certainty. A fact that is
asserted with at least that certainty is not concluded again; one that two rules conclude is in a
graph of each, so that the outcome does not depend on the order of the rules.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from rallynov_graph.errors import RuleError
from rallynov_graph.namespaces import ID, PREFIXES, RN
from rallynov_graph.reasoning.lateness import ended_after
from rallynov_graph.reasoning.rulebook import Rule

CERTAINTIES: Final = ("explicit", "inferred", "tentative")
"""From the strongest to the weakest; a rank is a place in it."""
PASSES: Final = 1_000
"""After so many passes over the rules, one that still concludes something never ends."""
MOST: Final = 100_000
"""So many conclusions are allowed at least, ..."""
MOST_FOR_ONE: Final = 10
"""... and so many for each fact that the data assert."""
SECONDS: Final = 900.0
"""One run of a rule may take so long; all rules over ten million facts take three minutes."""

DESCRIPTIONS: Final = NamedNode(f"{ID}graph/inferences")
"""The graph that describes the inference graphs and their rules."""
PROGRAM: Final = NamedNode(f"{ID}agent/rallynov")
"""To whom that description is owed: this program."""

_NAMES: Final = {
    "explicit": {"fr": "dit", "en": "said"},
    "inferred": {"fr": "déduit", "en": "inferred"},
    "tentative": {"fr": "incertain", "en": "tentative"},
}
_CERTAINTY: Final = NamedNode(f"{RN}certainty")
_RANKS: Final = {f"{RN}{name}": rank for rank, name in enumerate(CERTAINTIES)}
_WEAKEST: Final = len(CERTAINTIES) - 1
_SET: Final = NamedNode(f"{RN}AssertionSet")
_TYPE: Final = NamedNode(f"{PREFIXES['rdf']}type")
_LABEL: Final = NamedNode(f"{PREFIXES['rdfs']}label")
_ABOUT: Final = NamedNode(f"{PREFIXES['dcterms']}description")
_OWED_TO: Final = NamedNode(f"{PREFIXES['prov']}wasAttributedTo")


def derive(asserted: Iterable[Quad], rules: Sequence[Rule], *, passes: int = PASSES) -> list[Quad]:
    """Return what the rules conclude from a dataset, and what describes the graphs it lies in.

    The dataset is gone through twice. Raises RuleError for a rule that cannot be run or that would
    never end; ends the program with its words where the engine is busy with one for too long.
    """
    work = _Work(rules, passes)
    ranks = _ranks(asserted)
    weaker: dict[int, list[Quad]] = {rank: [] for rank in range(1, len(CERTAINTIES))}
    work.conclude(0, _strongest(asserted, ranks, weaker))
    for rank, quads in weaker.items():
        work.conclude(rank, quads)
    return [*work.conclusions(), *_described(work.graphs())]


def _strongest(
    asserted: Iterable[Quad], ranks: Mapping[object, int], weaker: Mapping[int, list[Quad]]
) -> Iterator[Quad]:
    """Yield what is of the first rank, and put aside the rest by its rank."""
    for quad in asserted:
        rank = ranks.get(quad.graph_name, 0)
        if rank:
            weaker[rank].append(quad)
        else:
            yield quad


def _ranks(asserted: Iterable[Quad]) -> dict[object, int]:
    """Return the rank of the facts in each graph that has a certainty, or should have one."""
    ranks: dict[object, int] = {}
    sets = set()
    for quad in asserted:
        if quad.predicate == _CERTAINTY and isinstance(quad.object, NamedNode):
            rank = _RANKS.get(quad.object.value, _WEAKEST)
            ranks[quad.subject] = max(rank, ranks.get(quad.subject, rank))
        elif quad.predicate == _TYPE and quad.object == _SET:
            sets.add(quad.subject)
    return dict.fromkeys(sets, _WEAKEST) | ranks


class _Work:
    """What is known so far: a store of all facts, and what each rule has concluded."""

    def __init__(self, rules: Sequence[Rule], passes: int) -> None:
        self._rules, self._passes = _in_order(rules), passes
        self._known = Store()
        self._heads = {rule.head.predicate for rule in rules}
        self._asserted: set[Triple] = set()
        self._concluded: dict[str, dict[Triple, int]] = {rule.name: {} for rule in rules}
        self._size = 0

    def conclude(self, rank: int, quads: Iterable[Quad]) -> None:
        """Add facts of a rank, and all that the rules conclude from what is then known.

        Of the rules that may conclude something new, the one that waits for the fewest others runs
        first: most then run once.
        """
        changed: set[str] = set()
        self._known.bulk_extend(self._added(quads, changed))
        waiting = {rule.name for rule in self._rules if _touched(rule, changed)}
        runs = dict.fromkeys(waiting, 0)
        while waiting:
            rule = next(rule for rule in self._rules if rule.name in waiting)
            waiting.remove(rule.name)
            late = RuleError(rule.name, f"it took longer than {SECONDS:g} seconds")
            with ended_after(SECONDS, late):
                new = self._new(rule, rank)
            if not new:
                continue
            runs[rule.name] = runs.get(rule.name, 0) + 1
            if runs[rule.name] > self._passes:
                told = f"it still concludes something new after {self._passes} passes"
                raise RuleError(rule.name, told)
            self._known.extend(Quad(t.subject, t.predicate, t.object) for t in new)
            concluded = {t.predicate.value for t in new}
            waiting |= {rule.name for rule in self._rules if _touched(rule, concluded)}

    def _added(self, quads: Iterable[Quad], changed: set[str]) -> Iterator[Quad]:
        for quad in quads:
            self._size += 1
            changed.add(quad.predicate.value)
            if quad.predicate in self._heads:
                self._asserted.add(quad.triple)
            yield Quad(quad.subject, quad.predicate, quad.object)

    def _new(self, rule: Rule, rank: int) -> list[Triple]:
        """Return what a rule concludes that is not asserted, and was not concluded by it before."""
        concluded = self._concluded[rule.name]
        most = MOST + MOST_FOR_ONE * self._size
        new = []
        for triple in self._answers(rule):
            if triple not in concluded and triple not in self._asserted:
                concluded[triple] = rank
                new.append(triple)
                if len(concluded) > most:
                    raise RuleError(rule.name, f"it concludes more than {most} facts")
        return new

    def _answers(self, rule: Rule) -> Iterator[Triple]:
        try:
            yield from self._known.query(rule.text)  # type: ignore[misc]
        except (SyntaxError, ValueError, OSError, RuntimeError) as error:
            raise RuleError(rule.name, str(error)) from error

    def conclusions(self) -> Iterator[Quad]:
        """Yield each conclusion in the graph of its rule and certainty."""
        for rule in self._rules:
            graphs = [NamedNode(rule.graph(certainty)) for certainty in CERTAINTIES]
            for t, rank in self._concluded[rule.name].items():
                yield Quad(t.subject, t.predicate, t.object, graphs[rank])

    def graphs(self) -> Iterator[tuple[Rule, str]]:
        """Yield the rule and certainty of each graph that holds a conclusion."""
        for rule in self._rules:
            for rank in sorted(set(self._concluded[rule.name].values())):
                yield rule, CERTAINTIES[rank]


def _touched(rule: Rule, predicates: Set[str]) -> bool:
    """Tell whether new facts of these properties may let a rule conclude something new."""
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


def _described(graphs: Iterable[tuple[Rule, str]]) -> Iterator[Quad]:
    """Yield what describes inference graphs and their rules, nothing where there is none."""
    rules: dict[str, Rule] = {}
    for rule, certainty in graphs:
        rules[rule.iri] = rule
        graph = NamedNode(rule.graph(certainty))
        names = {of: f"{rule.labels[of]} ({_NAMES[certainty][of]})" for of in rule.labels}
        yield from _named(graph, "Inference", names)
        yield _description(graph, _CERTAINTY, NamedNode(RN + certainty))
        yield _description(graph, _OWED_TO, NamedNode(rule.iri))
    for rule in rules.values():
        thing = NamedNode(rule.iri)
        yield from _named(thing, "Rule", rule.labels)
        for language, text in rule.about.items():
            yield _description(thing, _ABOUT, Literal(text, language=language))
    if rules:
        told = {"fr": "Graphes calculés et leurs règles", "en": "Inference graphs and their rules"}
        yield from _named(DESCRIPTIONS, "CurationGraph", told)
        yield _description(DESCRIPTIONS, _OWED_TO, PROGRAM)
        yield _description(PROGRAM, _TYPE, NamedNode(f"{PREFIXES['prov']}Agent"))
        for language, text in (("fr", "programme rallynov"), ("en", "rallynov program")):
            yield _description(PROGRAM, _LABEL, Literal(text, language=language))


def _named(thing: NamedNode, kind: str, names: Mapping[str, str]) -> Iterator[Quad]:
    yield _description(thing, _TYPE, NamedNode(RN + kind))
    for language, name in names.items():
        yield _description(thing, _LABEL, Literal(name, language=language))


def _description(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> Quad:
    return Quad(subject, predicate, value, DESCRIPTIONS)
