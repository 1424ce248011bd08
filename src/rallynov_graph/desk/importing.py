"""Files of any kind that is known, taken into the decisions on a document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.document_folder import (
    CurrentReading,
    DocumentFolder,
    folder_of,
)
from rallynov_graph.desk.document_reading import reading_of
from rallynov_graph.desk.trig_import import Imported, documents_of, import_trig
from rallynov_graph.identity.owed_languages import owed_languages
from rallynov_graph.release import building
from rallynov_graph.release.document_texts import SourceFile


@dataclass(frozen=True)
class Wanted:
    """Into which decisions files are taken, whose, and on which texts."""

    data: Path
    document: str | None
    reader: str
    texts: tuple[SourceFile, ...]
    at: str

    @property
    def reader_iri(self) -> str:
        """The address of the reader."""
        return self.reader if ":" in self.reader else f"{ID}{self.reader}"

    def languages(self) -> tuple[str, ...]:
        """Return the languages that the data are written in."""
        return owed_languages(building.written(self.data), building.ontology_of(ontology_dir()))

    def words_of(self, sha256: str) -> str:
        """Return the text that has a digest; the empty string where it was not given."""
        return next((it.text for it in self.texts if it.sha256 == sha256), "")


def texts_of(folder: Path, given: Iterable[Path]) -> tuple[SourceFile, ...]:
    """Return the texts that were given, with those in the folder of a programme."""
    there = sorted(path for path in (folder / "texts").glob("*") if path.is_file())
    return tuple(map(SourceFile.read, (*given, *there)))


def take_in(wanted: Wanted, paths: Sequence[Path]) -> tuple[Imported, ...]:
    """Return what came of taking files in, file by file; raise SourceError before the first."""
    for path in paths:
        if not path.exists():
            raise SourceError(str(path), "there is no such file: is its path right?")
    done: list[Imported] = []
    for parent, files in documents_of(paths).items():
        if not files:
            raise SourceError(str(parent), "there is no TriG in this folder")
        done.append(_take_in_trig(wanted, parent, files))
    return tuple(done)


def _take_in_trig(wanted: Wanted, parent: Path, files: Sequence[Path]) -> Imported:
    is_in_data = parent.resolve().is_relative_to(wanted.data.resolve())
    slug = wanted.document or (parent.name if is_in_data else files[0].stem)
    folder = DocumentFolder(parent) if is_in_data else folder_of(wanted.data, slug)
    current = current_of(folder, wanted.reader_iri)
    digests = [it.sha256 for it in wanted.texts]
    described = _digest_in(files, digests) or (current.reading.text.sha256 if current else "")
    return import_trig(
        folder,
        files,
        current,
        wanted.reader_iri,
        wanted.languages(),
        wanted.words_of(described),
        wanted.at,
    )


def _digest_in(files: Iterable[Path], digests: Iterable[str]) -> str:
    """Return the digest of the text that files name; they are read as bytes."""
    contents = [path.read_bytes() for path in files]
    return next((it for it in digests if any(it.encode() in c for c in contents)), "")


def current_of(folder: DocumentFolder, reader: str) -> CurrentReading | None:
    """Return the reading of a reader, and where it is written down; None if there is none yet."""
    for it in folder.decisions():
        if it.path == folder.file_of(reader):
            return CurrentReading(reading_of(it.opening, it.acts), it.path, it.opening)
    return None
