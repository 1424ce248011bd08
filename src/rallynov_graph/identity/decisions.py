"""The decisions in data, read and validated, and the result of those about identity.

The same reader extracts decisions of each kind: those about identity here, those about standing for
``standing``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.errors import SourceError
from rallynov_graph.base.namespaces import PREFIXES, RN, kind_of_iri, short_iri
from rallynov_graph.rdf.locations import locate

SAME: Final = "same"
DIFFERENT: Final = "different"
OPEN: Final = "open"
SPLIT: Final = "split"
KINDS: Final = (SAME, DIFFERENT, OPEN, SPLIT)
"""The possible decisions: two things are the same, are not, or may be; one address is several."""
PAIRS: Final = (SAME, DIFFERENT, OPEN)
"""Those about two things."""
NAMED_BY_DOCUMENTS: Final = frozenset(
    {
        *("person", "organisation", "group", "innovation", "stage", "event", "rally", "place"),
        *("series", "document", "post", "theme", "beneficiary", "need", "means", "setting"),
        *("role", "organisation-kind"),
    }
)
"""The kinds of things that documents name, whose identity curators decide."""

DECISION: Final = f"{RN}IdentityDecision"
IDENTITY: Final = f"{RN}identity"
KEPT: Final = f"{RN}kept"
OTHER: Final = f"{RN}other"
ASSIGNED: Final = f"{RN}assigned"
TO_THING: Final = f"{RN}toThing"
OF_SET: Final = f"{RN}ofSet"
TYPE: Final = f"{PREFIXES['rdf']}type"
CURATION: Final = f"{RN}CurationGraph"
_PARTS: Final = {
    IDENTITY: "says what was decided",
    KEPT: "names the address that stays",
    OTHER: "names the address that becomes another one, or is split",
    ASSIGNED: "names what speaks of each thing",
    TO_THING: "names the thing",
    OF_SET: "names the graphs that speak of it",
}
"""The properties of a decision, and the use of each."""


@dataclass(frozen=True)
class Places:
    """The files of the data, for the places in error messages."""

    files: tuple[Path, ...] = ()

    def error(self, iri: str, reason: str) -> SourceError:
        """Return an error at the place where a thing is described."""
        found = locate(self.files, [iri]).get(iri)
        path, line = (str(found.path), found.line) if found else ("data", None)
        return SourceError(path, reason, line)

    def named(self, decision: Decision) -> str:
        """Return a decision's name with its place."""
        found = locate(self.files, [decision.iri]).get(decision.iri)
        return f"{decision.name} ({found.path}, line {found.line})" if found else decision.name


class DecisionReader:
    """Extracts decisions of a kind from data, statement by statement; iterating it yields them.

    Things of another kind may have the same properties.
    """

    def __init__(self, kind: str, parts: Mapping[str, str]) -> None:
        """Take the class of the decisions, and the use of each of their properties."""
        self._kind, self._parts = kind, parts
        self._said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.graphs: dict[str, NamedNode] = {}
        """The graph of each decision, by the decision's address."""

    def add(self, quad: Quad) -> None:
        prop = quad.predicate.value
        if prop in self._parts:
            self._said[iri_of(quad.subject)][prop].add(iri_of(quad.object))
        elif self._is_one(quad):
            self.graphs[iri_of(quad.subject)] = quad.graph_name  # type: ignore[assignment]

    def __iter__(self) -> Iterator[str]:
        """Yield the addresses of the decisions in order."""
        return iter(sorted(self.graphs))

    def values(self, thing: str, prop: str) -> list[str]:
        return sorted(self._said[thing][prop]) if thing in self._said else []

    def value(self, decision: str, prop: str, places: Places) -> str:
        """Return the only value of a property; raise SourceError if there is none or several."""
        found = self.values(decision, prop)
        if len(found) == 1:
            return found[0]
        listed = ", ".join(map(short_iri, found))
        how_many = f"has {len(found)} values ({listed})" if found else "is missing"
        raise self.refused(
            decision,
            f"{short_iri(prop)} {how_many}; once only, it {self._parts[prop]}",
            places,
        )

    @staticmethod
    def refused(decision: str, reason: str, places: Places) -> SourceError:
        """Return the error, with its place, for a decision that cannot be applied."""
        return places.error(decision, f"{short_iri(decision)} cannot be followed: {reason}")

    def _is_one(self, quad: Quad) -> bool:
        return quad.predicate.value == TYPE and iri_of(quad.object) == self._kind


