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
_FIELDS: Final = ("words", "subject", "property", "object", "certainty", "reason", "voice", "set")


@dataclass(frozen=True)
class AcceptedFact:
    """What is stated where a proposal is accepted."""

    fact: AskedFact
    is_changed: bool


def accepted_fact(
    proposal: Proposal, asked: Asked, session: ReadingSession, state: WorkingState
) -> AcceptedFact:
    """Return what a proposal states with its reader's changes; raise ActRefused."""
    changed = {name: asked[name] for name in _FIELDS if asked.get(name)}
    wish = {"words": [[proposal.start, proposal.end]], **_proposed(proposal, session, state)}
    if proposal.kind in CLASSES and "property" not in changed:
        wish |= {"property": TYPE, "object": asked.get("class") or CLASSES[proposal.kind]}
    choices = {it.iri for it in proposal.candidates if it.iri}
    is_choice = {*changed} <= {"subject"} and changed.get("subject") in {*choices, None}
    return AcceptedFact(session.reader.fact({**wish, **changed}), not is_choice)


def _proposed(proposal: Proposal, session: ReadingSession, state: WorkingState) -> Asked:
    """Return what a proposal says by itself, as a reader would ask for it."""
    things = session.document.other_things.beside(state.reading)
    if proposal.subject is not None and proposal.object is not None:
        return {
            "subject": _party(proposal.subject, things, session),
            "property": proposal.property,
            "object": _party(proposal.object, things, session),
        }
    if proposal.kind in CLASSES and proposal.candidates:
        iri = CLASSES[proposal.kind]
        return {"subject": _named(proposal.candidates[0], iri, things)}
    if proposal.candidates and proposal.candidates[0].value:
        first = proposal.candidates[0]
        return {"object": {"value": first.value, "datatype": first.datatype}}
    return {}


def _party(party: Party, things: NamedThings, session: ReadingSession) -> object:
    kind = next(
        (
            it.proposal.kind
            for it in session.proposals
            if (it.proposal.start, it.proposal.end) == (party.start, party.end)
            and it.proposal.kind in CLASSES
        ),
        "",
    )
    candidate = party.candidates[0] if party.candidates else Candidate(party.label)
    return _named(candidate, CLASSES.get(kind, ""), things)


def _named(candidate: Candidate, class_iri: str, things: NamedThings) -> object:
    """Return a candidate by its address: its own, or that of what is called so here already."""
    if candidate.iri:
        return candidate.iri
    try:
        found = things.find(candidate.label)
    except NameFault:
        found = None
    return found or {"new": candidate.label, "class": class_iri}
