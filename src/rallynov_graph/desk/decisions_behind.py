"""What decisions and files of a document say differently, told with a validation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from pyoxigraph import NamedNode

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import ID, SHAPES
from rallynov_graph.desk import trig_writing
from rallynov_graph.desk.document_folder import DocumentFolder, current_reading, document_folders
from rallynov_graph.desk.words import message
from rallynov_graph.validation.report import WARNING, Finding


def findings(data: Path) -> list[Finding]:
    """Return a warning for each file of the data that is not as its readers decided."""
    return [it for folder in document_folders(data) for it in _of_document(folder)]


def _of_document(folder: DocumentFolder) -> Iterator[Finding]:
    try:
        current = current_reading(folder)
    except SourceError as error:
        yield _finding("decisions_are_read", folder, error.text)
        return
    if current is None:
        return
    for name, is_by_hand in trig_writing.differing(folder, current).items():
        check = "changes_are_decided" if is_by_hand else "decisions_are_written"
        yield _finding(check, folder, folder.trig_file(name).name)


def _finding(check: str, folder: DocumentFolder, file: str | Callable[[str], str]) -> Finding:
    """Return a warning about a file, or about what is told in each language."""
    told = file if callable(file) else lambda _language: file
    return Finding(
        severity=WARNING,
        shape=f"{SHAPES}check-{check}",
        focus=NamedNode(f"{ID}document/{folder.slug}"),
        messages={code: message(f"finding.{check}", file=told(code))[code] for code in LANGUAGES},
    )
