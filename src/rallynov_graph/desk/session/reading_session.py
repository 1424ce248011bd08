"""A reader at work on a document: each act is written down before it is answered."""

from __future__ import annotations

import errno
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import groupby
from threading import RLock
from typing import Any, Final

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.desk import decisions_file, trig_writing
from rallynov_graph.desk.acts import Act, FilesSeen, Opened, Recorded, Settled, Undone
from rallynov_graph.desk.decisions_file import DecisionsWentOn
from rallynov_graph.desk.document_folder import current_reading, two_readings
from rallynov_graph.desk.document_reading import DocumentReading, changes, reading_of
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.quads_to_reading import quads_of
from rallynov_graph.desk.session.asked import ActRefused, Identity, Json, Settle, Write, asked_act
from rallynov_graph.desk.session.checks import NOT_CHECKED, Checked, HeldChecks
from rallynov_graph.desk.session.document import FileState, ReadDocument
from rallynov_graph.desk.session.doing import Doing
from rallynov_graph.desk.session.facts import facts_of
from rallynov_graph.desk.session.proposals import proposals_of
from rallynov_graph.desk.session.stating import node
from rallynov_graph.desk.short_terms import NAME, TYPE
from rallynov_graph.desk.words import message, refusal
from rallynov_graph.identity import recording
from rallynov_graph.identity.decisions import SAME, Decision
from rallynov_graph.identity.recording import DataFolder
from rallynov_graph.identity.writing import Grounds

_IMPLIED: Final = frozenset({TYPE, NAME})
"""Properties of facts that come with another one."""
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_REMEMBERED: Final = 200
"""Of how many acts it is known that they were done."""
_NOT_UNDONE: Final = Opened | FilesSeen | Settled
_NOT_DONE: Final[Mapping[type, str]] = {
    Write: "not written",
    Identity: "not decided",
    Settle: "not settled",
}


class StaleVersion(Exception):
    """Something was written down since the reader last saw the document; nothing was done."""


