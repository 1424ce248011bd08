"""Files of any kind that is known, taken into the decisions on a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from pyoxigraph import Quad

from rallynov_graph.base.errors import RallynovError
from rallynov_graph.base.namespaces import ID, short_iri
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.acts import DocumentText, Opened
from rallynov_graph.desk.annotation_file import AnnotationFile
from rallynov_graph.desk.decisions_file import SETTLED
from rallynov_graph.desk.document_folder import (
    TRIG,
    CurrentReading,
    DocumentFolder,
    current_reading,
    folder_of,
)
from rallynov_graph.desk.document_reading import DocumentReading, changes, reading_of
from rallynov_graph.desk.extraction.extracted import Remark
from rallynov_graph.desk.fact_table import FactRow, rows
from rallynov_graph.desk.new_reading import first_acts
from rallynov_graph.desk.quotations import QuotedText
from rallynov_graph.desk.short_terms import slug_of
from rallynov_graph.desk.table_import import TableImport
from rallynov_graph.desk.terms import Terms
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.trig_import import Imported, documents_of, import_trig
from rallynov_graph.desk.unplaced import Unplaced
from rallynov_graph.desk.words import refusal
from rallynov_graph.identity.recording import owed_languages
from rallynov_graph.release import building
from rallynov_graph.release.documents import SourceFile

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_READER: Final = re.compile(
    r"[a-z]+(?:-[a-z]+)*/[a-z0-9]+(?:[-.][a-z0-9]+)*|https?://[^\s<>\"{}|\\^`\x00-\x20]+"
)
TABLES: Final = (".csv", ".tsv")
ANNOTATIONS: Final = (".json", ".jsonld")


@dataclass(frozen=True)
class Wanted:
    """Into which decisions files are taken, whose, and on which texts."""

    data: Path
    document: str | None
    reader: str
    texts: tuple[SourceFile, ...]
    """Those that were given."""
    at: str
    folder_texts: tuple[SourceFile, ...] = ()
    """Those in the folder of the programme, each of the document that is called as its file."""
    remarks: list[Remark] = field(default_factory=list)
    """What is to be said of decisions that a crash cut off."""

    def note(self, folder: DocumentFolder) -> None:
        """Note what is to be said of the decisions on a document."""
        self.remarks.extend(it.remark for it in folder.decisions() if it.remark)

    @property
    def reader_iri(self) -> str:
        """The address of the reader."""
        return self.reader if ":" in self.reader else f"{ID}{self.reader}"

    def languages(self) -> tuple[str, ...]:
        """Return the languages that the data are written in."""
        return owed_languages(self.quads, building.ontology_of(ontology_dir()))

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """The statements of the data, as they are written."""
        return tuple(building.written(self.data))

    @property
    def every_text(self) -> tuple[SourceFile, ...]:
        """The texts that there are."""
        return (*self.texts, *self.folder_texts)

    def texts_called(self, slug: str) -> list[SourceFile]:
        """Return the texts whose files are called as a document."""
        return [it for it in self.every_text if slug_of(Path(it.path).stem) == slug]

    def words_of(self, sha256: str) -> str:
        """Return the text that has a digest; the empty string where it was not given."""
        return next((it.text for it in self.every_text if it.sha256 == sha256), "")


def texts_in(folder: Path) -> tuple[SourceFile, ...]:
    """Return the texts in the folder of a programme."""
    there = sorted(path for path in (folder / "texts").glob("*") if path.is_file())
    return tuple(map(SourceFile.read, there))


def take_in(wanted: Wanted, paths: Sequence[Path]) -> tuple[Imported, ...]:
    """Return what came of taking files in, file by file.

    Raises SourceError for a file that cannot be read: nothing of that file is taken in.
    """
    for path in paths:
        if not path.exists():
            raise refusal(path, "no file")
    tables = [path for path in paths if path.suffix.lower() in TABLES]
    trig = [path for path in paths if path.is_dir() or path.suffix.lower() == TRIG]
    notes = [path for path in paths if path.suffix.lower() in ANNOTATIONS]
    if others := [path for path in paths if path not in (*tables, *trig, *notes)]:
        raise refusal(others[0], "unknown form")
    if empty := [path for path in trig if path.is_dir() and not [*path.glob(f"*{TRIG}")]]:
        raise refusal(empty[0], "no TriG")
    done = [_take_in_table(wanted, path, [*rows(path)]) for path in tables]
    done += [_take_in_annotations(wanted, path) for path in notes]
    for parent, files in documents_of(trig).items():
        done.append(_take_in_trig(wanted, parent, files))
    return tuple(done)


def _take_in_trig(wanted: Wanted, parent: Path, files: Sequence[Path]) -> Imported:
    is_in_data = parent.resolve().is_relative_to(wanted.data.resolve())
    slug = wanted.document or (parent.name if is_in_data else files[0].stem)
    folder = DocumentFolder(parent) if is_in_data else folder_of(wanted.data, slug)
    current = _settled_of(folder) or current_of(folder, wanted.reader_iri)
    wanted.note(folder)
    digests = [it.sha256 for it in wanted.every_text]
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


def _settled_of(folder: DocumentFolder) -> CurrentReading | None:
    """Return what was settled between two readings: the files say that, and neither of them."""
    if any(it.name == SETTLED for it in folder.decisions()):
        return current_reading(folder)
    return None


def current_of(folder: DocumentFolder, reader: str) -> CurrentReading | None:
    """Return the reading of a reader, and where it is written down; None if there is none yet."""
    for it in folder.decisions():
        if it.path == folder.file_of(reader):
            return CurrentReading(reading_of(it.opening, it.acts), it.path, it.opening)
    return None


def _take_in_table(wanted: Wanted, path: Path, table: Sequence[FactRow]) -> Imported:
    document = DocumentBeingRead.found(wanted, path)
    taking = document.taking(wanted, Terms.load(), QuotedText(document.words))
    unplaced = tuple(taking.take(str(path), table))
    return document.add(taking.reading(), unplaced, wanted.at)


def _take_in_annotations(wanted: Wanted, path: Path) -> Imported:
    document = DocumentBeingRead.found(wanted, path)
    text, terms = QuotedText(document.words), Terms.load()
    annotations = AnnotationFile(path, text, terms)
    taking = document.taking(wanted, terms, text)
    left = [*taking.take(str(path), annotations.rows(), "annotation"), *annotations.unplaced]
    unplaced = tuple(sorted(left, key=lambda it: it.line))
    return document.add(taking.reading(), unplaced, wanted.at)


@dataclass(frozen=True)
class DocumentBeingRead:
    """A document with its text, and what one reader decided about it so far."""

    folder: DocumentFolder
    current: CurrentReading | None
    text: DocumentText
    words: str
    reader: str
    day: str

    @classmethod
    def found(cls, wanted: Wanted, path: Path) -> DocumentBeingRead:
        """Return the document that is wanted; raise SourceError where it or its text is missing.

        The path is what a refusal names.
        """
        if not _READER.fullmatch(wanted.reader):
            raise refusal(path, "no reader", name=wanted.reader)
        slug = (wanted.document or "").removeprefix("document/") or _only_text(wanted, path)
        if not _SLUG.fullmatch(slug) or wanted.reader_iri.endswith(f"/{SETTLED}"):
            raise refusal(path, "no name", name=slug)
        folder = folder_of(wanted.data, slug)
        current = current_of(folder, wanted.reader_iri)
        wanted.note(folder)
        if current is None:
            text, words = _new_text(wanted, folder, slug, path)
        else:
            text = current.reading.text
            words = wanted.words_of(text.sha256)
            if not words:
                raise _without_text(wanted, text, path)
        return cls(folder, current, text, words, wanted.reader_iri, wanted.at[:10])

    def taking(self, wanted: Wanted, terms: Terms, text: QuotedText) -> TableImport:
        """Return what takes facts in."""
        begun = self.begun()
        return TableImport(begun, terms, Things.of_quads(wanted.quads).beside(begun), text)

    def begun(self) -> DocumentReading:
        """Return the reading as it is before the table."""
        if self.current is not None:
            return self.current.reading
        empty = DocumentReading(self.text, self.reader)
        return empty.moved_on(first_acts(empty, self.words, self.day))

    def add(self, after: DocumentReading, unplaced: tuple[Unplaced, ...], at: str) -> Imported:
        """Write down what the table brings."""
        before = self.current.reading if self.current else DocumentReading(self.text, self.reader)
        acts = changes(before, after)
        target = self.current or CurrentReading(
            before, self.folder.file_of(self.reader), Opened(self.text, self.reader)
        )
        target.add(acts, at)
        return Imported(len(acts), unplaced)


def _only_text(wanted: Wanted, path: Path) -> str:
    names = {slug_of(Path(it.path).stem) for it in wanted.every_text}
    if len(names) == 1:
        return names.pop()
    raise refusal(path, "which document")


def _new_text(
    wanted: Wanted, folder: DocumentFolder, slug: str, path: Path
) -> tuple[DocumentText, str]:
    """Return the text of a document about which the reader decided nothing yet."""
    others = [it for it in folder.decisions() if not it.opening.settles]
    if others:
        text = others[0].opening.text
        if words := wanted.words_of(text.sha256):
            return text, words
        raise _without_text(wanted, text, path)
    if there := sorted(folder.path.glob(f"*{TRIG}")):
        raise refusal(there[0], "by hand", folder=folder.path)
    named = wanted.texts_called(slug) or [*wanted.texts]
    if len({it.sha256 for it in named}) != 1:
        raise refusal(path, "no text", name=slug)
    (source, *_) = named
    if not source.text.strip():
        raise refusal(source.path, "empty text")
    return (
        DocumentText(
            f"{ID}document/{slug}",
            f"{ID}extraction/{slug}",
            source.sha256,
            len(source.text),
            wanted.languages(),
        ),
        source.text,
    )


def _without_text(wanted: Wanted, text: DocumentText, path: Path) -> RallynovError:
    """Return that the text in which positions were counted is not there, or is another one now."""
    name = short_iri(text.document)
    slug = name.rpartition("/")[2]
    if others := wanted.texts_called(slug) or [*wanted.texts]:
        other = others[0].path
        digest = text.sha256[:12]
        return refusal(other, "other text", name=name, digest=digest, new=other)
    return refusal(path, "text needed", name=name)
