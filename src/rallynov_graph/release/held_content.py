"""Curated data that a process holds, with what rules conclude, shapes demand and checks find."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.base.resources import checks_dir
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.identity.written_decisions import DECIDING
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.alike_things import ALIKE
from rallynov_graph.rules import inference, interpretations, rulebook
from rallynov_graph.standing.settling import bears_upon_standing, settled
from rallynov_graph.validation import graph_checks
from rallynov_graph.validation.held import Difference, HeldData
from rallynov_graph.validation.report import Report

_CERTAINTIES: Final = {f"{RN}certainty", f"{PREFIXES['rdf']}type"}
"""What is said of a graph that the certainty of conclusions depends on."""


class HeldContent:
    """The data of a folder, completed by the rules and held to shapes and checks."""

    def __init__(self, data: Path, ontology: Path) -> None:
        """Read and check the data; raise SourceError, RuleError and ShapesError."""
        content = building.read(data, ontology)
        self._written = set(building.written(data))
        self._files = [path for _, path in content.files]
        self._settled = self._carried_out(self._written)
        self._ontology = content.ontology
        self._rules = rulebook.load()
        self._concerns = inference.concern(self._rules)
        self._concluded, self._interpreted = self._conclusions(), self._interpretations()
        self._held = HeldData(
            self._settled | self._concluded | self._interpreted,
            sources.quads(building.shapes_of(ontology)),
            background=content.ontology,
            checks=graph_checks.read(checks_dir().glob("*.rq")),
            further=(ALIKE,),
        )

    def replace_graphs(self, quads: Iterable[Quad], files: Sequence[Path] = ()) -> Difference:
        """Return what it brings and heals that graphs take the place of those of the same name.

        Raises SourceError, with the place in these files too, as ``change`` does.
        """
        added = set(quads)
        self._files = [*files, *(path for path in self._files if path not in files)]
        names = {quad.graph_name for quad in added}
        return self.change({quad for quad in self._written if quad.graph_name in names}, added)

    def change(self, removed: Iterable[Quad], added: Iterable[Quad]) -> Difference:
        """Return what a change of written statements brings and heals, conclusions included.

        Raises SourceError for a decision that cannot be carried out; then nothing is changed.
        """
        come = set(added) - self._written
        gone = (set(removed) & self._written) - set(added)
        written = (self._written - gone) | come
        stood, before = self._settled, self._concluded | self._interpreted
        if stood != self._written or any(map(_bears_upon_decisions, gone | come)):
            self._settled = self._carried_out(written)
        else:
            self._settled = written
        self._written = written
        gone, come = stood - self._settled, self._settled - stood
        changed = gone | come
        if any(self._concerns(q) or q.predicate.value in _CERTAINTIES for q in changed):
            self._concluded = self._conclusions()
        if any(interpretations.concerns(quad) for quad in changed):
            self._interpreted = self._interpretations()
        after = self._concluded | self._interpreted
        return self._held.change(gone | (before - after - self._settled), come | (after - before))

    def report(self) -> Report:
        """Return the report of the data as they are."""
        return self._held.report()

    def _carried_out(self, written: set[Quad]) -> set[Quad]:
        """Return what is written as decisions about identity and standing have it."""
        return set(settled(decided(written, self._files), self._files))

    def _conclusions(self) -> set[Quad]:
        asserted = [*self._settled, *self._ontology]
        return set(inference.derive(asserted, self._rules))

    def _interpretations(self) -> set[Quad]:
        return set(interpretations.Interpretations(self._settled))


def _bears_upon_decisions(quad: Quad) -> bool:
    """Return whether a statement may change which address a thing has, or what is current."""
    return quad.predicate.value in DECIDING or bears_upon_standing(quad)
