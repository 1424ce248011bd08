"""A reader at work on a document: each act is written down before it is answered."""

import errno
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate, groupby
from operator import itemgetter
from threading import RLock
from typing import Any, Final, NamedTuple

from rallynov_graph.base.errors import RallynovError, SourceError
from rallynov_graph.base.languages import LANGUAGES
from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.desk import decisions_file, trig_writing
from rallynov_graph.desk.acts import (
    Act,
    FilesSeen,
    Opened,
    Recorded,
    RefusedProposal,
    Settled,
    Undone,
)
from rallynov_graph.desk.decisions_file import DecisionsWentOn
from rallynov_graph.desk.document_folder import current_reading, two_readings
from rallynov_graph.desk.document_reading import DocumentReading, Entry, changes, reading_of
from rallynov_graph.desk.implied import quads_of
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.session import questions
from rallynov_graph.desk.session.asked import (
    Accept,
    ActRefused,
    Apart,
    AskedAct,
    Change,
    Drop,
    Fill,
    Identity,
    Json,
    Name,
    Part,
    Question,
    Redo,
    Refuse,
    Settle,
    State,
    Undo,
    Write,
    asked_act,
)
from rallynov_graph.desk.session.checks import NOT_CHECKED, Checked, ReadingChecks
from rallynov_graph.desk.session.document import FileState, ReadDocument
from rallynov_graph.desk.session.forms import Filling
from rallynov_graph.desk.session.proposals import (
    Accepting,
    named_as,
    proposals_of,
    proposed,
)
from rallynov_graph.desk.session.questions import QuestionReadings, readings_of, sets_of
from rallynov_graph.desk.session.stating import Stating, node
from rallynov_graph.desk.sets_of_facts import StatedFact, facts_of, speaks_of
from rallynov_graph.desk.short_terms import LABEL, NAME, TYPE
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
_CONTACT: Final = "contact"
_NAMABLE: Final = ("thing", "term", "part", "question", "reading")
_LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "question": ("question",),
    "part": ("part",),
    "thing": ("thing", "term"),
}
"""The kinds of entries that can be removed, by the field that names one."""
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


Gesture = tuple[Recorded, ...]
"""Acts that were done together, and are undone together."""


class Undoable(NamedTuple):
    """The gestures that count, and those that were undone, the next one of each at the end."""

    done: list[Gesture]
    undone: list[tuple[Gesture, Gesture]]
    """Each with the gesture that undid it."""


def undoing(gesture: Gesture) -> list[Undone]:
    return [Undone(it.line) for it in reversed(gesture)]


def gestures(acts: Iterable[Recorded]) -> Iterator[Gesture]:
    """Yield acts grouped by the action that made them."""
    begun = accumulate(it.begins for it in acts)
    for _, group in groupby(zip(begun, acts, strict=True), itemgetter(0)):
        yield tuple(it for _, it in group)


def undoable(acts: Sequence[Recorded]) -> Undoable:
    """Return the actions in a file that can be undone and redone."""
    done: list[Gesture] = []
    undone: list[tuple[Gesture, Gesture]] = []
    for gesture in gestures(acts):
        lines = {it.act.line for it in gesture if isinstance(it.act, Undone)}
        if len(lines) == len(gesture):
            gone = [it for it in done if not lines.isdisjoint(one.line for one in it)]
            back = [it for it in undone if not lines.isdisjoint(one.line for one in it[1])]
            done = [*(it for it in done if it not in gone), *(it for it, _ in back)]
            undone = [it for it in undone if it not in back]
            undone += [(it, gesture) for it in reversed(gone)]
        # The first line of a file begins what follows it.
        elif gesture[0].begins and not any(isinstance(it.act, _NOT_UNDONE) for it in gesture):
            done.append(gesture)
            undone.clear()
    return Undoable(done, undone)


@dataclass(frozen=True)
class WorkingState:
    """A document as its reader has it at one moment."""

    reading: DocumentReading
    acts: tuple[Recorded, ...]
    file: FileState
    checked: Checked = NOT_CHECKED
    said: Mapping[str, Any] = field(default_factory=dict)
    """The additional message of an act on other files."""

    @property
    def version(self) -> str:
        """What identifies this state among others."""
        return self.file.version

    @cached_property
    def undoable(self) -> Undoable:
        """The actions that can be undone and redone."""
        return undoable(self.acts)

    @property
    def lines(self) -> int:
        return self.acts[-1].line if self.acts else bool(self.file.size)


