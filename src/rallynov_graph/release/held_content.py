"""Curated data in memory, with their conclusions and findings."""

from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import chain
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.resources import checks_dir
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.checking import ALIKE
from rallynov_graph.rules import provenance, rulebook
from rallynov_graph.rules.changes import IncrementalInference
from rallynov_graph.rules.provenance import interpretations
from rallynov_graph.standing.settling import settlement
from rallynov_graph.validation import graph_checks, mistakes, report
from rallynov_graph.validation.held import Difference, HeldData
from rallynov_graph.validation.report import Finding, Report

Changed = tuple[Set[Quad], Set[Quad]]
"""The statements that go, and those that come."""


class HeldContent:
    """The data of a folder, completed by the rules and checked against shapes and checks.

    A change of written statements is propagated to current statements, conclusions and their
    authors, and findings.
    """

    def __init__(
        self,
        data: Path,
        ontology: Path,
        *,
        left_out: Sequence[Path] = (),
        further: Iterable[Quad] = (),
    ) -> None:
        """Read and check the data; raise SourceError, RuleError and ShapesError.

        Some files can be left out, and statements can be added.
        """
        content = building.read(data, ontology)
        self._files = tuple(named for named in content.files if named[1] not in left_out)
        written = building.written(data, left_out)
        self._statements = HeldStatements({*written, *further}, self._paths())
        self._ontology = content.ontology
        self._conclusions = self._concluded()
        interpreted = set(interpretations(self._statements.settled))
        self._sets = sum(map(provenance.is_set, self._statements.settled))
        self._held = HeldData(
            self._statements.settled | self._conclusions.all() | interpreted,
            sources.quads(building.shapes_of(ontology)),
            background=content.ontology,
            checks=graph_checks.read(checks_dir().glob("*.rq")),
            further=(ALIKE,),
        )

    def replace_graphs(self, quads: Iterable[Quad], files: Sequence[Path] = ()) -> Difference:
        """Replace graphs by others of the same names, and return the problems caused and solved.

        Raises SourceError, with the place in these files too, as ``change`` does.
        """
        added = set(quads)
        others = (named for named in self._files if named[1] not in files)
        self._files = (*((str(path), path) for path in files), *others)
        self._statements.files = self._paths()
        names = {quad.graph_name for quad in added}
        return self.change({q for q in self._statements.written if q.graph_name in names}, added)

    def change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> Difference:
        """Return the problems caused and solved by a change of written statements.

        They include those in conclusions. Raises SourceError for a decision that cannot be applied;
        then nothing is changed.
        """
        written, added = self._statements.written, set(added)
        gone, come = self._statements.change((set(removed) & written) - added, added - written)
        concluded = self._change_of_conclusions([*gone], [*come])
        interpreted = self._change_of_interpretations(gone, come)
        return self._held.change(
            gone | ((concluded[0] | interpreted[0]) - self._statements.settled),
            come | concluded[1] | interpreted[1],
        )

    def told(self, findings: Iterable[Finding]) -> Report:
        """Return findings in the current data, with the suggestions of a complete validation."""
        return mistakes.with_hints(report.of(findings), self._held.triples(), self._files)

    def report(self) -> Report:
        """Return the report on the present data, without suggestions."""
        return self._held.report()

    def _paths(self) -> list[Path]:
        return [path for _, path in self._files]

    def _concluded(self) -> IncrementalInference:
        return IncrementalInference([*self._statements.settled, *self._ontology], rulebook.load())

    def _change_of_conclusions(self, gone: Sequence[Quad], come: Sequence[Quad]) -> Changed:
        if (changed := self._conclusions.change(gone, come)) is not None:
            return changed
        before = self._conclusions.all()
        self._conclusions = self._concluded()
        after = self._conclusions.all()
        return before - after, after - before

    def _change_of_interpretations(self, gone: Set[Quad], come: Set[Quad]) -> Changed:
        def about_now(thing: NamedNode) -> Iterator[Quad]:
            yield from (quad for quad in self._held.about(thing) if quad not in gone)
            yield from (quad for quad in come if quad.subject == thing)

        sets = provenance.concerned(chain(gone, come), self._held.in_graph)
        before = provenance.of_sets(sets, self._held.about)
        after = provenance.of_sets(sets, about_now)
        if self._sets:
            before |= {*provenance.of_interpretations()}
        self._sets += sum(map(provenance.is_set, come))
        self._sets -= sum(map(provenance.is_set, gone))
        if self._sets:
            after |= {*provenance.of_interpretations()}
        return before - after, after - before


class HeldStatements:
    """Written statements, and which of them are current."""

    def __init__(self, written: set[Quad], files: list[Path]) -> None:
        """Apply the decisions; raise SourceError, with the place in these files."""
        self.written, self.files = written, files
        self._carry_out()

    def change(self, gone: Set[Quad], come: Set[Quad]) -> tuple[Set[Quad], Set[Quad]]:
        """Return the statements added and removed by a change, after decisions and standing.

        Decisions are applied again if they may depend on one of the statements. Raises SourceError
        for a decision that cannot be applied; then nothing is changed.
        """
        if any(map(self._depends_on, chain(gone, come))):
            return self._change_all(gone, come)
        for statements in (self.written, self.settled):
            statements.difference_update(gone)
            statements.update(come)
        return gone, come

    def _change_all(self, gone: Set[Quad], come: Set[Quad]) -> tuple[Set[Quad], Set[Quad]]:
        written, stood = self.written, self.settled
        self.written = (written - gone) | come
        try:
            self._carry_out()
        except BaseException:
            self.written = written
            raise
        return stood - self.settled, self.settled - stood

    def _carry_out(self) -> None:
        decided_quads = decided(self.written, self.files)
        standing = settlement(decided_quads, self.files)
        self.settled = set(standing.data)
        self._decided, self._standing = decided_quads, standing

    def _depends_on(self, quad: Quad) -> bool:
        return self._decided.depends_on(quad) or self._standing.depends_on(quad)
