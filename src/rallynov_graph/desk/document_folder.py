"""The folder of a document: its TriG files, its readers' decisions, and their resolution.

The differences between two readings are resolved by acts on top of the first one.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from rallynov_graph.base.errors import SourceError, UnknownNameError
from rallynov_graph.base.namespaces import ID
from rallynov_graph.desk import decisions_file
from rallynov_graph.desk.acts import Act, Opened, Settled, counting
from rallynov_graph.desk.decisions_file import SETTLED, SUFFIX, Decisions
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Fact, Key, changes
from rallynov_graph.desk.implied import TrigFile
from rallynov_graph.desk.reading_comparison import (
    QUESTION,
    Comparison,
    ReadingDifference,
    StatedValue,
    compared,
    moved_value,
)
from rallynov_graph.desk.short_terms import first_free
from rallynov_graph.desk.words import message, refusal, unknown
from rallynov_graph.rdf import sources

TRIG: Final = ".trig"
BOTH: Final = "both"
"""The choice when both readings are right."""
_DIGITS: Final = 16


def digest_of_file(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_DIGITS]


@dataclass(frozen=True)
class DocumentFolder:
    """A folder of the data that describes one document."""

    path: Path

    @property
    def slug(self) -> str:
        return self.path.name

    def decisions(self) -> tuple[Decisions, ...]:
        """Return each reader's decisions, and last their resolution; raise SourceError."""
        found = [*map(decisions_file.read, decisions_file.files_of(self.path))]
        return tuple(sorted(found, key=lambda it: (it.name == SETTLED, it.name)))

    def file_of(self, reader: str) -> Path:
        name = reader.rpartition("/")[2]
        return self.path / decisions_file.FOLDER / f"{name}{SUFFIX}"

    def trig_file(self, name: str) -> Path:
        """Return a file of the document by its name without the suffix."""
        return self.path / f"{name}{TRIG}"

    def digest_of(self, name: str) -> str:
        """Return the digest of a file; the empty string if it does not exist."""
        path = self.trig_file(name)
        try:
            return digest_of_file(path.read_bytes()) if path.is_file() else ""
        except OSError as error:
            raise SourceError.unread(path, error) from error


@dataclass(frozen=True)
class CurrentReading:
    """The reading that counts for a document, and where the next acts are written."""

    reading: DocumentReading
    file: Path
    opening: Opened

    def add(self, acts: Sequence[Act], at: str) -> None:
        """Write acts down; raise SourceError."""
        if acts:
            decisions_file.append(self.file, self.opening, acts, at)


def current_reading(folder: DocumentFolder) -> CurrentReading | None:
    """Return the reading that counts: after two readings, the resolved one; None without any.

    Raises SourceError if there are two without a resolution.
    """
    found = {it.name: it for it in folder.decisions()}
    settling = found.pop(SETTLED, None)
    if settling is None and len(found) < 2:
        alone = (CurrentReading(it.reading, it.path, it.opening) for it in found.values())
        return next(alone, None)
    if settling is None and len(found) > 2:
        place = folder.path / decisions_file.FOLDER
        raise refusal(place, "several", count=len(found), slug=folder.slug)
    names = settling.opening.settles if settling else tuple(found)
    if settling and (missing := [name for name in names if name not in found]):
        raise refusal(settling.path, "not beside", file=f"{missing[0]}{SUFFIX}")
    first, second = names
    readings = _between(folder, found[first], found[second], settling)
    if left := len(readings.open):
        place, why = readings.settled.file.parent, "one left" if left == 1 else "left"
        raise refusal(place, why, count=left, first=first, second=second, slug=folder.slug)
    return readings.settled


def document_folders(data: Path) -> list[DocumentFolder]:
    """Return the folders of data in which documents are described or decided about."""
    found = {path.parent.parent for path in data.glob(f"*/*/{decisions_file.FOLDER}/*{SUFFIX}")}
    found |= {path.parent for path in data.glob(f"*/*/*{TRIG}")}
    return [DocumentFolder(path) for path in sorted(found)]


def folder_of(data: Path, slug: str) -> DocumentFolder:
    """Return the folder of a document, or where a new one is to be."""
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
    raise unknown("document", slug, [*known])


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


@dataclass(frozen=True)
class TwoReadings:
    """Two readings of a document, and what was settled between them."""

    folder: DocumentFolder
    first: Decisions
    second: Decisions
    settled: CurrentReading
    comparison: Comparison

    @property
    def open(self) -> tuple[ReadingDifference, ...]:
        """The differences that nobody decided yet."""
        return tuple(
            it for it in self.comparison.differences if it.key not in self.settled.reading.settled
        )

    def settle(self, taken: Mapping[str, str], at: str) -> int:
        """Return how many differences were settled: whose reading is taken, by their ids.

        Raises UnknownNameError for a difference or reader that there is not; nothing is settled.
        """
        by_id = {it.id: it for it in self.comparison.differences}
        names = (self.first.name, self.second.name, BOTH)
        for identifier, name in taken.items():
            if identifier not in by_id:
                raise unknown("difference", identifier, [*by_id])
            if name not in names:
                raise unknown("reading", name, [*names])
        for identifier, name in taken.items():
            self._settle(by_id[identifier], name, at)
        return len(taken)

    def _settle(self, difference: ReadingDifference, name: str, at: str) -> None:
        current = two_readings(self.folder, self.first.name, self.second.name).settled
        acts: list[Act] = []
        if name != self.first.name:
            change = _Change(current.reading, self.second.reading, self.comparison.same)
            acts = changes(current.reading, change.after(difference, keeps_first=name == BOTH))
        current.add([*acts, Settled(difference.key, name)], at)