class UnwrittenAct(Exception):
    """An act could not be written down, and is not done."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(str(error))
        cause = error.__cause__
        self.is_full = isinstance(cause, OSError) and cause.errno in _FULL
        """Whether the disk has no room."""
        self.reasons = message(
            "act.disk full" if self.is_full else "act.unwritten", path=error.path
        )


@dataclass(frozen=True)
class Gesture:
    """Acts that were done together, and are undone together."""

    acts: tuple[Recorded, ...]

    @property
    def lines(self) -> tuple[int, ...]:
        """Where they stand."""
        return tuple(it.line for it in self.acts)

    def undoing(self) -> list[Undone]:
        """Return the acts that undo it."""
        return [Undone(line) for line in reversed(self.lines)]


@dataclass(frozen=True)
class Undoable:
    """The gestures that count, and those that were undone, the next one of each at the end."""

    done: tuple[Gesture, ...] = ()
    undone: tuple[tuple[Gesture, Gesture], ...] = ()
    """Each with the gesture that undid it."""

    def after(self, gesture: Gesture) -> Undoable:
        """Return what can be undone after a further gesture."""
        if all(isinstance(it.act, Undone) for it in gesture.acts):
            return self._after_undoing(gesture)
        is_of_desk = gesture.acts[0].begins  # the first line of a file begins what follows it
        if not is_of_desk or any(isinstance(it.act, _NOT_UNDONE) for it in gesture.acts):
            return self
        return Undoable((*self.done, gesture), ())

    def _after_undoing(self, gesture: Gesture) -> Undoable:
        targets = {it.act.line for it in gesture.acts if isinstance(it.act, Undone)}
        redone = [pair for pair in self.undone if targets & {*pair[1].lines}]
        undone = [it for it in self.done if targets & {*it.lines}]
        return Undoable(
            (*(it for it in self.done if it not in undone), *(it for it, _ in redone)),
            (
                *(pair for pair in self.undone if pair not in redone),
                *((it, gesture) for it in reversed(undone)),
            ),
        )


def gestures(acts: Iterable[Recorded]) -> list[Gesture]:
    """Return acts by what was done together."""
    number = 0

    def numbered(it: Recorded) -> int:
        nonlocal number
        number += it.begins
        return number

    return [Gesture(tuple(group)) for _, group in groupby(acts, numbered)]


def undoable(acts: Sequence[Recorded]) -> Undoable:
    """Return what can be undone of the acts in a file, and done again."""
    found = Undoable()
    for gesture in gestures(acts):
        found = found.after(gesture)
    return found


@dataclass(frozen=True)
class WorkingState:
    """A document as its reader has it at one moment."""

    reading: DocumentReading
    acts: tuple[Recorded, ...]
    file: FileState
    undoable: Undoable = Undoable()
    checked: Checked = NOT_CHECKED
    said: Mapping[str, Any] = field(default_factory=dict)
    """What an act on other files says beside."""

    @property
    def version(self) -> str:
        """What tells it from another moment."""
        return self.file.version

    @property
    def lines(self) -> int:
        """How many lines the file has."""
        return self.acts[-1].line if self.acts else bool(self.file.size)


class ReadingSession:
    """One reader's work on one document; several windows take turns."""

    def __init__(self, document: ReadDocument) -> None:
        self.document = document
        self.lock = RLock()
        self._state = self._read()
        self.checks = HeldChecks(document, self._state.reading)
        self._differences: tuple[tuple[FileState, ...], int | None] | None = None
        self._done: OrderedDict[str, tuple[Checked, Mapping[str, Any]]] = OrderedDict()

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        """What is proposed of the text."""
        return proposals_of(self.document.words, self.document.known_names)

    def current(self) -> WorkingState:
        """Return the document as it is, read again where another process wrote something down."""
        with self.lock:
            if FileState.of(self.document.file) != self._state.file:
                self._state = self._read()
                self.checks.follow(self._state.reading)
            checked = replace(self.checks.checked, brought=(), healed=())
            return replace(self._state, checked=checked)

    def do(self, version: str, asked: Json, act_id: str = "") -> WorkingState:
        """Return the document after an act, which is on the disk then.

        An act with an id that was done already is not done again. Raises StaleVersion where the
        version is not the current one, ActRefused for what cannot be done, UnwrittenAct where it
        cannot be written down; nothing is done then.
        """
        with self.lock:
            state = self.current()
            if act_id and act_id in self._done:
                checked, said = self._done[act_id]
                return replace(state, checked=checked, said=said)
            if version != state.version:
                raise StaleVersion
            after = self._after(state, asked)
            if act_id:
                self._done[act_id] = after.checked, after.said
                while len(self._done) > _REMEMBERED:
                    self._done.popitem(last=False)
            return after

    def _after(self, state: WorkingState, asked: Json) -> WorkingState:
        act = asked_act(asked, self.document.words)
        if isinstance(act, Write | Identity | Settle):
            said = self._on_files(act, state.reading)
            self._state = self._read()
        else:
            self._state = self._written(state, Doing(self, state).acts(act))
            said = _made(state, self._state)
        checked = self.checks.follow(self._state.reading)
        return replace(self._state, checked=checked, said=said)

    def open_differences(self) -> int | None:
        """Return how many differences between two readings nobody settled yet; None without two."""
        files = self.document.state_of_files()
        if self._differences is None or self._differences[0] != files:
            try:
                found = len(two_readings(self.document.folder).open)
            except RallynovError:
                found = None
            self._differences = files, found
        return self._differences[1]

    def _read(self) -> WorkingState:
        document = self.document
        file = FileState.of(document.file)
        if not file.size:
            return WorkingState(document.begun(), (), file)
        found = decisions_file.read(document.file)
        reading = found.reading
        if reading.text.sha256 != document.text.sha256:
            raise refusal(document.file, "carried over")
        return WorkingState(reading, found.acts, file, undoable(found.acts))

    def _written(self, state: WorkingState, acts: Sequence[Act]) -> WorkingState:
        if not acts:
            return state
        before = state
        try:
            if not before.lines:
                before = self._begun(before)
            self._append(before, acts)
        except DecisionsWentOn:
            raise StaleVersion from None
        except SourceError as error:
            raise UnwrittenAct(error) from error
        now = _now()
        recorded = tuple(
            Recorded(number, now, act, number == before.lines + 1)
            for number, act in enumerate(acts, before.lines + 1)
        )
        every = (*before.acts, *recorded)
        if any(isinstance(act, Undone) for act in acts):
            reading = _with_same_entries(reading_of(self._opening, every), before.reading)
        else:
            reading = before.reading.moved_on(acts)
        undoable = before.undoable.after(Gesture(recorded))
        return WorkingState(reading, every, FileState.of(self.document.file), undoable)

    @property
    def _opening(self) -> Opened:
        return Opened(self.document.text, self.document.reader)

    def _begun(self, state: WorkingState) -> WorkingState:
        """Return the document after its first acts were written down."""
        empty = DocumentReading(self.document.text, self.document.reader)
        acts = changes(empty, state.reading)
        self._append(state, acts)
        recorded = tuple(Recorded(number, _now(), act) for number, act in enumerate(acts, 2))
        return replace(state, acts=recorded, file=FileState.of(self.document.file))

    def _append(self, state: WorkingState, acts: Sequence[Act]) -> None:
        decisions_file.append(self.document.file, self._opening, acts, _now(), size=state.file.size)

    def _on_files(self, asked: Write | Identity | Settle, reading: DocumentReading) -> Json:
        """Return what an act on other files than the decisions tells; raise ActRefused."""
        try:
            match asked:
                case Write():
                    return {"written": write(self.document)}
                case Settle(difference, taken):
                    compared = two_readings(self.document.folder)
                    compared.settle({difference: taken.rpartition("/")[2]}, _now())
                    return {}
                case Identity():
                    name = decide_identity(self.document, reading, asked)
                    self.checks = HeldChecks(self.document, reading)
                    return {"decision": name}
        except RallynovError as error:
            is_unwritten = isinstance(error.__cause__, OSError) or isinstance(asked, Settle)
            if isinstance(error, SourceError) and is_unwritten:
                raise UnwrittenAct(error) from error
            key = f"act.{_NOT_DONE[type(asked)]}"
            reasons = {it: message(key, reason=error.text(it))[it] for it in LANGUAGES}
            raise ActRefused(reasons) from error


