"""The folder of a document: its files of TriG, and what its readers decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError, UnknownNameError
from rallynov_graph.desk import decisions_file
from rallynov_graph.desk.acts import Act, Opened, counting
from rallynov_graph.desk.decisions_file import SETTLED, SUFFIX, Decisions
from rallynov_graph.desk.document_reading import DocumentReading, reading_of
from rallynov_graph.desk.quads_to_reading import TrigFile
from rallynov_graph.desk.reading_comparison import compared
from rallynov_graph.desk.words import refusal
from rallynov_graph.matching.near_names import near
from rallynov_graph.rdf import sources

TRIG: Final = ".trig"
_DIGITS: Final = 16


def digest_of_file(content: bytes) -> str:
    """Return what tells a file from another state of it."""
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class DocumentFolder:
    """A folder of the data that describes one document."""

    path: Path

    @property
    def slug(self) -> str:
        """The name of the document."""
        return self.path.name

    def decisions(self) -> tuple[Decisions, ...]:
        """Return what each reader decided, and last what settles it; raise SourceError."""
        found = [*map(decisions_file.read, decisions_file.files_of(self.path))]
        return tuple(sorted(found, key=lambda it: (it.name == SETTLED, it.name)))

    def readings(self) -> tuple[DocumentReading, ...]:
        """Return the reading of each reader, without what settles them."""
        return tuple(
            reading_of(it.opening, it.acts) for it in self.decisions() if it.name != SETTLED
        )

    def file_of(self, reader: str) -> Path:
        """Return the file of a reader's decisions."""
        name = reader.rpartition("/")[2]
        return self.path / decisions_file.FOLDER / f"{name}{SUFFIX}"

    def trig_file(self, name: str) -> Path:
        """Return a file of the document by its name without the suffix."""
        return self.path / f"{name}{TRIG}"

    def digest_of(self, name: str) -> str:
        """Return the digest of a file as it is; the empty string where there is none."""
        path = self.trig_file(name)
        try:
            return digest_of_file(path.read_bytes()) if path.is_file() else ""
        except OSError as error:
            raise SourceError.unread(path, error) from error


@dataclass(frozen=True)
class CurrentReading:
    """The reading that counts for a document, and where what is done next is written down."""

    reading: DocumentReading
    file: Path
    opening: Opened

    def add(self, acts: Sequence[Act], at: str) -> None:
        """Write acts down; raise SourceError."""
        if acts:
            decisions_file.append(self.file, self.opening, acts, at)


def current_reading(folder: DocumentFolder) -> CurrentReading | None:
    """Return the reading of a document that counts: the settled one after two; None without any.

    Raises SourceError where two were made and nothing settles them.
    """
    found = folder.decisions()
    readers = {it.name: it for it in found if it.name != SETTLED}
    settling = next((it for it in found if it.name == SETTLED), None)
    if settling is None and len(readers) < 2:
        alone = [
            CurrentReading(reading_of(it.opening, it.acts), it.path, it.opening)
            for it in readers.values()
        ]
        return next(iter(alone), None)
    if settling is None and len(readers) > 2:
        place = folder.path / decisions_file.FOLDER
        raise refusal(place, "several", count=len(readers), slug=folder.slug)
    return _settled(folder, readers, settling)


def _settled(
    folder: DocumentFolder, readers: Mapping[str, Decisions], settling: Decisions | None
) -> CurrentReading:
    names = settling.opening.settles if settling else tuple(readers)
    if settling and (missing := [name for name in names if name not in readers]):
        raise refusal(settling.path, "not beside", file=f"{missing[0]}{SUFFIX}")
    first, second = (readers[name] for name in names)
    settled = settled_reading(folder, first, second, settling)
    differences = compared(
        reading_of(first.opening, first.acts), reading_of(second.opening, second.acts)
    ).differences
    left = sum(it.key not in settled.reading.settled for it in differences)
    if left:
        raise refusal(
            settled.file.parent,
            "one left" if left == 1 else "left",
            count=left,
            first=first.name,
            second=second.name,
            slug=folder.slug,
        )
    return settled


def settled_reading(
    folder: DocumentFolder, first: Decisions, second: Decisions, settling: Decisions | None
) -> CurrentReading:
    """Return what was settled between two readings so far: the first one, and acts on top of it."""
    one, other = (reading_of(it.opening, it.acts) for it in (first, second))
    begun = replace(one, digests={**other.digests, **one.digests})
    names = (first.name, second.name)
    opening = settling.opening if settling else replace(first.opening, settles=names)
    acts = counting(settling.acts) if settling else []
    path = folder.path / decisions_file.FOLDER / f"{SETTLED}{SUFFIX}"
    return CurrentReading(begun.moved_on(it.act for it in acts), path, opening)


def document_folders(data: Path) -> list[DocumentFolder]:
    """Return the folders of data in which documents are described or decided about."""
    found = {path.parent.parent for path in data.glob(f"*/*/{decisions_file.FOLDER}/*{SUFFIX}")}
    found |= {path.parent for path in data.glob(f"*/*/*{TRIG}")}
    return [DocumentFolder(path) for path in sorted(found)]


def folder_of(data: Path, slug: str) -> DocumentFolder:
    """Return the folder of a document, in the place of a new one if there is none."""
    for folder in document_folders(data):
        if folder.slug == slug:
            return folder
    places = sorted({it.path.parent for it in document_folders(data)})
    return DocumentFolder((places[0] if places else data / "documents") / slug)


def known_folder(data: Path, name: str) -> DocumentFolder:
    """Return the folder of a document by its name; raise UnknownNameError with near ones."""
    slug = name.rpartition("/")[2]
    known = {it.slug: it for it in document_folders(data) if it.decisions()}
    if slug in known:
        return known[slug]
    nearest = near(slug, known, 1)
    hint = f"did you mean {nearest[0]}?" if nearest else f"there is {', '.join(known) or 'none'}."
    indice = f"serait-ce {nearest[0]} ?" if nearest else f"il y a {', '.join(known) or 'rien'}."
    raise UnknownNameError(
        f"Nobody decided anything about a document {slug}: {hint}",
        nearest,
        french=f"Personne n’a rien décidé d’un document {slug} : {indice}",
    )


def trig_files(paths: Iterable[Path]) -> Iterator[TrigFile]:
    """Yield files of TriG; raise SourceError."""
    for path in paths:
        quads = [*sources.quads([path], relative_iris=False)]
        yield TrigFile(path.stem, head_of(path.read_bytes().decode("utf-8")), quads)


def head_of(text: str) -> str:
    """Return the remark at a file's head, with the empty line behind it."""
    lines = text.splitlines(keepends=True)
    end = 0
    while end < len(lines) and (not lines[end].strip() or lines[end].startswith("#")):
        end += 1
    head = "".join(lines[:end])
    return head if head.strip() else ""
