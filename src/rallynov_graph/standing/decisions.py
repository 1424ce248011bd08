"""The decisions of curators about standing, and which decisions are refused."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Final

from pyoxigraph import Quad

from rallynov_graph.base.certainty import RETRACTED, STANDING_IRIS, SUPERSEDED
from rallynov_graph.base.namespaces import RN, short_iri
from rallynov_graph.identity.decisions import OF_SET, DecisionReader, Places, iri_of
from rallynov_graph.standing.announcements import group_of
from rallynov_graph.standing.dated_documents import Document, Sources
from rallynov_graph.standing.standing_graphs import Move

_STANDING: Final = f"{RN}standing"
_ON_SUBJECT: Final = f"{RN}onSubject"
_ON_PROPERTY: Final = f"{RN}onProperty"
_IN_FAVOUR_OF: Final = f"{RN}inFavourOf"
_PARTS: Final = {
    OF_SET: "names the assertion set that it is about",
    _STANDING: "says which standing the statements have",
    _ON_SUBJECT: "names the thing that the statements are about",
    _ON_PROPERTY: "names their property",
    _IN_FAVOUR_OF: "names the assertion set that takes the place, or takes it back",
}

_Stated = tuple[str, object, str]
"""A set, and of what it states the subject and the group of the property."""


@dataclass(frozen=True)
class Decision:
    """A curator's decision about the statements of a set, or about some of them."""

    iri: str
    named_set: str
    move: Move
    subjects: Set[str] = frozenset()
    properties: Set[str] = frozenset()

    def concerns(self, quad: Quad) -> bool:
        """Whether it is about a statement of its set."""
        return (not self.subjects or iri_of(quad.subject) in self.subjects) and (
            not self.properties or quad.predicate.value in self.properties
        )


def reader() -> DecisionReader:
    return DecisionReader(f"{RN}StandingDecision", _PARTS)


def read(found: DecisionReader, places: Places) -> tuple[Decision, ...]:
    """Return the complete decisions; raise SourceError for an incomplete one."""
    return tuple(
        Decision(
            iri,
            found.value(iri, OF_SET, places),
            _move(iri, found, places),
            {*found.values(iri, _ON_SUBJECT)},
            {*found.values(iri, _ON_PROPERTY)},
        )
        for iri in found
    )


def _move(iri: str, found: DecisionReader, places: Places) -> Move:
    said = found.value(iri, _STANDING, places)
    if said not in STANDING_IRIS:
        names = ", ".join(f"rn:{name}" for name in STANDING_IRIS.values())
        reason = f"{short_iri(said)} is not a standing; there are {names}"
        raise found.refused(iri, reason, places)
    if STANDING_IRIS[said] not in (SUPERSEDED, RETRACTED):
        return Move(STANDING_IRIS[said], because=iri)
    return Move(STANDING_IRIS[said], found.value(iri, _IN_FAVOUR_OF, places), iri)


def moves(
    decisions: Iterable[Decision],
    stated: Mapping[str, Sequence[Quad]],
    sources: Sources,
    places: Places,
) -> dict[Quad, Move]:
    """Return the new standing of each statement with a decision; raise SourceError."""
    found: dict[Quad, Move] = {}
    for decision in decisions:
        if reason := _fault(decision, stated, sources):
            raise DecisionReader.refused(decision.iri, reason, places)
        for quad in filter(decision.concerns, stated[decision.named_set]):
            other = found.setdefault(quad, decision.move)
            if (other.standing, other.place) != (decision.move.standing, decision.move.place):
                fact = f"of {short_iri(iri_of(quad.subject))} {short_iri(quad.predicate.value)}"
                reason = (
                    f"it contradicts {short_iri(other.because or '')} about what "
                    f"{short_iri(decision.named_set)} states {fact}; take one of them out"
                )
                raise DecisionReader.refused(decision.iri, reason, places)
    _refuse_circles(found, places)
    return found


def _fault(decision: Decision, stated: Mapping[str, Sequence[Quad]], sources: Sources) -> str:
    """Return why a decision cannot be applied; empty if it can."""
    named_set, place = short_iri(decision.named_set), decision.move.place
    for needed in filter(None, (decision.named_set, place)):
        if not stated.get(needed):
            return f"no assertion set {short_iri(needed)} states anything"
    quads = [*filter(decision.concerns, stated[decision.named_set])]
    of = f" of {short_iri(min(decision.subjects))}" if decision.subjects else ""
    for prop in sorted(decision.properties - {quad.predicate.value for quad in quads}):
        return f"{named_set} states no {short_iri(prop)}{of}"
    for subject in sorted(decision.subjects - {iri_of(quad.subject) for quad in quads}):
        return f"{named_set} states nothing of {short_iri(subject)}"
    if place is None:
        return ""
    before, after = (
        None if name is None else sources.documents[name]
        for name in map(sources.document_of, (decision.named_set, place))
    )
    if decision.move.standing == RETRACTED:
        return _fault_of_retraction(before, after)
    if before is not None and after is not None and before.is_later_than(after):
        return (
            f"the document of {short_iri(place)} is older than that of {named_set}, so it "
            "supersedes nothing there; rn:alternative is what a curator does not take"
        )
    return ""


def _fault_of_retraction(before: Document | None, after: Document | None) -> str:
    if before is None or after is None or before.series.isdisjoint(after.series):
        return (
            "only its own source takes a statement back, a later document of the same series; "
            "what another one corrects is rn:superseded"
        )
    if not after.is_later_than(before):
        return "the document that takes the statement back is not later than the one that made it"
    return ""


def _refuse_circles(found: Mapping[Quad, Move], places: Places) -> None:
    """Raise SourceError if statements replace each other in a circle."""
    ways: dict[_Stated, dict[_Stated, str]] = defaultdict(dict)
    for quad, move in found.items():
        if move.place is not None and move.because is not None:
            about = quad.subject, group_of(quad.predicate.value)
            ways[iri_of(quad.graph_name), *about][move.place, *about] = move.because
    try:
        TopologicalSorter(ways).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        names = " by ".join(short_iri(name) for name, *_ in circle)
        reason = f"decisions go in a circle: {names}; take one of them out"
        raise DecisionReader.refused(ways[circle[0]][circle[1]], reason, places) from error
