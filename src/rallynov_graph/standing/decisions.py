"""What curators decided about standing, and what cannot be decided so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Final

from pyoxigraph import NamedNode, Quad

from rallynov_graph.base.namespaces import PREFIXES, RN, short_iri
from rallynov_graph.base.standings import IRIS, RETRACTED, SUPERSEDED
from rallynov_graph.standing.dated_documents import Document, Sources
from rallynov_graph.standing.groups import group_of
from rallynov_graph.standing.moves import Move

DECISION: Final = NamedNode(f"{RN}StandingDecision")
_TYPE: Final = f"{PREFIXES['rdf']}type"
_PARTS: Final[dict[str, str]] = {
    f"{RN}{name}": part
    for name, part in (
        ("ofSet", "sets"),
        ("standing", "standings"),
        ("onSubject", "subjects"),
        ("onProperty", "properties"),
        ("inFavourOf", "places"),
    )
}

_Stated = tuple[str, object, str]
"""A set, and of what it states the subject and the group of the property."""


class DecisionFault(Exception):
    """Why a decision cannot be followed; carries its IRI and a clause."""

    def __init__(self, decision: str, reason: str) -> None:
        super().__init__(reason)
        self.decision, self.reason = decision, reason


@dataclass
class Decision:
    """The parts of a decision as the data state them."""

    iri: str
    is_one: bool = False
    """Whether it is typed as one; a thing of another kind may have the same properties."""
    sets: set[str] = field(default_factory=set)
    standings: set[str] = field(default_factory=set)
    subjects: set[str] = field(default_factory=set)
    properties: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    @property
    def is_whole(self) -> bool:
        """Whether it says once about which set it is, and which standing its statements have."""
        return len(self.sets) == len(self.standings) == 1 and self.standings <= IRIS.keys()

    def concerns(self, quad: Quad) -> bool:
        """Return whether it is about a statement of its set."""
        return (not self.subjects or _iri(quad.subject) in self.subjects) and (
            not self.properties or quad.predicate.value in self.properties
        )

    @property
    def named_set(self) -> str:
        """The set whose statements it is about; raise DecisionFault."""
        return self._one(self.sets, "rn:ofSet names the assertion set that it is about")

    def move(self) -> Move:
        """Return what it does; raise DecisionFault where that is not said, or twice."""
        iri = self._one(self.standings, "rn:standing says which standing the statements have")
        if iri not in IRIS:
            names = ", ".join(f"rn:{name}" for name in IRIS.values())
            raise DecisionFault(self.iri, f"{short_iri(iri)} is no standing; there are {names}")
        standing = IRIS[iri]
        if standing not in (SUPERSEDED, RETRACTED):
            return Move(standing, because=self.iri)
        needed = "rn:inFavourOf names the assertion set that takes the place, or takes it back"
        return Move(standing, self._one(self.places, needed), self.iri)

    def _one(self, found: Set[str], needed: str) -> str:
        if len(found) != 1:
            how_many = "is missing" if not found else f"has {len(found)} values"
            prop, _, rest = needed.partition(" ")
            raise DecisionFault(self.iri, f"{prop} {how_many}; once only, it {rest}")
        return min(found)


def describes_one(quad: Quad) -> bool:
    """Return whether a statement may be a part of a decision."""
    return quad.predicate.value in _PARTS or (
        quad.predicate.value == _TYPE and quad.object == DECISION
    )


class Decisions:
    """All decisions of a dataset."""

    def __init__(self) -> None:
        self._found: dict[str, Decision] = {}

    def add(self, quad: Quad) -> None:
        """Add what a statement tells of a decision."""
        prop, subject = quad.predicate.value, _iri(quad.subject)
        if prop == _TYPE and quad.object == DECISION:
            self._decision(subject).is_one = True
        elif prop in _PARTS:
            getattr(self._decision(subject), _PARTS[prop]).add(_iri(quad.object))

    def __iter__(self) -> Iterator[Decision]:
        """Yield the decisions in the order of their IRIs."""
        return (self._found[iri] for iri in sorted(self._found) if self._found[iri].is_one)

    def sets(self) -> set[str]:
        """Return the sets that decisions are about or in favour of; raise DecisionFault."""
        return {name for it in self for name in (it.named_set, *it.places)}

    def moves(self, stated: Mapping[str, list[Quad]], sources: Sources) -> dict[Quad, Move]:
        """Return what each statement that is decided upon becomes; raise DecisionFault."""
        moves: dict[Quad, Move] = {}
        for decision in self:
            move = decision.move()
            quads = _concerned(decision, stated)
            _refuse_place(decision, move, stated, sources)
            for quad in quads:
                other = moves.setdefault(quad, move)
                if (other.standing, other.place) != (move.standing, move.place):
                    fact = f"of {short_iri(_iri(quad.subject))} {short_iri(quad.predicate.value)}"
                    raise DecisionFault(
                        decision.iri,
                        f"it contradicts {short_iri(other.because or '')} about what "
                        f"{short_iri(decision.named_set)} states {fact}; take one of them out",
                    )
        _refuse_circles(moves)
        return moves

    def _decision(self, iri: str) -> Decision:
        return self._found.setdefault(iri, Decision(iri))


def _concerned(decision: Decision, stated: Mapping[str, list[Quad]]) -> list[Quad]:
    named_set = decision.named_set
    if not stated.get(named_set):
        raise DecisionFault(
            decision.iri, f"no assertion set {short_iri(named_set)} states anything"
        )
    found = [quad for quad in stated[named_set] if decision.concerns(quad)]
    of = f" of {short_iri(min(decision.subjects))}" if decision.subjects else ""
    for prop in sorted(decision.properties - {quad.predicate.value for quad in found}):
        raise DecisionFault(decision.iri, f"{short_iri(named_set)} states no {short_iri(prop)}{of}")
    for subject in sorted(decision.subjects - {_iri(quad.subject) for quad in found}):
        raise DecisionFault(
            decision.iri, f"{short_iri(named_set)} states nothing of {short_iri(subject)}"
        )
    return found


def _refuse_place(
    decision: Decision, move: Move, stated: Mapping[str, list[Quad]], sources: Sources
) -> None:
    """Raise DecisionFault where that which takes the place cannot."""
    if move.place is None:
        return
    if not stated.get(move.place):
        raise DecisionFault(
            decision.iri, f"no assertion set {short_iri(move.place)} states anything"
        )
    named = [sources.document_of(name) for name in (decision.named_set, move.place)]
    before, after = (sources.documents[name] if name else None for name in named)
    if move.standing == RETRACTED:
        _refuse_retraction(decision, before, after)
    elif before is not None and after is not None and before.is_later_than(after):
        raise DecisionFault(
            decision.iri,
            f"the document of {short_iri(move.place)} is older than that of "
            f"{short_iri(decision.named_set)}, so it supersedes nothing there; "
            "rn:alternative is what a curator does not take",
        )


def _refuse_retraction(decision: Decision, before: Document | None, after: Document | None) -> None:
    if before is None or after is None or before.series.isdisjoint(after.series):
        raise DecisionFault(
            decision.iri,
            "only its own source takes a statement back, a later document of the same series; "
            "what another one corrects is rn:superseded",
        )
    if not after.is_later_than(before):
        raise DecisionFault(
            decision.iri,
            "the document that takes the statement back is not later than the one that made it",
        )


def _refuse_circles(moves: Mapping[Quad, Move]) -> None:
    """Raise DecisionFault where statements take each other's place."""
    ways: dict[_Stated, dict[_Stated, str]] = defaultdict(dict)
    for quad, move in moves.items():
        if move.place is not None and move.because is not None:
            about = quad.subject, group_of(quad.predicate.value)
            ways[_iri(quad.graph_name), *about][move.place, *about] = move.because
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        names = " by ".join(short_iri(name) for name, *_ in circle)
        raise DecisionFault(
            ways[circle[0]][circle[1]], f"decisions go in a circle: {names}; take one of them out"
        ) from error


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""
