"""The files of a document as its readers decided; what people changed in them is never lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.whole_files import flush_to_disk, replacing_file
from rallynov_graph.desk.acts import FilesSeen
from rallynov_graph.desk.document_folder import (
    CurrentReading,
    DocumentFolder,
    digest_of_file,
)
from rallynov_graph.desk.trig_blocks import files_of
from rallynov_graph.desk.words import refusal


class Fate(StrEnum):
    """What becomes of a file."""

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
    """Return the files of a document after they were written as it was decided.

    Each appears whole or not at all; a kill between two leaves some to be written by the next call.
    Raises SourceError, before anything is written, where a file was changed by hand since.
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


def differing(folder: DocumentFolder, current: CurrentReading) -> dict[str, bool]:
    """Return the files that are not as it was decided: whether each was changed by hand."""
    reading = current.reading
    texts = {name: digest_of_file(it.encode()) for name, it in files_of(reading).items()}
    found: dict[str, bool] = {}
    for name in sorted({*texts, *reading.digests}):
        there = folder.digest_of(name)
        if there != texts.get(name, ""):
            found[name] = there != reading.digests.get(name, "")
    return found
