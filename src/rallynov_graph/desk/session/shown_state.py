"""A document as its reader sees it: parts, things, facts, proposals, what has been read."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from rallynov_graph.base.certainty import CERTAINTIES, rank_of
from rallynov_graph.base.namespaces import kind_of_iri, short_iri
from rallynov_graph.desk.acts import KINDS, Dropped, RefusedProposal, Stated
from rallynov_graph.desk.document_folder import two_readings
from rallynov_graph.desk.document_reading import DocumentReading, Entry, Key, reading_of, things_in
from rallynov_graph.desk.proposing.proposal import Candidate, Party, Proposal
from rallynov_graph.desk.proposing.weighing import withheld
from rallynov_graph.desk.reading_comparison import ReadingDifference, StatedValue
from rallynov_graph.desk.session.checks import Checked
from rallynov_graph.desk.session.document import ReadDocument
from rallynov_graph.desk.session.findings import ShownFindings
from rallynov_graph.desk.session.proposals import (
    CLASSES,
    WAITING,
    about_of,
    printed_name,
    statuses,
)
from rallynov_graph.desk.session.questions import ABOUT, TAKEN, readings_of, sets_of
from rallynov_graph.desk.session.reading_session import Gesture, ReadingSession, WorkingState
from rallynov_graph.desk.sets_of_facts import StatedFact, facts_of
from rallynov_graph.desk.short_terms import LABEL, NAME, PREFERRED, REASON, TYPE, VOICE, Value
from rallynov_graph.desk.terms import ISSUE, best
from rallynov_graph.desk.things import BOOKKEEPING, Things
from rallynov_graph.matching.words import unbroken

Json = dict[str, Any]
Splice = list[Any]
"""The position, the number of removed items, and the added items."""
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
        """Return the name of something; the end of its address if it has no name."""
        named = self.own.get(address) or self._document.other_labels.get(address) or {}
        return best(named, self._language) or re.split("[/#]", address)[-1]

    def ref(self, address: str) -> Json:
        """Return a thing as everything else names it."""
        return {"address": address, "label": self.label(address), "kind": kind_of_iri(address)}

    def thing(self, address: str) -> Json:
        classes = self.classes(address)
        kind = self.label(min(classes)) if classes else kind_of_iri(address)
        return {**self.ref(address), "kindLabel": kind}

    def value(self, value: Value) -> Json:
        """Return a value: a thing, or a text with its language and type."""
        if isinstance(value, NamedNode):
            return self.ref(value.value)
        datatype = value.datatype.value
        return {"text": value.value, "lang": value.language or "", "datatype": datatype}

    def classes(self, address: str) -> frozenset[str]:
        """Return the classes of a thing, from this document and from other ones."""
        found = frozenset(self._classes.get(address, ()))
        if kind_of_iri(address) not in BOOKKEEPING:
            found |= self._document.taken_things.classes(address)
        is_document = address == self._document.text.document
        return frozenset({ISSUE}) if is_document and not found else found


def texts(values: Iterable[Value]) -> dict[str, str]:
    return {it.language or "": it.value for it in values if isinstance(it, Literal)}


class ShownState:
    """The state of a session in a language, as JSON."""

    def __init__(self, session: ReadingSession, state: WorkingState, language: str) -> None:
        self._session, self._state, self._language = session, state, language
        self._reading = state.reading
        self.labels = ShownLabels(session.document, language, [state.reading])

    def whole(self) -> Json:
        state = self._state
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
            "facts": [self._fact(it) for facts in self._stated.values() for it in facts],
            "questions": [self._question(it) for it in self._reading.of_kind("question")],
            "proposals": self._proposals(),
            "withheld": self._withheld(),
            "read": self._read,
            "coverage": [self._covered(it) for it in self._parts],
            "findings": self._findings(state.checked),
            "checking": state.checked.reading is None,
            "rechecking": not state.checked.is_current,
            "unchecked": state.checked.fault(self._language),
            "undo": self._gesture(state.undoable.done[-1] if state.undoable.done else None),
            "redo": self._gesture(state.undoable.undone[-1][0] if state.undoable.undone else None),
            "reader2": self._readers(),
        }

    def _findings(self, checked: Checked) -> list[Json]:
        """Return the findings as a page shows them, with the reading that was checked."""
        reading = checked.reading or self._reading
        shown = ShownFindings(reading, self._session.document, self._language, self.labels)
        return shown.shown(checked.findings)

    def _readers(self) -> Json | None:
        """Return who read the document too, and how many differences are open."""
        names = self._session.document.readers()
        if len(names) < 2:
            return None
        return {"readers": names, "open": self._session.open_differences()}

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

    @cached_property
    def _stated(self) -> Mapping[Key, Sequence[StatedFact]]:
        """The facts that each set states, or curators say of a thing."""
        return {it.key: [*facts_of(it)] for it in (*self._sets, *self._described)}

    def _fact(self, fact: StatedFact) -> Json:
        entry = fact.entry
        return {
            "id": fact.id,
            "set": entry.address if entry.kind == "set" else None,
            "words": [[*it.span] for it in entry.words] if entry.kind == "set" else [],
            "subject": self.labels.ref(fact.subject),
            "property": {"iri": fact.name, "label": self.labels.label(fact.name)},
            "value": self.labels.value(fact.value),
            "certainty": entry.certainty,
            "reason": texts(entry.says.get(REASON, ())),
            "voices": [self.labels.ref(it.value) for it in entry.says.get(VOICE, ())],
            "question": self._questions.get(entry.address),
        }

    def _things(self) -> list[Json]:
        places: dict[str, list[list[int]]] = defaultdict(list)
        mentioned: dict[str, None] = {}
        for entry in self._sets:
            mentioned |= dict.fromkeys(things_in(entry.stated()))
            for it in self._stated[entry.key]:
                there = places[it.subject]
                there += [span for span in self._printed(it) if span not in there]
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
            places = self._session.document.quoted.places(fact.value.value, words)
            return [[*it] for it in places] or [[*it.span] for it in words]
        return []

    def _proposals(self) -> list[Json]:
        decided = statuses(self._state.acts)
        return [self._proposal(it, decided.get(it.id, WAITING)) for it in self._session.proposals]

    def _withheld(self) -> list[str]:
        return [it.text(self._language) for it in withheld(self._session.document.known_names)]

    def _proposal(self, it: Proposal, status: str) -> Json:
        words = self._session.document.shown[it.start : it.end]
        return {
            "id": it.id,
            "kind": it.kind,
            "start": it.start,
            "end": it.end,
            "label": "" if it.kind == "contact" else it.label or unbroken(words),
            "why": it.why.text(self._language),
            "candidates": [self._candidate(one) for one in it.candidates],
            **_relation(it),
            "status": status,
            "about": self._about(it) if status == WAITING else None,
            "bearers": self._bearers(it) if status == WAITING else [],
        }

    def _about(self, it: Proposal) -> Json | None:
        if it.kind != "quotation":
            return None
        found = about_of(it, self._session.document, self._reading)
        return self.labels.ref(found) if found else None

    @cached_property
    def _things_beside(self) -> Things:
        return self._session.document.other_things.beside(self._reading)

    def _bearers(self, it: Proposal) -> list[str]:
        """Return the things that a name may mean, if there are several."""
        if it.kind not in CLASSES:
            return []
        name = printed_name(it, self._session.document)
        found = self._things_beside.bearers(name, it.kind)
        return found if len(found) > 1 else []

    def _candidate(self, candidate: Candidate) -> Json:
        return {
            "iri": candidate.iri,
            "label": candidate.label,
            "value": candidate.value,
            "datatype": candidate.datatype,
        }

    @cached_property
    def _read(self) -> list[tuple[int, int, str]]:
        """The parts already read, from start to end, each with its best certainty."""
        ranks = bytearray(b"-" * len(self._session.document.words))
        for it in sorted(self._sets, key=lambda it: -rank_of(it.certainty)):
            for start, end in (words.span for words in it.words if it.facts):
                ranks[start:end] = b"%d" % rank_of(it.certainty) * (end - start)
        pieces = re.finditer(rb"(\d)\1*", ranks)
        return [(*it.span(), CERTAINTIES[int(it[1])]) for it in pieces]

    def _covered(self, part: Entry) -> Json:
        start, end = part.words[0].span
        signs = self._session.document.signs_before
        inside = [(max(start, s), min(end, e)) for s, e, _ in self._read if s < end and start < e]
        characters = signs[end] - signs[start]
        seen = sum(signs[e] - signs[s] for s, e in inside)
        facts = sum(
            len(self._stated[it.key])
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
        acts = [it.act for it in gesture]
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


class SessionViews:
    """The states of a session for its pages, by language."""

    def __init__(self, session: ReadingSession) -> None:
        self.session = session
        self._last: dict[str, Json] = {}

    def whole(self, state: WorkingState, language: str) -> Json:
        with self.session.lock:
            shown = ShownState(self.session, state, language).whole()
            self._last[language] = shown
            return shown

    def after(self, version: str, state: WorkingState, language: str) -> Json:
        """Return the response to an act, for a page with the state of a version."""
        with self.session.lock:
            shown = ShownState(self.session, state, language)
            before, now = self._last.get(language), shown.whole()
            self._last[language] = now
            content: Json = {
                "version": state.version,
                **state.said,
            }
            if before is None or before["version"] != version:
                return {**content, "state": now}
            return {**content, "changed": changes_of(before, now)}


def changes_of(old: Json, new: Json) -> Json:
    """Return the changes in the new state: values, and splices of lists."""
    return {
        key: splices(old[key], value) if isinstance(value, list) else value
        for key, value in new.items()
        if old.get(key) is not value and old.get(key) != value
    }


def splices(old: Sequence[Any], new: Sequence[Any]) -> list[Splice]:
    """Return splices that make one list the other, to be carried out one after the other."""
    gone = {*map(_name, old)} - {*map(_name, new)}
    come = {*map(_name, new)} - {*map(_name, old)}
    found: list[Splice] = []
    i = j = 0
    while i < len(old) or j < len(new):
        if i < len(old) and j < len(new) and (old[i] is new[j] or old[i] == new[j]):
            i, j = i + 1, j + 1
            continue
        if i < len(old) and _name(old[i]) in gone:
            step, put = (1, 0), []
        elif j < len(new) and _name(new[j]) in come:
            step, put = (0, 1), [new[j]]
        elif i < len(old) and j < len(new) and _name(old[i]) == _name(new[j]):
            step, put = (1, 1), [new[j]]
        else:
            return [[0, len(old), list(new)]]  # something moved
        _append(found, j, step[0], put)
        i, j = i + step[0], j + step[1]
    return found


def _append(found: list[Splice], at: int, drop: int, put: list[Any]) -> None:
    """Add a splice, as part of the one before where both touch."""
    if found and found[-1][0] + len(found[-1][2]) == at:
        found[-1][1] += drop
        found[-1][2] += put
    else:
        found.append([at, drop, [*put]])


def _name(item: Any) -> object:
    if not isinstance(item, dict):
        return tuple(item) if isinstance(item, (list, tuple)) else item
    part = item.get("part")
    return item.get("id") or item.get("address") or (part and part["address"])


def shown_differences(document: ReadDocument, language: str) -> Json:
    """Return the differences of two readings; raise RallynovError if there are not two."""
    compared, words = two_readings(document.folder), document.shown
    readings = [reading_of(it.opening, it.acts) for it in (compared.second, compared.first)]
    labels = ShownLabels(document, language, readings)

    def quotations(it: StatedValue) -> Iterable[str]:
        return (" ".join(words[start:end].split()) for start, end in it.spans)

    def stated(it: StatedValue) -> Json:
        return {
            "value": labels.value(it.value),
            "certainty": it.certainty,
            "words": [[*span] for span in it.spans],
            "quotations": [*quotations(it)],
        }

    def shown(it: ReadingDifference) -> Json:
        return {
            "id": it.id,
            "subject": labels.ref(it.subject),
            "property": {"iri": it.prop, "label": labels.label(it.prop)},
            "first": [*map(stated, it.first)],
            "second": [*map(stated, it.second)],
            "settled": compared.settled.reading.settled.get(it.key),
        }

    return {
        "readers": [compared.first.name, compared.second.name],
        "open": len(compared.open),
        "differences": [*map(shown, compared.comparison.differences)],
    }
