"""What each act that is asked for comes to: the acts that are written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from rallynov_graph.desk.acts import Act, RefusedProposal
from rallynov_graph.desk.document_reading import Entry, changes
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.session import questions
from rallynov_graph.desk.session.asked import (
    Accept,
    ActRefused,
    Apart,
    AskedAct,
    Change,
    Drop,
    Name,
    Part,
    Question,
    Redo,
    Refuse,
    State,
    Undo,
)
from rallynov_graph.desk.session.facts import StatedFact, facts_of, speaks_of
from rallynov_graph.desk.session.proposals import (
    Accepting,
    named_as,
    proposed,
)
from rallynov_graph.desk.session.questions import QuestionReadings, readings_of, sets_of
from rallynov_graph.desk.session.stating import Stating
from rallynov_graph.desk.short_terms import LABEL

if TYPE_CHECKING:
    from rallynov_graph.desk.session.reading_session import ReadingSession, WorkingState

_CONTACT: Final = "contact"
_NAMABLE: Final = ("thing", "term", "part", "question", "reading")
_LEFT_OUT: Final[Mapping[str, tuple[str, ...]]] = {
    "question": ("question",),
    "part": ("part",),
    "thing": ("thing", "term"),
}
"""The kinds of entries that are taken out, by what names one."""


class Doing:
    """An act on the document as its reader has it; raises ActRefused for what cannot be done."""

    def __init__(self, session: ReadingSession, state: WorkingState) -> None:
        self._session, self._document = session, session.document
        self._state, self._reading = state, state.reading

    def acts(self, asked: AskedAct) -> Sequence[Act]:
        """Return the acts that are written down."""
        acts = _BY_ACT[type(asked)](self, asked)
        if acts is None and not (acts := self._changes()):
            raise ActRefused("already")
        return acts

    def _undo(self, _asked: Undo) -> Sequence[Act]:
        if not self._state.undoable.done:
            raise ActRefused("nothing to undo")
        return self._state.undoable.done[-1].undoing()

    def _redo(self, _asked: Redo) -> Sequence[Act]:
        if not self._state.undoable.undone:
            raise ActRefused("nothing to redo")
        return self._state.undoable.undone[-1][1].undoing()

    def _state_fact(self, asked: State) -> None:
        QuestionReadings(self._stating).take_in(asked.reading, self._stating.state(asked))

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
            self._stating.leave_out(it.key)

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
        words = (self._stating.selection(asked.words[0]),)
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
    Change: Doing._change,
    Drop: Doing._drop,
    Name: Doing._name,
    Part: Doing._part,
    Apart: Doing._apart,
    Question: Doing._question,
    Undo: Doing._undo,
    Redo: Doing._redo,
}
"""What each act does; None for one that changes what is stated."""
