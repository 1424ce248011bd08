"""Files of any kind that is known, taken into the decisions on a document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.namespaces import ID, PREFIXES, RN, short_iri
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.acts import DocumentText, FilesSeen, Opened, digest_of
from rallynov_graph.desk.decisions_file import SETTLED
from rallynov_graph.desk.document_folder import (
    TRIG,
    CurrentReading,
    DocumentFolder,
    current_reading,
    digest_of_file,
    folder_of,
    head_of,
    trig_files,
)
from rallynov_graph.desk.document_reading import DocumentReading, changes, first_acts
from rallynov_graph.desk.fact_rows import AnnotationFile, TableImport, Unplaced, rows
from rallynov_graph.desk.implied import Digest, TrigFile, reading_from, unsaid
from rallynov_graph.desk.proposing.proposers.contact_details import is_contact
from rallynov_graph.desk.quotations import QuotedText
from rallynov_graph.desk.short_terms import slug_of
from rallynov_graph.desk.terms import LANG_STRING, STRING, Terms
from rallynov_graph.desk.things import Things
from rallynov_graph.desk.trig_writing import files_of
from rallynov_graph.desk.words import Remark, message, refusal
from rallynov_graph.identity.recording import owed_languages
from rallynov_graph.rdf.locations import locate
from rallynov_graph.release import building
from rallynov_graph.release.documents import SourceFile
from rallynov_graph.release.text_faults import TextChecks, printed_properties

_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_READER: Final = re.compile(
    r"[a-z]+(?:-[a-z]+)*/[a-z0-9]+(?:[-.][a-z0-9]+)*|https?://[^\s<>\"{}|\\^`\x00-\x20]+"
)
TABLES: Final = (".csv", ".tsv")
ANNOTATIONS: Final = (".json", ".jsonld")
_OA: Final = PREFIXES["oa"]
_FORMAT_OF: Final = NamedNode(f"{PREFIXES['dcterms']}isFormatOf")
_TOKENS: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|(?P<remark>\#[^\n]*)', re.DOTALL
)
_TEXTS: Final = frozenset({LANG_STRING, STRING})
_DIGEST: Final = f"{RN}sha256"
_SHOWN: Final = 80
"""How many characters of a remark are shown."""


@dataclass(frozen=True)
class Imported:
    """The result of an import: the number of acts added, and what could not be imported."""

    acts: int
    unplaced: tuple[Unplaced, ...] = ()


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
    """The remarks about decisions that a crash truncated."""

    def note(self, folder: DocumentFolder) -> None:
        """Add a remark about the decisions on a document."""
        self.remarks.extend(it.remark for it in folder.decisions() if it.remark)

    @property
    def reader_iri(self) -> str:
        return self.reader if ":" in self.reader else f"{ID}{self.reader}"

    def languages(self) -> tuple[str, ...]:
        return owed_languages(self.quads, building.ontology_of(ontology_dir()))

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """The statements of the data, as they are written."""
        return tuple(building.written(self.data))

    @property
    def every_text(self) -> tuple[SourceFile, ...]:
        return (*self.texts, *self.folder_texts)

    def texts_called(self, slug: str) -> list[SourceFile]:
        """Return the texts whose files are called as a document."""
        return [it for it in self.every_text if slug_of(Path(it.path).stem) == slug]

    def words_of(self, sha256: str) -> str:
        """Return the text with a digest; the empty string if it was not given."""
        return next((it.text for it in self.every_text if it.sha256 == sha256), "")


def texts_in(folder: Path) -> tuple[SourceFile, ...]:
    there = sorted(path for path in (folder / "texts").glob("*") if path.is_file())
    return tuple(map(SourceFile.read, there))


def take_in(wanted: Wanted, paths: Sequence[Path]) -> tuple[Imported, ...]:
    """Import files one by one, and return the result.

    Raises SourceError for a file that cannot be read; nothing of that file is imported.
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
    done = [_take_in_rows(wanted, path) for path in (*tables, *notes)]
    by_folder: dict[Path, list[Path]] = defaultdict(list)
    for path in trig:
        for file in sorted(path.glob(f"*{TRIG}")) if path.is_dir() else [path]:
            by_folder[file.parent].append(file)
    done += [_take_in_trig(wanted, parent, files) for parent, files in by_folder.items()]
    return tuple(done)


