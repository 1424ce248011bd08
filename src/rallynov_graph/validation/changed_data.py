"""What is found in data of which most was held to the same shapes and checks before.

Only the things that a changed statement may concern are looked at again, in the data as they were
and as they are; all other findings stay. The findings are those of a whole validation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import Quad, RdfFormat, Triple, parse

from rallynov_graph.base.namespaces import SHAPES_GRAPH
from rallynov_graph.rdf.canonical import QuadsOfFile
from rallynov_graph.validation import each_document, graph_checks
from rallynov_graph.validation.check_reach import Data, Reach, Terms
from rallynov_graph.validation.collecting import A_RULE, Collection
from rallynov_graph.validation.further_checks import FurtherCheck
from rallynov_graph.validation.gate import FoundInData, KnownInData
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.held import (
    SUBCLASS,
    are_many,
    concerned_by,
    identity,
    ways_back,
)
from rallynov_graph.validation.quick import shape_reading
from rallynov_graph.validation.quick.evaluation import Evaluation
from rallynov_graph.validation.quick.result_findings import Findings
from rallynov_graph.validation.quick.shapes import Shape
from rallynov_graph.validation.quick.triple_index import Numbers, TripleIndex
from rallynov_graph.validation.report import Finding

MOST_CHANGED: Final = 50_000
"""Where more statements go or come than so many, all is held to everything."""


@dataclass(frozen=True)
class ChangedQuads:
    """The statements that go and that come."""

    gone: Sequence[Quad]
    come: Sequence[Quad]

    @property
    def quads(self) -> list[Quad]:
        """All of them."""
        return [*self.gone, *self.come]


def change(before: Path, now: Path) -> ChangedQuads | None:
    """Return what differs in two files of canonical N-Quads; None where it is too much."""
    gone: list[bytes] = []
    come: list[bytes] = []
    for line, is_new in _differing(before, now):
        (come if is_new else gone).append(line)
        if len(gone) + len(come) > MOST_CHANGED:
            return None
    return ChangedQuads(_quads(gone), _quads(come))


def found(
    known: KnownInData,
    now: Path,
    shapes: Iterable[Quad],
    background: Iterable[Quad],
    *,
    checks: Sequence[Check],
    further: Sequence[FurtherCheck],
    most: int = A_RULE,
) -> FoundInData | None:
    """Return all that ``gate.found`` finds in changed data; None where it has to look itself.

    They are canonical N-Quads. Background, shapes and checks are those of what is known.
    """
    changed = change(known.data, now)
    if changed is None:
        return None
    shape_quads = list(shapes)
    reading = shape_reading.read(shape_quads)
    if reading.left:
        return None
    before = QuadsOfFile(known.data)
    store = graph_checks.filled(before, shape_quads, background=background)
    data = Data(store, TripleIndex(store.default_graph()))
    reaches = [_reach(check.query) for check in checks]
    in_checks = [reach.foci(changed.quads, data) for reach in reaches]
    gone, come = store.change(changed.gone, changed.come, apart=SHAPES_GRAPH)
    if any(triple.predicate.value == SUBCLASS for triple in chain(gone, come)):
        return None
    of_shapes = _Shapes(reading.shapes, data.index).after(known.of_shapes, gone, come)
    if of_shapes is None:
        return None
    of_checks = _Collected(known.of_checks)
    for check, reach, things in zip(checks, reaches, in_checks, strict=True):
        of_checks.look_again(check, data, _both(things, reach.foci(changed.quads, data)))
    for one in further:
        if any(map(one.concerns, chain(gone, come))):
            of_checks.replace(one.iri, one.findings(store.default_graph()))
    of_documents = each_document.findings(store, reading.shapes)
    return FoundInData(
        _collected(of_shapes, most),
        _collected(of_checks.findings, most),
        _collected(of_documents, most),
        shape_quads,
    )


@cache
def _reach(query: str) -> Reach:
    """Return what statements concern in a check: it takes as long to read as to ask."""
    return Reach(query)


class _Shapes:
    """Shapes, and an index that becomes the one after a change."""

    def __init__(self, shapes: Sequence[Shape], index: TripleIndex) -> None:
        self._shapes, self._index = shapes, index
        self._ways = [ways_back(shape, index) for shape in shapes]

    def after(
        self, before: Iterable[Finding], gone: Sequence[Triple], come: Sequence[Triple]
    ) -> list[Finding] | None:
        """Return the findings after a change; None where those before are not what they were."""
        triples = [*gone, *come]
        concerned = self._concerned(triples)
        self._change(gone, come)
        concerned = [a | b for a, b in zip(concerned, self._concerned(triples), strict=True)]
        new = self._found(concerned)
        self._change(come, gone)
        old = self._found(concerned)
        self._change(gone, come)
        left = Counter(map(identity, old))
        stays = []
        for finding in before:
            if left[key := identity(finding)]:
                left[key] -= 1
            else:
                stays.append(finding)
        return None if left.total() else [*stays, *new]

    def _concerned(self, triples: Sequence[Triple]) -> list[Numbers]:
        return [concerned_by(triples, ways, self._index) for ways in self._ways]

    def _found(self, concerned: Sequence[Numbers]) -> list[Finding]:
        """Return what the shapes find at nodes."""
        evaluation, made = Evaluation(self._index), Findings(self._index).made
        return [
            made(result)
            for shape, nodes in zip(self._shapes, concerned, strict=True)
            for result in evaluation.results(shape, evaluation.targeted(shape, nodes))
        ]

    def _change(self, gone: Iterable[Triple], come: Iterable[Triple]) -> None:
        for triple in gone:
            self._index.remove(triple)
        for triple in come:
            self._index.add(triple)


@dataclass
class _Collected:
    """The findings of checks."""

    findings: Sequence[Finding]

    def look_again(self, check: Check, data: Data, things: Terms | None) -> None:
        """Ask a check about things again; None are all."""
        if things is None or are_many(things):
            self.replace(check.iri, graph_checks.findings([check], data.store))
        elif things:
            new = graph_checks.findings([check.about(things)], data.store)
            self.replace(check.iri, new, things)

    def replace(self, iri: str, new: Iterable[Finding], things: Terms | None = None) -> None:
        """Put findings in the place of those of a check, or of those about things."""
        stays = (it for it in self.findings if it.shape != iri or not _is_among(it, things))
        self.findings = [*stays, *new]


def _is_among(finding: Finding, things: Terms | None) -> bool:
    return things is None or finding.focus in things


def _both(some: Terms | None, others: Terms | None) -> Terms | None:
    return None if some is None or others is None else some | others


def _collected(findings: Iterable[Finding], most: int) -> Collection:
    collected = Collection(most)
    for finding in findings:
        collected.add_finding(finding)
    return collected


def _differing(before: Path, now: Path) -> Iterator[tuple[bytes, bool]]:
    """Yield the lines that only one of two sorted files has, and whether it is the later one."""
    with before.open("rb") as old_lines, now.open("rb") as new_lines:
        old, new = old_lines.readline(), new_lines.readline()
        while old or new:
            if old == new:
                old, new = old_lines.readline(), new_lines.readline()
            elif not new or (old and old < new):
                yield old, False
                old = old_lines.readline()
            else:
                yield new, True
                new = new_lines.readline()


def _quads(lines: list[bytes]) -> list[Quad]:
    return [*parse(b"".join(lines), format=RdfFormat.N_QUADS)]
