"""Weigh what proposers find: the kind of a name by all its reasons, at all places.

« à Limnoria » is a reason for a place, « laboratoire Limnoria » for an organisation: the sum
decides for every occurrence. Names without a strong enough reason are not proposed.
"""

import pkgutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from types import ModuleType
from typing import Final

from rallynov_graph.desk.proposing import proposers
from rallynov_graph.desk.proposing.cues import (
    is_reason,
    reason_alone,
    why,
    words,
)
from rallynov_graph.desk.proposing.known_names import KnownNames
from rallynov_graph.desk.proposing.proposal import NAME_KINDS, Proposal, Why
from rallynov_graph.desk.proposing.proposers.contact_details import contact_spans
from rallynov_graph.desk.proposing.reading import Reading, Span, word_texts
from rallynov_graph.matching.words import folded

_ENOUGH: Final = 1.0
_MOST: Final = 5.0
"""The maximum sum of many weak reasons of one kind."""
_SETTLED: Final = 2.0
"""More than this that speaks for a name makes it no likelier than a longer one around it."""
_LETTERS: Final = 6
"""So many more letters outweigh a reason."""
_BLOCK: Final = 64
"""The number of characters in which overlapping names are searched."""
_SURE_PLACE: Final = 1.5
"""The weight for a place at the end of an organisation's name: « Mutualité de X »."""


def found() -> tuple[ModuleType, ...]:
    """Return the modules of the folder that propose, by name."""
    names = sorted(it.name for it in pkgutil.iter_modules(proposers.__path__))
    modules = (import_module(f"{proposers.__name__}.{name}") for name in names)
    return tuple(module for module in modules if hasattr(module, "propose"))


def propose(text: str, known: KnownNames) -> list[Proposal]:
    """Return the proposals for a text, in its order; the same text gives the same proposals."""
    reading = Reading(text, known, blanked=contact_spans(text))
    early = [it for it in found() if not getattr(it, "NEEDS_NAMES", False)]
    late = [it for it in found() if getattr(it, "NEEDS_NAMES", False)]
    first = _made(early, reading)
    names = settled(reading, [it for it in first if it.kind in NAME_KINDS])
    again = reading.with_names([known.with_candidates(it, text) for it in names])
    told = _made(late, again)
    by_kind: dict[str, list[Proposal]] = defaultdict(list)
    for other in told:
        by_kind[other.kind].append(other)
    others = told + [
        it
        for it in first
        if it.kind not in NAME_KINDS and not any(it.overlaps(other) for other in by_kind[it.kind])
    ]
    names = [it for it in again.names if not _is_otherwise_called(it, others)]
    proposed = [*names, *others]
    spans = {(it.start, it.end) for it in proposed if it.subject is None}
    whole = (it for it in proposed if _has_its_ends(it, spans))
    every = dict.fromkeys(_with_decided(it, known) for it in whole)
    return sorted(every, key=lambda it: (it.start, -it.end, it.kind, it.proposer, it.label))


def _has_its_ends(proposal: Proposal, spans: Collection[Span]) -> bool:
    """Return whether what a relation is between is proposed as well; true for all else."""
    ends = (it for it in (proposal.subject, proposal.object) if it is not None)
    return all((it.start, it.end) in spans for it in ends)


def _is_otherwise_called(name: Proposal, others: Iterable[Proposal]) -> bool:
    """Return whether what seems a body is a stage or an innovation, and little speaks for it."""
    if name.kind != "organisation" or name.weight >= _SETTLED:
        return False
    called = (it for it in others if it.kind in ("stage", "innovation"))
    return any((it.start, it.end) == (name.start, name.end) or it.holds(name) for it in called)


def _made(modules: Iterable[ModuleType], reading: Reading) -> list[Proposal]:
    made = (
        replace(proposal, proposer=proposal.proposer or module.__name__.rpartition(".")[2])
        for module in modules
        for proposal in reading.once(module.propose)
        if not _names_contact(reading, proposal)
    )
    return [it for one in made if (it := _weighed_by_decisions(one, reading.known)) is not None]


def _weighed_by_decisions(proposal: Proposal, known: KnownNames) -> Proposal | None:
    """Return a proposal weighed by earlier decisions; None if its reason has no weight left.

    The reasons of names are weighed with others of the same name, and are never withheld.
    """
    before = known.decided.get(proposal.reason)
    if before is None:
        return proposal
    if before.is_withheld and proposal.kind not in NAME_KINDS:
        return None
    return replace(proposal, weight=proposal.weight * before.factor)


def _with_decided(proposal: Proposal, known: KnownNames) -> Proposal:
    """Return a proposal that says how often its reason was accepted here."""
    before = known.decided.get(proposal.reason)
    if before is None:
        return proposal
    told, every = proposal.why, before.accepted + before.refused
    whole = why("decided_before", fr=told.fr, en=told.en, yes=before.accepted, all=every)
    return replace(proposal, why=replace(whole, cue=told.cue))


def withheld(known: KnownNames) -> list[Why]:
    """Return for which reasons nothing is proposed any more, since they were refused here."""
    return [
        reason_alone(name.rpartition("/")[2], all=it.accepted + it.refused, no=it.refused)
        for name, it in sorted(known.decided.items())
        if it.is_withheld and is_reason(name.rpartition("/")[2])
    ]


