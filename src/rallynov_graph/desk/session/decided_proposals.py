"""What is proposed of a text, and what its reader decided about each proposal."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from rallynov_graph.desk.acts import Recorded, RefusedProposal, Stated, counting
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
