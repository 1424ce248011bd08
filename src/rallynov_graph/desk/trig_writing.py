"""The files of a document as its readers decided; what people changed in them is never lost.

A validation says what files and decisions say differently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, PREFIXES, SHAPES, kind_of_iri
from rallynov_graph.base.whole_files import flush_to_disk, replacing_file
from rallynov_graph.desk.acts import FilesSeen
from rallynov_graph.desk.document_folder import (
    CurrentReading,
    DocumentFolder,
    current_reading,
    digest_of_file,
    document_folders,
)
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.implied import OA, Said, Statements, statements
from rallynov_graph.desk.short_terms import LABEL, TYPE
from rallynov_graph.desk.words import message, refusal
from rallynov_graph.rdf.turtle_writing import TrigWriter
from rallynov_graph.validation.report import WARNING, Finding

_WIDTH: Final = 110
"""The maximum length of a line with several values."""
_FIRST: Final = (TYPE, LABEL)
_FIRST_OF_BOOKKEEPING: Final = (
    *_FIRST,
    f"{OA}hasSource",
    f"{PREFIXES['dcterms']}isPartOf",
    f"{OA}hasSelector",
    *(f"{PREFIXES['rn']}{name}" for name in ("passage", "certainty", "reason", "voice")),
)
"""The order of properties; the others follow as they were said."""
_TOGETHER: Final = (f"{OA}start", f"{OA}end")
"""Two properties that are written on one line."""
_LAST: Final = 1 << 60


class Fate(StrEnum):
    SAME = "the same"
    WRITTEN = "written"
    REMOVED = "removed"


@dataclass(frozen=True)
class WrittenFile:
    """A file of a document, and what became of it."""

    path: Path
    fate: Fate


def write(
    folder: DocumentFolder, current: CurrentReading, at: str, *, rehearse: bool = False
) -> tuple[WrittenFile, ...]:
    """Write the files of a document according to the decisions, and return their fates.

    Each appears completely or not at all; if the process is killed between two, the next call
    writes the others. Raises SourceError, before anything is written, if a file was edited by hand.
    """
    texts = {name: text.encode() for name, text in files_of(current.reading).items()}
    known = dict(current.reading.digests)
    fates = dict(_fates(folder, texts, known))
    if rehearse:
        return tuple(WrittenFile(folder.trig_file(name), fate) for name, fate in fates.items())
    for name, fate in fates.items():
        path = folder.trig_file(name)
        try:
            if fate is Fate.WRITTEN:
                _replace(path, texts[name])
            elif fate is Fate.REMOVED:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise SourceError.unwritten(path, error) from error
    now = {name: digest_of_file(text) for name, text in texts.items()}
    gone = {name: "" for name in known if name not in now}
    if now != known:
        current.add([FilesSeen(now | gone)], at)
    return tuple(WrittenFile(folder.trig_file(name), fate) for name, fate in fates.items())


def _fates(
    folder: DocumentFolder, texts: Mapping[str, bytes], known: Mapping[str, str]
) -> Iterator[tuple[str, Fate]]:
    for name in sorted({*texts, *known}):
        there = folder.digest_of(name)
        wanted = digest_of_file(texts[name]) if name in texts else ""
        if there == wanted:
            if name in texts:
                yield name, Fate.SAME
            continue
        if there and there != known.get(name):
            path = folder.trig_file(name)
            was = "changed by hand" if name in known else "written by hand"
            raise refusal(path, was, file=path)
        yield name, Fate.WRITTEN if name in texts else Fate.REMOVED


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
    with replacing_file(path, mode) as file:
        file.write(content)
    flush_to_disk(path.parent)


def files_of(reading: DocumentReading) -> dict[str, str]:
    """Return the text of each file of a document, by the file's name without its suffix."""
    found = statements(reading)
    files: dict[str, list[str]] = defaultdict(list)
    described = (graph for graph, _ in found.curated)
    for graph in dict.fromkeys((*(it.address for it in reading.of_kind("graph")), *described)):
        entry = reading.entries.get((graph, graph))
        files[(entry.file if entry else "") or reading.slug].append(graph)
    return {name: _text(reading, found, graphs) for name, graphs in sorted(files.items())}


