"""The columns of a release on which counts are worked out, kept beside it.

``rallynov prepare`` makes them for a release that is large enough for the engine to take long, and
small enough for memory; without them, the engine counts.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyoxigraph

from rallynov_graph.base.namespaces import ONTOLOGY
from rallynov_graph.base.whole_files import flush_to_disk, locked, unfinished_folder
from rallynov_graph.release.release import Release

if TYPE_CHECKING:
    from rallynov_graph.sparql.columns.answering import ColumnCounter
    from rallynov_graph.sparql.columns.column_store import Columns

FORMAT: Final = 2
"""Another number wherever columns are written otherwise."""
FROM: Final = 100_000
"""A release of so many quads has columns: the engine counts over fewer in some 30 ms."""
_HASH: Final = "sha256"
_LINE: Final = b"<u:s> <u:p> <u:o> <u:g> .\n"
_QUERY: Final = "SELECT ?s (COUNT(DISTINCT ?o) AS ?n) { ?s ?p ?o . ?t ?p ?o } GROUP BY ?s"
"""A query that is counted once in advance: numpy imports parts of itself at their first use, and a
process in which visitors' queries run can open no file."""
_LOG: Final = logging.getLogger(__name__)


def is_large(release: Release) -> bool:
    """Return whether a release is so large that counting takes the engine long."""
    return release.manifest.counts["quads"] >= FROM


def folder_of(release: Release) -> Path:
    """Return where the columns of a release are, or will be, for this version of the engine."""
    return release.path / f"columns-{FORMAT}-{pyoxigraph.__version__}-{release.id[:16]}"


def write_beside_release(release: Release) -> None:
    """Write the columns beside the release unless they are there, whole; raise OSError."""
    folder = folder_of(release)
    with locked(release.path):
        if _is_whole(folder):
            return
        new = unfinished_folder(release.path) / folder.name
        new.mkdir()
        columns_of(release).write(new)
        (new / _HASH).write_text(_hash(new), "ascii")
        flush_to_disk(*new.iterdir(), new)
        shutil.rmtree(folder, ignore_errors=True)
        new.rename(folder)
        flush_to_disk(release.path)


def columns_of(release: Release) -> Columns:
    """Return the columns of all quads that the store of a release has."""
    from rallynov_graph.sparql.columns.column_store import Columns

    return Columns.of_lines(_lines(release))


def counter_of(release: Release) -> ColumnCounter | None:
    """Return the counter on the columns of a release; None where it has none, or damaged ones."""
    folder = folder_of(release)
    if not folder.is_dir():
        return None
    if not _is_whole(folder):
        _LOG.warning("%s is not what was put there: rallynov prepare makes it again", folder)
        return None
    from rallynov_graph.sparql.columns.answering import ColumnCounter
    from rallynov_graph.sparql.columns.column_store import Columns

    ColumnCounter(Columns.of_lines([_LINE])).rewritten(_QUERY)
    return ColumnCounter(Columns.read(folder))


def _lines(release: Release) -> Iterator[bytes]:
    """Yield the quads of a release and of its ontology, which is a graph, as N-Quads."""
    with release.data.open("rb") as data:
        yield from data
    graph = f" <{ONTOLOGY}> .\n".encode()
    with release.ontology.open("rb") as ontology:
        for line in ontology:
            yield line[: line.rindex(b" .")] + graph


def _is_whole(folder: Path) -> bool:
    try:
        return (folder / _HASH).read_text("ascii") == _hash(folder)
    except (OSError, ValueError):
        return False


def _hash(folder: Path) -> str:
    """Return one hash over the names and contents of all files but the one that holds it."""
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.name != _HASH:
            with path.open("rb") as file:
                file_digest = hashlib.file_digest(file, "sha256")
            digest.update(path.name.encode() + file_digest.digest())
    return digest.hexdigest()
