"""An existing release, checked again: its hashes, its counts, its shapes."""

from dataclasses import asdict
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.resources import checks_dir
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.canonical import QuadsOfFile, tally
from rallynov_graph.release.alike_things import ALIKE
from rallynov_graph.release.release import Release, load
from rallynov_graph.validation import gate, graph_checks
from rallynov_graph.validation.report import Report


def intact(path: Path) -> Release:
    """Return the release in a folder; raise ReleaseError where it is not as its manifest says."""
    release = load(path)
    counts = asdict(tally(release.data))
    if {**release.manifest.counts, **counts} != release.manifest.counts:
        raise ReleaseError(
            f"{release.path}: its manifest counts other data: build it again.",
            french=f"{release.path} : son manifeste compte d’autres données ; refaites-la.",
        )
    if not release.shapes.is_file():
        raise ReleaseError(
            f"{release.path}: it has no shapes to be checked against.",
            french=f"{release.path} : elle n’a pas de formes auxquelles la tenir.",
        )
    return release


def check(release: Release) -> Report:
    """Return the report of the release's own shapes and our checks on its data and ontology."""
    graph = NamedNode(ONTOLOGY)
    ontology = sources.quads([release.ontology])
    report = gate.validate(
        QuadsOfFile(release.data),
        sources.quads([release.shapes]),
        background=[Quad(q.subject, q.predicate, q.object, graph) for q in ontology],
        checks=graph_checks.read(checks_dir().glob("*.rq")),
        further=(ALIKE,),
    )
    return report.located(
        (file.name, file) for file in (release.data, release.ontology, release.shapes)
    )
