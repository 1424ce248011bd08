"""A reader at work on a document: each act is written down before it is answered."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from threading import RLock
from typing import Any, Final

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import RN
from rallynov_graph.desk import decisions_file
from rallynov_graph.desk.acts import Act, Opened, Recorded, RefusedProposal, Undone
from rallynov_graph.desk.decisions_file import DecisionsWentOn
from rallynov_graph.desk.document_reading import DocumentReading, changes, reading_of
from rallynov_graph.desk.session import acts_on_files
from rallynov_graph.desk.session.accepting import accepted_facts
from rallynov_graph.desk.session.asked_acts import ActReader, Asked, address
from rallynov_graph.desk.session.decided_proposals import (
    IdentifiedProposal,
    identified,
    named_as,
    proposed,
)
from rallynov_graph.desk.session.further_acts import FurtherActs
from rallynov_graph.desk.session.held_checks import NOT_CHECKED, Checked, HeldChecks
from rallynov_graph.desk.session.opened_document import Decided, FileState, ReadDocument
from rallynov_graph.desk.session.question_readings import QuestionReadings, sets_of
from rallynov_graph.desk.session.refused_acts import ActRefused, StaleVersion, UnwrittenAct
from rallynov_graph.desk.session.shown_differences import open_differences, state_of_files
from rallynov_graph.desk.session.stated_facts import StatedFact, facts_of
from rallynov_graph.desk.session.stating import Stating
from rallynov_graph.desk.session.undoing import Gesture, Undoable, undoable
from rallynov_graph.desk.short_terms import TYPE
from rallynov_graph.desk.words import message

_CONTACT: Final = "contact"
_IMPLIED: Final = frozenset({TYPE, f"{RN}nameAsPrinted"})
"""Properties of facts that come with another one."""
_REMEMBERED: Final = 200
"""Of how many acts it is known that they were done."""


@dataclass(frozen=True)
class WorkingState:
    """A document as its reader has it at one moment."""

    decided: Decided
    undoable: Undoable
    checked: Checked = NOT_CHECKED
    said: Mapping[str, Any] = field(default_factory=dict)
    """What an act on other files tells beside."""

    @property
    def reading(self) -> DocumentReading:
        """What is stated."""
        return self.decided.reading

    @property
    def version(self) -> str:
        """What tells it from another moment."""
        return self.decided.state.version


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
    def proposals(self) -> tuple[IdentifiedProposal, ...]:
        """What is proposed of the text."""
        return identified(self.document.words, self.document.known_names)

    def current(self) -> WorkingState:
        """Return the document as it is, read again where another process wrote something down."""
        with self.lock:
            if FileState.of(self.document.file) != self._state.decided.state:
                self._state = self._read()
                self.checks.follow(self._state.reading)
            checked = replace(self.checks.checked, brought=(), healed=())
            return replace(self._state, checked=checked)

    def do(self, version: str, asked: Asked, act_id: str = "") -> WorkingState:
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

    def _after(self, state: WorkingState, asked: Asked) -> WorkingState:
        name = asked.get("act")
        if isinstance(name, str) and name in _ON_FILES:
            said = _ON_FILES[name](self, state, asked)
            self._state = self._read()
            checked = self.checks.follow(self._state.reading)
            return replace(self._state, checked=checked, said=said)
        act = _ACTS.get(name) if isinstance(name, str) else None
        if act is None:
            raise ActRefused(message("act.no act"), "act")
        self._state = self._written(state, act(self, state, asked))
        checked = self.checks.follow(self._state.reading)
        return replace(self._state, checked=checked, said=_made(state, self._state))

    def open_differences(self) -> int | None:
        """Return how many differences between two readings nobody settled yet; None without two."""
        files = state_of_files(self.document)
        if self._differences is None or self._differences[0] != files:
            self._differences = files, open_differences(self.document)
        return self._differences[1]

    def _read(self) -> WorkingState:
        decided = self.document.decided()
        return WorkingState(decided, undoable(decided.acts))

    def _written(self, state: WorkingState, acts: Sequence[Act]) -> WorkingState:
        if not acts:
            return state
        decided = state.decided
        try:
            if not decided.lines:
                decided = self._begun(decided)
            self._append(decided, acts)
        except DecisionsWentOn:
            raise StaleVersion from None
        except SourceError as error:
            raise UnwrittenAct(error) from error
        now = _now()
        recorded = tuple(
            Recorded(number, now, act, number == decided.lines + 1)
            for number, act in enumerate(acts, decided.lines + 1)
        )
        every = (*decided.acts, *recorded)
        if any(isinstance(act, Undone) for act in acts):
            reading = _with_same_entries(reading_of(self._opening, every), decided.reading)
        else:
            reading = decided.reading.moved_on(acts)
        return WorkingState(
            Decided(
                reading,
                every,
                decided.lines + len(acts),
                FileState.of(self.document.file),
            ),
            state.undoable.after(Gesture(recorded)),
        )

    @property
    def _opening(self) -> Opened:
        return Opened(self.document.text, self.document.reader)

    def _begun(self, decided: Decided) -> Decided:
        """Return what was decided after the document's first acts were written down."""
        empty = DocumentReading(self.document.text, self.document.reader)
        acts = changes(empty, decided.reading)
        self._append(decided, acts)
        recorded = tuple(Recorded(number, _now(), act) for number, act in enumerate(acts, 2))
        state = FileState.of(self.document.file)
        return replace(decided, acts=recorded, lines=1 + len(acts), state=state)

    def _append(self, decided: Decided, acts: Sequence[Act]) -> None:
        decisions_file.append(
            self.document.file, self._opening, acts, _now(), size=decided.state.size
        )

    def _accept(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        proposal = self._proposal(asked)
        if proposal.proposal.kind == _CONTACT:
            raise ActRefused(message("act.contact"), "proposal")
        stating = self._stating(state)
        wish = accepted_facts(proposal.proposal, asked, self, state)
        if wish.known:
            return [named_as(wish.known, state.reading, proposal.name, wish.is_changed)]
        stated = stating.state(*wish.facts)
        QuestionReadings(stating).take_in(wish.facts[0].reading, stated)
        acts = changes(state.reading, stating.reading())
        key = stated.entry.key
        return proposed(acts, stating.reading(), key, proposal.name, wish.is_changed)

    def _refuse(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        proposal = self._proposal(asked)
        it = proposal.proposal
        words = self.document.quoted.selection(it.start, it.end)
        if it.kind == _CONTACT:
            words = replace(words, digest="")
        return [RefusedProposal(it.kind, (words,), proposal.name)]

    def _state_fact(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        stating = self._stating(state)
        fact = self.reader.fact(asked)
        QuestionReadings(stating).take_in(fact.reading, stating.state(fact))
        return self._changes(state, stating)

    def _change(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        fact, wanted = self._fact(state, asked), self.reader.fact(asked)
        stating = self._stating(state)
        questions = QuestionReadings(stating)
        reading = questions.reading_of(fact) if wanted.reading is None else wanted.reading
        stated = stating.state(wanted)
        if stated.id != fact.id:
            stating.drop(fact)
            stated = stating.gather(stated, with_words=False)
            questions.forget_sets()
        questions.take_in(reading, stated)
        return self._changes(state, stating)

    def _drop(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        stating = self._stating(state)
        for kind in ("question", "part", "thing"):
            if kind in asked:
                self._further(state, stating).leave_out(kind, address(asked, kind))
                return self._changes(state, stating)
        fact = self._fact(state, asked)
        self._refuse_in_question(state, fact)
        stating.drop(fact)
        return self._changes(state, stating)

    def _name(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        stating = self._stating(state)
        self._further(state, stating).name(asked)
        return self._changes(state, stating)

    def _part(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        stating = self._stating(state)
        self._further(state, stating).part(asked)
        return self._changes(state, stating)

    def _apart(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        stating = self._stating(state)
        self._further(state, stating).apart(asked)
        return self._changes(state, stating)

    def _question(self, state: WorkingState, asked: Asked) -> Sequence[Act]:
        stating = self._stating(state)
        self._further(state, stating).question(asked)
        return self._changes(state, stating)

    def _further(self, state: WorkingState, stating: Stating) -> FurtherActs:
        return FurtherActs(state.reading, stating, self.reader)

    def _refuse_in_question(self, state: WorkingState, fact: StatedFact) -> None:
        """Raise ActRefused where a reading of an open question needs the only fact of a set."""
        is_last = len([*facts_of(fact.entry)]) == 1
        if is_last and any(
            fact.entry.address in sets_of(it) for it in state.reading.of_kind("reading")
        ):
            raise ActRefused(message("act.reading states it"), "fact")

    def _write(self, _state: WorkingState, _asked: Asked) -> Mapping[str, Any]:
        return {"written": acts_on_files.write(self.document, _now())}

    def _identity(self, state: WorkingState, asked: Asked) -> Mapping[str, Any]:
        name = acts_on_files.decide_identity(self.document, state.reading, self.reader, asked)
        self.checks = HeldChecks(self.document, state.reading)
        return {"decision": name}

    def _settle(self, _state: WorkingState, asked: Asked) -> Mapping[str, Any]:
        acts_on_files.settle(self.document, asked, _now())
        return {}

    def _undo(self, state: WorkingState, _asked: Asked) -> Sequence[Act]:
        if not state.undoable.done:
            raise ActRefused(message("act.nothing to undo"))
        return state.undoable.done[-1].undoing()

    def _redo(self, state: WorkingState, _asked: Asked) -> Sequence[Act]:
        if not state.undoable.undone:
            raise ActRefused(message("act.nothing to redo"))
        return state.undoable.undone[-1][1].undoing()

    @cached_property
    def reader(self) -> ActReader:
        """What reads acts on this text."""
        return ActReader(self.document.words)

    def _stating(self, state: WorkingState) -> Stating:
        return Stating(state.reading, self.document)

    def _changes(self, state: WorkingState, stating: Stating) -> Sequence[Act]:
        acts = changes(state.reading, stating.reading())
        if not acts:
            raise ActRefused(message("act.already"))
        return acts

    def _proposal(self, asked: Asked) -> IdentifiedProposal:
        wanted = address(asked, "proposal")
        found = next((it for it in self.proposals if it.id == wanted), None)
        if found is None:
            raise ActRefused(message("act.no proposal"), "proposal")
        return found

    def _fact(self, state: WorkingState, asked: Asked) -> StatedFact:
        wanted = address(asked, "fact")
        for entry in state.reading.entries.values():
            for fact in facts_of(entry):
                if fact.id == wanted:
                    return fact
        raise ActRefused(message("act.no fact"), "fact")


_Doing = Callable[[ReadingSession, WorkingState, Asked], Sequence[Act]]
_ACTS: Final[Mapping[str, _Doing]] = {
    "accept": ReadingSession._accept,
    "refuse": ReadingSession._refuse,
    "state": ReadingSession._state_fact,
    "change": ReadingSession._change,
    "drop": ReadingSession._drop,
    "name": ReadingSession._name,
    "part": ReadingSession._part,
    "apart": ReadingSession._apart,
    "question": ReadingSession._question,
    "undo": ReadingSession._undo,
    "redo": ReadingSession._redo,
}

_ON_FILES: Final[
    Mapping[str, Callable[[ReadingSession, WorkingState, Asked], Mapping[str, Any]]]
] = {
    "write": ReadingSession._write,
    "identity": ReadingSession._identity,
    "settle": ReadingSession._settle,
}


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
