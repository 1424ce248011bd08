"""What is proposed of a text, and what its reader decided about each proposal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from rallynov_graph.desk.acts import Act, Recorded, RefusedProposal, Stated, counting
from rallynov_graph.desk.document_reading import DocumentReading, Key
from rallynov_graph.desk.proposing.known_names import KnownNames
from rallynov_graph.desk.proposing.proposal import Proposal
from rallynov_graph.desk.proposing.proposers_found import propose

WAITING: Final = "waiting"
ACCEPTED: Final = "accepted"
CHANGED: Final = "changed"
REFUSED: Final = "refused"
_DIGITS: Final = 6


@dataclass(frozen=True)
class IdentifiedProposal:
    """A proposal with what names it in a file of decisions."""

    proposal: Proposal
    name: str
    """Its proposer, and digits of what it proposes: ``known_names/3fa1b2``."""

    @property
    def id(self) -> str:
        """The digits alone."""
        return self.name.rpartition("/")[2]


def identified(text: str, known: KnownNames) -> tuple[IdentifiedProposal, ...]:
    """Return what is proposed of a text, in its order."""
    found: dict[str, IdentifiedProposal] = {}
    for it in propose(text, known):
        parties = (it.subject and it.subject.label, it.property, it.object and it.object.label)
        what = repr((it.kind, it.start, it.end, it.label, *(parties if it.subject else ())))
        digits = hashlib.sha256(what.encode()).hexdigest()[:_DIGITS]
        name = f"{it.proposer}/{digits}"
        found.setdefault(digits, IdentifiedProposal(it, name))
    return tuple(found.values())


def statuses(acts: Iterable[Recorded]) -> Mapping[str, str]:
    """Return what was decided about proposals, by the digits of each."""
    found: dict[str, str] = {}
    for it in counting(acts):
        act = it.act
        if isinstance(act, Stated) and act.proposer:
            found[act.proposer.rpartition("/")[2]] = CHANGED if act.is_changed else ACCEPTED
        elif isinstance(act, RefusedProposal):
            found[act.proposer.rpartition("/")[2]] = REFUSED
    return found


def proposed(
    acts: Sequence[Act], after: DocumentReading, key: Key, name: str, is_changed: bool
) -> list[Act]:
    """Return acts of which that on an entry tells by whom it was proposed."""
    _, address = key
    found = [
        replace(it, proposer=name, is_changed=is_changed)
        if isinstance(it, Stated) and it.address == address
        else it
        for it in acts
    ]
    if found != [*acts]:
        return found
    entry = after.entries[key]
    words = entry.words if entry.kind == "set" else None
    accepted = Stated(entry.kind, address, words=words, proposer=name, is_changed=is_changed)
    return [*acts, accepted]


def named_as(thing: str, reading: DocumentReading, name: str, is_changed: bool) -> Stated:
    """Return the act that takes words for the name of a thing, and states nothing of it."""
    entry = reading.entries.get((reading.first_graph, thing))
    kind = entry.kind if entry else "thing"
    return Stated(kind, thing, proposer=name, is_changed=is_changed)
