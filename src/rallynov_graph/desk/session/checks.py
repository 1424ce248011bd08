"""What rules and shapes find in a document while it is read: held in memory, beside the session.

The statements of a reading are kept entry by entry, so that a change costs what it changes. They
are those that ``rallynov write`` writes, but for the names of passages and sets: there these have
numbers and the names of things, which change with other entries, and here positions.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from threading import Lock, Thread
from typing import Final

from pyoxigraph import Literal, NamedNode, Quad

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.namespaces import ID, kind_of_iri
from rallynov_graph.base.resources import ontology_dir
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Key
from rallynov_graph.desk.import_faults import checks_of
from rallynov_graph.desk.quads_to_reading import quads_of
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.terms import LABEL
from rallynov_graph.release.held_content import HeldContent
from rallynov_graph.validation import report
from rallynov_graph.validation.held import identity
from rallynov_graph.validation.report import Finding

_LABEL: Final = NamedNode(LABEL)
_PASSAGE: Final = f"{ID}passage/"
_AROUND: Final = frozenset({"passage", "selector"})
"""Kinds of things that are implied; an entry of one says what is not as implied."""


@dataclass(frozen=True)
class Checked:
    """What is found in a document, and what the last change brought and healed."""

    findings: tuple[Finding, ...] = ()
    brought: tuple[Finding, ...] = ()
    healed: tuple[Finding, ...] = ()
    is_ready: bool = False
    """Whether the data were read; that takes some seconds."""
    error: RallynovError | None = None
    """Why they cannot be checked."""

    def fault(self, language: str) -> str:
        """Return why they cannot be checked, as a sentence; the empty string where they can."""
        return self.error.text(language) if self.error else ""


NOT_CHECKED: Final = Checked()


class HeldChecks:
    """Follows a reading; the data are read in a thread, so that nobody waits for them."""

    def __init__(self, document: ReadDocument, reading: DocumentReading) -> None:
        self._document, self._lock = document, Lock()
        self._wanted = reading
        self._held: _HeldDocument | None = None
        self.checked = NOT_CHECKED
        """What was found last."""
        Thread(target=self._begin, daemon=True).start()

    def follow(self, reading: DocumentReading) -> Checked:
        """Return what is found in a reading, with what differs from the one before."""
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
        self._quads = EntryQuads(reading)
        self._content = HeldContent(
            document.data,
            ontology_dir(),
            left_out=document.own_files,
            further=self._quads.quads,
        )
        self._text_checks = checks_of(reading.text, document.words)
        self._of_text: dict[tuple[object, ...], Finding] = self._faults_of_text()
        self._gone: set[Quad] = set()
        self._come: set[Quad] = set()
        self._found: dict[tuple[object, ...], list[Finding]] = defaultdict(list)
        self._note(self._content.report().results)

    def follow(self, reading: DocumentReading) -> Checked:
        """Return what is found in a reading that comes after the one before."""
        gone, come = self._quads.follow(reading)
        # What a decision about identity forbade is still to be changed.
        self._gone, self._come = (
            (self._gone - come) | (gone - self._come),
            (self._come - gone) | (come - self._gone),
        )
        if not self._gone and not self._come:
            return Checked(self._findings(), is_ready=True)
        difference = self._content.change(self._gone, self._come)
        self._gone, self._come = set(), set()
        healed = tuple(
            found.pop() for it in difference.healed if (found := self._found[identity(it)])
        )
        before, self._of_text = self._of_text, self._faults_of_text()
        healed += tuple(it for key, it in before.items() if key not in self._of_text)
        brought = self._note(difference.brought)
        brought += [it for key, it in self._of_text.items() if key not in before]
        return Checked(self._findings(), self._folded(brought), healed, is_ready=True)

    def _faults_of_text(self) -> dict[tuple[object, ...], Finding]:
        """Return what the text says against the reading, as ``validate --source`` does."""
        return {identity(it): it for it in self._text_checks.faults([*self._quads.quads])}

    def _note(self, findings: Iterable[Finding]) -> list[Finding]:
        """Note what is found in this document, with what it suggests; return that."""
        own = [it for it in findings if self._is_own(it)]
        told = self._content.told(own).results
        for key, it in zip(map(identity, report.of(own).results), told, strict=True):
            self._found[key].append(it)
        return [*told]

    def _findings(self) -> tuple[Finding, ...]:
        return self._folded(chain(*self._found.values(), self._of_text.values()))

    def _folded(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        return report.of(findings).folded().results

    def _is_own(self, it: Finding) -> bool:
        within = NamedNode(it.within) if it.within else None
        return self._quads.has(it.focus) or self._quads.has(within)


class EntryQuads:
    """The statements of a reading, which change with it."""

    def __init__(self, reading: DocumentReading) -> None:
        self._reading = replace(reading, entries={})
        self._of_entry: dict[Key, frozenset[Quad]] = {}
        self._counts: Counter[Quad] = Counter()
        self._graphs: Counter[object] = Counter()
        self.follow(reading)

    @property
    def quads(self) -> Iterable[Quad]:
        """All statements."""
        return self._counts.keys()

    def has(self, node: object) -> bool:
        """Return whether something is said of a node, or in it."""
        return node in self._graphs

    def follow(self, reading: DocumentReading) -> tuple[set[Quad], set[Quad]]:
        """Return which statements go and which come where the reading becomes another one."""
        old, new = self._reading.entries, reading.entries
        changed = [key for key in {**old, **new} if old.get(key) is not new.get(key)]
        changed = [key for key in changed if old.get(key) != new.get(key)]
        if any(map(_concerns_others, (it.get(key) for it in (old, new) for key in changed))):
            changed = [*{**old, **new}]
        self._reading = reading
        around = _Around(reading)
        before: set[Quad] = set()
        after: set[Quad] = set()
        for key in changed:
            gone = self._of_entry.pop(key, frozenset())
            come = frozenset(around.quads(new[key])) if key in new else frozenset()
            if come:
                self._of_entry[key] = come
            before |= self._taken(gone - come)
            after |= self._added(come - gone)
        return before - after, after - before

    def _taken(self, quads: Iterable[Quad]) -> set[Quad]:
        found = set()
        for quad in quads:
            self._counts[quad] -= 1
            if not self._counts[quad]:
                del self._counts[quad]
                self._count(quad, -1)
                found.add(quad)
        return found

    def _added(self, quads: Iterable[Quad]) -> set[Quad]:
        found = set()
        for quad in quads:
            self._counts[quad] += 1
            if self._counts[quad] == 1:
                self._count(quad, 1)
                found.add(quad)
        return found

    def _count(self, quad: Quad, number: int) -> None:
        for node in (quad.subject, quad.graph_name):
            self._graphs[node] += number
            if not self._graphs[node]:
                del self._graphs[node]


def _concerns_others(entry: Entry | None) -> bool:
    """Return whether what others imply depends on an entry."""
    return entry is not None and (entry.kind == "part" or kind_of_iri(entry.address) in _AROUND)


class _Around:
    """A reading in which the statements of one entry are asked for."""

    def __init__(self, reading: DocumentReading) -> None:
        self._reading = reading
        self._parts = [it for it in reading.of_kind("part") if it.words]
        self._of_words: Mapping[str, list[Entry]] = self._by_address()
        self._readings = [it for it in reading.entries.values() if it.kind == "reading"]

    def quads(self, entry: Entry) -> Iterator[Quad]:
        """Yield the statements of an entry, with those of its passages."""
        beside = [it for it in self._beside(entry) if it.key != entry.key]
        own = {*self._quads_of([*beside, entry])} - {*self._quads_of(beside)}
        labels: dict[object, Quad] = {}
        for quad in own:
            if quad.predicate == _LABEL and self._is_implied(quad.subject):
                labels[quad.subject] = quad
            else:
                yield quad
        for quad in labels.values():
            yield from self._named(quad)

    def _quads_of(self, entries: Iterable[Entry]) -> Iterator[Quad]:
        return quads_of(replace(self._reading, entries={it.key: it for it in entries}))

    def _beside(self, entry: Entry) -> Iterator[Entry]:
        passages = [self._reading.passage(it).value for it in entry.words]
        values = (v for said in entry.facts.values() for it in said.values() for v in it)
        passages += [it.value for it in values if it.value.startswith(_PASSAGE)]
        slugs = [it.removeprefix(_PASSAGE) for it in passages]
        for slug in slugs:
            yield from self._of_words.get(slug, ())
        spans = [it.span for it in entry.words]
        for part in self._parts:
            start, end = part.words[0].span
            if any(start <= one and other <= end for one, other in spans) or slugs[len(spans) :]:
                yield part
        if entry.kind == "question":
            yield from self._readings

    def _by_address(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = defaultdict(list)
        for it in self._reading.entries.values():
            if kind_of_iri(it.address) in _AROUND:
                found[it.address.rpartition("/")[2]].append(it)
        return found

    def _is_implied(self, node: object) -> bool:
        if not isinstance(node, NamedNode) or not node.value.startswith(_PASSAGE):
            return False
        entries = self._of_words.get(node.value.removeprefix(_PASSAGE), ())
        return not any(LABEL in it.says for it in entries)

    def _named(self, quad: Quad) -> Iterator[Quad]:
        name = str(quad.subject)[1:-1].rpartition("/")[2]
        for code in self._reading.text.languages:
            value = Literal(name.replace("-", " "), language=code)
            yield Quad(quad.subject, _LABEL, value, quad.graph_name)
