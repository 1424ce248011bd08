"""The findings of rules and shapes in a document while it is read.

All data are completed and checked again after each act, as ``rallynov validate`` does it.
The statements are those that ``rallynov write`` writes, except for the names of passages, which
have positions here instead of numbers, so that they do not depend on other passages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock, Thread
from typing import Final

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.document_reading import DocumentReading, Key
from rallynov_graph.desk.implied import Said, statements
from rallynov_graph.desk.importing import checks_of
from rallynov_graph.desk.quads_to_reading import quads_in
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.release import building
from rallynov_graph.release.building import Content
from rallynov_graph.validation import report
from rallynov_graph.validation.report import Finding


@dataclass(frozen=True)
class Checked:
    """The findings in a document, and what the last change caused and solved."""

    findings: tuple[Finding, ...] = ()
    brought: tuple[Finding, ...] = ()
    healed: tuple[Finding, ...] = ()
    is_ready: bool = False
    """Whether the data were read; that takes some seconds."""
    error: RallynovError | None = None
    """Why they cannot be checked."""

    def fault(self, language: str) -> str:
        """Return why the document cannot be checked, as a sentence; the empty string if it can."""
        return self.error.text(language) if self.error else ""


NOT_CHECKED: Final = Checked()


class ReadingChecks:
    """Follows a reading; the data are read in a thread, so that nobody waits for them."""

    def __init__(self, document: ReadDocument, reading: DocumentReading) -> None:
        self._document, self._lock = document, Lock()
        self._wanted = reading
        self._checks: _DocumentChecks | None = None
        self.checked = NOT_CHECKED
        """The latest findings."""
        Thread(target=self._begin, daemon=True).start()

    def follow(self, reading: DocumentReading) -> Checked:
        """Return the findings in a reading, and the differences from the previous one."""
        self._wanted = reading
        if self._checks is not None:
            with self._lock:
                self.checked = self._after(self._checks, reading)
        return self.checked

    def _begin(self) -> None:
        try:
            checks = _DocumentChecks(self._document, self._wanted)
        except RallynovError as error:
            self.checked = Checked(is_ready=True, error=error)
            return
        with self._lock:
            self._checks = checks
            self.checked = replace(self._after(checks, self._wanted), brought=(), healed=())

    def _after(self, checks: _DocumentChecks, reading: DocumentReading) -> Checked:
        try:
            return checks.follow(reading)
        except RallynovError as error:
            if not isinstance(error, SourceError):
                self._checks = None  # it would fail again, and may take long
            return Checked(is_ready=True, error=error)


class _DocumentChecks:
    """The data with a document as its reader has it, and what is found in that document."""

    def __init__(self, document: ReadDocument, reading: DocumentReading) -> None:
        own = document.own_files
        self._files = tuple(it for it in building.files_of(document.data) if it[1] not in own)
        self._written = building.written(document.data, own)
        self._ontology = building.ontology_of(ontology_dir())
        self._text_checks = checks_of(reading.text, document.words)
        self._blocks: Mapping[Key, Said] = {}
        self._found: Sequence[Finding] = ()
        self.follow(reading)

    def follow(self, reading: DocumentReading) -> Checked:
        """Return the findings in the next reading; raise SourceError for a wrong decision."""
        blocks, before = _blocks(reading), self._found
        if blocks != self._blocks:
            self._found = self._findings(blocks)
            self._blocks = blocks
        return Checked(
            _folded(self._found),
            _folded(report.without(self._found, before)),
            tuple(report.without(before, self._found)),
            is_ready=True,
        )

    def _findings(self, blocks: Mapping[Key, Said]) -> Sequence[Finding]:
        """Return the findings in the document, also those that ``--source`` finds in its text."""
        quads = [quad for key, said in blocks.items() for quad in quads_in(key, said)]
        data = decided([*self._written, *quads], [path for _, path in self._files])
        content = Content(self._files, data, self._ontology, ontology_dir(), frozenset())
        here = {name for key in blocks for name in key}
        first = frozenset(f"<{name}>" for name in here)
        found = building.found_in(building.completed(content), first=first).results
        own = [it for it in found if {getattr(it.focus, "value", ""), it.within} & here]
        of_text = {report.identity(it): it for it in self._text_checks.faults(quads)}
        return [*own, *of_text.values()]


def _folded(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return report.of(findings).folded().results


def _blocks(reading: DocumentReading) -> dict[Key, Said]:
    """Return the statements of each graph about each thing."""
    found = statements(reading, numbered=False)
    return {**found.curated, **found.facts}
