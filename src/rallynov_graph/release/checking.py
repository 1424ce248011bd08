"""Check an existing release again: its hashes, its counts, its shapes and our checks."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from rallynov_graph.base.errors import ReleaseError
from rallynov_graph.base.namespaces import ONTOLOGY, SHAPES, short_iri
from rallynov_graph.base.resources import checks_dir
from rallynov_graph.identity import likely_same
from rallynov_graph.rdf import sources
from rallynov_graph.rdf.canonical import QuadsOfFile, tally
from rallynov_graph.release.release import Release, hashed, load
from rallynov_graph.validation import graph_checks
from rallynov_graph.validation.graph_checks import Check
from rallynov_graph.validation.report import WARNING, Finding, Report

ALIKE: Final = f"{SHAPES}check-things_are_not_alike"
"""The rule that ``alike`` checks."""


def intact(path: Path) -> Release:
    """Return the release in a folder; raise ReleaseError if it differs from its manifest."""
    release = load(path)
    counts = asdict(tally(release.data))
    if {**release.manifest.counts, **counts} != release.manifest.counts:
        raise ReleaseError(f"{release.path}: its manifest counts other data: build it again.")
    if not release.shapes.is_file():
        raise ReleaseError(f"{release.path}: it has no shapes to be checked against.")
    return release


def check(release: Release) -> Report:
    """Return the report of the release's own shapes and our checks on its data and ontology."""
    from rallynov_graph.validation import gate  # takes longer to load than the rest

    graph = NamedNode(ONTOLOGY)
    ontology = sources.quads([release.ontology])
    report = gate.validate(
        QuadsOfFile(release.data),
        sources.quads([release.shapes]),
        background=[Quad(q.subject, q.predicate, q.object, graph) for q in ontology],
        checks=graph_checks.read(checks_dir().glob("*.rq")),
        further=(alike,),
    )
    return report.located(
        (file.name, file) for file in (release.data, release.ontology, release.shapes)
    )


def checks_of(release: Release) -> dict[str, Check | None]:
    """Return the checks of a release by name; None for one that was removed or changed since."""
    known = {f"checks/{path.name}": path for path in checks_dir().glob("*.rq")}
    texts: dict[str, Check | None] = {}
    for source in release.manifest.sources:
        if not source.path.startswith("checks/"):
            continue
        path = known.get(source.path)
        same = path is not None and hashed(path, source.path) == source
        (check,) = graph_checks.read([path]) if path is not None and same else (None,)
        texts[Path(source.path).stem] = check
    return texts


def alike(quads: Iterable[Quad | Triple]) -> Iterator[Finding]:
    """Yield the things with names so similar that they may be the same.

    A decision silences it: that they are the same, are different, or that it is open.
    """
    for it in likely_same.likely_same(quads):
        first, second = short_iri(it.first), short_iri(it.second)
        is_one = it.first_name == it.second_name
        yield Finding(
            severity=WARNING,
            shape=ALIKE,
            focus=NamedNode(it.first),
            value=NamedNode(it.second),
            messages={
                "fr": f"{first} (« {it.first_name} ») et {second} (« {it.second_name} ») ont "
                f"{'' if is_one else 'presque '}le même nom : une chose ou deux ? "
                "Décidez-le par rallynov identity.",
                "en": f"{first} (“{it.first_name}”) and {second} (“{it.second_name}”) have "
                f"{'' if is_one else 'nearly '}the same name: one thing or two? "
                "Decide it by rallynov identity.",
            },
        )