def two_readings(folder: DocumentFolder, *names: str) -> TwoReadings:
    """Return two readings of a document, those named or the only ones; raise UnknownNameError."""
    found = {it.name: it for it in folder.decisions()}
    readers = [name for name in found if name != SETTLED]
    for name in names:
        if name not in readers:
            raise unknown("reader", name, readers, slug=folder.slug)
    chosen = names or tuple(readers)
    if len(chosen) != 2:
        every = {code: ", ".join(readers) or it for code, it in message("unknown.nobody").items()}
        told = {
            code: message("unknown.two readings", slug=folder.slug, readers=it)[code]
            for code, it in every.items()
        }
        raise UnknownNameError(told["en"], french=told["fr"])
    settling = found.get(SETTLED)
    if settling is not None and tuple(settling.opening.settles) != chosen:
        chosen = settling.opening.settles if {*settling.opening.settles} == {*chosen} else chosen
    first, second = chosen
    return _between(folder, found[first], found[second], settling)


def _between(
    folder: DocumentFolder, first: Decisions, second: Decisions, settling: Decisions | None
) -> TwoReadings:
    """Return two readings, and what was settled so far: the first one, and acts on top of it."""
    one, other = first.reading, second.reading
    begun = replace(one, digests={**other.digests, **one.digests})
    names = (first.name, second.name)
    opening = settling.opening if settling else replace(first.opening, settles=names)
    acts = counting(settling.acts) if settling else []
    path = folder.path / decisions_file.FOLDER / f"{SETTLED}{SUFFIX}"
    settled = CurrentReading(begun.moved_on(it.act for it in acts), path, opening)
    return TwoReadings(folder, first, second, settled, compared(one, other))


class _Change:
    """The resolved reading with what the second one states."""

    def __init__(
        self, settled: DocumentReading, second: DocumentReading, same: Mapping[str, str]
    ) -> None:
        self._settled, self._second, self._same = settled, second, same
        self._entries: dict[Key, Entry] = dict(settled.entries)

    def after(self, difference: ReadingDifference, *, keeps_first: bool) -> DocumentReading:
        """Return the reading with a difference settled."""
        if difference.prop == QUESTION:
            self._take_question(difference, keeps_first=keeps_first)
        else:
            if not keeps_first:
                self._take_out(difference)
            there = {it.value for it in difference.first} if keeps_first else set()
            for stated in difference.second:
                if stated.value not in there:
                    self._put_in(difference, stated)
        return replace(self._settled, entries=self._entries)

    def _take_out(self, difference: ReadingDifference) -> None:
        for key, entry in list(self._entries.items()):
            unit = difference.subject, difference.prop
            left = [it for it in entry.stated() if (it.subject, it.property) != unit]
            if left:
                self._entries[key] = entry.stating(left)
            elif entry.facts:
                del self._entries[key]

    def _put_in(self, difference: ReadingDifference, stated: StatedValue) -> None:
        """Put a value into a set that is like the one of the second reading, or into a new one."""
        sets = self._second.of_kind("set")
        source = self._taken(next(it for it in sets if it.address == stated.set))

        def is_other(address: str) -> bool:
            there = self._entries.get((source.graph, address), source)
            is_alike = {it.span for it in there.words} == {it.span for it in source.words}
            return not is_alike or there.says != source.says

        address = first_free(source.address, is_other)
        new = replace(source, address=address, facts={})
        entry = self._entries.get(new.key, new)
        fact = Fact(difference.subject, difference.prop, stated.value)
        self._entries[entry.key] = entry.stating([*entry.stated(), fact])
        for thing in (difference.subject, stated.value.value):
            if not any(it.address == thing for it in self._entries.values()):
                self._describe(thing)

    def _describe(self, address: str) -> None:
        """Describe a thing as the second reading does."""
        for entry in self._second.entries.values():
            if entry.address == address and entry.kind in ("thing", "term"):
                taken = self._taken(entry)
                self._entries[taken.key] = taken

    def _take_question(self, difference: ReadingDifference, *, keeps_first: bool) -> None:
        if difference.first and not keeps_first:
            for it in _of_question(self._entries.values(), difference.subject):
                del self._entries[it.key]
        if difference.second:
            address = difference.second[0].set
            for it in map(self._taken, _of_question(self._second.entries.values(), address)):
                self._entries.setdefault(it.key, it)

    def _taken(self, entry: Entry) -> Entry:
        """Return an entry of the second reading as the settled one has it."""
        says = {
            name: tuple(moved_value(it, self._same) for it in values)
            for name, values in entry.says.items()
        }
        return replace(entry, graph=self._settled.first_graph, says=says)


def _of_question(entries: Iterable[Entry], address: str) -> list[Entry]:
    """Return an open question with its readings."""
    readings = f"{ID}reading/{address.rpartition('/')[2]}-"
    return [it for it in entries if it.address == address or it.address.startswith(readings)]