def _text(reading: DocumentReading, found: Statements, graphs: Sequence[str]) -> str:
    """Return a file: its remark, the prefixes that it uses, its graphs."""
    writer, bodies = TrigWriter(_WIDTH), []
    facts: dict[str, list[tuple[str, Said]]] = defaultdict(list)
    for (named, subject), said in found.facts.items():
        facts[named].append((subject, said))
    for graph in graphs:
        of_graph = (it for it in reading.of_kind("set") if it.graph == graph)
        sets = sorted(of_graph, key=_place_in_text)
        blocks = _in_order(reading, found, graph, sets)
        described = [(it, found.curated[graph, it]) for it in blocks]
        bodies.append(writer.graph(graph, _blocks(writer, described, "\n\n")))
        for entry in sets:
            if own := facts.get(entry.address):
                bodies.append(writer.graph(entry.address, _blocks(writer, own, "\n")))
    heads = (reading.entries.get((graph, graph)) for graph in graphs)
    head = next((it.head for it in heads if it and it.head), "")
    return f"{head}{writer.prefixes()}\n" + "\n".join(bodies)


def _blocks(
    writer: TrigWriter, described: Sequence[tuple[str, Said]], between: str
) -> Iterator[str]:
    for number, (subject, said) in enumerate(described):
        kind = kind_of_iri(subject)
        is_bookkeeping = kind in ("passage", "part", "assertion-set")
        first = _FIRST_OF_BOOKKEEPING if is_bookkeeping else _FIRST
        names = sorted(said, key=lambda it: first.index(it) if it in first else len(first))
        block = writer.block(subject, {it: said[it] for it in names}, _TOGETHER)
        separator = "\n" if kind in ("selector", "reading") else between
        yield f"{separator if number else ''}{block}"


def _place_in_text(entry: Entry) -> tuple[object, ...]:
    """Return the place of a set: by its first words, the longer ones first, then by its name."""
    start, end = entry.words[0].span if entry.words else (_LAST, _LAST)
    return start, -end, entry.address


def _in_order(
    reading: DocumentReading, found: Statements, graph: str, sets: Iterable[Entry]
) -> list[str]:
    """Return the things that a graph describes, in the order in which one reads of them."""
    here = [subject for within, subject in found.curated if within == graph]

    def of_kind(*kinds: str) -> list[str]:
        return [it for it in here if kind_of_iri(it) in kinds]

    def in_text(kind: str) -> list[str]:
        return sorted(of_kind(kind), key=lambda it: _position(found, it))

    def each_with(things: Iterable[str], name: str) -> Iterator[str]:
        for thing in things:
            yield thing
            yield from (it.value for it in found.curated[graph, thing].get(name, ()))

    stated = [it for entry in sets for it in (*entry.facts, entry.address)]
    apart = {*stated, *of_kind("passage", "selector", "question", "reading")}
    passages = in_text("passage")
    ordered = (
        *(graph, reading.text.document, reading.text.extraction),
        *each_with(in_text("part"), f"{OA}hasSelector"),
        *(it for it in here if it not in apart),
        *stated,
        *each_with(of_kind("question"), f"{PREFIXES['rn']}reading"),
        *of_kind("reading"),
    )
    last = {*passages}
    before = (it for it in ordered if it not in last)
    every = dict.fromkeys((*before, *each_with(passages, f"{OA}hasSelector"), *here))
    there = {*here}
    return [it for it in every if it in there]


def _position(found: Statements, address: str) -> tuple[int, int, str]:
    start, end = found.positions.get(address, (_LAST, _LAST))
    return start, -end, address


def findings(data: Path) -> list[Finding]:
    """Return a warning for each file of the data that is not as its readers decided."""
    return [it for folder in document_folders(data) for it in _behind(folder)]


def _behind(folder: DocumentFolder) -> Iterator[Finding]:
    try:
        current = current_reading(folder)
    except SourceError as error:
        yield _finding("decisions_are_read", folder, *map(error.text, LANGUAGES))
        return
    if current is None:
        return
    reading = current.reading
    texts = {name: digest_of_file(it.encode()) for name, it in files_of(reading).items()}
    for name in sorted({*texts, *reading.digests}):
        there, file = folder.digest_of(name), folder.trig_file(name).name
        if there != texts.get(name, ""):
            is_by_hand = there != reading.digests.get(name, "")
            check = "changes_are_decided" if is_by_hand else "decisions_are_written"
            yield _finding(check, folder, file, file)


def _finding(check: str, folder: DocumentFolder, *files: str) -> Finding:
    """Return a warning about a file, with a message in each language."""
    return Finding(
        severity=WARNING,
        shape=f"{SHAPES}check-{check}",
        focus=NamedNode(f"{ID}document/{folder.slug}"),
        messages={
            code: message(f"finding.{check}", file=file)[code]
            for code, file in zip(LANGUAGES, files, strict=True)
        },
    )
