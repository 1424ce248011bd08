"""Data in memory, and the problems that a change of these data causes or solves.

After each change, shapes are checked on all data, checks only on the things that a changed
statement may concern. The findings are those of a complete validation.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import Final

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from rallynov_graph.base.errors import ShapesError
from rallynov_graph.base.namespaces import SHAPES_GRAPH, in_prefixes
from rallynov_graph.base.terms import Term
from rallynov_graph.validation import gate, graph_checks, report, shacl
from rallynov_graph.validation.check_reach import Reach, Terms
from rallynov_graph.validation.graph_checks import Check, FurtherCheck
from rallynov_graph.validation.quick import components
from rallynov_graph.validation.quick.results import Findings
from rallynov_graph.validation.quick.shapes import Evaluation, Result
from rallynov_graph.validation.report import Finding, Report

_MOST_THINGS: Final = 1_000
"""About more things than so many, a check is asked whole."""


@dataclass(frozen=True)
class Difference:
    """The findings that a change causes and solves, in the order of reports."""

    brought: tuple[Finding, ...]
    healed: tuple[Finding, ...]


class HeldData:
    """A dataset with all its findings, updated at each change."""

    def __init__(
        self,
        data: Iterable[Quad],
        shapes: Iterable[Quad],
        *,
        background: Iterable[Quad] = (),
        checks: Sequence[Check] = (),
        further: Sequence[FurtherCheck] = (),
    ) -> None:
        """Take a dataset; raise ShapesError for shapes that the quick validator does not cover."""
        self._shape_quads = list(shapes)
        shacl.refuse_unusable(self._shape_quads)
        reading = components.read(self._shape_quads)
        for node, reason in reading.left.items():
            raise ShapesError(
                f"{reason} is done by pySHACL, which looks at all of the data each time",
                reading.graph.name(node),
            )
        self._shapes = reading.shapes
        self._store = graph_checks.filled(data, self._shape_quads, background=background)
        self._index = gate.index_of(self._store.default_graph())
        self._results = self._found_by_shapes()
        self._by_check = {check: self._found([check]) for check in checks}
        self._reaches = {
            check: Reach(check.query, self._store, self._index) for check in self._by_check
        }
        self._of_documents = self._found_in_documents()
        self._further = {check: self._found_further(check) for check in further}

    def change(self, removed: Iterable[Quad] = (), added: Iterable[Quad] = ()) -> Difference:
        """Return the problems that a change causes and solves; its quads are in named graphs."""
        removed, added = list(removed), list(added)
        quads = [*removed, *added]
        before_change = {check: reach.foci(quads) for check, reach in self._reaches.items()}
        gone, come = self._store.change(removed, added, apart=SHAPES_GRAPH)
        self._index.remove(gone)
        self._index.add(come)
        old_results, self._results = self._results, self._found_by_shapes()
        made = self._findings().made
        before = [*map(made, (old_results - self._results).elements())]
        after = [*map(made, (self._results - old_results).elements())]
        for check, reach in self._reaches.items():
            things, now = before_change[check], reach.foci(quads)
            old, new = self._asked_again(check, None if None in (things, now) else things | now)  # type: ignore[operator]
            before += old
            after += new
        before += self._of_documents
        self._of_documents = self._found_in_documents()
        after += self._of_documents
        for further in self._further:
            if any(map(further.concerns, chain(gone, come))):
                before += self._further[further]
                self._further[further] = self._found_further(further)
                after += self._further[further]
        return Difference(_without(after, before), _without(before, after))

    def findings(self) -> Iterator[Finding]:
        """Yield all findings in the current state of the data."""
        yield from map(self._findings().made, self._results.elements())
        yield from chain.from_iterable(
            found for by_thing in self._by_check.values() for found in by_thing.values()
        )
        yield from self._of_documents
        yield from chain.from_iterable(self._further.values())

    def about(self, thing: NamedNode) -> Iterator[Quad]:
        """Yield the statements of named graphs about a thing."""
        quads = self._store.quads(thing)
        return (quad for quad in quads if not isinstance(quad.graph_name, DefaultGraph))

    def in_graph(self, graph: NamedNode) -> Iterator[Quad]:
        """Yield the statements of a graph."""
        return self._store.quads(graph=graph)

    def triples(self) -> Iterator[Triple]:
        """Yield all current triples, of all graphs together."""
        return self._index.triples()

    def report(self) -> Report:
        """Return the report on the current state of the data."""
        found, more = report.first_of_each_rule(self.findings())
        return report.of(found, partial(report.drawn, shapes=self._shape_quads), more)

    def _findings(self) -> Findings[Finding]:
        """Return the function that turns results into findings; it reads the owners of blank nodes
        again.
        """
        return Findings(self._index, Finding, in_prefixes)

    def _found_by_shapes(self) -> Counter[Result]:
        evaluation = Evaluation(self._index)
        return Counter(result for shape in self._shapes for result in evaluation.results(shape))

    def _found(self, checks: Sequence[Check]) -> dict[Term, list[Finding]]:
        """Return the findings of checks, by the thing that each is about."""
        found: dict[Term, list[Finding]] = {}
        for finding in graph_checks.findings(checks, self._store):
            found.setdefault(finding.focus, []).append(finding)
        return found

    def _asked_again(
        self, check: Check, things: Terms | None
    ) -> tuple[Iterable[Finding], Iterable[Finding]]:
        """Return the findings about things before and after; None means all things."""
        known = self._by_check[check]
        if things is None or _are_many(things):
            self._by_check[check] = now = self._found([check])
            return chain.from_iterable(known.values()), chain.from_iterable(now.values())
        old = [finding for thing in things for finding in known.pop(thing, ())]
        new = self._found([check.about(things)]) if things else {}
        known.update(new)
        return old, chain.from_iterable(new.values())

    def _found_in_documents(self) -> list[Finding]:
        """Return the faults of superseded documents taken alone."""
        return list(gate.findings_by_document(self._store, self._shapes))

    def _found_further(self, check: FurtherCheck) -> list[Finding]:
        return list(check.findings(self._index.triples(map(NamedNode, check.properties))))


def identity(finding: Finding) -> tuple[object, ...]:
    """Return what distinguishes a finding from others; two findings of one mistake may share it."""
    messages = tuple(sorted(finding.messages.items()))
    found = finding.shape, finding.severity, finding.focus, finding.path, finding.value
    return (*found, finding.component, messages)


def _are_many(things: Terms) -> bool:
    """Whether a check should run on everything: too many things, or blank nodes among them."""
    return len(things) > _MOST_THINGS or any(isinstance(thing, BlankNode) for thing in things)


def _without(findings: Iterable[Finding], others: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings that are not among others, as a difference of multisets."""
    spare = Counter(map(identity, others))
    left = []
    for finding in findings:
        key = identity(finding)
        if spare[key]:
            spare[key] -= 1
        else:
            left.append(finding)
    return report.of(left).results
