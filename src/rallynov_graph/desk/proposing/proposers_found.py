"""The proposers, found in their folder, and what they propose together."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from importlib import import_module
from types import ModuleType

from rallynov_graph.desk.proposing import proposers
from rallynov_graph.desk.proposing.known_names import KnownNames
from rallynov_graph.desk.proposing.proposal import NAME_KINDS, Proposal, Why
from rallynov_graph.desk.proposing.proposers.contact_details import contact_spans
from rallynov_graph.desk.proposing.reading import Reading
from rallynov_graph.desk.proposing.weighing import settled


@cache
def found() -> tuple[ModuleType, ...]:
    """Return the modules of the folder that propose, by name."""
    names = sorted(it.name for it in pkgutil.iter_modules(proposers.__path__))
    modules = (import_module(f"{proposers.__name__}.{name}") for name in names)
    return tuple(module for module in modules if hasattr(module, "propose"))


def remarks() -> tuple[Why, ...]:
    """Return what a user should know of the proposers: one that cannot do its work, and why."""
    told = (module.remark() for module in found() if hasattr(module, "remark"))
    return tuple(it for it in told if it is not None)


def propose(text: str, known: KnownNames) -> list[Proposal]:
    """Return what a text may state, in the order of the text; the same text gives the same."""
    reading = Reading(text, known, blanked=contact_spans(text))
    early = [it for it in found() if not getattr(it, "NEEDS_NAMES", False)]
    late = [it for it in found() if getattr(it, "NEEDS_NAMES", False)]
    first = _made(early, reading)
    names = settled(reading, [it for it in first if it.kind in NAME_KINDS])
    again = reading.with_names([known.with_candidates(it, text) for it in names])
    others = [it for it in first if it.kind not in NAME_KINDS] + _made(late, again)
    return sorted(
        {*again.names, *others}, key=lambda it: (it.start, -it.end, it.kind, it.proposer, it.label)
    )


def _made(modules: Iterable[ModuleType], reading: Reading) -> list[Proposal]:
    return [
        replace(proposal, proposer=module.__name__.rpartition(".")[2])
        for module in modules
        for proposal in reading.once(module.propose)
        if not _names_contact(reading, proposal)
    ]


def _names_contact(reading: Reading, proposal: Proposal) -> bool:
    """Return whether a label of a proposal would have a telephone number or an address in it."""
    if proposal.kind in ("contact", "quotation"):
        return False  # They tell positions, and names that lie outside.
    parties = [it for it in (proposal.subject, proposal.object) if it is not None]
    return any(reading.is_blanked(it.start, it.end) for it in parties or (proposal,))
