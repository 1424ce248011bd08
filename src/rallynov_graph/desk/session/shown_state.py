"""A document as its reader sees it: parts, things, facts, proposals, what has been read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.namespaces import kind_of_iri, short_iri
from rallynov_graph.desk.acts import KINDS, Dropped, RefusedProposal, Stated
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Key
from rallynov_graph.desk.proposing.proposal import Candidate, Party, Proposal
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.session.facts import StatedFact, facts_of
from rallynov_graph.desk.session.findings import ShownFindings
from rallynov_graph.desk.session.proposals import WAITING, statuses
from rallynov_graph.desk.session.questions import ABOUT, TAKEN, readings_of, sets_of
from rallynov_graph.desk.session.reading_session import Gesture, ReadingSession, WorkingState
from rallynov_graph.desk.short_terms import LABEL, NAME, PREFERRED, REASON, TYPE, VOICE, Value
from rallynov_graph.desk.terms import ISSUE, best
from rallynov_graph.desk.things import BOOKKEEPING
from rallynov_graph.validation.report import Finding

Json = dict[str, Any]
_TYPED: Final = ("term", "part")
"""Kinds of entries that are each of one class, which is not written down."""


class ShownLabels:
    """Names of things: those of readings, the last one first, before those of other documents."""

    def __init__(
        self, document: ReadDocument, language: str, readings: Iterable[DocumentReading]
    ) -> None:
        self._document, self._language = document, language
        self.own: dict[str, dict[str, str]] = {}
        self._classes: dict[str, set[str]] = defaultdict(set)
        for reading in readings:
            for entry in reading.entries.values():
                named = texts((*entry.says.get(LABEL, ()), *entry.says.get(PREFERRED, ())))
                if named:
                    self.own[entry.address] = named
                if entry.kind in _TYPED:
                    self._classes[entry.address].add(KINDS[entry.kind].iri)
                for subject, said in ((entry.address, entry.says), *entry.facts.items()):
                    self._classes[subject] |= {it.value for it in said.get(TYPE, ())}

    def take(self, act: Stated) -> None:
        """Note what an act calls something that has no other name."""
        if named := texts(act.says.get(LABEL) or ()):
            self.own.setdefault(act.address, named)

    def label(self, address: str) -> str:
        """Return what something is called; the end of its address where nobody said it."""
        named = self.own.get(address) or self._document.other_labels.get(address) or {}
        return best(named, self._language) or re.split("[/#]", address)[-1]

    def ref(self, address: str) -> Json:
        """Return a thing as everything else names it."""
        return {"address": address, "label": self.label(address), "kind": kind_of_iri(address)}

    def thing(self, address: str) -> Json:
        """Return a thing with its kind in words."""
        return {**self.ref(address), "kindLabel": self.kind_label(address)}

    def value(self, value: Value) -> Json:
        """Return a value: a thing, or a text with its language and type."""
        if isinstance(value, NamedNode):
            return self.ref(value.value)
        datatype = value.datatype.value
        return {"text": value.value, "lang": value.language or "", "datatype": datatype}

    def kind_label(self, address: str) -> str:
        """Return of what kind a thing is, in words."""
        classes = self.classes(address)
        return self.label(min(classes)) if classes else kind_of_iri(address)

    def classes(self, address: str) -> frozenset[str]:
        """Return the classes of a thing, of this document and of others."""
        found = frozenset(self._classes.get(address, ()))
        if kind_of_iri(address) not in BOOKKEEPING:
            found |= self._document.taken_things.classes(address)
        is_document = address == self._document.text.document
        return frozenset({ISSUE}) if is_document and not found else found


def texts(values: Iterable[Value]) -> dict[str, str]:
    """Return texts by language."""
    return {it.language or "": it.value for it in values if isinstance(it, Literal)}


@dataclass(frozen=True)
class _ShownEntry:
    """What is shown of an entry, as long as it is the same."""

    entry: Entry
    question: str | None
    facts: list[Json]
    places: list[tuple[str, list[int]]]
    """Where the names of things stand."""


class ShownCache:
    """What was shown of entries in a language; none of it holds once a name changed."""

    def __init__(self) -> None:
        self.entries: dict[Key, _ShownEntry] = {}
        self.proposals: dict[tuple[str, str], Json] = {}
        self._labels: Mapping[str, Mapping[str, str]] = {}

    def follow(self, labels: Mapping[str, Mapping[str, str]]) -> None:
        """Forget what was shown where something that had a name has another one now."""
        if any(labels.get(address) != named for address, named in self._labels.items()):
            self.entries.clear()
        self._labels = dict(labels)


class ShownState:
    """The state of a session in a language, as JSON."""

    def __init__(
        self, session: ReadingSession, state: WorkingState, language: str, cache: ShownCache
    ) -> None:
        self._session, self._state, self._language = session, state, language
        self._reading, self._cache = state.reading, cache
        self.labels = ShownLabels(session.document, language, [state.reading])
        cache.follow(self.labels.own)

    def whole(self) -> Json:
        """Return the whole state."""
        state = self._state
        stating = (*self._sets, *self._described)
        return {
            "version": state.version,
            "document": {
                "slug": self._reading.slug,
                "label": self.labels.label(self._reading.text.document),
                "reader": short_iri(self._reading.reader),
                "languages": [*self._reading.text.languages],
            },
            "saved": state.acts[-1].at if state.acts else None,
            "parts": [self._part(it) for it in self._parts],
            "things": self._things(),
            "facts": [fact for entry in stating for fact in self._entry(entry).facts],
            "questions": [self._question(it) for it in self._reading.of_kind("question")],
            "proposals": self._proposals(),
            "read": self._read,
            "coverage": self._coverage(),
            "findings": self.findings(state.checked.findings),
            "checking": not state.checked.is_ready,
            "unchecked": state.checked.fault(self._language),
            "undo": self._gesture(state.undoable.done[-1] if state.undoable.done else None),
            "redo": self._gesture(state.undoable.undone[-1][0] if state.undoable.undone else None),
            "reader2": self._readers(),
        }

    def findings(self, findings: Iterable[Finding]) -> list[Json]:
        """Return findings as a page shows them."""
        return self._findings.shown(findings)

    def _readers(self) -> Json | None:
        """Return who read the document too, and how many differences are open."""
        names = self._session.document.readers()
        if len(names) < 2:
            return None
        return {"readers": names, "open": self._session.open_differences()}

    @cached_property
    def _findings(self) -> ShownFindings:
        return ShownFindings(self._reading, self._session.document, self._language, self.labels)

    @cached_property
    def _sets(self) -> Sequence[Entry]:
        return sorted(
            (it for it in self._reading.of_kind("set") if it.words),
            key=lambda it: it.words[0].span,
        )

    def _question(self, entry: Entry) -> Json:
        return {
            "address": entry.address,
            "label": self.labels.label(entry.address),
            "words": [[*it.span] for it in entry.words],
            "about": [self.labels.ref(it.value) for it in entry.says.get(ABOUT, ())],
            "readings": [
                {
                    "address": it.address,
                    "label": self.labels.label(it.address),
                    "taken": bool(it.says.get(TAKEN)),
                    "sets": sets_of(it),
                }
                for it in readings_of(self._reading, entry)
            ],
        }

    @cached_property
    def _questions(self) -> Mapping[str, str]:
        """The question that each set is in."""
        return {
            address: question.address
            for question in self._reading.of_kind("question")
            for reading in readings_of(self._reading, question)
            for address in sets_of(reading)
        }

    @cached_property
    def _described(self) -> Sequence[Entry]:
        return [it for it in self._reading.entries.values() if it.kind in ("thing", "term")]

    @cached_property
    def _parts(self) -> Sequence[Entry]:
        parts = (it for it in self._reading.of_kind("part") if it.words)
        return sorted(parts, key=lambda it: (it.words[0].start, -it.words[0].end))

    def _part(self, entry: Entry) -> Json:
        start, end = entry.words[0].span
        return {
            "address": entry.address,
            "label": self.labels.label(entry.address),
            "start": start,
            "end": end,
        }

    def _entry(self, entry: Entry) -> _ShownEntry:
        known = self._cache.entries.get(entry.key)
        question = self._questions.get(entry.address)
        if known is None or known.entry is not entry or known.question != question:
            facts = [*facts_of(entry)]
            known = _ShownEntry(
                entry,
                question,
                [self._fact(it, question) for it in facts],
                [(it.subject, span) for it in facts for span in self._printed(it)],
            )
            self._cache.entries[entry.key] = known
        return known

    def _fact(self, fact: StatedFact, question: str | None) -> Json:
        entry = fact.entry
        voice = entry.says.get(VOICE, ())
        return {
            "id": fact.id,
            "set": entry.address if entry.kind == "set" else None,
            "words": [[*it.span] for it in entry.words] if entry.kind == "set" else [],
            "subject": self.labels.ref(fact.subject),
            "property": {"iri": fact.name, "label": self.labels.label(fact.name)},
            "value": self.labels.value(fact.value),
            "certainty": entry.certainty,
            "reason": texts(entry.says.get(REASON, ())),
            "voice": self.labels.ref(voice[0].value) if voice else None,
            "question": question,
        }

    def _things(self) -> list[Json]:
        places: dict[str, list[list[int]]] = defaultdict(list)
        mentioned: dict[str, None] = {}
        for entry in self._sets:
            for thing in _mentioned(entry):
                mentioned[thing] = None
            for thing, span in self._entry(entry).places:
                if span not in places[thing]:
                    places[thing].append(span)
        described = [it.address for it in self._described]
        return [
            {
                **self.labels.thing(it),
                "new": it in self.labels.own,
                "places": places.get(it, []),
            }
            for it in dict.fromkeys((self._reading.text.document, *mentioned, *described))
            if kind_of_iri(it) not in ("passage", "assertion-set", "selector")
        ]

    def _printed(self, fact: StatedFact) -> list[list[int]]:
        words = fact.entry.words
        if fact.name == NAME:
            quoted = self._session.document.quoted
            name = fact.value.value
            inside = [[*it] for one in words for it in quoted.places_within(name, one.span)]
            return inside or [[*it.span] for it in words]
        return []

    def _proposals(self) -> list[Json]:
        decided = statuses(self._state.acts)
        found = []
        for it in self._session.proposals:
            status = decided.get(it.id, WAITING)
            key = it.id, status
            if key not in self._cache.proposals:
                self._cache.proposals[key] = self._proposal(it, status)
            found.append(self._cache.proposals[key])
        return found

    def _proposal(self, it: Proposal, status: str) -> Json:
        words = self._session.document.shown[it.start : it.end]
        return {
            "id": it.id,
            "kind": it.kind,
            "start": it.start,
            "end": it.end,
            "label": "" if it.kind == "contact" else it.label or " ".join(words.split()),
            "why": it.why.text(self._language),
            "candidates": [self._candidate(one) for one in it.candidates],
            **_relation(it),
            "status": status,
        }

    def _candidate(self, candidate: Candidate) -> Json:
        return {
            "iri": candidate.iri,
            "label": candidate.label,
            "value": candidate.value,
            "datatype": candidate.datatype,
        }

    @cached_property
    def _read(self) -> list[tuple[int, int, str]]:
        return _read(self._sets)

    def _coverage(self) -> list[Json]:
        return [self._covered(part) for part in self._parts]

    def _covered(self, part: Entry) -> Json:
        start, end = part.words[0].span
        signs = self._session.document.signs_before
        inside = [(max(start, s), min(end, e)) for s, e, _ in self._read if s < end and start < e]
        characters = signs[end] - signs[start]
        seen = sum(signs[e] - signs[s] for s, e in inside)
        facts = sum(
            len(self._entry(it).facts)
            for it in self._sets
            if start <= it.words[0].start and it.words[0].end <= end
        )
        return {
            "part": self.labels.ref(part.address),
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
                self.labels.take(act)
        for act in acts:
            if isinstance(act, Stated) and act.facts:
                subject, said = next(iter(act.facts.items()))
                name, values = next(iter(said.items()))
                shown = ", ".join(
                    self.labels.label(it.value) if isinstance(it, NamedNode) else it.value
                    for it in values or ()
                )
                return " · ".join(
                    filter(None, (self.labels.label(subject), self.labels.label(name), shown))
                )
        for act in acts:
            if isinstance(act, RefusedProposal):
                start, end = act.words[0].span
                return "" if act.kind == "contact" else self._session.document.shown[start:end]
            if isinstance(act, Stated | Dropped):
                return self.labels.label(act.address)
        return ""


def _mentioned(entry: Entry) -> Iterator[str]:
    """Yield the things that a set speaks of."""
    for subject, said in entry.facts.items():
        yield subject
        for name, values in said.items():
            if name != TYPE:
                yield from (it.value for it in values if isinstance(it, NamedNode))


def _read(sets: Iterable[Entry]) -> list[tuple[int, int, str]]:
    """Return what has been read, from start to end, each piece as sure as its surest set."""
    spans = [(*w.span, it.certainty) for it in sets if it.facts for w in it.words]
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