def _take_in_trig(wanted: Wanted, parent: Path, paths: Sequence[Path]) -> Imported:
    """Import TriG files of a document, and return the result; only changes are written.

    A file replaces the earlier decisions for the file of its name. Raises SourceError if it cannot
    be read, or does not describe the text of the document.
    """
    is_in_data = parent.resolve().is_relative_to(wanted.data.resolve())
    slug = wanted.document or (parent.name if is_in_data else paths[0].stem)
    folder = DocumentFolder(parent) if is_in_data else folder_of(wanted.data, slug)
    # Files say what was settled between two readings, and neither of them.
    is_settled = any(it.name == SETTLED for it in folder.decisions())
    current = current_reading(folder) if is_settled else current_of(folder, wanted.reader_iri)
    wanted.note(folder)
    words = _words_of(paths, wanted, current)
    files = [*trig_files(paths)]
    others = [it for it in _written(current) if it.name not in {file.name for file in files}]
    every = [*files, *others]
    quads = [it for file in every for it in file.quads]
    text = _described_text(paths, quads, wanted, current)
    _refuse_file_faults(paths, quads, checks_of(text, words))
    before = current.reading if current else DocumentReading(text, wanted.reader_iri)
    graphs = [it.address for it in before.of_kind("graph")]
    after = reading_from(every, text, before.reader, _digests(before, words), graphs)
    opening = current.opening if current else Opened(after.text, wanted.reader_iri)
    begun = before if current else replace(before, text=after.text)
    after = replace(after, main_graph=begun.main_graph or after.main_graph)
    acts = changes(begun, after)
    left = unsaid(begun.moved_on(acts), every)
    unplaced = (*_remarks(paths), *_without_place(left, paths))
    here = [path for path in paths if path.resolve().parent == folder.path.resolve()]
    seen = {path.stem: digest_of_file(path.read_bytes()) for path in here if not unplaced}
    if any(begun.digests.get(name) != digest for name, digest in seen.items()):
        acts.append(FilesSeen({**begun.digests, **seen}))
    target = current or CurrentReading(begun, folder.file_of(wanted.reader_iri), opening)
    target.add(acts, wanted.at)
    return Imported(sum(not isinstance(it, FilesSeen) for it in acts), unplaced)


def checks_of(text: DocumentText, words: str) -> TextChecks:
    """Return the checks of a reading against the words of its text; none without words."""
    printed = printed_properties(building.ontology_of(ontology_dir()))
    return TextChecks({text.extraction: words} if words else {}, printed)


def _refuse_file_faults(paths: Sequence[Path], quads: Sequence[Quad], checks: TextChecks) -> None:
    """Raise SourceError with the first fault that files have, and how many there are."""
    faults = [*_contacts(quads), *_outside(quads, checks)]
    for it in checks.faults(quads):
        faults.append((getattr(it.focus, "value", ""), it.messages))
    if not faults:
        return
    focus, messages = faults[0]
    place = locate(paths, [focus]).get(focus)
    path, line = (str(place.path), place.line) if place else (str(paths[0]), None)
    reasons = {
        code: message("fault.nothing taken", reason=text, n=len(faults))[code]
        for code, text in messages.items()
    }
    raise SourceError(path, reasons["en"], line, reasons=reasons)


def _contacts(quads: Sequence[Quad]) -> Iterator[tuple[str, Mapping[str, str]]]:
    for it in quads:
        value = it.object
        if not isinstance(value, Literal) or value.datatype.value not in _TEXTS:
            continue
        if it.predicate.value != _DIGEST and is_contact(value.value):
            yield str(it.subject)[1:-1], message("fault.contact")


