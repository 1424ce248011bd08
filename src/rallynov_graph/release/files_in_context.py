"""Data files together with their context: the rest of their folder, or the shipped data."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.building import DATASET, Content
from rallynov_graph.standing.settling import settled
from rallynov_graph.validation.report import A_RULE, Report, placed

_TYPE: Final = f"{PREFIXES['rdf']}type"
_DATASET: Final = NamedNode(f"{PREFIXES['schema']}Dataset")


def folder_of(path: Path) -> Path | None:
    """Return the data folder that a file or folder is in, or is; None if there is none."""
    above = (path.resolve(), *path.resolve().parents)
    return next((folder for folder in above if (folder / DATASET).is_file()), None)


def folder_named(paths: Sequence[Path]) -> Path | None:
    """Return the data folder with a path: the folder itself, or ``data`` in it."""
    if len(paths) != 1:
        return None
    found = (folder for folder in (paths[0], paths[0] / "data") if (folder / DATASET).is_file())
    return next(found, None)


class FilesInContext:
    """Data files, checked against shapes and checks together with their context.

    The context is the rest of their data folder. For files that are in no data folder, or not all
    in one, it is another folder, where their graphs replace those of the same names. Files that
    describe a dataset of their own have no context.
    """

    def __init__(self, files: Sequence[Path], data: Path, ontology: Path) -> None:
        """Read the files; ``data`` is the other folder. Raises SourceError."""
        self._files, self._ontology = files, ontology
        self._quads = [*sources.quads(files)]
        self._subjects = {quad.subject for quad in self._quads}
        folders = {folder_of(file) for file in files}
        folder = folders.pop() if len(folders) == 1 else None
        self._is_whole = folder is None and any(map(_is_dataset, self._quads))
        self._replaced = set() if folder else {quad.graph_name for quad in self._quads}
        self._beside: building.NamedFiles = ()
        if not self._is_whole:
            given = {file.resolve() for file in files}
            named = building.files_of(folder or data)
            self._beside = tuple(it for it in named if it[1].resolve() not in given)

    def content(self) -> Content:
        """Return the files with their context, completed by rules; raise SourceError."""
        named = (*((str(file), file) for file in self._files), *self._beside)
        others = sources.quads([path for _, path in self._beside], relative_iris=False)
        written = [*self._quads, *(q for q in others if q.graph_name not in self._replaced)]
        paths = [path for _, path in named]
        ontology = building.ontology_of(self._ontology)
        content = Content(named, decided(written, paths), ontology, self._ontology, frozenset())
        if self._is_whole:
            return replace(content, data=settled(content.data, paths))
        return building.completed(content)

    def of_files(self, report: Report) -> Report:
        """Return the findings of a report about the files or their things."""
        names = {str(file) for file in self._files}
        results = tuple(
            it
            for it in report.results
            if it.source_file is None
            or it.source_file in names
            or not self._subjects.isdisjoint({it.focus, it.value})
        )
        if self._replaced:  # in the data, what the files take the place of still has its lines
            found = placed(results, {file: str(file) for file in self._files})
            marks = (it.concluded for it in results)
            results = tuple(
                replace(it, concluded=mark) for it, mark in zip(found, marks, strict=True)
            )
        kept = Counter((it.severity, it.shape) for it in results)
        more = (it for it in report.more if kept[it.severity, it.rule] >= A_RULE)
        return replace(report, results=results, more=tuple(more))

    @property
    def things(self) -> frozenset[str]:
        """The things that the files describe, as N-Triples write them."""
        return frozenset(map(str, self._subjects))


def _is_dataset(quad: Quad) -> bool:
    return quad.predicate.value == _TYPE and quad.object == _DATASET
