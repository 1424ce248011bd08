"""What decisions say together: which address became which, and which things stay apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from rallynov_graph.base.namespaces import short_iri
from rallynov_graph.identity.written_decisions import SAME, SPLIT, Decision, Places, refuse_kinds


@dataclass(frozen=True)
class Resolution:
    """The decisions of the data, none of which contradicts another."""

    became: Mapping[str, str]
    """The address that each merged one leads to in the end."""
    merging: tuple[Decision, ...]
    splits: Mapping[str, Decision]
    """By the address that stands for several things."""
    apart: Mapping[frozenset[str], Decision]
    """The decisions that two things are different, or may be."""

    def now(self, thing: str) -> str:
        """Return the address that a thing has now."""
        return self.became.get(thing, thing)


def resolved(decisions: Iterable[Decision], places: Places) -> Resolution:
    """Return what decisions say together; raise SourceError where they contradict each other."""
    every = [*decisions]
    for decision in every:
        _refuse_one_thing(decision, places)
        refuse_kinds(decision, places)
    splits = _splits(every, places)
    merging = tuple(it for it in every if it.kind == SAME)
    became = _became(merging, places)
    apart: dict[frozenset[str], Decision] = {}
    for decision in every:
        if decision.kind in (SAME, SPLIT):
            continue
        pair = frozenset(became.get(it, it) for it in (decision.kept, decision.other))
        if len(pair) == 1:
            other = _that_merged((decision.kept, decision.other), merging)
            raise _contradiction(decision, other, places)
        known = apart.setdefault(pair, decision)
        if known.kind != decision.kind:
            raise _contradiction(decision, known, places)
    return Resolution(became, merging, splits, apart)


def _refuse_one_thing(decision: Decision, places: Places) -> None:
    if decision.kind != SPLIT:
        if decision.kept == decision.other:
            reason = f"{decision.name} names {short_iri(decision.kept)} twice; it takes two things"
            raise places.error(decision.iri, reason)
        return
    split = short_iri(decision.other)
    things = [it.thing for it in decision.assigned]
    if decision.other in things:
        reason = f"{decision.name} splits {split} and keeps it; give each thing another address"
        raise places.error(decision.iri, reason)
    if len(things) < 2:
        reason = f"{decision.name} splits {split} and leaves nothing for a second thing"
        raise places.error(decision.iri, reason)
    for assignment in decision.assigned:
        if not assignment.graphs:
            reason = f"{decision.name} leaves nothing for {short_iri(assignment.thing)}"
            raise places.error(decision.iri, reason)


def _splits(decisions: Iterable[Decision], places: Places) -> dict[str, Decision]:
    """Return splits by their address; no other decision may name what was split."""
    every = [*decisions]
    splits: dict[str, Decision] = {}
    for decision in (it for it in every if it.kind == SPLIT):
        known = splits.setdefault(decision.other, decision)
        if known is not decision:
            raise _contradiction(decision, known, places)
    for decision in every:
        for thing in decision.things:
            split = splits.get(thing)
            if split is not None and split is not decision:
                choices = " or ".join(short_iri(it.thing) for it in split.assigned)
                reason = f"{decision.name} names {short_iri(thing)}, which {places.named(split)} "
                reason += f"splits; name {choices}"
                raise places.error(decision.iri, reason)
    return splits


def _became(merging: Iterable[Decision], places: Places) -> dict[str, str]:
    """Return the last address of each merged one; chains are followed to their end."""
    into: dict[str, Decision] = {}
    others: list[Decision] = []
    for decision in merging:
        if into.setdefault(decision.other, decision) is not decision:
            others.append(decision)
    became = {other: _end(decision, into, places) for other, decision in into.items()}
    for decision in others:  # a second way is fine where it leads to the same end
        kept = became.get(decision.kept, decision.kept)
        if kept == decision.other:
            raise _circle([decision, into[decision.kept]], places)
        if kept != became[decision.other]:
            known = into[decision.other]
            reason = (
                f"{short_iri(decision.other)} would become {short_iri(decision.kept)} by "
                f"{decision.name} and {short_iri(known.kept)} by {places.named(known)}; "
                "decide that these two are the same, or undo one of the two"
            )
            raise places.error(decision.iri, reason)
    return became


def _end(decision: Decision, into: Mapping[str, Decision], places: Places) -> str:
    passed = [decision]
    while (further := into.get(passed[-1].kept)) is not None:
        if further in passed:
            raise _circle(passed, places)
        passed.append(further)
    return passed[-1].kept


def _circle(decisions: list[Decision], places: Places) -> Exception:
    things = dict.fromkeys(chain.from_iterable((it.other, it.kept) for it in decisions))
    listed = ", ".join(map(short_iri, things))
    names = " and ".join(places.named(it) for it in decisions)
    reason = f"{names} make {listed} each other, so that none is kept; undo one of them"
    return places.error(decisions[-1].iri, reason)


def _that_merged(pair: tuple[str, str], merging: Iterable[Decision]) -> Decision:
    """Return the decision that merges one of two things, of those that make them one."""
    return next(it for it in merging if it.other in pair)


def _contradiction(decision: Decision, other: Decision, places: Places) -> Exception:
    things = " and ".join(map(short_iri, filter(None, (decision.kept, decision.other))))
    reason = (
        f"{decision.name} says {decision.kind} of {things}, "
        f"and {places.named(other)} says {other.kind}; undo one of the two"
    )
    return places.error(decision.iri, reason)
