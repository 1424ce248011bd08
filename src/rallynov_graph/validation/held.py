"""Data that a process holds, and what a change of theirs brings or heals.

Only the things that a changed statement may concern are held to shapes and checks again. The
findings are those of a whole validation.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from rallynov_graph.base.errors import ShapesError
from rallynov_graph.base.namespaces import PREFIXES, SHAPES_GRAPH
from rallynov_graph.base.terms import Term
from rallynov_graph.validation import each_document, graph_checks, report, source_faults, w3c_report
from rallynov_graph.validation.check_reach import Data, Reach, Terms
from rallynov_graph.validation.collecting import Collection
from rallynov_graph.validation.further_checks import FurtherCheck
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.hints import namespace_of
from rallynov_graph.validation.quick import dependencies, paths, shape_reading
from rallynov_graph.validation.quick.dependencies import Dependency
from rallynov_graph.validation.quick.evaluation import Evaluation, Result
from rallynov_graph.validation.quick.result_findings import Findings
from rallynov_graph.validation.quick.shapes import Shape
from rallynov_graph.validation.quick.triple_index import Numbers, TripleIndex
from rallynov_graph.validation.report import Finding, Report

_MOST_THINGS: Final = 1_000
"""About more things than so many, a check is asked whole."""
SUBCLASS: Final = f"{PREFIXES['rdfs']}subClassOf"


@dataclass(frozen=True)
class Difference:
    """What a change brought, and what it healed, in the order of reports."""

    brought: tuple[Finding, ...]
    healed: tuple[Finding, ...]


class HeldData:
    """A dataset with all that shapes and checks find in it, kept true through changes."""

    def __init__(
        self,
        data: Iterable[Quad],
        shapes: Iterable[Quad],
        *,
        background: Iterable[Quad] = (),
        checks: Sequence[Check] = (),
        further: Sequence[FurtherCheck] = (),
    ) -> None:
        """Hold a dataset; raise ShapesError for shapes that the quick validator leaves."""
        self._shape_quads = list(shapes)
        source_faults.refuse_unusable(self._shape_quads)
        reading = shape_reading.read(self._shape_quads)
        for node, reason in reading.left.items():
            raise ShapesError(
                f"{reason} is done by pySHACL, which looks at all of the data each time",
                reading.graph.name(node),
            )
        self._store = graph_checks.filled(data, self._shape_quads, background=background)
        self._index = TripleIndex(self._store.default_graph())
        self._index.turn()
        self._evaluation, self._findings = Evaluation(self._index), Findings(self._index)
        self._by_shape = [_HeldShape(shape, self._evaluation) for shape in reading.shapes]
        held = Data(self._store, self._index)
        self._by_check = [_HeldCheck(check, held) for check in checks]
        self._shapes = reading.shapes
        self._of_documents = self._found_in_documents()
        self._further = {check: self._found_further(check) for check in further}

    def change(self, removed: Iterable[Quad] = (), added: Iterable[Quad] = ()) -> Difference:
        """Return what a change brings and heals, after it was made; quads lie in named graphs."""
        removed, added = list(removed), list(added)
        quads = [*removed, *added]
        in_checks = [held.concerned(quads) for held in self._by_check]
        gone, come = self._store.change(removed, added, apart=SHAPES_GRAPH)
        triples = [*gone, *come]
        concerned = [held.concerned(triples) for held in self._by_shape]
        for triple in gone:
            self._index.remove(triple)
        for triple in come:
            self._index.add(triple)
        self._findings = Findings(self._index)  # what a blank node is part of may be other now
        before: list[Finding] = []
        after: list[Finding] = []
        classes_changed = any(triple.predicate.value == SUBCLASS for triple in triples)
        for held, nodes in zip(self._by_shape, concerned, strict=True):
            now = held.concerned(triples)
            old, new = held.look_again(nodes | now, whole=classes_changed)
            before += map(self._findings.made, old)
            after += map(self._findings.made, new)
        for check, things in zip(self._by_check, in_checks, strict=True):
            old_findings, new_findings = check.look_again(things, check.concerned(quads))
            before += old_findings
            after += new_findings
        before += self._of_documents
        self._of_documents = self._found_in_documents()
        after += self._of_documents
        for further in self._further:
            if any(map(further.concerns, triples)):
                before += self._further[further]
                self._further[further] = self._found_further(further)
                after += self._further[further]
        return Difference(_without(after, before), _without(before, after))

    def findings(self) -> Iterator[Finding]:
        """Yield all findings in the data as they are."""
        for held in self._by_shape:
            yield from map(self._findings.made, held.results())
        for check in self._by_check:
            yield from check.findings()
        yield from self._of_documents
        yield from chain.from_iterable(self._further.values())

    def about(self, thing: NamedNode) -> Iterator[Quad]:
        """Yield what named graphs say of a thing."""
        quads = self._store.quads(thing)
        return (quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph))

    def in_graph(self, graph: NamedNode) -> Iterator[Quad]:
        """Yield what a graph says."""
        return self._store.quads(graph=graph)

    def in_namespaces(self, namespaces: Set[str]) -> Iterator[Triple]:
        """Yield what is said of things whose addresses begin so."""
        return self._index.triples_about(
            lambda term: isinstance(term, NamedNode) and namespace_of(term.value) in namespaces
        )

    def _found_in_documents(self) -> list[Finding]:
        """Return what documents break by themselves; only those that gave way are looked at."""
        return list(each_document.findings(self._store, self._shapes))

    def _found_further(self, check: FurtherCheck) -> list[Finding]:
        return list(check.findings(self._index.triples_of(check.properties)))

    def report(self) -> Report:
        """Return the report of the data as they are."""
        collected = Collection()
        for finding in self.findings():
            collected.add_finding(finding)
        draw = partial(w3c_report.draw, shapes=self._shape_quads)
        return report.of(collected.findings(), draw, collected.more())


Ways = Mapping[Dependency, paths.Step]
"""By what a shape looks at, the way back from there to its focus nodes."""


def ways_back(shape: Shape, index: TripleIndex) -> Ways:
    """Return the ways back to the focus nodes of a shape, in an index as it is by then."""
    return {
        dependency: paths.step(dependencies.inverted(dependency.way), index)
        for dependency in dependencies.of(shape)
    }


def concerned_by(triples: Iterable[Triple | Quad], ways: Ways, index: TripleIndex) -> Numbers:
    """Return the focus nodes of a shape that statements concern."""
    found = set[int]()
    for triple in triples:
        for dependency, way in ways.items():
            if dependency.predicate in (None, triple.predicate):
                end = triple.object if dependency.from_object else triple.subject
                found |= way(index.number(end))
    return found


class _HeldShape:
    """A shape, with its results by the focus node that each comes from."""

    def __init__(self, shape: Shape, evaluation: Evaluation) -> None:
        self._shape, self._evaluation = shape, evaluation
        self._ways = ways_back(shape, evaluation.index)
        self._nested = dependencies.is_nested(shape)
        self._classes_matter = dependencies.classes_matter(shape)
        self._results: dict[int, list[Result]] = {}
        self._hold(evaluation.targets(shape))

    def results(self) -> Iterable[Result]:
        """Return all results."""
        return chain.from_iterable(self._results.values())

    def concerned(self, triples: Iterable[Triple]) -> Numbers:
        """Return the focus nodes that statements concern, as the data are now."""
        return concerned_by(triples, self._ways, self._evaluation.index)

    def look_again(self, nodes: Numbers, *, whole: bool) -> tuple[list[Result], list[Result]]:
        """Return the results at focus nodes as they were, and as they are now."""
        if whole and self._classes_matter:
            nodes = nodes | self._results.keys() | self._evaluation.targets(self._shape)
        old = [result for node in nodes for result in self._results.pop(node, ())]
        self._hold(self._evaluation.targeted(self._shape, nodes))
        return old, [result for node in nodes for result in self._results.get(node, ())]

    def _hold(self, nodes: Numbers) -> None:
        if self._nested:  # results are about nodes further away, too
            for node in nodes:
                if found := [*self._evaluation.results(self._shape, {node})]:
                    self._results[node] = found
        else:
            for result in self._evaluation.results(self._shape, nodes):
                self._results.setdefault(result.fault.focus, []).append(result)


class _HeldCheck:
    """A check, with its findings by the thing that each is about."""

    def __init__(self, check: Check, data: Data) -> None:
        self._check, self._data = check, data
        self._reach = Reach(check.query)
        self._findings: dict[Term, list[Finding]] = {}
        self._hold(check)

    def findings(self) -> Iterable[Finding]:
        """Return all findings."""
        return chain.from_iterable(self._findings.values())

    def concerned(self, quads: Sequence[Quad]) -> Terms | None:
        """Return the things that statements concern, as the data are now; None for all."""
        return self._reach.foci(quads, self._data)

    def look_again(
        self, before: Terms | None, now: Terms | None
    ) -> tuple[list[Finding], list[Finding]]:
        """Return the findings about things as they were, and as they are now."""
        if before is None or now is None or are_many(things := before | now):
            old = list(self.findings())
            self._findings = {}
            self._hold(self._check)
            return old, list(self.findings())
        old = [finding for thing in things for finding in self._findings.pop(thing, ())]
        if things:
            self._hold(self._check.about(things))
        return old, [found for thing in things for found in self._findings.get(thing, ())]

    def _hold(self, check: Check) -> None:
        for finding in graph_checks.findings([check], self._data.store):
            self._findings.setdefault(finding.focus, []).append(finding)


def are_many(things: Terms) -> bool:
    """Whether a check is better asked whole, or has to be: a query cannot name a blank node."""
    return len(things) > _MOST_THINGS or any(isinstance(thing, BlankNode) for thing in things)


def _without(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings that are not among others, each as often as it is more there."""
    spare = Counter(map(identity, others))
    left = []
    for finding in findings:
        key = identity(finding)
        if spare[key]:
            spare[key] -= 1
        else:
            left.append(finding)
    return report.of(left).results


def identity(finding: Finding) -> tuple[object, ...]:
    """Return what tells a finding from the others; two of one mistake may have the same."""
    component = finding.source.component if finding.source else ""
    messages = tuple(sorted(finding.messages.items()))
    found = finding.shape, finding.severity, finding.focus, finding.path, finding.value
    return (*found, component, messages)