class ReadingSession:
    """One reader's work on one document; several windows take turns."""

    def __init__(self, document: ReadDocument) -> None:
        self.document = document
        self.lock = RLock()
        self._state = self._read()
        self.checks = ReadingChecks(document, self._state.reading)
        self._differences: tuple[tuple[FileState, ...], int | None] | None = None
        self._done: OrderedDict[str, Mapping[str, Any]] = OrderedDict()

    @cached_property
    def proposals(self) -> tuple[Proposal, ...]:
        return proposals_of(self.document.words, self.document.known_names)

    def current(self) -> WorkingState:
        """Return the document as it is, read again where another process wrote something down."""
        with self.lock:
            if FileState.of(self.document.file) != self._state.file:
                self._state = self._read()
                self.checks.follow(self._state.reading)
            return replace(self._state, checked=self.checks.checked)

    def do(self, version: str, asked: Json, act_id: str = "") -> WorkingState:
        """Save an act, and return the document after it.

        An act with a known id is not done again. Raises StaleVersion if the version is not the
        current one, ActRefused for what cannot be done, UnwrittenAct if it cannot be saved; nothing
        is done then.
        """
        with self.lock:
            state = self.current()
            if act_id and act_id in self._done:
                return replace(state, said=self._done[act_id])
            if version != state.version:
                raise StaleVersion
            after = self._after(state, asked)
            if act_id:
                self._done[act_id] = after.said
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
        self.checks.follow(self._state.reading)
        return replace(self._state, checked=self.checks.checked, said=said)

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
        return WorkingState(reading, found.acts, file)

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
            reading = reading_of(self._opening, every)
        else:
            reading = before.reading.moved_on(acts)
        return WorkingState(reading, every, FileState.of(self.document.file))

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
        """Return the result of an act on other files than the decisions; raise ActRefused."""
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
                    self.checks = ReadingChecks(self.document, reading)
                    return {"decision": name}
        except RallynovError as error:
            is_unwritten = isinstance(error.__cause__, OSError) or isinstance(asked, Settle)
            if isinstance(error, SourceError) and is_unwritten:
                raise UnwrittenAct(error) from error
            key = f"act.{_NOT_DONE[type(asked)]}"
            reasons = {it: message(key, reason=error.text(it))[it] for it in LANGUAGES}
            raise ActRefused(reasons) from error


def _made(before: WorkingState, after: WorkingState) -> Mapping[str, Any]:
    """Return the result of an act: the stated fact, and the new things."""
    old, new = before.reading.entries, after.reading.entries
    changed = [it for key, it in new.items() if old.get(key) != it]
    there = {f.id for it in changed if it.key in old for f in facts_of(old[it.key])}
    facts = [f for it in changed for f in facts_of(it) if f.id not in there]
    facts.sort(key=lambda it: it.name in _IMPLIED)
    things = [it.address for it in changed if it.kind in ("thing", "term") and it.key not in old]
    return {"made": {"fact": facts[0].id if facts else None, "things": things}}


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def write(document: ReadDocument) -> list[dict[str, str]]:
    """Write each file of the document and return its fate; raise SourceError."""
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