def _names_contact(reading: Reading, proposal: Proposal) -> bool:
    """Return whether a label of a proposal would have a telephone number or an address in it."""
    if proposal.kind in ("contact", "quotation"):
        return False  # They have positions, and names that are elsewhere.
    parties = [it for it in (proposal.subject, proposal.object) if it is not None]
    return any(reading.is_blanked(it.start, it.end) for it in parties or (proposal,))


def settled(reading: Reading, cues: Iterable[Proposal]) -> list[Proposal]:
    """Return persons, organisations and places, each name of one kind wherever it is."""
    by_name: dict[str, list[Proposal]] = defaultdict(list)
    for cue in cues:
        by_name[_key(reading, cue)].append(cue)
    kept = _kept(by_name)
    kept += _elsewhere(reading, kept)
    names = _without_overlaps(kept)
    alone = _surnames(reading, names)
    named_whole = {(it.start, it.end) for it in alone}
    others = (it for it in names if it.kind != "person" or (it.start, it.end) not in named_whole)
    return _without_overlaps([*others, *alone])


def _key(reading: Reading, cue: Proposal) -> str:
    words_of_it = folded(reading.text[cue.start : cue.end])
    return words_of_it if not cue.label else f"{words_of_it} {cue.label}"


def _kept(by_name: Mapping[str, Sequence[Proposal]]) -> list[Proposal]:
    """Return the proposals of names, each with the kind of the most weight."""
    return [
        replace(cue, why=best.why, weight=best.weight, proposer=best.proposer)
        for own in by_name.values()
        if (best := _weighed(own)) is not None
        for cue in own
        if cue.kind == best.kind
    ]


def _weighed(cues: Sequence[Proposal]) -> Proposal | None:
    """Return the best reason for the kind of the most weight, with the sum of the weights.

    None if it is small.
    """
    sums: dict[str, float] = defaultdict(float)
    for _, kind, weight in {(cue.why, cue.kind, cue.weight) for cue in cues}:
        sums[kind] += weight
    kind = max(sorted(sums), key=lambda it: min(sums[it], _MOST))
    if sums[kind] < _ENOUGH:
        return None
    best = max((cue for cue in cues if cue.kind == kind), key=lambda it: it.weight)
    return replace(best, weight=min(sums[kind], _MOST))


def _elsewhere(reading: Reading, names: Sequence[Proposal]) -> list[Proposal]:
    """Return the other places of settled names, in capitals too."""
    known = {(it.start, it.end) for it in names}
    best = {reading.text[it.start : it.end]: it for it in names if not it.label}
    return [
        replace(name, start=start, end=end, why=why("elsewhere"), weight=name.weight - 0.1)
        for written, name in best.items()
        for start, end in reading.places_of(written)
        if (start, end) not in known
    ]


def _surnames(reading: Reading, names: Sequence[Proposal]) -> list[Proposal]:
    """Return forenames and surnames alone, of persons who are named whole before."""
    found: dict[Span, Proposal] = {}
    persons = [it for it in reversed(names) if it.kind == "person"]
    firsts = {reading.text[it.start : it.end]: it for it in persons}
    for whole, name in firsts.items():
        parts = word_texts(whole)
        if len(parts) < 2:
            continue
        forename = parts[0]
        surname = whole[whole.index(forename) + len(forename) :].strip()
        for short in (surname, forename):
            if len(short) < 3 or folded(short) in words("openings") or short[0].islower():
                continue
            written = [short, short.title()] if short.isupper() else [short]
            for start, end in (it for one in written for it in reading.places_of(one)):
                if start > name.end:
                    told, sure = why("surname", said=whole), 2.0 if name.weight >= _SETTLED else 0.9
                    alone = Proposal("person", start, end, told, "persons", (), sure, whole)
                    found.setdefault((start, end), alone)
    return [*found.values()]


def _without_overlaps(names: Iterable[Proposal]) -> list[Proposal]:
    """Return names none of which touches a stronger one; a place may end an organisation."""
    kept: list[Proposal] = []
    by_place: dict[int, list[Proposal]] = defaultdict(list)
    ordered = sorted(set(names), key=lambda it: (-_strength(it), it.start, it.end, it.label))
    for name in ordered:
        places = range(name.start // _BLOCK, (name.end - 1) // _BLOCK + 1)
        rivals = {it for place in places for it in by_place[place] if it.overlaps(name)}
        if all(_may_share(it, name) for it in rivals):
            kept.append(name)
            for place in places:
                by_place[place].append(name)
    return sorted(kept, key=lambda it: (it.start, -it.end, it.kind, it.label))


def _strength(name: Proposal) -> float:
    """Return the sort key between names that overlap: the longer one wins unless it is weak."""
    return min(name.weight, _SETTLED) + (name.end - name.start) / _LETTERS


def _may_share(kept: Proposal, name: Proposal) -> bool:
    if (kept.start, kept.end) == (name.start, name.end):
        return kept.kind == name.kind == "person" and kept.label != name.label
    inner, outer = (name, kept) if kept.holds(name) else (kept, name)
    if not outer.holds(inner) or outer.kind != "organisation" or inner.kind != "place":
        return False
    return inner.end == outer.end and inner.weight >= _SURE_PLACE