def _outside(quads: Sequence[Quad], checks: TextChecks) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield the passages that end behind their text."""
    ends = {it.subject: it.object for it in quads if it.predicate.value == f"{_OA}end"}
    selectors = {it.subject: it.object for it in quads if it.predicate.value == f"{_OA}hasSelector"}
    for it in quads:
        text = checks.texts.get(getattr(it.object, "value", ""))
        if it.predicate.value != f"{_OA}hasSource" or text is None:
            continue
        end = getattr(ends.get(selectors.get(it.subject)), "value", "")  # type: ignore[arg-type]
        if end.isdigit() and int(end) > len(text):
            yield str(it.subject)[1:-1], message("fault.behind the text", end=end, length=len(text))


def _written(current: CurrentReading | None) -> Iterator[TrigFile]:
    """Yield the files that result from the decisions so far."""
    files = files_of(current.reading) if current else {}
    for name, text in files.items():
        yield TrigFile(name, head_of(text), [*parse(text, format=RdfFormat.TRIG)])


def _described_text(
    paths: Sequence[Path], quads: Sequence[Quad], wanted: Wanted, current: CurrentReading | None
) -> DocumentText:
    """Return the text that the files read: the one of most passages."""
    languages = wanted.languages()  # No build reads some data: the error says which.
    texts = {quad.subject: quad.object for quad in quads if quad.predicate == _FORMAT_OF}
    used = [quad.object for quad in quads if quad.predicate.value == f"{_OA}hasSource"]
    found = max(texts, key=used.count, default=None)
    if found is None:
        if current is not None:
            return current.reading.text
        raise refusal(paths[0], "no extraction")
    told = {q.predicate.value: q.object for q in quads if q.subject == found}
    digest, length = (told.get(f"{RN}{name}") for name in ("sha256", "lengthInCodePoints"))
    if not isinstance(digest, Literal) or not isinstance(length, Literal):
        raise refusal(paths[0], "no digest", name=found)
    document = texts[found]
    assert isinstance(found, NamedNode) and isinstance(document, NamedNode)
    if current is not None:
        languages = current.reading.text.languages
    return DocumentText(document.value, found.value, digest.value, int(length.value), languages)


def _digests(before: DocumentReading, words: str) -> Digest:
    known = {it.span: it.digest for entry in before.entries.values() for it in entry.words}

    def digest(span: tuple[int, int]) -> str:
        start, end = span
        return digest_of(words[start:end]) if words and end <= len(words) else known.get(span, "")

    return digest


def _remarks(paths: Iterable[Path]) -> Iterator[Unplaced]:
    """Yield the comments inside files, which decisions cannot keep."""
    for path in paths:
        text = path.read_bytes().decode("utf-8")
        for found in _TOKENS.finditer(text, len(head_of(text))):
            if shown := (found["remark"] or "")[:_SHOWN]:
                line = text.count("\n", 0, found.start()) + 1
                yield Unplaced(str(path), line, message("unplaced.remark", text=shown))


def _without_place(quads: Sequence[Quad], paths: Sequence[Path]) -> Iterator[Unplaced]:
    subjects = [it.subject.value for it in quads if isinstance(it.subject, NamedNode)]
    places = locate(paths, subjects)
    for quad in quads:
        place = places.get(getattr(quad.subject, "value", ""))
        path, line = (str(place.path), place.line) if place else (str(paths[0]), 1)
        yield Unplaced(path, line, message("unplaced.statement", text=str(quad)))


def _words_of(paths: Iterable[Path], wanted: Wanted, current: CurrentReading | None) -> str:
    """Return the text whose digest files name, which are read as bytes, else that decided about."""
    contents = [path.read_bytes() for path in paths]
    for it in wanted.every_text:
        if any(it.sha256.encode() in content for content in contents):
            return it.text
    return wanted.words_of(current.reading.text.sha256) if current else ""


def current_of(folder: DocumentFolder, reader: str) -> CurrentReading | None:
    """Return a reader's reading and its file; None if there is none yet."""
    for it in folder.decisions():
        if it.path == folder.file_of(reader):
            return CurrentReading(it.reading, it.path, it.opening)
    return None


def _take_in_rows(wanted: Wanted, path: Path) -> Imported:
    """Import a table or annotations, and return the result."""
    is_table = path.suffix.lower() in TABLES
    table = [*rows(path)] if is_table else []
    document = DocumentBeingRead.found(wanted, path)
    text, terms = QuotedText(document.words), Terms.load()
    begun = document.current.reading if document.current else document.begun()
    things, checks = Things.of_quads(wanted.quads), checks_of(document.text, document.words)
    taking = TableImport(begun, terms, things.beside(begun), text, checks)
    if is_table:
        unplaced = [*taking.take(str(path), table)]
    else:
        annotations = AnnotationFile(path, text, terms)
        left = taking.take(str(path), annotations.rows(), "annotation")
        unplaced = sorted((*left, *annotations.unplaced), key=lambda it: it.line)
    target = document.target()
    acts = changes(target.reading, taking.reading())
    target.add(acts, wanted.at)
    return Imported(len(acts), tuple(unplaced))


@dataclass(frozen=True)
class DocumentBeingRead:
    """A document with its text, and what one reader decided about it when it was found."""

    folder: DocumentFolder
    current: CurrentReading | None
    text: DocumentText
    words: str = field(repr=False)
    reader: str
    data: Path
    day: str

    @classmethod
    def found(cls, wanted: Wanted, path: Path) -> Self:
        """Return the wanted document; raise SourceError if it or its text is missing.

        The path is named in the error.
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
        return cls(folder, current, text, words, wanted.reader_iri, wanted.data, wanted.at[:10])

    def begun(self) -> DocumentReading:
        empty = DocumentReading(self.text, self.reader)
        return empty.moved_on(first_acts(empty, self.words, self.day))

    def target(self) -> CurrentReading:
        """Return the acts so far, and where the next ones are written."""
        empty = DocumentReading(self.text, self.reader)
        opening = Opened(self.text, self.reader)
        return self.current or CurrentReading(empty, self.folder.file_of(self.reader), opening)


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
    """Return the error that the text in which positions were counted is missing or changed."""
    name = short_iri(text.document)
    slug = name.rpartition("/")[2]
    if others := wanted.texts_called(slug) or [*wanted.texts]:
        other = others[0].path
        digest = text.sha256[:12]
        return refusal(other, "other text", name=name, digest=digest, new=other)
    return refusal(path, "text needed", name=name)