def _with_same_entries(reading: DocumentReading, before: DocumentReading) -> DocumentReading:
    """Return a reading whose entries are the very ones of another where they are alike."""
    there = before.entries
    entries = {
        key: there[key] if there.get(key) == it else it for key, it in reading.entries.items()
    }
    return replace(reading, entries=entries)


def _made(before: WorkingState, after: WorkingState) -> Mapping[str, Any]:
    """Return what an act made: the fact that was stated, and the things that are new."""
    old, new = before.reading.entries, after.reading.entries
    changed = [it for key, it in new.items() if old.get(key) is not it]
    there = {f.id for it in changed if it.key in old for f in facts_of(old[it.key])}
    facts = [f for it in changed for f in facts_of(it) if f.id not in there]
    facts.sort(key=lambda it: it.name in _IMPLIED)
    things = [it.address for it in changed if it.kind in ("thing", "term") and it.key not in old]
    return {"made": {"fact": facts[0].id if facts else None, "things": things}}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(document: ReadDocument) -> list[dict[str, str]]:
    """Return what became of each file of the document after it was written; raise SourceError."""
    current = current_reading(document.folder)
    written = trig_writing.write(document.folder, current, _now()) if current else ()
    return [{"file": it.path.name, "fate": it.fate.name.lower()} for it in written]


def decide_identity(document: ReadDocument, reading: DocumentReading, asked: Identity) -> str:
    """Return the name of a decision about two things after it was written; raise RallynovError.

    Its evidence is what this document states of the first one.
    """
    sets = [it for it in reading.of_kind("set") if asked.thing in it.facts and it.words]
    if not sets:
        raise ActRefused("no evidence", "thing")
    both = asked.thing, node(asked.other, "other").value
    kept, gone = reversed(both) if asked.decision == SAME else both
    grounds = Grounds(
        {code or document.text.languages[0]: text for code, text in asked.reason.items()},
        tuple(it.address for it in sets),
        reading.reader,
        datetime.now(UTC).date(),
    )
    data = DataFolder(document.data, (*document.other_quads, *quads_of(reading)))
    recorded = recording.record(data, Decision("", asked.decision, kept, gone), grounds)
    return short_iri(recorded.decision.iri)
