"""The findings of rules and shapes in a document while it is read, kept in memory.

The statements are those that ``rallynov write`` writes, except for the names of passages, which
have positions here instead of numbers, so that they do not depend on other passages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from threading import Lock, Thread
from typing import Final

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.document_reading import DocumentReading, Key
from rallynov_graph.desk.implied import Said, statements
from rallynov_graph.desk.importing import checks_of
from rallynov_graph.desk.quads_to_reading import quads_in
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.release.held_content import HeldContent
from rallynov_graph.validation import report
from rallynov_graph.validation.held import identity
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


class HeldChecks:
    """Follows a reading; the data are read in a thread, so that nobody waits for them."""

    def __init__(self, document: ReadDocument, reading: DocumentReading) -> None:
        self._document, self._lock = document, Lock()
        self._wanted = reading
        self._held: _HeldDocument | None = None
        self.checked = NOT_CHECKED
        """The latest findings."""
        Thread(target=self._begin, daemon=True).start()

    def follow(self, reading: DocumentReading) -> Checked:
        """Return the findings in a reading, and the differences from the previous one."""
        self._wanted = reading
        if self._held is not None:
            with self._lock:
                self.checked = self._after(self._held, reading)
        return self.checked

    def _begin(self) -> None:
        try:
            held = _HeldDocument(self._document, self._wanted)
        except RallynovError as error:
            self.checked = Checked(is_ready=True, error=error)
            return
        with self._lock:
            self._held = held
            self.checked = replace(self._after(held, self._wanted), brought=(), healed=())

    def _after(self, held: _HeldDocument, reading: DocumentReading) -> Checked:
        try:
            return held.follow(reading)
        except RallynovError as error:
            if not isinstance(error, SourceError):
                self._held = None  # it is changed in part
            return Checked(is_ready=True, error=error)


class _HeldDocument:
    """The data with a document as its reader has it, and what is found in that document."""

    def __init__(self, document: ReadDocument, reading: DocumentReading) -> None:
        self._blocks = _blocks(reading)
        self._quads = {key: [*quads_in(key, said)] for key, said in self._blocks.items()}
        self._content = HeldContent(
            document.data,
            ontology_dir(),
            left_out=document.own_files,
            further=chain(*self._quads.values()),
        )
        self._text_checks = checks_of(reading.text, document.words)
        self._of_text = self._faults_of_text()
        self._found: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
        self._note(self._content.report().results)

    def follow(self, reading: DocumentReading) -> Checked:
        """Return the findings in the next reading.

        If a decision about identity forbids a change, the change is tried again with the next one.
        """
        old, new = self._blocks, _blocks(reading)
        changed = {key for key in {**old, **new} if old.get(key) != new.get(key)}
        if not changed:
            return Checked(self._findings(), is_ready=True)
        come = {key: [*quads_in(key, new[key])] for key in changed & new.keys()}
        gone = {key: self._quads[key] for key in changed & old.keys()}
        before, after = ({*chain(*it.values())} for it in (gone, come))
        difference = self._content.change(before - after, after - before)
        self._blocks = new
        self._quads = {key: come[key] if key in come else self._quads[key] for key in new}
        healed = tuple(
            found.pop() for it in difference.healed if (found := self._found[identity(it)])
        )
        of_text, self._of_text = self._of_text, self._faults_of_text()
        healed += tuple(it for key, it in of_text.items() if key not in self._of_text)
        brought = self._note(difference.brought)
        brought += [it for key, it in self._of_text.items() if key not in of_text]
        return Checked(self._findings(), self._folded(brought), healed, is_ready=True)

    def _faults_of_text(self) -> dict[tuple[object, ...], Finding]:
        """Return the faults of the reading against the text, as ``validate --source`` does."""
        return {
            identity(it): it for it in self._text_checks.faults([*chain(*self._quads.values())])
        }

    def _note(self, findings: Iterable[Finding]) -> list[Finding]:
        """Keep the findings in this document, with their suggestions, and return them."""
        here = {name for key in self._blocks for name in key}
        own = [it for it in findings if {getattr(it.focus, "value", ""), it.within} & here]
        told = self._content.told(own).results
        for key, it in zip(map(identity, report.of(own).results), told, strict=True):
            self._found[key].append(it)
        return [*told]

    def _findings(self) -> tuple[Finding, ...]:
        return self._folded(chain(*self._found.values(), self._of_text.values()))

    def _folded(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return report.of(findings).folded().results


def _blocks(reading: DocumentReading) -> dict[Key, Said]:
    """Return the statements of each graph about each thing."""
    found = statements(reading, numbered=False)
    return {**found.curated, **found.facts}
