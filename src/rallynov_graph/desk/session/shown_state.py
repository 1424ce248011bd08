"""A document as its reader sees it: parts, things, facts, proposals, what has been read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.namespaces import PREFIXES, RN, kind_of_iri, short_iri
from rallynov_graph.desk.acts import Dropped, RefusedProposal, Stated
from rallynov_graph.desk.document_reading import DocumentReading, Entry
from rallynov_graph.desk.proposing.proposal import Candidate, Party, Proposal
from rallynov_graph.desk.session.decided_proposals import WAITING, IdentifiedProposal, statuses
from rallynov_graph.desk.session.reading_session import ReadingSession, WorkingState
from rallynov_graph.desk.session.shown_findings import ShownFindings
from rallynov_graph.desk.session.stating import (
    CERTAINTY,
    LABEL,
    REASON,
    VOICE,
    StatedFact,
    facts_of,
)
from rallynov_graph.desk.session.undoing import Gesture
from rallynov_graph.desk.session.vocabulary import best
from rallynov_graph.desk.short_terms import TYPE, Value
from rallynov_graph.validation.report import Finding

Json = dict[str, Any]
_NAME: Final = f"{RN}nameAsPrinted"
_PREFERRED: Final = f"{PREFIXES['skos']}prefLabel"


class ShownState:
    """The state of a session in a language, as JSON."""

    def __init__(self, session: ReadingSession, state: WorkingState, language: str) -> None:
        self._session, self._state, self._language = session, state, language
        self._reading = state.reading
        self._own = dict(_own_labels(state.reading))
        self._classes = _classes_of(state.reading)

    def whole(self) -> Json:
        """Return the whole state."""
        state = self._state
        stating = (*self._sets, *self._described)
        facts = [self._fact(it) for entry in stating for it in facts_of(entry)]
        return {
            "version": state.version,
            "document": {
                "slug": self._reading.slug,
                "label": self.label(self._reading.text.document),
                "reader": short_iri(self._reading.reader),
            },
            "saved": state.decided.acts[-1].at if state.decided.acts else None,
            "parts": [self._part(it) for it in self._parts],
            "things": self._things(),
            "facts": facts,
            "questions": [],
            "proposals": self._proposals(),
            "read": _read(self._sets),
            "coverage": self._coverage(),
            "findings": self.findings(state.checked.findings),
            "checking": not state.checked.is_ready,
            "unchecked": state.checked.error,
            "undo": self._gesture(state.undoable.done[-1] if state.undoable.done else None),
            "redo": self._gesture(state.undoable.undone[-1][0] if state.undoable.undone else None),
            "reader2": None,
        }

    def findings(self, findings: Iterable[Finding]) -> list[Json]:
        """Return findings as a page shows them."""
        return self._findings.shown(findings)

    @cached_property
    def _findings(self) -> ShownFindings:
        words = self._session.document.words
        return ShownFindings(self._reading, words, self._language, self.label, self.ref)

    def label(self, address: str) -> str:
        """Return what something is called; the end of its address where nobody said it."""
        named = self._own.get(address) or self._session.document.other_labels.get(address) or {}
        return best(named, self._language) or re.split("[/#]", address)[-1]

    def ref(self, address: str) -> Json:
        """Return a thing as everything else names it."""
        return {"address": address, "label": self.label(address), "kind": kind_of_iri(address)}

    @property
    def _sets(self) -> Sequence[Entry]:
        return sorted(
            (it for it in self._reading.of_kind("set") if it.words),
            key=lambda it: it.words[0].span,
        )

    @property
    def _described(self) -> Sequence[Entry]:
        return [it for it in self._reading.entries.values() if it.kind in ("thing", "term")]

    @property
    def _parts(self) -> Sequence[Entry]:
        parts = (it for it in self._reading.of_kind("part") if it.words)
        return sorted(parts, key=lambda it: (it.words[0].start, -it.words[0].end))

    def _part(self, entry: Entry) -> Json:
        start, end = entry.words[0].span
        return {
            "address": entry.address,
            "label": self.label(entry.address),
            "start": start,
            "end": end,
        }

    def _fact(self, fact: StatedFact) -> Json:
        entry = fact.entry
        voice = entry.says.get(VOICE, ())
        return {
            "id": fact.id,
            "set": entry.address if entry.kind == "set" else None,
            "words": [[*it.span] for it in entry.words] if entry.kind == "set" else [],
            "subject": self.ref(fact.subject),
            "property": {"iri": fact.name, "label": self.label(fact.name)},
            "value": self.value(fact.value),
            "certainty": certainty_of(entry),
            "reason": _texts(entry.says.get(REASON, ())),
            "voice": self.ref(voice[0].value) if voice else None,
            "question": None,
        }

    def value(self, value: Value) -> Json:
        """Return a value: a thing, or a text with its language and type."""
        if isinstance(value, NamedNode):
            return self.ref(value.value)
        return {
            "text": value.value,
            "lang": value.language or "",
            "datatype": value.datatype.value,
        }

    def _things(self) -> list[Json]:
        places: dict[str, list[list[int]]] = defaultdict(list)
        mentioned: dict[str, None] = {}
        for entry in self._sets:
            for fact in facts_of(entry):
                mentioned[fact.subject] = None
                if isinstance(fact.value, NamedNode) and fact.name != TYPE:
                    mentioned[fact.value.value] = None
                if fact.name in (_NAME, TYPE):
                    for span in self._printed(fact):
                        if span not in places[fact.subject]:
                            places[fact.subject].append(span)
        described = [it.address for it in self._described]
        return [
            {
                **self.thing(it),
                "new": it in self._own,
                "places": places.get(it, []),
            }
            for it in dict.fromkeys((*mentioned, *described))
            if kind_of_iri(it) not in ("passage", "assertion-set", "selector")
        ]

    def _printed(self, fact: StatedFact) -> list[list[int]]:
        words = fact.entry.words
        if fact.name == _NAME:
            quoted = self._session.document.quoted
            inside = [
                [*span]
                for span in quoted.places(fact.value.value)
                if any(it.start <= span[0] and span[1] <= it.end for it in words)
            ]
            return inside or [[*it.span] for it in words]
        return []

    def thing(self, address: str) -> Json:
        """Return a thing with its kind in words."""
        return {**self.ref(address), "kindLabel": self.kind_label(address)}

    def kind_label(self, address: str) -> str:
        """Return of what kind a thing is, in words."""
        classes = self.classes(address)
        return self.label(min(classes)) if classes else kind_of_iri(address)

    def classes(self, address: str) -> frozenset[str]:
        """Return the classes of a thing, of this document and of others."""
        others = self._session.document.other_index.classes.get(address, set())
        return frozenset(self._classes.get(address, set()) | others)

    def _proposals(self) -> list[Json]:
        decided = statuses(self._state.decided.acts)
        return [self._proposal(it, decided) for it in self._session.proposals]

    def _proposal(self, identified: IdentifiedProposal, decided: Mapping[str, str]) -> Json:
        it = identified.proposal
        words = self._session.document.words[it.start : it.end]
        return {
            "id": identified.id,
            "kind": it.kind,
            "start": it.start,
            "end": it.end,
            "label": "" if it.kind == "contact" else it.label or " ".join(words.split()),
            "why": it.why.text(self._language),
            "candidates": [self._candidate(one) for one in (*it.candidates, *it.speakers)],
            **_relation(it),
            "status": decided.get(identified.id, WAITING),
        }

    def _candidate(self, candidate: Candidate) -> Json:
        return {
            "iri": candidate.iri,
            "label": candidate.label,
            "value": candidate.value,
            "datatype": candidate.datatype,
        }

    def _coverage(self) -> list[Json]:
        read = _read(self._sets)
        return [self._covered(part, read) for part in self._parts]

    def _covered(self, part: Entry, read: Iterable[tuple[int, int, str]]) -> Json:
        start, end = part.words[0].span
        text = self._session.document.words
        inside = [(max(start, s), min(end, e)) for s, e, _ in read if s < end and start < e]
        characters = _signs(text[start:end])
        seen = sum(_signs(text[s:e]) for s, e in inside)
        facts = sum(
            len([*facts_of(it)])
            for it in self._sets
            if start <= it.words[0].start and it.words[0].end <= end
        )
        return {
            "part": self.ref(part.address),
            "characters": characters,
            "read": seen,
            "facts": facts,
            "bare": characters - seen,
        }

    def _gesture(self, gesture: Gesture | None) -> str | None:
        """Return in a few words what acts did that belong together."""
        if gesture is None:
            return None
        acts = [it.act for it in gesture.acts]
        for act in acts:
            if isinstance(act, Stated):
                named = _texts(act.says.get(LABEL) or ())
                self._own = {act.address: named, **self._own} if named else self._own
        for act in acts:
            if isinstance(act, Stated) and act.facts:
                subject, said = next(iter(act.facts.items()))
                name, values = next(iter(said.items()))
                shown = ", ".join(
                    self.label(it.value) if isinstance(it, NamedNode) else it.value
                    for it in values or ()
                )
                return " · ".join(filter(None, (self.label(subject), self.label(name), shown)))
        for act in acts:
            if isinstance(act, RefusedProposal):
                start, end = act.words[0].span
                return "" if act.kind == "contact" else self._session.document.words[start:end]
            if isinstance(act, Stated | Dropped):
                return self.label(act.address)
        return ""


def _own_labels(reading: DocumentReading) -> Iterable[tuple[str, dict[str, str]]]:
    for entry in reading.entries.values():
        named = _texts((*entry.says.get(LABEL, ()), *entry.says.get(_PREFERRED, ())))
        if named:
            yield entry.address, named


def _texts(values: Iterable[Value]) -> dict[str, str]:
    """Return texts by language."""
    return {it.language or "": it.value for it in values if isinstance(it, Literal)}


def _classes_of(reading: DocumentReading) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for entry in reading.entries.values():
        for subject, said in ((entry.address, entry.says), *entry.facts.items()):
            found[subject] |= {it.value for it in said.get(TYPE, ())}
    return found


def certainty_of(entry: Entry) -> str:
    """Return how sure a set is."""
    values = entry.says.get(CERTAINTY, ())
    return values[0].value.removeprefix(RN) if values else CERTAINTIES[0]


def _read(sets: Iterable[Entry]) -> list[tuple[int, int, str]]:
    """Return what has been read, from start to end, each piece as sure as its surest set."""
    spans = [(*w.span, certainty_of(it)) for it in sets if it.facts for w in it.words]
    ends = sorted({end for start, stop, _ in spans for end in (start, stop)})
    open_at: dict[int, list[str]] = defaultdict(list)
    close_at: dict[int, list[str]] = defaultdict(list)
    for start, end, certainty in spans:
        open_at[start].append(certainty)
        close_at[end].append(certainty)
    counts = dict.fromkeys(CERTAINTIES, 0)
    found: list[tuple[int, int, str]] = []
    for place, following in pairwise(ends):
        for certainty in open_at[place]:
            counts[certainty] += 1
        for certainty in close_at[place]:
            counts[certainty] -= 1
        there = [it for it, number in counts.items() if number]
        if there:
            best = min(there, key=rank_of)
            if found and found[-1][1] == place and found[-1][2] == best:
                found[-1] = (found[-1][0], following, best)
            else:
                found.append((place, following, best))
    return found


def _relation(proposal: Proposal) -> Json:
    if proposal.subject is None or proposal.object is None:
        return {"subject": None, "property": None, "object": None}
    return {
        "subject": _party(proposal.subject),
        "property": proposal.property,
        "object": _party(proposal.object),
    }


def _party(party: Party) -> Json:
    first = party.candidates[0] if party.candidates else Candidate(party.label)
    return {"start": party.start, "end": party.end, "label": party.label, "iri": first.iri}


def _signs(text: str) -> int:
    """Return how many signs a text has without its spaces."""
    return len(text) - sum(map(str.isspace, text))
