"""Files of data beside all that they know of: the rest of their folder, or the shipped data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.rdf import sources
from rallynov_graph.release import building
from rallynov_graph.release.building import DATASET, Content
from rallynov_graph.standing.settling import settled
from rallynov_graph.validation.report import A_RULE, Finding, Report, placed

_TYPE: Final = f"{PREFIXES['rdf']}type"
_DATASET: Final = f"{PREFIXES['schema']}Dataset"


def folder_of(path: Path) -> Path | None:
    """Return the data folder that a file or folder lies in, or is; None for none."""
    above = (path.resolve(), *path.resolve().parents)
    return next((folder for folder in above if (folder / DATASET).is_file()), None)


def folder_named(paths: Sequence[Path]) -> Path | None:
    """Return the one data folder that is named, or that lies as ``data`` in the one named."""
    if len(paths) != 1:
        return None
    found = (folder for folder in (paths[0], paths[0] / "data") if (folder / DATASET).is_file())
    return next(found, None)


@dataclass(frozen=True)
class FilesInContext:
    """Some files of data, held to shapes and checks together with what stands beside them."""

    files: Sequence[Path]
    data: Path
    """The data folder beside files that lie in none."""
    ontology: Path

    def content(self) -> Content:
        """Return the files with what stands beside them, completed; files of a dataset alone.

        Raises SourceError for a file that cannot be read.
        """
        paths = [*self.files, *self._beside]
        written = _Together(tuple(self.files), self._beside, self._replaced)
        content = Content(
            (*((str(file), file) for file in self.files), *self._names_beside),
            decided(written, paths),
            building.ontology_of(self.ontology),
            self.ontology,
            frozenset(),
        )
        if self._is_whole:
            return replace(content, data=settled(content.data, paths))
        return building.completed(content)

    def of_files(self, report: Report) -> Report:
        """Return what a report tells of the files: at one of their lines, or of their things."""
        results = tuple(filter(self._is_of_files, report.results))
        if self._replaced:  # in the data, what the files take the place of still has its lines
            found = placed(results, {file: str(file) for file in self.files})
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

    def _is_of_files(self, finding: Finding) -> bool:
        if finding.source_file is None or finding.source_file in {str(file) for file in self.files}:
            return True
        about = {finding.focus, finding.value}
        return bool(about & self._subjects)

    @cached_property
    def _folder(self) -> Path | None:
        """The data folder of the files; None where they lie in none, or not all in one."""
        folders = {folder_of(file) for file in self.files}
        return folders.pop() if len(folders) == 1 else None

    @cached_property
    def _given(self) -> tuple[frozenset[object], frozenset[object], bool]:
        """The subjects and graphs of the files, and whether a dataset is described there."""
        subjects, graphs, is_whole = set[object](), set[object](), False
        for quad in sources.quads(self.files):
            subjects.add(quad.subject)
            graphs.add(quad.graph_name)
            is_type = quad.predicate.value == _TYPE and isinstance(quad.object, NamedNode)
            is_whole = is_whole or (is_type and quad.object.value == _DATASET)  # type: ignore[union-attr]
        return frozenset(subjects), frozenset(graphs), is_whole

    @property
    def _subjects(self) -> frozenset[object]:
        return self._given[0]

    @property
    def _replaced(self) -> frozenset[object]:
        """The graphs of the data that those of the files take the place of."""
        return frozenset() if self._folder else self._given[1]

    @property
    def _is_whole(self) -> bool:
        """Whether nothing stands beside the files, since they describe a dataset of their own."""
        return self._given[2] and self._folder is None

    @cached_property
    def _names_beside(self) -> building.NamedFiles:
        if self._is_whole:
            return ()
        given = {file.resolve() for file in self.files}
        named_files = building.files_of(self._folder or self.data)
        return tuple((name, path) for name, path in named_files if path.resolve() not in given)

    @property
    def _beside(self) -> tuple[Path, ...]:
        return tuple(path for _, path in self._names_beside)


@dataclass(frozen=True)
class _Together:
    """The quads of files and of what stands beside them, each time they are iterated."""

    files: tuple[Path, ...]
    beside: tuple[Path, ...]
    replaced: frozenset[object]

    def __iter__(self) -> Iterator[Quad]:
        yield from sources.quads(self.files)
        yield from self._others()

    def _others(self) -> Iterable[Quad]:
        quads = sources.quads(self.beside, relative_iris=False)
        return (quad for quad in quads if quad.graph_name not in self.replaced)
