"""The findings of rules and shapes in a document while it is read.

All data are completed and checked again after each act, as ``rallynov validate`` does it.
The statements are those that ``rallynov write`` writes, except for the names of passages, which
have positions here instead of numbers, so that they do not depend on other passages.
"""

from dataclasses import dataclass, replace
from threading import Lock, Thread
from typing import Final

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.document_reading import DocumentReading, Key
from rallynov_graph.desk.implied import Said, quads_in, statements
from rallynov_graph.desk.importing import checks_of
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.identity.rewriting import decided
from rallynov_graph.release import building
from rallynov_graph.release.building import Content
from rallynov_graph.validation import report
from rallynov_graph.validation.report import Finding


@dataclass(frozen=True)
class Checked:
    findings: tuple[Finding, ...] = ()
    reading: DocumentReading | None = None
    """What was checked; None if nothing was, as the data are still read."""
    error: RallynovError | None = None
    """Why it cannot be checked."""
    is_current: bool = False
    """Whether the document is still as it was checked."""

    def fault(self, language: str) -> str:
        """Return why the document cannot be checked, as a sentence; the empty string if it can."""
        return self.error.text(language) if self.error else ""


NOT_CHECKED: Final = Checked()


class ReadingChecks:
    """Checks the newest reading in a thread, so that nobody waits for it."""

    def __init__(self, document: ReadDocument, reading: DocumentReading) -> None:
        self._document, self._wanted, self._lock = document, reading, Lock()
        self._checks: _DocumentChecks | None = None
        self._checked, self._is_checking = NOT_CHECKED, False
        self._follow()

    @property
    def checked(self) -> Checked:
        """The latest findings."""
        with self._lock:
            is_current = self._checked.reading is self._wanted
            return replace(self._checked, is_current=is_current)

    def follow(self, reading: DocumentReading) -> None:
        """Check the next reading; one that is followed by another before its turn is left out."""
        with self._lock:
            self._wanted = reading
        self._follow()

    def _follow(self) -> None:
        with self._lock:
            if self._is_checking or self._checked.reading is self._wanted:
                return
            self._is_checking = True
        Thread(target=self._check, daemon=True).start()

    def _check(self) -> None:
        while True:
            with self._lock:
                reading = self._wanted
                if self._checked.reading is reading:
                    self._is_checking = False
                    return
            checked = self._findings_of(reading)
            with self._lock:
                self._checked = checked

    def _findings_of(self, reading: DocumentReading) -> Checked:
        if self._checked.error is not None and not isinstance(self._checked.error, SourceError):
            return replace(self._checked, reading=reading)  # it would fail again, and may take long
        try:
            self._checks = self._checks or _DocumentChecks(self._document, reading)
            return Checked(self._checks.findings(reading), reading)
        except RallynovError as error:
            return Checked(reading=reading, error=error)


class _DocumentChecks:
    """The data with a document as its reader has it, and what is found in that document."""

    def __init__(self, document: ReadDocument, reading: DocumentReading) -> None:
        own = document.own_files
        self._files = tuple(it for it in building.files_of(document.data) if it[1] not in own)
        self._written = building.written(document.data, own)
        self._ontology = building.ontology_of(ontology_dir())
        self._text_checks = checks_of(reading.text, document.words)

    def findings(self, reading: DocumentReading) -> tuple[Finding, ...]:
        """Return the findings in a reading, also those that ``--source`` finds in its text.

        Raises SourceError for a wrong decision.
        """
        blocks = _blocks(reading)
        quads = [quad for key, said in blocks.items() for quad in quads_in(key, said)]
        data = decided([*self._written, *quads], [path for _, path in self._files])
        content = Content(self._files, data, self._ontology, ontology_dir(), frozenset())
        here = {name for key in blocks for name in key}
        first = frozenset(f"<{name}>" for name in here)
        found = building.found_in(building.completed(content), first=first).results
        own = [it for it in found if {getattr(it.focus, "value", ""), it.within} & here]
        of_text = {report.identity(it): it for it in self._text_checks.faults(quads)}
        return report.of([*own, *of_text.values()]).folded().results


def _blocks(reading: DocumentReading) -> dict[Key, Said]:
    """Return the statements of each graph about each thing."""
    found = statements(reading, numbered=False)
    return {**found.curated, **found.facts}
