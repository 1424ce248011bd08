"""What an accepted proposal states: by itself, or with what its reader changed in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from rallynov_graph.base.namespaces import PREFIXES, RN
from rallynov_graph.desk.named_things import NamedThings, NameFault
from rallynov_graph.desk.proposing.proposal import Candidate, Party, Proposal
from rallynov_graph.desk.session.asked_acts import Asked, AskedFact
from rallynov_graph.desk.short_terms import TYPE
from rallynov_graph.desk.words import message

if TYPE_CHECKING:
    from rallynov_graph.desk.session.reading_session import ReadingSession, WorkingState

CLASSES: Final[Mapping[str, str]] = {
    "person": f"{PREFIXES['foaf']}Person",
    "organisation": f"{PREFIXES['org']}Organization",
    "place": f"{PREFIXES['schema']}Place",
    "innovation": f"{RN}Innovation",
    "event": f"{PREFIXES['schema']}Event",
    "theme": f"{PREFIXES['skos']}Concept",
}
"""Of what class a thing is that a proposal names."""
_MEMBERSHIPS: Final = frozenset(f"{PREFIXES['org']}{it}" for it in ("memberOf", "headOf")) | {
    "org:memberOf",
    "org:headOf",
}
"""Relations that are a thing of their own in the data."""
_OF_SETS: Final = ("words", "certainty", "reason", "voice", "set")
"""What facts share that are stated together."""
_FIELDS: Final = ("words", "subject", "property", "object", "certainty", "reason", "voice", "set")
_PRINTED: Final = frozenset({"person", "organisation", "innovation"})
"""Kinds of things whose printed names are stated: of a known one, that is what a proposal says."""


@dataclass(frozen=True)
class AcceptedFacts:
    """What is stated where a proposal is accepted: facts about the thing of the first one."""

    facts: tuple[AskedFact, ...]
    is_changed: bool
    known: str = ""
    """The thing that is named, where what the proposal says of it is said already."""


def accepted_facts(
    proposal: Proposal, asked: Asked, session: ReadingSession, state: WorkingState
) -> AcceptedFacts:
    """Return what a proposal states with its reader's changes; raise ActRefused."""
    changed = {name: asked[name] for name in _FIELDS if asked.get(name)}
    if asked.get("class"):
        changed["object"] = asked["class"]
    first, *others = _Wish(proposal, session, state).facts()
    words = {"words": [[proposal.start, proposal.end]]}
    choices = {it.iri for it in proposal.candidates if it.iri}
    is_choice = {*changed} <= {"subject"} and changed.get("subject") in {*choices, None}
    if "property" in changed:
        others = []
    shared = {name: changed[name] for name in _OF_SETS if name in changed}
    wanted = [{**words, **first, **changed}, *({**words, **it, **shared} for it in others)]
    facts = tuple(map(session.reader.fact, wanted))
    is_of_kind = not {"property", "object"} & {*changed}
    known = _known_of_kind(facts[0], choices if is_of_kind else set(), session, state)
    return AcceptedFacts(() if known else facts, not is_choice, known)


def _known_of_kind(
    fact: AskedFact, choices: set[str], session: ReadingSession, state: WorkingState
) -> str:
    """Return the thing of which a fact says no more than the kind that it has already.

    The choices have the kind that is proposed, or one below it. Empty for any other fact.
    """
    is_kind = fact.property == TYPE and isinstance(fact.object, str)
    if not is_kind or not isinstance(fact.subject, str):
        return ""
    things, terms = session.document.other_things.beside(state.reading), session.document.terms
    address = things.address(fact.subject)
    kinds = {terms.class_named(str(fact.object)) or ""}
    return address if address in choices or kinds & things.classes(address) else ""


class _Wish:
    """What a proposal says by itself, as a reader would ask for it."""

    def __init__(self, proposal: Proposal, session: ReadingSession, state: WorkingState) -> None:
        self._proposal, self._session = proposal, session
        self._things = session.document.other_things.beside(state.reading)

    def facts(self) -> list[dict[str, object]]:
        """Return the facts, the later ones about the thing of the first one."""
        it = self._proposal
        if it.subject is not None and it.object is not None:
            subject, other = (self._party(party) for party in (it.subject, it.object))
            if it.property in _MEMBERSHIPS:
                return self._membership(subject, other)
            return [{"subject": subject, "property": it.property, "object": other}]
        first = it.candidates[0] if it.candidates else None
        if it.kind == "theme" and first:
            term = _named(first, CLASSES["theme"], self._things)
            return [{"property": f"{PREFIXES['dcterms']}subject", "object": term}]
        if it.kind in CLASSES and first:
            named = _named(first, CLASSES[it.kind], self._things)
            if first.iri and it.kind in _PRINTED:
                name = " ".join(self._session.document.words[it.start : it.end].split())
                printed = {"property": f"{RN}nameAsPrinted", "object": {"value": name}}
                return [{"subject": named, **printed}]
            return [{"subject": named, "property": TYPE, "object": CLASSES[it.kind]}]
        if it.kind == "quotation" and first:
            return self._testimony(first)
        if first and first.value:
            return [{"object": {"value": first.value, "datatype": first.datatype}}]
        return [{}]

    def _membership(self, member: object, body: object) -> list[dict[str, object]]:
        names = message("label.membership", member=self._label(member), body=self._label(body))
        label = self._in_languages(names)
        new = {"new": label, "class": f"{PREFIXES['org']}Membership"}
        return [
            {"subject": new, "property": f"{PREFIXES['org']}member", "object": member},
            {
                "subject": "-",
                "property": f"{PREFIXES['org']}organization",
                "object": body,
            },
        ]

    def _testimony(self, speaker: Candidate) -> list[dict[str, object]]:
        person = _named(speaker, CLASSES["person"], self._things)
        label = self._in_languages(message("label.testimony", name=self._label(person)))
        new = {"new": label, "class": f"{RN}Testimony"}
        return [
            {"subject": new, "property": f"{RN}participant", "object": person},
            {"subject": "-", "property": f"{RN}quotedSegment", "object": "words"},
        ]

    def _in_languages(self, texts: Mapping[str, str]) -> dict[str, str]:
        wanted = self._session.document.text.languages
        return {it: texts[it] for it in wanted if it in texts} or dict([*texts.items()][:1])

    def _label(self, named: object) -> str:
        if isinstance(named, Mapping):
            return str(named["new"])
        return self._things.label(str(named)) or str(named).rpartition("/")[2]

    def _party(self, party: Party) -> object:
        kind = next(
            (
                it.proposal.kind
                for it in self._session.proposals
                if (it.proposal.start, it.proposal.end) == (party.start, party.end)
                and it.proposal.kind in CLASSES
            ),
            "",
        )
        candidate = party.candidates[0] if party.candidates else Candidate(party.label)
        return _named(candidate, CLASSES.get(kind, ""), self._things)


def _named(candidate: Candidate, class_iri: str, things: NamedThings) -> object:
    """Return a candidate by its address: its own, or that of what is called so here already."""
    if candidate.iri:
        return candidate.iri
    try:
        found = things.find(candidate.label)
    except NameFault:
        found = None
    return found or {"new": candidate.label, "class": class_iri}
