"""TriG of a document, taken into its readers' decisions: what it says, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.desk import trig_blocks
from rallynov_graph.desk.acts import DocumentText, FilesSeen, Opened, digest_of
from rallynov_graph.desk.document_folder import (
    CurrentReading,
    DocumentFolder,
    digest_of_file,
    head_of,
    trig_files,
)
from rallynov_graph.desk.document_reading import DocumentReading, changes
from rallynov_graph.desk.import_faults import checks_of, refuse_file_faults
from rallynov_graph.desk.quads_to_reading import Digest, TrigFile, reading_from, unsaid
from rallynov_graph.desk.unplaced import Unplaced
from rallynov_graph.desk.words import refusal
from rallynov_graph.rdf.locations import locate

_OA: Final = PREFIXES["oa"]
_FORMAT_OF: Final = NamedNode(f"{PREFIXES['dcterms']}isFormatOf")
_TOKENS: Final = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|(?P<remark>\#[^\n]*)', re.DOTALL
)


@dataclass(frozen=True)
class Imported:
    """What came of an import: how many acts were added, and what could not be placed."""

    acts: int
    unplaced: tuple[Unplaced, ...] = ()


def import_trig(
    folder: DocumentFolder,
    paths: Sequence[Path],
    current: CurrentReading | None,
    reader: str,
    languages: tuple[str, ...],
    words: str = "",
    at: str = "",
) -> Imported:
    """Return what came of taking files of a document in; only what changed is written down.

    A file takes the place of what was decided for the one of its name. Raises SourceError where it
    cannot be read, or where the text of the document is not described.
    """
    files = [*trig_files(paths)]
    others = [it for it in _written(current) if it.name not in {file.name for file in files}]
    every = [*files, *others]
    text = _text(paths, every, languages, current)
    refuse_file_faults(paths, [it for file in every for it in file.quads], checks_of(text, words))
    before = current.reading if current else DocumentReading(text, reader)
    after = reading_from(
        every,
        text,
        before.reader,
        _digests(before, words),
        [it.address for it in before.graphs],
    )
    opening = current.opening if current else Opened(after.text, reader)
    begun = before if current else replace(before, text=after.text)
    after = replace(after, main_graph=begun.main_graph or after.main_graph)
    acts = changes(begun, after)
    unplaced = (*_remarks(paths), *_unsaid(unsaid(begun.moved_on(acts), every), paths))
    seen = {} if unplaced else dict(_seen(folder, paths))
    if any(begun.digests.get(name) != digest for name, digest in seen.items()):
        acts.append(FilesSeen({**begun.digests, **seen}))
    target = current or CurrentReading(begun, folder.file_of(reader), opening)
    target.add(acts, at)
    return Imported(sum(not isinstance(it, FilesSeen) for it in acts), unplaced)


def _written(current: CurrentReading | None) -> Iterator[TrigFile]:
    """Yield the files that follow from what was decided so far."""
    if current is None:
        return
    for name, text in trig_blocks.files_of(current.reading).items():
        yield TrigFile(name, head_of(text), [*parse(text, format=RdfFormat.TRIG)])


def _text(
    paths: Sequence[Path],
    files: Iterable[TrigFile],
    languages: tuple[str, ...],
    current: CurrentReading | None,
) -> DocumentText:
    """Return the text that the files read: the one in which most passages lie."""
    quads = [quad for file in files for quad in file.quads]
    texts = {quad.subject: quad.object for quad in quads if quad.predicate == _FORMAT_OF}
    used = [quad.object for quad in quads if quad.predicate.value == f"{_OA}hasSource"]
    found = max(texts, key=used.count, default=None)
    if found is None:
        if current is not None:
            return current.reading.text
        raise refusal(paths[0], "no extraction")
    said = {q.predicate.value: q.object for q in quads if q.subject == found}
    digest, length = (said.get(f"{RN}{name}") for name in ("sha256", "lengthInCodePoints"))
    if not isinstance(digest, Literal) or not isinstance(length, Literal):
        raise refusal(paths[0], "no digest", name=found)
    document = texts[found]
    assert isinstance(found, NamedNode) and isinstance(document, NamedNode)
    named = current.reading.text.languages if current else languages
    return DocumentText(document.value, found.value, digest.value, int(length.value), named)


def _digests(before: DocumentReading, words: str) -> Digest:
    known = {it.span: it.digest for entry in before.entries.values() for it in entry.words}

    def digest(span: tuple[int, int]) -> str:
        start, end = span
        return digest_of(words[start:end]) if words and end <= len(words) else known.get(span, "")

    return digest


def _seen(folder: DocumentFolder, paths: Iterable[Path]) -> Iterator[tuple[str, str]]:
    for path in paths:
        if path.resolve().parent == folder.path.resolve():
            yield path.stem, digest_of_file(path.read_bytes())


def _remarks(paths: Iterable[Path]) -> Iterator[Unplaced]:
    """Yield the remarks inside of files, which have no place in what is decided."""
    for path in paths:
        text = path.read_bytes().decode("utf-8")
        head = len(head_of(text))
        for found in _TOKENS.finditer(text, head):
            if found["remark"]:
                line = text.count("\n", 0, found.start()) + 1
                yield Unplaced.remark(str(path), line, found["remark"])


def _unsaid(quads: Sequence[Quad], paths: Sequence[Path]) -> Iterator[Unplaced]:
    subjects = [it.subject.value for it in quads if isinstance(it.subject, NamedNode)]
    places = locate(paths, subjects)
    for quad in quads:
        place = places.get(getattr(quad.subject, "value", ""))
        path, line = (str(place.path), place.line) if place else (str(paths[0]), 1)
        yield Unplaced.statement(path, line, str(quad))


def documents_of(paths: Iterable[Path]) -> Mapping[Path, list[Path]]:
    """Return the TriG files at some paths by their folders; a folder stands for its files."""
    found: dict[Path, list[Path]] = {}
    for path in paths:
        for file in sorted(path.glob("*.trig")) if path.is_dir() else [path]:
            found.setdefault(file.parent, []).append(file)
    return found