@dataclass(frozen=True)
class Assignment:
    """One of the things that a split address stood for, and the graphs about it."""

    thing: str
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """A curator's decision that two things are or are not the same, or that one is several."""

    iri: str
    kind: str
    kept: str
    """The address that stays; the empty string for a split."""
    other: str
    """The address that becomes the other one, or is split."""
    assigned: tuple[Assignment, ...] = ()

    @property
    def name(self) -> str:
        return short_iri(self.iri)

    @property
    def things(self) -> tuple[str, ...]:
        """The addresses that it is about, including those that result from a split."""
        return (*filter(None, (self.kept, self.other)), *(it.thing for it in self.assigned))


@dataclass(frozen=True)
class Decided:
    """The decisions of the data, the graphs that contain them, and the graphs of curators."""

    decisions: tuple[Decision, ...]
    graphs: frozenset[NamedNode]
    """The graphs with decisions, in which addresses stay as they are written."""
    curation: frozenset[NamedNode]


def reader() -> DecisionReader:
    return DecisionReader(DECISION, _PARTS)


def read(quads: Iterable[Quad], places: Places) -> Decided:
    """Return the decisions in quads; raise SourceError for an incomplete one."""
    found = reader()
    curation: set[NamedNode] = set()
    for quad in quads:
        found.add(quad)
        if quad.predicate.value == TYPE and iri_of(quad.object) == CURATION:
            curation.add(quad.subject)  # type: ignore[arg-type]
    decisions = tuple(_decision(iri, found, places) for iri in found)
    return Decided(decisions, frozenset(found.graphs.values()), frozenset(curation))


def _decision(iri: str, found: DecisionReader, places: Places) -> Decision:
    kind = found.value(iri, IDENTITY, places).removeprefix(RN)
    if kind not in KINDS:
        raise places.error(
            iri,
            f"the decision {short_iri(iri)} says {kind!r}, which is not one of {', '.join(KINDS)}",
        )
    other = found.value(iri, OTHER, places)
    if kind in PAIRS:
        return Decision(iri, kind, found.value(iri, KEPT, places), other)
    graphs: dict[str, set[str]] = {}
    for assignment in found.values(iri, ASSIGNED):
        for thing in found.values(assignment, TO_THING):
            graphs.setdefault(thing, set()).update(found.values(assignment, OF_SET))
    assigned = tuple(Assignment(thing, tuple(sorted(graphs[thing]))) for thing in sorted(graphs))
    return Decision(iri, kind, "", other, assigned)


@dataclass(frozen=True)
class Resolution:
    """The decisions of the data, which do not contradict each other."""

    became: Mapping[str, str]
    """The address that each merged one leads to in the end."""
    merging: tuple[Decision, ...]
    splits: Mapping[str, Decision]
    """The splits, by the split address."""
    apart: Mapping[frozenset[str], Decision]
    """The decisions that two things are different, or may be."""

    def now(self, thing: str) -> str:
        """Return the present address of a thing."""
        return self.became.get(thing, thing)


def resolved(decisions: Iterable[Decision], places: Places) -> Resolution:
    """Return the combined decisions; raise SourceError if they contradict each other."""
    every = [*decisions]
    for decision in every:
        _refuse_one_thing(decision, places)
        _refuse_kinds(decision, places)
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
    """Return splits by their address; no other decision may name a split address."""
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
    """Return the last address of each merged one, at the end of its chain."""
    into: dict[str, Decision] = {}
    others: list[Decision] = []
    for decision in merging:
        if into.setdefault(decision.other, decision) is not decision:
            others.append(decision)
    became = {other: _end(decision, into, places) for other, decision in into.items()}
    for decision in others:  # a second way is fine if it leads to the same end
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
    """Return which of these decisions merges one of two things."""
    return next(it for it in merging if it.other in pair)


def _contradiction(decision: Decision, other: Decision, places: Places) -> Exception:
    things = " and ".join(map(short_iri, filter(None, (decision.kept, decision.other))))
    reason = (
        f"{decision.name} says {decision.kind} of {things}, "
        f"and {places.named(other)} says {other.kind}; undo one of the two"
    )
    return places.error(decision.iri, reason)


def _refuse_kinds(decision: Decision, places: Places) -> None:
    """Raise SourceError for a decision about things of two kinds, or about unknown things."""
    kinds = sorted({kind_of_iri(thing) for thing in decision.things})
    if len(kinds) > 1:
        things = " and ".join(map(short_iri, decision.things))
        raise places.error(
            decision.iri, f"{things} are things of two kinds, which are never one thing"
        )
    if kinds[0] not in NAMED_BY_DOCUMENTS:
        raise places.error(
            decision.iri,
            f"{short_iri(decision.other)} is nothing that a document names; identity is decided "
            "of people, organisations, places and whatever else has a name in documents",
        )


def iri_of(term: object) -> str:
    """Return the IRI of a term; the empty string for a term without one."""
    return str(term.value) if isinstance(term, NamedNode) else ""