class Doing:
    """An act on the reader's document; raises ActRefused for what cannot be done."""

    def __init__(self, session: ReadingSession, state: WorkingState) -> None:
        self._session, self._document = session, session.document
        self._state, self._reading = state, state.reading

    def acts(self, asked: AskedAct) -> Sequence[Act]:
        acts = _BY_ACT[type(asked)](self, asked)
        if acts is None and not (acts := self._changes()):
            raise ActRefused("already")
        return acts

    def _undo(self, _asked: Undo) -> Sequence[Act]:
        if not self._state.undoable.done:
            raise ActRefused("nothing to undo")
        return undoing(self._state.undoable.done[-1])

    def _redo(self, _asked: Redo) -> Sequence[Act]:
        if not self._state.undoable.undone:
            raise ActRefused("nothing to redo")
        return undoing(self._state.undoable.undone[-1][1])

    def _state_fact(self, asked: State) -> None:
        QuestionReadings(self._stating).take_in(asked.reading, self._stating.state(asked))

    def _fill(self, asked: Fill) -> None:
        Filling(asked, self._stating, self._document).state()

    def _question(self, asked: Question) -> None:
        questions.ask(asked, self._reading, self._stating)

    @cached_property
    def _stating(self) -> Stating:
        return Stating(self._reading, self._document)

    def _changes(self) -> list[Act]:
        return changes(self._reading, self._stating.reading())

    def _accept(self, asked: Accept) -> Sequence[Act]:
        proposal = self._proposal(asked.proposal)
        name = proposal.name
        if proposal.kind == _CONTACT:
            raise ActRefused("contact", "proposal")
        every = self._session.proposals
        wish = Accepting(proposal, every, self._document, self._reading).facts(asked.changes)
        if wish.known:
            return [named_as(wish.known, self._reading, name, wish.is_changed)]
        stated = self._stating.state(*wish.facts)
        if wish.document:
            self._stating.name_document(wish.document)
        QuestionReadings(self._stating).take_in(wish.facts[0].reading, stated)
        after = self._stating.reading()
        return proposed(self._changes(), after, stated.entry.key, name, wish.is_changed)

    def _refuse(self, asked: Refuse) -> Sequence[Act]:
        it = self._proposal(asked.proposal)
        words = self._document.quoted.selection(it.start, it.end)
        if it.kind == _CONTACT:
            words = replace(words, digest="")
        return [RefusedProposal(it.kind, (words,), it.name)]

    def _proposal(self, wanted: str) -> Proposal:
        for it in self._session.proposals:
            if it.id == wanted:
                return it
        raise ActRefused("no proposal", "proposal")

    def _change(self, asked: Change) -> None:
        fact, stating = self._fact(asked.fact), self._stating
        readings = QuestionReadings(stating)
        reading = readings.reading_of(fact) if asked.reading is None else asked.reading
        stated = stating.state(asked)
        if stated.id != fact.id:
            stating.drop(fact)
            stated = stating.gather(stated, with_words=False)
            readings.forget_sets()
        readings.take_in(reading, stated)

    def _fact(self, wanted: str) -> StatedFact:
        for entry in self._reading.entries.values():
            for fact in facts_of(entry):
                if fact.id == wanted:
                    return fact
        raise ActRefused("no fact", "fact")

    def _drop(self, asked: Drop) -> None:
        for kind in _LEFT_OUT:
            if wanted := getattr(asked, kind):
                return self._leave_out(kind, wanted)
        if not asked.fact:
            raise ActRefused("empty", "fact")
        fact = self._fact(asked.fact)
        readings = self._reading.of_kind("reading")
        is_last = len([*facts_of(fact.entry)]) == 1
        if is_last and any(fact.entry.address in sets_of(it) for it in readings):
            raise ActRefused("reading states it", "fact")
        return self._stating.drop(fact)

    def _leave_out(self, kind: str, wanted: str) -> None:
        """Take a question, a part or a thing out that nothing else needs."""
        entry = self._entry(wanted, *_LEFT_OUT[kind])
        if entry is None:
            raise ActRefused("gone", kind)
        others = (it for it in self._reading.entries.values() if it.address != wanted)
        if kind == "thing" and any(speaks_of(it, wanted) for it in others):
            raise ActRefused("still spoken of", kind)
        if kind == "part" and len(self._reading.of_kind("part")) == 1:
            raise ActRefused("last part", kind)
        of_it = readings_of(self._reading, entry) if kind == "question" else []
        for it in (entry, *of_it):
            self._stating.entries.pop(it.key, None)

    def _entry(self, address: str, *kinds: str) -> Entry | None:
        every = (it for it in self._reading.entries.values() if it.address == address)
        return next((it for it in every if it.kind in kinds or not kinds), None)

    def _name(self, asked: Name) -> None:
        entry = self._entry(asked.thing)
        if asked.thing == self._reading.text.document:
            entry = entry or Entry("thing", asked.thing, self._reading.first_graph)
        elif entry is not None and not entry.says:
            entry = None  # a thing of another file, whose name was only accepted here
        if entry is None or entry.kind not in _NAMABLE:
            raise ActRefused("named elsewhere", "thing")
        labels = self._stating.named(asked.thing, asked.label)
        self._stating.add(replace(entry, says={**entry.says, LABEL: labels}))

    def _part(self, asked: Part) -> None:
        if len(asked.words) != 1:
            raise ActRefused("one piece", "words")
        labels = self._stating.literals(asked.label)
        words = (self._document.quoted.selection(*asked.words[0]),)
        if any(it.words == words for it in self._reading.of_kind("part")):
            raise ActRefused("part already", "words")
        address = self._stating.free("part", labels[0].value)
        says = {LABEL: labels}
        self._stating.add(Entry("part", address, self._reading.first_graph, words, says))

    def _apart(self, asked: Apart) -> None:
        entry = self._entry(asked.set, "set")
        facts = [it for it in facts_of(entry) if it.subject == asked.subject] if entry else []
        if not facts:
            raise ActRefused("no facts", "set")
        self._stating.apart(facts)


_BY_ACT: Final[Mapping[type, Callable[[Doing, Any], Sequence[Act] | None]]] = {
    Accept: Doing._accept,
    Refuse: Doing._refuse,
    State: Doing._state_fact,
    Fill: Doing._fill,
    Change: Doing._change,
    Drop: Doing._drop,
    Name: Doing._name,
    Part: Doing._part,
    Apart: Doing._apart,
    Question: Doing._question,
    Undo: Doing._undo,
    Redo: Doing._redo,
}
"""The function of each act; None for acts that change statements."""
